"""What a policy is: histories of live episodes in, one action for each out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import gymnasium

from agentgym_envs import AgentEnv


@dataclass(frozen=True, slots=True)
class Usage:
    """What an action has cost."""

    prompt_tokens: int = 0
    """The tokens that the model read, those of earlier turns included."""
    completion_tokens: int = 0
    """The tokens that it wrote, thoughts included."""
    cached_tokens: int = 0
    """Those of ``prompt_tokens`` that were not computed anew."""
    requests: int = 0
    """Calls of the model, failed ones included."""
    cost: float = 0.0
    """In the currency of the prices that the policy was given."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.requests + other.requests,
            self.cost + other.cost,
        )


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
    error: str = ""
    """What broke, so that there is no action; the episode counts as crashed."""
    prompt_ids: tuple[int, ...] = ()
    """The tokens that the model read before ``token_ids``; see `is_fresh`."""
    is_fresh: bool = True
    """Whether ``prompt_ids`` is all that the model read.

    If not, it read the tokens of the action before, prompt and reply, and then these.
    """
    finish: str = ""
    """Why a model's reply ended: ``end`` (its own mark), ``stop`` or ``length``."""
    reasoning: str = ""
    """What the model thought in a place of its own, outside of ``text``."""
    usage: Usage | None = None
    """None where there is nothing to count."""
    plan: tuple[Action, ...] = ()
    """What a search means to do after this."""


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

    @property
    def is_over(self) -> bool:
        """Whether the latest step ended the episode."""
        return bool(self.infos[-1]["end_reason"])


class Policy(Protocol):
    """Whatever acts.

    Policies are batched, so that a model can answer all live episodes at once. A
    policy keeps nothing of an episode in itself but what it could work out again:
    what it needs is in the history.
    """

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Give the next action of each episode, in the same order."""
