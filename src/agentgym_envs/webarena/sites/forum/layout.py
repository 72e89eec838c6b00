"""The forum's header and what its views share."""

from __future__ import annotations

from agentgym_envs.webarena.addresses import path_part
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
from agentgym_envs.webarena.pages.nodes import Node
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.forum.seed import TEMPLATE
from agentgym_envs.webarena.sites.signing import signed_in
from agentgym_envs.webarena.sites.site import Site, View, Visit

LOGIN = "/login"
NOTICES = {
    "login": "Bad credentials. Please try again.",
    "sign-in": "You must log in to do that.",
    "incomplete": "Please fill in all required fields.",
    "name": "A name has 3 to 25 letters, digits or underscores.",
    "taken": "This name is taken.",
    "no-forum": "There is no such forum.",
    "posted": "Your submission was created.",
    "edited": "The changes were saved.",
    "deleted": "The submission was deleted.",
    "out": "You are logged out.",
}


def member(visit: Visit) -> int:
    """Give the account that is signed in; others are led to the login."""
    return signed_in(visit, LOGIN)


def name_of(visit: Visit) -> str:
    """Give the name of the account that is signed in."""
    return str(
        visit.db.value("SELECT name FROM account WHERE id = ?", visit.account) or ""
    )


def user_path(name: str) -> str:
    """Give the address of somebody's page."""
    return f"/user/{path_part(name)}"


def _top(visit: Visit) -> Node:
    if not visit.account:
        return p(
            link("Postmill", "/"),
            link("Forums", "/forums"),
            link("Log in", LOGIN),
            link("Sign up", "/registration"),
        )
    name = name_of(visit)
    return form(
        "/logout",
        p(
            link("Postmill", "/"),
            link("Forums", "/forums"),
            link("Submit", "/submit"),
            link(name, user_path(name)),
            button("Log out"),
        ),
    )


def layout(visit: Visit, view: View) -> Page:
    """Put header and footer around a view."""
    content = view.content
    notice = NOTICES.get(visit.query.get("notice", ""))
    if notice:
        content = [p(notice), *content]
    query = visit.query.get("q", "") if visit.path == "/search" else ""
    return compile_page(
        view.title,
        header(
            _top(visit),
            form(
                "/search",
                p(
                    label("Search query", "search"),
                    field("q", query, id="search", kind="search"),
                    button("Search"),
                ),
                method="get",
            ),
        ),
        main(*content),
        footer(p("Running Postmill")),
    )


forum = Site("reddit", "reddit.com", TEMPLATE, layout, ("account",))
