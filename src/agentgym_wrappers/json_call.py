"""Read one function call in JSON, from text that may be hostile."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from agentgym_wrappers.calls import MAX_CALL, TOO_DEEP, BadCall, is_shallow


def parse_call(reply: str) -> tuple[str, dict[str, Any]]:
    """Find name and arguments in a reply.

    Raises:
        BadCall: if there are none.
    """
    start, end = reply.find("{"), reply.rfind("}") + 1
    if not 0 <= start < end:
        raise BadCall("the reply holds no JSON object")
    call = _load(reply[start:end])
    call = call["function"] if isinstance(call.get("function"), dict) else call
    name = call.get("function_name", call.get("name"))
    if not isinstance(name, str):
        raise BadCall("the object names no function; its key is function_name")
    arguments = call.get("arguments", {})
    if isinstance(arguments, str):
        arguments = _load(arguments) if arguments.strip() else {}
    if not isinstance(arguments, dict):
        raise BadCall("arguments must be an object")
    return name, arguments


def _load(text: str) -> dict[str, Any]:
    if len(text) > MAX_CALL:
        raise BadCall(f"the call has {len(text)} characters, more than {MAX_CALL}")
    try:
        # Not strict: models write line ends into strings.
        value = json.loads(
            text, strict=False, object_pairs_hook=_once, parse_constant=_refuse
        )
    except RecursionError:
        raise BadCall(TOO_DEEP) from None
    except ValueError:
        # Python's own words would differ from one version to the next.
        raise BadCall("the call is not valid JSON") from None
    if not is_shallow(value):
        raise BadCall(TOO_DEEP)
    if not isinstance(value, dict):
        raise BadCall("arguments must be an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says two things at once."""
    made = dict(pairs)
    if len(made) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise BadCall(f"the key {twice!r:.80} appears twice")
    return made


def _refuse(constant: str) -> NoReturn:
    raise BadCall(f"{constant} is not a JSON value")
