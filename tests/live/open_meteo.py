"""Open-Meteo on this machine, with the values of the embedded archive."""

from __future__ import annotations

import json

from loopback import Answer, Loopback

from agentgym_envs.tools.toolbox import ToolFailure
from agentgym_envs.weather.archive import Archive

ARCHIVE = Archive()


class OpenMeteoService(Loopback):
    key = ""

    def answer(self, asked):
        query = dict(asked.query)
        if self.key and query.pop("apikey", "") != self.key:
            return refused("Invalid API key: " + asked.query.get("apikey", "none"))
        try:
            return Answer(200, self._reply(asked.path, query))
        except ToolFailure as failure:
            return Answer(400, json.loads(str(failure)))

    def _reply(self, path, query):
        point = query.get("latitude"), query.get("longitude")
        if path == "/v1/elevation":
            return ARCHIVE.elevation(*point)
        if path == "/v1/search":
            assert query["count"] == "3" and query["language"] == "en"
            found = ARCHIVE.search(query["name"])
            places = [
                _place(n, place) for n, place in enumerate(found.get("results", []))
            ]
            return {**({"results": places} if places else {}), "generationtime_ms": 0.6}
        span = query.get("start_date"), query.get("end_date")
        assert query["timezone"] == "GMT"
        about = {
            "generationtime_ms": 0.07,
            "utc_offset_seconds": 0,
            "timezone": "GMT",
            "timezone_abbreviation": "GMT",
            "elevation": 38.0,
        }
        if path == "/v1/archive":
            return {**ARCHIVE.daily(query["daily"].split(","), *point, *span), **about}
        assert path == "/v1/air-quality"
        reply = ARCHIVE.air_quality(*point, *span)
        name = query["hourly"]
        times, values = reply["daily"]["time"], reply["daily"][name]
        moments = [(day, hour) for day in range(len(times)) for hour in range(24)]
        return {
            "latitude": reply["latitude"],
            "longitude": reply["longitude"],
            **about,
            "hourly_units": reply["daily_units"],
            "hourly": {
                "time": [f"{times[day][:10]}T{hour:02d}:00" for day, hour in moments],
                # Other hours have other values, which nobody asks for.
                name: [values[day] if hour == 12 else -hour for day, hour in moments],
            },
        }


def refused(reason):
    return Answer(400, {"error": True, "reason": reason})


def _place(number, place):
    return {
        "id": 2950159 + number,
        "name": place["name"],
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "elevation": 74.0,
        "feature_code": "PPLC",
        "country_code": place["country_code"],
        "admin1_id": 2950157,
        "admin3_id": 6547383,
        "timezone": "Europe/Berlin",
        "population": 3426354,
        "postcodes": ["10967", "13347"],
        "country_id": 2921044,
        "country": "Germany",
        "admin1": "Land Berlin",
    }
