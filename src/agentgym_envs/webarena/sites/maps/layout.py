"""The map's database and header."""

from __future__ import annotations

from sqlite3 import Connection

from agentgym_envs.webarena.pages.build import (
    button,
    field,
    form,
    header,
    label,
    link,
    main,
    p,
)
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.database import Template, fill
from agentgym_envs.webarena.sites.region import coordinates, region
from agentgym_envs.webarena.sites.site import Site, View, Visit

SCHEMA = """
CREATE TABLE session (token TEXT PRIMARY KEY, account INT);
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, town TEXT,
  street TEXT, house INT, node INT, phone TEXT, hours TEXT, x REAL, y REAL,
  latitude REAL, longitude REAL);
CREATE INDEX place_kind ON place (kind);
"""


def build(connection: Connection) -> None:
    """Fill an empty database."""
    connection.executescript(SCHEMA)
    county = region()
    rows = []
    for number, place in enumerate(county.places, 1):
        x, y = county.nodes[place.node]
        rows.append((number, *place, x, y, *coordinates(x, y)))
    fill(connection, "place", rows)


def layout(visit: Visit, view: View) -> Page:
    """Put the search above a view."""
    query = visit.query.get("query", "") if visit.path == "/search" else ""
    return compile_page(
        view.title,
        header(
            form(
                "/search",
                p(
                    link("OpenStreetMap", "/"),
                    label("Search", "query"),
                    field("query", query, id="query"),
                    button("Go"),
                    link("Find directions between two points", "/directions"),
                ),
                method="get",
            )
        ),
        main(*view.content),
    )


maps = Site("map", "openstreetmap.org", Template(build), layout)
