"""From a text action back to the function call that it stands for."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from string import Formatter
from typing import Any

from agentgym_envs import render_call
from agentgym_envs.errors import BadOption

NUMBERS = {"integer": int, "number": float}
WORDS = {"true": True, "false": False}


def call_of(
    schema: Sequence[Mapping[str, Any]], action: str
) -> tuple[str, dict[str, Any]] | None:
    """Give the call that `agentgym_envs.render_call` writes as an action.

    It turns the actions of experts into examples for models that call functions.
    None if no call is written like this; meant for actions of experts, not for
    texts of strangers.

    >>> from agentgym_envs.schema import function
    >>> get = function("get", "Take.", "get {amount} {item}",
    ...                item={"type": "string"}, amount={"type": "integer"})
    >>> call_of([get], "get 2 oak log")
    ('get', {'item': 'oak log', 'amount': 2})
    """
    for entry in schema:
        found = _pattern(entry["template"]).fullmatch(action)
        if found is None:
            continue
        literals = _literals(entry["template"])
        arguments: dict[str, Any] = {}
        with suppress(ValueError, SyntaxError, BadOption):
            for key, kind in entry["parameters"]["properties"].items():
                if key in found.groupdict():
                    read = ast.literal_eval if key in literals else _reader(kind)
                    arguments[key] = read(found[key])
            name = str(entry["name"])
            if render_call(schema, name, arguments) == action:
                return name, arguments
    return None


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for literal, key, *_ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if key is not None:
            parts.append(f"(?P={key})" if key in seen else f"(?P<{key}>.*?)")
            seen.add(key)
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=1024)
def _literals(template: str) -> frozenset[str]:
    """The parameters that a template writes as Python literals."""
    parsed = Formatter().parse(template)
    return frozenset(key for _, key, _, how in parsed if key and how == "r")


def _reader(kind: Mapping[str, Any]) -> Any:
    """What reads an argument that was written as plain text."""

    def read(text: str) -> Any:
        expected = kind.get("type", "string")
        for name in [expected] if isinstance(expected, str) else expected:
            with suppress(ValueError):
                if name in NUMBERS:
                    return NUMBERS[name](text)
                if name == "boolean" and text in WORDS:
                    return WORDS[text]
                if name == "array":
                    inner = _reader(kind.get("items", {}))
                    return [inner(part) for part in text.split(", ")] if text else []
        return text

    return read
