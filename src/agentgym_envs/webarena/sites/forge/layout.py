"""The forge's header and what its views share."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    button,
    div,
    field,
    form,
    header,
    heading,
    label,
    link,
    main,
    nav,
    p,
)
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.database import Row
from agentgym_envs.webarena.sites.forge.seed import ROLES, TEMPLATE
from agentgym_envs.webarena.sites.signing import noticed, signed_in
from agentgym_envs.webarena.sites.site import NotFound, Redirect, Site, View, Visit

LOGIN = "/users/sign_in"
NOTICES = {
    "login": "Invalid login or password.",
    "sign-in": "You need to sign in or sign up before continuing.",
    "out": "You are signed out.",
    "incomplete": "Please fill in all required fields.",
    "saved": "The changes were saved.",
    "taken": "The name has already been taken.",
    "name": "A name has letters, digits, dots, underscores and dashes.",
    "created": "It was successfully created.",
    "forked": "The project was forked.",
    "invited": "The member was added.",
    "no-user": "There is no such user.",
    "member": "This user is a member already.",
    "removed": "The member was removed.",
    "denied": "You are not allowed to do that.",
}


def user(visit: Visit) -> int:
    """Give the account that is signed in; others are led to the login."""
    return signed_in(visit, LOGIN)


def project_of(visit: Visit, namespace: str, name: str) -> Row:
    """Find a project that the visitor may see: number, path, name, about, visibility.

    Raises:
        NotFound: if there is none, or it is private and none of the visitor's.
    """
    row = visit.db.row(
        "SELECT id, namespace || '/' || name, name, description, visibility "
        "FROM project WHERE namespace = ? AND name = ?",
        namespace,
        name,
    )
    if row is None or (row[4] != "Public" and not role_of(visit, row[0])):
        raise NotFound
    return row


def role_of(visit: Visit, project: int) -> str:
    """Give the visitor's role in a project; empty if there is none."""
    return str(
        visit.db.value(
            "SELECT role FROM member WHERE project = ? AND account = ?",
            project,
            visit.account,
        )
        or ""
    )


def may(visit: Visit, project: int, least: str) -> bool:
    """Tell whether the visitor has at least this role."""
    role = role_of(visit, project)
    return bool(role) and ROLES.index(role) >= ROLES.index(least)


def insist(visit: Visit, project: int, path: str, least: str) -> None:
    """Lead those with a lesser role back to the project."""
    user(visit)
    if not may(visit, project, least):
        raise Redirect(noticed(f"/{path}", "denied"))


def within(path: str, title: str, *content: Node) -> View:
    """A page of a project, with links to its parts."""
    name = path.partition("/")[2]
    parts: list[Content] = [
        link("Repository", f"/{path}/-/tree/main"),
        link("Commits", f"/{path}/-/commits/main"),
        link("Contributors", f"/{path}/-/graphs/main"),
        link("Issues", f"/{path}/-/issues"),
        link("Merge requests", f"/{path}/-/merge_requests"),
        link("Labels", f"/{path}/-/labels"),
        link("Milestones", f"/{path}/-/milestones"),
        link("Members", f"/{path}/-/project_members"),
    ]
    side = nav(p(link(shorten(name, 40), f"/{path}"), *parts), label="Project")
    shown = [heading(1, shorten(title, 140)), *content]
    return View(f"{title} - {name} - GitLab", [side, div(*shown)])


def layout(visit: Visit, view: View) -> Page:
    """Put the header above a view."""
    content = view.content
    notice = NOTICES.get(visit.query.get("notice", ""))
    if notice:
        content = [p(notice), *content]
    query = visit.query.get("search", "") if visit.path == "/search" else ""
    return compile_page(
        view.title,
        header(
            _top(visit),
            form(
                "/search",
                p(
                    label("Search GitLab", "search"),
                    field("search", query, id="search", kind="search"),
                    button("Search"),
                ),
                method="get",
            ),
        ),
        main(*content),
    )


def _top(visit: Visit) -> Node:
    if not visit.account:
        return p(
            link("GitLab", "/"), link("Explore", "/explore"), link("Sign in", LOGIN)
        )
    name = visit.db.value("SELECT name FROM account WHERE id = ?", visit.account)
    return form(
        "/users/sign_out",
        p(
            link("GitLab", "/"),
            link("Explore", "/explore"),
            link("Issues", "/dashboard/issues"),
            link("Merge requests", "/dashboard/merge_requests"),
            link("New project", "/projects/new"),
            link(f"@{name}", f"/{name}"),
            link("Edit profile", "/-/profile"),
            button("Sign out"),
        ),
    )


forge = Site("gitlab", "gitlab.com", TEMPLATE, layout, ("account", "member"))
