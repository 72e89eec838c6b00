"""The embedded houses: 3,400 household games made from their index alone.

Item by item the task type, the room, what lies where, and the goal are drawn; the
furniture is that of one of 120 fixed floor plans. The games have the form of ALFWorld
(Shridhar et al., arXiv:2010.03768), but share no content with it.

Items 0..2999 are for training and use 96 of the plans. Of the test items 3000..3399,
the even ones are played in those rooms as well, and the odd ones in 24 rooms of their
own.
"""

from __future__ import annotations

from bisect import bisect
from functools import cache, lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from agentgym_envs.alfworld.belongings import (
    COUNTS,
    GOAL_OBJECTS,
    GOAL_PLACES,
    TASKS,
    TEXTS,
    read_weights,
)
from agentgym_envs.alfworld.furniture import (
    CAN_CONTAIN,
    HOLDS,
    LAMP,
    PROPERTIES,
    ROOMS,
    Room,
)
from agentgym_envs.alfworld.plans import Plan, plan, spell
from agentgym_envs.alfworld.problem import (
    LOOK,
    PICK,
    TWO,
    Goal,
    Problem,
    TextVersion,
    Thing,
)
from agentgym_envs.alfworld.shortest import shortest_length
from agentgym_envs.draws import Weighted, choose, weigh
from agentgym_envs.errors import UnknownTask

TRAIN = range(3000)
TEST = range(3000, 3400)
SEED = 2010_03768_000  # of item 0; an item's seed is this plus its index
KEPT = 512  # games; about 10 kB each

# Every fifth plan is kept for the test items in rooms that training never shows.
UNSEEN = {room: numbers[4::5] for room, numbers in ROOMS.items()}
SEEN = {
    room: [number for number in numbers if number not in UNSEEN[room]]
    for room, numbers in ROOMS.items()
}

_STRATA = tuple(TASKS)
_STRATA_SUMS = tuple(accumulate(TASKS.values()))
_AMOUNTS: dict[Room, dict[str, Weighted[int]]] = {
    room: {
        name: weigh(enumerate(weights))
        for weights, names in counts.items()
        for name in names.split()
    }
    for room, counts in COUNTS.items()
}
_FLAGS: dict[str, dict[str, Any]] = {
    name: {flag: True for flag, classes in PROPERTIES.items() if name in classes}
    for counts in COUNTS.values()
    for names in counts.values()
    for name in names.split()
}


def problem(index: int, *, text_version: TextVersion = "v1") -> Problem:
    """Make the game of an item; the same on every machine, for ever.

    Raises:
        UnknownTask: if there is no such item.
    """
    return _problem(index, text_version)


def task_of(index: int) -> str:
    """The task type of an item, by its published name."""
    return _stratum(index)[0]


def plan_of(index: int) -> int:
    """The number of the floor plan where an item is played."""
    return _plan(Random(SEED + index), index)


def name_of(index: int) -> str:
    """Name an item as the published data does: its task's folder and its trial's.

    >>> name_of(0)
    'pick_and_place_simple-Potato-None-DiningTable-16/trial_0'
    """
    goal = problem(index).goal
    target = goal.receptacle_type or goal.toggle_type
    names = [kind.removesuffix("Type") for kind in (goal.object_type, target)]
    folder = "-".join([goal.kind, names[0], "None", names[1], str(plan_of(index))])
    return f"{folder}/trial_{index}"


def room_seen(index: int) -> bool:
    """Whether training items are played in the same room."""
    _check(index)
    return index in TRAIN or index % 2 == 0


def plan_length(index: int) -> int:
    """How many actions an item takes at least, for one who knows where all is."""
    return shortest_length(problem(index))


