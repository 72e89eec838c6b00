"""Weather's tools: what they answer, and every error, to the letter."""

from __future__ import annotations

import ast

import pytest

from agentgym_envs.weather.env import WeatherEnv
from agentgym_envs.weather.measures import air_quality_level
from agentgym_envs.weather.tools import TOOLBOX

TOO_LONG = (
    "Error: Sorry, at present, we support a maximum time span of 30 days between "
    "start_date and end_date in a single query. Your input exceeds this range. You "
    "can split your current query into multiple sub-queries that meet our criteria."
)
POINT = "'latitude': 31.2, 'longitude': 121.46"


@pytest.fixture
def env(tmp_path):
    file = tmp_path / "weather.jsonl"
    file.write_text(
        '{"id": 0, "goal": "Where?", "subgoals": ["fair"], "additional_info": '
        '{"init_config": {"current_date": "2023-06-15", "current_location": "Lima"}}}'
    )
    env = WeatherEnv(data=file, parity=True, split="test")
    env.reset(seed=0)
    return env


def ask(env, name, given="{}"):
    text = env.step(f"Action: {name} with Action Input: {given}")[0]
    assert text.startswith("Observation: ") and text.endswith("\nGive me one action.")
    return text.removeprefix("Observation: ").removesuffix("\nGive me one action.")


def span(start, end):
    return f"{{{POINT}, 'start_date': {start!r}, 'end_date': {end!r}}}"


def test_the_tools_are_listed_in_the_originals_order(env):
    assert ask(env, "check_valid_actions") == (
        "You can use following valid actions: ['get_user_current_date', "
        "'get_user_current_location', 'get_historical_temp', 'get_historical_rain', "
        "'get_historical_snow', 'get_snow_forecast', 'get_current_snow', "
        "'get_current_temp', 'get_latitude_longitude', 'get_elevation', "
        "'get_temp_forecast', 'get_rain_forecast', 'get_current_rain', "
        "'get_distance', 'get_historical_air_quality_index', "
        "'get_current_air_quality_index', 'get_air_quality_level', "
        "'check_valid_actions', 'finish']"
    )


def test_the_user_knows_day_and_city(env):
    assert ask(env, "get_user_current_date") == "2023-06-15"
    assert ask(env, "get_user_current_location", "7") == "Lima"


@pytest.mark.parametrize("kind", ["historical", "forecast"])
@pytest.mark.parametrize(
    ("what", "keys"),
    [
        (
            "temp",
            {
                "temperature_2m_max": "°C",
                "temperature_2m_min": "°C",
                "temperature_2m_mean": "°C",
            },
        ),
        ("rain", {"rain_sum": "mm"}),
        ("snow", {"snowfall_sum": "cm"}),
    ],
)
def test_daily_replies_have_the_services_shape(env, kind, what, keys):
    past = kind == "historical"
    name = f"get_historical_{what}" if past else f"get_{what}_forecast"
    days = ("2023-06-13", "2023-06-14") if past else ("2023-06-16", "2023-06-17")
    reply = ast.literal_eval(ask(env, name, span(*days)))
    assert list(reply) == ["latitude", "longitude", "daily_units", "daily"]
    assert (reply["latitude"], reply["longitude"]) == (31.2, 121.5)
    assert reply["daily_units"] == {"time": "iso8601", **keys}
    assert list(reply["daily"]) == ["time", *keys]
    assert reply["daily"]["time"] == list(days)
    for key in keys:
        assert all(type(value) is float for value in reply["daily"][key])


@pytest.mark.parametrize("what", ["temp", "rain", "snow"])
def test_current_replies_are_of_any_single_day(env, what):
    given = f"{{{POINT}, 'current_date': '2020-02-29'}}"
    reply = ast.literal_eval(ask(env, f"get_current_{what}", given))
    assert reply["daily"]["time"] == ["2020-02-29"]


def test_air_quality_is_that_of_noon(env):
    name = "get_historical_air_quality_index"
    reply = ast.literal_eval(ask(env, name, span("2023-05-01", "2023-05-03")))
    assert reply["daily_units"] == {"time": "iso8601", "european_aqi_pm2_5": "EAQI"}
    assert reply["daily"]["time"][0] == "2023-05-01T12:00"
    assert all(type(value) is int for value in reply["daily"]["european_aqi_pm2_5"])
    given = f"{{{POINT}, 'current_date': '2023-05-02'}}"
    one = ast.literal_eval(ask(env, "get_current_air_quality_index", given))
    assert one["daily"]["european_aqi_pm2_5"] == [
        reply["daily"]["european_aqi_pm2_5"][1]
    ]


