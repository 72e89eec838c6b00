"""The wiki's database and header."""

from __future__ import annotations

from sqlite3 import Connection

from agentgym_envs.webarena.pages.build import (
    button,
    field,
    footer,
    form,
    header,
    label,
    link,
    main,
    p,
)
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.database import Template, fill
from agentgym_envs.webarena.sites.site import Site, View, Visit
from agentgym_envs.webarena.sites.wiki.articles import articles

SCHEMA = """
CREATE TABLE session (token TEXT PRIMARY KEY, account INT);
CREATE TABLE article (id INTEGER PRIMARY KEY, title TEXT UNIQUE, category TEXT);
CREATE TABLE fact (id INTEGER PRIMARY KEY, article INT, name TEXT, value TEXT);
CREATE INDEX fact_article ON fact (article);
CREATE TABLE line (id INTEGER PRIMARY KEY, article INT, text TEXT);
CREATE INDEX line_article ON line (article);
"""


def build(connection: Connection) -> None:
    """Fill an empty database."""
    connection.executescript(SCHEMA)
    facts: list[tuple[int, int, str, str]] = []
    lines: list[tuple[int, int, str]] = []
    rows = []
    for number, article in enumerate(articles(), 1):
        rows.append((number, article.title, article.category))
        for fact in article.facts:
            facts.append((len(facts) + 1, number, *fact))
        for text in article.rows:
            lines.append((len(lines) + 1, number, text))
    fill(connection, "article", rows)
    fill(connection, "fact", facts)
    fill(connection, "line", lines)


def layout(visit: Visit, view: View) -> Page:
    """Put the search above a view."""
    return compile_page(
        f"{view.title} - Wikipedia",
        header(
            form(
                "/search",
                p(
                    link("Wikipedia", "/"),
                    label("Search Wikipedia", "search"),
                    field("q", visit.query.get("q", ""), id="search", kind="search"),
                    button("Search"),
                    link("Categories", "/categories"),
                ),
                method="get",
            )
        ),
        main(*view.content),
        footer(p("Text is available to all who want to read it.")),
    )


wiki = Site("wikipedia", "wikipedia.org", Template(build), layout)