@lru_cache(maxsize=KEPT)
def _problem(index: int, text_version: TextVersion) -> Problem:
    rng = Random(SEED + index)
    plan_ = plan(_plan(rng, index))
    kind = task_of(index)
    name, target = _goals(plan_.number, kind).draw(rng)
    return Problem(
        start=plan_.start,
        locations=plan_.locations,
        receptacles=plan_.receptacles,
        things=plan_.fixtures + tuple(_fill(rng, plan_, kind, name, target)),
        can_contain=CAN_CONTAIN,
        goal=Goal(
            kind=kind,
            object_type=f"{name}Type",
            receptacle_type="" if kind == LOOK else f"{target}Type",
            toggle_type=f"{target}Type" if kind == LOOK else "",
            text=choose(rng, TEXTS[kind]).format(o=name.lower(), r=target.lower()),
        ),
        text_version=text_version,
    )


def _check(index: int) -> None:
    if index not in TRAIN and index not in TEST:
        raise UnknownTask(f"no item {index}; there are 0..{TEST[-1]}")


def _stratum(index: int) -> tuple[str, Room]:
    """Give task type and room, in the same proportions in every part of the data.

    Multiplying by a number without common divisor visits every quantile once, in an
    order that looks random enough.
    """
    _check(index)
    if index in TRAIN:
        place, size = index * 1871 % len(TRAIN), len(TRAIN)
    else:
        size = len(TEST) // 2
        place = (index - TEST[0]) // 2 * 131 % size
    quantile = (2 * place + 1) * _STRATA_SUMS[-1] // (2 * size)
    return _STRATA[bisect(_STRATA_SUMS, quantile)]


def _plan(rng: Random, index: int) -> int:
    """Draw the floor plan; the first draw of every item."""
    room = _stratum(index)[1]
    return choose(rng, SEEN[room] if room_seen(index) else UNSEEN[room])


@cache  # a few per plan
def _goals(number: int, kind: str) -> Weighted[tuple[str, str]]:
    """Weigh the goals that a room allows: pairs of a thing and its target."""
    plan_ = plan(number)
    things = [
        (name, weight)
        for name, weight in read_weights(GOAL_OBJECTS[kind]).items()
        if name in plan_.places
    ]
    if kind == LOOK:
        return weigh(((name, LAMP), weight) for name, weight in things)
    return weigh(
        ((name, target), weight * urge)
        for name, weight in things
        for target, urge in read_weights(GOAL_PLACES[kind]).items()
        if target in plan_.classes
        and name in HOLDS[target]
        and _outside(number, name, target).values
    )


@cache  # at most some hundred per plan
def _outside(number: int, name: str, target: str) -> Weighted[int]:
    """Weigh where a thing may lie without being at its target already."""
    plan_ = plan(number)
    places = plan_.places[name]
    starts = (0.0, *places.sums)
    return weigh(
        (position, end - start)
        for position, start, end in zip(
            places.values, starts, places.sums, strict=False
        )
        if plan_.classes[position] != target
    )


def _fill(rng: Random, plan_: Plan, kind: str, goal: str, target: str) -> list[Thing]:
    """Put things in their places, and those of the goal where they don't fulfil it."""
    things: list[Thing] = []
    names: set[str] = set()
    for name, amounts in _AMOUNTS[plan_.room].items():
        count = amounts.draw(rng)
        places = plan_.places.get(name)
        if places is None:
            continue
        outside = places
        elsewhere = 0  # how many must not be at the target
        if name == goal:
            count = max(count, 2 if kind == TWO else 1)
            # Where something is to be done to it first, one that lies at the target
            # already is a mere distraction.
            elsewhere = count if kind in (PICK, TWO) else 1
            outside = _outside(plan_.number, name, target)
        type_, flags = f"{name}Type", _FLAGS[name]
        for number in range(count):
            position = (outside if number < elsewhere else places).draw(rng)
            id_ = _name(rng, name, plan_.spots[position])
            while id_ in names:
                id_ = _name(rng, name, plan_.spots[position])
            names.add(id_)
            holder = plan_.receptacles[position].id
            things.append(Thing(id_, type_, holder, **flags))
    return things


def _name(rng: Random, name: str, spot: tuple[int, int, int]) -> str:
    """Name a thing by a place close to that of its receptacle."""
    right, up, forward = spot
    bits = rng.getrandbits(13)
    return spell(
        name,
        (right + (bits & 31) - 16, up + (bits >> 10), forward + (bits >> 5 & 31) - 16),
    )
