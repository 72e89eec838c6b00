"""What the tests of all live backends share."""

from __future__ import annotations

from typing import Any

from agentgym_envs.tools.patience import Patience
from agentgym_envs.tools.replies import write_call

TRIES = 3


class Naps(list):
    """A sleep that takes no time, and says how long it was to be."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def patience(*, slow: bool = False, naps: Naps | None = None, **more: Any) -> Patience:
    """Little patience where a service is slow on purpose, much where a machine is."""
    return Patience(
        tries=TRIES,
        timeout=0.15 if slow else 30.0,
        max_bytes=200_000,
        sleep=Naps() if naps is None else naps,
        jitter=lambda: 0.0,
        **more,
    )


def said(observation: str) -> str:
    return observation.removeprefix("Observation: ").removesuffix(
        "\nGive me one action."
    )


def tell(env: Any, name: str, /, **arguments: Any) -> str:
    return said(env.step(write_call(name, arguments))[0])


def assert_failed_only(env: Any, action: str, *, before: tuple[Any, ...]) -> str:
    """A step that meets a failure: it is told, counted, and nothing else happens."""
    steps = env.unwrapped._steps
    text, reward, terminated, truncated, info = env.step(action)
    assert text.startswith("Observation: Service unavailable: "), text
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert info["steps"] == steps + 1
    assert (info["success"], info["score"], info["invalid_action"]) == (
        False,
        0.0,
        False,
    )
    assert state(env) == before
    return said(text)


def state(env: Any) -> tuple[Any, ...]:
    agent = env.unwrapped
    return repr(agent._state), agent.task.id, agent.is_over
