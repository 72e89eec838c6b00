"""The tools of Weather, in the order and with the texts of the original."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Protocol

from agentgym_envs.tools.toolbox import (
    FINISH,
    TEXT,
    Argument,
    Tool,
    Toolbox,
    ToolFailure,
)
from agentgym_envs.weather.archive import iso_date
from agentgym_envs.weather.measures import air_quality_level, distance
from agentgym_envs.weather.state import WeatherState

MAX_SPAN = 30  # days between the first and the last day of a request
TOO_LONG = (
    "Error: Sorry, at present, we support a maximum time span of 30 days between "
    "start_date and end_date in a single query. Your input exceeds this range. You "
    "can split your current query into multiple sub-queries that meet our criteria."
)
NOT_EARLIER = "Error: {} should be earlier than current_date"
NOT_LATER = "Error: {} should be later than current_date"

TEMPERATURE = ("temperature_2m_max", "temperature_2m_min", "temperature_2m_mean")
RAIN = ("rain_sum",)
SNOW = ("snowfall_sum",)


class WeatherBackend(Protocol):
    """What the tools ask for: the embedded archive, or a service of its kind.

    Each method raises `ToolFailure` with the body of the reply when a request is
    refused.
    """

    def daily(
        self,
        variables: tuple[str, ...],
        latitude: object,
        longitude: object,
        start: object,
        end: object,
    ) -> dict[str, Any]:
        """Daily values of a span of days, both ends included."""

    def air_quality(
        self, latitude: object, longitude: object, start: object, end: object
    ) -> dict[str, Any]:
        """The index of fine dust at noon of each day."""

    def search(self, name: object) -> dict[str, Any]:
        """The places of a name, under the key ``results`` if there are any."""

    def elevation(self, latitude: object, longitude: object) -> dict[str, Any]:
        """The height of a point, in metres."""


def parse(text: Any) -> datetime.date:
    """Read a date as the original does, with the errors of Python's ``strptime``."""
    # The short way is several times faster; whatever it can't read goes the long one.
    return iso_date(text) or datetime.datetime.strptime(text, "%Y-%m-%d").date()


def _current_date(backend: WeatherBackend, state: WeatherState) -> str:
    return state.date


def _current_location(backend: WeatherBackend, state: WeatherState) -> str:
    return state.location


def _check_past(state: WeatherState, start: Any, end: Any) -> None:
    first, last, today = parse(start), parse(end), parse(state.date)
    if first >= today:
        raise ToolFailure(NOT_EARLIER.format("start_date"))
    if last >= today:
        raise ToolFailure(NOT_EARLIER.format("end_date"))
    _check_length(first, last)


def _check_future(state: WeatherState, start: Any, end: Any) -> None:
    first, last, today = parse(start), parse(end), parse(state.date)
    if first <= today:
        raise ToolFailure(NOT_LATER.format("start_date"))
    if last <= today:
        raise ToolFailure(NOT_LATER.format("end_date"))
    _check_length(first, last)


def _check_length(first: datetime.date, last: datetime.date) -> None:
    if (last - first).days > MAX_SPAN:
        raise ToolFailure(TOO_LONG)


def _historical(variables: tuple[str, ...]) -> Any:
    def run(
        backend: WeatherBackend,
        state: WeatherState,
        latitude: Any,
        longitude: Any,
        start: Any,
        end: Any,
    ) -> dict[str, Any]:
        _check_past(state, start, end)
        return backend.daily(variables, latitude, longitude, start, end)

    return run


def _forecast(variables: tuple[str, ...]) -> Any:
    def run(
        backend: WeatherBackend,
        state: WeatherState,
        latitude: Any,
        longitude: Any,
        start: Any,
        end: Any,
    ) -> dict[str, Any]:
        _check_future(state, start, end)
        return backend.daily(variables, latitude, longitude, start, end)

    return run


def _current(variables: tuple[str, ...]) -> Any:
    def run(
        backend: WeatherBackend,
        state: WeatherState,
        latitude: Any,
        longitude: Any,
        day: Any,
    ) -> dict[str, Any]:
        return backend.daily(variables, latitude, longitude, day, day)

    return run


def _places(backend: WeatherBackend, state: WeatherState, name: Any) -> dict[str, Any]:
    # Where nothing is found, the service leaves the key out; the error tells.
    return {"results": backend.search(name)["results"]}


def _elevation(
    backend: WeatherBackend, state: WeatherState, latitude: Any, longitude: Any
) -> dict[str, Any]:
    return backend.elevation(latitude, longitude)


