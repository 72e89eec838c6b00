"""A household game as data: places, things, what may hold what, and the goal.

Ids are those of the published game files, such as
``Cabinet_bar__minus_00_dot_45_bar__plus_01_dot_78_bar__plus_02_dot_00``; the names
that the agent reads are made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TextVersion = Literal["v1", "v2"]

PICK = "pick_and_place_simple"
LOOK = "look_at_obj_in_light"
CLEAN = "pick_clean_then_place_in_recep"
HEAT = "pick_heat_then_place_in_recep"
COOL = "pick_cool_then_place_in_recep"
TWO = "pick_two_obj_and_place"
KINDS = (PICK, LOOK, CLEAN, HEAT, COOL, TWO)
"""The task types, by their published names and in their published order."""


@dataclass(frozen=True, slots=True)
class Receptacle:
    """A place that holds things: a cabinet, a table, a sink.

    Args:
        id: Its name in the game file.
        type: Its class there, such as ``CabinetType``.
        location: Where one stands to use it; several may share a location.
        openable: Whether it has a door.
        opened: Whether the door is open at the start.
    """

    id: str
    type: str
    location: str
    openable: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in a receptacle: a mug, a lamp.

    Args:
        id: Its name in the game file.
        type: Its class there, such as ``MugType``.
        receptacle: The id of the receptacle that it is in at the start.
        is_receptacle: Whether it can itself hold things, as a bowl does.
        inside: The id of the thing that holds it, empty for none.
        location: Where the file says that it is; empty means where its receptacle
            is. Only slicing goes by this.
        also_in: Further receptacles that the file lists it in.
    """

    id: str
    type: str
    receptacle: str
    pickupable: bool = True
    cleanable: bool = False
    heatable: bool = False
    coolable: bool = False
    toggleable: bool = False
    sliceable: bool = False
    is_receptacle: bool = False
    inside: str = ""
    is_clean: bool = False
    is_hot: bool = False
    is_cool: bool = False
    is_on: bool = False
    is_sliced: bool = False
    location: str = ""
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be done.

    Args:
        kind: One of `KINDS`.
        object_type: The class of the object, such as ``MugType``.
        receptacle_type: The class of the target; empty for `LOOK`.
        toggle_type: The class of the lamp; for `LOOK` only.
        text: The goal in words, without ``Your task is to: `` and the full stop.
    """

    kind: str
    object_type: str
    receptacle_type: str = ""
    toggle_type: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One game.

    Args:
        start: The location where the agent begins.
        locations: All locations, the start among them.
        can_contain: Pairs of a receptacle's class and an object's class.
    """

    start: str
    locations: tuple[str, ...]
    receptacles: tuple[Receptacle, ...]
    things: tuple[Thing, ...]
    can_contain: frozenset[tuple[str, str]]
    goal: Goal
    text_version: TextVersion
