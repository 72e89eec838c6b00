"""Choices that depend on a text alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A source of choices, seeded with a text.

    Everything comes from ``random()``, the one method whose numbers Python promises to
    keep the same in every version.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self._random() < probability

    def share(self) -> float:
        """Give a number in [0, 1)."""
        return self._random()

    def between(self, low: int, high: int) -> int:
        """Give a whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """Choose one."""
        return choices[int(self._random() * len(choices))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Choose several different ones, in random order; all if there are fewer."""
        left = list(choices)
        chosen = []
        for _ in range(min(count, len(left))):
            chosen.append(left.pop(int(self._random() * len(left))))
        return chosen

    def run(self, choices: Sequence[T], count: int) -> list[T]:
        """Choose neighbours, in their order; all if there are fewer."""
        count = min(count, len(choices))
        start = self.between(0, len(choices) - count)
        return list(choices[start : start + count])
