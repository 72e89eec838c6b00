"""An episode as AgentGym's server tells it."""

from __future__ import annotations

from collections.abc import Callable

from agentgym_envs.webarena.episode import Episode
from agentgym_envs.webarena.interface import Action, Browser
from agentgym_envs.webarena.original.replies import parse_original


class OriginalEpisode(Episode):
    """An episode whose replies are read to the letter, and whose errors are not told.

    Args:
        browser: The browser, with its pages open.
        intent: What the agent is asked.
        localise: Turns public names within an action into addresses.
    """

    __slots__ = ("_localise",)

    def __init__(
        self, browser: Browser, intent: str, localise: Callable[[str], str] = str
    ) -> None:
        super().__init__(browser, intent)
        self._localise = localise

    def text(self) -> str:
        """Write the observation; errors are not told."""
        error, self.error = self.error, ""
        text = super().text()
        self.error = error
        return text

    def read(self, reply: str) -> Action:
        """Read a reply."""
        return parse_original(reply, self._localise)
