"""What is examined, and the steps that several checks take."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium

from agentgym_envs.env import AgentEnv

Env = gymnasium.Env[str, str]
Reply = tuple[str, float, bool, bool, dict[str, Any]]

WALK = 12  # steps of a random walk; enough to leave the start of every game


@dataclass(frozen=True, slots=True)
class Subject:
    """The environment under examination."""

    env_id: str
    kwargs: dict[str, Any]

    def make(self, **kwargs: Any) -> Env:
        """Make an instance, with further keywords."""
        return gymnasium.make(self.env_id, **{**self.kwargs, **kwargs})


class CheckFailed(AssertionError):
    """An environment broke a promise; the message says which and how."""


def run_check(check: Callable[[Subject], None], subject: Subject) -> None:
    """Run one check; any exception in it counts as a broken promise.

    Raises:
        CheckFailed: naming the environment and the check.
    """
    try:
        check(subject)
    except Exception as error:
        raise CheckFailed(
            f"{subject.env_id} fails {check.__name__}: {type(error).__name__}: {error}"
        ) from error


def agent(env: Env) -> AgentEnv:
    """The environment inside all wrappers."""
    inner = env.unwrapped
    expect(isinstance(inner, AgentEnv), f"{inner!r} is no AgentEnv")
    assert isinstance(inner, AgentEnv)
    return inner


def expect(condition: object, message: str) -> None:
    """Raise `CheckFailed` with the message unless the condition holds."""
    if not condition:
        raise CheckFailed(message)


@contextlib.contextmanager
def expect_error(error: type[Exception], what: str) -> Iterator[None]:
    """Expect the block to raise this error."""
    try:
        yield
    except error:
        return
    raise CheckFailed(f"{what} raises no {error.__name__}")


def choose(env: Env, draw: random.Random) -> str:
    """Draw an action: mostly a legal one, sometimes nonsense."""
    actions = agent(env).admissible_actions()
    if not actions or draw.random() < 0.15:
        return draw.choice(("", "nonsense", "look\nhere", "ü"))
    return draw.choice(actions)


def walk(env: Env, draw: random.Random, steps: int = WALK) -> list[tuple[str, Reply]]:
    """Take random steps until the episode ends; give actions and replies."""
    taken = []
    for _ in range(steps):
        action = choose(env, draw)
        reply: Any = env.step(action)
        taken.append((action, reply))
        if reply[2] or reply[3]:
            break
    return taken


def replay(env: Env, actions: Sequence[str]) -> list[Any]:
    """Take given steps; give the replies."""
    return [env.step(action) for action in actions]


def trace(env: Env, *, seed: int, steps: int = WALK) -> list[Any]:
    """Reset with a seed and walk; give everything that came back."""
    first = env.reset(seed=seed)
    return [first, *walk(env, random.Random(seed), steps)]
