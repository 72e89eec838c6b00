"""Hotels, their rooms, guests, stays and complaints."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    email,
    group,
    key,
    label,
    measure,
    pairs,
    person,
    plain,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import CITIES, COUNTRIES, words

HOTEL_CHAIN = Domain(
    "hotel_chain",
    (
        Table(
            "hotel",
            "hotel",
            "hotels",
            22,
            (
                key("hotel_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Grand, Park, Hôtel, Villa, Pension"),
                        words("Bellevue, Kärnten, Miramar, Stadtpark, Óbidos"),
                    ),
                ),
                group("city", "city", "in {}", CITIES[:9]),
                group("stars", "number of stars", "with {} stars", (3, 4, 2, 5)),
                measure("floors", "number of floors", 2, 14),
                day("opened_on", "opening date", "opened", "1902-01-01", "2019-12-31"),
            ),
            ("hotel_id",),
        ),
        Table(
            "room",
            "room",
            "rooms",
            330,
            (
                ref("hotel_id", "hotel", "of"),
                plain(
                    "room_no", lambda row: row.draw.between(100, 720), type="INTEGER"
                ),
                group(
                    "bed", "kind of bed", "with a {} bed", words("double, twin, single")
                ),
                measure("rate", "nightly rate in euros", 38, 360, digits=2),
                measure("area", "area in square metres", 11, 62, missing=0.12),
                group(
                    "view",
                    "view",
                    "looking at the {}",
                    words("street, yard, sea, park"),
                    missing=0.1,
                ),
            ),
            ("hotel_id", "room_no"),
        ),
        Table(
            "guest",
            "guest",
            "guests",
            210,
            (
                key("guest_id"),
                person(),
                group("country", "country", "from {}", COUNTRIES),
                group(
                    "tier",
                    "tier",
                    "",
                    {
                        "0": "without a loyalty card",
                        "1": "with a silver card",
                        "2": "with a gold card",
                    },
                ),
                day(
                    "born_on",
                    "date of birth",
                    "born",
                    "1938-01-01",
                    "2003-12-31",
                    missing=0.2,
                ),
                plain("email", email, missing=0.25),
            ),
            ("guest_id",),
        ),
        Table(
            "stay",
            "stay",
            "stays",
            880,
            (
                key("stay_id"),
                ref("guest_id", "guest", "booked by"),
                ref("hotel_id", "hotel", "at"),
                day("booked_on", "booking date", "booked", "2018-01-01", "2022-12-31"),
                day_after(
                    "arrived_on", "arrival date", "that began", "booked_on", 1, 200
                ),
                day_after(
                    "left_on",
                    "departure date",
                    "that ended",
                    "arrived_on",
                    1,
                    15,
                    missing=0.05,
                ),
                measure("persons", "number of persons", 1, 6),
                measure("bill", "bill in euros", 45, 2900, digits=2, missing=0.06),
                group(
                    "channel",
                    "channel",
                    "booked through the {}",
                    words("website, agency, telephone"),
                ),
            ),
            ("stay_id",),
        ),
        Table(
            "complaint",
            "complaint",
            "complaints",
            160,
            (
                key("complaint_id"),
                ref("stay_id", "stay", "about"),
                group(
                    "topic",
                    "topic",
                    "about the {}",
                    words("noise, heating, breakfast, cleaning"),
                ),
                day("filed_on", "filing date", "filed", "2018-03-01", "2023-12-31"),
                day_after(
                    "settled_on",
                    "settlement date",
                    "settled",
                    "filed_on",
                    0,
                    60,
                    missing=0.2,
                ),
            ),
            ("complaint_id",),
        ),
    ),
)
