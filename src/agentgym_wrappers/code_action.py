"""`CodeAction`: the action of a reply that is a call in Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import gymnasium
from gymnasium.utils import RecordConstructorArgs

from agentgym_wrappers.calls import BadCall, action_of, malformed, parameters_of
from agentgym_wrappers.literal_call import parse_call
from agentgym_wrappers.reply import ReplyAction

FORM = "```python\n# <your reasoning>\n<function>(<arguments>)\n```"
EXPECTED = f" Reply with one call, its arguments written out:\n\n{FORM}"
_HINTS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
    "null": "None",
}
_BLOCK = re.compile(r"```(?:python|py)?[ \t]*\n(.*?)(?:```|\Z)", re.S | re.I)


class CodeAction(ReplyAction):
    r"""Take replies that call one of the environment's functions in Python.

    The call is the only statement of a fenced block, or of the reply. It is read,
    never run, so its arguments are literals.

    >>> import agentgym_envs, gymnasium
    >>> env = CodeAction(gymnasium.make("agentgym/Maze-v0"))
    >>> env.parse("```python\n# The goal is above.\nmove('up')\n```")
    'move up'
    """

    action_format = "code_as_action"

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        RecordConstructorArgs.__init__(self)
        super().__init__(env)

    def parse(self, reply: str) -> str:
        """Find the text action in a reply; a `MalformedReply` says why not."""
        schema = self.agent_env.action_schema
        try:
            name, values, arguments = parse_call(_block(reply))
        except BadCall as error:
            return malformed(reply, str(error), EXPECTED)
        known = next((f for f in schema if f["name"] == name), None)
        names = list(parameters_of(known)) if known else []
        if known and len(values) > len(names):
            return malformed(reply, f"{name} takes at most {len(names)} arguments")
        for key, value in zip(names, values, strict=False):
            if key in arguments:
                return malformed(reply, f"{name} got the argument {key!r} twice")
            arguments[key] = value
        return action_of(schema, name, arguments, reply)

    def describe(self) -> str:
        """Tell a model which functions there are, and how to reply."""
        listed = "\n\n".join(map(_signature, self.agent_env.action_schema))
        return (
            "You act by calling one of these Python functions:\n\n"
            f"```python\n{listed}\n```\n\nReply with one call in a code block, its "
            f"arguments written out, and nothing else:\n\n{FORM}"
        )

    def write(self, name: str, arguments: Mapping[str, Any], thought: str = "") -> str:
        """Write the reply that stands for a call."""
        comment = "".join(f"# {line}\n" for line in thought.splitlines())
        written = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
        return f"```python\n{comment}{name}({written})\n```"


def _block(reply: str) -> str:
    blocks = _BLOCK.findall(reply) or [reply]
    if len(blocks) > 1:
        raise BadCall("the reply holds more than one block of code")
    return str(blocks[0])


def _signature(function: Mapping[str, Any]) -> str:
    parameters, notes = [], [str(function["description"])]
    for key, kind in parameters_of(function).items():
        types = kind.get("type", "string")
        names = [types] if isinstance(types, str) else types
        hint = " | ".join(_HINTS.get(name, "str") for name in names)
        default = f" = {kind['default']!r}" if "default" in kind else ""
        parameters.append(f"{key}: {hint}{default}")
        note = [str(kind["description"])] if "description" in kind else []
        if "enum" in kind:
            note.append("one of " + ", ".join(map(repr, kind["enum"])))
        if note:
            notes.append(f"{key}: {'; '.join(note)}")
    comment = "\n    ".join(notes)
    return f'def {function["name"]}({", ".join(parameters)}):\n    """{comment}"""'