def _distance(
    backend: WeatherBackend,
    state: WeatherState,
    latitude1: Any,
    longitude1: Any,
    latitude2: Any,
    longitude2: Any,
) -> float:
    return distance((latitude1, longitude1), (latitude2, longitude2))


def _past_air(
    backend: WeatherBackend,
    state: WeatherState,
    latitude: Any,
    longitude: Any,
    start: Any,
    end: Any,
) -> dict[str, Any]:
    _check_past(state, start, end)
    return backend.air_quality(latitude, longitude, start, end)


def _current_air(
    backend: WeatherBackend,
    state: WeatherState,
    latitude: Any,
    longitude: Any,
    day: Any,
) -> dict[str, Any]:
    return backend.air_quality(latitude, longitude, day, day)


def _level(backend: WeatherBackend, state: WeatherState, index: Any) -> str:
    return air_quality_level(index)


def _no_address(backend: WeatherBackend, state: WeatherState) -> Any:
    # The original lacks the service's address, and fails whatever the input.
    raise KeyError("zipcode")


def _number(description: str) -> Mapping[str, Any]:
    return {"type": ["number", "string"], "description": description}


def _day(description: str) -> Mapping[str, Any]:
    return {**TEXT, "description": description}


_POINT = (
    Argument("latitude", _number("degrees north")),
    Argument("longitude", _number("degrees east")),
)
_SPAN = (
    *_POINT,
    Argument("start_date", _day("the first day, YYYY-MM-DD")),
    Argument("end_date", _day("the last day, YYYY-MM-DD, at most 30 days later")),
)
_DAY = (*_POINT, Argument("current_date", _day("today, YYYY-MM-DD")))

TOOLBOX: Toolbox[WeatherBackend, WeatherState] = Toolbox(
    [
        Tool("get_user_current_date", "Tell today's date.", (), _current_date),
        Tool(
            "get_user_current_location",
            "Tell the city that the user is in.",
            (),
            _current_location,
        ),
        Tool(
            "get_historical_temp",
            "Tell the daily highest, lowest and mean temperature of past days, in °C.",
            _SPAN,
            _historical(TEMPERATURE),
        ),
        Tool(
            "get_historical_rain",
            "Tell the daily rainfall of past days, in mm.",
            _SPAN,
            _historical(RAIN),
        ),
        Tool(
            "get_historical_snow",
            "Tell the daily snowfall of past days, in cm.",
            _SPAN,
            _historical(SNOW),
        ),
        Tool(
            "get_snow_forecast",
            "Tell the daily snowfall of days to come, in cm.",
            _SPAN,
            _forecast(SNOW),
        ),
        Tool("get_current_snow", "Tell today's snowfall, in cm.", _DAY, _current(SNOW)),
        Tool(
            "get_current_temp",
            "Tell today's highest, lowest and mean temperature, in °C.",
            _DAY,
            _current(TEMPERATURE),
        ),
        Tool(
            "get_latitude_longitude",
            "Tell the coordinates of up to three places of a name.",
            (Argument("name", {**TEXT, "description": "the place's name alone"}),),
            _places,
        ),
        Tool(
            "get_elevation",
            "Tell the height of a point above the sea, in m.",
            _POINT,
            _elevation,
        ),
        Tool(
            "get_temp_forecast",
            "Tell the daily highest, lowest and mean temperature of days to come, "
            "in °C.",
            _SPAN,
            _forecast(TEMPERATURE),
        ),
        Tool(
            "get_rain_forecast",
            "Tell the daily rainfall of days to come, in mm.",
            _SPAN,
            _forecast(RAIN),
        ),
        Tool("get_current_rain", "Tell today's rainfall, in mm.", _DAY, _current(RAIN)),
        Tool(
            "get_distance",
            "Tell how far two points are from each other, in km.",
            tuple(
                Argument(f"{side}{number}", _number(f"of the {which} point"))
                for number, which in ((1, "first"), (2, "second"))
                for side in ("latitude", "longitude")
            ),
            _distance,
        ),
        Tool(
            "get_historical_air_quality_index",
            "Tell the air quality index at noon of past days.",
            _SPAN,
            _past_air,
        ),
        Tool(
            "get_current_air_quality_index",
            "Tell today's air quality index at noon.",
            _DAY,
            _current_air,
        ),
        Tool(
            "get_air_quality_level",
            "Name the level of an air quality index.",
            (Argument("air_quality_index", {"type": "number"}),),
            _level,
        ),
        Tool("convert_zipcode_to_address", "Fail.", (), _no_address, is_listed=False),
        FINISH,
    ]
)
