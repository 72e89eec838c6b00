"""Ways over the whole grid, for the expert, who sees it all.

A way is priced cell by cell: a step costs one, a closed door two, and what has to be
moved or unlocked first costs as much as that roughly takes. Turns are free.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

from agentgym_envs.babyai.codes import (
    CLOSED,
    CODES,
    EMPTY,
    KEY,
    LOCKED,
    WALL,
    colour_of,
    is_door,
    is_key,
    state_of,
)

NEVER = 255  # the fee of what can't be entered
DOOR_FEE = 2
_CELL_BITS = 12  # enough for every grid with its border


class Fees(NamedTuple):
    """What obstacles cost."""

    thing: int
    """A movable object."""
    lock: int
    """A locked door without the key in hand."""


BARRED = Fees(NEVER, NEVER)


@lru_cache(maxsize=256)
def price_list(fees: Fees, in_hand: int) -> bytes:
    """The price of entering a cell of each code, for ``bytes.translate``."""
    return bytes([_price(code, fees, in_hand) for code in range(256)])


def _price(code: int, fees: Fees, in_hand: int) -> int:
    if code == EMPTY:
        return 1
    if code < WALL or code == WALL or code >= CODES:
        return NEVER
    if code >= KEY:
        return fees.thing
    state = state_of(code)
    if state == LOCKED and not opens(in_hand, code):
        return fees.lock
    return DOOR_FEE if state in (CLOSED, LOCKED) else 1


def opens(in_hand: int, door: int) -> bool:
    """Whether the object in hand is the key to a locked door."""
    return (
        is_door(door)
        and state_of(door) == LOCKED
        and is_key(in_hand)
        and colour_of(in_hand) == colour_of(door)
    )


def around(cell: int, stride: int) -> tuple[int, int, int, int]:
    """The four neighbours of a cell."""
    return cell + 1, cell + stride, cell - 1, cell - stride


class Field(NamedTuple):
    """Cheapest ways between some cells and all others."""

    cost: dict[int, int]
    via: dict[int, int]
    """The next cell on the way back to where the search began."""

    def path(self, cell: int) -> list[int]:
        """The cells from this one to where the search began, both included."""
        cells = [cell]
        while (cell := self.via[cell]) >= 0:
            cells.append(cell)
        return cells


@lru_cache(maxsize=128)
def spread(
    prices: bytes, stride: int, starts: tuple[int, ...], *, back: bool = False
) -> Field:
    """Find the cheapest ways from some cells, or with ``back`` to them.

    Args:
        prices: What it costs to enter each cell.
        stride: Length of a row.
        starts: Where the search begins, free of charge; in order.
        back: Whether ways lead to the starts. Cells that can't be entered are then
            no part of a way, but may be its beginning.
    """
    cost: dict[int, int] = {}
    via: dict[int, int] = {}
    heap: list[int] = []
    for start in starts:
        cost[start], via[start] = 0, -1
        heappush(heap, start)
    mask = (1 << _CELL_BITS) - 1
    while heap:
        entry = heappop(heap)
        here, cell = entry >> _CELL_BITS, entry & mask
        if here != cost[cell]:
            continue
        price = prices[cell]
        if back:
            if price == NEVER:
                continue
            here += price
        for near in (cell + 1, cell + stride, cell - 1, cell - stride):
            if back:
                total = here
            else:
                price = prices[near]
                if price == NEVER:
                    continue
                total = here + price
            if total < cost.get(near, 1 << 30):
                cost[near], via[near] = total, cell
                heappush(heap, total << _CELL_BITS | near)
    return Field(cost, via)


class Route(NamedTuple):
    """A way to where a cell can be faced."""

    cost: int
    path: list[int]
    """The cells entered, in order; the last one is next to the end."""
    end: int
    """The cell to face."""


def route(field: Field, stride: int, ends: Collection[int]) -> Route | None:
    """The cheapest way from the start of a field to facing one of these cells."""
    cost = field.cost
    best: tuple[int, int, int] | None = None
    for end in ends:
        for near in around(end, stride):
            total = cost.get(near)
            if total is not None and (best is None or (total, end, near) < best):
                best = total, end, near
    if best is None:
        return None
    total, end, near = best
    return Route(total, field.path(near)[-2::-1], end)


def splits(cells: bytes | bytearray, stride: int, cell: int) -> bool:
    """Whether something on this cell could cut ways in its surroundings.

    It can't if all its open neighbours are connected around it. Movable objects
    count as open.
    """
    ring = (
        cell + 1,
        cell + 1 + stride,
        cell + stride,
        cell - 1 + stride,
        cell - 1,
        cell - 1 - stride,
        cell - stride,
        cell + 1 - stride,
    )
    is_open = [cells[near] != WALL for near in ring]
    if all(is_open):
        return False
    # Begin behind a wall, so that no run of open cells is cut in two.
    first = is_open.index(False)
    runs, run_counts = 0, False
    for k in range(first + 1, first + 9):
        k %= 8
        if not is_open[k]:
            run_counts = False
        elif k % 2 == 0 and not run_counts:
            runs += 1
            run_counts = True
    return runs > 1
