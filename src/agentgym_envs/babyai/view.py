"""What the agent sees: 7 x 7 cells, walls and closed doors hide what is behind.

A view is 49 bytes in the order of Minigrid's image columns inside rows: byte
``7 * j + i`` is the cell ``6 - j`` steps ahead and ``i - 3`` to the right. Byte 45
is the agent's own cell, where Minigrid shows what is carried.
"""

from __future__ import annotations

from functools import lru_cache

from agentgym_envs.babyai.codes import OPAQUE

SIZE = 7
CELLS = SIZE * SIZE
OWN = 45
FRONT = 38
BORDER = 6  # cells around the grid, so that no view leaves the array

_OWN_SHIFT = 8 * (CELLS - 1 - OWN)


def headings(stride: int) -> tuple[int, int, int, int]:
    """Index steps of the directions right, down, left, up."""
    return 1, stride, -1, -stride


@lru_cache(maxsize=64)
def windows(stride: int) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each heading, the slices of the seven view rows, relative to the agent."""
    steps = headings(stride)
    result = []
    for heading in range(4):
        ahead, right = steps[heading], steps[(heading + 1) % 4]
        starts = [ahead * front - 3 * right for front in range(SIZE - 1, -1, -1)]
        result.append(tuple((start, start + SIZE * right, right) for start in starts))
    return tuple(result)


def see(cells: bytearray, stride: int, agent: int, heading: int, carried: int) -> bytes:
    """Compute a view.

    Args:
        cells: The world with its border.
        stride: Length of a row.
        agent: Index of the agent's cell.
        heading: 0 right, 1 down, 2 left, 3 up.
        carried: The code of what is carried, or `EMPTY`.
    """
    raw = b"".join(
        [
            cells[agent + start : agent + stop : step]
            for start, stop, step in windows(stride)[heading]
        ]
    )
    mask = _visible(int(raw.translate(OPAQUE), 2))
    shown = int.from_bytes(raw, "big") & mask | carried << _OWN_SHIFT
    return shown.to_bytes(CELLS, "big")


def visible_cells(view: bytes) -> list[int]:
    """The indexes of the view cells that are seen; the agent's own always is."""
    return [k for k in range(CELLS) if view[k]]


@lru_cache(maxsize=20_000)
def _visible(opaque: int) -> int:
    """Mask of the bytes that are seen, without the agent's own.

    ``opaque`` has one bit per cell, the first cell being the highest.
    """
    shown = 0
    row_mask = 0b0001000  # the agent's row: at first only its own cell
    for row in range(SIZE):
        clear = ~(opaque >> SIZE * row) & 0b1111111
        row_mask, above = _sweep(row_mask, clear)
        for column in range(SIZE):
            if row_mask >> column & 1:
                shown |= 0xFF << 8 * (SIZE * row + column)
        row_mask = above
    return shown & ~(0xFF << _OWN_SHIFT)


@lru_cache(maxsize=128 * 128)
def _sweep(seen: int, clear: int) -> tuple[int, int]:
    """Spread sight along one row and into the next, as Minigrid does.

    Minigrid sweeps a row from left to right, then back; a seen and clear cell shows
    its neighbour in the sweep's direction, and both cells beyond these two. The
    highest bit is the leftmost cell.
    """
    above = 0
    for position in range(SIZE - 1, 0, -1):
        bit = 1 << position
        if seen & clear & bit:
            seen |= bit >> 1
            above |= bit | bit >> 1
    for position in range(SIZE - 1):
        bit = 1 << position
        if seen & clear & bit:
            seen |= bit << 1
            above |= bit | bit << 1
    return seen, above
