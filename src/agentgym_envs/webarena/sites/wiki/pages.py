"""Articles, categories and search."""

from __future__ import annotations

import re
from urllib.parse import unquote

from agentgym_envs.webarena.addresses import path_part
from agentgym_envs.webarena.pages.build import (
    heading,
    li,
    link,
    p,
    paragraphs,
    table,
    ul,
)
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten
from agentgym_envs.webarena.sites.database import escape_like
from agentgym_envs.webarena.sites.region import COUNTY
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import pager, plural
from agentgym_envs.webarena.sites.wiki.layout import wiki

LINK = re.compile(r"\[\[(.*?)\]\]")
PER_PAGE = 20


def article_path(title: str) -> str:
    """Give the address of an article."""
    return f"/wiki/{path_part(title.replace(' ', '_'))}"


def row_of(text: str) -> list[Content]:
    """Turn a row of an article into texts and links."""
    row: list[Content] = []
    for place, part in enumerate(LINK.split(text)):
        if place % 2:
            row.append(link(part, article_path(part)))
        elif part.strip():
            row.append(part)
    return row


@wiki.page("/", "article")
def front(visit: Visit) -> View:
    """Welcome the reader."""
    count = visit.db.value("SELECT count(*) FROM article")
    return View(
        "Main Page",
        [
            heading(1, "Welcome to Wikipedia"),
            *paragraphs([f"{count} articles about a small part of the world."]),
            p("Begin with", link(COUNTY, article_path(COUNTY))),
            p(link("All categories", "/categories")),
        ],
    )


@wiki.page("/wiki/<title>", "article", "fact", "line")
def article(visit: Visit, title: str) -> View:
    """Show an article."""
    row = visit.db.row(
        "SELECT id, title, category FROM article WHERE title = ? COLLATE NOCASE",
        _decoded(title),
    )
    if row is None:
        raise NotFound
    number, title, category = row
    facts = visit.db.rows(
        "SELECT name, value FROM fact WHERE article = ? ORDER BY id", number
    )
    content: list[Node] = [heading(1, title)]
    if facts:
        content.append(table(["Fact", "Value"], [list(fact) for fact in facts]))
    content += [
        p(*row_of(text))
        for (text,) in visit.db.rows(
            "SELECT text FROM line WHERE article = ? ORDER BY id", number
        )
    ]
    content.append(p("Category:", link(category, f"/category/{path_part(category)}")))
    return View(title, content)


def _decoded(part: str) -> str:
    return unquote(part).replace("_", " ")


@wiki.page("/categories", "article")
def categories(visit: Visit) -> View:
    """Show all categories."""
    rows = visit.db.rows(
        "SELECT category, count(*) FROM article GROUP BY category ORDER BY category"
    )
    items = [
        li(link(name, f"/category/{path_part(name)}"), plural(count, "article"))
        for name, count in rows
    ]
    return View("Categories", [heading(1, "Categories"), ul(*items)])


@wiki.page("/category/<name>", "article")
def category(visit: Visit, name: str) -> View:
    """Show the articles of a category."""
    name = _decoded(name)
    rows = visit.db.rows(
        "SELECT title FROM article WHERE category = ? ORDER BY title", name
    )
    if not rows:
        raise NotFound
    page, pages = visit.page_number(len(rows), PER_PAGE)
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    items = [li(link(title, article_path(title))) for (title,) in shown]
    return View(name, [heading(1, name), ul(*items), *pager(visit, page, pages)])


@wiki.page("/search", "article", "line")
def search(visit: Visit) -> View:
    """Show articles that have all words, those with them in the title first."""
    words = visit.asked("q").split()[:8]
    content: list[Node] = [heading(1, "Search results")]
    if not words:
        return View("Search results", [*content, p("Enter a word.")])
    text = (
        "(title || ' ' || "
        "(SELECT group_concat(text, ' ') FROM line WHERE article = a.id))"
    )
    likes = [f"%{escape_like(word)}%" for word in words]
    where = " AND ".join([f"{text} LIKE ? ESCAPE '\\'"] * len(words))
    rows = visit.db.rows(
        "SELECT title, "
        "(SELECT text FROM line WHERE article = a.id ORDER BY id LIMIT 1) "
        f"FROM article a WHERE {where} "
        "ORDER BY title NOT LIKE ? ESCAPE '\\', title LIMIT 20",
        *likes,
        f"%{escape_like(' '.join(words))}%",
    )
    if not rows:
        content.append(p("There were no results matching the query."))
    else:
        items = [
            li(
                p(link(title, article_path(title))),
                p(shorten(LINK.sub(r"\1", first), 140)),
            )
            for title, first in rows
        ]
        content.append(ul(*items))
    return View("Search results", content)
