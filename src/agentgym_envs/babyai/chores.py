"""What the expert has to do on its way: clear it, fetch keys, lay things down.

Prices decide where to go: an obstacle costs about as many steps as it takes to remove
it, so that a detour is taken if it is shorter. A `Manner` sets those prices.
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

MAX_LOCKS = 6  # doors that may wait for each other's keys


class Manner(NamedTuple):
    """A way to weigh things; where one walks in circles, another may not."""

    choice: Literal["nearest", "first", "last"] = "nearest"
    """Which of the parts that are due to work on."""
    thing: int = 14
    """The price of an object in the way."""
    burden: int = 42
    """The same when another one has to be laid down first."""
    lock: int = 60
    """The price of a locked door without its key."""
    late: bool = False
    """Whether to carry things along and lay them down near what comes next."""


class Goal(NamedTuple):
    """Something to do to one of these cells."""

    deed: Literal["face", "take", "drop", "toggle"]
    cells: frozenset[int]
    part: int = NONE
    """The index of the mission part that this completes."""


class Stuck(Exception):
    """No way was found to what is wanted."""


class Chores:
    """The ways in one state of the world, and what they demand.

    Methods that give a `Goal` give the first thing to do.
    """

    def __init__(self, world: World, manner: Manner) -> None:
        self.world = world
        self.manner = manner
        self.cells = world.cells
        self.stride = world.scene.stride
        self.in_hand = world.scene.code_of(world.carried)
        self.is_laden = world.carried != NONE
        self.parts = due(world.scene.mission, world.progress)
        self.cell_of = {thing: cell for cell, thing in world.at.items()}

    # Ways

    def prices(self, fees: Fees, banned: Collection[int] = ()) -> bytes:
        """What entering each cell costs; what would fail the mission is closed."""
        prices = bytearray(self.cells.translate(price_list(fees, self.in_hand)))
        for cell in banned:
            prices[cell] = NEVER
        # Under parity rules a failure has no consequence.
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

    def ways(self, prices: bytes) -> Field:
        """The ways from the agent at these prices."""
        return spread(prices, self.stride, (self.world.agent,))

    @cached_property
    def prices_free(self) -> bytes:
        """Prices for an agent that has laid down what it carries."""
        return self.prices(Fees(self.manner.thing, self.manner.lock))

    @cached_property
    def ways_free(self) -> Field:
        """Ways for an agent that has laid down what it carries."""
        return self.ways(self.prices_free)

    @cached_property
    def ways_now(self) -> Field:
        """Ways for the agent with what it carries."""
        if not self.is_laden:
            return self.ways_free
        return self.ways(self.prices(Fees(self.manner.burden, self.manner.lock)))

    @cached_property
    def ways_clear(self) -> Field:
        """Ways without any obstacle."""
        return self.ways(self.prices(BARRED))

    def nearest(self, field: Field, ends: Collection[int]) -> Route:
        """The cheapest way to face one of these cells.

        Raises:
            Stuck: if there is none.
        """
        found = route(field, self.stride, ends)
        if found is None:
            raise Stuck("there is no way")
        return found

    def where(self, things: Iterable[int]) -> list[int]:
        """The cells of those objects that lie somewhere."""
        return sorted(self.cell_of[n] for n in things if n in self.cell_of)

    def neighbours(self, cells: Iterable[int]) -> list[int]:
        """The cells next to these."""
        return sorted({near for cell in cells for near in around(cell, self.stride)})

    def is_locked(self, cell: int) -> bool:
        """Whether a cell holds a locked door, whatever is in the hand."""
        code = self.cells[cell]
        return is_door(code) and state_of(code) == LOCKED

    def is_openable(self, cell: int) -> bool:
        """Whether a cell holds a locked door whose key is in the hand."""
        return opens(self.in_hand, self.cells[cell])

    # Chores

    def take(self, cell: int, avoid: Sequence[Sequence[int]]) -> Goal:
        """Take what lies within reach, after laying down what is in the hand."""
        if self.is_laden:
            return self.lay_down(avoid)
        return Goal("take", frozenset([cell]))

    def clear(
        self,
        path: Sequence[int],
        avoid: Sequence[Sequence[int]] = (),
        banned: frozenset[int] = frozenset(),
    ) -> Goal | None:
        """Remove the first obstacle of a path; None if there is none.

        Args:
            path: Cells to walk, beginning next to the agent.
            avoid: More cells to keep clear.
            banned: Locked doors whose keys are being fetched already.
        """
        for cell in path:
            if self.cells[cell] >= KEY:
                return self.take(cell, [path, *avoid])
            if self.is_locked(cell) and not self.is_openable(cell):
                return self.fetch_key(cell, [path, *avoid], banned)
        return None

    def fetch_key(
        self,
        lock: int,
        avoid: Sequence[Sequence[int]],
        banned: frozenset[int] = frozenset(),
    ) -> Goal:
        """Fetch the key of a door, maybe through other locked doors."""
        banned |= {lock}
        if len(banned) > MAX_LOCKS:
            raise Stuck("too many locked doors depend on each other")
        wanted = KEY + colour_of(self.cells[lock])
        fees = Fees(self.manner.thing, self.manner.lock)
        field = self.ways(self.prices(fees, banned))
        way = self.nearest(field, self._keys(wanted))
        if goal := self.clear(way.path, avoid, banned):
            return goal
        if self.is_laden or self.cells[way.end] == wanted:
            return self.take(way.end, [way.path, *avoid])
        return Goal("toggle", frozenset([way.end]))  # the box that the key is in

    def _keys(self, wanted: int) -> list[int]:
        """The cells with such a key or a box with one in it."""
        scene = self.world.scene
        keys = [c for c in self.cell_of.values() if self.cells[c] == wanted]
        if self.world.parity:  # nobody can open a box
            return keys
        inside = scene.inside
        boxes = [box for box in inside if scene.codes[inside[box]] == wanted]
        if self.world.carried in boxes:
            # It has to be laid down first, wherever.
            return list(around(self.world.agent, self.stride))
        return keys + self.where(boxes)

    def lay_down(self, paths: Sequence[Sequence[int]]) -> Goal:
        """Lay down what is carried where it is not in the way of these paths.

        A door on them that the key in hand opens comes first: or else the key would
        be laid down and fetched again for ever.
        """
        for path in paths:
            if (door := self._door_to_open(path)) is not None:
                return Goal("toggle", frozenset([door]))
        kept = {cell for path in paths for cell in path}
        spots = [
            cell
            for cell, cost in sorted(self.ways_clear.cost.items())
            if self.cells[cell] == EMPTY and (cost or self._can_step_off())
        ]
        harmless = [c for c in spots if not splits(self.cells, self.stride, c)]
        for choice in (
            [cell for cell in harmless if cell not in kept],
            [cell for cell in spots if cell not in kept],
            harmless,
            spots,
        ):
            if choice and self.manner.late and paths:
                return Goal("drop", self._near_end(choice, paths[0]))
            if choice:
                return Goal("drop", frozenset(choice))
        raise Stuck("there is no place to lay anything down")

    def _door_to_open(self, path: Sequence[int]) -> int | None:
        """The door that the key in hand opens, before any obstacle on a path."""
        for cell in path:
            if self.cells[cell] >= KEY:
                return None
            if self.is_openable(cell):
                within_reach = route(self.ways_clear, self.stride, [cell])
                return cell if within_reach else None
        return None

    def _can_step_off(self) -> bool:
        return len(self.ways_clear.cost) > 1

    def _near_end(self, spots: Sequence[int], path: Sequence[int]) -> frozenset[int]:
        """The spots nearest to where the clear beginning of a path ends."""
        end = self.world.agent
        for cell in path:
            if cell not in self.ways_clear.cost:
                break
            end = cell
        field = spread(self.prices(BARRED), self.stride, (end,))
        far = 1 << 30
        costs = {cell: field.cost.get(cell, far) for cell in spots}
        least = min(costs.values())
        return frozenset(cell for cell, cost in costs.items() if cost <= least + 1)
