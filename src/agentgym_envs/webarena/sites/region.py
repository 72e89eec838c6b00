"""The country that the map shows and the wiki tells about.

Alder County has towns with streets in a grid, roads between them, and places in the
streets. All of it follows from one seed, so map and wiki agree.
"""

from __future__ import annotations

import math
from functools import cache
from random import Random
from typing import NamedTuple

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.webarena.sites.people import FIRST, LAST

SEED = 800
COUNTY = "Alder County"
LATITUDE, LONGITUDE = 43.0, -71.5  # of the south-west corner
KM_PER_DEGREE = 111.2
SIDE = 5  # streets of a town in each direction
BLOCK = 0.35  # kilometres between two streets
TOWNS = """Alderton Brookhaven Castlewick Dunford Eastmere Fairhollow Greystone
Harrowgate Ivybridge Juniper Kingsport Larkfield""".split()
RIVERS = ("Aldwater", "Mill River", "Stony Brook", "Wend")
ACROSS = "First Second Third Fourth Fifth".split()
ALONG = "Market Church Station Garden River".split()
PRODUCTS = """paper wool glass clocks cheese timber boats bricks beer cutlery pianos
bicycles""".split()

# What there is in a town: kind, names, how many.
KINDS: tuple[tuple[str, str, int], ...] = (
    ("Café", "Copper Kettle, Blue Door Café, Corner Bean, Slow Cup, Marigold Café", 4),
    ("Restaurant", "Golden Fork, Luigi's, Saffron House, The Old Mill, Noodle Bar", 5),
    ("Hotel", "Grand Hotel, Riverside Inn, Station Hotel, Park Lodge", 3),
    ("Supermarket", "Fresh Basket, Daily Market, Valley Foods, Green Grocer", 4),
    ("Pharmacy", "Town Pharmacy, Hillside Pharmacy, Corner Pharmacy", 3),
    ("School", "Elementary School, Middle School, High School", 3),
    ("Park", "Central Park, Rose Garden, Riverside Park, Memorial Park", 3),
    ("Bank", "First County Bank, Alder Savings, Farmers Bank", 3),
    ("Museum", "Museum of History, Art Museum, Railway Museum, Craft Museum", 2),
    ("Library", "Public Library", 1),
    ("Hospital", "General Hospital", 1),
    ("Railway station", "Station", 1),
    ("Post office", "Post Office", 1),
    ("Town hall", "Town Hall", 1),
    ("Fuel station", "Quick Fuel, County Gas, Roadside Fuel", 3),
    ("Bicycle shop", "Wheelhouse, Spoke and Chain", 2),
    ("Cinema", "Odeon Cinema, Starlight Cinema", 1),
)
HOURS = ("8:00-18:00", "9:00-17:00", "10:00-22:00", "7:00-20:00", "Open all day")


class Town(NamedTuple):
    """A town, with its south-west corner in kilometres from that of the county."""

    name: str
    x: float
    y: float
    founded: int
    population: int
    river: str
    product: str


class Place(NamedTuple):
    """Something in a street."""

    name: str
    kind: str
    town: str
    street: str
    house: int
    node: int
    phone: str
    hours: str


class Road(NamedTuple):
    """A stretch between two crossings."""

    one: int
    other: int
    name: str
    km: float
    is_highway: bool


class Person(NamedTuple):
    """Somebody the wiki has an article about."""

    name: str
    work: str
    born: int
    town: str
    known_for: str


class Region(NamedTuple):
    """All there is."""

    towns: list[Town]
    nodes: list[tuple[float, float]]
    """Crossings in kilometres, by number."""
    roads: list[Road]
    places: list[Place]
    people: list[Person]


def coordinates(x: float, y: float) -> tuple[float, float]:
    """Give latitude and longitude of a point in kilometres."""
    latitude = LATITUDE + y / KM_PER_DEGREE
    width = KM_PER_DEGREE * math.cos(math.radians(LATITUDE))
    return round(latitude, 5), round(LONGITUDE + x / width, 5)


@cache
def region() -> Region:
    """Make the county; the same at every call."""
    rng = Random(SEED)
    towns = _towns(rng)
    nodes: list[tuple[float, float]] = []
    roads: list[Road] = []
    for town in towns:
        _streets(town, nodes, roads)
    _highways(towns, nodes, roads)
    places = [
        place
        for number, town in enumerate(towns)
        for place in _places(rng, number, town)
    ]
    return Region(towns, nodes, roads, places, _people(rng, towns))


