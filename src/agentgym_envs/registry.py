"""Every id of the library, ready or not, and what `list_tasks` says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gymnasium
from gymnasium.envs.registration import WrapperSpec, register

NAMESPACE = "agentgym"
SAMPLE = 100  # items of a task that an evaluation plays by default
# A string entry point: importing the module here would be circular.
LIMIT = WrapperSpec("EpisodeLimit", "agentgym_envs.limit:EpisodeLimit", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """One id, as a line of data in a family's ``__init__.py``.

    Args:
        name: ``Family`` or ``Family.Task``.
        scenario: The kind of world, as the AgentGym paper groups them.
        horizon: Steps before truncation: the published evaluation limit.
        entry: ``module:Class``; empty while the environment does not exist yet.
        kwargs: Keywords of the class, JSON values only.
        train: Number of training items.
        test: Number of test items.
        extra: The extra that the environment needs; empty if none.
        is_group: Whether the id stands for all tasks of its family.
        sample: Items that an evaluation plays unless it is told a number: fewer where
            an episode takes seconds.
    """

    name: str
    scenario: str
    horizon: int
    entry: str = ""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    train: int = 0
    test: int = 0
    extra: str = ""
    is_group: bool = False
    sample: int = SAMPLE

    @property
    def id(self) -> str:
        """The id for ``gymnasium.make``."""
        return f"{NAMESPACE}/{self.name}-v0"


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """What `list_tasks` tells of one task."""

    id: str
    family: str
    task: str
    scenario: str
    items: Mapping[str, int]
    """Number of items per split: ``train``, ``test``, ``all``."""
    extra: str
    horizon: int
    ready: bool
    """Whether the environment exists in this version."""


def info(spec: TaskSpec) -> TaskInfo:
    """Describe a spec for users."""
    family, _, task = spec.name.partition(".")
    return TaskInfo(
        id=spec.id,
        family=family,
        task=task or family,
        scenario=spec.scenario,
        items={
            "train": spec.train,
            "test": spec.test,
            "all": spec.train + spec.test,
        },
        extra=spec.extra,
        horizon=spec.horizon,
        ready=bool(spec.entry),
    )


def register_all(specs: Iterable[TaskSpec]) -> None:
    """Register specs with Gymnasium, once."""
    for spec in specs:
        if spec.id in gymnasium.registry:
            continue
        if spec.entry:
            # AgentEnv checks actions and order by itself and knows, other than
            # Gymnasium's two wrappers, that a restored snapshot needs no reset.
            register(
                spec.id,
                spec.entry,
                max_episode_steps=spec.horizon,
                order_enforce=False,
                disable_env_checker=True,
                kwargs=dict(spec.kwargs),
                additional_wrappers=(LIMIT,),
            )
        else:
            register(
                spec.id,
                "agentgym_envs.planned:refuse",
                max_episode_steps=spec.horizon,
                kwargs={"planned": spec.name},
            )
