"""What the pages of several sites are made of."""

from __future__ import annotations

from collections.abc import Sequence

from agentgym_envs.webarena.pages.build import link, p, span
from agentgym_envs.webarena.pages.nodes import Content, Node
from agentgym_envs.webarena.sites.site import Visit


def money(cents: int) -> str:
    """Write an amount of cents in dollars."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def plural(count: int, thing: str, things: str = "") -> str:
    """Write a number with what it counts."""
    return f"{count} {thing if count == 1 else things or thing + 's'}"


def pager(visit: Visit, page: int, pages: int) -> list[Node]:
    """A row that leads to the pages of a list; nothing if there is one only."""
    if pages == 1:
        return []
    row: list[Content] = [f"Page {page} of {pages}"]
    if page > 1:
        row.append(link("Previous", visit.with_query(p=str(page - 1))))
    if page < pages:
        row.append(link("Next", visit.with_query(p=str(page + 1))))
    return [p(*row)]


def choices(
    visit: Visit, name: str, options: Sequence[tuple[str, str]], chosen: str
) -> list[Content]:
    """Links that change one value of the query, back on the first page."""
    row: list[Content] = []
    for value, text in options:
        if value == chosen:
            row.append(span(text))
        else:
            row.append(link(text, visit.with_query(**{name: value, "p": ""})))
    return row
