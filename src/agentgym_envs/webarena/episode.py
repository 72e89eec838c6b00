"""One episode in a browser: what the agent reads, step by step."""

from __future__ import annotations

from agentgym_envs.webarena.actions import Unreadable, parse_reply, tell
from agentgym_envs.webarena.interface import Action, Browser

TEMPLATE = """\
OBSERVATION:
{text}
URL: {url}
OBJECTIVE: {intent}
PREVIOUS ACTION: {previous}"""
NOTHING = "None"  # the previous action of the first step


class Episode:
    """A browser, the agent's task in it, and what was done last.

    Args:
        browser: The browser, with its pages open.
        intent: What the agent is asked.
    """

    __slots__ = ("browser", "error", "intent", "previous")

    def __init__(self, browser: Browser, intent: str) -> None:
        self.browser = browser
        self.intent = intent
        self.previous = NOTHING
        self.error = ""
        """What was wrong with the last action; empty if nothing was."""

    def text(self) -> str:
        """Write the observation, as AgentGym's server lays it out.

        An error comes on a line of its own at the end.
        """
        seen = self.browser.observe()
        text = TEMPLATE.format(
            text=seen.text, url=seen.url, intent=self.intent, previous=self.previous
        )
        return f"{text}\nERROR: {self.error}" if self.error else text

    def read(self, reply: str) -> Action:
        """Read a reply.

        Raises:
            Unreadable: if it holds no action.
        """
        return parse_reply(reply)

    def act(self, reply: str) -> Action | None:
        """Do what a reply says; None if it can't be read.

        A stop is handed back and left to the caller.
        """
        try:
            action = self.read(reply)
        except Unreadable as error:
            self.error = str(error)
            return None
        element = ""
        if action.kind in ("click", "hover", "type"):
            element = self.browser.describe(action.number)
        self.previous = tell(action, element)
        self.error = "" if action.kind == "stop" else self.browser.act(action)
        return action
