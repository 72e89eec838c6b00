"""Draws that give the same on every platform and Python version.

Only ``random()`` of `random.Random`, and seeding it with a string, are promised to
stay the same; everything else here is made from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def generator(family: str, split: str, number: int, attempt: int = 0) -> Random:
    """The random generator of an item."""
    return Random(f"{family} {split} {number} {attempt}")


def between(rng: Random, low: int, high: int) -> int:
    """Draw a whole number, both ends included."""
    return low + int(rng.random() * (high - low + 1))


def choose(rng: Random, values: Sequence[T]) -> T:
    """Draw one of some equally likely values."""
    return values[int(rng.random() * len(values))]


def sample(rng: Random, values: Sequence[T], count: int) -> list[T]:
    """Draw different ones of some values, in random order."""
    mixed = list(values)
    size = len(mixed)
    for first in range(count):
        other = first + int(rng.random() * (size - first))
        mixed[first], mixed[other] = mixed[other], mixed[first]
    return mixed[:count]


def shuffled(rng: Random, values: Sequence[T]) -> list[T]:
    """Bring values into a random order."""
    return sample(rng, values, len(values))
