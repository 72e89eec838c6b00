"""The embedded archive: places, and weather that a meteorologist would believe."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.tools.toolbox import ToolFailure
from agentgym_envs.weather import climate
from agentgym_envs.weather.archive import Archive, iso_date
from agentgym_envs.weather.places import places, search

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def year_at(name, number=2021):
    place = search(name)[0]
    return climate.year(climate.cell_of(place.latitude, place.longitude), number)


def test_the_table_holds_several_hundred_places_on_the_globe():
    assert len(places()) > 400
    assert len({(p.name, p.latitude, p.longitude) for p in places()}) == len(places())
    for place in places():
        assert -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180
        assert len(place.country) == 2 and place.country.isupper()
        assert -430 <= place.elevation <= 8849
        assert len(place.temperature) == len(place.precipitation) == 4


def test_seasons_are_on_the_right_side_of_the_equator():
    for place in places():
        january, _, july, _ = place.temperature
        if place.latitude > 30:
            assert july > january, place
        if place.latitude < -30:
            assert july < january, place


@pytest.mark.parametrize("name", ["Oslo", "Singapore", "Delhi", "Sydney", "Denver"])
def test_ten_years_average_to_the_climate(name):
    place = search(name)[0]
    years = [year_at(name, number) for number in range(2015, 2025)]
    means = np.mean([year.mean[:31].mean() / 10 for year in years])
    assert abs(means - place.temperature[0]) < 2
    # A tenth of a millimetre of water is one unit of either.
    water = np.mean([(year.rain + year.snow).sum() / 10 for year in years])
    assert water == pytest.approx(3 * sum(place.precipitation), rel=0.25)


def test_weather_persists_and_is_shared_by_neighbours():
    def deviations(name):
        years = [year_at(name, number).mean[:365] / 10 for number in range(2015, 2025)]
        return years[6] - np.mean(years, axis=0)

    here, near = deviations("Amsterdam"), deviations("Rotterdam")
    far = deviations("Sydney")
    assert np.corrcoef(here, near)[0, 1] > 0.6
    assert abs(np.corrcoef(here, far)[0, 1]) < 0.3
    assert np.corrcoef(here[:-1], here[1:])[0, 1] > 0.3


def test_snow_falls_in_the_cold_alone():
    for name in ("Montreal", "Moscow", "Tokyo", "Mumbai"):
        year = year_at(name)
        assert (year.mean[year.snow > 0] < 10).all()
        assert (year.mean[year.rain > 0] > -10).all()
    assert not year_at("Mumbai").snow.any()
    assert year_at("Montreal").snow.sum() * 0.07 > 50


def test_deserts_are_dry_and_monsoons_wet():
    cairo, mumbai = year_at("Cairo"), year_at("Mumbai")
    assert (cairo.rain > 0).sum() < 25
    assert mumbai.rain[150:250].sum() > 20 * mumbai.rain[:90].sum()


@given(points, st.integers(2015, 2024))
def test_any_point_has_weather_within_the_bounds_of_the_earth(point, number):
    year = climate.year(climate.cell_of(*point), number)
    assert len(year.mean) in (365, 366)
    assert (year.lowest <= year.mean).all() and (year.mean <= year.highest).all()
    assert year.lowest.min() > -1000 and year.highest.max() < 620
    assert year.rain.min() >= 0 and year.snow.min() >= 0 and year.rain.max() < 9000
    assert year.air_quality.min() >= 0 and year.air_quality.max() <= 400


def test_the_date_line_is_no_border():
    east, west = (climate.year((-180, side), 2020).mean for side in (1800, -1800))
    assert abs(int(east.mean()) - int(west.mean())) < 10


def test_the_weather_does_not_depend_on_the_process():
    code = (
        "from agentgym_envs.weather.archive import Archive; "
        "print(Archive().daily(['rain_sum'], 1.29, 103.85, '2022-12-20', '2023-01-10'))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert "'2022-12-31', '2023-01-01'" in told[0]


def test_a_span_is_cut_from_its_years():
    archive = Archive()
    whole = archive.daily(["rain_sum"], 47.37, 8.54, "2019-12-20", "2020-01-12")
    days = whole["daily"]["time"]
    assert len(days) == 24
    assert [iso_date(b) - iso_date(a) for a, b in pairwise(days)] == [
        iso_date("2020-01-02") - iso_date("2020-01-01")
    ] * 23
    for day, value in zip(days, whole["daily"]["rain_sum"], strict=True):
        one = archive.daily(["rain_sum"], 47.37, 8.54, day, day)
        assert one["daily"]["rain_sum"] == [value]


def test_what_was_answered_can_be_changed_without_harm():
    archive = Archive()
    asked = (["rain_sum"], 1.3, 103.9, "2021-01-01", "2021-01-03")
    first = archive.daily(*asked)
    first["daily"]["rain_sum"].clear()
    first["daily_units"].clear()
    second = archive.daily(*asked)
    assert len(second["daily"]["rain_sum"]) == 3 and second["daily_units"]


def test_names_are_found_whole_then_by_beginning_then_by_likeness():
    portlands = search("PORTLAND")
    assert [place.population for place in portlands] == [653, 68]
    assert search("sao paulo")[0].name == "São Paulo"
    assert search("New Y")[0].name == "New York"
    assert search("Pittsburg")[0].name == "Pittsburgh"
    assert search("Xyzzyx") == ()
    assert search("X") == ()
    assert len(search("San")) == 3


@given(st.text(max_size=60))
def test_any_name_is_searched_for(name):
    assert len(search(name)) <= 3


@pytest.mark.parametrize(
    ("latitude", "longitude", "reason"),
    [
        (91, 0, "Latitude must be in range of -90 to 90°. Given: 91.0."),
        ("0", -181.5, "Longitude must be in range of -180 to 180°. Given: -181.5."),
        ("north", 0, "Value of type 'Float' required for key 'latitude'."),
        (0, None, "Value of type 'Float' required for key 'longitude'."),
        (float("nan"), 0, "Value of type 'Float' required for key 'latitude'."),
    ],
)
def test_what_is_no_point_is_refused(latitude, longitude, reason):
    with pytest.raises(ToolFailure) as refused:
        Archive().elevation(latitude, longitude)
    assert str(refused.value) == f'{{"error":true,"reason":"{reason}"}}'


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (
            "2014-12-31",
            "2015-01-02",
            "Parameter 'start_date' is out of allowed range from 2015-01-01 to "
            "2024-12-31",
        ),
        (
            "2024-12-30",
            "2025-01-02",
            "Parameter 'end_date' is out of allowed range from 2015-01-01 to "
            "2024-12-31",
        ),
        (
            "2023-01-02",
            "2023-01-01",
            "End-date must be larger or equals than start-date",
        ),
        (
            "2023-1-2",
            "2023-01-03",
            "Invalid date format. Make sure to use 'YYYY-MM-DD'",
        ),
    ],
)
def test_what_is_no_span_is_refused(start, end, reason):
    with pytest.raises(ToolFailure) as refused:
        Archive().daily(["rain_sum"], 0, 0, start, end)
    assert str(refused.value) == f'{{"error":true,"reason":"{reason}"}}'


def test_a_place_lies_as_high_as_it_does():
    for place in places():
        told = climate.elevation(place.latitude, place.longitude)
        assert abs(told - place.elevation) <= 2, place


def test_no_place_breaks_the_records_of_the_earth():
    for place in places():
        year = climate.year(climate.cell_of(place.latitude, place.longitude), 2023)
        assert year.lowest.min() > -680 and year.highest.max() < 570, place.name
        assert year.rain.max() < 5000 and year.snow.max() < 2000, place.name
        if min(place.temperature) > 18:
            assert not year.snow.any(), place.name
