"""The 120 floor plans: which furniture stands where in each room.

A plan is a pure function of its number, so furniture, its names and its places are
the same in every item that is played there. Numbers and the form of names are those
of AI2-THOR (arXiv:1712.05474); the rooms themselves are our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import NamedTuple

from agentgym_envs.alfworld.belongings import COUNTS, ELSEWHERE, HOMES, read_weights
from agentgym_envs.alfworld.furniture import (
    FURNISHING,
    HOLDS,
    LAMP,
    OPENABLE,
    ROOMS,
    Room,
)
from agentgym_envs.alfworld.problem import Receptacle, Thing
from agentgym_envs.draws import Weighted, between, choose, shuffle, weigh

Spot = tuple[int, int, int]  # centimetres to the right, up and forward

SEED = 1712_05474  # of plan 0; a plan's seed is this plus its number
LEFT_OPEN = 0.05  # how likely a door stands open

# Furniture that is often built one beside the other, so that one stands at the same
# spot for both: how often, and how far away the second is.
STACKED: dict[str, tuple[float, Spot]] = {
    "Cabinet": (0.25, (0, -25, 0)),
    "Drawer": (0.35, (0, -25, 0)),
    "Shelf": (0.3, (0, -25, 0)),
    "StoveBurner": (0.6, (20, 0, -20)),
}
IN_THE_MIDDLE = ("DiningTable", "CoffeeTable", "Ottoman")
BASINS = {"SinkBasin": "Sink", "BathtubBasin": "Bathtub"}

# Where fixtures may stand, the best first, and in which share of rooms they do.
STANDS = {
    LAMP: ("Desk", "SideTable", "Dresser"),
    "Television": ("TVStand", "Dresser"),
    "HousePlant": ("CoffeeTable", "DiningTable", "CounterTop", "SideTable"),
}
BEST_STAND = 0.6  # how likely it is the best that the room has
FIXTURE_CHANCES: dict[Room, dict[str, float]] = {
    "kitchen": {"HousePlant": 0.3},
    "living room": {LAMP: 1.0, "Television": 0.8, "HousePlant": 0.5},
    "bedroom": {LAMP: 1.0, "Television": 0.2},
    "bathroom": {},
}


# Spelt once, because every thing of every item has three of them in its name.
# Negative positions count from the end, which is where the negative numbers are put.
_REACH = 1500  # centimetres
_METRES = tuple(
    f"_{'minus' if number < 0 else 'plus'}_"
    f"{abs(number) // 100:02}_dot_{abs(number) % 100:02}"
    for number in (*range(_REACH), *range(-_REACH, 0))
)


class Piece(NamedTuple):
    """A piece of furniture, and where one stands to use it."""

    name: str
    spot: Spot
    location: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A furnished room without its loose things.

    Args:
        number: The number of the floor plan.
        classes: The class of each receptacle, such as ``Cabinet``.
        spots: Where each receptacle is.
        fixtures: What can't be picked up.
        places: Per class of things, the receptacles (by position) that may hold it.
    """

    number: int
    room: Room
    start: str
    locations: tuple[str, ...]
    receptacles: tuple[Receptacle, ...]
    classes: tuple[str, ...]
    spots: tuple[Spot, ...]
    fixtures: tuple[Thing, ...]
    places: Mapping[str, Weighted[int]]


def room_of(number: int) -> Room:
    """The kind of room that a plan number stands for."""
    for room, numbers in ROOMS.items():
        if number in numbers:
            return room
    raise ValueError(f"there is no floor plan {number}")


@cache  # there are 120
def plan(number: int) -> Plan:
    """Build a floor plan."""
    room = room_of(number)
    rng = Random(SEED + number)
    pieces = _arrange(rng, room)
    receptacles = tuple(_receptacle(rng, piece) for piece in pieces)
    taken = {piece.location for piece in pieces}
    start = _start(rng, taken)
    classes = tuple(piece.name for piece in pieces)
    things = [name for names in COUNTS[room].values() for name in names.split()]
    places = {name: _places(name, classes) for name in things}
    return Plan(
        number=number,
        room=room,
        start=start,
        locations=(start, *sorted(taken)),
        receptacles=receptacles,
        classes=classes,
        spots=tuple(piece.spot for piece in pieces),
        fixtures=tuple(_fixtures(rng, room, pieces, receptacles)),
        places={name: where for name, where in places.items() if where.values},
    )


def spell(name: str, spot: Spot) -> str:
    """Name something as the game files do, by its class and its place.

    >>> spell("Mug", (-73, 92, 152))
    'Mug_bar__minus_00_dot_73_bar__plus_00_dot_92_bar__plus_01_dot_52'
    """
    right, up, forward = spot
    return f"{name}_bar_{_METRES[right]}_bar_{_METRES[up]}_bar_{_METRES[forward]}"


