"""Where and when a generated goal plays, and short ways to look things up there."""

from __future__ import annotations

import datetime
from collections import Counter
from hashlib import sha256
from random import Random
from typing import Any

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.once import once
from agentgym_envs.tools.generate import Session, require
from agentgym_envs.weather import HORIZON
from agentgym_envs.weather.archive import Archive
from agentgym_envs.weather.places import Place, folded, places, search
from agentgym_envs.weather.state import WeatherState
from agentgym_envs.weather.tools import TOOLBOX

ARCHIVE = Archive()
EARLIEST = datetime.date(2017, 1, 1)  # of the days that goals play on
DAYS = 7 * 365  # from then on
SMALLEST = 30  # population in thousands of a city that goals speak of
TEST_SHARE = 5  # every fifth city is for testing

Point = dict[str, float]
ONE_DECIMAL = "Please provide the answer as a number, rounded to one decimal."
AS_NUMBER = "Please provide the answer as a whole number."
AS_DATE = "Please provide the answer as a date in the form 'YYYY-MM-DD'."
AS_CITY = "Please answer with the name of the city."


@once
def cities(split: str) -> tuple[Place, ...]:
    """The cities that the goals of a split speak of; each name is one city's alone."""
    return tuple(
        place
        for place in places()
        if place.population >= SMALLEST
        and (_is_test(place.name) == (split == "test"))
        and search(place.name)[:1] == (place,)
        and all(folded(other.name) != folded(place.name) for other in _others(place))
    )


@once
def namesakes_of(split: str) -> tuple[str, ...]:
    """The names of a split that several places have."""
    names = sorted({place.name for place in places()})
    counts = Counter(folded(place.name) for place in places())
    return tuple(
        name
        for name in names
        if counts[folded(name)] > 1 and _is_test(name) == (split == "test")
    )


def _is_test(name: str) -> bool:
    return sha256(folded(name).encode("utf-8")).digest()[0] % TEST_SHARE == 0


def _others(place: Place) -> list[Place]:
    return [other for other in search(place.name) if other is not place]


class Scene:
    """A city, a day, and the calls that answer a question there.

    Args:
        rng: Where the goal's draws come from.
        split: Which cities it may speak of.
    """

    def __init__(self, rng: Random, split: str) -> None:
        self.rng = rng
        self.split = split
        self.pool = cities(split)
        self.city = choose(rng, self.pool).name
        self.day = EARLIEST + datetime.timedelta(between(rng, 0, DAYS))
        state = WeatherState(date=self.day.isoformat(), location=self.city)
        self.session = Session(TOOLBOX, ARCHIVE, state, longest=HORIZON)

    # Draws

    def others(self, count: int) -> list[str]:
        """Draw cities other than the user's."""
        drawn = sample(self.rng, self.pool, count + 1)
        names = [place.name for place in drawn if place.name != self.city]
        return names[:count]

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return between(self.rng, low, high)

    def date(self, days: int) -> str:
        """The day that many days from today."""
        return (self.day + datetime.timedelta(days)).isoformat()

    # Calls

    def today(self) -> str:
        """Ask which day it is."""
        told: str = self.session.call("get_user_current_date")
        return told

    def here(self) -> Point:
        """Ask where the user is, and where that is."""
        return self.point(self.session.call("get_user_current_location"))

    def point(self, name: str) -> Point:
        """Ask for the coordinates of a city."""
        found = self.session.call("get_latitude_longitude", name=name)["results"][0]
        return {"latitude": found["latitude"], "longitude": found["longitude"]}

    def span(self, tool: str, point: Point, first: str, last: str) -> dict[str, Any]:
        """Ask for the daily values of a span of days."""
        reply = self.session.call(tool, **point, start_date=first, end_date=last)
        daily: dict[str, Any] = reply["daily"]
        return daily

    def now(self, tool: str, point: Point) -> dict[str, Any]:
        """Ask for today's values."""
        reply = self.session.call(tool, **point, current_date=self.date(0))
        daily: dict[str, Any] = reply["daily"]
        return daily

    def height(self, point: Point) -> float:
        """Ask how high a point lies."""
        told: float = self.session.call("get_elevation", **point)["elevation"][0]
        return told

    def distance(self, one: Point, other: Point) -> float:
        """Ask how far two points are from each other."""
        told: float = self.session.call(
            "get_distance",
            latitude1=one["latitude"],
            longitude1=one["longitude"],
            latitude2=other["latitude"],
            longitude2=other["longitude"],
        )
        return told


def only_best(values: list[Any], names: list[str], *, margin: float = 0.0) -> str:
    """The name of the largest value, by more than a margin.

    Raises:
        Unsuitable: if there is no such.
    """
    ranked = sorted(values, reverse=True)
    require(ranked[0] > ranked[1] + margin)
    return names[values.index(ranked[0])]
