"""Searching, places, directions, and what is near."""

from __future__ import annotations

from agentgym_envs.webarena.addresses import query_of
from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    hidden,
    label,
    li,
    link,
    ol,
    p,
    paragraphs,
    select,
    table,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten
from agentgym_envs.webarena.sites.database import Row, escape_like
from agentgym_envs.webarena.sites.maps.layout import maps
from agentgym_envs.webarena.sites.maps.routing import SPEEDS, route
from agentgym_envs.webarena.sites.region import COUNTY, KINDS, TOWNS
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import pager, plural

PER_PAGE = 15
ENGINES = (("car", "Car"), ("bike", "Bicycle"), ("foot", "Foot"))
LISTED = (
    "SELECT id, name, kind, house || ' ' || street || ', ' || town FROM place WHERE "
)


def _matching(text: str) -> tuple[str, list[str]]:
    """A condition for places that have all words in name, kind, street or town."""
    where, values = [], []
    for word in text.replace(",", " ").split()[:8]:
        where.append(
            "(name || ' ' || kind || ' ' || house || ' ' || street || ' ' || town) "
            "LIKE ? ESCAPE '\\'"
        )
        values.append(f"%{escape_like(word)}%")
    return " AND ".join(where) or "0", values


def place_table(rows: list[Row]) -> Node:
    """Places with their kinds and addresses."""
    if not rows:
        return p("No results found")
    cells: list[list[Cell]] = [
        [link(shorten(name, 60), f"/place/{number}"), kind, shorten(where, 60)]
        for number, name, kind, where in rows
    ]
    return table(["Place", "Type", "Address"], cells)


@maps.page("/")
def front(visit: Visit) -> View:
    """Welcome the visitor."""
    return View(
        "OpenStreetMap",
        [
            heading(1, "Welcome to OpenStreetMap!"),
            *paragraphs(
                [
                    f"This map shows {COUNTY} with its {len(TOWNS)} towns.",
                    "Search for a place by its name, type, street or town.",
                ]
            ),
            *[p(link(town, f"/search{query_of([('query', town)])}")) for town in TOWNS],
        ],
    )


@maps.page("/search", "place")
def search(visit: Visit) -> View:
    """Show what fits the words."""
    text = visit.asked("query")
    where, values = _matching(text)
    count = visit.db.value(f"SELECT count(*) FROM place WHERE {where}", *values)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"{LISTED} {where} ORDER BY id LIMIT ? OFFSET ?",
        *values,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    content: list[Node] = [heading(1, "Search Results"), p(plural(count, "result"))]
    content += [place_table(rows), *pager(visit, page, pages)]
    return View(f"{shorten(text, 80) or 'Search'} | OpenStreetMap", content)


@maps.page("/place/<int:number>", "place")
def place(visit: Visit, number: int) -> View:
    """Show a place."""
    row = visit.db.row(
        "SELECT name, kind, house || ' ' || street, town, phone, hours, latitude, "
        "longitude FROM place WHERE id = ?",
        number,
    )
    if row is None:
        raise NotFound
    name, kind, street, town, phone, hours, latitude, longitude = row
    kinds = [(text, text) for text, *_ in KINDS]
    start = query_of([("from", f"{name}, {town}")])
    return View(
        f"{name} | OpenStreetMap",
        [
            heading(1, name),
            *paragraphs(
                [
                    f"Type: {kind}",
                    f"Address: {street}, {town}, {COUNTY}",
                    f"Phone: {phone}",
                    f"Opening hours: {hours}",
                    f"Coordinates: {latitude:.5f}, {longitude:.5f}",
                ]
            ),
            p(link("Directions from here", f"/directions{start}")),
            form(
                "/nearby",
                hidden("place", str(number)),
                p(
                    label("Nearby", "kind"),
                    select("type", kinds, id="kind"),
                    button("Show"),
                ),
                method="get",
            ),
        ],
    )


@maps.page("/nearby", "place")
def nearby(visit: Visit) -> View:
    """Show what of a type is near a place, the nearest first."""
    number, kind = visit.number("place"), visit.asked("type", KINDS[0][0])
    row = visit.db.row("SELECT name, x, y FROM place WHERE id = ?", number)
    if row is None:
        raise NotFound
    name, x, y = row
    rows = visit.db.rows(
        "SELECT id, name, house || ' ' || street || ', ' || town, "
        "(x - ?) * (x - ?) + (y - ?) * (y - ?) AS square FROM place "
        "WHERE kind = ? AND id != ? ORDER BY square, id LIMIT 15",
        *(x, x, y, y, kind, number),
    )
    content: list[Node] = [
        heading(1, f"Nearby: {shorten(kind, 40)}"),
        p("Around", link(name, f"/place/{number}")),
    ]
    if rows:
        cells: list[list[Cell]] = [
            [
                link(shorten(what, 60), f"/place/{found}"),
                shorten(where, 60),
                f"{square**0.5:.2f} km",
            ]
            for found, what, where, square in rows
        ]
        content.append(table(["Place", "Address", "Distance"], cells))
    else:
        content.append(p("No results found"))
    return View("Nearby | OpenStreetMap", content)


def _find(visit: Visit, text: str) -> Row | None:
    """The place that is meant: one of just this name if there is one."""
    wanted = text.partition(",")[0].strip()
    where, values = _matching(text)
    return visit.db.row(
        f"SELECT name, town, node FROM place WHERE {where} "
        "ORDER BY lower(name) != lower(?), id LIMIT 1",
        *values,
        wanted,
    )


def _time(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02d}"


@maps.page("/directions", "place")
def directions(visit: Visit) -> View:
    """Show the quickest way between two places."""
    engine = visit.asked("engine", "car")
    engine = engine if engine in SPEEDS else "car"
    start, end = visit.asked("from"), visit.asked("to")
    content: list[Node] = [
        heading(1, "Directions"),
        form(
            "/directions",
            p(
                label("Travel by", "engine"),
                select("engine", ENGINES, engine, id="engine"),
            ),
            p(label("From", "from"), field("from", start, id="from")),
            p(label("To", "to"), field("to", end, id="to")),
            p(button("Go")),
            method="get",
        ),
    ]
    if start and end:
        content += _route(visit, engine, start, end)
    return View("Directions | OpenStreetMap", content)


def _route(visit: Visit, engine: str, start: str, end: str) -> list[Node]:
    one, other = _find(visit, start), _find(visit, end)
    for found, text in ((one, start), (other, end)):
        if found is None:
            return [p(f"Couldn't locate '{shorten(text, 80)}'.")]
    assert one is not None and other is not None
    way = route(engine, one[2], other[2])
    content: list[Node] = [
        heading(2, f"{dict(ENGINES)[engine]}: {one[0]} to {other[0]}"),
        p(f"From: {one[0]}, {one[1]}"),
        p(f"To: {other[0]}, {other[1]}"),
        p(f"Distance: {way.km:.1f}km."),
        p(f"Time: {_time(way.minutes)}."),
    ]
    if way.legs:
        content.append(ol(*[li(f"{leg.road}: {leg.km:.1f}km") for leg in way.legs]))
    return content
