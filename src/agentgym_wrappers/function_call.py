"""`FunctionCallAction`: the action of a reply that is a function call in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_wrappers.calls import BadCall, action_of, malformed
from agentgym_wrappers.json_call import parse_call
from agentgym_wrappers.reply import ReplyAction

FORM = """{
  "thought": "<your reasoning>",
  "function_name": "<name of a function>",
  "arguments": {"<parameter>": <value>}
}"""
EXPECTED = f" Reply with one JSON object of this form:\n\n{FORM}"


class FunctionCallAction(ReplyAction):
    """Take replies that call one of the environment's functions in JSON.

    The object runs from the first brace to the last. OpenAI's names (``name``;
    ``arguments`` as an object or as JSON text; both in ``function``) do as well.

    >>> import agentgym_envs, gymnasium
    >>> env = FunctionCallAction(gymnasium.make("agentgym/Maze-v0"))
    >>> env.parse('{"function_name": "move", "arguments": {"direction": "up"}}')
    'move up'
    """

    action_format = "function_calling"

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        RecordConstructorArgs.__init__(self)
        super().__init__(env)

    def parse(self, reply: str) -> str:
        """Find the text action in a reply; a `MalformedReply` says why not."""
        try:
            name, arguments = parse_call(reply)
        except BadCall as error:
            return malformed(reply, str(error), EXPECTED)
        return action_of(self.agent_env.action_schema, name, arguments, reply)

    def describe(self) -> str:
        """Tell a model which functions there are, and how to reply."""
        functions = (
            json.dumps({k: v for k, v in function.items() if k != "template"})
            for function in self.agent_env.action_schema
        )
        listed = "\n".join(functions)
        return (
            "You act by calling one of these functions, which are described in JSON "
            f"schema:\n\n{listed}\n\nReply with one JSON object of this form and "
            f"nothing else:\n\n{FORM}"
        )

    def write(self, name: str, arguments: Mapping[str, Any], thought: str = "") -> str:
        """Write the reply that stands for a call."""
        call = {"thought": thought, "function_name": name, "arguments": arguments}
        return json.dumps(call, ensure_ascii=False, indent=2)
