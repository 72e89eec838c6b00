"""An airline and a railway."""

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
from agentgym_envs.bird.domains.words import CITIES, COUNTRIES, words

AIRLINE = Domain(
    "regional_airline",
    (
        Table(
            "airport",
            "airport",
            "airports",
            20,
            (
                key("airport_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Nord, Ville, Puerto, Jezero"),
                        words("Field, Airport, Île, Łąka, Bay"),
                    ),
                ),
                group("country", "country", "in {}", COUNTRIES),
                measure("elevation", "elevation in metres", 1, 1700),
                measure("runways", "number of runways", 1, 5),
            ),
            ("airport_id",),
        ),
        Table(
            "aircraft",
            "aircraft",
            "aircraft of the fleet",
            26,
            (
                key("tail_number", "XA-{:03}"),
                label(
                    "nickname",
                    "nickname",
                    words(
                        "Albatross, Bison, Cigogne, Dźwina, Eider, Falke, Grulla, Heron, Ibis, "
                        "Jaskółka, Kite, Lærke, Merle, Nuthatch, Owl, Pélican, Quail, Raven, "
                        "Sýkora, Tern, Urraca, Vanneau, Wren, Xikrin, Yaffle, Żuraw"
                    ),
                ),
                group(
                    "model",
                    "model",
                    "of the model {}",
                    words("T-72, Mira 50, Dorn 328, Bora 100"),
                ),
                measure("seats", "number of seats", 19, 110),
                day(
                    "bought_on",
                    "date of purchase",
                    "bought",
                    "1999-01-01",
                    "2021-12-31",
                ),
            ),
            ("tail_number",),
        ),
        Table(
            "route",
            "route",
            "routes",
            60,
            (
                key("route_id"),
                label("code", "code", lambda row: f"R{row.number * 7 + 101}"),
                ref("origin_id", "airport", "starting from", even=True),
                measure("distance", "distance in kilometres", 90, 1900),
                group(
                    "kind",
                    "kind",
                    "of the kind {}",
                    words("domestic, international, seasonal"),
                ),
            ),
            ("route_id",),
        ),
        Table(
            "flight",
            "flight",
            "flights",
            950,
            (
                key("flight_id"),
                ref("route_id", "route", "on"),
                ref("tail_number", "aircraft", "flown with"),
                day("flown_on", "flight date", "flown", "2019-01-01", "2023-12-31"),
                measure("delay", "delay in minutes", 0, 240, missing=0.1),
                measure("passengers", "number of passengers", 8, 110),
                group(
                    "status",
                    "status",
                    "",
                    {
                        "L": "that landed as planned",
                        "D": "that were diverted",
                        "X": "that were cancelled",
                    },
                ),
            ),
            ("flight_id",),
        ),
        Table(
            "crew_member",
            "crew member",
            "crew members",
            90,
            (
                key("crew_id"),
                person(),
                group(
                    "position",
                    "position",
                    "working as {}",
                    words("attendant, pilot, engineer"),
                ),
                group("base", "base", "based in {}", CITIES[:5], missing=0.08),
                day(
                    "hired_on",
                    "hiring date",
                    "who were hired",
                    "2001-01-01",
                    "2022-12-31",
                ),
                measure("hours", "number of flying hours", 150, 9800),
            ),
            ("crew_id",),
        ),
        Table(
            "duty",
            "duty",
            "duties",
            1000,
            (
                ref("flight_id", "flight", "on"),
                ref("crew_id", "crew_member", "done by"),
                group(
                    "shift",
                    "shift",
                    "in the {} shift",
                    words("morning, evening, night"),
                ),
                measure("pay", "pay in euros", 40, 420, digits=2),
            ),
            ("flight_id", "crew_id"),
        ),
    ),
)

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
                        words("Neu, Ober, Saint-, Kongs, Stara, Villa, Ålm"),
                        words(
                            "dorf, berg, Étienne, vik, Wieś, nova, hamn, brück, feld, Rémy, "
                            "lund, Góra"
                        ),
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
                            "Arrow, Lynx, Swan, Étoile, Wolf, Comet, Otter, Falcon, Björn, "
                            "Pike, Hare, Stork"
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
                day("run_on", "date", "run", "2020-01-01", "2023-12-31"),
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
