"""A library with branches, members, books and loans."""

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
