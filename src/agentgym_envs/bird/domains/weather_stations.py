"""Weather stations, their sensors, and who looks after them."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    group,
    key,
    label,
    measure,
    pairs,
    person,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import COUNTRIES, words

WEATHER_STATIONS = Domain(
    "weather_stations",
    (
        Table(
            "station",
            "station",
            "stations",
            36,
            (
                key("station_id", "WS{:02}"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Mont, Cape, Lago, Stary"),
                        words(
                            "Blanc, Nord, Verde, Młyn, Étang, Þingvellir, Sól, Øst, "
                            "Roca"
                        ),
                    ),
                ),
                group("country", "country", "in {}", COUNTRIES),
                measure("altitude", "altitude in metres", 2, 2900),
                day(
                    "installed_on",
                    "date of installation",
                    "installed",
                    "1988-01-01",
                    "2019-12-31",
                ),
                group(
                    "terrain",
                    "terrain",
                    "on {} terrain",
                    words("flat, coastal, alpine, urban"),
                    missing=0.08,
                ),
            ),
            ("station_id",),
        ),
        Table(
            "observer",
            "observer",
            "observers",
            40,
            (
                key("observer_id"),
                person(),
                group(
                    "role",
                    "role",
                    "working as {}",
                    words("volunteer, technician, researcher"),
                ),
                day(
                    "started_on",
                    "starting date",
                    "who started",
                    "1999-01-01",
                    "2021-12-31",
                ),
            ),
            ("observer_id",),
        ),
        Table(
            "sensor",
            "sensor",
            "sensors",
            140,
            (
                key("sensor_id"),
                label(
                    "serial",
                    "serial number",
                    lambda row: f"SN-{row.number * 91 + 1007}",
                ),
                ref("station_id", "station", "mounted at"),
                group(
                    "quantity",
                    "quantity",
                    "measuring {}",
                    words("temperature, rain, wind, pressure, humidity"),
                ),
                measure(
                    "accuracy", "accuracy in percent", 80, 99.9, digits=1, missing=0.1
                ),
                day(
                    "mounted_on",
                    "date of mounting",
                    "mounted",
                    "2005-01-01",
                    "2021-12-31",
                ),
                day_after(
                    "replaced_on",
                    "date of replacement",
                    "replaced",
                    "mounted_on",
                    200,
                    3500,
                    missing=0.5,
                ),
            ),
            ("sensor_id",),
        ),
        Table(
            "daily_summary",
            "daily summary",
            "daily summaries",
            1100,
            (
                ref("station_id", "station", "from"),
                day("day", "measuring date", "taken", "2020-01-01", "2023-12-31"),
                measure("highest", "highest temperature", -18, 38, digits=1),
                measure(
                    "rain", "rainfall in millimetres", 0, 64, digits=1, missing=0.07
                ),
                group(
                    "sky",
                    "sky",
                    "under {} sky",
                    words("clear, cloudy, overcast, foggy"),
                ),
            ),
            ("station_id", "day"),
        ),
        Table(
            "maintenance",
            "visit",
            "visits",
            260,
            (
                key("visit_id"),
                ref("sensor_id", "sensor", "to"),
                ref("observer_id", "observer", "made by"),
                day("visited_on", "visiting date", "made", "2015-01-01", "2023-12-31"),
                group(
                    "outcome",
                    "outcome",
                    "",
                    {
                        "OK": "that found no fault",
                        "CAL": "that ended with a calibration",
                        "REP": "that ended with a repair",
                    },
                ),
                measure("hours", "duration in hours", 0.5, 9, digits=1),
            ),
            ("visit_id",),
        ),
    ),
)
