"""Orders and customers in the back office."""

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
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten, wrap
from agentgym_envs.webarena.sites.admin.layout import (
    HOME,
    admin,
    grid,
    insist,
    search_row,
)
from agentgym_envs.webarena.sites.database import escape_like
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import choices, money, pager, plural

PER_PAGE = 15
STATUSES = ("Pending", "Processing", "Complete", "Canceled")
# What an order can become, by what it is.
NEXT = {
    "Pending": (("Processing", "Process"), ("Canceled", "Cancel")),
    "Processing": (("Complete", "Ship"), ("Canceled", "Cancel")),
}


@admin.page(HOME, "orders", "search_term", "account")
def dashboard(visit: Visit) -> View:
    """Show how the shop is doing."""
    insist(visit)
    count, total = visit.db.rows(
        "SELECT count(*), sum(total) FROM orders WHERE status != 'Canceled'"
    )[0]
    last = visit.db.rows(
        "SELECT o.id, first || ' ' || last, total, status FROM orders o "
        "JOIN account a ON a.id = account ORDER BY day DESC, o.id DESC LIMIT 5"
    )
    terms = visit.db.rows(
        "SELECT term, results, uses FROM search_term ORDER BY uses DESC, id LIMIT 5"
    )
    orders: list[list[Cell]] = [
        [link(f"{n:09d}", f"/admin/sales/order/view/{n}"), who, money(sum_), status]
        for n, who, sum_, status in last
    ]
    return View(
        "Dashboard",
        [
            heading(1, "Dashboard"),
            p(f"Lifetime Sales: {money(total or 0)}"),
            p(f"Average Order: {money((total or 0) // max(1, count))}"),
            heading(2, "Last Orders"),
            grid(["Order", "Customer", "Total", "Status"], orders),
            heading(2, "Top Search Terms"),
            grid(
                ["Search Term", "Results", "Uses"],
                [[term, str(results), str(uses)] for term, results, uses in terms],
            ),
        ],
    )


@admin.page("/admin/sales/order", "orders", "account")
def orders(visit: Visit) -> View:
    """Show orders, the latest first."""
    insist(visit)
    status, text = visit.asked("status", "all"), visit.asked("search")
    where, values = "1", []
    if status in STATUSES:
        where, values = "status = ?", [status]
    if text:
        where += " AND (first || ' ' || last LIKE ? ESCAPE '\\' OR email = ?)"
        values += [f"%{escape_like(text)}%", text.lower()]
    joined = "FROM orders o JOIN account a ON a.id = account WHERE"
    count = visit.db.value(f"SELECT count(*) {joined} {where}", *values)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"SELECT o.id, day, first || ' ' || last, total, status {joined} {where} "
        "ORDER BY day DESC, o.id DESC LIMIT ? OFFSET ?",
        *values,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    cells: list[list[Cell]] = [
        [
            link(f"{number:09d}", f"/admin/sales/order/view/{number}"),
            day,
            shorten(who, 40),
            money(total),
            held,
        ]
        for number, day, who, total, held in rows
    ]
    options = [("all", "All"), *[(name, name) for name in STATUSES]]
    return View(
        "Orders",
        [
            heading(1, "Orders"),
            p("Status", *choices(visit, "status", options, status)),
            search_row("/admin/sales/order", text, "Customer name or email"),
            p(f"{plural(count, 'record')} found"),
            grid(
                ["ID", "Purchase Date", "Bill-to Name", "Grand Total", "Status"], cells
            ),
            *pager(visit, page, pages),
        ],
    )


@admin.page(
    "/admin/sales/order/view/<int:number>",
    "orders",
    "order_item",
    "order_comment",
    "account",
)
def order(visit: Visit, number: int) -> View:
    """Show an order."""
    insist(visit)
    row = visit.db.row(
        "SELECT day, status, shipping, total, address, method, a.id, "
        "first || ' ' || last, email FROM orders o JOIN account a ON a.id = account "
        "WHERE o.id = ?",
        number,
    )
    if row is None:
        raise NotFound
    day, status, shipping, total, address, method, customer, who, email = row
    items: list[list[Cell]] = [
        [shorten(name, 60), money(price), str(quantity), money(price * quantity)]
        for name, price, quantity in visit.db.rows(
            "SELECT name, price, quantity FROM order_item WHERE orders = ? ORDER BY id",
            number,
        )
    ]
    content: list[Node] = [
        heading(1, f"Order #{number:09d}"),
        p(f"Order Date: {day}"),
        p(f"Order Status: {status}"),
        p(
            "Customer:",
            link(shorten(who, 60), f"/admin/customer/{customer}"),
            shorten(email, 60),
        ),
        p(f"Shipping Address: {shorten(address, 120)}"),
        p(f"Payment: {method}"),
        heading(2, "Items Ordered"),
        table(["Product", "Price", "Qty", "Subtotal"], items),
        *paragraphs([f"Shipping: {money(shipping)}", f"Grand Total: {money(total)}"]),
    ]
    if status in NEXT:
        verbs: list[Content] = [
            button(verb, name="status", value=new) for new, verb in NEXT[status]
        ]
        content.append(form(f"/admin/sales/order/status/{number}", p(*verbs)))
    content.append(heading(2, "Notes for this Order"))
    for when, text in visit.db.rows(
        "SELECT day, text FROM order_comment WHERE orders = ? ORDER BY id", number
    ):
        content += paragraphs(wrap(f"{when}: {text}"))
    content.append(
        form(
            f"/admin/sales/order/comment/{number}",
            p(
                label("Comment", "comment"),
                field("comment", id="comment"),
                button("Submit Comment"),
            ),
        )
    )
    return View(f"#{number:09d}", content)


