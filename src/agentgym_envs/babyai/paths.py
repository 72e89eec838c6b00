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


def _successors() -> tuple[tuple[tuple[int, int, int, int], ...], ...]:
    """For each state, what forward, left and right lead to.

    A state is four times the cell plus the relative heading; an entry is the next
    state, its cell and heading, and the action.
    """
    table = []
    for state in range(256):
        cell, heading = divmod(state, 4)
        ahead = cell + _STEPS[heading]
        moves = []
        if ahead >= 0 and _before(1 << ahead, heading) == 1 << cell:
            moves.append((4 * ahead + heading, ahead, heading, FORWARD))
        for turned, action in ((heading - 1) % 4, LEFT), ((heading + 1) % 4, RIGHT):
            moves.append((4 * cell + turned, cell, turned, action))
        table.append(tuple(moves))
    return tuple(table)


def _before(board: int, heading: int) -> int:
    """The cells from which a step with this heading leads onto the board's."""
    if heading == 0:
        return (board & _BOARD) >> 8
    if heading == 1:
        return (board & _NOT_LAST) << 1
    if heading == 2:
        return board << 8 & _BOARD
    return (board & _NOT_FIRST) >> 1


_NEXT = _successors()


@lru_cache(maxsize=4096)
def find_path(area: int, target: int, arrive: bool) -> tuple[int, ...] | None:
    """Find the original's path to a cell, or None.

    It is always a shortest one; which one is decided by the original's queue, which
    holds duplicates. The goal state found is the one that *first* arrives in its
    layer, while the parent of a state is the predecessor whose *last* copy comes
    last. So both orders are carried along. States off all shortest paths have no
    say in either, and are left out.

    Args:
        area: The cells that may be entered.
        target: The board bit of the cell to reach.
        arrive: Whether to stand on the cell instead of facing it from a neighbour.
    """
    layers = _layers_to(area, target, arrive)
    if layers is None:
        return None
    first: list[int] = [4 * START]
    last: list[int] = first
    parents: list[dict[int, tuple[int, int]]] = []
    for boards in layers:
        layer: dict[int, tuple[int, int]] = {}
        for state in last:
            for successor, cell, heading, action in _NEXT[state]:
                if boards[heading] >> cell & 1:
                    # Re-insertion moves a key to the end of a dictionary.
                    layer.pop(successor, None)
                    layer[successor] = state, action
        order: dict[int, None] = {}
        for state in first:
            for successor, *_ in _NEXT[state]:
                if successor in layer:
                    order[successor] = None
        first, last = list(order), list(layer)
        parents.append(layer)
    return _trace(parents, first[0])


def _layers_to(area: int, target: int, arrive: bool) -> list[list[int]] | None:
    """The states by distance to the goal, from the one after the start to the goals.

    A layer is one board per relative heading. None if the start is in no layer.
    """
    goal = 1 << target
    if arrive:
        boards = [goal & area] * 4
    else:
        boards = [_before(goal, heading) & area for heading in range(4)]
    seen, layers = boards[:], []
    while not boards[0] >> START & 1:
        layers.append(boards)
        ahead, right, back, left = boards
        boards = [
            (ahead >> 8 | left | right) & area & ~seen[0],
            ((right & _NOT_LAST) << 1 | ahead | back) & area & ~seen[1],
            (back << 8 | right | left) & area & ~seen[2],
            ((left & _NOT_FIRST) >> 1 | back | ahead) & area & ~seen[3],
        ]
        if not any(boards):
            return None
        seen = [old | new for old, new in zip(seen, boards, strict=True)]
    return layers[::-1]


def _trace(parents: list[dict[int, tuple[int, int]]], state: int) -> tuple[int, ...]:
    path = []
    for layer in reversed(parents):
        state, action = layer[state]
        path.append(action)
    return tuple(reversed(path))
