"""Texts of invented words, the same on every machine."""

from __future__ import annotations

import random

CONSONANTS, VOWELS = "bcdfglmnprst", "aeiou"
ENDINGS = ["", "", "s", "ing", "ed", "ness", "'s"]


class Writer:
    """Writes texts; of `random` only what gives the same numbers for ever."""

    def __init__(self, seed: int, vocabulary: int = 3000) -> None:
        self._draw = random.Random(seed).random
        self._words = [self._word() for _ in range(vocabulary)]

    def number(self, below: int) -> int:
        return int(self._draw() * below)

    def _word(self) -> str:
        syllables = [
            CONSONANTS[self.number(12)] + VOWELS[self.number(5)]
            for _ in range(1 + self.number(4))
        ]
        return "".join(syllables) + ENDINGS[self.number(len(ENDINGS))]

    def word(self) -> str:
        """Give a word: a few are frequent, most are rare."""
        return self._words[int(len(self._words) * self._draw() ** 4)]

    def text(self, longest: int = 150) -> str:
        """Give a text that may be empty or hold one word many times."""
        words = [self.word() for _ in range(self.number(longest))]
        if words and self.number(5) == 0:
            words += [words[0]] * self.number(40)
        return " ".join(words)

    def query(self) -> str:
        words = [self.word() for _ in range(1 + self.number(8))]
        return " ".join(words + words[:1] * self.number(3))


def documents(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """Give ids, in no order, and texts."""
    writer = Writer(seed)
    ids = [f"B{7919 * i % 10007:05d}" for i in range(count)]
    return ids, [writer.text() for _ in range(count)]


def queries(count: int, seed: int = 1) -> list[str]:
    writer = Writer(seed)
    return [writer.query() for _ in range(count)]
