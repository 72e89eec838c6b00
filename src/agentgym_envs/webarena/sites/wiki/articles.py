"""What the articles say.

A row of an article is a text in which ``[[Title]]`` is a link to another article.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agentgym_envs.webarena.sites.region import (
    COUNTY,
    RIVERS,
    Person,
    Place,
    Region,
    Town,
    coordinates,
    region,
)

NOTED = ("Museum", "Hospital", "Railway station", "Library", "Town hall", "Cinema")


class Article(NamedTuple):
    """An article: facts for the box beside it, rows of text, and its category."""

    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[str, ...]
    category: str


def articles() -> Iterator[Article]:
    """Give all articles; titles differ."""
    county = region()
    yield _county(county)
    for town in county.towns:
        yield _town(town, county)
    for river in RIVERS:
        yield _river(river, county)
    for place in county.places:
        if place.kind in NOTED:
            yield _place(place)
    for person in county.people:
        yield _person(person)


def _county(county: Region) -> Article:
    people = sum(town.population for town in county.towns)
    largest = max(county.towns, key=lambda town: town.population)
    oldest = min(county.towns, key=lambda town: town.founded)
    return Article(
        COUNTY,
        (("Towns", str(len(county.towns))), ("Population", f"{people:,}")),
        (
            f"{COUNTY} is a county of {len(county.towns)} towns and {people:,} people.",
            f"Its largest town is [[{largest.name}]], its oldest [[{oldest.name}]].",
            f"Four rivers cross it: {', '.join(f'[[{river}]]' for river in RIVERS)}.",
            *[f"[[{town.name}]] is known for {town.product}." for town in county.towns],
        ),
        "Counties",
    )


def _town(town: Town, county: Region) -> Article:
    latitude, longitude = coordinates(town.x, town.y)
    natives = [who for who in county.people if who.town == town.name]
    rows = [
        f"{town.name} is a town in [[{COUNTY}]] with {town.population:,} inhabitants.",
        f"It lies on the [[{town.river}]] and was founded in {town.founded}.",
        f"The town has long been known for its {town.product}.",
    ]
    rows += [
        f"[[{place.name} ({town.name})]] stands in {place.street}."
        if place.kind in ("Museum", "Cinema")
        else f"[[{place.name}]] stands in {place.street}."
        for place in county.places
        if place.town == town.name and place.kind in NOTED
    ]
    rows += [f"Notable people: [[{who.name}]], {who.work}." for who in natives]
    return Article(
        town.name,
        (
            ("County", COUNTY),
            ("Founded", str(town.founded)),
            ("Population", f"{town.population:,}"),
            ("River", town.river),
            ("Coordinates", f"{latitude:.3f}, {longitude:.3f}"),
        ),
        tuple(rows),
        "Towns",
    )


def _river(river: str, county: Region) -> Article:
    towns = [town for town in county.towns if town.river == river]
    length = 20 + 9 * len(towns) + len(river)
    return Article(
        river,
        (("Length", f"{length} km"), ("County", COUNTY)),
        (
            f"The {river} is a river in [[{COUNTY}]], {length} kilometres long.",
            *[f"It passes [[{town.name}]]." for town in towns],
        ),
        "Rivers",
    )


def _place(place: Place) -> Article:
    title = place.name
    if place.kind in ("Museum", "Cinema"):
        title = f"{place.name} ({place.town})"
    opened = 1850 + place.house % 120
    return Article(
        title,
        (
            ("Type", place.kind),
            ("Town", place.town),
            ("Opened", str(opened)),
            ("Address", f"{place.house} {place.street}"),
        ),
        (
            f"{place.name} is a {place.kind.lower()} in [[{place.town}]].",
            f"It opened in {opened} and stands at {place.house} {place.street}.",
        ),
        place.kind,
    )


def _person(person: Person) -> Article:
    article = "an" if person.work[0] in "aeiou" else "a"
    return Article(
        person.name,
        (
            ("Born", str(person.born)),
            ("Birthplace", person.town),
            ("Occupation", person.work.capitalize()),
            ("Known for", person.known_for),
        ),
        (
            f"{person.name} was {article} {person.work} from [[{person.town}]].",
            f"Born in {person.born}, {person.name.split()[0]} is best known for "
            f"{person.known_for}.",
        ),
        "People",
    )
