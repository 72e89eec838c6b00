"""Price rules, pages and search terms in the back office."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    checkbox,
    field,
    form,
    heading,
    label,
    link,
    p,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten
from agentgym_envs.webarena.sites.admin.layout import admin, grid, insist
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit, whole

RULES = "/admin/sales_rule"
PAGES = "/admin/cms/page"


@admin.page(RULES, "rule")
def rules(visit: Visit) -> View:
    """Show the price rules."""
    insist(visit)
    rows = visit.db.rows(
        "SELECT id, name, coupon, percent, active FROM rule ORDER BY id"
    )
    cells: list[list[Cell]] = [
        [
            link(shorten(name, 40), f"{RULES}/edit/{number}"),
            shorten(coupon, 30),
            f"{percent}%",
            "Active" if active else "Inactive",
        ]
        for number, name, coupon, percent, active in rows
    ]
    return View(
        "Cart Price Rules",
        [
            heading(1, "Cart Price Rules"),
            p(link("Add New Rule", f"{RULES}/new")),
            grid(["Rule", "Coupon Code", "Discount", "Status"], cells),
        ],
    )


def _rule_form(path: str, name: str, coupon: str, percent: str, active: bool) -> Node:
    return form(
        path,
        p(label("Rule Name", "name"), field("name", name, id="name")),
        p(checkbox("active", on=active, label="Active"), "Active"),
        p(label("Coupon Code", "coupon"), field("coupon", coupon, id="coupon")),
        p(
            label("Discount Amount (percent)", "percent"),
            field("percent", percent, id="percent"),
        ),
        p(button("Save")),
    )


@admin.page(f"{RULES}/new")
def new_rule(visit: Visit) -> View:
    """Ask for a rule."""
    insist(visit)
    ask = _rule_form(f"{RULES}/save/0", "", "", "", True)
    return View("New Cart Price Rule", [heading(1, "New Cart Price Rule"), ask])


@admin.page(f"{RULES}/edit/<int:number>", "rule")
def edit_rule(visit: Visit, number: int) -> View:
    """Ask for changes of a rule."""
    insist(visit)
    row = visit.db.row(
        "SELECT name, coupon, percent, active FROM rule WHERE id = ?", number
    )
    if row is None:
        raise NotFound
    name, coupon, percent, active = row
    path = f"{RULES}/save/{number}"
    return View(
        name,
        [
            heading(1, shorten(name, 100)),
            _rule_form(path, name, coupon, str(percent), bool(active)),
            form(f"{RULES}/delete/{number}", p(button("Delete"))),
        ],
    )


@admin.action(f"{RULES}/save/<int:number>")
def save_rule(visit: Visit, number: int) -> str:
    """Keep a new or changed rule."""
    insist(visit)
    name, percent = visit.sent("name", 100), whole(visit.sent("percent"), -1)
    back = f"{RULES}/edit/{number}" if number else f"{RULES}/new"
    if not name:
        return noticed(back, "incomplete")
    if not 0 <= percent <= 100:
        return noticed(back, "number")
    values = {
        "name": name,
        "coupon": visit.sent("coupon", 40),
        "percent": percent,
        "active": int("active" in visit.form),
    }
    if not number:
        visit.db.insert("rule", **values)
    elif not visit.db.update("rule", {"id": number}, **values):
        raise NotFound
    return noticed(RULES, "saved")


@admin.action(f"{RULES}/delete/<int:number>")
def delete_rule(visit: Visit, number: int) -> str:
    """Delete a rule."""
    insist(visit)
    if not visit.db.delete("rule", id=number):
        raise NotFound
    return noticed(RULES, "deleted")


@admin.page(PAGES, "cms_page")
def pages(visit: Visit) -> View:
    """Show the shop's pages of text."""
    insist(visit)
    rows = visit.db.rows("SELECT id, title, path, active FROM cms_page ORDER BY id")
    cells: list[list[Cell]] = [
        [
            link(shorten(title, 40), f"{PAGES}/edit/{number}"),
            shorten(path, 40),
            "Enabled" if active else "Disabled",
        ]
        for number, title, path, active in rows
    ]
    return View(
        "Pages", [heading(1, "Pages"), grid(["Title", "URL Key", "Status"], cells)]
    )


@admin.page(f"{PAGES}/edit/<int:number>", "cms_page")
def edit_page(visit: Visit, number: int) -> View:
    """Ask for changes of a page."""
    insist(visit)
    row = visit.db.row(
        "SELECT title, content, active FROM cms_page WHERE id = ?", number
    )
    if row is None:
        raise NotFound
    title, content, active = row
    ask = form(
        f"{PAGES}/edit/{number}",
        p(checkbox("active", on=bool(active), label="Enable Page"), "Enable Page"),
        p(label("Page Title", "title"), field("title", title, id="title")),
        p(label("Content", "content"), field("content", content, id="content")),
        p(button("Save")),
    )
    return View(title, [heading(1, shorten(title, 100)), ask])


@admin.action(f"{PAGES}/edit/<int:number>")
def save_page(visit: Visit, number: int) -> str:
    """Change a page."""
    insist(visit)
    title, content = visit.sent("title", 100), visit.sent("content", 2000)
    if not (title and content):
        return noticed(f"{PAGES}/edit/{number}", "incomplete")
    if not visit.db.update(
        "cms_page",
        {"id": number},
        title=title,
        content=content,
        active=int("active" in visit.form),
    ):
        raise NotFound
    return noticed(PAGES, "saved")


@admin.page("/admin/search/term", "search_term")
def terms(visit: Visit) -> View:
    """Show what customers search for."""
    insist(visit)
    rows = visit.db.rows(
        "SELECT term, results, uses FROM search_term ORDER BY uses DESC, id"
    )
    return View(
        "Search Terms",
        [
            heading(1, "Search Terms"),
            grid(
                ["Search Query", "Results", "Uses"],
                [[term, str(results), str(uses)] for term, results, uses in rows],
            ),
        ],
    )
