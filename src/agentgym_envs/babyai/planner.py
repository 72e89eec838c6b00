"""The next goal of an expert who sees the whole grid.

A mission part that is due is turned into the first thing that has to be done for it:
face, take, drop or toggle something. What lies in the way is carried off, locked
doors send for their keys. Nothing is remembered: the same world always gives the
same goal, so that a plan survives being interrupted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from agentgym_envs.babyai.codes import (
    EMPTY,
    KEY,
    LOCKED,
    OPEN,
    colour_of,
    is_door,
    state_of,
)
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.mission import NONE, Part, due
from agentgym_envs.babyai.routes import (
    BARRED,
    NEVER,
    Fees,
    Field,
    Route,
    around,
    opens,
    price_list,
    route,
    splits,
    spread,
)

HANDLING = 3  # what taking or laying down costs, in steps
DOOR_TWICE = 4  # closing an open door first
MAX_LOCKS = 6  # doors that may wait for each other's keys


class Manner(NamedTuple):
    """A way to weigh things; where one goes round in circles, another may not."""

    choice: Literal["nearest", "first", "last"] = "nearest"
    """Which of the parts that are due to work on."""
    thing: int = 14
    """The price of an object in the way."""
    burden: int = 42
    """The same when another one has to be laid down first."""
    lock: int = 60
    """The price of a locked door without its key."""
    late: bool = False
    """Whether to lay things down near the next one instead of at once."""


class Goal(NamedTuple):
    """Something to do to one of these cells."""

    deed: Literal["face", "take", "drop", "toggle"]
    cells: frozenset[int]
    part: int = NONE
    """The index of the mission part that this completes."""


class Stuck(Exception):
    """No way was found to what is wanted."""


def next_goal(world: World, manner: Manner) -> Goal:
    """Give the goal to pursue now.

    Raises:
        Stuck: if none of the parts that are due can be worked on.
    """
    planner = _Planner(world, manner)
    options = []
    for part in planner.parts:
        try:
            options.append(planner.plan(part))
        except Stuck:
            continue
    if not options:
        raise Stuck("no part of the mission can be worked on")
    if manner.choice == "nearest":
        return min(options, key=lambda option: option[0])[1]
    return options[0 if manner.choice == "first" else -1][1]


class _Planner:
    """Planning in one state of the world."""

    def __init__(self, world: World, manner: Manner) -> None:
        self.world = world
        self.manner = manner
        self.cells = world.cells
        self.stride = world.scene.stride
        self.in_hand = world.scene.code_of(world.carried)
        self.is_laden = world.carried != NONE
        self.parts = due(world.scene.mission, world.progress)
        self.cell_of = {thing: cell for cell, thing in sorted(world.at.items())}

    # Prices and ways

    def _prices(self, fees: Fees, banned: Collection[int] = ()) -> bytes:
        """What entering each cell costs; what would fail the mission is closed."""
        prices = bytearray(self.cells.translate(price_list(fees, self.in_hand)))
        for cell in banned:
            prices[cell] = NEVER
        if not self.world.parity:
            for part in self.parts:
                if part.strict:
                    self._spare_others(prices, part)
        return bytes(prices)

    def _spare_others(self, prices: bytearray, part: Part) -> None:
        for thing, cell in self.cell_of.items():
            if thing in part.objects:
                continue
            code = self.cells[cell]
            is_shut = is_door(code) and state_of(code) != OPEN
            if is_shut if part.verb == "open" else code >= KEY:
                prices[cell] = NEVER

    @cached_property
    def _free(self) -> bytes:
        """Prices for an agent that has laid down what it carries."""
        return self._prices(Fees(self.manner.thing, self.manner.lock))

    @cached_property
    def _ways_free(self) -> Field:
        return spread(self._free, self.stride, [self.world.agent])

    @cached_property
    def _ways_now(self) -> Field:
        """Ways for the agent with what it carries."""
        if not self.is_laden:
            return self._ways_free
        prices = self._prices(Fees(self.manner.burden, self.manner.lock))
        return spread(prices, self.stride, [self.world.agent])

    @cached_property
    def _ways_clear(self) -> Field:
        """Ways without any obstacle."""
        return spread(self._prices(BARRED), self.stride, [self.world.agent])

    def _route(self, field: Field, ends: Collection[int]) -> Route:
        found = route(field, self.stride, ends)
        if found is None:
            raise Stuck("there is no way")
        return found

    def _where(self, things: Iterable[int]) -> list[int]:
        """The cells of those objects that lie somewhere."""
        return sorted(self.cell_of[n] for n in things if n in self.cell_of)

    def _neighbours(self, cells: Iterable[int]) -> list[int]:
        return sorted({near for cell in cells for near in around(cell, self.stride)})

    # Parts of the mission

    def plan(self, part: Part) -> tuple[int, Goal]:
        """Give the first goal for a part, and what the part may cost."""
        match part.verb:
            case "go to":
                return self._go_to(part)
            case "open":
                return self._open(part)
            case "pick up":
                return self._pick_up(part)
            case "put next":
                return self._put_next(part)

    def _go_to(self, part: Part) -> tuple[int, Goal]:
        places = self.world.progress.places[part.index]
        if not places:
            # They are looked up anew at the next drop, and lie in the hand now.
            return HANDLING, self._lay_down([])
        way = self._route(self._ways_now, places)
        goal = self._clear(way.path, []) or Goal("face", places, part.index)
        return way.cost, goal

    def _open(self, part: Part) -> tuple[int, Goal]:
        options = []
        for cell in self._where(part.objects):
            state = state_of(self.cells[cell])
            extra = 0
            if state == OPEN:
                if self.world.parity:
                    continue  # it can't be closed to be opened again
                extra = DOOR_TWICE
            elif state == LOCKED and not opens(self.in_hand, self.cells[cell]):
                extra = self.manner.lock
            way = route(self._ways_now, self.stride, [cell])
            if way:
                options.append((way.cost + extra, way))
        for cost, way in sorted(options, key=lambda option: option[0]):
            try:
                return cost, self._open_at(way, part)
            except Stuck:
                continue
        raise Stuck("there is no way to a door")

    def _open_at(self, way: Route, part: Part) -> Goal:
        if goal := self._clear(way.path, []):
            return goal
        code = self.cells[way.end]
        target = frozenset([way.end])
        if state_of(code) == OPEN:
            return Goal("toggle", target)
        if state_of(code) == LOCKED and not opens(self.in_hand, code):
            return self._fetch_key(way.end, way.path, [])
        return Goal("toggle", target, part.index)

    def _pick_up(self, part: Part) -> tuple[int, Goal]:
        cells = self._where(part.objects)
        if not cells and self.world.carried in part.objects:
            return HANDLING, self._lay_down([])
        way = self._route(self._ways_free, cells)
        if goal := self._clear(way.path, []):
            return way.cost, goal
        if self.is_laden:
            return way.cost + HANDLING, self._lay_down([way.path])
        return way.cost, Goal("take", frozenset(cells), part.index)

    # Put next

    def _put_next(self, part: Part) -> tuple[int, Goal]:
        if self.world.carried in part.objects:
            fixed = self._where(part.fixed)
            spots = self._spots(fixed, NONE)
            way = route(self._ways_now, self.stride, spots)
            if way:
                goal = self._clear(way.path, [spots])
                drop = Goal("drop", self._best(spots), part.index)
                return way.cost, goal or drop
        return self._bring(part)

    def _spots(self, fixed: Sequence[int], moved: int) -> list[int]:
        """The free cells next to fixed things, once the moved one is taken."""
        cells = self.cells
        return [
            cell
            for cell in self._neighbours(fixed)
            if cells[cell] == EMPTY or cell == moved
        ]

    def _nearest(self, spots: Sequence[int], path: Sequence[int]) -> list[int]:
        """The spots nearest to the end of a path, as far as nothing is in the way."""
        end = self.world.agent
        for cell in path:
            if cell not in self._ways_clear.cost:
                break
            end = cell
        field = spread(self._prices(BARRED), self.stride, [end])
        far = 1 << 30
        costs = [field.cost.get(cell, far) for cell in spots]
        least = min(costs)
        pairs = zip(spots, costs, strict=True)
        return [cell for cell, cost in pairs if cost <= least + 1]

    def _best(self, spots: Sequence[int]) -> frozenset[int]:
        """Spots where a thing does no harm, if some can be reached."""
        harmless = [c for c in spots if not splits(self.cells, self.stride, c)]
        if harmless and route(self._ways_clear, self.stride, harmless):
            return frozenset(harmless)
        return frozenset(spots)

    def _bring(self, part: Part) -> tuple[int, Goal]:
        """Begin with the thing whose whole way is cheapest."""
        options = []
        for cell in self._where(part.objects):
            fixed = [c for c in self._where(part.fixed) if c != cell]
            way = route(self._ways_free, self.stride, [cell])
            if way is None or not fixed:
                continue
            spots = self._spots(fixed, cell)
            stands = [c for c in self._neighbours(spots) if self._free[c] != NEVER]
            beyond = spread(self._free, self.stride, stands, back=True)
            if cell in beyond.cost:
                carry = beyond.path(cell)[1:]
                options.append((way.cost + beyond.cost[cell], way, carry, spots))
        if not options:
            return self._make_room(part)
        cost, way, carry, spots = min(options, key=lambda option: option[0])
        cost += HANDLING
        if goal := self._clear(way.path, [carry, spots]):
            return cost, goal
        if goal := self._clear_ahead(way, carry, spots):
            return cost, goal
        if self.is_laden:
            return cost + HANDLING, self._lay_down([way.path, carry, spots])
        return cost, Goal("take", frozenset([way.end]))

    def _clear_ahead(
        self, way: Route, carry: Sequence[int], spots: Sequence[int]
    ) -> Goal | None:
        """Give the goal that clears the way of a thing before it is taken."""
        for cell in carry:
            code = self.cells[cell]
            is_locked = is_door(code) and state_of(code) == LOCKED
            if code < KEY and not is_locked:
                continue
            there = self._route(self._ways_free, [cell])
            avoid = [way.path, carry, spots]
            if goal := self._clear(there.path, avoid):
                return goal
            if opens(self.in_hand, code):
                return Goal("toggle", frozenset([cell]))
            if is_locked:
                return self._fetch_key(cell, there.path, avoid)
            if self.is_laden:
                return self._lay_down([there.path, *avoid])
            return Goal("take", frozenset([cell]))
        return None

    def _make_room(self, part: Part) -> tuple[int, Goal]:
        """Begin to free a cell next to what something is to be put next to."""
        if self.world.carried in part.fixed:
            return HANDLING, self._lay_down([])
        fixed = self._where(part.fixed)
        near = [c for c in self._neighbours(fixed) if self.cells[c] >= KEY]
        way = route(self._ways_free, self.stride, near)
        if way is None:
            movable = [c for c in fixed if self.cells[c] >= KEY]
            way = self._route(self._ways_free, movable)
        cost = way.cost + self.manner.thing
        if goal := self._clear(way.path, []):
            return cost, goal
        if self.is_laden:
            return cost + HANDLING, self._lay_down([way.path])
        return cost, Goal("take", frozenset([way.end]))

    # Obstacles

    def _clear(
        self,
        path: Sequence[int],
        avoid: Sequence[Sequence[int]],
        banned: frozenset[int] = frozenset(),
    ) -> Goal | None:
        """Give the goal that removes the first obstacle of a path, if there is one."""
        for cell in path:
            code = self.cells[cell]
            if code >= KEY:
                if self.is_laden:
                    return self._lay_down([path, *avoid])
                return Goal("take", frozenset([cell]))
            is_locked = is_door(code) and state_of(code) == LOCKED
            if is_locked and not opens(self.in_hand, code):
                return self._fetch_key(cell, path, avoid, banned)
        return None

    def _fetch_key(
        self,
        lock: int,
        path: Sequence[int],
        avoid: Sequence[Sequence[int]],
        banned: frozenset[int] = frozenset(),
    ) -> Goal:
        """Give the first goal on the way to the key of a door."""
        banned |= {lock}
        if len(banned) > MAX_LOCKS:
            raise Stuck("too many locked doors depend on each other")
        keys = self._keys(KEY + colour_of(self.cells[lock]))
        prices = self._prices(Fees(self.manner.thing, self.manner.lock), banned)
        field = spread(prices, self.stride, [self.world.agent])
        way = self._route(field, keys)
        avoid = [path, *avoid]
        if goal := self._clear(way.path, avoid, banned):
            return goal
        if self.is_laden:
            return self._lay_down([way.path, *avoid])
        is_key = self.cells[way.end] == KEY + colour_of(self.cells[lock])
        return Goal("take" if is_key else "toggle", frozenset([way.end]))

    def _keys(self, wanted: int) -> list[int]:
        """The cells with such a key or a box with one in it.

        If the agent holds that box, it has to lay it down, wherever.
        """
        scene, at = self.world.scene, self.world.at
        boxes = (
            []
            if self.world.parity
            else [
                box
                for box, thing in scene.inside.items()
                if scene.codes[thing] == wanted
            ]
        )
        if self.world.carried in boxes:
            return list(around(self.world.agent, self.stride))
        return self._where(boxes) + sorted(
            cell for cell in at if self.cells[cell] == wanted
        )

    def _lay_down(self, paths: Sequence[Sequence[int]]) -> Goal:
        """Lay down what is carried where it won't be in the way of these paths.

        A door on them that the key in hand opens is opened before.
        """
        for path in paths:
            for cell in path:
                code = self.cells[cell]
                if code >= KEY:
                    break
                if opens(self.in_hand, code):
                    target = [cell]
                    if route(self._ways_clear, self.stride, target):
                        return Goal("toggle", frozenset(target))
                    break
        kept = {cell for path in paths for cell in path}
        ways = self._ways_clear
        free = [c for c in sorted(ways.cost) if self.cells[c] == EMPTY]
        reachable = [
            c for c in free if any(n in ways.cost for n in around(c, self.stride))
        ]
        harmless = [c for c in reachable if not splits(self.cells, self.stride, c)]
        for spots in (
            [c for c in harmless if c not in kept],
            [c for c in reachable if c not in kept],
            harmless,
            reachable,
        ):
            if spots:
                if self.manner.late and paths:
                    spots = self._nearest(spots, paths[0])
                return Goal("drop", frozenset(spots))
        raise Stuck("there is no place to lay anything down")
