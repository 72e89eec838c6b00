"""From a model's reply to the name of a tool and the text of its input.

The original searches the reply with one regular expression, and what that found with
a second one. On hostile replies those take minutes, so the same is found here by
looking for the words between the name and the input, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

WORD = "Action:"
INPUT = "Action Input:"
_BETWEEN = re.compile(r"with\s*Action Input:")


class Request(NamedTuple):
    """What a reply asks for: a tool's name as written, and its input as text."""

    name: str
    input: str


def find_call(reply: str) -> str | None:
    """Find the last line's ``... with Action Input: ...``, without blanks around.

    The line may be broken between its parts, but not within them.
    """
    end = len(reply) - reply.endswith("\n")
    for match in _BETWEEN.finditer(reply):
        rest = reply[match.end() :].lstrip()
        start = len(reply) - len(rest)
        if "\n" in reply[start:end]:
            continue
        line = reply[: match.start()].rstrip().rpartition("\n")[2]
        return f"{line.strip()} with Action Input: {reply[start:end]}"
    return None


def read_reply(reply: str) -> Request | None:
    """Read a reply of the usual form, at less cost than `find_call` and `read_call`.

    Gives what these two give. None means that the reply has another form, or none.
    """
    end = len(reply) - reply.endswith("\n")
    start = reply.rfind("\n", 0, end) + 1
    # A call may be broken before its last line.
    if start and reply[:start].rstrip().endswith(("with", INPUT)):
        return None
    place = reply.find(INPUT, start, end)
    if place < 0:
        return None
    head = reply[start:place].rstrip()
    word = head.find(WORD)
    if word < 0 or not head.endswith("with") or word + len(WORD) > len(head) - 4:
        return None
    rest = reply[place + len(INPUT) : end].lstrip()
    return Request(head[word + len(WORD) : -4].strip(), rest)


def read_call(call: str, *, needs_word: bool = True) -> Request | None:
    """Take a call apart, at its first ``Action:``.

    Args:
        call: What `find_call` gives.
        needs_word: Whether a call without ``Action:`` is none.
    """
    word = call.find(WORD)
    begin = word + len(WORD) if word >= 0 else len(call)
    match = _BETWEEN.search(call, begin)
    if match is None and not needs_word:
        begin = 0
        match = _BETWEEN.search(call)
    if match is None:
        return None
    return Request(call[begin : match.start()].strip(), call[match.end() :].lstrip())


def write_call(name: str, arguments: Mapping[str, Any]) -> str:
    """Write the reply that calls a tool."""
    return f"{WORD} {name} with Action Input: {dict(arguments)!r}"
