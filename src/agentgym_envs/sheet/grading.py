"""How a table is compared with the one that should be there."""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq

Table = Sequence[Sequence[str]]


def overlap_share(table: Table, gold: Table) -> float:
    """The share of equal cells where both tables have some, as the original has it."""
    rows = min(len(table), len(gold))
    columns = min(len(table[0]), len(gold[0])) if rows else 0
    if not columns:
        return 0.0
    return _equal(table, gold, rows, columns) / (rows * columns)


def strict_share(table: Table, gold: Table) -> float:
    """The share of equal cells where either table has some."""
    if not table or not gold:
        return float(not table and not gold)
    rows, columns = max(len(table), len(gold)), max(len(table[0]), len(gold[0]))
    both = min(len(table), len(gold)), min(len(table[0]), len(gold[0]))
    return _equal(table, gold, *both) / (rows * columns)


def _equal(table: Table, gold: Table, rows: int, columns: int) -> int:
    return sum(
        sum(map(eq, row[:columns], wanted[:columns]))
        for row, wanted in zip(table[:rows], gold[:rows], strict=True)
    )