@admin.action("/admin/sales/order/status/<int:number>")
def set_status(visit: Visit, number: int) -> str:
    """Take an order a step on, or cancel it."""
    insist(visit)
    status = visit.db.value("SELECT status FROM orders WHERE id = ?", number)
    if status is None:
        raise NotFound
    path, new = f"/admin/sales/order/view/{number}", visit.sent("status")
    if new not in [name for name, _ in NEXT.get(status, ())]:
        return noticed(path, "impossible")
    visit.db.update("orders", {"id": number}, status=new)
    return noticed(path, "canceled" if new == "Canceled" else "saved")


@admin.action("/admin/sales/order/comment/<int:number>")
def comment(visit: Visit, number: int) -> str:
    """Add a comment to an order."""
    insist(visit)
    if not visit.db.value("SELECT 1 FROM orders WHERE id = ?", number):
        raise NotFound
    path, text = f"/admin/sales/order/view/{number}", visit.sent("comment", 1000)
    if not text:
        return noticed(path, "incomplete")
    visit.db.insert(
        "order_comment", orders=number, day=visit.now[:10], text=text, by_customer=0
    )
    return noticed(path, "comment")


@admin.page("/admin/customer", "account", "orders")
def customers(visit: Visit) -> View:
    """Show customers with what they have spent."""
    insist(visit)
    text = visit.asked("search")
    like = f"%{escape_like(text)}%"
    where = (
        "first || ' ' || last LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\'"
        if text
        else "? != ?"
    )
    values = (like, like) if text else ("a", "b")
    count = visit.db.value(f"SELECT count(*) FROM account WHERE {where}", *values)
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        "SELECT id, first || ' ' || last, email, "
        "(SELECT count(*) FROM orders WHERE account = account.id) "
        f"FROM account WHERE {where} ORDER BY id LIMIT ? OFFSET ?",
        *values,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    cells: list[list[Cell]] = [
        [
            str(n),
            link(shorten(who, 40), f"/admin/customer/{n}"),
            shorten(email, 40),
            str(o),
        ]
        for n, who, email, o in rows
    ]
    return View(
        "Customers",
        [
            heading(1, "Customers"),
            search_row("/admin/customer", text),
            p(f"{plural(count, 'record')} found"),
            grid(["ID", "Name", "Email", "Orders"], cells),
            *pager(visit, page, pages),
        ],
    )


@admin.page("/admin/customer/<int:number>", "account", "orders", "address")
def customer(visit: Visit, number: int) -> View:
    """Show a customer."""
    insist(visit)
    row = visit.db.row(
        "SELECT first || ' ' || last, email, newsletter FROM account WHERE id = ?",
        number,
    )
    if row is None:
        raise NotFound
    who, email, newsletter = row
    total = visit.db.value(
        "SELECT sum(total) FROM orders WHERE account = ? AND status != 'Canceled'",
        number,
    )
    content: list[Node] = [
        heading(1, shorten(who, 100)),
        p(f"Email: {shorten(email, 100)}"),
        p(f"Newsletter: {'subscribed' if newsletter else 'not subscribed'}"),
        p(f"Lifetime Sales: {money(total or 0)}"),
        heading(2, "Addresses"),
    ]
    for parts in visit.db.rows(
        "SELECT street, city, region, zip, phone FROM address WHERE account = ? "
        "ORDER BY main DESC, id",
        number,
    ):
        content.append(p(shorten(", ".join(parts), 140)))
    rows = visit.db.rows(
        "SELECT id, day, total, status FROM orders WHERE account = ? "
        "ORDER BY day DESC, id DESC LIMIT 20",
        number,
    )
    cells: list[list[Cell]] = [
        [link(f"{n:09d}", f"/admin/sales/order/view/{n}"), day, money(sum_), status]
        for n, day, sum_, status in rows
    ]
    content += [heading(2, "Orders"), grid(["Order", "Date", "Total", "Status"], cells)]
    return View(who, content)
