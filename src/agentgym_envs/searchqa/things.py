"""What the embedded world is made of: things with names, and facts about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

MONTHS = (
    "January February March April May June July August September October November "
    "December"
).split()


class Date(NamedTuple):
    """A day; dates compare by time."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]} {self.year}"

    @property
    def spellings(self) -> list[str]:
        """How people write it."""
        month = MONTHS[self.month - 1]
        return [str(self), f"{month} {self.day}, {self.year}"]


class Money(NamedTuple):
    """A currency, such as the Skiavarian pubin."""

    adjective: str
    coin: str

    def __str__(self) -> str:
        return f"{self.adjective} {self.coin}"

    @property
    def spellings(self) -> list[str]:
        """In full, and as people say in its country."""
        return [str(self), self.coin]


# Other ways to write the units of the world.
UNITS = {
    "metres": ("meters", "m"),
    "kilometres": ("kilometers", "km"),
    "square kilometres": ("square kilometers", "km2", "km²"),
}


class Amount(NamedTuple):
    """A whole number of something."""

    number: int
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number:,} {self.unit}".rstrip()

    @property
    def spellings(self) -> list[str]:
        """How people write it; a comma never counts."""
        units = (self.unit, *UNITS.get(self.unit, ()), "")
        return [f"{self.number:,} {unit}".rstrip() for unit in dict.fromkeys(units)]


@dataclass(eq=False, slots=True)
class Thing:
    """Something that has a passage."""

    kind: str
    title: str
    side: str
    """``train`` or ``test``; facts connect only things of one side."""
    aliases: list[str] = field(default_factory=list)
    """Other names, which its passage tells."""
    article: bool = False
    """Whether one says "the" before its name."""
    short: str = ""
    """What its passage calls it after the first time."""
    male: bool = False
    adjective: str = ""
    """Of its country, as in "Skiavarian"."""
    facts: dict[str, Fact] = field(default_factory=dict)
    """At most one value per relation, so that a question has one answer."""
    passage: str = ""
    works: list[Thing] = field(default_factory=list)
    """What it has made or holds, for its passage; of these a few are told."""

    def __str__(self) -> str:
        return f"the {self.title}" if self.article else self.title

    @property
    def spellings(self) -> list[str]:
        """Its name and the others."""
        return [self.title, *self.aliases]

    def thing(self, relation: str) -> Thing:
        """Give the thing that a fact names."""
        value = self.facts[relation]
        assert isinstance(value, Thing)
        return value

    def year(self, relation: str) -> int:
        """Give the year that a fact names."""
        value = self.facts[relation]
        if isinstance(value, Date):
            return value.year
        assert isinstance(value, int)
        return value


Fact = Thing | Date | Amount | Money | int | str
"""A value of a fact; an int is a year."""


def spellings(fact: Fact) -> list[str]:
    """All right ways to write a value, the plainest first."""
    if isinstance(fact, Thing | Date | Amount | Money):
        return fact.spellings
    return [str(fact)]
