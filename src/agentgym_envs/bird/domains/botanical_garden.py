"""A garden: plant families, species, beds and gardeners."""

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
from agentgym_envs.bird.domains.words import words

BOTANICAL_GARDEN = Domain(
    "botanical_garden",
    (
        Table(
            "family",
            "plant family",
            "plant families",
            20,
            (
                key("family_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Rosaceae, Fabaceae, Poaceae, Orchidaceae, Lamiaceae, "
                        "Ericaceae, Pinaceae, Fagaceae, Betulaceae, Cactaceae, "
                        "Iridaceae, Liliaceae, Apiaceae, Solanaceae, Araceae, "
                        "Malvaceae, Salicaceae, Violaceae, Oleaceae, Asteraceae"
                    ),
                ),
                group(
                    "origin",
                    "main origin",
                    "mainly from {}",
                    words("Europe, Asia, South America, Africa"),
                ),
                measure("genera", "number of genera", 1, 900),
            ),
            ("family_id",),
        ),
        Table(
            "species",
            "species",
            "species",
            170,
            (
                key("species_id"),
                label(
                    "latin_name",
                    "Latin name",
                    pairs(
                        words(
                            "Rosa, Quercus, Salvia, Iris, Betula, Pinus, Viola, Malva, "
                            "Arum, Erica"
                        ),
                        words(
                            "alba, minor, ×hybrida, montana, officinalis, nigra, "
                            "palustris, silvestris, elegans, borealis, maritima, "
                            "robusta, cærulea, fragrans, pumila, aurea, communis, "
                            "gracilis"
                        ),
                    ),
                ),
                ref("family_id", "family", "belonging to"),
                group(
                    "habit", "habit", "growing as {}", words("herb, shrub, tree, vine")
                ),
                measure("height", "full height in centimetres", 6, 3800),
                group(
                    "red_list",
                    "conservation status",
                    "",
                    {
                        "LC": "of least concern",
                        "VU": "listed as vulnerable",
                        "EN": "listed as endangered",
                    },
                    missing=0.15,
                ),
            ),
            ("species_id",),
        ),
        Table(
            "bed",
            "bed",
            "beds",
            32,
            (
                key("bed_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Rose, Moor, Alpine, Système"),
                        words("North, South, East, West, Ring, Żwir, Terrasse, Pond"),
                    ),
                ),
                group(
                    "exposure",
                    "exposure",
                    "in {}",
                    words("full sun, half shade, full shade"),
                ),
                measure("area", "area in square metres", 4, 420, digits=1),
                group(
                    "soil", "soil", "with {} soil", words("loamy, sandy, peaty, chalky")
                ),
            ),
            ("bed_id",),
        ),
        Table(
            "gardener",
            "gardener",
            "gardeners",
            38,
            (
                key("gardener_id"),
                person(),
                group(
                    "contract",
                    "contract",
                    "with a {} contract",
                    words("permanent, seasonal, trainee"),
                ),
                day(
                    "hired_on",
                    "hiring date",
                    "hired",
                    "1996-01-01",
                    "2022-12-31",
                ),
                measure("wage", "hourly wage", 12, 34, digits=2),
                plain("email", email, missing=0.3),
            ),
            ("gardener_id",),
        ),
        Table(
            "planting",
            "planting",
            "plantings",
            560,
            (
                key("planting_id"),
                ref("species_id", "species", "of"),
                ref("bed_id", "bed", "in"),
                ref("gardener_id", "gardener", "done by"),
                day(
                    "planted_on", "planting date", "planted", "2012-01-01", "2022-12-31"
                ),
                day_after(
                    "removed_on",
                    "date of removal",
                    "removed",
                    "planted_on",
                    60,
                    2600,
                    missing=0.6,
                ),
                measure("specimens", "number of specimens", 1, 120),
            ),
            ("planting_id",),
        ),
        Table(
            "watering",
            "watering",
            "waterings",
            700,
            (
                ref("bed_id", "bed", "of"),
                day("day", "watering date", "done", "2021-01-01", "2023-12-31"),
                measure("litres", "amount in litres", 10, 900),
                group("method", "method", "by {}", words("hose, drip line, can")),
            ),
            ("bed_id", "day"),
        ),
    ),
)
