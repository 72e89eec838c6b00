"""The real weather service: Open-Meteo (https://open-meteo.com), through httpx.

Requests are those of AgentGym's toolkit, answers are cut down as there. The service is
free of charge for a limited number of requests and non-commercial use; a commercial
key opens hosts of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agentgym_envs.tools.keys import NO_KEY, Secret, find_optional_key
from agentgym_envs.tools.patience import Patience
from agentgym_envs.tools.web import JsonService, check_url, nonsense
from agentgym_envs.weather.archive import Archive, Reply, check_numbers

if TYPE_CHECKING:
    import httpx

NAME = "Open-Meteo"
VARIABLE = "WEATHER_KEY"
HOSTS = {
    "archive": "https://{}archive-api.open-meteo.com",
    "search": "https://{}geocoding-api.open-meteo.com",
    "elevation": "https://{}api.open-meteo.com",
    "air-quality": "https://{}air-quality-api.open-meteo.com",
}
COMMERCIAL = "customer-"  # what the hosts begin with that take a key
PLACES = 3  # of one name, at most
HOURS, NOON = 24, 12
LONGEST = 200  # characters of anything that is sent

# What is told of a place only to be left out, besides ids and districts.
_LEFT_OUT = {"elevation", "feature_code", "timezone", "population", "postcodes"}


class OpenMeteo(Archive):
    """Weather, places and heights of the real world; no episode changes anything.

    Args:
        key: A commercial key; by default that of the environment variable
            ``WEATHER_KEY``, or none.
        base_url: Where all routes are, such as a server of one's own; by default the
            public hosts.
        patience: How long and how often it is asked.

    Raises:
        BadOption: for a value that makes no sense.
        MissingExtra: if httpx is not installed.
    """

    def __init__(
        self,
        *,
        key: str | Secret | None = None,
        base_url: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._key = find_optional_key(key, VARIABLE, NAME)
        self._base_url = None if base_url is None else check_url(base_url)
        self._patience = patience or Patience()
        sign = None if self._key is NO_KEY else self._signed
        self._service = JsonService(NAME, self._patience, self._key, sign)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.url = request.url.copy_add_param("apikey", self._key.reveal())
        return request

    def __reduce__(self) -> Any:
        # A copy finds its key where it is: in the environment.
        return _again, (self._base_url,)

    def __deepcopy__(self, memo: dict[int, Any]) -> OpenMeteo:
        return OpenMeteo(
            key=self._key, base_url=self._base_url, patience=self._patience
        )

    def close(self) -> None:
        """Close all connections."""
        self._service.close()

    def daily(
        self,
        variables: Sequence[str],
        latitude: object,
        longitude: object,
        start: object,
        end: object,
    ) -> Reply:
        """The daily values of a span of days, both ends included."""
        reply = self._get(
            "archive",
            **_where(latitude, longitude),
            **_when(start, end),
            timezone="GMT",
            daily=",".join(variables),
        )
        return _table(reply, "daily", variables, slice(None))

    def air_quality(
        self, latitude: object, longitude: object, start: object, end: object
    ) -> Reply:
        """The index of fine dust at noon of each day."""
        variable = "european_aqi_pm2_5"
        reply = self._get(
            "air-quality",
            **_where(latitude, longitude),
            **_when(start, end),
            timezone="GMT",
            hourly=variable,
        )
        return _table(reply, "hourly", (variable,), slice(NOON, None, HOURS))

    def search(self, name: object) -> Reply:
        """Up to three places of a name; no key ``results`` if there is none."""
        reply = self._get(
            "search", name=_text(name), count=str(PLACES), language="en", format="json"
        )
        if "results" not in reply:
            return {}
        found = reply["results"]
        if not isinstance(found, list) or not all(
            isinstance(place, dict)
            and _is_number(place.get("latitude"))
            and _is_number(place.get("longitude"))
            and isinstance(place.get("name"), str)
            for place in found
        ):
            raise nonsense(NAME)
        return {"results": [_place(place) for place in found[:PLACES]]}

    def elevation(self, latitude: object, longitude: object) -> Reply:
        """The height of a point above the sea, in metres."""
        heights = self._get("elevation", **_where(latitude, longitude)).get("elevation")
        if not isinstance(heights, list) or not all(map(_is_number, heights)):
            raise nonsense(NAME)
        return {"elevation": heights}

    def _get(self, route: str, **parameters: str) -> dict[str, Any]:
        base = self._base_url
        if base is None:
            base = HOSTS[route].format("" if self._key is NO_KEY else COMMERCIAL)
        reply = self._service.get(f"{base}/v1/{route}", parameters)
        if not isinstance(reply, dict):
            raise nonsense(NAME)
        return reply


def _again(base_url: str | None) -> OpenMeteo:
    return OpenMeteo(base_url=base_url)


def _text(value: object) -> str:
    # Half of a character, which a model can write, is no text for a server.
    return str(value)[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def _where(latitude: object, longitude: object) -> dict[str, str]:
    # The service takes lists, too, and answers them in another shape.
    check_numbers(latitude, longitude)
    return {"latitude": _text(latitude), "longitude": _text(longitude)}


def _when(start: object, end: object) -> dict[str, str]:
    return {"start_date": _text(start), "end_date": _text(end)}


def _table(
    reply: dict[str, Any], part: str, variables: Sequence[str], taken: slice
) -> Reply:
    """The values of a reply, as a table by days."""
    units, columns = reply.get(f"{part}_units"), reply.get(part)
    names = ("time", *variables)
    if (
        not isinstance(units, dict)
        or not isinstance(columns, dict)
        or not all(isinstance(units.get(name), str) for name in names)
        or not all(isinstance(columns.get(name), list) for name in names)
        or len({len(columns[name]) for name in names}) != 1
        or not all(isinstance(moment, str) for moment in columns["time"])
        or not all(
            value is None or _is_number(value)
            for name in variables
            for value in columns[name]
        )
        or not _is_number(reply.get("latitude"))
        or not _is_number(reply.get("longitude"))
    ):
        raise nonsense(NAME)
    return {
        "latitude": reply["latitude"],
        "longitude": reply["longitude"],
        "daily_units": {name: units[name] for name in names},
        "daily": {name: columns[name][taken] for name in names},
    }


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _place(place: dict[str, Any]) -> dict[str, Any]:
    """A place without what the original leaves out."""
    return {
        key: value
        for key, value in place.items()
        if key not in _LEFT_OUT
        and not key.endswith("id")
        and "admin" not in key
        and (key != "country" or "country_code" not in place)
    }
