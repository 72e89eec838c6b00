"""`ReActAction`: the action of a reply that thinks first and then acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_envs.errors import BadOption
from agentgym_wrappers.original import PARSERS, as_it_is
from agentgym_wrappers.reply import ReplyAction
from agentgym_wrappers.thought_action import FORM, parse_react


class ReActAction(ReplyAction):
    r"""Take Thought/Action replies.

    By default the action is what follows the last ``Action:``, up to an imagined
    next observation, without code fences and end-of-text marks. With
    ``style="original"`` it is what AgentGym's own client of this family would have
    sent; where that sends an empty action, so does this.

    >>> import agentgym_envs, gymnasium
    >>> env = ReActAction(gymnasium.make("agentgym/Maze-v0"))
    >>> env.parse("Thought: The goal is on the left.\nAction: move left</s>")
    'move left'
    """

    action_format = "react"

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        style: Literal["default", "original"] = "default",
    ) -> None:
        if style not in ("default", "original"):
            raise BadOption(f"style must be default or original, not {style!r}")
        RecordConstructorArgs.__init__(self, style=style)
        super().__init__(env)
        self._parser: Callable[[str], str] = parse_react
        if style == "original":
            self._parser = PARSERS.get(self.agent_env.family, as_it_is)

    def parse(self, reply: str) -> str:
        """Find the text action in a reply; a `MalformedReply` says why not."""
        return self._parser(reply)

    def describe(self) -> str:
        """Tell a model how to reply."""
        return f"Reply in this form, with one action at a time:\n\n{FORM}"

    def write(self, action: str, thought: str = "") -> str:
        """Write the reply that stands for an action."""
        return f"Thought:\n{thought}\n\nAction:\n{action}"
