"""The cart, the checkout, and what becomes of orders."""

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
    radio,
    table,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten, wrap
from agentgym_envs.webarena.sites.database import Row
from agentgym_envs.webarena.sites.shop.layout import customer, shop
from agentgym_envs.webarena.sites.shop.seed import FREE_FROM, SHIPPING
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit, whole
from agentgym_envs.webarena.sites.widgets import money, pager

MAX_QUANTITY = 10_000
ORDERS_PER_PAGE = 10
METHODS = ("Check / Money order", "Credit card")


def _cart(visit: Visit) -> list[Row]:
    """Number, slug, name, price, quantity, stock and product of what is in the cart."""
    return visit.db.rows(
        "SELECT c.id, p.slug, p.name, p.price, c.quantity, p.stock, p.id FROM cart c "
        "JOIN product p ON p.id = c.product WHERE account = ? ORDER BY c.id",
        visit.account,
    )


def shipping_of(subtotal: int) -> int:
    """Cents that sending costs."""
    return 0 if subtotal >= FREE_FROM else SHIPPING


@shop.page("/checkout/cart", "product")
def cart(visit: Visit) -> View:
    """Show the cart."""
    customer(visit)
    rows = _cart(visit)
    if not rows:
        return View(
            "Shopping Cart",
            [
                heading(1, "Shopping Cart"),
                p("You have no items in your shopping cart."),
                p(link("Continue shopping", "/")),
            ],
        )
    cells: list[list[Cell]] = [
        [
            link(shorten(name, 50), f"/{slug}.html"),
            money(price),
            field(f"qty-{number}", str(quantity), label=f"Qty of {shorten(name, 60)}"),
            money(price * quantity),
            button("Remove item", name="item", value=str(number), action=_REMOVE),
        ]
        for number, slug, name, price, quantity, *_ in rows
    ]
    subtotal = sum(row[3] * row[4] for row in rows)
    return View(
        "Shopping Cart",
        [
            heading(1, "Shopping Cart"),
            form(
                "/checkout/cart/update",
                p(button("Update Shopping Cart")),
                table(["Item", "Price", "Qty", "Subtotal", "Remove"], cells),
            ),
            heading(2, "Summary"),
            *_totals(subtotal),
            p(link("Proceed to Checkout", "/checkout")),
        ],
    )


_REMOVE = "/checkout/cart/remove"


def _totals(subtotal: int) -> list[Node]:
    shipping = shipping_of(subtotal)
    return paragraphs(
        [
            f"Subtotal: {money(subtotal)}",
            f"Shipping (Flat Rate): {money(shipping)}",
            f"Order Total: {money(subtotal + shipping)}",
        ]
    )


@shop.action("/checkout/cart/add")
def add(visit: Visit) -> str:
    """Put a product into the cart."""
    account = customer(visit)
    product = visit.number("product")
    row = visit.db.row(
        "SELECT slug, stock FROM product WHERE id = ? AND enabled", product
    )
    if row is None:
        raise NotFound
    slug, stock = row
    quantity = visit.number("qty", 1)
    return _put(visit, account, product, quantity, f"/{slug}.html", stock)


def _put(
    visit: Visit, account: int, product: int, quantity: int, back: str, stock: int
) -> str:
    held = visit.db.row(
        "SELECT id, quantity FROM cart WHERE account = ? AND product = ?",
        account,
        product,
    )
    total = quantity + (held[1] if held else 0)
    if quantity < 1 or total > stock:
        return noticed(back, "stock")
    if held:
        visit.db.update("cart", {"id": held[0]}, quantity=total)
    else:
        visit.db.insert("cart", account=account, product=product, quantity=quantity)
    return noticed(back, "added")


@shop.action("/checkout/cart/update")
def update(visit: Visit) -> str:
    """Change quantities; none removes a product."""
    customer(visit)
    rows = _cart(visit)
    wanted = {
        row[0]: whole(visit.form.get(f"qty-{row[0]}", ""), row[4]) for row in rows
    }
    if any(wanted[row[0]] > row[5] or wanted[row[0]] < 0 for row in rows):
        return noticed("/checkout/cart", "stock")
    for number, *_, quantity, _, _ in rows:
        if wanted[number] == 0:
            visit.db.delete("cart", id=number)
        elif wanted[number] != quantity:
            visit.db.update("cart", {"id": number}, quantity=wanted[number])
    return noticed("/checkout/cart", "updated")


