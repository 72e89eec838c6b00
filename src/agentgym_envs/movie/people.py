"""The invented people of the film world."""

from __future__ import annotations

import datetime
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from agentgym_envs.draws import between, choose
from agentgym_envs.movie.words import draw_country, folded, split_words, words

PEOPLE = 4000
FIRST_BIRTH, LAST_BIRTH = datetime.date(1915, 1, 1), datetime.date(2003, 12, 31)
CAREER = (18, 78)  # years of age in which people make films
FAME = 0.9  # how fast the number of credits falls with the rank
LARGEST_ID = 3_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who plays in films or makes them."""

    id: int
    name: str
    is_woman: bool
    birthday: str
    birthplace: str
    country: str
    popularity: float
    """Larger for those with more work."""

    @property
    def birth_year(self) -> int:
        """The year of birth."""
        return int(self.birthday[:4])


class Crowd:
    """People to draw from: the famous more often."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._all = _Ranked(people)
        countries = sorted({person.country for person in people})
        self._of = {
            country: _Ranked([p for p in people if p.country == country])
            for country in countries
        }

    def draw(self, rng: Random, year: int, country: str, taken: set[int]) -> Person:
        """Draw somebody of working age who isn't taken; mostly of the country."""
        while True:
            ranked = self._of[country] if rng.random() < 0.75 else self._all
            person = ranked.draw(rng)
            age = year - person.birth_year
            if CAREER[0] <= age <= CAREER[1] and person.id not in taken:
                taken.add(person.id)
                return person


class _Ranked:
    def __init__(self, people: Sequence[Person]) -> None:
        self._people = people
        self._sums = list(accumulate(person.popularity for person in people))

    def draw(self, rng: Random) -> Person:
        return self._people[bisect(self._sums, rng.random() * self._sums[-1])]


def unused(rng: Random, used: set[int], largest: int) -> int:
    """Draw a number that nothing has yet."""
    while True:
        number = between(rng, 100, largest)
        if number not in used:
            used.add(number)
            return number


def make_people(rng: Random) -> tuple[Person, ...]:
    """Invent everybody, the most famous first."""
    span = (LAST_BIRTH - FIRST_BIRTH).days
    names: set[str] = set()
    ids: set[int] = set()
    people = []
    for rank in range(PEOPLE):
        country = draw_country(rng)
        is_woman = rng.random() < 0.5
        name = _new_name(rng, country["culture"], names, is_woman=is_woman)
        birth = FIRST_BIRTH + datetime.timedelta(between(rng, 0, span))
        people.append(
            Person(
                unused(rng, ids, LARGEST_ID),
                name,
                is_woman,
                birth.isoformat(),
                choose(rng, country["places"]),
                country["code"],
                # No power, whose last bit may differ between machines.
                round(300 / (FAME * rank + 70), 3),
            )
        )
    return tuple(people)


def _new_name(rng: Random, culture: str, names: set[str], *, is_woman: bool) -> str:
    lists = words()["cultures"][culture]
    first = choose(rng, split_words(lists["women" if is_woman else "men"]))
    last = choose(rng, split_words(lists["surnames"]))
    name = f"{first} {last}"
    while folded(name) in names:
        name = f"{first} {chr(65 + between(rng, 0, 25))}. {last}"
    names.add(folded(name))
    return name
