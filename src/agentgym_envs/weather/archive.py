"""The embedded weather service: it answers as Open-Meteo's public interface does.

The shapes are those of https://open-meteo.com (archive, air quality, geocoding and
elevation), cut down to the fields that the tools show.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from agentgym_envs.tasks import Task
from agentgym_envs.tools.toolbox import ToolFailure
from agentgym_envs.weather import climate
from agentgym_envs.weather.climate import Tenths, Year
from agentgym_envs.weather.places import search
from agentgym_envs.weather.state import WeatherState

FIRST, LAST = datetime.date(2015, 1, 1), datetime.date(2024, 12, 31)
MAX_PLACES = 3
NOON = "T12:00"
SNOW_DEPTH = 7  # hundredths of a centimetre for each tenth of a millimetre of water

Reply = dict[str, Any]


def refusal(reason: str) -> ToolFailure:
    """The reply to a request that can't be answered; its text is the body."""
    body = {"error": True, "reason": reason}
    return ToolFailure(json.dumps(body, separators=(",", ":"), ensure_ascii=False))


def _as_tenths(values: Tenths) -> list[Any]:
    return [value / 10 for value in values.tolist()]


def _as_depth(values: Tenths) -> list[Any]:
    return [value * SNOW_DEPTH / 100 for value in values.tolist()]


def _whole(values: Tenths) -> list[Any]:
    return list(values.tolist())


# Each daily variable: its unit, where it stands in a year, and how it is written.
VARIABLES: dict[str, tuple[str, Callable[[Year], Tenths], Any]] = {
    "temperature_2m_max": ("°C", lambda year: year.highest, _as_tenths),
    "temperature_2m_min": ("°C", lambda year: year.lowest, _as_tenths),
    "temperature_2m_mean": ("°C", lambda year: year.mean, _as_tenths),
    "rain_sum": ("mm", lambda year: year.rain, _as_tenths),
    "snowfall_sum": ("cm", lambda year: year.snow, _as_depth),
    "european_aqi_pm2_5": ("EAQI", lambda year: year.air_quality, _whole),
}


class Archive:
    """Weather, places and heights; it has no state, so that all episodes share it."""

    def start(self, task: Task) -> WeatherState:
        """Give the state in which an item begins."""
        return WeatherState(**task.payload["setup"])

    def resume(self, task: Task, state: WeatherState) -> None:
        """Take up a state, unless it is of another day or city than the item.

        Raises:
            ValueError: if it is.
        """
        if {"date": state.date, "location": state.location} != task.payload["setup"]:
            raise ValueError("the item is of another day or city")

    def close(self) -> None:
        """There is nothing to let go of."""

    def daily(
        self,
        variables: Sequence[str],
        latitude: object,
        longitude: object,
        start: object,
        end: object,
    ) -> Reply:
        """The daily values of a span of days, both ends included.

        Raises:
            ToolFailure: for what is no point of the earth or no span of the archive.
        """
        reply = self._span(variables, latitude, longitude, start, end)
        # A fresh one each time: what an agent was shown may be kept and changed.
        return {
            key: {inner: _copied(value) for inner, value in part.items()}
            if isinstance(part, dict)
            else part
            for key, part in reply.items()
        }

    def air_quality(
        self, latitude: object, longitude: object, start: object, end: object
    ) -> Reply:
        """The index of fine dust at noon of each day.

        Raises:
            ToolFailure: as for `daily`.
        """
        reply = self.daily(["european_aqi_pm2_5"], latitude, longitude, start, end)
        reply["daily"]["time"] = [day + NOON for day in reply["daily"]["time"]]
        return reply

    def search(self, name: object) -> Reply:
        """Up to three places of a name; without the key ``results`` if there is none.

        Raises:
            ToolFailure: if the name is no text.
        """
        if not isinstance(name, str | int | float):
            raise refusal("Parameter 'name' is required.")
        found = search(str(name), MAX_PLACES)
        if not found:
            return {}
        return {
            "results": [
                {
                    "name": place.name,
                    "latitude": place.latitude,
                    "longitude": place.longitude,
                    "country_code": place.country,
                }
                for place in found
            ]
        }

    def elevation(self, latitude: object, longitude: object) -> Reply:
        """The height of a point above the sea, in metres.

        Raises:
            ToolFailure: for what is no point of the earth.
        """
        return {"elevation": [climate.elevation(*_point(latitude, longitude))]}

    def _span(
        self,
        variables: Sequence[str],
        latitude: object,
        longitude: object,
        start: object,
        end: object,
    ) -> Reply:
        cell = climate.cell_of(*_point(latitude, longitude))
        first, last = _day("start_date", start), _day("end_date", end)
        if last < first:
            raise refusal("End-date must be larger or equals than start-date")
        return _table(tuple(variables), cell, first, last)


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def _table(
    variables: tuple[str, ...],
    cell: tuple[int, int],
    first: datetime.date,
    last: datetime.date,
) -> Reply:
    """The whole reply to a request that is known to make sense."""
    ordinals = range(first.toordinal(), last.toordinal() + 1)
    units = {"time": "iso8601"}
    daily: dict[str, list[Any]] = {
        "time": [datetime.date.fromordinal(day).isoformat() for day in ordinals]
    }
    for name in variables:
        unit, part, written = VARIABLES[name]
        units[name] = unit
        daily[name] = values = []
        for number in range(first.year, last.year + 1):
            opening = datetime.date(number, 1, 1).toordinal()
            begin = max(ordinals.start - opening, 0)
            stop = ordinals.stop - opening
            values += written(part(climate.year(cell, number))[begin:stop])
    return {
        "latitude": cell[0] / climate.GRID,
        "longitude": cell[1] / climate.GRID,
        "daily_units": units,
        "daily": daily,
    }


def _point(latitude: object, longitude: object) -> tuple[float, float]:
    """Check a pair of coordinates, given as numbers or as texts of numbers."""
    point = check_numbers(latitude, longitude)
    for name, number, largest in zip(
        ("Latitude", "Longitude"), point, (90, 180), strict=True
    ):
        if not -largest <= number <= largest:
            raise refusal(
                f"{name} must be in range of -{largest} to {largest}°. Given: {number}."
            )
    return point


def check_numbers(latitude: object, longitude: object) -> tuple[float, float]:
    """Give two numbers, which may come as texts.

    Raises:
        ToolFailure: if one is none.
    """
    north, east = _number(latitude), _number(longitude)
    for name, number in (("latitude", north), ("longitude", east)):
        if number is None or not math.isfinite(number):
            raise refusal(f"Value of type 'Float' required for key '{name}'.")
    assert north is not None and east is not None
    return north, east


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _day(name: str, text: object) -> datetime.date:
    day = iso_date(text)
    if day is None:
        raise refusal("Invalid date format. Make sure to use 'YYYY-MM-DD'")
    if not FIRST <= day <= LAST:
        raise refusal(
            f"Parameter '{name}' is out of allowed range from {FIRST} to {LAST}"
        )
    return day


def iso_date(text: object) -> datetime.date | None:
    """Read a date in the form ``YYYY-MM-DD`` and in no other."""
    # Python would also take weeks ("2023-W07-1").
    if not isinstance(text, str) or len(text) != 10 or not text.isascii():
        return None
    if text[4] != "-" or text[7] != "-" or not text.replace("-", "").isdigit():
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