@shop.action(_REMOVE)
def remove(visit: Visit) -> str:
    """Take a product out of the cart."""
    visit.db.delete("cart", id=visit.number("item"), account=customer(visit))
    return noticed("/checkout/cart", "removed")


@shop.page("/checkout", "product", "address")
def checkout(visit: Visit) -> View:
    """Ask where to send the order and how it is paid."""
    account = customer(visit)
    rows = _cart(visit)
    if not rows:
        return View("Checkout", [heading(1, "Checkout"), p("Your cart is empty.")])
    addresses = visit.db.rows(
        "SELECT id, name, street, city, region, zip FROM address WHERE account = ? "
        "ORDER BY main DESC, id",
        account,
    )
    if not addresses:
        new = link("Add New Address", "/customer/address/new")
        return View("Checkout", [heading(1, "Checkout"), p("No address yet.", new)])
    places = [
        p(
            radio("address", str(number), on=not place, id=f"address-{number}"),
            label(shorten(", ".join(parts), 120), f"address-{number}"),
        )
        for place, (number, *parts) in enumerate(addresses)
    ]
    methods = [
        p(radio("method", str(i), on=not i, id=f"method-{i}"), label(m, f"method-{i}"))
        for i, m in enumerate(METHODS)
    ]
    items: list[list[Cell]] = [
        [shorten(name, 60), str(quantity), money(price * quantity)]
        for _, _, name, price, quantity, *_ in rows
    ]
    # The tree does not tell what labels of boxes say, so texts repeat them.
    told = [p(shorten(", ".join(parts), 120)) for _, *parts in addresses]
    return View(
        "Checkout",
        [
            heading(1, "Checkout"),
            form(
                "/checkout/place",
                heading(2, "Shipping Address"),
                *told,
                *places,
                heading(2, "Payment Method"),
                *methods,
                heading(2, "Order Summary"),
                table(["Item", "Qty", "Subtotal"], items),
                *_totals(sum(row[3] * row[4] for row in rows)),
                p(button("Place Order")),
            ),
        ],
    )


@shop.action("/checkout/place")
def place(visit: Visit) -> str:
    """Turn the cart into an order."""
    account = customer(visit)
    rows = _cart(visit)
    if not rows:
        return noticed("/checkout/cart", "empty")
    address = visit.db.row(
        "SELECT name, street, city, region || ' ' || zip FROM address "
        "WHERE id = ? AND account = ?",
        visit.number("address"),
        account,
    )
    method = visit.number("method", -1)
    if address is None or method not in (0, 1):
        return noticed("/checkout", "incomplete")
    if any(row[4] > row[5] for row in rows):
        return noticed("/checkout/cart", "stock")
    subtotal = sum(row[3] * row[4] for row in rows)
    shipping = shipping_of(subtotal)
    number = visit.db.insert(
        "orders",
        account=account,
        day=visit.now[:10],
        status="Pending",
        shipping=shipping,
        total=subtotal + shipping,
        address=", ".join(address),
        method=METHODS[method],
    )
    for _, _, name, price, quantity, stock, product in rows:
        visit.db.insert(
            "order_item",
            orders=number,
            product=product,
            name=name,
            price=price,
            quantity=quantity,
        )
        visit.db.update("product", {"id": product}, stock=stock - quantity)
    visit.db.delete("cart", account=account)
    return "/checkout/onepage/success"


@shop.page("/checkout/onepage/success", "orders")
def success(visit: Visit) -> View:
    """Thank for the last order."""
    number = visit.db.value(
        "SELECT max(id) FROM orders WHERE account = ?", customer(visit)
    )
    if number is None:
        raise NotFound
    row = p("Your order number is:", link(f"{number:09d}", order_path(number)))
    title = "Thank you for your purchase!"
    content = [heading(1, title), row, p(link("Continue Shopping", "/"))]
    return View("Success Page", content)


def order_path(number: int) -> str:
    """Give the address of an order's page."""
    return f"/sales/order/view/order_id/{number}"


