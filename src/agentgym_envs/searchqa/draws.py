"""Draws that give the same on every platform and Python version.

Only ``random()`` of `random.Random` is promised to stay the same; everything else
here is made from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def between(rng: Random, low: int, high: int) -> int:
    """Draw a whole number, both ends included."""
    return low + int(rng.random() * (high - low + 1))


def choose(rng: Random, values: Sequence[T]) -> T:
    """Draw one of some equally likely values."""
    return values[int(rng.random() * len(values))]


def shuffled(rng: Random, values: Sequence[T]) -> list[T]:
    """Give the values in a random order."""
    order = list(values)
    for last in range(len(order) - 1, 0, -1):
        other = between(rng, 0, last)
        order[last], order[other] = order[other], order[last]
    return order
