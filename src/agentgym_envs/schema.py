"""Actions as JSON-schema functions, and back to the text that an env reads.

An environment's ``action_schema`` is a list of functions in the form that tool
calling, MCP and TRL use: ``name``, ``description``, ``parameters``. One key more,
``template``, says how a call is written as a text action. Function calling, code
actions and tools all derive from this one list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentgym_envs.errors import BadOption

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
    "null": (type(None),),
}


class _Written(str):
    """An argument as a text, whose ``repr`` is that of the value itself."""

    value: Any

    def __new__(cls, text: str, value: Any) -> _Written:
        self = super().__new__(cls, text)
        self.value = value
        return self

    def __repr__(self) -> str:
        return repr(self.value)


def function(
    name: str, description: str, template: str, /, **parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe one action; parameters are required unless they have a default.

    In the template, ``{name}`` stands for an argument as plain text, and ``{name!r}``
    for it as a Python literal.

    >>> walk = function("walk", "Take a step.", "move {direction}",
    ...                 direction={"type": "string", "enum": ["left", "right"]})
    >>> walk["parameters"]["required"]
    ['direction']
    """
    required = [key for key, value in parameters.items() if "default" not in value]
    return {
        "name": name,
        "description": description,
        "template": template,
        "parameters": {
            "type": "object",
            "properties": {key: dict(value) for key, value in parameters.items()},
            "required": required,
            "additionalProperties": False,
        },
    }


def render_call(
    schema: Sequence[Mapping[str, Any]], name: str, arguments: Mapping[str, Any]
) -> str:
    """Write a function call as the text action that the environment reads.

    Args:
        schema: An environment's ``action_schema``.
        name: The function.
        arguments: Its arguments by name; lists are joined by a comma and a space.

    Raises:
        BadOption: if there is no such function, or the arguments do not fit it;
            the message says which and why.

    >>> walk = function("walk", "Take a step.", "move {direction}",
    ...                 direction={"type": "string", "enum": ["left", "right"]})
    >>> render_call([walk], "walk", {"direction": "left"})
    'move left'
    """
    for entry in schema:
        if entry["name"] == name:
            break
    else:
        known = ", ".join(str(entry["name"]) for entry in schema)
        raise BadOption(f"there is no function {name!r:.80}; there are {known}")
    properties = entry["parameters"]["properties"]
    for key in arguments:
        if key not in properties:
            known = ", ".join(properties) or "none"
            raise BadOption(f"{name} takes no argument {key!r:.80}; it takes {known}")
    texts = {}
    for key, kind in properties.items():
        if key in arguments:
            value = arguments[key]
        elif "default" in kind:
            value = kind["default"]
        else:
            raise BadOption(f"{name} needs the argument {key!r}")
        texts[key] = _Written(_text(f"{name}({key})", kind, value), value)
    return str(entry["template"]).format_map(texts)


def _text(where: str, kind: Mapping[str, Any], value: Any) -> str:
    """Check one argument against its schema and write it out."""
    expected = kind.get("type", "string")
    types = [expected] if isinstance(expected, str) else expected
    # For Python a bool is an int; for JSON it is not.
    if not any(
        isinstance(value, _PYTHON_TYPES[name])
        and (name == "boolean" or not isinstance(value, bool))
        for name in types
    ):
        told = " or ".join(types)
        raise BadOption(f"{where} must be of type {told}, not {value!r:.80}")
    if "enum" in kind and value not in kind["enum"]:
        allowed = ", ".join(map(str, kind["enum"]))
        raise BadOption(f"{where} must be one of {allowed}, not {value!r:.80}")
    if "minimum" in kind and value < kind["minimum"]:
        raise BadOption(
            f"{where} must be at least {kind['minimum']}, not {value!r:.80}"
        )
    if isinstance(value, list | tuple):
        item = kind.get("items", {"type": "string"})
        values: list[Any] = list(value)
        return ", ".join(_text(f"{where}[{i}]", item, v) for i, v in enumerate(values))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
