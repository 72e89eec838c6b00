"""Tasks on the map and in the wiki, which tell of the same county."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from agentgym_envs.webarena.sites.database import Row
from agentgym_envs.webarena.sites.maps.layout import maps
from agentgym_envs.webarena.sites.maps.routing import route
from agentgym_envs.webarena.sites.wiki.layout import wiki
from agentgym_envs.webarena.sites.wiki.pages import article_path
from agentgym_envs.webarena.steps import (
    Step,
    Steps,
    click,
    pick,
    press_button,
    show_tab,
    write,
)
from agentgym_envs.webarena.tasks.item import (
    MAP,
    NAVIGATE,
    NOT_FOUND,
    SEEK,
    WIKI,
    Instance,
    alternate,
    distinct,
    found,
    opened,
    template,
)


def _places(remainder: int) -> list[Row]:
    """Places: number, name, kind, street with house, town, phone, node, x, y."""
    return maps.template.open().rows(
        "SELECT id, name, kind, house || ' ' || street, town, phone, node, x, y "
        "FROM place WHERE id % 41 = ? ORDER BY id",
        remainder,
    )


def _to_place(name: str, street: str, town: str) -> Steps:
    text = f"{name}, {street}, {town}"
    return write("Search", text, enter=True), click(name, within=street)


def to_article(title: str) -> Steps:
    """Search for an article and open it."""
    return search_wiki(title), click(title)


def search_wiki(text: str) -> Step:
    """Search the wiki."""
    return write("Search Wikipedia", text, enter=True, role="searchbox")


def _facts(name: str, category: str, remainder: int) -> list[tuple[str, str]]:
    """Articles of a category: title and the value of one fact."""
    return wiki.template.open().rows(
        "SELECT title, value FROM article JOIN fact ON fact.article = article.id "
        "WHERE fact.name = ? AND category = ? AND (category != 'People' "
        "OR article.id % 5 = ?) ORDER BY article.id",
        name,
        category,
        remainder,
    )


@template(SEEK, "map")
def phone_of_place() -> Iterator[Instance]:
    """Ask how to call a place."""
    for _, name, kind, street, town, phone, *_ in distinct(_places(4), 5):
        yield found(
            f"What is the phone number of the {name} ({kind.lower()}) at {street} in "
            f"{town}? Answer with the number as it stands there.",
            phone,
            *_to_place(name, street, town),
        )


@template(SEEK, "map", test=True)
def length_of_way() -> Iterator[Instance]:
    """Ask how far it is."""
    db = maps.template.open()
    halls = db.rows("SELECT name, town, node FROM place WHERE kind = 'Town hall'")
    ways = ("car", "by car"), ("bike", "by bicycle"), ("foot", "on foot")
    rows = []
    for place, (one, other) in enumerate(zip(halls, halls[3:], strict=False)):
        engine, how = ways[place % 3]
        km = f"{route(engine, one[2], other[2]).km:.1f}km"
        rows.append((engine, how, one, other, km))
    for engine, how, one, other, km in distinct(rows, 4):
        yield found(
            f"How long is the quickest way {how} from the {one[0]} in {one[1]} to "
            f"the {other[0]} in {other[1]}? Answer with the distance, "
            "for example 12.3km.",
            km,
            click("Find directions between two points"),
            *_directions(engine, f"{one[0]}, {one[1]}", f"{other[0]}, {other[1]}"),
        )


def _directions(engine: str, start: str, end: str) -> Steps:
    names = {"bike": "Bicycle", "foot": "Foot"}
    return (
        *([pick("Travel by", names[engine])] if engine in names else []),
        write("From", start),
        write("To", end),
        press_button("Go", after="Travel by"),
    )


@template(SEEK, "map")
def nearest_of_kind() -> Iterator[Instance]:
    """Ask what is nearest."""
    db = maps.template.open()
    rows = []
    for place, (number, name, _, street, town, _, _, x, y) in enumerate(_places(7)):
        kind = ("School", "Hospital", "Library", "Museum")[place % 4]
        square = "(x - ?) * (x - ?) + (y - ?) * (y - ?)"
        (best, near), (_, next_) = db.rows(
            f"SELECT house || ' ' || street || ', ' || town, {square} AS square "
            "FROM place WHERE kind = ? AND id != ? ORDER BY square, id LIMIT 2",
            *(x, x, y, y, kind, number),
        )
        if next_ - near > 0.01:
            rows.append((name, street, town, kind, best))
    for name, street, town, kind, best in distinct(rows, 4):
        yield found(
            f"Which {kind.lower()} is nearest to the {name} at {street} in {town}? "
            "Answer with its address as the list of what is nearby writes it, "
            "for example 12 Mill Street, Alderton.",
            best,
            *_to_place(name, street, town),
            pick("Nearby", kind),
            press_button("Show"),
        )


@template(NAVIGATE, "map")
def page_of_place() -> Iterator[Instance]:
    """Ask for the page of a place."""
    for number, name, kind, street, town, *_ in _places(10):
        yield opened(
            f"Open the map's page of the {kind.lower()} at {street} in {town}.",
            f"{MAP}/place/{number}",
            *_to_place(name, street, town),
        )


@template(NAVIGATE, "map", test=True)
def way_between_places() -> Iterator[Instance]:
    """Ask for directions."""
    towns = [town for town, _ in _facts("Founded", "Towns", 0)]
    for place, (one, other) in enumerate(zip(towns, towns[4:], strict=False)):
        start, end = f"{one} Hospital", f"{other} Library"
        engine, how = (("foot", "on foot"), ("bike", "by bicycle"))[place % 2]
        yield opened(
            f'Show me directions {how} from "{start}" to "{end}" on the map; '
            "write the two just like this.",
            f"{MAP}/directions?engine={engine}&from={quote_plus(start)}"
            f"&to={quote_plus(end)}",
            click("Find directions between two points"),
            *_directions(engine, start, end),
        )


@template(SEEK, "wikipedia")
def birth_of_person() -> Iterator[Instance]:
    """Ask when somebody was born."""
    for name, year in distinct(_facts("Born", "People", 1), 1):
        yield found(
            f"In which year was {name} born? Answer with the year.",
            year,
            *to_article(name),
        )


@template(SEEK, "wikipedia", test=True)
def age_of_town() -> Iterator[Instance]:
    """Ask how old the town of somebody was."""
    founded = dict(_facts("Founded", "Towns", 0))
    born = dict(_facts("Born", "People", 2))
    rows = [
        (name, town, int(born[name]) - int(founded[town]))
        for name, town in _facts("Birthplace", "People", 2)
    ]
    for name, town, age in distinct([row for row in rows if row[2] > 0], 2):
        yield found(
            f"How many years before the birth of {name} was the town that {name} "
            "comes from founded? Answer with the number.",
            str(age),
            *to_article(name),
            click(town),
        )


@template(SEEK, "wikipedia")
def missing_person() -> Iterator[Instance]:
    """Ask about somebody whom the wiki may know nothing of."""
    intent = "In which year was {} born, according to the wiki? Answer with the year."
    missing = "Ottokar Blomqvist", "Perpetua Vane", "Balthasar Rook", "Ximena Stroud"
    db = wiki.template.open()
    assert not any(
        db.rows("SELECT 1 FROM article WHERE title = ?", name) for name in missing
    )
    yield from alternate(
        [found(intent.format(name), NOT_FOUND, search_wiki(name)) for name in missing],
        [
            found(intent.format(name), year, *to_article(name))
            for name, year in distinct(_facts("Born", "People", 4), 1)
        ],
    )


@template(NAVIGATE, "wikipedia")
def town_of_person() -> Iterator[Instance]:
    """Ask for the article on where somebody comes from."""
    for name, town in distinct(_facts("Birthplace", "People", 3), 1):
        yield opened(
            f"Open the article about the town in which {name} was born.",
            f"{WIKI}{article_path(town)}",
            *to_article(name),
            click(town),
        )


@template(NAVIGATE, "wikipedia", test=True)
def maker_of_work() -> Iterator[Instance]:
    """Ask for the article on whoever is known for something."""
    rows = wiki.template.open().rows(
        "SELECT title, value FROM article JOIN fact ON article = article.id "
        "WHERE name = 'Known for' ORDER BY article.id"
    )
    town_of: dict[str, str] = dict(
        wiki.template.open().rows(
            "SELECT title, value FROM article JOIN fact ON article = article.id "
            "WHERE name = 'Birthplace'"
        )
    )
    for name, work in rows[4::7]:
        yield opened(
            f"Open the article about the person from {town_of[name]} who is known "
            f"for {work}, and whose first name is {name.split()[0]}.",
            f"{WIKI}{article_path(name)}",
            search_wiki(f"{town_of[name]} {work}"),
            click(name),
        )


@template(NAVIGATE, "map", "wikipedia")
def article_on_town() -> Iterator[Instance]:
    """Ask for the article on the town of a place."""
    for _, name, _, street, town, *_ in distinct(_places(13), 4):
        yield opened(
            f"Find the {name} at {street} on the map, and open the wiki's article "
            "about the town that it is in.",
            f"{WIKI}{article_path(town)}",
            write("Search", f"{name}, {street}", enter=True),
            show_tab(1),
            *to_article(town),
        )
