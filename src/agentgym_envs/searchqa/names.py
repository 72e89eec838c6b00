"""Invented names: each country has its own sounds, and no name is given twice."""

from __future__ import annotations

import re
from random import Random

from agentgym_envs.draws import between, choose, shuffled
from agentgym_envs.searchqa.words import (
    ADJECTIVES,
    CLUSTERS,
    CODAS,
    CONSONANTS,
    COUNTRY_ENDINGS,
    DIPHTHONGS,
    FAMILY_ENDINGS,
    FEMALE_ENDINGS,
    MALE_ENDINGS,
    NATURE_ENDINGS,
    NOUNS,
    PLACE_ENDINGS,
    VOWELS,
)


class Names:
    """Gives names that differ in more than an ending."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def take(self, key: str) -> bool:
        """Whether something is new; from now on it isn't."""
        is_new = key not in self._taken
        self._taken.add(key)
        return is_new

    def title(self) -> str:
        """Invent the title of a work, such as ``The Silent Harbour``."""
        rng = self._rng
        while True:
            adjective = choose(rng, ADJECTIVES)
            noun, other = choose(rng, NOUNS), choose(rng, NOUNS)
            words, text = choose(
                rng,
                (
                    ((adjective, noun), f"The {adjective} {noun}"),
                    ((adjective, noun), f"{_article(adjective)} {adjective} {noun}"),
                    ((noun, other), f"The {noun} and the {other}"),
                    ((noun, other), f"The {noun}'s {other}"),
                    (
                        (adjective, noun, other),
                        f"The {noun} of the {adjective} {other}",
                    ),
                ),
            )
            if len(set(words)) == len(words) and self.take(" ".join(sorted(words))):
                return _capitalised(text)


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _capitalised(title: str) -> str:
    small = {"of", "and", "the", "a", "an"}
    words = [word if word in small else word.capitalize() for word in title.split()]
    words[0] = words[0].capitalize()
    return " ".join(words)


class Tongue:
    """The sounds of one country, from which all its names are made."""

    def __init__(self, rng: Random, names: Names) -> None:
        self._rng = rng
        self._names = names
        self._consonants = shuffled(rng, CONSONANTS)[:11]
        self._clusters = shuffled(rng, CLUSTERS)[:4]
        self._vowels = shuffled(rng, VOWELS)[:4]
        self._diphthongs = shuffled(rng, DIPHTHONGS)[:2]
        self._codas = shuffled(rng, CODAS)[:5]
        self.given = {
            "female": [self._word(1, FEMALE_ENDINGS) for _ in range(10)],
            "male": [self._word(1, MALE_ENDINGS) for _ in range(10)],
        }
        self.families = [self.family() for _ in range(18)]
        self.middle = [self._word(1, MALE_ENDINGS + FEMALE_ENDINGS) for _ in range(12)]

    def _syllable(self) -> str:
        rng = self._rng
        onsets = self._clusters if rng.random() < 0.2 else self._consonants
        vowels = self._diphthongs if rng.random() < 0.12 else self._vowels
        coda = choose(rng, self._codas) if rng.random() < 0.3 else ""
        return choose(rng, onsets) + choose(rng, vowels) + coda

    def _word(self, syllables: int, endings: list[str]) -> str:
        rng = self._rng
        while True:
            stem = "".join(self._syllable() for _ in range(syllables))
            joint = "" if stem[-1] not in "aeiou" else choose(rng, self._consonants)
            word = stem + joint + choose(rng, endings)
            # Endings that the search engine cuts off must not be all that differs.
            key = re.sub(r"(?:ions?|ed|ing|es|s|e|i|y)$", "", word)
            is_sayable = not re.search(
                r"[^aeiouy]{4}|[aeiou]{3}|[jvhw]{2}|(.)\1\1", word
            )
            if 5 <= len(word) <= 11 and is_sayable and self._names.take(key):
                return word.capitalize()

    def place(self) -> str:
        """Invent the name of a city."""
        return self._word(between(self._rng, 1, 2), PLACE_ENDINGS)

    def nature(self) -> str:
        """Invent the name of a river, a mountain or a lake."""
        return self._word(between(self._rng, 1, 2), NATURE_ENDINGS)

    def family(self) -> str:
        """Invent a family name."""
        return self._word(1, FAMILY_ENDINGS)

    def country(self) -> tuple[str, str]:
        """Invent a country and the adjective that belongs to it."""
        ending, adjective = choose(self._rng, COUNTRY_ENDINGS)
        stem = self._word(1, [""])
        return stem + ending, stem + adjective

    def coin(self) -> str:
        """Invent a word, for example for money."""
        return self._word(1, ["al", "ek", "in", "ot"]).lower()

    def person(self, sex: str) -> tuple[str, str, str]:
        """Give a new name: as people use it, in full, and the family's part."""
        rng = self._rng
        while True:
            given = choose(rng, self.given[sex])
            family = choose(rng, self.families)
            if self._names.take(f"{given} {family}"):
                full = f"{given} {choose(rng, self.middle)} {family}"
                return f"{given} {family}", full, family