def _towns(rng: Random) -> list[Town]:
    towns = []
    for number, name in enumerate(TOWNS):
        # One town in each field of a wide grid, somewhere in it.
        x = 16 * (number % 4) + 9 * rng.random()
        y = 16 * (number // 4) + 9 * rng.random()
        population = int(4000 * math.exp(2.6 * rng.random()))
        founded = between(rng, 1641, 1832)
        river = choose(rng, RIVERS)
        towns.append(
            Town(
                name,
                round(x, 2),
                round(y, 2),
                founded,
                population,
                river,
                PRODUCTS[number],
            )
        )
    return towns


def _streets(town: Town, nodes: list[tuple[float, float]], roads: list[Road]) -> None:
    base = len(nodes)
    for row in range(SIDE):
        for column in range(SIDE):
            nodes.append((town.x + BLOCK * column, town.y + BLOCK * row))
    for row in range(SIDE):
        for column in range(SIDE):
            here = base + row * SIDE + column
            if column + 1 < SIDE:
                name = f"{ACROSS[row]} Street"
                roads.append(Road(here, here + 1, name, BLOCK, False))
            if row + 1 < SIDE:
                name = f"{ALONG[column]} Street"
                roads.append(Road(here, here + SIDE, name, BLOCK, False))


def centre(town: int) -> int:
    """Give the crossing in the middle of a town."""
    return town * SIDE * SIDE + SIDE * SIDE // 2


def _highways(
    towns: list[Town], nodes: list[tuple[float, float]], roads: list[Road]
) -> None:
    pairs = [
        (one, other)
        for one in range(len(towns))
        for other in range(one + 1, len(towns))
        if abs(one % 4 - other % 4) + abs(one // 4 - other // 4) == 1
    ]
    for number, (one, other) in enumerate(pairs, 1):
        here, there = centre(one), centre(other)
        (x, y), (u, v) = nodes[here], nodes[there]
        # Roads wind: a highway is shorter than the country road beside it.
        straight = math.hypot(u - x, v - y)
        country = f"{towns[one].name} Road"
        roads.append(Road(here, there, country, round(1.25 * straight, 2), False))
        if number % 2:
            name = f"State Route {number}"
            roads.append(Road(here, there, name, round(1.1 * straight, 2), True))


def _places(rng: Random, number: int, town: Town) -> list[Place]:
    places = []
    for kind, names, count in KINDS:
        for name in sample(rng, names.split(", "), count if count < 4 else count - 1):
            row, column = between(rng, 0, SIDE - 1), between(rng, 0, SIDE - 1)
            street = choose(rng, (f"{ACROSS[row]} Street", f"{ALONG[column]} Street"))
            full = f"{town.name} {name}" if count == 1 or kind == "School" else name
            places.append(
                Place(
                    full,
                    kind,
                    town.name,
                    street,
                    between(rng, 1, 180),
                    number * SIDE * SIDE + row * SIDE + column,
                    f"555-{between(rng, 200, 899)}-{between(rng, 1000, 9999)}",
                    choose(rng, HOURS),
                )
            )
    return places


def _people(rng: Random, towns: list[Town]) -> list[Person]:
    works = {
        "painter": ("The Harvesters", "Harbour at Night", "Three Apple Trees"),
        "composer": (
            "the River Symphony",
            "the opera Winter Post",
            "Songs without Hurry",
        ),
        "engineer": (
            "the county's first iron bridge",
            "a steam pump",
            "the canal lock",
        ),
        "writer": (
            "the novel The Long Barn",
            "her travel letters",
            "Poems from the Weir",
        ),
        "botanist": ("a flora of the county", "the alder fern", "the seed library"),
        "chess player": ("the Alder Gambit", "winning the county cup nine times"),
    }
    people: list[Person] = []
    taken: set[str] = set()
    while len(people) < 72:
        name = f"{choose(rng, FIRST)} {choose(rng, LAST)}"
        if name in taken:
            continue
        taken.add(name)
        work = choose(rng, list(works))
        town = choose(rng, towns).name
        people.append(
            Person(name, work, between(rng, 1790, 1979), town, choose(rng, works[work]))
        )
    return people
