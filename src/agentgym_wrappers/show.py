"""`ShowAdmissible`: tell the agent which actions there are."""

from __future__ import annotations

from typing import Any, Literal

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_envs import TextSpace
from agentgym_envs.errors import BadOption
from agentgym_wrappers.base import AgentWrapper, admissible, check_list
from agentgym_wrappers.texts import check_template, longest


class ShowAdmissible(AgentWrapper[str, Any]):
    """Append the list of admissible actions to the observation.

    Where nothing is admissible, as after the end, nothing is appended.

    >>> import agentgym_envs, gymnasium
    >>> env = ShowAdmissible(gymnasium.make("agentgym/Maze-v0", parity=True))
    >>> print(env.reset(options={"item": 2})[0].splitlines()[-1])
    Available actions: move left, move right, move down

    Args:
        env: The environment.
        when: ``"always"``, or only with the ``"first"`` observation.
        template: The text with ``{observation}`` and ``{actions}``.
        separator: What stands between two actions.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        when: Literal["always", "first"] = "always",
        template: str = "{observation}\nAvailable actions: {actions}",
        separator: str = ", ",
    ) -> None:
        if when not in ("always", "first"):
            raise BadOption(f"when must be always or first, not {when!r}")
        check_template(template, "observation", "actions")
        RecordConstructorArgs.__init__(
            self, when=when, template=template, separator=separator
        )
        super().__init__(env)
        check_list(self.agent_env)
        self._when = when
        self._template = template
        self._separator = separator
        # A list may well be longer than any observation of the game.
        self._longest = 2 * longest(env) + len(template)
        self.observation_space = TextSpace(self._longest)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Pass the reset on, and show the first actions."""
        observation, info = self.env.reset(seed=seed, options=options)
        return self._shown(observation), info

    def step(self, action: Any) -> tuple[str, Any, bool, bool, dict[str, Any]]:
        """Pass the action on, and show the next ones."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        if self._when == "always":
            observation = self._shown(observation)
        return observation, reward, terminated, truncated, info

    def _shown(self, observation: str) -> str:
        actions = self._separator.join(admissible(self.agent_env))
        if not actions:
            return observation
        text = self._template.format(observation=observation, actions=actions)
        return text[: self._longest]
