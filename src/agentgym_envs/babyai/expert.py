"""The expert of BabyAI: plan on the full grid, act through the text layer.

Each *manner* of planning gives one macro for every state. The expert plays the
manners out on copies of the world and follows the one that succeeds in the fewest
macros. So a manner that walks in circles is found out before the first step. Nothing
but the state decides, and each step leaves one macro less to play: the expert can be
interrupted anywhere and resumed elsewhere.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import NamedTuple

from agentgym_envs.babyai.chores import Goal, Manner, Stuck
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.hope import why_hopeless
from agentgym_envs.babyai.macro_search import first_macro
from agentgym_envs.babyai.mission import CONTINUE, SUCCESS
from agentgym_envs.babyai.planner import next_goal
from agentgym_envs.errors import NoExpertAction

MANNERS = (
    Manner(),
    Manner(late=True),
    Manner(choice="first", late=True),
    Manner(choice="last"),
    Manner(thing=40, burden=120, lock=30),
)
LONG = range(21, 25)  # macros of a plan that a detour may bring below the horizon
MAX_MACROS = 150  # longer plans are given up
MAX_DETOURS = 60  # positions to begin anew from
KEPT = 2048  # positions whose next macro is remembered


class Position:
    """A world as a key, its clock aside: equal ones have the same future."""

    __slots__ = ("_hash", "_key", "world")

    def __init__(self, world: World) -> None:
        self.world = world = world.copy()
        world.steps, world.status, world.reward = 0, CONTINUE, 0.0
        progress = world.progress
        objects = array("l")
        for item in sorted(world.at.items()):
            objects.extend(item)
        self._key = (
            world.scene,
            world.parity,
            world.agent,
            world.heading,
            world.carried,
            bytes(world.cells),
            objects.tobytes(),
            world.view,
            tuple(progress.places),
            tuple(progress.held),
            tuple(progress.done),
        )
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Position) and self._key == other._key


class Advance(NamedTuple):
    """What one macro leads to."""

    macro: str
    moves: int
    """The low-level actions that it takes."""
    position: Position
    has_won: bool
    is_over: bool


class Outlook(NamedTuple):
    """What it takes to succeed; the least is the best."""

    macros: int
    moves: int
    first: str
    """The macro to begin with."""


def best_macro(world: World) -> str:
    """Give the expert's next macro in a world where play goes on.

    Raises:
        NoExpertAction: if the mission can't be accomplished, or no way is found.
    """
    position = Position(world)
    outlooks = _outlooks(position)
    in_time = [outlook for outlook in outlooks if _is_in_time(world, outlook.moves)]
    if not in_time and (reason := why_hopeless(world)):
        raise NoExpertAction(reason)
    if not in_time or min(in_time).macros in LONG:
        outlooks += _detours(position)
        in_time = [outlook for outlook in outlooks if _is_in_time(world, outlook.moves)]
    if in_time:
        return min(in_time).first
    if outlooks:
        raise NoExpertAction("the level's limit leaves too little time")
    raise NoExpertAction("no way to accomplish the mission was found")


def _is_in_time(world: World, moves: int) -> bool:
    """Whether a success so many low-level actions from now counts."""
    total, limit = world.steps + moves, world.scene.max_steps
    if world.parity:
        return 1 - 0.9 * (total / limit) > 0.5
    return total <= limit


def _outlooks(position: Position) -> list[Outlook]:
    """Play the manners out, each to its end."""
    found = [_outlook(position, manner) for manner in MANNERS]
    return [outlook for outlook in found if outlook is not None]


def _outlook(position: Position, manner: Manner) -> Outlook | None:
    seen = set()
    moves, first = 0, ""
    for macros in range(1, MAX_MACROS + 1):
        seen.add(position)
        advance = _advance(position, manner)
        if advance is None:
            return None
        first = first or advance.macro
        moves += advance.moves
        if advance.has_won:
            return Outlook(macros, moves, first)
        position = advance.position
        if advance.is_over or position in seen:
            return None
    return None


@lru_cache(maxsize=KEPT)
def _advance(position: Position, manner: Manner) -> Advance | None:
    """Play one macro in a manner; None if it knows none."""
    try:
        goal = next_goal(position.world, manner)
    except Stuck:
        return None
    return _pursue(position, goal)


@lru_cache(maxsize=KEPT)
def _pursue(position: Position, goal: Goal) -> Advance | None:
    """Play the first macro towards a goal, on which manners often agree."""
    macro = first_macro(position.world, goal)
    return None if macro is None else _play(position, macro)


def _play(position: Position, macro: str) -> Advance:
    world = position.world.copy()
    world.run(macro)
    won, over = world.status == SUCCESS, world.is_over
    return Advance(macro, world.steps, Position(world), won, over)


def _detours(position: Position) -> list[Outlook]:
    """Begin with any other macro and go on in one of the manners.

    All macros are tried for the first step. Only if none of them leads to success,
    more follow.
    """
    found: list[Outlook] = []
    known = {position}
    layer = [Outlook(0, 0, "")]
    positions = [position]
    while positions and not found and len(known) < MAX_DETOURS:
        layer, positions = _spread(layer, positions, known)
        for way, there in zip(layer, positions, strict=True):
            for rest in _outlooks(there):
                macros, moves = way.macros + rest.macros, way.moves + rest.moves
                found.append(Outlook(macros, moves, way.first))
    return found


def _spread(
    ways: list[Outlook], positions: list[Position], known: set[Position]
) -> tuple[list[Outlook], list[Position]]:
    """Give the positions that are one macro further, and the ways to them."""
    further: list[Outlook] = []
    reached: list[Position] = []
    for way, position in zip(ways, positions, strict=True):
        for macro in position.world.look().useful:
            advance = _play(position, macro)
            if advance.is_over or advance.position in known:
                continue
            if len(known) >= MAX_DETOURS:
                return further, reached
            known.add(advance.position)
            moves = way.moves + advance.moves
            further.append(Outlook(way.macros + 1, moves, way.first or macro))
            reached.append(advance.position)
    return further, reached
