"""The generated questions about temperatures and the air.

A template draws what it asks about, finds the answer by calls of the tools, and
gives the question with it. Ties and empty answers are drawn anew.
"""

from __future__ import annotations

from agentgym_envs.draws import choose
from agentgym_envs.tools.generate import require
from agentgym_envs.tools.questions import Asked
from agentgym_envs.weather.scene import (
    AS_CITY,
    AS_DATE,
    AS_NUMBER,
    ONE_DECIMAL,
    Scene,
    only_best,
)

TEMPERATURE = "temperature_2m_{}"
GAPS = (21, 41, 61, 81)  # indexes whose level the tool gets wrong, as the original
PARTS = {"highest": "max", "lowest": "min", "mean": "mean"}


def temperature_on_a_day(scene: Scene) -> Asked:
    """Ask for a temperature of a past day in another city."""
    (city,) = scene.others(1)
    part = choose(scene.rng, list(PARTS))
    day = scene.date(-scene.between(2, 700))
    daily = scene.span("get_historical_temp", scene.point(city), day, day)
    answer = daily[TEMPERATURE.format(PARTS[part])][0]
    return f"What was the {part} temperature in {city} on {day}? {ONE_DECIMAL}", answer


def temperature_days_ago(scene: Scene) -> Asked:
    """Ask for a temperature here, some days ago."""
    part = choose(scene.rng, list(PARTS))
    ago = scene.between(2, 20)
    scene.today()
    day = scene.date(-ago)
    daily = scene.span("get_historical_temp", scene.here(), day, day)
    answer = daily[TEMPERATURE.format(PARTS[part])][0]
    return f"What was the {part} temperature here {ago} days ago? {ONE_DECIMAL}", answer


def temperature_ahead(scene: Scene) -> Asked:
    """Ask for a forecast."""
    (city,) = scene.others(1)
    part, ahead = choose(scene.rng, ["highest", "lowest"]), scene.between(2, 12)
    scene.today()
    day = scene.date(ahead)
    daily = scene.span("get_temp_forecast", scene.point(city), day, day)
    return (
        f"I will be in {city} in {ahead} days from now. Which {part} temperature is "
        f"forecast there for that day? {ONE_DECIMAL}",
        daily[TEMPERATURE.format(PARTS[part])][0],
    )


def difference_of_two_cities(scene: Scene) -> Asked:
    """Ask how much warmer it was in one city than in another."""
    one, other = scene.others(2)
    day = scene.date(-scene.between(1, 400))
    means = [
        scene.span("get_historical_temp", scene.point(city), day, day)[
            TEMPERATURE.format("mean")
        ][0]
        for city in (one, other)
    ]
    answer = round(means[0] - means[1], 1)
    require(answer)
    return (
        f"By how many degrees was the mean temperature of {day} higher in {one} than "
        f"in {other}? If it was lower, the number is negative. {ONE_DECIMAL}",
        answer,
    )


def hottest_of_three_cities(scene: Scene) -> Asked:
    """Ask where it was hottest."""
    names = scene.others(3)
    day = scene.date(-scene.between(1, 400))
    highest = [
        scene.span("get_historical_temp", scene.point(city), day, day)[
            TEMPERATURE.format("max")
        ][0]
        for city in names
    ]
    answer = only_best(highest, names)
    listed = f"{names[0]}, {names[1]} or {names[2]}"
    return f"Where was it hottest on {day}: in {listed}? {AS_CITY}", answer


def hottest_day(scene: Scene) -> Asked:
    """Ask for the hottest of the last days."""
    days = scene.between(5, 28)
    scene.today()
    point = scene.here()
    first, last = scene.date(-days), scene.date(-1)
    daily = scene.span("get_historical_temp", point, first, last)
    answer = only_best(daily[TEMPERATURE.format("max")], daily["time"])
    return (
        f"Which of the last {days} days, not counting today, was the hottest here? "
        f"{AS_DATE}",
        answer,
    )


def coldest_night_ahead(scene: Scene) -> Asked:
    """Ask for the coldest of the days to come."""
    (city,) = scene.others(1)
    days = scene.between(5, 20)
    scene.today()
    first, last = scene.date(1), scene.date(days)
    daily = scene.span("get_temp_forecast", scene.point(city), first, last)
    lowest = [-value for value in daily[TEMPERATURE.format("min")]]
    answer = only_best(lowest, daily["time"])
    return (
        f"On which of the next {days} days, from tomorrow on, will the lowest "
        f"temperature of {city} be at its lowest? {AS_DATE}",
        answer,
    )


