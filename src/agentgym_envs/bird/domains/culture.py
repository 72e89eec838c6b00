"""A library, a film archive and a museum."""

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

_BRANCHES = words(
    "Central Öst, Harbour, Old Mill, Północ, Riverside, Station, Universität, Väster, "
    "Zoo Gate"
)
_BEGINNINGS = words(
    "The Silent, The Forgotten, My Last, Beyond the, Under the, Seven Days in the, "
    "The Café by the, Notes from the"
)
_ENDINGS = words(
    "Harbour, Fjord, Winter, Lighthouse, Forest, Garden, Mirror, Road, Summer, "
    "Orchard, Storm, Bridge, Valley, Clock, Island, Letter, Piano, Sea, River, "
    "Castle, Market, Night, Señorita"
)
_CARDS = {
    "A": "with an adult card",
    "S": "with a student card",
    "C": "with a child's card",
}

CITY_LIBRARY = Domain(
    "city_library",
    (
        Table(
            "branch",
            "branch",
            "branches",
            9,
            (
                key("branch_id"),
                label("name", "name", _BRANCHES),
                group("city", "city", "in {}", CITIES[:4]),
                measure("seats", "number of seats", 20, 160),
                day("opened_on", "opening date", "opened", "1962-01-01", "2015-12-31"),
            ),
            ("branch_id",),
        ),
        Table(
            "member",
            "member",
            "members",
            160,
            (
                key("member_id"),
                person(),
                group("city", "home town", "living in {}", CITIES[:8]),
                group("card_type", "card type", "", _CARDS),
                day(
                    "joined_on",
                    "joining date",
                    "who joined",
                    "2012-01-01",
                    "2022-06-30",
                ),
                ref("branch_id", "branch", "registered at"),
                plain("email", email, missing=0.2),
            ),
            ("member_id",),
        ),
        Table(
            "author",
            "author",
            "authors",
            60,
            (
                key("author_id"),
                person("pen_name", "pen name"),
                group("country", "country", "from {}", COUNTRIES),
                measure("birth_year", "year of birth", 1890, 1990, missing=0.15),
            ),
            ("author_id",),
        ),
        Table(
            "book",
            "book",
            "books",
            180,
            (
                key("book_id"),
                label("title", "title", pairs(_BEGINNINGS, _ENDINGS)),
                group(
                    "language",
                    "language",
                    "written in {}",
                    words("English, French, Polish, Norwegian, Español, Türkçe"),
                ),
                group(
                    "genre",
                    "genre",
                    "of the genre {}",
                    words("novel, crime, history, poetry, science, travel"),
                ),
                measure("pages", "number of pages", 60, 900),
                measure("price", "price in euros", 5, 60, digits=2, missing=0.1),
                day(
                    "published_on",
                    "publication date",
                    "published",
                    "1985-01-01",
                    "2021-12-31",
                ),
            ),
            ("book_id",),
        ),
        Table(
            "book_author",
            "authorship",
            "authorships",
            240,
            (
                ref("book_id", "book", "of"),
                ref("author_id", "author", "held by"),
                group(
                    "role",
                    "role",
                    "with the role {}",
                    words("writer, editor, translator, illustrator"),
                ),
            ),
            ("book_id", "author_id"),
        ),
        Table(
            "loan",
            "loan",
            "loans",
            900,
            (
                key("loan_id"),
                ref("member_id", "member", "made by"),
                ref("book_id", "book", "of"),
                day(
                    "lent_on", "lending date", "that began", "2018-01-01", "2022-12-31"
                ),
                day_after(
                    "returned_on",
                    "return date",
                    "that ended",
                    "lent_on",
                    1,
                    70,
                    missing=0.08,
                ),
                measure("fine", "fine in euros", 0, 12, digits=2, missing=0.6),
                group(
                    "channel",
                    "channel",
                    "made at the {}",
                    words("desk, machine, website"),
                ),
            ),
            ("loan_id",),
        ),
    ),
)

