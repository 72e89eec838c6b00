"""The words that everything here is made of, and how names are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Any

from agentgym_envs.once import once

_WORD = re.compile(r"\w+")


@once
def words() -> dict[str, Any]:
    """The tables of ``data/words.toml``."""
    file = files(__package__).joinpath("data/words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def split_words(text: str) -> tuple[str, ...]:
    """Words that are written with an underscore where they have a blank."""
    return tuple(word.replace("_", " ") for word in text.split())


@once
def _countries() -> tuple[list[dict[str, Any]], list[int]]:
    countries = words()["countries"]
    return countries, list(accumulate(country["weight"] for country in countries))


def draw_country(rng: Random) -> dict[str, Any]:
    """Draw a country; some make more films than others."""
    countries, sums = _countries()
    return countries[bisect(sums, rng.random() * sums[-1])]


def folded(name: str) -> str:
    """A name without case, accents and marks, its words one blank apart.

    >>> folded("Élodie  O'Neill")
    'elodie o neill'
    """
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_WORD.findall(letters.casefold()))
