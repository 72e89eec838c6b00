"""The invented films, whose facts agree with each other."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.movie.people import Crowd, Person, unused
from agentgym_envs.movie.words import draw_country, folded, split_words, words

FILMS = 1500
STUDIOS = 60
FIRST_DAY, LAST_DAY = datetime.date(1950, 1, 1), datetime.date(2023, 12, 31)
SEQUELS, REMAKES = 0.07, 0.02  # shares of the films
LARGEST_ID = 1_000_000

# Who works on every film besides cast, directors, producers and writers.
JOBS = (
    "Director of Photography",
    "Editor",
    "Original Music Composer",
    "Production Design",
    "Costume Design",
    "Casting",
)


class Studio(NamedTuple):
    """A production company."""

    id: int
    name: str
    country: str


class Part(NamedTuple):
    """A role in a film, and who plays it."""

    person: int
    character: str


class Work(NamedTuple):
    """What somebody did for a film."""

    person: int
    job: str


@dataclass(frozen=True, slots=True)
class Film:
    """One film; people, studios and languages by number."""

    id: int
    title: str
    released: str
    genres: tuple[str, ...]
    budget: int
    revenue: int
    rating: float
    popularity: float
    studios: tuple[Studio, ...]
    countries: tuple[str, ...]
    keywords: tuple[str, ...]
    cast: tuple[Part, ...]
    crew: tuple[Work, ...]
    role: int
    quest: int
    tagline: int
    abroad: tuple[str, ...]
    """The countries in which it has a title of its own."""

    @property
    def year(self) -> int:
        """The year of the release."""
        return int(self.released[:4])


def make_studios(rng: Random) -> tuple[Studio, ...]:
    """Invent the production companies."""
    table = words()["companies"]
    names = [
        f"{first} {last}"
        for first in split_words(table["first"])
        for last in table["last"].split()
    ]
    ids: set[int] = set()
    return tuple(
        Studio(unused(rng, ids, 200_000), name, draw_country(rng)["code"])
        for name in sample(rng, names, STUDIOS)
    )


class FilmMaker:
    """Makes films one after the other, some of them after earlier ones.

    Args:
        rng: Where everything is drawn from.
        people: Who can work on them, the most famous first.
        studios: Who can produce them.
    """

    def __init__(
        self, rng: Random, people: Sequence[Person], studios: Sequence[Studio]
    ) -> None:
        self._rng = rng
        self._crowd = Crowd(people)
        self._people = {person.id: person for person in people}
        self._studios = studios
        self._ids: set[int] = set()
        self._titles: set[str] = set()
        self._followed: set[int] = set()
        self._keywords = words()["keywords"]["words"].split(", ")
        self._genres = list(words()["genres"])

    def make(self, count: int) -> tuple[Film, ...]:
        """Make all films."""
        films: list[Film] = []
        while len(films) < count:
            luck = self._rng.random()
            film = None
            if films and luck < SEQUELS:
                film = self._sequel(choose(self._rng, films))
            elif films and luck < SEQUELS + REMAKES:
                film = self._remake(choose(self._rng, films))
            films.append(film or self._original())
        return tuple(films)

    def _original(self) -> Film:
        rng = self._rng
        span = (LAST_DAY - FIRST_DAY).days
        # The square root of a uniform number: more films in later years.
        share = max(rng.random(), rng.random())
        day = FIRST_DAY + datetime.timedelta(int(share * span))
        return self._film(self._title(), day, draw_country(rng)["code"])

    def _title(self) -> str:
        rng = self._rng
        lists = words()["titles"]
        while True:
            adjective, noun, other, place = (
                choose(rng, split_words(lists[name]))
                for name in ("adjectives", "nouns", "nouns", "places")
            )
            title = choose(
                rng,
                [
                    f"The {adjective} {noun}",
                    f"{adjective} {noun}",
                    f"The {noun} of {place}",
                    f"The {noun} and the {other}",
                    f"The {noun}'s {other}",
                    f"{noun} in {place}",
                    f"The Last {noun} of {place}",
                    f"{place}",
                ],
            )
            if noun != other and folded(title) not in self._titles:
                self._titles.add(folded(title))
                return title

    def _film(self, title: str, day: datetime.date, country: str) -> Film:
        rng = self._rng
        taken: set[int] = set()
        role = between(rng, 0, len(words()["roles"]["en"]) - 1)
        studios = [s for s in self._studios if s.country == country]
        studios = sample(rng, studios, min(between(rng, 1, 2), len(studios)))
        others = sample(rng, self._studios, between(rng, 0 if studios else 1, 1))
        studios += [studio for studio in others if studio not in studios]
        countries = [country, *(s.country for s in studios)]
        cast = [
            Part(person.id, self._character(person, number))
            for number, person in enumerate(
                self._crowd.draw(rng, day.year, country, taken)
                for _ in range(between(rng, 8, 15))
            )
        ]
        budget = between(rng, 4, 40) ** 3 * 1000 * between(rng, 1, 3)
        budget -= budget % 50_000
        rating = (between(rng, 2800, 8800) + between(rng, 2800, 8800)) // 2
        luck = between(rng, 10, 90) * between(rng, 10, 90) * rating
        revenue = max(budget, 50_000) * luck // 8_000_000 + between(rng, 0, 999_999)
        return Film(
            id=unused(rng, self._ids, LARGEST_ID),
            title=title,
            released=day.isoformat(),
            genres=tuple(sample(rng, self._genres, between(rng, 1, 3))),
            budget=max(budget, 50_000),
            revenue=revenue,
            rating=rating / 1000,
            popularity=between(rng, 1, 400) * between(rng, 1, 400) / 1000,
            studios=tuple(studios),
            countries=tuple(dict.fromkeys(countries)),
            keywords=tuple(sample(rng, self._keywords, between(rng, 4, 9))),
            cast=tuple(cast),
            crew=tuple(self._crew(day.year, country, taken)),
            role=self._role_of(role, cast),
            quest=between(rng, 0, len(words()["quests"]["en"]) - 1),
            tagline=between(rng, 0, len(words()["taglines"]["en"]) - 1),
            abroad=tuple(sorted(sample(rng, list(words()["abroad"]), 6))),
        )

    def _role_of(self, role: int, cast: Sequence[Part]) -> int:
        """The role next to a role that suits who plays it."""
        return role - role % 2 + self._people[cast[0].person].is_woman

    def _character(self, person: Person, number: int) -> str:
        """Name a character after the custom of some country."""
        rng = self._rng
        lists = words()["cultures"][draw_country(rng)["culture"]]
        gender = "women" if person.is_woman else "men"
        first = choose(rng, split_words(lists[gender]))
        last = choose(rng, split_words(lists["surnames"]))
        title = choose(rng, ["", "", "", "", "", "Dr. ", "Captain ", "Inspector "])
        return f"{title if number else ''}{first} {last}"

    def _crew(self, year: int, country: str, taken: set[int]) -> list[Work]:
        rng = self._rng

        def somebody() -> int:
            return self._crowd.draw(rng, year, country, taken).id

        director = somebody()
        crew = [Work(director, "Director")]
        if rng.random() < 0.06:
            crew.append(Work(somebody(), "Director"))
        crew += [Work(somebody(), "Producer") for _ in range(between(rng, 1, 3))]
        if rng.random() < 0.35:
            crew.append(Work(director, "Writer"))
        else:
            crew += [Work(somebody(), "Writer") for _ in range(between(rng, 1, 2))]
        crew += [Work(somebody(), job) for job in JOBS]
        crew.append(Work(somebody(), "Executive Producer"))
        # Services list a crew in no order that means anything.
        return sample(rng, crew, len(crew))

    def _sequel(self, before: Film) -> Film | None:
        """Continue a film, with many of its people."""
        rng = self._rng
        day = _later(before, between(rng, 600, 2200))
        title = choose(
            rng,
            [
                f"{before.title} 2",
                f"{before.title}: "
                f"{choose(rng, split_words(words()['subtitles']['words']))}",
            ],
        )
        is_new = before.id not in self._followed and folded(title) not in self._titles
        if day > LAST_DAY or not is_new or ":" in before.title:
            return None
        self._followed.add(before.id)
        self._titles.add(folded(title))
        film = self._film(title, day, before.countries[0])
        again = [part for part in before.cast[:3] if self._works(part.person, day)]
        kept = {part.person for part in again} | {work.person for work in film.crew}
        directors = [work for work in before.crew if work.job == "Director"]
        crew = list(film.crew)
        if all(
            self._works(work.person, day) and work.person not in kept
            for work in directors
        ):
            crew = [work for work in crew if work.job != "Director"] + directors
            kept |= {work.person for work in directors}
        again = [part for part in again if part.person not in _people(crew)]
        kept |= _people(crew)
        cast = again + [part for part in film.cast if part.person not in kept]
        return replace(
            film,
            genres=before.genres,
            studios=before.studios,
            countries=before.countries,
            keywords=tuple(dict.fromkeys((*before.keywords[:3], *film.keywords[:5]))),
            cast=tuple(cast),
            crew=tuple(crew),
            role=self._role_of(before.role, cast),
        )

    def _works(self, person: int, day: datetime.date) -> bool:
        return day.year - self._people[person].birth_year < 78

    def _remake(self, before: Film) -> Film | None:
        """Film a story anew, under the same title."""
        day = _later(before, between(self._rng, 7000, 12000))
        if day > LAST_DAY or before.id in self._followed:
            return None
        self._followed.add(before.id)
        film = self._film(before.title, day, draw_country(self._rng)["code"])
        return replace(film, quest=before.quest, genres=before.genres)


def _people(crew: Sequence[Work]) -> set[int]:
    return {work.person for work in crew}


def _later(film: Film, days: int) -> datetime.date:
    return datetime.date.fromisoformat(film.released) + datetime.timedelta(days)
