"""Cells of the grid as one byte each.

Minigrid describes a cell by three numbers: type, colour and door state. All that
can occur in the BabyAI levels fits into 39 codes, so a world is a byte array and a
view is a byte string.
"""

from __future__ import annotations

COLOURS = ("red", "green", "blue", "purple", "yellow", "grey")
STATES = ("open", "closed", "locked")

UNSEEN, EMPTY, WALL = 0, 1, 2
DOOR = 3  # + 3 * colour + state
KEY = 21  # + colour
BALL = 27
BOX = 33
CODES = 39

OPEN, CLOSED, LOCKED = 0, 1, 2


def door(colour: int, state: int) -> int:
    """The code of a door."""
    return DOOR + 3 * colour + state


def is_door(code: int) -> bool:
    """Whether a cell holds a door."""
    return DOOR <= code < KEY


def is_key(code: int) -> bool:
    """Whether this is a key."""
    return KEY <= code < BALL


def is_box(code: int) -> bool:
    """Whether a cell holds a box."""
    return code >= BOX


def state_of(code: int) -> int:
    """The state of a door."""
    return (code - DOOR) % 3


def colour_of(code: int) -> int:
    """The colour of a door or movable object."""
    return (code - DOOR) // 3 if code < KEY else (code - KEY) % 6


def _name(code: int) -> str:
    if code < DOOR:
        return ("unseen", "empty", "grey wall")[code]
    colour = COLOURS[colour_of(code)]
    if code < KEY:
        return f"{colour} {STATES[state_of(code)]} door"
    return f"{colour} {('key', 'ball', 'box')[(code - KEY) // 6]}"


NAMES = tuple(_name(code) for code in range(CODES))
"""What the observation calls each code."""


def _table(chosen: set[int]) -> bytes:
    return bytes(ord("1" if code in chosen else "0") for code in range(256))


_DOORS = range(DOOR, KEY)
OPAQUE = _table({WALL, *(code for code in _DOORS if state_of(code) != OPEN)})
"""For ``bytes.translate``: ``1`` for what can't be seen through."""
BLOCKING = _table({WALL, *range(KEY, CODES)})
"""For ``bytes.translate``: ``1`` for what the original's path search avoids.

Doors are not among them, not even closed ones.
"""