@pytest.mark.parametrize(
    "name",
    [
        "get_historical_temp",
        "get_historical_rain",
        "get_historical_snow",
        "get_historical_air_quality_index",
    ],
)
def test_the_past_ends_yesterday(env, name):
    assert ask(env, name, span("2023-06-15", "2023-06-14")) == (
        "Error: start_date should be earlier than current_date"
    )
    assert ask(env, name, span("2023-06-14", "2023-06-15")) == (
        "Error: end_date should be earlier than current_date"
    )
    assert ask(env, name, span("2023-05-01", "2023-06-01")) == TOO_LONG
    assert ask(env, name, span("2023-05-01", "2023-05-31")).startswith("{'latitude'")
    assert ask(env, name, span("2023-05-09", "2023-05-01")) == (
        '{"error":true,"reason":"End-date must be larger or equals than start-date"}'
    )


@pytest.mark.parametrize(
    "name", ["get_temp_forecast", "get_rain_forecast", "get_snow_forecast"]
)
def test_the_future_begins_tomorrow(env, name):
    assert ask(env, name, span("2023-06-15", "2023-06-16")) == (
        "Error: start_date should be later than current_date"
    )
    assert ask(env, name, span("2023-06-16", "2023-06-15")) == (
        "Error: end_date should be later than current_date"
    )
    assert ask(env, name, span("2023-06-16", "2023-07-17")) == TOO_LONG
    assert ask(env, name, span("2023-06-16", "2023-07-16")).startswith("{'latitude'")


def test_what_is_no_date_is_an_error(env):
    name = "get_historical_temp"
    assert ask(env, name, span("16/07/2022", "2023-05-01")) == (
        "ERROR | ValueError(time data '16/07/2022' does not match format '%Y-%m-%d')"
    )
    assert ask(env, name, span(None, "2023-05-01")) == (
        "ERROR | TypeError(strptime() argument 1 must be str, not None)"
    )
    assert ask(env, name, span("2023-02-30", "2023-05-01")).startswith(
        "ERROR | ValueError("
    )
    assert ask(env, name, span("2023-5-1", "2023-5-2")) == (
        '{"error":true,"reason":"Invalid date format. Make sure to use \'YYYY-MM-DD\'"}'
    )


def test_places_are_told_up_to_three(env):
    assert ask(env, "get_latitude_longitude", "{'name': 'Portland'}") == (
        "{'results': [{'name': 'Portland', 'latitude': 45.52, 'longitude': -122.68, "
        "'country_code': 'US'}, {'name': 'Portland', 'latitude': 43.66, 'longitude': "
        "-70.26, 'country_code': 'US'}]}"
    )
    assert ask(env, "get_latitude_longitude", "{'name': 'Nowhereville'}") == (
        "ERROR | KeyError('results')"
    )


def test_heights_are_floats_in_a_list(env):
    given = "{'latitude': '39.74', 'longitude': -104.98}"
    assert ask(env, "get_elevation", given) == "{'elevation': [1609.0]}"


def test_distances_are_geodesic(env):
    given = (
        "{'latitude1': 40.71427, 'longitude1': -74.00597, "
        "'latitude2': '34.05223', 'longitude2': -118.24368}"
    )
    assert ask(env, "get_distance", given) == "3944.41109516343"
    given = "{'latitude1': 95, 'longitude1': 0, 'latitude2': 0, 'longitude2': 0}"
    assert ask(env, "get_distance", given) == (
        "ERROR | ValueError(Latitude must be in the [-90; 90] range.)"
    )


@pytest.mark.parametrize(
    ("index", "level"),
    [
        (-3, "good"),
        (20, "good"),
        (20.5, "extremely poor"),
        (21, "extremely poor"),
        (21.1, "fair"),
        (40, "fair"),
        (41, "extremely poor"),
        (60, "moderate"),
        (61, "extremely poor"),
        (80, "poor"),
        (81, "extremely poor"),
        (100, "very poor"),
        (101, "extremely poor"),
    ],
)
def test_levels_have_the_originals_gaps(index, level):
    assert air_quality_level(index) == level


def test_a_level_is_that_of_a_number(env):
    name = "get_air_quality_level"
    assert ask(env, name, "{'air_quality_index': 33}") == "fair"
    assert ask(env, name, "{'air_quality_index': '33'}") == (
        "ERROR | TypeError('<=' not supported between instances of 'str' and 'int')"
    )


def test_two_names_of_the_original_lead_nowhere(env):
    for given in ("{}", "{'zipcode': 10001}", "[]"):
        assert ask(env, "convert_zipcode_to_address", given) == (
            "ERROR | KeyError('zipcode')"
        )
    assert ask(env, "get_air_quality") == "ERROR | Invalid action: get_air_quality."
    assert "convert_zipcode_to_address" not in TOOLBOX.names


@pytest.mark.parametrize("tool", [tool for tool in TOOLBOX.tools if tool.arguments])
def test_what_is_missing_is_named(env, tool):
    first = tool.arguments[0].name
    assert ask(env, tool.name) == f"ERROR | KeyError({first!r})"
    assert ask(env, tool.name, "[1]") == (
        "ERROR | TypeError(list indices must be integers or slices, not str)"
    )
    assert ask(env, tool.name, "5") == (
        "ERROR | TypeError('int' object is not subscriptable)"
    )