def same_day_last_year(scene: Scene) -> Asked:
    """Ask how today compares with the same day a year ago."""
    require((scene.day.month, scene.day.day) != (2, 29))
    scene.today()
    point = scene.here()
    before = scene.day.replace(year=scene.day.year - 1).isoformat()
    name = TEMPERATURE.format("mean")
    now = scene.now("get_current_temp", point)[name][0]
    then = scene.span("get_historical_temp", point, before, before)[name][0]
    answer = round(now - then, 1)
    require(answer)
    return (
        "By how many degrees is today's mean temperature here higher than that of the "
        f"same day last year? If it is lower, the number is negative. {ONE_DECIMAL}",
        answer,
    )


def mean_of_past_days(scene: Scene) -> Asked:
    """Ask for a mean of daily means."""
    (city,) = scene.others(1)
    days = scene.between(3, 10)
    first = -scene.between(days, 300)
    start, end = scene.date(first), scene.date(first + days - 1)
    daily = scene.span("get_historical_temp", scene.point(city), start, end)
    # Whole tenths, so that the sum is exact whatever the order.
    tenths = sum(round(value * 10) for value in daily[TEMPERATURE.format("mean")])
    require(tenths * 2 % days or tenths % days == 0)  # no tie in the rounding
    answer = round(tenths / days) / 10
    require(answer)
    return (
        f"What was the mean of the daily mean temperatures in {city} from {start} to "
        f"{end}, both included? {ONE_DECIMAL}",
        answer,
    )


def range_of_a_day(scene: Scene) -> Asked:
    """Ask how far apart the highest and the lowest temperature of a day are."""
    (city,) = scene.others(1)
    day = scene.date(-scene.between(1, 700))
    daily = scene.span("get_historical_temp", scene.point(city), day, day)
    high, low = (daily[TEMPERATURE.format(part)][0] for part in ("max", "min"))
    return (
        f"How many degrees lay between the highest and the lowest temperature in "
        f"{city} on {day}? {ONE_DECIMAL}",
        round(high - low, 1),
    )


def days_above(scene: Scene) -> Asked:
    """Ask how many days exceed a temperature."""
    days = scene.between(10, 25)
    scene.today()
    point = scene.here()
    daily = scene.span("get_temp_forecast", point, scene.date(1), scene.date(days))
    highest = daily[TEMPERATURE.format("max")]
    limit = int(sorted(highest)[days // 2]) + scene.between(-1, 1)
    answer = sum(value > limit for value in highest)
    require(0 < answer < days)
    return (
        f"On how many of the next {days} days, from tomorrow on, will the highest "
        f"temperature here exceed {limit} degrees Celsius? {AS_NUMBER}",
        answer,
    )


def level_of_a_day(scene: Scene) -> Asked:
    """Ask how good the air was."""
    (city,) = scene.others(1)
    day = scene.date(-scene.between(1, 500))
    point = scene.point(city)
    daily = scene.span("get_historical_air_quality_index", point, day, day)
    index = daily["european_aqi_pm2_5"][0]
    require(index not in GAPS)
    answer = scene.session.call("get_air_quality_level", air_quality_index=index)
    return (
        f"What was the air quality level in {city} on {day}? Please answer with 'good',"
        " 'fair', 'moderate', 'poor', 'very poor' or 'extremely poor'.",
        answer,
    )


def worst_air(scene: Scene) -> Asked:
    """Ask when the air was worst."""
    days = scene.between(5, 20)
    scene.today()
    point = scene.here()
    tool = "get_historical_air_quality_index"
    daily = scene.span(tool, point, scene.date(-days), scene.date(-1))
    when = [time[:10] for time in daily["time"]]
    answer = only_best(daily["european_aqi_pm2_5"], when)
    return (
        f"On which of the last {days} days, not counting today, was the air quality "
        f"index here at its highest? {AS_DATE}",
        answer,
    )


def air_now(scene: Scene) -> Asked:
    """Ask for the difference of the air quality of two cities."""
    (city,) = scene.others(1)
    scene.today()
    name = "european_aqi_pm2_5"
    here = scene.now("get_current_air_quality_index", scene.here())[name][0]
    there = scene.now("get_current_air_quality_index", scene.point(city))[name][0]
    require(here != there)
    return (
        f"By how many points is today's air quality index of {city} higher than that "
        f"of my city? If it is lower, the number is negative. {AS_NUMBER}",
        there - here,
    )


def warmer_there(scene: Scene) -> Asked:
    """Ask whether it will be warmer elsewhere; both answers are as frequent."""
    (city,) = scene.others(1)
    wanted = choose(scene.rng, ["Yes", "No"])
    ahead = scene.between(2, 6)
    scene.today()
    day = scene.date(ahead)
    here, there = (
        scene.span("get_temp_forecast", point, day, day)[TEMPERATURE.format("mean")][0]
        for point in (scene.here(), scene.point(city))
    )
    require(here != there and (there > here) == (wanted == "Yes"))
    return (
        f"In {ahead} days, will the mean temperature in {city} be higher than here? "
        "Please answer with 'Yes' or 'No'.",
        wanted,
    )
