"""What a policy is: histories of live episodes in, one action for each out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import gymnasium

from agentgym_envs import AgentEnv


@dataclass(frozen=True, slots=True)
class Action:
    """What a policy does next in one episode."""

    text: str
    """What the environment is given."""
    token_ids: tuple[int, ...] = ()
    """The tokens as they were sampled, where the policy is a language model."""
    logprobs: tuple[float, ...] = ()
    """The log-probability of each token when it was sampled."""
    stop: str = ""
    """Why the policy ends the episode here instead of acting; empty if it acts."""


@dataclass(slots=True)
class History:
    """An episode as its policy sees it; the loop that plays it adds each step."""

    env: gymnasium.Env[str, str]
    seed: int
    """What this episode's random choices are to be derived from."""
    observations: list[str]
    """The first observation, and one for each action."""
    infos: list[dict[str, Any]]
    """The info that came with each observation."""
    actions: list[Action] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)

    @property
    def agent(self) -> AgentEnv:
        """The environment inside all wrappers: its goal, expert, snapshots."""
        agent = self.env.unwrapped
        assert isinstance(agent, AgentEnv)
        return agent

    @property
    def instructions(self) -> str:
        """The rules, with those of a wrapper that asks for a reply format."""
        return str(self.env.get_wrapper_attr("instructions"))


class Policy(Protocol):
    """Whatever acts.

    Policies are batched, so that a model can answer all live episodes at once. A
    policy keeps nothing of an episode in itself: what it needs is in the history.
    """

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Give the next action of each episode, in the same order."""
