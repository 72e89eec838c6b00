"""NumPy's random draws, number for number, at a fraction of the cost.

Minigrid draws hundreds of small integers one by one, and a call of
``Generator.integers`` costs more than all that is done with the result.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

_LOW = 0xFFFFFFFF
_BLOCK = 128  # 64-bit words fetched at once


class Draw(int):
    """An integer that, like NumPy's, is no other integer's identity.

    Two levels of Minigrid compare drawn numbers by ``is``, and their instances
    depend on this never being true.
    """

    __slots__ = ()


class Draws:
    """The stream of ``Generator(PCG64(seed))`` for small integers and doubles."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._bits = generator.bit_generator
        self._words: list[int] = []
        self._half = -1

    def _word(self) -> int:
        if not self._words:
            self._words = self._bits.random_raw(_BLOCK).tolist()
            self._words.reverse()
        return self._words.pop()

    def _half_word(self) -> int:
        # NumPy splits a word in two, the lower half first.
        half = self._half
        if half >= 0:
            self._half = -1
            return half
        word = self._word()
        self._half = word >> 32
        return word & _LOW

    def integer(self, low: int, high: int) -> int:
        """Draw like ``integers(low, high)``, by Lemire's method."""
        count = high - low
        if count <= 1:
            if count < 1:
                raise ValueError("low >= high")
            return Draw(low)
        product = self._half_word() * count
        if product & _LOW < count:
            threshold = (_LOW + 1 - count) % count
            while product & _LOW < threshold:
                product = self._half_word() * count
        return Draw(low + (product >> 32))

    def double(self) -> float:
        """Draw like ``uniform(0, 1)``."""
        return (self._word() >> 11) * 2.0**-53


@lru_cache(maxsize=1)
def is_faithful() -> bool:
    """Whether this NumPy draws as we do; it may change its streams in a release."""
    theirs = np.random.Generator(np.random.PCG64(7))
    ours = Draws(np.random.Generator(np.random.PCG64(7)))
    for high in (*range(1, 40), 2**31 + 1, 3 * 2**30) * 8:
        if theirs.integers(0, high) != ours.integer(0, high):
            return False
        if high % 7 == 0 and theirs.uniform(0, 1) != ours.double():
            return False
    return True
