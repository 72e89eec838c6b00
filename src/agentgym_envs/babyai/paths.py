"""Reachability and shortest paths inside the view.

The search area is an 8 x 8 board held in the bits of an integer: bit
``8 * (front + 1) + 4 - right`` is the cell ``front`` steps ahead and ``right`` steps
to the right. The original's area is one row and one column larger than the view for
some headings; nothing is ever seen there, so those cells count as free.
"""

from __future__ import annotations

from functools import lru_cache

from agentgym_envs.babyai.codes import BLOCKING
from agentgym_envs.babyai.view import SIZE

LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE = range(6)  # Minigrid's actions

START = 12
AHEAD = 20  # the cell in front of the agent

_BOARD = 2**64 - 1
_NOT_FIRST = 0xFEFEFEFEFEFEFEFE  # without the column right = 4
_NOT_LAST = 0x7F7F7F7F7F7F7F7F
_RIGHT_4 = _BOARD ^ _NOT_FIRST
_BEHIND = 0xFF

# The area of each heading: right, down, left, up.
_AREA = (_BOARD & ~_RIGHT_4, _BOARD, _BOARD & ~_BEHIND, _BOARD & ~_BEHIND & ~_RIGHT_4)

# From the last to the first view row: its bits in the view and on the board.
_ROWS = tuple((SIZE * front, 8 * (front + 1) + 1) for front in range(SIZE))

# Relative headings: 0 ahead, 1 right, 2 back, 3 left.
_STEPS = (8, -1, -8, 1)


def square(k: int) -> int:
    """The board bit of a view cell."""
    j, i = divmod(k, SIZE)
    return 8 * (SIZE - j) + SIZE - i


def free_area(view: bytes, heading: int) -> int:
    """The cells that the search may enter; the agent's own always belongs to them."""
    blocked = int(view.translate(BLOCKING), 2)
    board = 0
    for source, target in _ROWS:
        board |= (blocked >> source & 0b1111111) << target
    return _AREA[heading] & ~board | 1 << START


@lru_cache(maxsize=4096)
def flood(area: int) -> int:
    """The cells of the area that can be reached from the start."""
    reached = 1 << START
    while True:
        wider = area & (
            reached
            | reached << 8
            | reached >> 8
            | (reached & _NOT_LAST) << 1
            | (reached & _NOT_FIRST) >> 1
        )
        if wider == reached:
            return reached
        reached = wider


def neighbourhood(board: int) -> int:
    """The cells with a neighbour among these: what can be faced from there."""
    return (
        board << 8 | board >> 8 | (board & _NOT_LAST) << 1 | (board & _NOT_FIRST) >> 1
    ) & _BOARD


def _successors() -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each state, its successors forward, left, right as (state, cell, action).

    A state is four times the cell plus the relative heading.
    """
    table = []
    for state in range(256):
        cell, heading = divmod(state, 4)
        row, column = divmod(cell, 8)
        on_board = (row < 7, column > 0, row > 0, column < 7)[heading]
        ahead = cell + _STEPS[heading]
        moves = [(4 * ahead + heading, ahead, FORWARD)] if on_board else []
        moves.append((4 * cell + (heading - 1) % 4, cell, LEFT))
        moves.append((4 * cell + (heading + 1) % 4, cell, RIGHT))
        table.append(tuple(moves))
    return tuple(table)


_NEXT = _successors()


@lru_cache(maxsize=4096)
def find_path(area: int, target: int, arrive: bool) -> tuple[int, ...] | None:
    """Find the original's path to a cell, or None.

    It is always a shortest one; which one is decided by the original's queue, that
    holds duplicates. The goal state found is the one that *first* arrives in its
    layer, while the parent of a state is the predecessor whose *last* copy comes
    last. So both orders are carried along.

    Args:
        area: The cells that may be entered.
        target: The board bit of the cell to reach.
        arrive: Whether to stand on the cell instead of facing it from a neighbour.
    """
    if arrive:
        goals = {4 * target + heading for heading in range(4)}
    else:
        row, column = divmod(target, 8)
        goals = {
            4 * (target - step) + heading
            for heading, step in enumerate(_STEPS)
            if (row > 0, column < 7, row < 7, column > 0)[heading]
        }
    first: list[int] = [4 * START]
    last: list[int] = first
    seen = {4 * START}
    parents: list[dict[int, tuple[int, int]]] = []
    while first:
        for state in first:
            if state in goals:
                return _trace(parents, state)
        layer: dict[int, tuple[int, int]] = {}
        for state in last:
            for successor, cell, action in _NEXT[state]:
                if successor not in seen and area >> cell & 1:
                    # Re-insertion moves a key to the end of a dictionary.
                    layer.pop(successor, None)
                    layer[successor] = state, action
        parents.append(layer)
        order: dict[int, None] = {}
        for state in first:
            for successor, _, _ in _NEXT[state]:
                if successor in layer:
                    order[successor] = None
        first, last = list(order), list(layer)
        seen.update(layer)
    return None


def _trace(parents: list[dict[int, tuple[int, int]]], state: int) -> tuple[int, ...]:
    path = []
    for layer in reversed(parents):
        state, action = layer[state]
        path.append(action)
    return tuple(reversed(path))
