"""The common part of the wrappers that find the action in a model's reply."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import gymnasium

from agentgym_envs import MalformedReply, TextSpace
from agentgym_wrappers.base import AgentWrapper, instructions_of

MAX_REPLY = 2**16  # characters; longer replies are parsed all the same


class ReplyAction(AgentWrapper[Any, str]):
    """Take a model's raw reply as the action.

    Any string is a legal reply. One without an action is answered by a sentence
    that says what is wrong; it counts as a step, and the game stays as it is.
    """

    action_format: ClassVar[str]
    """The name of the format, as trajectory files have it."""

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        super().__init__(env)
        self.action_space = TextSpace(MAX_REPLY)

    @abstractmethod
    def parse(self, reply: str) -> str:
        """Find the text action in a reply; a `MalformedReply` says why not."""

    @abstractmethod
    def describe(self) -> str:
        """Tell a model how to reply."""

    @property
    def instructions(self) -> str:
        """The rules of the game, and then the form of a reply."""
        return f"{instructions_of(self.env)}\n\n{self.describe()}"

    def step(self, action: str) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Do what the reply says.

        Raises:
            TypeError: if the reply is not a string.
        """
        if not isinstance(action, str):
            raise TypeError(f"a reply is a str, not {type(action).__name__}")
        if not isinstance(action, MalformedReply):
            action = self.parse(action)
        return note_action(self.env.step(action), action)


def note_action(
    result: tuple[Any, Any, bool, bool, dict[str, Any]], action: str
) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
    """Add to a step's info what the game was given."""
    info = result[-1]
    # A wrapper further inside, nearer to the game, knows better.
    if "action" not in info:
        error = getattr(action, "reason", "")
        info["action"] = "" if error else str(action)
        info["reply_error"] = error
    return result
