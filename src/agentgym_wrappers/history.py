"""`HistoryObservation`: let an agent without a memory read its past."""

from __future__ import annotations

from collections import deque
from typing import Any

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_envs import TextSpace
from agentgym_envs.errors import BadOption
from agentgym_wrappers.base import AgentWrapper, spoken
from agentgym_wrappers.reply import MAX_REPLY
from agentgym_wrappers.texts import check_template, longest


class HistoryObservation(AgentWrapper[str, Any]):
    """Put the latest turns, observation and action, before each observation.

    An action is told as the agent gave it, up to 65,536 characters, an observation
    without the line ends that it closes with. The turns are
    kept here, out of a snapshot's reach: ``env.unwrapped.restore(...)`` does not
    take them back.

    >>> import agentgym_envs, gymnasium
    >>> env = HistoryObservation(gymnasium.make("agentgym/Wordle-v0"), turns=4)
    >>> _ = env.reset(options={"item": 0})
    >>> print(env.step("crane")[0])
    Let's start Wordle!
    > crane
    b b b b y
    <BLANKLINE>

    Args:
        env: The environment.
        turns: How many turns are told at most.
        template: The text of one turn, with ``{observation}`` and ``{action}``.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        turns: int,
        template: str = "{observation}\n> {action}\n",
    ) -> None:
        if turns < 0:
            raise BadOption(f"turns must be 0 or more, not {turns!r}")
        check_template(template, "observation", "action")
        RecordConstructorArgs.__init__(self, turns=turns, template=template)
        super().__init__(env)
        self._template = template
        self._turns: deque[str] = deque(maxlen=turns)
        self._last = ""
        turn = longest(env) + MAX_REPLY + len(template)
        self._longest = longest(env) + turns * turn
        self.observation_space = TextSpace(self._longest)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Pass the reset on, and forget all turns."""
        self._last, info = self.env.reset(seed=seed, options=options)
        self._turns.clear()
        return self._last, info

    def step(self, action: Any) -> tuple[str, Any, bool, bool, dict[str, Any]]:
        """Pass the action on, and tell the turns before its answer."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        said = spoken(action, info)[:MAX_REPLY]
        seen, self._last = self._last.rstrip("\n"), observation
        self._turns.append(self._template.format(observation=seen, action=said))
        told = "".join(self._turns) + observation
        return told[-self._longest :], reward, terminated, truncated, info
