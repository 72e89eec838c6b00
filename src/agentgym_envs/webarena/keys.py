"""Keys, what they mean, and where Tab leads: the rules that both backends keep to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MAX_TYPED = 2000  # characters of a text field
NAMES = {
    name.lower(): name
    for name in (
        "Enter",
        "Tab",
        "Backspace",
        "Delete",
        "ArrowLeft",
        "ArrowRight",
        "Home",
        "End",
        "Space",
    )
}
EDITING = frozenset(
    {"Backspace", "Delete", "ArrowLeft", "ArrowRight", "Home", "End", "Control+a"}
)
TEXTS = ("text", "password", "search")
NAMED = {
    "": "nothing",
    "link": "a link",
    "button": "a button",
    "text": "a text field",
    "password": "a text field",
    "search": "a text field",
    "checkbox": "a checkbox",
    "radio": "a radio button",
    "select": "a list",
}


def key_of(text: str) -> str:
    """Give the name of a key or combination; empty if there is no such key."""
    text = text.strip()
    if len(text) == 1:
        return text if text.isprintable() else ""
    if text.lower() in NAMES:
        return NAMES[text.lower()]
    match [part.strip().lower() for part in text.split("+")]:
        case ["ctrl" | "control" | "meta", "a"]:
            return "Control+a"
        case ["shift", "tab"]:
            return "Shift+Tab"
    return ""


# What a key does to the element that has the focus.
MOVE, EDIT, INSERT, SUBMIT, ACTIVATE, TOGGLE = (
    "move",
    "edit",
    "insert",
    "submit",
    "activate",
    "toggle",
)


def meaning(key: str, kind: str) -> str:
    """Tell what a key does to an element of this kind; empty if nothing.

    Args:
        key: As `key_of` gives it.
        kind: The kind of the control with the focus; empty if none has it.
    """
    if key in ("Tab", "Shift+Tab"):
        return MOVE
    if kind in TEXTS:
        if key == "Enter":
            return SUBMIT
        return EDIT if key in EDITING else INSERT
    if kind in ("checkbox", "radio"):
        return {"Enter": SUBMIT, "Space": TOGGLE}.get(key, "")
    if kind == "link":
        return ACTIVATE if key == "Enter" else ""
    if kind == "button":
        return ACTIVATE if key in ("Enter", "Space") else ""
    return ""


class Stop(NamedTuple):
    """A control, as far as Tab is concerned."""

    kind: str
    group: tuple[int, str]
    """Of a radio button: its form and name."""
    on: bool
    """Of a radio button: whether it is the choice."""


def next_stop(stops: Sequence[Stop], start: int, *, back: bool) -> int:
    """Give the control that Tab leads to, -1 if there is none.

    Args:
        stops: All controls of the page, in order.
        start: The control that had the focus last, -1 if none had.
        back: Whether Shift is held.
    """
    if back:
        order = range(len(stops) - 1 if start < 0 else start - 1, -1, -1)
    else:
        order = range(start + 1, len(stops))
    left = stops[start].group if start >= 0 and stops[start].kind == "radio" else None
    for place in order:
        stop = stops[place]
        if stop.kind != "radio" or (
            stop.group != left and _is_stop(stops, place, back)
        ):
            return place
    return -1


def _is_stop(stops: Sequence[Stop], place: int, back: bool) -> bool:
    """Of a group, the choice can have the focus, or else its first or last one."""
    group = [
        index
        for index, stop in enumerate(stops)
        if stop.kind == "radio" and stop.group == stops[place].group
    ]
    chosen = [index for index in group if stops[index].on]
    return place == (chosen[0] if chosen else group[-1 if back else 0])


def edit(value: str, start: int, end: int, key: str) -> tuple[str, int, int]:
    """Apply an editing key to a field; give its value and selection."""
    if key == "Control+a":
        return value, 0, len(value)
    if key == "Home":
        return value, 0, 0
    if key == "End":
        return value, len(value), len(value)
    selected = start != end
    if key == "ArrowLeft":
        place = start if selected else max(0, start - 1)
        return value, place, place
    if key == "ArrowRight":
        place = end if selected else min(len(value), end + 1)
        return value, place, place
    if not selected:
        if key == "Backspace":
            start = max(0, start - 1)
        else:
            end = min(len(value), end + 1)
    return value[:start] + value[end:], start, start


def choose(texts: Sequence[str], wanted: str) -> int:
    """Find what a list offers by its text or the start of it, -1 if nothing fits."""
    wanted = " ".join(wanted.split()).casefold()
    folded = [text.casefold() for text in texts]
    if wanted in folded:
        return folded.index(wanted)
    for place, text in enumerate(folded):
        if wanted and text.startswith(wanted):
            return place
    return -1


def printable(text: str) -> str:
    """Give what of a text can be typed into a field: no line breaks or controls."""
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() else " " if c.isspace() else "" for c in text])
