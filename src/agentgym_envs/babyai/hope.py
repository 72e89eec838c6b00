"""When a mission can't be accomplished any more, and why.

The proof is generous: movable objects are no obstacles, and a key that can be reached
once opens its doors for good. What is out of reach even so is out of reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from agentgym_envs.babyai.codes import (
    LOCKED,
    OPEN,
    WALL,
    colour_of,
    is_door,
    is_key,
    state_of,
)
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.mission import NONE, Instruction, Part, Progress
from agentgym_envs.babyai.routes import around

GONE = "something that the mission needs no longer exists"
LOCKED_AWAY = "the way is locked, and no key to it can be reached"
STANDS_OPEN = "the door to open stands open, and can't be closed to be opened again"


@dataclass(slots=True)
class _Reach:
    """What the agent may get at in the best case."""

    faced: set[int] = field(default_factory=set)
    """The cells it can stand before or on."""
    things: set[int] = field(default_factory=set)
    """The objects it can get at; locked doors only if it can get their keys."""


def why_hopeless(world: World) -> str:
    """Say why no play can accomplish the mission; empty if that is not certain."""
    reach = _reach(world)
    for part in _pending(world.scene.mission, world.progress):
        if reason := _why_not(world, part, reach):
            return reason
    return ""


def _pending(instruction: Instruction, progress: Progress) -> Iterator[Part]:
    """Give the parts that are not achieved, due or not."""
    if isinstance(instruction, Part):
        yield instruction
        return
    for child in (instruction.first, instruction.second):
        if not progress.done[child.index]:
            yield from _pending(child, progress)


def _why_not(world: World, part: Part, reach: _Reach) -> str:
    everything = {*world.at.values(), *_unpacked(world, world.at.values())}
    everything |= {world.carried, *_unpacked(world, [world.carried])}
    if part.verb == "go to":
        # What was there when the places were looked up last need not be there now.
        if not reach.faced.isdisjoint(world.progress.places[part.index]):
            return ""
    elif part.verb == "put next":
        if not _are_two(part.objects & everything, part.fixed & everything):
            return GONE
        faced = {n for cell, n in world.at.items() if cell in reach.faced}
        beside = part.fixed & (faced | reach.things)
        if not _are_two(part.objects & reach.things, beside):
            return LOCKED_AWAY
        return ""
    elif part.verb == "open" and world.parity:
        codes = [world.cells[c] for c, n in world.at.items() if n in part.objects]
        if all(state_of(code) == OPEN for code in codes):
            return STANDS_OPEN
    if part.objects.isdisjoint(everything):
        return GONE
    return LOCKED_AWAY if part.objects.isdisjoint(reach.things) else ""


def _are_two(objects: Collection[int], fixed: Collection[int]) -> bool:
    """Whether one of these can be put next to another of those."""
    return bool(objects and fixed) and len({*objects, *fixed}) > 1


def _unpacked(world: World, things: Collection[int]) -> set[int]:
    """What is in the boxes among these, which parity rules never open."""
    inside = {} if world.parity else world.scene.inside
    return {inside[thing] for thing in things if thing in inside}


def _reach(world: World) -> _Reach:
    """Flood the rooms, again whenever a new key is found."""
    scene = world.scene
    colours: set[int] = set()
    while True:
        reach = _Reach(_flood(world, colours))
        for cell in reach.faced:
            thing = world.at.get(cell, NONE)
            if thing != NONE and not _is_shut(world.cells[cell], colours):
                reach.things.add(thing)
        if world.carried != NONE:
            reach.things.add(world.carried)
        reach.things |= _unpacked(world, reach.things)
        codes = [scene.codes[thing] for thing in reach.things]
        found = {colour_of(code) for code in codes if is_key(code)}
        if found <= colours:
            return reach
        colours |= found


def _flood(world: World, colours: Collection[int]) -> set[int]:
    reached = {world.agent}
    stack = [world.agent]
    while stack:
        cell = stack.pop()
        code = world.cells[cell]
        if code == WALL or _is_shut(code, colours):
            continue
        for near in around(cell, world.scene.stride):
            if near not in reached:
                reached.add(near)
                stack.append(near)
    return reached


def _is_shut(code: int, colours: Collection[int]) -> bool:
    """Whether this is a door that is locked, without a key of its colour."""
    return is_door(code) and state_of(code) == LOCKED and colour_of(code) not in colours
