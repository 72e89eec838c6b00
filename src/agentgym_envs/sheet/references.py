"""How the references in formulas follow when rows and columns move."""

from __future__ import annotations

import re

from agentgym_envs.sheet.cells import address, column_number
from agentgym_envs.sheet.grammar import PARTS, REF, REFERENCE

_MOVABLE = re.compile(rf'"(?:[^"]|"")*"|({REF})(?::({REF}))?')


def moved(formula: str, rows: int) -> str:
    """Move the relative references of a formula whose row moves so far down."""

    def move(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        return ":".join(_down(ref, rows) for ref in match.groups() if ref)

    return _MOVABLE.sub(move, formula)


def _down(ref: str, rows: int) -> str:
    fixed_column, column, fixed_row, row = _split(ref)
    if fixed_row:
        return ref
    return _joined(fixed_column, column, fixed_row, row + rows)


def shifted(formula: str, axis: int, at: int, count: int) -> str:
    """Follow an insertion (or, with a negative count, a deletion) of rows or columns.

    Args:
        formula: Without its ``=``.
        axis: 0 for rows, 1 for columns.
        at: The first row or column that is inserted or deleted, from 0.
        count: How many.
    """

    def shift(match: re.Match[str]) -> str:
        first, last = match[1], match[2]
        if first is None:
            return match[0]
        places = [_place(ref, axis) for ref in (first, last or first)]
        if count < 0 and at <= min(places) and max(places) < at - count:
            return REFERENCE
        # The ends of a range that is cut move to what is left of it.
        new = [_shift_place(place, at, count, end) for end, place in enumerate(places)]
        refs = [_with_place(first, axis, new[0])]
        if last:
            refs.append(_with_place(last, axis, new[1]))
        return ":".join(refs)

    return _MOVABLE.sub(shift, formula)


def _shift_place(place: int, at: int, count: int, end: int) -> int:
    if place < at:
        return place
    if count < 0 and place < at - count:
        return at - end
    return place + count


def _split(ref: str) -> tuple[str, int, str, int]:
    match = PARTS.fullmatch(ref)
    assert match is not None
    return match[1], column_number(match[2]), match[3], int(match[4]) - 1


def _joined(fixed_column: str, column: int, fixed_row: str, row: int) -> str:
    if row < 0 or column < 0:
        return REFERENCE
    name = address(row, column)
    letters = name.rstrip("0123456789")
    return f"{fixed_column}{letters}{fixed_row}{row + 1}"


def _place(ref: str, axis: int) -> int:
    _, column, _, row = _split(ref)
    return column if axis else row


def _with_place(ref: str, axis: int, place: int) -> str:
    fixed_column, column, fixed_row, row = _split(ref)
    if axis:
        return _joined(fixed_column, place, fixed_row, row)
    return _joined(fixed_column, column, fixed_row, place)
