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
MAX_MACROS = 100  # longer plans are given up
MAX_DETOURS = 40  # positions to begin anew from
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


class _Branch(NamedTuple):
    """The beginning of a plan."""

    so_far: Outlook
    position: Position

    def extend(self, macros: int, moves: int, first: str) -> Outlook:
        """Append to the beginning."""
        before = self.so_far
        return Outlook(
            before.macros + macros, before.moves + moves, before.first or first
        )


def _detours(position: Position) -> list[Outlook]:
    """Begin with any other macro and go on in one of the manners.

    All macros are tried for the first step. Only if none of them leads to success,
    more follow.
    """
    found: list[Outlook] = []
    known = {position}
    branches = [_Branch(Outlook(0, 0, ""), position)]
    while branches and not found:
        branches = _ramify(branches, known, found)
        for branch in branches:
            for rest in _outlooks(branch.position):
                found.append(branch.extend(*rest))
    return found


def _ramify(
    branches: list[_Branch], known: set[Position], found: list[Outlook]
) -> list[_Branch]:
    """Give the beginnings that are one macro longer; note those that win at once."""
    longer: list[_Branch] = []
    for branch in branches:
        for macro in branch.position.world.look().useful:
            if len(known) > MAX_DETOURS:
                return longer
            advance = _play(branch.position, macro)
            so_far = branch.extend(1, advance.moves, macro)
            if advance.has_won:
                found.append(so_far)
            elif not advance.is_over and advance.position not in known:
                known.add(advance.position)
                longer.append(_Branch(so_far, advance.position))
    return longer
