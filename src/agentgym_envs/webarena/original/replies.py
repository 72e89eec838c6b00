"""Replies as AgentGym's server reads them, its quirks included.

The patterns are those of ``browser_env/actions.py`` of WebArena: they are searched for
anywhere in the text, brackets are greedy, and at most one space stands before a
bracket. So ``type [5] [1]`` is no action (the text is taken for the flag), ``stop N/A``
answers nothing, and an action behind the name of a language is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agentgym_envs.webarena.actions import FENCED, Unreadable
from agentgym_envs.webarena.interface import Action

NO_FENCE = "Cannot parse action from response {}"
# What AgentGym's client says without asking the server.
CLIENT_NO_FENCE = (
    "Cannot parse action from response. Your action should be inside triple backticks "
    "(```). Please adjust accordingly."
)
NOTHING_IN_FENCE = (
    "list index out of range"  # in Python's words, as the original has it
)
MAX_DIGITS = 18  # more are a number that no element has

_PATTERNS = {
    "click": re.compile(r"click ?\[(\d+)\]"),
    "hover": re.compile(r"hover ?\[(\d+)\]"),
    "type": re.compile(r"type ?\[(\d+)\] ?\[(.+)\] ?\[(\d+)\]"),
    "press": re.compile(r"press ?\[(.+)\]"),
    "scroll": re.compile(r"scroll ?\[?(up|down)\]?"),
    "goto": re.compile(r"goto ?\[(.+)\]"),
    "tab_focus": re.compile(r"tab_focus ?\[(\d+)\]"),
}
_STOP = re.compile(r"stop ?\[(.+)\]")
_PLAIN = frozenset({"new_tab", "go_back", "go_forward", "close_tab"})


def parse_original(reply: str, localise: Callable[[str], str] = str) -> Action:
    """Read a reply as the original server does.

    Args:
        reply: The whole reply of a model.
        localise: Turns the public names of sites within an action into addresses.

    Raises:
        Unreadable: with the text that the original answers.
    """
    match = FENCED.search(reply)
    if match is None:
        raise Unreadable(NO_FENCE.format(reply))
    return parse_original_action(localise(match[1].strip()))


def parse_original_action(text: str) -> Action:
    """Read one action without its fence.

    Raises:
        Unreadable: with the text that the original answers.

    >>> parse_original_action("type [5] [a] [2]")
    Action(kind='type', number=5, text='a] [2', enter=True)
    """
    text = text.strip()
    if not text:
        raise Unreadable(NOTHING_IN_FENCE)
    name = text.split("[")[0].strip() if "[" in text else text.split()[0]
    if name in _PLAIN:
        return Action(name)
    if name == "stop":
        match = _STOP.search(text)
        return Action("stop", text=match[1] if match else "")
    pattern = _PATTERNS.get(name)
    if pattern is None:
        raise Unreadable(f"Invalid action {text}")
    if name == "type" and not text.endswith(("[0]", "[1]")):
        text += " [1]"
    match = pattern.search(text)
    if match is None:
        raise Unreadable(f"Invalid {name} action {text}")
    if name in ("press", "scroll", "goto"):
        return Action(name, text=match[1])
    number = _number(match[1])
    if name != "type":
        return Action(name, number)
    for character in match[2]:
        if not _can_type(character):
            # The original looks it up in a table of keys.
            raise Unreadable(repr(character))
    return Action(name, number, match[2], enter=match[3] == "1")


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= MAX_DIGITS else 10**MAX_DIGITS


def _can_type(character: str) -> bool:
    return 32 <= ord(character) <= 999 and ord(character) != 128
