"""The expert of BabyAI: plan on the full grid, act through the text layer.

Each *manner* of planning gives one macro for every state. The expert plays a manner
out on a copy of the world, and follows it only if that ends in success. A manner
that goes round in circles is thus found out before the first step, and another one
takes over. Since nothing but the state decides, and each step leaves one macro less
to play, the expert can be interrupted and resumed anywhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.macro_search import first_macro
from agentgym_envs.babyai.mission import CONTINUE, SUCCESS
from agentgym_envs.babyai.planner import Manner, Stuck, next_goal
from agentgym_envs.errors import NoExpertAction

MANNERS = (
    Manner(),
    Manner(choice="first"),
    Manner(choice="last"),
    Manner(thing=6, burden=18),
    Manner(thing=40, burden=120, lock=30),
    Manner(choice="first", thing=6, burden=18),
)
PROMPT = 16  # macros; when the first manner needs more, the others are compared
MAX_MACROS = 200  # longer plans walk in circles


class Position:
    """A world as a key: two are equal if the same can happen from there."""

    __slots__ = ("_hash", "_key", "world")

    def __init__(self, world: World) -> None:
        world.steps, world.status, world.reward = 0, CONTINUE, 0.0
        self.world = world
        progress = world.progress
        self._key = (
            world.scene,
            world.parity,
            world.agent,
            world.heading,
            world.carried,
            bytes(world.cells),
            tuple(sorted(world.at.items())),
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
    """One macro of a plan."""

    macro: str
    moves: int
    """The low-level actions that it takes."""
    position: Position
    has_won: bool
    is_over: bool


class Outlook(NamedTuple):
    """What following a manner to the end takes."""

    macros: int
    moves: int
    first: str


def best_macro(world: World) -> str:
    """Give the expert's next macro action.

    Raises:
        NoExpertAction: if no way to success is found.
    """
    position = Position(world.copy())
    best: Outlook | None = None
    for manner in MANNERS:
        outlook = _follow(position, manner)
        if outlook is None:
            continue
        if best is None or outlook.macros < best.macros:
            best = outlook
        if best.macros <= PROMPT:
            break
    if best is None:
        raise NoExpertAction("no way to success was found")
    return best.first


def _follow(position: Position, manner: Manner) -> Outlook | None:
    seen = set()
    moves = 0
    first = ""
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


@lru_cache(maxsize=2048)
def _advance(position: Position, manner: Manner) -> Advance | None:
    try:
        goal = next_goal(position.world, manner)
    except Stuck:
        return None
    macro = first_macro(position.world, goal)
    if macro is None:
        return None
    world = position.world.copy()
    world.run(macro)
    moves, has_won, is_over = world.steps, world.status == SUCCESS, world.is_over
    return Advance(macro, moves, Position(world), has_won, is_over)
