"""Play a trajectory again, and see whether the same happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentgym_envs import AgentEnv, MalformedReply

SHOWN = 60  # characters of each text that a difference tells


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where an episode went another way than the record tells.

    Args:
        step: 0 for the first observation, else the number of the action.
        told: What the record has.
        seen: What was observed now.
    """

    step: int
    told: str
    seen: str

    def __str__(self) -> str:
        place = next(
            (
                i
                for i, (a, b) in enumerate(zip(self.told, self.seen, strict=False))
                if a != b
            ),
            min(len(self.told), len(self.seen)),
        )
        told, seen = (text[place : place + SHOWN] for text in (self.told, self.seen))
        return (
            f"step {self.step} differs from character {place} on: the record tells "
            f"{told!r}, and the environment {seen!r}"
        )


def replay(
    agent: AgentEnv, item: object, record: Mapping[str, Any]
) -> Divergence | None:
    """Play the record's actions; give the first difference, None if there is none."""
    told = [said["value"] for said in record["conversations"][2::2]]
    for step, seen in enumerate(observations(agent, item, record)):
        if step < len(told) and told[step].strip() != seen.strip():
            return Divergence(step, told[step], seen)
    return None


def observations(
    agent: AgentEnv, item: object, record: Mapping[str, Any]
) -> Iterator[str]:
    """Give what is observed at first and after each action of a record.

    It ends where the episode does, if the record goes on after that.
    """
    meta = record.get("meta", {})
    options = {**(meta.get("options") or {}), "item": item}
    seen, _ = agent.reset(seed=meta.get("seed"), options=options)
    yield seen
    replies = [said["value"] for said in record["conversations"][3::2]]
    actions = meta.get("actions") or replies
    errors = meta.get("reply_errors") or [""] * len(actions)
    for action, reply, error in zip(actions, replies, errors, strict=False):
        if agent.is_over:
            return
        given = MalformedReply(reply, error) if error else action
        seen, *_ = agent.step(given)
        yield seen
