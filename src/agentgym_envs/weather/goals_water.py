"""The generated questions about rain, snow, heights and distances."""

from __future__ import annotations

import datetime

from agentgym_envs.draws import choose
from agentgym_envs.tools.generate import require
from agentgym_envs.tools.questions import Asked
from agentgym_envs.weather.places import folded
from agentgym_envs.weather.scene import (
    AS_CITY,
    AS_DATE,
    AS_NUMBER,
    ONE_DECIMAL,
    Scene,
    namesakes_of,
    only_best,
)

RAIN, SNOW = "rain_sum", "snowfall_sum"
TWO_DECIMALS = "Please provide the answer as a number, rounded to two decimals."


def rain_of_past_days(scene: Scene) -> Asked:
    """Ask for the sum of the rain of past days here."""
    days = scene.between(3, 21)
    scene.today()
    point = scene.here()
    daily = scene.span("get_historical_rain", point, scene.date(-days), scene.date(-1))
    answer = round(sum(daily[RAIN]), 1)
    require(answer)
    return (
        f"How many millimetres did it rain here in the last {days} days, not counting "
        f"today? {ONE_DECIMAL}",
        answer,
    )


def rain_of_days_ahead(scene: Scene) -> Asked:
    """Ask for the sum of the rain to come in another city."""
    (city,) = scene.others(1)
    days = scene.between(3, 14)
    scene.today()
    point = scene.point(city)
    daily = scene.span("get_rain_forecast", point, scene.date(1), scene.date(days))
    answer = round(sum(daily[RAIN]), 1)
    require(answer)
    return (
        f"How many millimetres of rain are forecast for {city} in the next {days} "
        f"days, from tomorrow on, in all? {ONE_DECIMAL}",
        answer,
    )


def rainy_days_of_a_month(scene: Scene) -> Asked:
    """Ask how often it rained in a month."""
    (city,) = scene.others(1)
    last = scene.day.replace(day=1) - datetime.timedelta(1)
    last -= datetime.timedelta(30 * scene.between(0, 20))
    first = last.replace(day=1)
    last = (first + datetime.timedelta(31)).replace(day=1) - datetime.timedelta(1)
    require(last < scene.day)
    begin, end = first.isoformat(), last.isoformat()
    daily = scene.span("get_historical_rain", scene.point(city), begin, end)
    answer = sum(value > 0 for value in daily[RAIN])
    require(answer)
    return (
        f"On how many days did it rain in {city} in {first:%B} {first.year}? "
        f"{AS_NUMBER}",
        answer,
    )


def dates_of_heavy_rain(scene: Scene) -> Asked:
    """Ask for the days on which it rained more than some amount."""
    (city,) = scene.others(1)
    limit = choose(scene.rng, [3, 5, 8, 10, 15])
    first = -scene.between(21, 300)
    begin, end = scene.date(first), scene.date(first + 20)
    daily = scene.span("get_historical_rain", scene.point(city), begin, end)
    answer = [
        day
        for day, value in zip(daily["time"], daily[RAIN], strict=True)
        if value > limit
    ]
    require(0 < len(answer) < 6)
    return (
        f"On which days from {begin} to {end} did it rain more than {limit} mm in "
        f"{city}? Please provide the answer as a list ['YYYY-MM-DD', ...].",
        answer,
    )


def longest_dry_spell(scene: Scene) -> Asked:
    """Ask for the most days in a row without rain."""
    (city,) = scene.others(1)
    first = -scene.between(30, 300)
    begin, end = scene.date(first), scene.date(first + 29)
    daily = scene.span("get_historical_rain", scene.point(city), begin, end)
    longest = spell = 0
    for value in daily[RAIN]:
        spell = 0 if value > 0 else spell + 1
        longest = max(longest, spell)
    require(0 < longest < len(daily[RAIN]))
    return (
        f"What was the largest number of consecutive days without rain in {city} from "
        f"{begin} to {end}? {AS_NUMBER}",
        longest,
    )


def first_rain(scene: Scene) -> Asked:
    """Ask for the next day with rain."""
    days = scene.between(7, 20)
    scene.today()
    point = scene.here()
    daily = scene.span("get_rain_forecast", point, scene.date(1), scene.date(days))
    wet = [
        day for day, value in zip(daily["time"], daily[RAIN], strict=True) if value > 0
    ]
    require(wet and wet[0] != daily["time"][0])
    return f"When is the next day with rain here, after today? {AS_DATE}", wet[0]


def wetter_city(scene: Scene) -> Asked:
    """Ask where it rained more."""
    names = scene.others(2)
    days = scene.between(4, 14)
    scene.today()
    begin, end = scene.date(-days), scene.date(-1)
    sums = [
        round(sum(scene.span("get_historical_rain", point, begin, end)[RAIN]), 1)
        for point in map(scene.point, names)
    ]
    answer = only_best(sums, names)
    return (
        f"In which city did it rain more in the last {days} days, not counting today: "
        f"{names[0]} or {names[1]}? {AS_CITY}",
        answer,
    )


