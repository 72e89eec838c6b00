"""Reports over any span of time."""

from __future__ import annotations

import re

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    label,
    p,
    select,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten
from agentgym_envs.webarena.sites.admin.layout import admin, grid, insist
from agentgym_envs.webarena.sites.site import View, Visit
from agentgym_envs.webarena.sites.widgets import money

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PERIODS = (("day", "Day"), ("month", "Month"), ("year", "Year"))
LENGTHS = {"day": 10, "month": 7, "year": 4}  # of the part of a day that tells it
FROM, TO = "2022-01-01", "2023-12-31"


def _span(visit: Visit) -> tuple[str, str]:
    first, last = visit.asked("from", FROM), visit.asked("to", TO)
    return (
        first if DAY.fullmatch(first) else FROM,
        last if DAY.fullmatch(last) else TO,
    )


def _ask(path: str, first: str, last: str, *more: Node) -> Node:
    return form(
        path,
        *more,
        p(label("From (YYYY-MM-DD)", "from"), field("from", first, id="from")),
        p(label("To (YYYY-MM-DD)", "to"), field("to", last, id="to")),
        p(button("Show Report")),
        method="get",
    )


@admin.page("/admin/reports/sales", "orders", "order_item")
def sales(visit: Visit) -> View:
    """Show orders and sales by period; canceled orders don't count."""
    insist(visit)
    first, last = _span(visit)
    period = visit.asked("period", "month")
    period = period if period in LENGTHS else "month"
    rows = visit.db.rows(
        "SELECT substr(day, 1, ?) AS time, count(*), sum(total), sum("
        "(SELECT sum(quantity) FROM order_item WHERE orders = orders.id)) "
        "FROM orders WHERE status != 'Canceled' AND day BETWEEN ? AND ? "
        "GROUP BY time ORDER BY time LIMIT 100",
        LENGTHS[period],
        first,
        last,
    )
    cells: list[list[Cell]] = [
        [time, str(count), str(items), money(total)]
        for time, count, total, items in rows
    ]
    choice = p(
        label("Period", "period"), select("period", PERIODS, period, id="period")
    )
    count = sum(row[1] for row in rows)
    total = sum(row[2] for row in rows)
    return View(
        "Orders Report",
        [
            heading(1, "Orders Report"),
            _ask("/admin/reports/sales", first, last, choice),
            p(f"By {period}, from {first} to {last}"),
            grid(["Interval", "Orders", "Sales Items", "Sales Total"], cells),
            p(f"Total: {count} orders, {money(total)}"),
        ],
    )


@admin.page("/admin/reports/bestsellers", "orders", "order_item")
def bestsellers(visit: Visit) -> View:
    """Show what was sold most."""
    insist(visit)
    first, last = _span(visit)
    rows = visit.db.rows(
        "SELECT name, price, sum(quantity) AS sold FROM order_item "
        "JOIN orders ON orders.id = orders WHERE status != 'Canceled' "
        "AND day BETWEEN ? AND ? GROUP BY product, name, price "
        "ORDER BY sold DESC, product, name LIMIT 15",
        first,
        last,
    )
    cells: list[list[Cell]] = [
        [shorten(name, 70), money(price), str(sold)] for name, price, sold in rows
    ]
    return View(
        "Bestsellers Report",
        [
            heading(1, "Bestsellers Report"),
            _ask("/admin/reports/bestsellers", first, last),
            p(f"From {first} to {last}"),
            grid(["Product", "Price", "Order Quantity"], cells),
        ],
    )
