"""Inspections of restaurants, and what they found."""

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
from agentgym_envs.bird.domains.words import words

FOOD_INSPECTIONS = Domain(
    "food_inspections",
    (
        Table(
            "district",
            "district",
            "districts",
            10,
            (
                key("district_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Altstadt, Bryggen, Centrum, Docks, Éclair, Foreshore, Grünau, "
                        "Hafen, Île Verte, Żoliborz"
                    ),
                ),
                measure("population", "population", 4200, 98000),
                group(
                    "side", "side of the river", "on the {} bank", words("left, right")
                ),
            ),
            ("district_id",),
        ),
        Table(
            "restaurant",
            "restaurant",
            "restaurants",
            160,
            (
                key("restaurant_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Chez, Casa, Zum, Pod, Little"),
                        words(
                            "Léon, Mañana, Bären, Aniołem, Kitchen, Goose, Søster, "
                            "Tomate, Anchor, Löwen, Garden, Smak, Basil, Fuchs, Olive, "
                            "Lemon, Kogut, Corner, Pêche, Raven, Turm, Saffron, Wine, "
                            "Bread, Kraken, Oven, Apple, Mühle, Star, Onion, Truite, "
                            "Crab, Dom, Noodle"
                        ),
                    ),
                ),
                ref("district_id", "district", "in"),
                group(
                    "cuisine",
                    "cuisine",
                    "serving {} food",
                    words("Italian, Polish, Thai, French, Turkish, vegan"),
                ),
                measure("seats", "number of seats", 8, 180),
                day(
                    "licensed_on",
                    "date of licence",
                    "licensed",
                    "2001-01-01",
                    "2021-12-31",
                ),
                group(
                    "price_band",
                    "price band",
                    "",
                    {
                        "1": "of the cheap price band",
                        "2": "of the middle price band",
                        "3": "of the expensive price band",
                    },
                    missing=0.12,
                ),
            ),
            ("restaurant_id",),
        ),
        Table(
            "inspector",
            "inspector",
            "inspectors",
            28,
            (
                key("inspector_id"),
                person(),
                group(
                    "grade",
                    "grade",
                    "of the grade {}",
                    words("trainee, officer, chief"),
                ),
                day(
                    "sworn_in_on",
                    "date of oath",
                    "sworn in",
                    "1998-01-01",
                    "2020-12-31",
                ),
            ),
            ("inspector_id",),
        ),
        Table(
            "inspection",
            "inspection",
            "inspections",
            700,
            (
                key("inspection_id"),
                ref("restaurant_id", "restaurant", "of"),
                ref("inspector_id", "inspector", "made by"),
                day("made_on", "inspection date", "made", "2017-01-01", "2023-12-31"),
                day_after(
                    "reported_on",
                    "date of the report",
                    "reported",
                    "made_on",
                    0,
                    40,
                    missing=0.07,
                ),
                measure("score", "score", 31, 100),
                group(
                    "reason",
                    "reason",
                    "for the reason {}",
                    words("routine, complaint, follow-up"),
                ),
            ),
            ("inspection_id",),
        ),
        Table(
            "violation",
            "violation",
            "violations",
            820,
            (
                ref("inspection_id", "inspection", "found in"),
                group(
                    "code",
                    "code",
                    "",
                    {
                        "T1": "of wrong temperature",
                        "H2": "of poor hygiene",
                        "L3": "of missing labels",
                        "P4": "of pests",
                        "S5": "of unsafe storage",
                    },
                ),
                group(
                    "severity",
                    "severity",
                    "of the severity {}",
                    words("minor, major, critical"),
                ),
                measure("fine", "fine in euros", 20, 1900, missing=0.4),
            ),
            ("inspection_id", "code"),
        ),
    ),
)