def order_table(rows: list[Row]) -> Node:
    """Orders, each with a link to its page."""
    return table(
        ["Order #", "Date", "Order Total", "Status", "Action"],
        [
            [
                f"{number:09d}",
                day,
                money(total),
                status,
                link("View Order", _view(number)),
            ]
            for number, day, total, status in rows
        ],
    )


_view = order_path


@shop.page("/sales/order/history", "orders")
def history(visit: Visit) -> View:
    """Show the customer's orders, the latest first."""
    account = customer(visit)
    count = visit.db.value("SELECT count(*) FROM orders WHERE account = ?", account)
    page, pages = visit.page_number(count, ORDERS_PER_PAGE)
    rows = visit.db.rows(
        "SELECT id, day, total, status FROM orders WHERE account = ? "
        "ORDER BY day DESC, id DESC LIMIT ? OFFSET ?",
        account,
        ORDERS_PER_PAGE,
        (page - 1) * ORDERS_PER_PAGE,
    )
    content: list[Node] = [heading(1, "My Orders")]
    if rows:
        content += [p(f"{count} orders"), order_table(rows), *pager(visit, page, pages)]
    else:
        content.append(p("You have placed no orders."))
    return View("My Orders", content)


@shop.page(
    "/sales/order/view/order_id/<int:number>", "orders", "order_item", "order_comment"
)
def order(visit: Visit, number: int) -> View:
    """Show an order of the customer."""
    row = visit.db.row(
        "SELECT day, status, shipping, total, address, method FROM orders "
        "WHERE id = ? AND account = ?",
        number,
        customer(visit),
    )
    if row is None:
        raise NotFound
    day, status, shipping, total, address, method = row
    items: list[list[Cell]] = [
        [shorten(name, 60), money(price), str(quantity), money(price * quantity)]
        for name, price, quantity in visit.db.rows(
            "SELECT name, price, quantity FROM order_item WHERE orders = ? ORDER BY id",
            number,
        )
    ]
    comments = visit.db.rows(
        "SELECT day, text FROM order_comment WHERE orders = ? ORDER BY id", number
    )
    content: list[Node] = [
        heading(1, f"Order # {number:09d}"),
        p(f"Status: {status}"),
        p(f"Order Date: {day}"),
        heading(2, "Items Ordered"),
        table(["Product Name", "Price", "Qty", "Subtotal"], items),
        *paragraphs(
            [
                f"Subtotal: {money(total - shipping)}",
                f"Shipping & Handling: {money(shipping)}",
                f"Grand Total: {money(total)}",
            ]
        ),
        heading(2, "Order Information"),
        p(f"Shipping Address: {shorten(address, 120)}"),
        p(f"Payment Method: {method}"),
    ]
    if comments:
        content.append(heading(2, "Comments"))
        for when, text in comments:
            content += paragraphs(wrap(f"{when}: {text}"))
    content.append(
        form(f"/sales/order/reorder/order_id/{number}", p(button("Reorder")))
    )
    if status == "Pending":
        content.append(
            form(f"/sales/order/cancel/order_id/{number}", p(button("Cancel Order")))
        )
    return View(f"Order # {number:09d}", content)


@shop.action("/sales/order/cancel/order_id/<int:number>")
def cancel(visit: Visit, number: int) -> str:
    """Cancel an order that nothing has happened to yet."""
    mine = {"id": number, "account": customer(visit), "status": "Pending"}
    if not visit.db.update("orders", mine, status="Canceled"):
        raise NotFound
    return noticed(order_path(number), "canceled")


@shop.action("/sales/order/reorder/order_id/<int:number>")
def reorder(visit: Visit, number: int) -> str:
    """Put all that was ordered into the cart again."""
    account = customer(visit)
    rows = visit.db.rows(
        "SELECT p.id, quantity, stock FROM order_item i JOIN orders o ON o.id = orders "
        "JOIN product p ON p.id = product WHERE orders = ? AND account = ? "
        "ORDER BY i.id",
        number,
        account,
    )
    if not rows:
        raise NotFound
    for product, quantity, stock in rows:
        _put(visit, account, product, quantity, "/checkout/cart", stock)
    return noticed("/checkout/cart", "reordered")
