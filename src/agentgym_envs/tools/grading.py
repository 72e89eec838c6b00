"""How answers are compared with what the item asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def meet(met: int, subgoals: Sequence[Any], result: Any) -> int:
    """Add to ``met`` the first open subgoal that a result is equal to.

    Equality is Python's: ``2 == 2.0`` and ``True == 1`` hold, ``"2" == 2`` doesn't,
    and case counts. Each result counts for one subgoal only.
    """
    for number, subgoal in enumerate(subgoals):
        if not met >> number & 1 and subgoal == result:
            return met | 1 << number
    return met


def share(met: int, subgoals: Sequence[Any]) -> float:
    """The share of the subgoals that are met."""
    return met.bit_count() / len(subgoals)
