"""An airline: airports, aircraft, routes, flights and crews."""

from agentgym_envs.bird.domains.making import (
    day,
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
            "aircraft",
            26,
            (
                key("tail_number", "XA-{:03}"),
                label(
                    "nickname",
                    "nickname",
                    words(
                        "Albatross, Bison, Cigogne, Dźwina, Eider, Falke, Grulla, "
                        "Heron, Ibis, Jaskółka, Kite, Lærke, Merle, Nuthatch, Owl, "
                        "Pélican, Quail, Raven, Sýkora, Tern, Urraca, Vanneau, Wren, "
                        "Xikrin, Yaffle, Żuraw"
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
                    "hired",
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
