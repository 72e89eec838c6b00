"""Products and their reviews in the back office."""

from __future__ import annotations

import re

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
    paragraphs,
)
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten, wrap
from agentgym_envs.webarena.sites.admin.layout import (
    admin,
    grid,
    insist,
    search_row,
)
from agentgym_envs.webarena.sites.database import escape_like
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit, whole
from agentgym_envs.webarena.sites.widgets import choices, money, pager, plural

PER_PAGE = 15
PRICE = re.compile(r"\$?([0-9]{1,7})(?:\.([0-9]{2}))?")
STATUSES = ("Pending", "Approved", "Not Approved")


def cents_of(text: str) -> int | None:
    """Read a price; None if it is none."""
    match = PRICE.fullmatch(text.replace(",", "").strip())
    return int(match[1]) * 100 + int(match[2] or 0) if match else None


@admin.page("/admin/catalog/product", "product")
def products(visit: Visit) -> View:
    """Show products."""
    insist(visit)
    text = visit.asked("search")
    like = f"%{escape_like(text)}%"
    where = "name LIKE ? ESCAPE '\\' OR sku = ?"
    count = visit.db.value(
        f"SELECT count(*) FROM product WHERE {where}", like, text.upper()
    )
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"SELECT id, name, sku, price, stock, enabled FROM product WHERE {where} "
        "ORDER BY id LIMIT ? OFFSET ?",
        like,
        text.upper(),
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    cells: list[list[Cell]] = [
        [
            link(shorten(name, 60), f"/admin/catalog/product/edit/{number}"),
            sku,
            money(price),
            str(stock),
            "Enabled" if enabled else "Disabled",
        ]
        for number, name, sku, price, stock, enabled in rows
    ]
    return View(
        "Products",
        [
            heading(1, "Products"),
            search_row("/admin/catalog/product", text),
            p(f"{plural(count, 'record')} found"),
            grid(["Name", "SKU", "Price", "Quantity", "Status"], cells),
            *pager(visit, page, pages),
        ],
    )


@admin.page("/admin/catalog/product/edit/<int:number>", "product")
def product(visit: Visit, number: int) -> View:
    """Ask for changes of a product."""
    insist(visit)
    row = visit.db.row(
        "SELECT name, sku, price, stock, enabled, description "
        "FROM product WHERE id = ?",
        number,
    )
    if row is None:
        raise NotFound
    name, sku, price, stock, enabled, text = row
    ask = form(
        f"/admin/catalog/product/edit/{number}",
        p(
            checkbox("enabled", on=bool(enabled), label="Enable Product"),
            "Enable Product",
        ),
        p(label("Product Name", "name"), field("name", name, id="name")),
        p(label("Price", "price"), field("price", money(price)[1:], id="price")),
        p(label("Quantity", "stock"), field("stock", str(stock), id="stock")),
        p(label("Description", "text"), field("description", text, id="text")),
        p(button("Save")),
    )
    return View(name, [heading(1, shorten(name, 120)), p(f"SKU: {sku}"), ask])


@admin.action("/admin/catalog/product/edit/<int:number>")
def save_product(visit: Visit, number: int) -> str:
    """Change a product."""
    insist(visit)
    path = f"/admin/catalog/product/edit/{number}"
    name, text = visit.sent("name", 200), visit.sent("description", 1500)
    price, stock = cents_of(visit.sent("price")), whole(visit.sent("stock"), -1)
    if not (name and text):
        return noticed(path, "incomplete")
    if price is None:
        return noticed(path, "price")
    if stock < 0:
        return noticed(path, "number")
    if not visit.db.update(
        "product",
        {"id": number},
        name=name,
        price=price,
        stock=stock,
        enabled=int("enabled" in visit.form),
        description=text,
    ):
        raise NotFound
    return noticed(path, "saved")


@admin.page("/admin/review/product", "review", "product")
def reviews(visit: Visit) -> View:
    """Show reviews, the latest first."""
    insist(visit)
    status = visit.asked("status", "all")
    known = status in STATUSES
    where = "status = ?" if known else "? IS NOT NULL"
    count = visit.db.value(f"SELECT count(*) FROM review WHERE {where}", status)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        "SELECT r.id, r.title, nickname, rating, day, status, p.name FROM review r "
        f"JOIN product p ON p.id = product WHERE {where} "
        "ORDER BY day DESC, r.id DESC LIMIT ? OFFSET ?",
        status,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    cells: list[list[Cell]] = [
        [
            link(shorten(title, 30), f"/admin/review/product/edit/{number}"),
            shorten(who, 25),
            f"{rating} of 5",
            day,
            held,
            shorten(name, 60),
        ]
        for number, title, who, rating, day, held, name in rows
    ]
    options = [("all", "All"), *[(name, name) for name in STATUSES]]
    columns = ["Title", "Nickname", "Rating", "Created", "Status", "Product"]
    return View(
        "Reviews",
        [
            heading(1, "Reviews"),
            p("Status", *choices(visit, "status", options, status)),
            p(f"{plural(count, 'record')} found"),
            grid(columns, cells),
            *pager(visit, page, pages),
        ],
    )


@admin.page("/admin/review/product/edit/<int:number>", "review", "product")
def review(visit: Visit, number: int) -> View:
    """Show a review, to be approved or not."""
    insist(visit)
    row = visit.db.row(
        "SELECT r.title, r.text, nickname, rating, day, status, p.id, p.name "
        "FROM review r JOIN product p ON p.id = product WHERE r.id = ?",
        number,
    )
    if row is None:
        raise NotFound
    title, text, who, rating, day, status, about, name = row
    verbs: list[Content] = [
        button("Approve", name="do", value="Approved"),
        button("Disapprove", name="do", value="Not Approved"),
        button("Delete Review", name="do", value="delete"),
    ]
    content: list[Node] = [
        heading(1, shorten(title, 120)),
        p("Product:", link(shorten(name, 100), f"/admin/catalog/product/edit/{about}")),
        p(f"Rating: {rating} of 5"),
        p(f"Nickname: {shorten(who, 60)}"),
        p(f"Created: {day}"),
        p(f"Status: {status}"),
        *paragraphs(wrap(text)),
        form(f"/admin/review/product/edit/{number}", p(*verbs)),
    ]
    return View("Edit Review", content)


@admin.action("/admin/review/product/edit/<int:number>")
def judge_review(visit: Visit, number: int) -> str:
    """Approve, disapprove or delete a review."""
    insist(visit)
    deed = visit.sent("do")
    if deed == "delete":
        if not visit.db.delete("review", id=number):
            raise NotFound
        return noticed("/admin/review/product", "deleted")
    if deed not in STATUSES or not visit.db.update(
        "review", {"id": number}, status=deed
    ):
        raise NotFound
    return noticed(f"/admin/review/product/edit/{number}", "saved")
