"""All pages of the home page."""

from __future__ import annotations

from sqlite3 import Connection

from agentgym_envs.webarena.pages.build import (
    button,
    field,
    form,
    header,
    heading,
    label,
    li,
    link,
    main,
    p,
    paragraphs,
    table,
    ul,
)
from agentgym_envs.webarena.pages.nodes import Node, wrap
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.database import Template
from agentgym_envs.webarena.sites.home.arithmetic import NotASum, calculate
from agentgym_envs.webarena.sites.site import Site, View, Visit

SITES = (
    ("OneStopShop", "http://onestopmarket.com/", "An online shopping site"),
    ("CMS", "http://luma.com/admin", "The back office of the shop"),
    ("Reddit", "http://reddit.com/", "A forum about everything"),
    ("GitLab", "http://gitlab.com/", "A forge for projects"),
    ("Wikipedia", "http://wikipedia.org/", "An encyclopedia"),
    ("OpenStreetMap", "http://openstreetmap.org/", "A map"),
)
TOOLS = (
    ("Calculator", "/calculator.html"),
    ("Scratchpad", "/scratchpad.html"),
    ("Password page", "/password.html"),
)
ACCOUNTS = (
    ("OneStopShop", "emma.lopez@gmail.com", "Password.123"),
    ("CMS", "admin", "admin1234"),
    ("Reddit", "MarvelsGrantMan136", "test1234"),
    ("GitLab", "byteblaze", "hello1234"),
)


def build(connection: Connection) -> None:
    """Fill an empty database."""
    connection.executescript(
        "CREATE TABLE session (token TEXT PRIMARY KEY, account INT);"
        "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);"
    )


def layout(visit: Visit, view: View) -> Page:
    """Put a way back above a view."""
    return compile_page(
        view.title, header(p(link("Homepage", "/"))), main(*view.content)
    )


home = Site("homepage", "homepage.com", Template(build), layout)


@home.page("/")
def front(visit: Visit) -> View:
    """Show where everything is."""
    sites = [li(p(link(name, url)), p(about)) for name, url, about in SITES]
    tools = [li(link(name, path)) for name, path in TOOLS]
    return View(
        "Homepage",
        [heading(1, "Homepage"), ul(*sites), heading(2, "Tools"), ul(*tools)],
    )


@home.page("/password.html")
def passwords(visit: Visit) -> View:
    """Show the accounts."""
    grid = table(["Site", "Username", "Password"], [list(row) for row in ACCOUNTS])
    return View("Password page", [heading(1, "Passwords"), grid])


@home.page("/calculator.html")
def calculator(visit: Visit) -> View:
    """Work out a sum."""
    text = visit.asked("sum")
    ask = form(
        "/calculator.html",
        p(
            label("Expression", "sum"),
            field("sum", text, id="sum"),
            button("Calculate"),
        ),
        method="get",
    )
    content: list[Node] = [heading(1, "Calculator"), ask]
    if text:
        try:
            content.append(p(f"Result: {calculate(text)}"))
        except NotASum as error:
            content.append(p(f"Error: {error}"))
    return View("Calculator", content)


@home.page("/scratchpad.html", "note")
def scratchpad(visit: Visit) -> View:
    """Show the notes."""
    content: list[Node] = [
        heading(1, "Scratchpad"),
        form(
            "/scratchpad.html",
            p(label("Note", "note"), field("note", id="note")),
            p(
                button("Add note", name="do", value="add"),
                button("Clear all", name="do", value="clear"),
            ),
        ),
    ]
    for (text,) in visit.db.rows("SELECT text FROM note ORDER BY id"):
        content += paragraphs(wrap(text))
    return View("Scratchpad", content)


@home.action("/scratchpad.html")
def write(visit: Visit) -> str:
    """Add a note, or forget all."""
    if visit.sent("do") == "clear":
        for (number,) in visit.db.rows("SELECT id FROM note ORDER BY id"):
            visit.db.delete("note", id=number)
    elif text := visit.sent("note", 2000):
        visit.db.insert("note", text=text)
    return "/scratchpad.html"
