"""The items of Weather: generated questions, or the published ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_envs.tasks import Split, TaskSet
from agentgym_envs.tools.generate import draw
from agentgym_envs.tools.items import (
    GeneratedTasks,
    Item,
    PublishedTasks,
    answer_items,
    field,
    find_file,
    read_lists,
)
from agentgym_envs.tools.questions import question_makers
from agentgym_envs.weather import goals_air as air
from agentgym_envs.weather import goals_water as water
from agentgym_envs.weather.archive import iso_date
from agentgym_envs.weather.grading import as_gold
from agentgym_envs.weather.scene import Scene

PREFIX = "weather"


def _user(scene: Scene) -> dict[str, Any]:
    """When and where the user of a question is."""
    return {"setup": {"date": scene.date(0), "location": scene.city}}


TEMPLATES = question_makers(
    Scene,
    (
        air.temperature_on_a_day,
        air.temperature_days_ago,
        air.temperature_ahead,
        air.difference_of_two_cities,
        air.hottest_of_three_cities,
        air.hottest_day,
        air.coldest_night_ahead,
        air.same_day_last_year,
        air.mean_of_past_days,
        air.range_of_a_day,
        air.days_above,
        air.level_of_a_day,
        air.worst_air,
        air.air_now,
        air.warmer_there,
        water.rain_of_past_days,
        water.rain_of_days_ahead,
        water.rainy_days_of_a_month,
        water.dates_of_heavy_rain,
        water.longest_dry_spell,
        water.first_rain,
        water.wetter_city,
        water.cities_with_rain,
        water.snow_of_past_days,
        water.snow_of_days_ahead,
        water.snowy_days,
        water.snow_and_rain_today,
        water.height_difference,
        water.highest_city,
        water.how_far,
        water.nearest_city,
        water.namesakes,
    ),
    _user,
)


def make(split: str, number: int) -> Item:
    """Give a generated item."""
    return draw("Weather", TEMPLATES, split, number)


def open_tasks(*, split: Split, data: Path | None) -> TaskSet:
    """Give the items of a split.

    Args:
        split: Which items to list.
        data: The published ``weather.jsonl``, or a folder with it and, perhaps, the
            lists ``weather_train.json`` and ``weather_test.json``.

    Raises:
        DataError: if the data is not as published.
    """
    if data is None:
        return GeneratedTasks(prefix=PREFIX, make=make, split=split)
    items = answer_items(find_file(data, ("weather.jsonl",)), _setup)
    for item in items:
        subgoals = item.payload["subgoals"]
        subgoals[:] = map(as_gold, subgoals)
    lists = read_lists(data, PREFIX, len(items))
    return PublishedTasks(prefix=PREFIX, items=items, split=split, lists=lists)


def _setup(record: dict[str, Any], where: str) -> dict[str, str]:
    """Where and when the user of a published item is."""
    config = field(record["additional_info"], "init_config", dict, where)
    date = field(config, "current_date", str, where)
    if iso_date(date) is None:
        raise DataError(f"{where}: the field 'current_date' is {date!r:.60}")
    return {"date": date, "location": field(config, "current_location", str, where)}
