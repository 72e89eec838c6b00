"""A game that a person plays: the episode, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium

from agentgym_envs import AgentEnv


@dataclass(frozen=True, slots=True)
class Moment:
    """What the player saw after a step, and the state to come back to."""

    observation: str
    info: dict[str, Any]
    total_reward: float
    snapshot: bytes
    action: str = ""
    """What the player did; empty at the beginning."""


class Game:
    """One environment with undo.

    Args:
        env: The environment; it and its wrappers are stepped.
        seed: Seeds the draw of the first item; None means any.
    """

    def __init__(
        self, env: gymnasium.Env[str, str], *, seed: int | None = None
    ) -> None:
        agent = env.unwrapped
        assert isinstance(agent, AgentEnv)
        self.env = env
        self.agent = agent
        self._seed = seed
        self._moments: list[Moment] = []

    @property
    def now(self) -> Moment:
        """The latest moment."""
        return self._moments[-1]

    @property
    def lists_actions(self) -> bool:
        """Whether the environment can list its actions."""
        return self.agent.admissible_actions() is not None

    def actions(self) -> list[str]:
        """The actions that do something now, as far as they can be listed."""
        return self.agent.admissible_actions() or []

    def suggestions(self) -> list[str]:
        """What to complete a line to: actions, or else calls with gaps to fill in."""
        return self.actions() if self.lists_actions else calls(self.agent.action_schema)

    def begin(self, item: str | None) -> None:
        """Begin an episode with this item, or with one that is drawn."""
        options = None if item is None else {"item": item}
        observation, info = self.env.reset(seed=self._seed, options=options)
        self._seed = None  # or else every new item would be the first one again
        self._moments = [Moment(observation, info, 0.0, self.agent.snapshot())]

    def act(self, action: str) -> None:
        """Do one action."""
        total = self.now.total_reward
        observation, reward, _, _, info = self.env.step(action)
        total += float(reward)
        kept = self.agent.snapshot()
        self._moments.append(Moment(observation, info, total, kept, action))

    def undo(self) -> bool:
        """Go back by one action; False at the beginning."""
        if len(self._moments) == 1:
            return False
        self._moments.pop()
        self.agent.restore(self.now.snapshot)
        return True


class _Gap:
    """An argument that the player fills in."""

    def __format__(self, _: str) -> str:
        return ""

    def __repr__(self) -> str:
        return ""


def calls(schema: Sequence[Mapping[str, Any]]) -> list[str]:
    """The calls of functions as actions, with nothing for their arguments.

    >>> walk = {"template": "go {where}", "parameters": {"properties": {"where": {}}}}
    >>> calls([walk])
    ['go ']
    """
    return [
        str(entry["template"]).format_map(
            dict.fromkeys(entry["parameters"]["properties"], _Gap())
        )
        for entry in schema
    ]


def signature(entry: Mapping[str, Any]) -> str:
    """A function of a schema in one line, with the types of its arguments.

    >>> signature({"name": "go", "description": "Walk.", "parameters": {
    ...     "properties": {"where": {"type": "string"}}}})
    'go(where: string): Walk.'
    """
    arguments = ", ".join(
        f"{name}: {_types(kind)}"
        for name, kind in entry["parameters"]["properties"].items()
    )
    return f"{entry['name']}({arguments}): {entry['description']}"


def _types(kind: Mapping[str, Any]) -> str:
    types = kind.get("type", "string")
    return types if isinstance(types, str) else " or ".join(types)
