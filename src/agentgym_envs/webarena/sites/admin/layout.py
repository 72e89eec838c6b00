"""The back office's header, its login, and what its views share."""

from __future__ import annotations

from collections.abc import Sequence

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    header,
    heading,
    label,
    link,
    main,
    nav,
    p,
    table,
)
from agentgym_envs.webarena.pages.nodes import Node
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.shop.seed import TEMPLATE
from agentgym_envs.webarena.sites.signing import (
    ask_password,
    noticed,
    sign_in,
    signed_in,
)
from agentgym_envs.webarena.sites.site import Redirect, Site, View, Visit

HOME = "/admin"
LOGIN = "/admin/login"
NOTICES = {
    "login": "The account sign-in was incorrect.",
    "sign-in": "Please sign in.",
    "out": "You have logged out.",
    "saved": "You saved the changes.",
    "deleted": "It has been deleted.",
    "incomplete": "Please fill in all required fields.",
    "price": "Please enter a price such as 12.99.",
    "number": "Please enter a whole number.",
    "taken": "This name is taken.",
    "canceled": "You canceled the order.",
    "comment": "You added the comment.",
    "impossible": "The order can't be changed in this way.",
}
MENU = (
    ("Dashboard", HOME),
    ("Orders", "/admin/sales/order"),
    ("Products", "/admin/catalog/product"),
    ("Customers", "/admin/customer"),
    ("Reviews", "/admin/review/product"),
    ("Cart Price Rules", "/admin/sales_rule"),
    ("Pages", "/admin/cms/page"),
    ("Search Terms", "/admin/search/term"),
    ("Sales Report", "/admin/reports/sales"),
    ("Bestsellers", "/admin/reports/bestsellers"),
)


def insist(visit: Visit) -> None:
    """Lead whoever is not signed in to the login."""
    signed_in(visit, LOGIN)


def grid(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Node:
    """A table, or a word where there is nothing to be shown."""
    return table(columns, rows) if rows else p("We couldn't find any records.")


def search_row(path: str, text: str, name: str = "Search by keyword") -> Node:
    """A form that narrows a list down."""
    return form(
        path,
        p(
            label(name, "keyword"),
            field("search", text, id="keyword"),
            button("Search"),
        ),
        method="get",
    )


def layout(visit: Visit, view: View) -> Page:
    """Put the menu above a view."""
    content = view.content
    notice = NOTICES.get(visit.query.get("notice", ""))
    if notice:
        content = [p(notice), *content]
    title = f"{view.title} / Magento Admin"
    if not visit.account:
        return compile_page(title, header(p("Magento Admin")), main(*content))
    name = visit.db.value("SELECT name FROM admin WHERE id = ?", visit.account)
    return compile_page(
        title,
        header(form("/admin/logout", p(f"Signed in as {name}", button("Sign Out")))),
        nav(p(*[link(text, path) for text, path in MENU]), label="Menu"),
        main(*content),
    )


admin = Site("shopping_admin", "luma.com", TEMPLATE, layout, ("admin",), "shopping")


@admin.page("/")
def front(visit: Visit) -> View:
    """Lead on to the back office."""
    raise Redirect(HOME)


@admin.page(LOGIN)
def login(visit: Visit) -> View:
    """Ask who it is."""
    ask = ask_password(LOGIN, "Sign in")
    return View("Sign in", [heading(1, "Welcome, please sign in"), ask])


@admin.action(LOGIN)
def do_login(visit: Visit) -> str:
    """Sign in."""
    query = "SELECT id FROM admin WHERE name = ? AND password = ?"
    name = visit.sent("name")
    return sign_in(visit, query, name, login=LOGIN, home=HOME)


@admin.action("/admin/logout")
def logout(visit: Visit) -> str:
    """Sign out."""
    visit.sign_out()
    return noticed(LOGIN, "out")
