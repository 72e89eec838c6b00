"""One country of the embedded world: its land, its people, and what they made.

All of it holds together: rivers flow through cities of their country, people are
grown up and alive when they do something, and nothing is in a city before the city is.
"""

from __future__ import annotations

from random import Random

from agentgym_envs.draws import between, choose, shuffled
from agentgym_envs.searchqa.land import Land
from agentgym_envs.searchqa.names import Names
from agentgym_envs.searchqa.things import Amount, Date, Thing
from agentgym_envs.searchqa.words import (
    CLUB_NAMES,
    FILM_GENRES,
    GENRES,
    GROUNDS,
    INDUSTRIES,
    PAPERS,
    TOPICS,
)

NOW = 2018  # the year of the encyclopedia
ADULT = 22  # years

# How many of a country's people follow each calling.
CALLINGS = {
    "novelist": 6,
    "film director": 4,
    "painter": 4,
    "industrialist": 5,
    "publisher": 2,
    "architect": 3,
    "engineer": 3,
    "mountaineer": 2,
    "composer": 3,
    "physicist": 2,
}
TAUGHT = ("painter", "composer", "physicist", "architect")  # by an older one
BOOKS, FILMS, PAINTINGS, BRIDGES, MUSEUMS, NEWSPAPERS, CLUBS = 14, 5, 5, 4, 3, 3, 3