def _arrange(rng: Random, room: Room) -> list[Piece]:
    """Put furniture along the walls; give class, place and standing location."""
    names = _furnish(rng, room)
    amounts = FURNISHING[room]
    half = sum(amounts[name].width * 50 + 15 for name in names) // 8 + 50
    along = between(rng, 0, half)
    pieces: list[Piece] = []
    stacks = ""  # the class of which one more may stand at the last spot
    for name in names:
        chance, shift = STACKED.get(name, (0.0, (0, 0, 0)))
        if name == stacks and rng.random() < chance:
            _, beside, location = pieces[-1]
            right, up, forward = map(sum, zip(beside, shift, strict=True))
            pieces.append(Piece(name, (right, up, forward), location))
            stacks = ""  # two are enough
            continue
        width = amounts[name].width * 50
        if name in IN_THE_MIDDLE:
            wall = between(rng, 0, 3)
            right, forward = between(rng, -60, 60), between(rng, -60, 60)
        else:
            middle = along + width // 2
            wall = middle // (2 * half) % 4
            right, forward = _on_wall(wall, middle % (2 * half) - half, half)
            along += width + between(rng, 5, 15)
        spot = (right, amounts[name].height + between(rng, -4, 4), forward)
        pieces.append(Piece(name, spot, _in_front(wall, spot)))
        stacks = name
    return pieces


def _furnish(rng: Random, room: Room) -> list[str]:
    """Draw what stands in the room, pieces of a class together."""
    groups = []
    for name, amount in FURNISHING[room].items():
        if rng.random() < amount.chance:
            groups.append([name] * between(rng, amount.low, amount.high))
    shuffle(rng, groups)
    return [name for group in groups for name in group]


def _on_wall(wall: int, offset: int, half: int) -> tuple[int, int]:
    """Give the place on a wall: 0 ahead, 1 right, 2 behind, 3 left."""
    return ((offset, half), (half, -offset), (-offset, -half), (-half, offset))[wall]


def _in_front(wall: int, spot: Spot) -> str:
    """Name the location from which one reaches a spot by facing the wall."""
    right, up, forward = spot
    ahead, aside = ((0, -60), (-60, 0), (0, 60), (60, 0))[wall]
    tilt = 60 if up < 50 else 30 if up < 120 else 0
    return _location(right + ahead, forward + aside, wall, tilt)


def _location(right: int, forward: int, wall: int, tilt: int) -> str:
    """Spell a location: steps of 25 centimetres, quarter turns, degrees down."""
    steps = (f"{'_minus_' * (n < 0)}{abs(n)}" for n in (right // 25, forward // 25))
    return "_bar_".join(("loc", *steps, str(wall), str(tilt)))


def _start(rng: Random, taken: set[str]) -> str:
    """Draw the location where every item begins, with nothing in reach."""
    while True:
        right, forward = between(rng, -100, 100), between(rng, -100, 100)
        location = _location(right, forward, between(rng, 0, 3), 30)
        if location not in taken:
            return location


def _receptacle(rng: Random, piece: Piece) -> Receptacle:
    name, spot, location = piece
    basin = BASINS.get(name)
    openable = name in OPENABLE
    return Receptacle(
        id=f"{spell(basin, spot)}_bar_{name}" if basin else spell(name, spot),
        type=f"{name}Type",
        location=location,
        openable=openable,
        opened=openable and rng.random() < LEFT_OPEN,
    )


def _fixtures(
    rng: Random,
    room: Room,
    pieces: Sequence[Piece],
    receptacles: Sequence[Receptacle],
) -> Iterator[Thing]:
    """Draw what stands on the furniture for good."""
    for name, chance in FIXTURE_CHANCES[room].items():
        wanted = rng.random() < chance
        stands = [
            [at for at, piece in enumerate(pieces) if piece.name == furniture]
            for furniture in STANDS[name]
        ]
        found = [group for group in stands if group]
        if not wanted or not found:
            continue
        group = found[0] if rng.random() < BEST_STAND else choose(rng, found)
        at = choose(rng, group)
        right, up, forward = pieces[at].spot
        yield Thing(
            spell(name, (right - 20, up + 12, forward + 20)),
            f"{name}Type",
            receptacles[at].id,
            pickupable=False,
            toggleable=name == LAMP,
        )


def _places(name: str, classes: tuple[str, ...]) -> Weighted[int]:
    """Weigh the receptacles that may hold a class of things.

    A class of furniture has its weight as a whole: twelve cabinets don't attract
    more mugs than four.
    """
    weights = read_weights(HOMES[name])
    return weigh(
        (position, weights.get(furniture, ELSEWHERE) / classes.count(furniture))
        for position, furniture in enumerate(classes)
        if name in HOLDS[furniture]
    )
