"""One country of the embedded world: its land, its people, and what they made.

All of it holds together: rivers flow through cities of their country, people are
grown up and alive when they do something, and nothing is in a city before the city is.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from agentgym_envs.searchqa.draws import between, choose, shuffled
from agentgym_envs.searchqa.names import Names, Tongue
from agentgym_envs.searchqa.things import Amount, Date, Money, Thing

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
CITIES, RIVERS, MOUNTAINS, LAKES, UNIVERSITIES = 10, 4, 3, 2, 2
BOOKS, FILMS, PAINTINGS, BRIDGES, MUSEUMS, NEWSPAPERS, CLUBS = 14, 5, 5, 4, 3, 3, 3

SEAS = "Grey Sea,Sea of Marn,Amber Gulf,Eastern Ocean,Bay of Sorrows".split(",")
GENRES = (
    "historical novel,crime novel,adventure novel,satirical novel,family saga,"
    "gothic novel,war novel,coming-of-age novel,epistolary novel,sea novel"
).split(",")
FILM_GENRES = "drama,comedy,thriller,melodrama,musical,western,war,mystery".split(",")
INDUSTRIES = {
    "shipbuilding": "Shipyards",
    "textile": "Mills",
    "steel": "Steelworks",
    "brewing": "Brewery",
    "chemical": "Chemicals",
    "watchmaking": "Watches",
    "railway": "Locomotives",
    "ceramics": "Porcelain",
    "glass": "Glassworks",
    "aircraft": "Aviation",
}
TOPICS = "Glass,Maritime History,Natural History,Folk Art,Clocks,Printing".split(",")
PAPERS = "Courier,Herald,Gazette,Chronicle,Tribune,Observer,Mercury".split(",")
CLUB_NAMES = "Rovers,Athletic,Wanderers,United,Rangers".split(",")
GROUNDS = "Park,Road,Meadow,Lane".split(",")
FORMS = "Republic of,Kingdom of,Federation of,Grand Duchy of".split(",")


class Nation:
    """Builds one country; ``things`` holds what has a passage."""

    def __init__(self, rng: Random, names: Names, side: str) -> None:
        self._rng, self._names, self._side = rng, names, side
        self._tongue = Tongue(rng, names)
        self.things: list[Thing] = []
        name, self._adjective = self._tongue.country()
        form = choose(rng, FORMS)
        self.country = self._new("country", name, aliases=[f"{form} {name}"])
        self._build_land()
        self.people = {calling: self._people(calling) for calling in CALLINGS}
        self._build_works()

    def _new(self, kind: str, title: str, **rest: object) -> Thing:
        thing = Thing(kind, title, self._side, adjective=self._adjective, **rest)  # type: ignore[arg-type]  # fields of Thing
        thing.short = thing.short or title
        self.things.append(thing)
        return thing

    # The land

    def _build_land(self) -> None:
        rng, country = self._rng, self.country
        self._cities = [self._city() for _ in range(CITIES)]
        self._cities.sort(key=lambda city: -_number(city, "population"))
        people = sum(_number(city, "population") for city in self._cities)
        mountains = [self._mountain() for _ in range(MOUNTAINS)]
        self._lakes = [self._lake() for _ in range(LAKES)]
        self._rivers = [self._river(mountains) for _ in range(RIVERS)]
        self._universities = [self._university(i) for i in range(UNIVERSITIES)]
        oldest = max(city.year("founded") for city in self._cities)
        country.facts = {
            "capital": self._cities[0],
            "currency": Money(self._adjective, self._tongue.coin()),
            "highest": max(mountains, key=lambda m: _number(m, "height")),
            "longest": max(self._rivers, key=lambda r: _number(r, "length")),
            "founded": between(rng, max(oldest + 5, 1500), 1920),
            "population": Amount(people * between(rng, 3, 6) // 1000 * 1000),
        }
        self._mountains = mountains

    def _city(self) -> Thing:
        rng = self._rng
        aliases = [self._tongue.place()] if rng.random() < 0.3 else []
        city = self._new("city", self._tongue.place(), aliases=aliases)
        size = between(rng, 15, 950) * (3 if rng.random() < 0.15 else 1)
        city.facts = {
            "country": self.country,
            "founded": between(rng, 850, 1650),
            "population": Amount(size * 1000 + between(rng, 1, 999)),
        }
        return city

    def _mountain(self) -> Thing:
        mountain = self._new("mountain", f"Mount {self._tongue.nature()}")
        mountain.short = mountain.title.removeprefix("Mount ")
        height = Amount(between(self._rng, 1204, 6890), "metres")
        mountain.facts = {"country": self.country, "height": height}
        mountain.aliases = [mountain.short]
        return mountain

    def _lake(self) -> Thing:
        rng = self._rng
        name = self._tongue.nature()
        lake = self._new("lake", f"Lake {name}", aliases=[name], short=f"Lake {name}")
        lake.facts = {
            "country": self.country,
            "area": Amount(between(rng, 12, 4800), "square kilometres"),
            "depth": Amount(between(rng, 14, 480), "metres"),
        }
        return lake

    def _river(self, mountains: list[Thing]) -> Thing:
        rng = self._rng
        name = self._tongue.nature()
        river = self._new(
            "river", f"{name} River", aliases=[name], article=True, short=name
        )
        into_sea = rng.random() < 0.5
        river.facts = {
            "country": self.country,
            "source": choose(rng, mountains),
            "mouth": f"the {choose(rng, SEAS)}"
            if into_sea
            else choose(rng, self._lakes),
            "length": Amount(between(rng, 61, 2900), "kilometres"),
        }
        dry = [city for city in self._cities if "river" not in city.facts]
        for city in shuffled(rng, dry)[: between(rng, 1, 3)]:
            city.facts["river"] = river
            river.works.append(city)
        return river

    def _university(self, number: int) -> Thing:
        city = self._cities[number]
        university = self._new("university", f"University of {city}", article=True)
        university.aliases = [f"{city} University"]
        university.short = "the university"
        founded = between(self._rng, max(1390, city.year("founded") + 20), 1815)
        university.facts = {"city": city, "founded": founded}
        return university

    # The people

    def _people(self, calling: str) -> list[Thing]:
        people = [self._person(calling) for _ in range(CALLINGS[calling])]
        people.sort(key=lambda person: person.year("born"))
        for older, younger in pairwise(people if calling in TAUGHT else ()):
            younger_by = younger.year("born") - older.year("born")
            if younger_by >= 15 and younger.year("born") + ADULT <= _end(older):
                younger.facts["teacher"] = older
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

    # What they made

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


def _number(thing: Thing, relation: str) -> int:
    value = thing.facts[relation]
    assert isinstance(value, Amount)
    return value.number


def _end(person: Thing) -> int:
    """The last year in which somebody did anything."""
    return person.year("died") if "died" in person.facts else NOW - 1