class Nation(Land):
    """Builds one country; ``things`` holds what has a passage."""

    def __init__(self, rng: Random, names: Names, side: str) -> None:
        super().__init__(rng, names, side)
        self.people = {calling: self._people(calling) for calling in CALLINGS}
        self._build_works()

    def _people(self, calling: str) -> list[Thing]:
        people = [self._person(calling) for _ in range(CALLINGS[calling])]
        people.sort(key=lambda person: person.year("born"))
        for pupil in people if calling in TAUGHT else ():
            grown = pupil.year("born") + ADULT
            masters = [
                person
                for person in people
                if person.year("born") + 15 <= pupil.year("born")
                and _end(person) >= grown
            ]
            if masters:
                pupil.facts["teacher"] = masters[-1]
        return people

    def _person(self, calling: str) -> Thing:
        rng = self._rng
        sex = choose(rng, ("female", "male"))
        name, full, family = self._tongue.person(sex)
        person = self._new("person", name, aliases=[full], short=family)
        person.male = sex == "male"
        earliest = 1885 if calling == "film director" else 1795
        born = between(rng, earliest, 1975)
        end = born + between(rng, 38, 93)
        person.facts = {
            "calling": calling,
            "born": self._day(born),
            "birthplace": self._place(born),
        }
        old = [u for u in self._universities if u.year("founded") <= born + 18]
        if old and rng.random() < 0.8:
            person.facts["university"] = choose(rng, old)
        if end >= NOW and born < 1930:
            end = NOW - between(rng, 2, 12)
        if end < NOW:
            person.facts["died"] = self._day(end)
            person.facts["deathplace"] = self._place(end)
        return person

    def _day(self, year: int) -> Date:
        return Date(year, between(self._rng, 1, 12), between(self._rng, 1, 28))

    def _place(self, year: int) -> Thing:
        """Draw a city that existed in a year."""
        old = [city for city in self._cities if city.year("founded") <= year]
        return choose(self._rng, old)

    def _active(self, calling: str, earliest: int = 0) -> tuple[Thing, int]:
        """Draw somebody, and a year in which they worked, not before another one."""
        people = [
            person
            for person in self.people[calling]
            if _end(person) >= max(earliest, person.year("born") + ADULT)
        ]
        person = choose(self._rng, people)
        first = max(earliest, person.year("born") + ADULT)
        last = min(_end(person), first + 40)
        return person, between(self._rng, first, last)

    def _build_works(self) -> None:
        self._companies = [
            self._company(person, "publishing") for person in self.people["publisher"]
        ] + [
            self._company(person, choose(self._rng, list(INDUSTRIES)))
            for person in self.people["industrialist"]
        ]
        self._books = [self._book() for _ in range(BOOKS)]
        for _ in range(MUSEUMS):
            self._museum()
        self._museums = [thing for thing in self.things if thing.kind == "museum"]
        for _ in range(FILMS):
            self._film()
        for _ in range(PAINTINGS):
            self._painting()
        for _ in range(BRIDGES):
            self._bridge()
        for _ in range(NEWSPAPERS):
            self._newspaper()
        for _ in range(CLUBS):
            self._club()
        for mountain in self._mountains:
            climber, year = self._active("mountaineer")
            mountain.facts |= {"climber": climber, "climbed": year}
            climber.works.append(mountain)

    def _unused(self, titles: list[str]) -> str:
        """Draw a title that nothing has; there are more than can be used up."""
        order = shuffled(self._rng, titles)
        return next(title for title in order if self._names.take(title))

    def _made(self, person: Thing, thing: Thing, **facts: object) -> Thing:
        thing.facts |= facts  # type: ignore[arg-type]  # all are facts
        person.works.append(thing)
        return thing

    def _company(self, founder: Thing, industry: str) -> Thing:
        rng = self._rng
        suffix = "Press" if industry == "publishing" else INDUSTRIES[industry]
        stem = founder.short if rng.random() < 0.25 else self._tongue.family()
        if not self._names.take(f"company {stem}"):
            stem = self._tongue.family()
        company = self._new("company", f"{stem} {suffix}", short="the company")
        company.aliases = [f"{company.title} Limited"]
        last = min(_end(founder), founder.year("born") + 60)
        founded = between(rng, founder.year("born") + ADULT, last)
        return self._made(
            founder,
            company,
            founder=founder,
            founded=founded,
            industry=industry,
            headquarters=self._place(founded),
        )

    def _book(self) -> Thing:
        rng = self._rng
        author, year = self._active("novelist")
        book = self._new("book", self._names.title(), short="the novel")
        houses = [
            company
            for company in self._companies
            if company.facts["industry"] == "publishing"
            and company.year("founded") <= year
        ]
        if houses:
            book.facts["publisher"] = choose(rng, houses)
        return self._made(
            author,
            book,
            author=author,
            year=year,
            genre=choose(rng, GENRES),
            setting=self._place(year),
        )

    def _film(self) -> Thing:
        rng = self._rng
        director, year = self._active("film director", 1912)
        film = self._new("film", self._names.title(), short="the film")
        composers = [
            person
            for person in self.people["composer"]
            if person.year("born") + ADULT <= year <= _end(person)
        ]
        if composers:
            film.facts["composer"] = choose(rng, composers)
        told = [book for book in self._books if book.year("year") < year]
        if told and rng.random() < 0.6:
            film.facts["basis"] = choose(rng, told)
        genre = choose(rng, FILM_GENRES)
        return self._made(director, film, director=director, year=year, genre=genre)

    def _painting(self) -> Thing:
        painter, year = self._active("painter")
        painting = self._new("painting", self._names.title(), short="the painting")
        museum = choose(self._rng, self._museums)
        return self._made(painter, painting, painter=painter, year=year, museum=museum)

    def _museum(self) -> Thing:
        architect, year = self._active("architect")
        city = self._place(year)
        title = self._unused([f"{city} Museum of {topic}" for topic in TOPICS])
        museum = self._new("museum", title, article=True)
        museum.short = "the museum"
        return self._made(
            architect, museum, architect=architect, opened=year, city=city
        )

    def _bridge(self) -> Thing:
        rng = self._rng
        engineer, year = self._active("engineer")
        spanned = [city for city in self._cities if "river" in city.facts]
        city = choose(rng, spanned)
        bridge = self._new("bridge", f"{self._tongue.family()} Bridge")
        bridge.short = "the bridge"
        return self._made(
            engineer,
            bridge,
            designer=engineer,
            opened=year,
            city=city,
            river=city.thing("river"),
            length=Amount(between(rng, 58, 1890), "metres"),
        )

    def _newspaper(self) -> Thing:
        founder, year = self._active("publisher")
        city = self._place(year)
        title = self._unused([f"{city} {name}" for name in PAPERS])
        paper = self._new("newspaper", title, article=True)
        paper.short = "the newspaper"
        return self._made(founder, paper, founder=founder, founded=year, city=city)

    def _club(self) -> Thing:
        rng = self._rng
        founded = between(rng, 1872, 1961)
        city = self._place(founded)
        title = self._unused([f"{city} {name}" for name in CLUB_NAMES])
        club = self._new("club", title, short="the club")
        ground = f"{self._tongue.family()} {choose(rng, GROUNDS)}"
        club.facts = {"city": city, "founded": founded, "ground": ground}
        return club


def _end(person: Thing) -> int:
    """The last year in which somebody did anything."""
    return person.year("died") if "died" in person.facts else NOW - 1
