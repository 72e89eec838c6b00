"""The land of one country of the embedded world."""

from __future__ import annotations

from random import Random

from agentgym_envs.draws import between, choose, shuffled
from agentgym_envs.searchqa.names import Names, Tongue
from agentgym_envs.searchqa.things import Amount, Money, Thing
from agentgym_envs.searchqa.words import FORMS, SEAS

CITIES, RIVERS, MOUNTAINS, LAKES, UNIVERSITIES = 10, 4, 3, 2, 2


class Land:
    """Builds the land of one country; ``things`` holds what has a passage."""

    def __init__(self, rng: Random, names: Names, side: str) -> None:
        self._rng, self._names, self._side = rng, names, side
        self._tongue = Tongue(rng, names)
        self.things: list[Thing] = []
        name, self._adjective = self._tongue.country()
        form = choose(rng, FORMS)
        self.country = self._new("country", name, aliases=[f"{form} {name}"])
        self._build_land()

    def _new(self, kind: str, title: str, **rest: object) -> Thing:
        thing = Thing(kind, title, self._side, adjective=self._adjective, **rest)  # type: ignore[arg-type]  # fields of Thing
        thing.short = thing.short or title
        self.things.append(thing)
        return thing

    def _build_land(self) -> None:
        rng, country = self._rng, self.country
        self._cities = [self._city() for _ in range(CITIES)]
        self._cities.sort(key=lambda city: -_number(city, "population"))
        people = sum(_number(city, "population") for city in self._cities)
        mountains = [self._mountain() for _ in range(MOUNTAINS)]
        self._sea = f"{choose(rng, SEAS)} {self._tongue.nature()}"
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
            "mouth": f"the {self._sea}" if into_sea else choose(rng, self._lakes),
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


def _number(thing: Thing, relation: str) -> int:
    value = thing.facts[relation]
    assert isinstance(value, Amount)
    return value.number
