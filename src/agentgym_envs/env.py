"""`AgentEnv`: what all environments share, so that each writes only its game."""

from __future__ import annotations

import os
import sys
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypedDict

import gymnasium
import numpy as np
from numpy.typing import NDArray

from agentgym_envs.errors import BadOption, NoExpertAction, ResetNeeded, SnapshotError
from agentgym_envs.outcome import MalformedReply, Outcome
from agentgym_envs.snapshot import (
    Codec,
    codec,
    generator_from,
    generator_state,
    pack,
    unpack,
)
from agentgym_envs.spaces import MAX_ACTION, MAX_OBSERVATION, TextSpace
from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

Colour = Literal["red", "green", "yellow", "blue", "purple", "grey"]
_COLOUR_CODES: dict[Colour, int] = {
    "red": 31,
    "green": 32,
    "yellow": 33,
    "blue": 34,
    "purple": 35,
    "grey": 90,
}


class CommonOptions(TypedDict, total=False):
    """The keywords that every environment takes; see `AgentEnv`."""

    split: Split
    data: str | os.PathLike[str] | None
    parity: bool
    horizon: int | None
    render_mode: str | None


class AgentEnv(gymnasium.Env[str, str]):
    """An environment with text in and text out.

    A family subclasses this, names its ``family``, ``default_horizon`` and
    ``state_type``, and writes `_open_tasks`, `_begin` and `_act`, the properties
    `instructions` and `action_schema`, and, where there are such things,
    `_admissible_actions`, `_expert_action` and the drawings. Everything else is here:
    seeding, the choice of the item, checks, counting, infos, snapshots.

    Args:
        split: The items a reset without ``item`` draws from.
        data: None for embedded or generated items, or the path of the real data.
        parity: Whether to reproduce the original AgentGym server to the letter.
        horizon: Steps before truncation; None means the family's default.
        render_mode: One of ``metadata["render_modes"]``.
        rules: The subclass's own keywords. Snapshots are exchanged only between
            environments that agree in these.

    Raises:
        BadOption: for a keyword with a value that the environment doesn't have.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Env lacks ClassVar
        "render_modes": ["ansi", "human"],
        "render_fps": 4,
    }

    family: ClassVar[str]
    default_horizon: ClassVar[int]
    state_type: ClassVar[type]
    """A dataclass with the whole state of an episode; see `snapshot.codec`."""
    option_names: ClassVar[frozenset[str]] = frozenset({"item"})
    """The keys that ``reset(options=...)`` takes."""
    max_observation: ClassVar[int] = MAX_OBSERVATION
    max_action: ClassVar[int] = MAX_ACTION
    """Characters; not less than `MAX_ACTION`."""
    original_plays_on: ClassVar[bool] = False
    """Whether the original server takes steps after the end of an episode."""

    _codec: ClassVar[Codec]
    _has_family_info: ClassVar[bool]
    lists_actions: ClassVar[bool]
    """Whether the family can list its admissible actions."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Prepare what is the same for all instances of a family."""
        super().__init_subclass__(**kwargs)
        cls._has_family_info = cls._family_info is not AgentEnv._family_info
        cls.lists_actions = cls._admissible_actions is not AgentEnv._admissible_actions
        if "state_type" in cls.__dict__:
            cls._codec = codec(cls.state_type)

    def __init__(
        self,
        *,
        split: Split = "train",
        data: str | os.PathLike[str] | None = None,
        parity: bool = False,
        horizon: int | None = None,
        render_mode: str | None = None,
        rules: Mapping[str, Any] | None = None,
    ) -> None:
        if horizon is not None and (type(horizon) is not int or horizon < 1):
            raise BadOption(f"horizon must be a positive int or None, not {horizon!r}")
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            modes = ", ".join(self.metadata["render_modes"])
            raise BadOption(f"render_mode must be one of {modes}, not {render_mode!r}")
        if type(parity) is not bool:
            raise BadOption(f"parity must be True or False, not {parity!r}")
        self.split = split
        self.data = None if data is None else _path(data)
        self.parity = parity
        self.horizon = self.default_horizon if horizon is None else horizon
        self.has_default_horizon = horizon is None
        self.render_mode = render_mode
        self.observation_space = TextSpace(self.max_observation)
        self.action_space = TextSpace(self.max_action)
        self.tasks: TaskSet = self._open_tasks()
        # What a snapshot must agree with: the same rules on the same data.
        rules = {"parity": parity, "data": data is not None, **(rules or {})}
        self._identity = [self.family, __version__, rules]
        self._task: Task | None = None
        self._item = ("", "", "")  # what infos tell of it: id, task, split
        self._picked: dict[str, Any] = {}
        self._state: Any = None
        self._steps = 0
        self._over = True

    # What a family writes

    @abstractmethod
    def _open_tasks(self) -> TaskSet:
        """Give the items; called once, when the common keywords are set."""

    @abstractmethod
    def _begin(self, task: Task) -> str:
        """Set ``self._state`` to the start of this item; give the first text."""

    @abstractmethod
    def _act(self, action: str) -> Outcome:
        """Do one action, which may be any string of at most 4,096 characters."""

    def _resume(self, task: Task, state: Any) -> None:
        """Take up a state from a snapshot, whose types are already checked.

        A family that keeps more than ``self._state``, or whose states have values
        that make no sense, overrides this; a ValueError refuses the snapshot.
        """
        self._state = state

    def _pick(self, options: Mapping[str, Any]) -> Task:
        """Choose the item of an episode from the options of its reset."""
        item = options.get("item")
        if item is None:
            tasks = self.tasks
            return tasks[int(self.np_random.integers(len(tasks)))]
        return self.tasks.find(item)

    def _family_info(self) -> dict[str, Any]:
        """Give info keys of the family's own, fresh at each call."""
        return {}

    def _task_name(self, task: Task) -> str:
        """The name of the task that an item belongs to."""
        return self.family

    def _ansi(self, *, colour: bool) -> str:
        """Draw the state as text."""
        return self.goal

    def _picture(self) -> NDArray[np.uint8]:
        """Draw the state as an image of shape (height, width, 3)."""
        raise NotImplementedError(f"{self.family} has no picture")

    @property
    @abstractmethod
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""

    @property
    @abstractmethod
    def action_schema(self) -> list[dict[str, Any]]:
        """The actions as JSON-schema functions; see `agentgym_envs.schema`."""

    def _admissible_actions(self) -> list[str] | None:
        """List what does something now, in a running episode."""
        return None

    def _expert_action(self) -> str:
        """Say what an expert does now, in a running episode."""
        raise NoExpertAction(f"{self.family} has no expert")

    # What every family has

    @property
    def task(self) -> Task:
        """This episode's item.

        Raises:
            ResetNeeded: before the first reset.
        """
        if self._task is None:
            raise ResetNeeded("there is no episode yet; call reset() first")
        return self._task

    @property
    def goal(self) -> str:
        """This episode's goal."""
        return self.task.goal

    def admissible_actions(self) -> list[str] | None:
        """List all actions that do something now, none after the end.

        None where a family's actions can't be listed.
        """
        if self._over and self.lists_actions:
            return []
        return self._admissible_actions()

    def expert_action(self) -> str:
        """Give what an expert who sees everything does next.

        Raises:
            NoExpertAction: if the episode is over, or can't be won any more.
        """
        if self._over:
            begun = self._task is not None
            raise NoExpertAction(
                "the episode is over" if begun else "no episode has begun; call reset()"
            )
        return self._expert_action()

    @property
    def is_over(self) -> bool:
        """Whether a step needs a reset first."""
        return self._over

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Begin an episode.

        Args:
            seed: Seeds the generator that items are drawn with.
            options: ``{"item": 12}`` or ``{"item": "maze_12"}`` picks the item.

        Raises:
            BadOption: for an unknown option.
            UnknownTask: for an item outside the data.
        """
        super().reset(seed=seed)
        options = options or {}
        if unknown := options.keys() - self.option_names:
            known = ", ".join(sorted(self.option_names))
            raise BadOption(
                f"reset has no option {sorted(map(str, unknown))[0]!r}; it has {known}"
            )
        task = self._pick(options)
        text = self._begin(task)
        picked = {k: v for k, v in options.items() if k != "item"}
        self._picked = picked or {"item": task.id}
        self._enter(task)
        self._steps = 0
        self._over = False
        if self.render_mode == "human":
            self._show()
        item_id, name, split = self._item
        info = {
            "item_id": item_id,
            "task": name,
            "split": split,
            "score": 0.0,
            "success": False,
            "invalid_action": False,
            "steps": 0,
            "end_reason": "",
        }
        if self._has_family_info:
            info.update(self._family_info())
        return text, info

    def _enter(self, task: Task) -> None:
        self._task = task
        self._item = task.id, self._task_name(task), task.split

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action; any string is legal.

        Raises:
            TypeError: if the action is not a string.
            ResetNeeded: before the first reset and after the end of an episode.
        """
        if self._over:
            raise ResetNeeded("this episode is over, or none has begun; call reset()")
        if (type(action) is not str or len(action) > MAX_ACTION) and (
            refused := self._refuse(action)
        ):
            outcome = refused
            self._forget_last()
        else:
            outcome = self._act(action)
        text, reward, done, success, invalid, score, reason, truncated = outcome
        self._steps = steps = self._steps + 1
        if done:
            self._over = not (self.parity and self.original_plays_on)
            reason = reason or ("success" if success else "failure")
        elif truncated or steps >= self.horizon:
            # The original servers know no horizon: there, play may go on.
            self._over = not self.parity
            reason = reason or "horizon"
            truncated = True
        if score is None:
            score = 1.0 if success else 0.0
        item_id, name, split = self._item
        info = {
            "item_id": item_id,
            "task": name,
            "split": split,
            "score": score,
            "success": success,
            "invalid_action": invalid,
            "steps": steps,
            "end_reason": reason,
        }
        if self._has_family_info:
            info.update(self._family_info())
        if self.render_mode == "human":
            self._show()
        return text, reward, done, truncated, info

    def _refuse(self, action: object) -> Outcome | None:
        """Answer what is no action of any game; None lets a string subclass pass."""
        if not isinstance(action, str):
            raise TypeError(f"an action is a str, not {type(action).__name__}")
        if isinstance(action, MalformedReply):
            return Outcome(action.reason, invalid=True)
        if len(action) > self.max_action:
            return Outcome(
                f"The action has {len(action)} characters; "
                f"no action has more than {self.max_action}.",
                invalid=True,
            )
        return None

    def _forget_last(self) -> None:
        """Drop what infos tell of the last action alone, since this one is none."""

    def snapshot(self) -> bytes:
        """Give the whole state of the episode, random generator included.

        The bytes hold data only, and work in any instance and process of the same
        version that was made with the same keywords.

        Raises:
            ResetNeeded: before the first reset.
        """
        if self._task is None:
            raise ResetNeeded("there is no episode to keep; call reset() first")
        return pack(
            [
                *self._identity,
                self._picked,
                self._steps,
                self._over,
                generator_state(self.np_random),
                int(self._np_random_seed or 0),
                self._codec.to_json(self._state),
            ]
        )

    def restore(self, snapshot: bytes) -> None:
        """Take up the episode of a snapshot; on an error, nothing has changed.

        Raises:
            SnapshotError: if the bytes are damaged, or come from another family,
                version or set of keywords.
        """
        content = unpack(snapshot)
        if len(content) != 9:
            raise SnapshotError("this snapshot holds no episode")
        family, version, rules, picked, steps, over, generator, seed, state = content
        if family != self.family:
            raise SnapshotError(
                f"this is a snapshot of {family!r:.40}, not {self.family}"
            )
        if version != __version__:
            raise SnapshotError(
                f"this snapshot is of version {version!r:.40}, not {__version__}"
            )
        if rules != self._identity[2]:
            raise SnapshotError(
                f"this snapshot was taken with {rules!r:.200}, not {self._identity[2]}"
            )
        if type(steps) is not int or steps < 0 or type(over) is not bool:
            raise SnapshotError("this snapshot holds no step count")
        if type(picked) is not dict or not picked or picked.keys() - self.option_names:
            raise SnapshotError("this snapshot names no item")
        if type(seed) is not int:
            raise SnapshotError("this snapshot holds no seed")
        before = self._task, self._state
        try:
            same = picked == self._picked and self._task is not None
            task = self.task if same else self._pick(picked)
            generator = generator_from(generator)
            self._resume(task, self._codec.from_json(state))
        except SnapshotError:
            self._take_back(*before)
            raise
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            self._take_back(*before)
            raise SnapshotError(f"this snapshot makes no sense: {error}") from error
        self.np_random.bit_generator.state = generator
        self._np_random_seed = seed
        self._enter(task)
        self._picked = picked
        self._steps, self._over = steps, over

    def _take_back(self, task: Task | None, state: Any) -> None:
        """Return to the state before a restore that failed half-way."""
        self._state = state
        if task is not None:
            self._resume(task, state)

    def render(self) -> Any:
        """Draw the state in the render mode; ``human`` has printed it already.

        Raises:
            ResetNeeded: before the first reset.
        """
        if self.render_mode is None:
            gymnasium.logger.warn(
                "render() needs a render_mode; pass one to gymnasium.make"
            )
            return None
        if self._task is None:
            raise ResetNeeded("there is nothing to draw; call reset() first")
        if self.render_mode == "ansi":
            return self._ansi(colour=wants_colour())
        if self.render_mode == "rgb_array":
            return self._picture()
        return None

    def _show(self) -> None:
        print(self._ansi(colour=wants_colour()), flush=True)


def _path(data: str | os.PathLike[str]) -> Path:
    # Its import costs a third of the library's, and few need it.
    from pathlib import Path

    return Path(data)


def wants_colour() -> bool:
    """Whether standard output is a terminal that may be coloured."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def in_colour(text: str, colour: Colour) -> str:
    """Wrap a text in the terminal's codes of a colour."""
    return f"\x1b[{_COLOUR_CODES[colour]}m{text}\x1b[0m"
