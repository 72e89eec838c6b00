"""Places of the world: where they are, and what their climate is like.

The facts in ``data/places.txt`` are rounded: coordinates to 0.01 degree, normals to
whole degrees. Between the four mid-season months that it gives, the annual and the
half-annual wave say the rest.
"""

from __future__ import annotations

import difflib
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from agentgym_envs.once import once

LIKENESS = 0.85  # of two names that count as one misspelt, as difflib measures it
SHORTEST_FUZZY = 3  # characters; shorter names must be whole


@dataclass(frozen=True, slots=True)
class Place:
    """One place and the normals of its climate."""

    name: str
    country: str
    """ISO 3166-1 code of two letters."""
    latitude: float
    longitude: float
    elevation: float
    """Metres above the sea."""
    population: int
    """In thousands."""
    temperature: tuple[float, ...]
    """Mean of January, April, July and October, in degrees Celsius."""
    precipitation: tuple[float, ...]
    """Sum in the same months, in millimetres."""
    dust: float
    """Mean of fine dust (PM2.5), in micrograms per cubic metre."""


@once
def places() -> tuple[Place, ...]:
    """All places, in the order of the file."""
    text = files(__package__).joinpath("data/places.txt").read_text(encoding="utf-8")
    return tuple(
        _parse(line.split("|")) for line in text.splitlines() if line[0] != "#"
    )


def _parse(parts: Sequence[str]) -> Place:
    name, country, latitude, longitude, elevation, population = parts[:6]
    temperature, precipitation, dust = parts[6:]
    return Place(
        name,
        country,
        float(latitude),
        float(longitude),
        float(elevation),
        int(population),
        tuple(map(float, temperature.split())),
        tuple(map(float, precipitation.split())),
        float(dust),
    )


def folded(name: str) -> str:
    """A name without case, accents and surplus blanks.

    >>> folded(" São  PAULO")
    'sao paulo'
    """
    plain = unicodedata.normalize("NFKD", name)
    letters = [letter for letter in plain if not unicodedata.combining(letter)]
    return " ".join("".join(letters).casefold().split())


@once
def _by_name() -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places():
        found.setdefault(folded(place.name), []).append(place)
    for namesakes in found.values():
        namesakes.sort(key=lambda place: -place.population)
    return found


@once
def _sorted_names() -> list[str]:
    return sorted(_by_name())


@lru_cache(maxsize=4096)
def search(name: str, count: int = 3) -> tuple[Place, ...]:
    """Find places: those of that name, then names that begin so, then similar ones.

    Each group goes by population, the largest first.
    """
    wanted = folded(name[:200])
    known = _by_name()
    found = list(known.get(wanted, ()))
    if len(wanted) >= SHORTEST_FUZZY:
        names = _sorted_names()
        longer = []
        for other in names[bisect_right(names, wanted) :]:
            if not other.startswith(wanted):
                break
            longer += known[other]
        found += sorted(longer, key=lambda place: -place.population)
    if not found and len(wanted) >= SHORTEST_FUZZY:
        close = difflib.get_close_matches(wanted, known, count, LIKENESS)
        similar = [place for other in close for place in known[other]]
        found = sorted(similar, key=lambda place: -place.population)
    return tuple(found[:count])
