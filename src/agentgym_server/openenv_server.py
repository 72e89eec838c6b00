"""An environment for OpenEnv clients.

OpenEnv (huggingface/OpenEnv, package ``openenv``) serves environments whose actions,
observations and states are pydantic models, a WebSocket session each; its clients,
the generic one included, then play them. The older package ``openenv-core`` is the
same project under its former name.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import gymnasium
from openenv.core.env_server import create_fastapi_app
from openenv.core.env_server.interfaces import Environment
from openenv.core.env_server.types import (
    Action,
    ConcurrencyConfig,
    EnvironmentMetadata,
    Observation,
    State,
)
from pydantic import Field

from agentgym_envs.errors import BadOption
from agentgym_envs.tasks import Task
from agentgym_envs.version import __version__
from agentgym_server.guard import App, Guard
from agentgym_server.settings import Settings
from agentgym_wrappers import Episode

Make = Callable[[], gymnasium.Env[Any, Any]]

SPLITS = ("train", "test")


class TextAction(Action):  # type: ignore[misc]  # untyped
    """What an agent does: a text action, or a call of one of the functions."""

    action: str = Field(description="a text action; with arguments, a function's name")
    arguments: dict[str, Any] | None = Field(
        default=None, description="makes this a call of the function `action`"
    )


class TextObservation(Observation):  # type: ignore[misc]  # untyped
    """What an agent sees then; the rules and functions come with a reset."""

    text: str = Field(description="what the agent reads")
    score: float = Field(default=0.0, description="so far, in [0, 1]")
    success: bool = Field(default=False, description="whether the task is solved")
    invalid_action: bool = Field(default=False, description="whether it was no action")
    steps: int = Field(default=0, description="actions so far")
    end_reason: str = Field(default="", description="empty while the episode goes on")
    item: str = Field(default="", description="the id of what is played")
    instructions: str = Field(default="", description="the rules of the game")
    functions: list[dict[str, Any]] = Field(
        default_factory=list, description="what may be called, as JSON schemas"
    )


class EpisodeState(State):  # type: ignore[misc]  # untyped
    """Where an episode is."""

    item: str = Field(default="", description="the id of what is played")
    score: float = Field(default=0.0, description="so far, in [0, 1]")
    is_over: bool = Field(default=True, description="whether a reset is needed")


class OpenEnvEnvironment(Environment):  # type: ignore[misc]  # untyped
    """One client's environment.

    ``reset`` takes an ``item``, or a ``split`` and an ``index`` as OpenEnv's tasks
    are numbered, or a ``seed`` that draws an item. Steps after the end are answered,
    and change nothing.

    Args:
        make: Makes an environment.
    """

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self, make: Make) -> None:
        super().__init__()
        self._episode = Episode(make())
        self._id = ""

    def reset(
        self,
        seed: int | None = None,
        episode_id: str | None = None,
        item: int | str | None = None,
        split: str | None = None,
        index: int | None = None,
    ) -> TextObservation:
        """Begin an episode.

        Raises:
            BadOption: for an item that there is not.
        """
        if split is not None or index is not None:
            if item is not None or split is None or index is None:
                raise BadOption("give an item, or a split and an index")
            item = self._task(split, index).id
        text = self._episode.begin(item, seed=seed)
        self._id = episode_id or str(uuid.uuid4())
        return self._seen(
            text,
            instructions=self._episode.instructions,
            functions=[
                {key: value for key, value in function.items() if key != "template"}
                for function in self._episode.functions
            ],
        )

    def step(
        self, action: TextAction, timeout_s: float | None = None, **kwargs: Any
    ) -> TextObservation:
        """Do an action.

        Raises:
            ResetNeeded: before the first reset.
        """
        episode = self._episode
        was_over = episode.is_over
        if action.arguments is None:
            text = episode.act(action.action)
        else:
            text = episode.call(action.action, action.arguments)
        reward = 0.0 if was_over else episode.rewards[-1]
        return self._seen(text, reward=reward)

    @property
    def state(self) -> EpisodeState:
        """Where the episode is."""
        info = self._episode.info
        return EpisodeState(
            episode_id=self._id or None,
            step_count=info.get("steps", 0),
            item=info.get("item_id", ""),
            score=self._episode.score,
            is_over=self._episode.is_over,
        )

    def get_metadata(self) -> EnvironmentMetadata:
        """Tell what this is."""
        agent = self._episode.agent_env
        summary = (type(agent).__doc__ or agent.family).partition("\n")[0]
        return EnvironmentMetadata(
            name=agent.spec.id if agent.spec else agent.family,
            description=summary,
            version=__version__,
        )

    def list_splits(self) -> list[str]:
        """The splits of the items."""
        return list(SPLITS)

    def num_tasks(self, split: str) -> int:
        """Number of items of a split."""
        return len(self._indexes(split))

    def get_task(self, split: str, index: int) -> dict[str, Any]:
        """Describe an item.

        Raises:
            IndexError: if the split has none at this place.
        """
        task = self._task(split, index)
        return {"id": task.id, "index": index, "split": split, "goal": task.goal}

    def list_tasks(self, split: str) -> list[dict[str, Any]]:
        """Describe the items of a split."""
        return [self.get_task(split, i) for i in range(self.num_tasks(split))]

    def get_task_range(
        self, split: str, start: int | None = None, stop: int | None = None
    ) -> list[dict[str, Any]]:
        """Describe some items of a split."""
        places = range(self.num_tasks(split))[start:stop]
        return [self.get_task(split, place) for place in places]

    def close(self) -> None:
        """Close the environment."""
        self._episode.close()

    def _indexes(self, split: str) -> Any:
        if split not in SPLITS:
            raise BadOption(f"split must be one of {', '.join(SPLITS)}, not {split!r}")
        tasks = self._episode.agent_env.tasks
        return tasks.train if split == "train" else tasks.test

    def _task(self, split: str, index: int) -> Task:
        indexes = self._indexes(split)
        if not 0 <= index < len(indexes):
            raise IndexError(f"{split} has the indexes 0..{len(indexes) - 1}")
        return self._episode.agent_env.tasks.at(indexes[index])

    def _seen(self, text: str, *, reward: float = 0.0, **more: Any) -> TextObservation:
        episode = self._episode
        info = episode.info
        return TextObservation(
            text=text,
            reward=reward,
            done=episode.is_over,
            score=episode.score,
            success=episode.success,
            invalid_action=info["invalid_action"],
            steps=info["steps"],
            end_reason=info["end_reason"],
            item=info["item_id"],
            **more,
        )


def build_openenv_app(make: Make, settings: Settings) -> App:
    """Make the application that serves an environment, behind the guard.

    Raises:
        Exception: whatever making the environment raises.
    """
    probe = OpenEnvEnvironment(make)
    name = probe.get_metadata().name.rpartition("/")[2]
    probe.close()
    app: App = create_fastapi_app(
        lambda: OpenEnvEnvironment(make),
        TextAction,
        TextObservation,
        concurrency_config=ConcurrencyConfig(
            max_concurrent_envs=settings.max_envs, session_timeout=settings.lease
        ),
        env_name=name,
        state_cls=EpisodeState,
    )
    return Guard(app, settings, observe=_unobserved)


def _unobserved(route: str, status: int, seconds: float) -> None:
    """Count nothing: there is no page of metrics here."""
