"""From a goal to the macro actions that reach it, found by playing them.

A best-first search over the macros that the text layer offers, played on copies of
the world with their early stops. So it matters what is offered where, and nothing
else has to know about it.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from agentgym_envs.babyai.chores import Goal
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.mission import NONE, SUCCESS
from agentgym_envs.babyai.paths import DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE
from agentgym_envs.babyai.routes import BARRED, NEVER, around, price_list, spread
from agentgym_envs.babyai.text import Macro

MAX_PLAYED = 400  # macros to try before the most promising one is taken
STEP_PRICE = 0.03  # of a low-level action, in macros
REACH = 5  # steps that a macro may be worth
FAR = 10_000


class _Node(NamedTuple):
    """A world that was reached, or a macro yet to be played there."""

    priority: float
    number: int
    """Settles ties: what comes first goes first."""
    macros: int
    """Macros played, the one to be played included."""
    moves: int
    """Low-level actions played, likewise."""
    first: str
    """The first macro on the way here."""
    world: World
    plan: tuple[int, ...] | None
    """The low-level actions to be played."""


def first_macro(world: World, goal: Goal) -> str | None:
    """Give the first of the macros that reach a goal, or lead towards it.

    None if nothing leads there.
    """
    return _Search(world, goal).run()


class _Search:
    """The search from one world to one goal."""

    def __init__(self, world: World, goal: Goal) -> None:
        self.start = world
        self.goal = goal
        scene = world.scene
        in_hand = scene.code_of(world.carried)
        self.steps = tuple(scene.steps_of(heading) for heading in range(4))
        self.prices = bytes(world.cells.translate(price_list(BARRED, in_hand)))
        stands = {
            near
            for cell in goal.cells
            for near in around(cell, scene.stride)
            if self.prices[near] != NEVER
        }
        self.left = spread(
            self.prices, scene.stride, tuple(sorted(stands)), back=True
        ).cost
        self.numbers = count()
        self.queue: list[_Node] = []

    def run(self) -> str | None:
        """Play what is most promising until something reaches the goal."""
        start = self.start
        best, best_first = self._distance(start.agent, start.heading), None
        if best >= FAR:
            return None
        seen = {_key(start)}
        self._push_macros(_Node(0.0, 0, 0, 0, "", start, None))
        played = 0
        while self.queue and played < MAX_PLAYED:
            node = heappop(self.queue)
            if node.plan is None:
                self._push_macros(node)
                continue
            played += 1
            world = node.world.copy()
            world.play(node.plan)
            if self._is_reached(world):
                return node.first
            key = _key(world)
            if key in seen or not self._may_go_on(node.world, world):
                continue
            seen.add(key)
            left = self._distance(world.agent, world.heading)
            if left < best:
                best, best_first = left, node.first
            moves = node.moves - len(node.plan) + world.steps - node.world.steps
            self._push(node.macros, moves, left, node.first, world, None)
        return best_first

    def _push(
        self,
        macros: int,
        moves: int,
        left: int,
        first: str,
        world: World,
        plan: tuple[int, ...] | None,
    ) -> None:
        priority = macros + STEP_PRICE * moves + left / REACH
        number = next(self.numbers)
        node = _Node(priority, number, macros, moves, first, world, plan)
        heappush(self.queue, node)

    def _push_macros(self, node: _Node) -> None:
        """Queue the macros of a world by where they would lead if nothing stops them.

        Most of them never have to be played.
        """
        world = node.world
        look = world.look()
        known: set[tuple[int, ...]] = set()
        for name, macro in look.offers.items():
            if not self._is_wanted(world, macro):
                continue
            plan = look.moves(name)
            if not plan or plan in known:
                continue
            known.add(plan)
            agent, heading = self._end(world, plan)
            left = self._distance(agent, heading)
            if left < FAR:
                first = node.first or name
                moves = node.moves + len(plan)
                self._push(node.macros + 1, moves, left, first, world, plan)

    def _is_wanted(self, world: World, macro: Macro) -> bool:
        """Whether a macro handles nothing but what the goal is about."""
        goal, ending = self.goal, macro.ending
        if ending == (PICKUP,):
            return goal.deed == "take" and self._cell(world, macro) in goal.cells
        if ending == (DROP,):
            return goal.deed == "drop" and self._may_drop(world)
        if ending == (TOGGLE,):
            return goal.deed == "toggle" and world.front in goal.cells
        return True

    def _may_drop(self, world: World) -> bool:
        """Whether a drop here and now would count."""
        goal = self.goal
        if world.front not in goal.cells:
            return False
        held = world.progress.held
        return goal.part == NONE or held[goal.part] == world.carried

    def _cell(self, world: World, macro: Macro) -> int:
        """The cell of the grid that a macro aims at."""
        row, column = divmod(macro.target, 8)
        ahead, right = self.steps[world.heading], self.steps[(world.heading + 1) % 4]
        return world.agent + (row - 1) * ahead + (4 - column) * right

    def _end(self, world: World, plan: tuple[int, ...]) -> tuple[int, int]:
        """Where low-level actions lead if nothing is in the way."""
        agent, heading = world.agent, world.heading
        for move in plan:
            if move == FORWARD:
                agent += self.steps[heading]
            elif move == LEFT:
                heading = (heading - 1) % 4
            elif move == RIGHT:
                heading = (heading + 1) % 4
        return agent, heading

    def _distance(self, agent: int, heading: int) -> int:
        """Low-level actions to face the nearest cell of the goal, about."""
        best = FAR
        for direction, step in enumerate(self.steps):
            turns = (direction - heading) % 4
            if turns == 3:
                turns = 1
            near = agent + step
            if near in self.goal.cells:
                best = min(best, turns)
            elif self.prices[near] != NEVER and near in self.left:
                best = min(best, turns + self.prices[near] + self.left[near])
        return best

    def _is_reached(self, world: World) -> bool:
        """Whether the goal, or any part of the mission, is achieved."""
        if world.status == SUCCESS or world.progress.done != self.start.progress.done:
            return True
        goal = self.goal
        if goal.part != NONE or world.is_over:
            return False
        if goal.deed == "take":
            return world.carried != NONE
        if goal.deed == "drop":
            return world.carried == NONE
        if goal.deed == "toggle":
            return any(world.cells[c] != self.start.cells[c] for c in goal.cells)
        return world.front in goal.cells

    def _may_go_on(self, before: World, world: World) -> bool:
        """Whether nothing is spoilt: no failure, no deed that did not count."""
        if world.is_over or world.carried != before.carried:
            return False
        return self.goal.deed != "toggle" or all(
            world.cells[c] == self.start.cells[c] for c in self.goal.cells
        )


def _key(world: World) -> tuple[int, int, bytes]:
    return world.agent, world.heading, bytes(world.cells)
