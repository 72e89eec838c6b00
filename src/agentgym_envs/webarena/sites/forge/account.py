"""Users: signing in, the dashboard, profiles."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    label,
    link,
    p,
    paragraphs,
    table,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten, wrap
from agentgym_envs.webarena.sites.database import Row, escape_like
from agentgym_envs.webarena.sites.forge.layout import LOGIN, forge, user
from agentgym_envs.webarena.sites.signing import ask_password, noticed, sign_in
from agentgym_envs.webarena.sites.site import View, Visit
from agentgym_envs.webarena.sites.widgets import choices, pager

PER_PAGE = 15
LISTED = (
    "SELECT namespace || '/' || name, description, stars, visibility "
    "FROM project WHERE "
)
# Public projects, and private ones of the visitor, who is the first value.
SEEN = (
    "(visibility = 'Public' OR id IN (SELECT project FROM member WHERE account = ?)) "
)
ORDERS = {"stars": "stars DESC", "name": "name", "newest": "id DESC"}
ORDER_NAMES = (("stars", "Most stars"), ("name", "Name"), ("newest", "Last created"))


def project_table(rows: list[Row]) -> Node:
    """Projects with their stars."""
    if not rows:
        return p("There are no projects here.")
    cells: list[list[Cell]] = [
        [link(shorten(path, 40), f"/{path}"), shorten(text, 45), str(stars), kind]
        for path, text, stars, kind in rows
    ]
    return table(["Project", "Description", "Stars", "Visibility"], cells)


@forge.page("/", "project")
def dashboard(visit: Visit) -> View:
    """Show the projects that the user is a member of."""
    if not visit.account:
        return _explore(visit)
    rows = visit.db.rows(
        f"{LISTED} id IN (SELECT project FROM member WHERE account = ?) "
        "ORDER BY namespace, name LIMIT 40",
        visit.account,
    )
    return View("Projects - GitLab", [heading(1, "Projects"), project_table(rows)])


@forge.page("/explore", "project")
def explore(visit: Visit) -> View:
    """Show all projects that may be seen."""
    return _explore(visit)


def _explore(visit: Visit) -> View:
    order = visit.asked("sort", "stars")
    order = order if order in ORDERS else "stars"
    count = visit.db.value(f"SELECT count(*) FROM project WHERE {SEEN}", visit.account)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"{LISTED} {SEEN} ORDER BY {ORDERS[order]}, id LIMIT ? OFFSET ?",
        visit.account,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    return View(
        "Explore - GitLab",
        [
            heading(1, "Explore projects"),
            p("Sort by", *choices(visit, "sort", ORDER_NAMES, order)),
            project_table(rows),
            *pager(visit, page, pages),
        ],
    )


@forge.page("/search", "project")
def search(visit: Visit) -> View:
    """Show projects whose name or description has what is asked for."""
    wanted = visit.asked("search")
    content: list[Node] = [heading(1, "Search")]
    if not wanted:
        return View("Search - GitLab", [*content, p("Enter a search term.")])
    like = f"%{escape_like(wanted)}%"
    rows = visit.db.rows(
        f"{LISTED} {SEEN} AND (name LIKE ? ESCAPE '\\' OR namespace LIKE ? ESCAPE '\\' "
        "OR description LIKE ? ESCAPE '\\') ORDER BY stars DESC, id LIMIT 30",
        visit.account,
        like,
        like,
        like,
    )
    content += [p(f"Projects for: {shorten(wanted, 100)}"), project_table(rows)]
    return View("Search - GitLab", content)


@forge.page(LOGIN)
def login(visit: Visit) -> View:
    """Ask who it is."""
    ask = ask_password(LOGIN, "Sign in")
    return View("Sign in - GitLab", [heading(1, "Sign in"), ask])


@forge.action(LOGIN)
def do_login(visit: Visit) -> str:
    """Sign in."""
    query = "SELECT id FROM account WHERE name = ? AND password = ?"
    name = visit.sent("name")
    return sign_in(visit, query, name, login=LOGIN, home="/")


@forge.action("/users/sign_out")
def logout(visit: Visit) -> str:
    """Sign out."""
    visit.sign_out()
    return noticed(LOGIN, "out")


@forge.page("/-/profile")
def profile(visit: Visit) -> View:
    """Ask for changes of what a user says of himself or herself."""
    full, bio, status = visit.db.rows(
        "SELECT full, bio, status FROM account WHERE id = ?", user(visit)
    )[0]
    ask = form(
        "/-/profile",
        p(label("Your status", "status"), field("status", status, id="status")),
        p(label("Full name", "full"), field("full", full, id="full")),
        p(label("Bio", "bio"), field("bio", bio, id="bio")),
        p(button("Update profile settings")),
    )
    return View("Edit Profile - GitLab", [heading(1, "Edit Profile"), ask])


@forge.action("/-/profile")
def save_profile(visit: Visit) -> str:
    """Keep the changes."""
    account, full = user(visit), visit.sent("full", 80)
    if not full:
        return noticed("/-/profile", "incomplete")
    visit.db.update(
        "account",
        {"id": account},
        full=full,
        bio=visit.sent("bio", 250),
        status=visit.sent("status", 100),
    )
    return noticed("/-/profile", "saved")


def show_user(visit: Visit, number: int, name: str) -> View:
    """A user's page."""
    full, bio, status = visit.db.rows(
        "SELECT full, bio, status FROM account WHERE id = ?", number
    )[0]
    content: list[Node] = [heading(1, full), p(f"@{name}")]
    content += paragraphs(wrap(f"Status: {status}" if status else ""))
    content += paragraphs(wrap(bio))
    rows = visit.db.rows(
        f"{LISTED} owner = ? AND {SEEN} ORDER BY name", number, visit.account
    )
    content += [heading(2, "Personal projects"), project_table(rows)]
    return View(f"{full} - GitLab", content)
