"""From a reply to an action, and from an action to the line that tells of it.

The forms are those of WebArena's id-based actions (``browser_env/actions.py``). Here
the whole text must be one action, every character may be typed, and the flag of
``type`` is taken for a flag only behind a text; the quirks of the original belong to
parity mode.
"""

from __future__ import annotations

import re

from agentgym_envs.webarena.interface import Action

FENCED = re.compile(r"```(.*?)```", re.DOTALL)
PLAIN = ("new_tab", "close_tab", "go_back", "go_forward")
NUMBERED = ("click", "hover", "tab_focus")
NAMES = (*NUMBERED, "type", "press", "scroll", "goto", "stop", *PLAIN)
CANNOT_PARSE = "Cannot parse action from response {}"
INVALID = "Invalid {} action {}"
UNKNOWN = "Invalid action {}"
SHOWN = 500  # characters of a reply that an error repeats

_NAME = re.compile(r"\s*(\w+)")
_NUMBER = re.compile(r"\[ ?(\d{1,9}) ?\]\s*")
_TYPED = re.compile(r"\[ ?(\d{1,9}) ?\] ?\[(.*?)\](?: ?\[([01])\])?\s*", re.DOTALL)
_BRACKETS = re.compile(r"\[(.*)\]\s*", re.DOTALL)


class Unreadable(ValueError):
    """A reply that holds no action; the message says why."""


def parse_reply(reply: str) -> Action:
    """Read an action between the first pair of triple backticks, or a bare one.

    Raises:
        Unreadable: if there is none.
    """
    match = FENCED.search(reply)
    text = match[1] if match else reply
    first, newline, rest = text.partition("\n")
    # A fence may name a language.
    if match and newline and rest.strip() and _is_language(first):
        text = rest
    text = text.strip()
    if not text:
        raise Unreadable(CANNOT_PARSE.format(reply[:SHOWN]))
    return parse_action(text)


def _is_language(line: str) -> bool:
    word = line.strip()
    return word.isalnum() and word not in NAMES


def parse_action(text: str) -> Action:
    """Read one action.

    Raises:
        Unreadable: if the text is none.

    >>> parse_action("type [12] [green tea] [1]")
    Action(kind='type', number=12, text='green tea', enter=True)
    """
    match = _NAME.match(text)
    name = match[1] if match else ""
    if match is None or name not in NAMES:
        raise Unreadable(UNKNOWN.format(text[:SHOWN]))
    rest = text[match.end() :].strip()
    action = _read(name, rest)
    if action is None:
        raise Unreadable(INVALID.format(name, text[:SHOWN]))
    return action


def _read(name: str, rest: str) -> Action | None:
    if name in PLAIN:
        return Action(name) if not rest else None
    if name in NUMBERED:
        match = _NUMBER.fullmatch(rest)
        return Action(name, int(match[1])) if match else None
    if name == "type":
        match = _TYPED.fullmatch(rest)
        if not match:
            return None
        return Action(name, int(match[1]), match[2], enter=match[3] != "0")
    match = _BRACKETS.fullmatch(rest)
    text = match[1] if match else rest
    if name == "stop":
        return Action(name, text=text.strip())
    if not text.strip() or (name != "scroll" and not match):
        return None
    if name == "scroll":
        text = text.strip().lower()
        return Action(name, text=text) if text in ("up", "down") else None
    return Action(name, text=text)


def tell(action: Action, element: str) -> str:
    """Write the line that tells of an action, as the original does.

    Args:
        action: What was done.
        element: The line of its element, empty if there is no such element.
    """
    kind = action.kind
    if kind in ("click", "hover", "type"):
        number = action.number
        if not element:
            return (
                f'Attempt to perfom "{kind}" on element "[{number}]" but no matching '
                "element found. Please check the observation more carefully."
            )
        element = " ".join(element.split())
        typed = ""
        if kind == "type":
            typed = f" [{action.text}{' ' if action.enter else ''}]"
        return f"{kind} [{number}]{typed} where [{number}] is {element}"
    if kind == "tab_focus":
        return f"page_focus [{action.number}]"
    return f"{kind} [{action.text}]" if action.text or kind == "stop" else kind
