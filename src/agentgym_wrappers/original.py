"""How AgentGym's clients found the action in a reply, family by family."""

from __future__ import annotations

import re
from collections.abc import Callable

from agentgym_envs import MalformedReply

MARK = "Action:"
END = "</s>"
ONE_ACTION = (
    "Error: Only one 'Action' is allowed per response. Please adjust your response."
)

_FIRST_LINES = re.compile(r"Action:\s*(.*?)(?=\n|$)", re.DOTALL)
_FOREIGN = re.compile(r"[^A-Za-z0-9, ]+")


def between_marks(reply: str) -> str:
    """Maze and Wordle: what stands between the first mark and the second."""
    parts = _without_end(reply).split(MARK, 2)
    return parts[min(1, len(parts) - 1)].strip()


def only_line(reply: str) -> str:
    """TextCraft and BabyAI: the line after the mark, letters and digits only.

    A second mark is an error that the client answered by itself.
    """
    lines = _FIRST_LINES.findall(reply)
    if len(lines) > 1:
        return MalformedReply(reply, ONE_ACTION)
    return " ".join(_FOREIGN.sub("", lines[0] if lines else "").split())


def after_last_mark(reply: str) -> str:
    """WebShop, ALFWorld and SciWorld: all that follows the last mark."""
    reply = _without_end(reply)
    _, mark, action = reply.rpartition(MARK)
    if mark:
        return action.strip()
    return reply if "search[" in reply or "click[" in reply else ""


def as_it_is(reply: str) -> str:
    """All others: the client sends the reply, and the server reads it."""
    return reply


PARSERS: dict[str, Callable[[str], str]] = {
    "Maze": between_marks,
    "Wordle": between_marks,
    "TextCraft": only_line,
    "BabyAI": only_line,
    "WebShop": after_last_mark,
    "ALFWorld": after_last_mark,
    "SciWorld": after_last_mark,
}


def _without_end(reply: str) -> str:
    # The mark has four characters; the clients cut five, the one before it too.
    return reply[:-5] if reply.endswith(END) else reply