def cities_with_rain(scene: Scene) -> Asked:
    """Ask which of some cities have rain on a day."""
    names = scene.others(3)
    scene.today()
    day = scene.date(1)
    rains = [
        scene.span("get_rain_forecast", scene.point(city), day, day)[RAIN][0]
        for city in names
    ]
    answer = [city for city, value in zip(names, rains, strict=True) if value > 0]
    require(answer)
    return (
        f"In which of the cities {names[0]}, {names[1]} and {names[2]} will it rain "
        "tomorrow? Please provide the answer as a list of names ['city', ...].",
        sorted(answer),
    )


def snow_of_past_days(scene: Scene) -> Asked:
    """Ask for the sum of the snow of past days here."""
    days = scene.between(3, 21)
    scene.today()
    point = scene.here()
    daily = scene.span("get_historical_snow", point, scene.date(-days), scene.date(-1))
    answer = round(sum(daily[SNOW]), 2)
    require(answer)
    return (
        f"How many centimetres did it snow here in the last {days} days, not counting "
        f"today? {TWO_DECIMALS}",
        answer,
    )


def snow_of_days_ahead(scene: Scene) -> Asked:
    """Ask for the sum of the snow to come in another city."""
    (city,) = scene.others(1)
    days = scene.between(3, 14)
    scene.today()
    point = scene.point(city)
    daily = scene.span("get_snow_forecast", point, scene.date(1), scene.date(days))
    answer = round(sum(daily[SNOW]), 2)
    require(answer)
    return (
        f"How many centimetres of snow are forecast for {city} in the next {days} "
        f"days, from tomorrow on, in all? {TWO_DECIMALS}",
        answer,
    )


def snowy_days(scene: Scene) -> Asked:
    """Ask how often it snowed."""
    (city,) = scene.others(1)
    first = -scene.between(31, 400)
    begin, end = scene.date(first), scene.date(first + 29)
    daily = scene.span("get_historical_snow", scene.point(city), begin, end)
    answer = sum(value > 0 for value in daily[SNOW])
    require(answer)
    return (
        f"On how many days did it snow in {city} from {begin} to {end}, both included? "
        f"{AS_NUMBER}",
        answer,
    )


def snow_and_rain_today(scene: Scene) -> Asked:
    """Ask for two amounts at once."""
    (city,) = scene.others(1)
    scene.today()
    point = scene.point(city)
    snow = scene.now("get_current_snow", point)[SNOW][0]
    rain = scene.now("get_current_rain", point)[RAIN][0]
    require(snow and rain and snow != rain)
    return (
        f"How many millimetres does it rain, and how many centimetres does it snow, in "
        f"{city} today? Please provide the two numbers as a list.",
        sorted([rain, snow]),
    )


def height_difference(scene: Scene) -> Asked:
    """Ask how much higher another city lies."""
    (city,) = scene.others(1)
    heights = [scene.height(scene.here()), scene.height(scene.point(city))]
    answer = heights[1] - heights[0]
    require(answer)
    return (
        f"By how many metres does {city} lie higher than my city? If it lies lower, "
        f"the number is negative. {AS_NUMBER}",
        answer,
    )


def highest_city(scene: Scene) -> Asked:
    """Ask which of three cities lies highest."""
    names = scene.others(3)
    heights = [scene.height(scene.point(city)) for city in names]
    answer = only_best(heights, names)
    listed = f"{names[0]}, {names[1]} or {names[2]}"
    return f"Which of these cities lies highest: {listed}? {AS_CITY}", answer


def how_far(scene: Scene) -> Asked:
    """Ask for a distance."""
    (city,) = scene.others(1)
    there = scene.distance(scene.here(), scene.point(city))
    # Far enough from a half that the last bit of a sine doesn't matter.
    require(abs(there % 1 - 0.5) > 1e-6)
    return (
        f"How many kilometres is {city} from my city? Please provide the distance "
        "rounded to a whole number.",
        round(there),
    )


def nearest_city(scene: Scene) -> Asked:
    """Ask which of two cities is nearer."""
    names = scene.others(2)
    here = scene.here()
    near = [-scene.distance(here, scene.point(city)) for city in names]
    answer = only_best(near, names, margin=1.0)
    return (
        f"Which city is nearer to mine: {names[0]} or {names[1]}? {AS_CITY}",
        answer,
    )


def namesakes(scene: Scene) -> Asked:
    """Ask for the height of one of several places of a name."""
    name = choose(scene.rng, namesakes_of(scene.split))
    found = scene.session.call("get_latitude_longitude", name=name)["results"]
    same = [place for place in found if folded(place["name"]) == folded(name)]
    side = choose(scene.rng, ["north", "south", "east", "west"])
    key = "latitude" if side in ("north", "south") else "longitude"
    sign = 1 if side in ("north", "east") else -1
    ranked = sorted(same, key=lambda place: sign * float(place[key]))
    require(len(same) > 1 and ranked[-1][key] != ranked[-2][key])
    last = ranked[-1]
    answer = scene.height(
        {"latitude": last["latitude"], "longitude": last["longitude"]}
    )
    require(answer)
    return (
        f"There are several places named {name}. How many metres above the sea does "
        f"the one farthest to the {side} lie? {AS_NUMBER}",
        answer,
    )
