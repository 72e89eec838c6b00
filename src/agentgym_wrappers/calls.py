"""From a function call to a text action, whatever format the call came in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from agentgym_envs import MalformedReply, render_call
from agentgym_envs.errors import BadOption

MAX_CALL = 2**14  # characters of a call, four times the longest action
MAX_DEPTH = 16  # brackets within brackets
MAX_BITS = MAX_CALL * 3 // 4  # of an integer; Python writes no longer ones as text
TOO_DEEP = "the call is nested too deeply"

Schema = Sequence[Mapping[str, Any]]


class BadCall(Exception):
    """A reply that holds no call; the message says why, for the model to read."""


def action_of(schema: Schema, name: str, arguments: object, reply: str) -> str:
    """Write a call as a text action; a `MalformedReply` if it does not fit.

    Arguments are whatever a model sent, which need not be a mapping.
    """
    try:
        if not isinstance(arguments, Mapping):
            raise BadCall("arguments must be an object")
        if not is_shallow([*arguments.values()]):
            raise BadCall(TOO_DEEP)
        if not all(is_plain(value) for value in arguments.values()):
            raise BadCall("an argument holds a number that is not finite, or too long")
        return render_call(schema, name, arguments)
    except (BadOption, BadCall) as error:
        return malformed(reply, str(error))


def malformed(reply: str, reason: str, form: str = "") -> MalformedReply:
    """Refuse a reply, as a sentence."""
    reason = reason[:1].upper() + reason[1:]
    return MalformedReply(reply, f"{reason}.{form}")


def is_shallow(value: object) -> bool:
    """Tell whether a value is nested no deeper than `MAX_DEPTH`."""
    layer = [value]
    for _ in range(MAX_DEPTH + 1):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list | tuple)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return not layer


def is_plain(value: object) -> bool:
    """Tell whether all numbers in a value are finite, and can be written."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return value.bit_length() <= MAX_BITS
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return not isinstance(value, list | tuple) or all(map(is_plain, value))


def parameters_of(function: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The parameters of a function, in order."""
    properties: Mapping[str, Mapping[str, Any]] = function["parameters"]["properties"]
    return properties
