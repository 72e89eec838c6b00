"""A railway: lines, stations, trains, trips and incidents."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    group,
    key,
    label,
    measure,
    pairs,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import words

RAILWAY = Domain(
    "railway",
    (
        Table(
            "line",
            "line",
            "lines",
            16,
            (
                key("line_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Fjord, Coast, Lakes, Żubr"),
                        words("Line, Express, Shuttle, Scénic"),
                    ),
                ),
                group(
                    "region",
                    "region",
                    "in the region {}",
                    words("North, Södra, Bergland, West"),
                ),
                measure("length", "length in kilometres", 14, 620, digits=1),
                day("opened_on", "opening date", "opened", "1881-01-01", "1999-12-31"),
            ),
            ("line_id",),
        ),
        Table(
            "station",
            "station",
            "stations",
            84,
            (
                key("station_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Neu, Ober, Saint-, Kongs, Stara-, Villa-, Ålm"),
                        words(
                            "dorf, berg, Étienne, vik, Wieś, nova, hamn, brück, feld, "
                            "Rémy, lund, Góra"
                        ),
                        glue="",
                    ),
                ),
                group("zone", "fare zone", "in fare zone {}", (1, 2, 3, 4)),
                measure("platforms", "number of platforms", 1, 14),
                group(
                    "access",
                    "kind of access",
                    "",
                    {
                        "F": "with step-free access",
                        "P": "with partly step-free access",
                        "N": "without step-free access",
                    },
                    missing=0.1,
                ),
            ),
            ("station_id",),
        ),
        Table(
            "stop",
            "stop",
            "stops",
            210,
            (
                ref("line_id", "line", "on"),
                ref("station_id", "station", "at", even=True),
                measure("kilometre", "kilometre mark", 0, 600, digits=1),
                group(
                    "kind",
                    "kind",
                    "of the kind {}",
                    words("regular, request, technical"),
                ),
            ),
            ("line_id", "station_id"),
        ),
        Table(
            "train",
            "train",
            "trains",
            48,
            (
                key("train_id", "T{:03}"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Red, Silver, Green, Złoty"),
                        words(
                            "Arrow, Lynx, Swan, Étoile, Wolf, Comet, Otter, Falcon, "
                            "Björn, Pike, Hare, Stork"
                        ),
                    ),
                ),
                group(
                    "traction",
                    "traction",
                    "with {} traction",
                    words("electric, diesel, battery"),
                ),
                measure("seats", "number of seats", 60, 540),
                day(
                    "built_on", "date of building", "built", "1985-01-01", "2022-12-31"
                ),
                day_after(
                    "overhauled_on",
                    "date of overhaul",
                    "overhauled",
                    "built_on",
                    900,
                    4500,
                    missing=0.35,
                ),
            ),
            ("train_id",),
        ),
        Table(
            "trip",
            "trip",
            "trips",
            980,
            (
                key("trip_id"),
                ref("line_id", "line", "on"),
                ref("train_id", "train", "run with"),
                day("run_on", "travel date", "run", "2020-01-01", "2023-12-31"),
                measure("delay", "delay in minutes", 0, 95, missing=0.08),
                measure("passengers", "number of passengers", 3, 520),
                group(
                    "weather",
                    "weather",
                    "in {}",
                    words("dry weather, rain, snow, storm"),
                ),
            ),
            ("trip_id",),
        ),
        Table(
            "incident",
            "incident",
            "incidents",
            150,
            (
                key("incident_id"),
                ref("station_id", "station", "at"),
                group(
                    "cause",
                    "cause",
                    "caused by {}",
                    words("signal failure, a fallen tree, vandalism, power loss"),
                ),
                day(
                    "reported_on",
                    "reporting date",
                    "reported",
                    "2019-06-01",
                    "2023-12-31",
                ),
                day_after(
                    "closed_on",
                    "closing date",
                    "closed",
                    "reported_on",
                    0,
                    45,
                    missing=0.12,
                ),
                measure("cost", "cost in euros", 120, 38000, missing=0.2),
            ),
            ("incident_id",),
        ),
    ),
)
