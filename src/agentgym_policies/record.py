"""What is kept of an episode, as one line of JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from agentgym_policies.base import History, Usage
from agentgym_policies.rollout import CRASH, Episode

# What a crash has no number of that could be averaged.
NO_NUMBERS = ("success", "score", "total_reward", "original_score")
# Where items say how hard they are, and how that is told.
DIFFICULTIES = {"difficulty": "{}", "depth": "depth {}", "hops": "{} hops"}
ROOMS = {True: "seen room", False: "unseen room"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is kept of an episode; of a crash, only what it was and why."""

    env_id: str
    item_id: str
    episode: int
    seed: int
    end_reason: str
    task: str = ""
    """Which task of the family; empty if not even the first observation came."""
    split: str = ""
    difficulty: str = ""
    """As the item tells it; empty if it does not."""
    success: bool = False
    score: float = 0.0
    """In [0, 1] for every family."""
    original_score: float | None = None
    """The original's own scale, in parity mode: 0 to 100 in SciWorld."""
    total_reward: float = 0.0
    steps: int = 0
    invalid_actions: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    requests: int = 0
    cost: float = 0.0
    error: str = ""
    duration: float = 0.0
    """Seconds inside ``env.step``. A repetition changes it, and the next one."""
    wall: float = 0.0
    """Seconds since the episode before was finished, so that the sum is the run's."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Which episode of the evaluation this is."""
        return self.env_id, self.item_id, self.episode

    @property
    def crashed(self) -> bool:
        """Whether the episode tells nothing about the policy."""
        return self.end_reason == CRASH

    def to_json(self) -> dict[str, Any]:
        """The record by field, without what is unknown or was not counted."""
        values = asdict(self)
        left_out = set(NO_NUMBERS if self.crashed else ())
        for name in ("error", "task", "split", "difficulty"):
            left_out |= set() if values[name] else {name}
        if self.original_score is None:
            left_out.add("original_score")
        if not self.requests:
            left_out |= {one.name for one in fields(Usage)}
        return {key: value for key, value in values.items() if key not in left_out}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Record:
        """Read what `to_json` gave; other keys are left alone."""
        names = {one.name for one in fields(cls)}
        return cls(**{key: value for key, value in values.items() if key in names})


def record_of(episode: Episode, *, wall: float = 0.0) -> Record:
    """Keep what counts of an episode.

    Args:
        episode: As `rollout` gave it.
        wall: Seconds since the one before.
    """
    job, history = episode.job, episode.history
    base: dict[str, Any] = {
        "env_id": job.env_id,
        "item_id": job.item_id,
        "episode": job.episode,
        "seed": job.seed,
        "duration": round(episode.seconds, 6),
        "wall": round(wall, 6),
        "steps": len(history.actions) if history else 0,
        "error": episode.error,
    }
    if history is not None:
        base |= _place_of(history)
    if episode.usage is not None:
        base |= asdict(episode.usage)
    if history is None or episode.end_reason == CRASH:
        return Record(**base, end_reason=CRASH)
    last = history.infos[-1]
    score, total = float(last["score"]), math.fsum(history.rewards)
    if not (math.isfinite(score) and math.isfinite(total)):
        base["error"] = f"score {score} and return {total} are no numbers to average"
        return Record(**base, end_reason=CRASH)
    original = last.get("original_score")
    return Record(
        **base,
        end_reason=episode.end_reason,
        success=bool(last["success"]),
        score=score,
        original_score=None if original is None else float(original),
        total_reward=total,
        invalid_actions=sum(bool(info["invalid_action"]) for info in history.infos),
    )


def _place_of(history: History) -> dict[str, str]:
    """Where an episode belongs in a report."""
    info = history.infos[0]
    payload = history.agent.task.payload
    return {
        "task": str(info["task"]),
        "split": str(info["split"]),
        "difficulty": difficulty_of({**payload, **info}),
    }


def difficulty_of(told: Mapping[str, Any]) -> str:
    """How hard an item is, if it tells.

    >>> difficulty_of({"depth": 2}), difficulty_of({"difficulty": "simple"})
    ('depth 2', 'simple')
    """
    for name, form in DIFFICULTIES.items():
        if told.get(name) not in (None, ""):
            return form.format(told[name])
    room = told.get("room_seen")
    return ROOMS[room] if isinstance(room, bool) else ""
