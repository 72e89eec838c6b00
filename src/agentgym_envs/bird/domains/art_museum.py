"""A museum: works, their artists, rooms and exhibitions."""

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

ART_MUSEUM = Domain(
    "art_museum",
    (
        Table(
            "artist",
            "artist",
            "artists",
            70,
            (
                key("artist_id"),
                person("name", "name"),
                group("country", "country", "from {}", COUNTRIES),
                measure("birth_year", "year of birth", 1790, 1985),
                group(
                    "movement",
                    "movement",
                    "of the movement {}",
                    words(
                        "Romanticism, Realism, Impressionism, Cubism, Surrealism, Pop "
                        "Art"
                    ),
                    missing=0.12,
                ),
            ),
            ("artist_id",),
        ),
        Table(
            "room",
            "room",
            "rooms",
            24,
            (
                key("room_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("East, West, North, South, Upper, Lower"),
                        words("Gallery, Hall, Cabinet, Rotunda, Loggia"),
                    ),
                ),
                group("floor", "floor", "on floor {}", (0, 1, 2)),
                measure("area", "area in square metres", 25, 320, digits=1),
            ),
            ("room_id",),
        ),
        Table(
            "artwork",
            "work",
            "works",
            280,
            (
                key("artwork_id", "A-{:03}"),
                label(
                    "title",
                    "title",
                    pairs(
                        words(
                            "Portrait of the, Study of a Blue, The Sleeping, Evening "
                            "with the, Red and Black, Untitled"
                        ),
                        words(
                            "Fisherman, Café, Harbour, Bather, Violin, Jardín, Été, "
                            "Winter, Mother, Clown, Window, Bird, Crowd, Mirror, "
                            "Żagiel, Sea, Moon, Horse, Lemon, Mask, Stairs, Train, "
                            "Child, Oak, Chair, Dancer, Bridge, Field, Storm, Bottle, "
                            "Widow, Rider, Table, Pipe, Rooftops, Quay, Saint, "
                            "Shepherd, Angel, Night, Poet, Mill, Vase, Letter, Smoke, "
                            "Cello, Gate"
                        ),
                    ),
                ),
                ref("artist_id", "artist", "by"),
                ref("room_id", "room", "hanging in", missing=0.25),
                group(
                    "technique",
                    "technique",
                    "in {}",
                    words("oil, tempera, bronze, charcoal, gouache"),
                ),
                measure("made_in", "year of making", 1810, 2020),
                measure(
                    "insured_for", "insured value in thousands", 2, 900, missing=0.1
                ),
                day(
                    "acquired_on",
                    "acquisition date",
                    "acquired",
                    "1955-01-01",
                    "2023-12-31",
                ),
            ),
            ("artwork_id",),
        ),
        Table(
            "exhibition",
            "exhibition",
            "exhibitions",
            40,
            (
                key("exhibition_id"),
                label(
                    "title",
                    "title",
                    pairs(
                        words(
                            "Light and, Colours of, A Century of, Between, Masters of"
                        ),
                        words(
                            "Shadow, the North, Silence, the Sea, Façades, Modernity, "
                            "Żywioł, the Garden, Everyday Life"
                        ),
                    ),
                ),
                group(
                    "kind", "kind", "of the kind {}", words("permanent, guest, touring")
                ),
                day("opened_on", "opening date", "opened", "2008-01-01", "2023-03-31"),
                day_after(
                    "closed_on",
                    "closing date",
                    "closed",
                    "opened_on",
                    20,
                    240,
                    missing=0.1,
                ),
                measure("visitors", "number of visitors", 900, 64000),
            ),
            ("exhibition_id",),
        ),
        Table(
            "exhibit",
            "exhibit",
            "exhibits",
            430,
            (
                ref("exhibition_id", "exhibition", "shown in"),
                ref("artwork_id", "artwork", "consisting of"),
                measure("position", "position", 1, 40),
                group(
                    "lighting",
                    "lighting",
                    "under {} light",
                    words("warm, cold, dim"),
                    missing=0.1,
                ),
            ),
            ("exhibition_id", "artwork_id"),
        ),
    ),
)