FILM_ARCHIVE = Domain(
    "film_archive",
    (
        Table(
            "director",
            "director",
            "directors",
            45,
            (
                key("director_id"),
                person("name", "name"),
                group("country", "country", "from {}", COUNTRIES),
                measure("awards", "number of awards", 0, 18, missing=0.1),
                day(
                    "born_on",
                    "date of birth",
                    "who were born",
                    "1930-01-01",
                    "1988-12-31",
                ),
            ),
            ("director_id",),
        ),
        Table(
            "film",
            "film",
            "films",
            190,
            (
                key("film_id", "F{:04}"),
                label(
                    "title",
                    "title",
                    pairs(
                        words(
                            "Last Train to, Letters to, Winter in, The Girl from, "
                            "No Sleep in, Three Men of, Café"
                        ),
                        words(
                            "Vilnius, Trieste, Ålesund, Łódź, Montréal, Cádiz, Tórshavn, "
                            "Genève, Kyōto, Tampere, Split, Ghent, Bergen, Salò, Pécs, "
                            "Göteborg, Nîmes, Évora, Siófok, Đakovo, Umeå, Liège, Zadar, "
                            "Tartu, Rīga, Mérida, Lübeck, Kōbe, Odda"
                        ),
                    ),
                ),
                ref("director_id", "director", "directed by"),
                group(
                    "genre",
                    "genre",
                    "of the genre {}",
                    words("drama, comedy, thriller, documentary, western"),
                ),
                measure("minutes", "running time in minutes", 62, 215),
                measure(
                    "budget", "budget in millions", 0.2, 48, digits=1, missing=0.15
                ),
                day(
                    "released_on",
                    "release date",
                    "released",
                    "1969-01-01",
                    "2022-12-31",
                ),
            ),
            ("film_id",),
        ),
        Table(
            "actor",
            "actor",
            "actors",
            120,
            (
                key("actor_id"),
                person("name", "name"),
                group("country", "country", "from {}", COUNTRIES[:6], missing=0.05),
                group(
                    "agency",
                    "agency",
                    "of the agency {}",
                    words("Nordlys, Étoile, Ósemka, Aurora"),
                    missing=0.2,
                ),
            ),
            ("actor_id",),
        ),
        Table(
            "casting",
            "role",
            "roles",
            620,
            (
                ref("film_id", "film", "in"),
                ref("actor_id", "actor", "played by"),
                group(
                    "billing",
                    "billing",
                    "with {} billing",
                    words("minor, supporting, leading"),
                ),
                measure("fee", "fee in thousands", 1, 400, missing=0.2),
            ),
            ("film_id", "actor_id"),
        ),
        Table(
            "copy",
            "copy",
            "copies",
            420,
            (
                key("copy_id"),
                ref("film_id", "film", "of"),
                group(
                    "condition",
                    "condition",
                    "",
                    {
                        "G": "in good condition",
                        "W": "in worn condition",
                        "D": "in damaged condition",
                    },
                ),
                group(
                    "carrier",
                    "carrier",
                    "on {}",
                    words("35 mm film, video tape, disc, 16 mm film"),
                ),
                day(
                    "acquired_on",
                    "acquisition date",
                    "acquired",
                    "1980-01-01",
                    "2023-06-30",
                ),
                day_after(
                    "restored_on",
                    "restoration date",
                    "restored",
                    "acquired_on",
                    90,
                    6000,
                    missing=0.55,
                ),
            ),
            ("copy_id",),
        ),
    ),
)

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
                        "Romanticism, Realism, Impressionism, Cubism, Surrealism, Pop Art"
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
                            "Portrait of the, Study of a Blue, The Sleeping, Evening with "
                            "the, Red and Black, Untitled"
                        ),
                        words(
                            "Fisherman, Café, Harbour, Bather, Violin, Jardín, Été, "
                            "Winter, Mother, Clown, Window, Bird, Crowd, Mirror, Żagiel, "
                            "Sea, Moon, Horse, Lemon, Mask, Stairs, Train, Child, Oak, "
                            "Chair, Dancer, Bridge, Field, Storm, Bottle, Widow, Rider, "
                            "Table, Pipe, Rooftops, Quay, Saint, Shepherd, Angel, Night, "
                            "Poet, Mill, Vase, Letter, Smoke, Cello, Gate"
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
