"""Tasks in the shop's back office."""

from __future__ import annotations

from collections.abc import Iterator

from agentgym_envs.webarena.pages.nodes import shorten
from agentgym_envs.webarena.sites.shop.seed import TEMPLATE
from agentgym_envs.webarena.sites.widgets import money
from agentgym_envs.webarena.steps import click, press_button, rewrite, stop, write
from agentgym_envs.webarena.tasks.item import (
    ADMIN,
    CHANGE,
    NAVIGATE,
    SEEK,
    Deeds,
    Instance,
    distinct,
    found,
    opened,
    template,
)
from agentgym_envs.webarena.tasks.shop import products

# The back office works on the tables of the shop.
TABLES = "shopping"


@template(SEEK, "shopping_admin")
def sales_of_month() -> Iterator[Instance]:
    """Ask what was sold in a month."""
    rows = TEMPLATE.open().rows(
        "SELECT substr(day, 1, 7) AS month, sum(total) FROM orders "
        "WHERE status != 'Canceled' GROUP BY month ORDER BY month"
    )
    for month, total in distinct(rows[2:], 1):
        yield found(
            f"What is the sales total of {month} in the orders report? "
            "Answer with the amount, for example $1,234.50.",
            money(total),
            click("Sales Report"),
        )


@template(SEEK, "shopping_admin", test=True)
def lifetime_sales() -> Iterator[Instance]:
    """Ask what a customer has spent."""
    rows = TEMPLATE.open().rows(
        "SELECT first || ' ' || last, (SELECT sum(total) FROM orders "
        "WHERE account = account.id AND status != 'Canceled') AS spent FROM account "
        "WHERE id % 4 = 2 AND spent ORDER BY id"
    )
    for name, spent in distinct(rows, 1):
        yield found(
            f"What are the lifetime sales of the customer {name}? "
            "Answer with the amount, for example $1,234.50.",
            money(spent),
            click("Customers"),
            write("Search by keyword", name, enter=True),
            click(name),
        )


@template(NAVIGATE, "shopping_admin")
def page_of_order() -> Iterator[Instance]:
    """Ask for the only order of a customer in some state."""
    rows = TEMPLATE.open().rows(
        "SELECT first || ' ' || last, email, max(orders.id) FROM orders "
        "JOIN account ON account.id = account WHERE status = 'Canceled' "
        "GROUP BY account HAVING count(*) = 1 ORDER BY account"
    )
    for name, email, number in rows:
        yield opened(
            f"Open the canceled order of the customer {name} in the back office.",
            f"{ADMIN}/sales/order/view/{number}",
            click("Orders"),
            click("Canceled"),
            write("Customer name or email", email, enter=True),
            click(f"{number:09d}"),
        )


@template(NAVIGATE, "shopping_admin", test=True)
def page_of_product() -> Iterator[Instance]:
    """Ask for the form of a product."""
    for number, sku, name in products(TEMPLATE.open(), 33, "id, sku, name"):
        yield opened(
            f"Open the page on which the product {sku} is edited.",
            f"{ADMIN}/catalog/product/edit/{number}",
            click("Products"),
            write("Search by keyword", sku, enter=True),
            click(shorten(name, 60)),
        )


@template(CHANGE, "shopping_admin")
def set_stock() -> Iterator[Instance]:
    """Ask for another number of pieces in stock."""
    db = TEMPLATE.open()
    for number, sku, name in products(db, 38, "id, sku, name"):
        count = 300 + number % 90
        yield Instance(
            f"Set the quantity in stock of the product {sku} to {count}.",
            Deeds(db, TABLES).update("product", number, stock=count).check(),
            (
                click("Products"),
                write("Search by keyword", sku, enter=True),
                click(shorten(name, 60)),
                *rewrite("Quantity", str(count)),
                press_button("Save"),
                stop(),
            ),
        )


@template(CHANGE, "shopping_admin", test=True)
def judge_review() -> Iterator[Instance]:
    """Ask to approve what waits for it."""
    db = TEMPLATE.open()
    rows = db.rows(
        "SELECT r.id, nickname, title, name FROM review r JOIN product p "
        "ON p.id = product WHERE status = 'Pending' ORDER BY day DESC, r.id DESC "
        "LIMIT 15"
    )
    names = [row[3] for row in rows]
    for number, nickname, title, name in rows:
        if names.count(name) == 1:
            yield Instance(
                f"Approve the pending review of {nickname} on the {name}.",
                Deeds(db, TABLES).update("review", number, status="Approved").check(),
                (
                    click("Reviews"),
                    click("Pending"),
                    click(shorten(title, 30), within=shorten(name, 60)),
                    press_button("Approve"),
                    stop(),
                ),
            )


@template(CHANGE, "shopping_admin")
def new_coupon() -> Iterator[Instance]:
    """Ask for a price rule."""
    db = TEMPLATE.open()
    seasons = ("Spring", "Summer", "Autumn", "Winter")
    for place in range(8):
        season = seasons[place % 4]
        name = f"{season} {'sale' if place < 4 else 'clearance'}"
        code, percent = f"{season.upper()}{place + 3}", 10 + 5 * place
        yield Instance(
            f'Make an active cart price rule "{name}" with the coupon code {code} '
            f"and a discount of {percent} percent.",
            Deeds(db, TABLES)
            .insert("rule", name=name, coupon=code, percent=percent, active=1)
            .check(),
            (
                click("Cart Price Rules"),
                click("Add New Rule"),
                write("Rule Name", name),
                write("Coupon Code", code),
                write("Discount Amount (percent)", str(percent)),
                press_button("Save"),
                stop(),
            ),
        )
