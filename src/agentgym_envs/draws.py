"""Weighted draws that give the same on every platform and Python version.

Only ``random()`` and ``getrandbits()`` of `random.Random` are promised to stay the
same; everything else here is made from them.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Weighted(NamedTuple, Generic[T]):
    """Values, and the sum of the weights up to each of them."""

    values: tuple[T, ...]
    sums: tuple[float, ...]

    def draw(self, rng: Random) -> T:
        """Draw one value."""
        return self.values[bisect(self.sums, rng.random() * self.sums[-1])]


def weigh(pairs: Iterable[tuple[T, float]]) -> Weighted[T]:
    """Prepare draws from values with weights; what weighs nothing is left out."""
    kept = [(value, weight) for value, weight in pairs if weight]
    return Weighted(
        tuple(value for value, _ in kept),
        tuple(accumulate(weight for _, weight in kept)),
    )


def between(rng: Random, low: int, high: int) -> int:
    """Draw a whole number, both ends included."""
    return low + int(rng.random() * (high - low + 1))


def choose(rng: Random, values: Sequence[T]) -> T:
    """Draw one of some equally likely values."""
    return values[int(rng.random() * len(values))]


def sample(rng: Random, values: Sequence[T], count: int) -> list[T]:
    """Draw different ones of some values, in random order."""
    mixed = list(values)
    size, draw = len(mixed), rng.random
    for first in range(count):
        other = first + int(draw() * (size - first))
        mixed[first], mixed[other] = mixed[other], mixed[first]
    return mixed[:count]


def shuffle(rng: Random, values: list[T]) -> None:
    """Bring values into a random order."""
    for last in range(len(values) - 1, 0, -1):
        other = between(rng, 0, last)
        values[last], values[other] = values[other], values[last]


def shuffled(rng: Random, values: Sequence[T]) -> list[T]:
    """Give the values in a random order."""
    order = list(values)
    shuffle(rng, order)
    return order
