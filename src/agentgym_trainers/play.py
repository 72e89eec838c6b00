"""A model plays families of items, and what it does becomes records to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any, Literal

import gymnasium

from agentgym_envs import AgentEnv
from agentgym_envs.errors import BadOption
from agentgym_policies.base import Policy
from agentgym_policies.prompts import wrap
from agentgym_policies.rollout import CRASH, Episode, Job, make_job, rollout
from agentgym_policies.tokens import token_sequences
from agentgym_trainers.examples import SEQUENCES, to_sequences
from agentgym_wrappers import RecordTrajectory
from agentgym_wrappers.dataset.select import THRESHOLD, THRESHOLDS

Env = gymnasium.Env[str, str]
Record = dict[str, Any]

PARTS = ("demos", "explore", "validate", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Items of one environment, by their places in its splits.

    Args:
        env_id: The environment.
        demos: Where the items of the base set begin and end, in the training split.
        explore: The same of the items that are explored.
        validate: The same of the items that choices are made by, as when to stop.
        test: The same of the items that are tested, in the test split.
        test_split: ``train`` if the items that are tested are others of the training
            split, where the test split is too small for a narrow interval.
        kwargs: Keywords of the environment.
        threshold: What the score of a success is above; None takes the published one.
    """

    env_id: str
    demos: tuple[int, int] = (0, 0)
    explore: tuple[int, int] = (0, 0)
    validate: tuple[int, int] = (0, 0)
    test: tuple[int, int] = (0, 0)
    test_split: Literal["test", "train"] = "test"
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    threshold: float | None = None

    def __post_init__(self) -> None:
        """Refuse ranges that go backwards, or that share an item.

        Raises:
            BadOption: naming the environment.
        """
        for name in PARTS:
            start, end = getattr(self, name)
            if not 0 <= start <= end:
                raise BadOption(f"{self.env_id}: {name} is {[start, end]}, no range")
        if self.test_split not in ("test", "train"):
            raise BadOption(f"{self.env_id}: test_split must be test or train")
        for one, other in combinations(PARTS, 2):
            if self.split_of(one) == self.split_of(other) and _overlap(
                getattr(self, one), getattr(self, other)
            ):
                raise BadOption(f"{self.env_id}: {one} and {other} overlap")

    @property
    def least(self) -> float:
        """What the score of a success is above."""
        if self.threshold is not None:
            return self.threshold
        family = self.env_id.rpartition("/")[2].partition("-v")[0].partition(".")[0]
        return THRESHOLDS.get(family, THRESHOLD)

    def split_of(self, part: str) -> str:
        """The split that a part is in."""
        return self.test_split if part == "test" else "train"

    def make(self, split: str, horizon: int | None = None) -> Env:
        """Make the environment, with the items of a split and its own horizon."""
        limits = {} if horizon is None else {"horizon": horizon}
        made: Env = gymnasium.make(
            self.env_id,
            disable_env_checker=True,
            split=split,
            **{**self.kwargs, **limits},
        )
        return made

    def item_ids(self, part: str) -> list[str]:
        """The ids of a part: ``demos``, ``explore``, ``validate`` or ``test``.

        Raises:
            BadOption: if the split has fewer items.
        """
        start, end = getattr(self, part)
        env = self.make(self.split_of(part))
        agent = env.unwrapped
        assert isinstance(agent, AgentEnv)
        count = len(agent.tasks)
        if end > count:
            raise BadOption(f"{self.env_id}: {part} ends at {end}; there are {count}")
        ids = [agent.tasks[place].id for place in range(start, end)]
        env.close()
        return ids


def jobs_of(
    families: Iterable[Family], part: str, episodes: int, seed: int
) -> list[Job]:
    """All episodes of a part: each item so many times."""
    return [
        make_job(seed, family.env_id, item_id, episode)
        for family in families
        for item_id in family.item_ids(part)
        for episode in range(episodes)
    ]


def play(
    policy: Policy,
    families: Sequence[Family],
    part: str,
    jobs: Sequence[Job],
    *,
    action_format: str,
    name: str,
    batch: int = 64,
    watch: Callable[[Episode], None] | None = None,
) -> Iterator[Record]:
    """Play jobs, and give a record of each episode that did not crash.

    A record's ``meta`` has the number and seed of its episode, and the tokens that a
    language model read and wrote. An episode that crashed, or that the policy could
    not act in, is a record of its ``item_id`` and ``meta`` alone, with the error: it
    is known to have been played, and nothing is learnt from it.

    Args:
        policy: Who acts.
        families: What the jobs are of.
        part: Which part they are of.
        jobs: The episodes.
        action_format: How replies hold actions.
        name: What the records call the policy.
        batch: Episodes at a time.
        watch: Told of each episode.
    """
    for family in families:
        own = [job for job in jobs if job.env_id == family.env_id]
        make = partial(_make, family, family.split_of(part), action_format, name)
        for episode in rollout(policy, make, own, batch=batch):
            if watch is not None:
                watch(episode)
            yield _record(episode)


def key_of(record: Mapping[str, Any]) -> tuple[str, str, int]:
    """Which episode a record is of."""
    meta = record["meta"]
    return meta["env_id"], record["item_id"], meta["episode"]


def job_key(job: Job) -> tuple[str, str, int]:
    """Which episode a job is."""
    return job.env_id, job.item_id, job.episode


def is_whole(record: Mapping[str, Any]) -> bool:
    """Whether the episode came to an end, rather than crashed."""
    return "conversations" in record


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def _make(family: Family, split: str, action_format: str, name: str) -> Env:
    made: Env = RecordTrajectory(
        wrap(family.make(split), action_format), policy=name, keep_unfinished=True
    )
    return made


def _record(episode: Episode) -> Record:
    job = episode.job
    known = {"env_id": job.env_id, "episode": job.episode, "seed": job.seed}
    env, history = episode.env, episode.history
    if episode.end_reason != CRASH and history and history.actions:
        assert isinstance(env, RecordTrajectory)
        if not history.is_over:
            env.finish()  # the policy gave up, as where a context is full
        made = env.trajectory
        if made is not None:
            tokens = to_sequences(token_sequences(history.actions))
            extra = {**known, SEQUENCES: tokens} if tokens else known
            return {**made, "meta": {**made["meta"], **extra}}
    known |= {"error": episode.error or episode.end_reason}
    return {"item_id": job.item_id, "meta": known}
