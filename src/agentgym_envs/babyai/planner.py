"""The next goal of an expert who sees the whole grid.

A mission part that is due is turned into the first thing that has to be done for it:
face, take, drop or toggle something. Nothing is remembered: the same world always
gives the same goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentgym_envs.babyai.chores import Chores, Goal, Manner, Stuck
from agentgym_envs.babyai.codes import EMPTY, KEY, OPEN, state_of
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.mission import NONE, Part
from agentgym_envs.babyai.routes import NEVER, Route, route, splits, spread

HANDLING = 3  # what taking or laying down costs, in steps
DOOR_TWICE = 4  # closing an open door first


def next_goal(world: World, manner: Manner) -> Goal:
    """Give the goal to pursue now.

    Raises:
        Stuck: if none of the parts that are due can be worked on.
    """
    planner = _Planner(world, manner)
    plans = []
    for part in planner.parts:
        try:
            plans.append(planner.plan(part))
        except Stuck:
            continue
    if not plans:
        raise Stuck("no part of the mission can be worked on")
    if manner.choice == "nearest":
        return min(plans, key=_cost).goal
    return plans[0 if manner.choice == "first" else -1].goal


class _Plan(NamedTuple):
    """The first goal for a part, and what the part may cost."""

    cost: int
    goal: Goal


class _Carriage(NamedTuple):
    """How to put one thing next to another."""

    cost: int
    way: Route
    """The way to the thing."""
    carry: list[int]
    """The cells to walk with it."""
    spots: list[int]
    """Where it may be put."""


def _cost(plan: _Plan | _Carriage) -> int:
    return plan.cost


class _Planner(Chores):
    """Planning in one state of the world."""

    def plan(self, part: Part) -> _Plan:
        """Give the plan for a part."""
        match part.verb:
            case "go to":
                return self._go_to(part)
            case "open":
                return self._open(part)
            case "pick up":
                return self._pick_up(part)
            case "put next":
                return self._put_next(part)

    def _go_to(self, part: Part) -> _Plan:
        places = self.world.progress.places[part.index]
        if not places:
            # They are looked up anew at the next drop, and lie in the hand now.
            return _Plan(HANDLING, self.lay_down([]))
        way = self.nearest(self.ways_now, places)
        goal = self.clear(way.path) or Goal("face", places, part.index)
        return _Plan(way.cost, goal)

    def _pick_up(self, part: Part) -> _Plan:
        cells = self.where(part.objects)
        if not cells and self.world.carried in part.objects:
            return _Plan(HANDLING, self.lay_down([]))
        way = self.nearest(self.ways_free, cells)
        if goal := self.clear(way.path):
            return _Plan(way.cost, goal)
        if self.is_laden:
            return _Plan(way.cost + HANDLING, self.lay_down([way.path]))
        return _Plan(way.cost, Goal("take", frozenset(cells), part.index))

    def _open(self, part: Part) -> _Plan:
        ways = []
        for cell in self.where(part.objects):
            is_open = state_of(self.cells[cell]) == OPEN
            if is_open and self.world.parity:
                continue  # it can't be closed to be opened again
            way = route(self.ways_now, self.stride, [cell])
            if way:
                extra = DOOR_TWICE if is_open else 0
                if self.is_locked(cell) and not self.is_openable(cell):
                    extra = self.manner.lock
                ways.append(way._replace(cost=way.cost + extra))
        for way in sorted(ways, key=lambda way: way.cost):
            try:
                return _Plan(way.cost, self._open_at(way, part))
            except Stuck:
                continue
        raise Stuck("there is no way to a door")

    def _open_at(self, way: Route, part: Part) -> Goal:
        if goal := self.clear(way.path):
            return goal
        door = frozenset([way.end])
        if state_of(self.cells[way.end]) == OPEN:
            return Goal("toggle", door)
        if self.is_locked(way.end) and not self.is_openable(way.end):
            return self.fetch_key(way.end, [way.path])
        return Goal("toggle", door, part.index)

    def _put_next(self, part: Part) -> _Plan:
        if self.world.carried in part.objects:
            spots = self._spots(self.where(part.fixed))
            way = route(self.ways_now, self.stride, spots)
            if way:
                goal = self.clear(way.path, [spots])
                drop = Goal("drop", self._best(spots), part.index)
                return _Plan(way.cost, goal or drop)
        carriages = self._carriages(part)
        if not carriages:
            return self._make_room(part)
        cost, way, carry, spots = min(carriages, key=_cost)
        avoid = [way.path, carry, spots]
        goal = self.clear(way.path, [carry, spots])
        # Once the hands are full, nothing can be moved out of the way any more.
        goal = goal or self._clear_ahead(carry, avoid)
        return _Plan(cost + HANDLING, goal or self.take(way.end, avoid))

    def _carriages(self, part: Part) -> list[_Carriage]:
        """What could be put where, by which ways."""
        found = []
        for cell in self.where(part.objects):
            way = route(self.ways_free, self.stride, [cell])
            spots = self._spots([c for c in self.where(part.fixed) if c != cell], cell)
            if way is None or not spots:
                continue
            near = self.neighbours(spots)
            stands = tuple([c for c in near if self.prices_free[c] != NEVER])
            beyond = spread(self.prices_free, self.stride, stands, back=True)
            if cell in beyond.cost:
                cost = way.cost + beyond.cost[cell]
                found.append(_Carriage(cost, way, beyond.path(cell)[1:], spots))
        return found

    def _spots(self, fixed: Sequence[int], moved: int = NONE) -> list[int]:
        """The cells next to these that are free, at least once a thing is taken."""
        return [
            cell
            for cell in self.neighbours(fixed)
            if self.cells[cell] == EMPTY or cell == moved
        ]

    def _best(self, spots: Sequence[int]) -> frozenset[int]:
        """The spots where a thing does no harm, if some can be reached."""
        harmless = [c for c in spots if not splits(self.cells, self.stride, c)]
        if harmless and route(self.ways_clear, self.stride, harmless):
            return frozenset(harmless)
        return frozenset(spots)

    def _clear_ahead(
        self, carry: Sequence[int], avoid: Sequence[Sequence[int]]
    ) -> Goal | None:
        """Clear the way that a thing will be carried; None if it is clear."""
        for cell in carry:
            if self.cells[cell] < KEY and not self.is_locked(cell):
                continue
            way = self.nearest(self.ways_free, [cell])
            if goal := self.clear(way.path, avoid):
                return goal
            if self.is_openable(cell):
                return Goal("toggle", frozenset([cell]))
            if self.is_locked(cell):
                return self.fetch_key(cell, [way.path, *avoid])
            return self.take(cell, [way.path, *avoid])
        return None

    def _make_room(self, part: Part) -> _Plan:
        """Begin to free a cell next to what something is to be put next to."""
        if self.world.carried in part.fixed:
            return _Plan(HANDLING, self.lay_down([]))
        fixed = self.where(part.fixed)
        beside = [c for c in self.neighbours(fixed) if self.cells[c] >= KEY]
        way = route(self.ways_free, self.stride, beside)
        if way is None:
            movable = [cell for cell in fixed if self.cells[cell] >= KEY]
            way = self.nearest(self.ways_free, movable)
        goal = self.clear(way.path) or self.take(way.end, [way.path])
        return _Plan(way.cost + self.manner.thing, goal)
