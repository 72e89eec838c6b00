"""Tasks in the shop, for a customer who is signed in."""

from __future__ import annotations

from collections.abc import Iterator

from agentgym_envs.webarena.pages.nodes import shorten
from agentgym_envs.webarena.sites.database import Database, Row
from agentgym_envs.webarena.sites.people import FIRST, LAST
from agentgym_envs.webarena.sites.shop.catalogue import STARS
from agentgym_envs.webarena.sites.shop.checkout import (
    METHODS,
    ORDERS_PER_PAGE,
    shipping_of,
)
from agentgym_envs.webarena.sites.shop.seed import EMMA, TEMPLATE
from agentgym_envs.webarena.sites.widgets import money
from agentgym_envs.webarena.steps import (
    Steps,
    click,
    pick,
    press_button,
    rewrite,
    stop,
    write,
)
from agentgym_envs.webarena.tasks.item import (
    CHANGE,
    NAVIGATE,
    NOT_ALLOWED,
    NOT_FOUND,
    SEEK,
    SHOP,
    Deeds,
    Instance,
    alternate,
    distinct,
    found,
    opened,
    template,
)


def products(db: Database, remainder: int, columns: str, where: str = "1") -> list[Row]:
    """Some products that can be bought, other ones for each remainder of 67."""
    return db.rows(
        f"SELECT {columns} FROM product p WHERE enabled AND stock > 5 "
        f"AND id % 67 = ? AND ({where}) ORDER BY id",
        remainder,
    )


def to_product(name: str) -> Steps:
    """Search for a product and open its page."""
    return write("Search", name, enter=True), click(shorten(name, 60))


def _orders(db: Database) -> list[tuple[int, Row]]:
    """The customer's orders, each with the page of the list that it is on."""
    rows = db.rows(
        "SELECT id, day, status, total FROM orders WHERE account = ? "
        "ORDER BY day DESC, id DESC",
        EMMA,
    )
    return [(place // ORDERS_PER_PAGE, row) for place, row in enumerate(rows)]


def _to_orders(page: int) -> Steps:
    return click("My Orders"), *[click("Next")] * page


def _to_order(page: int, number: int) -> Steps:
    return *_to_orders(page), click("View Order", within=f"{number:09d}")


@template(SEEK, "shopping")
def order_total() -> Iterator[Instance]:
    """Ask what an order cost."""
    rows = [(page, *row) for page, row in _orders(TEMPLATE.open())]
    for page, number, _, _, total in distinct(rows[::2], 4):
        yield found(
            f"What was the grand total of my order {number:09d}? "
            "Answer with the amount, for example $12.50.",
            money(total),
            *_to_order(page, number),
        )


@template(SEEK, "shopping", test=True)
def order_day() -> Iterator[Instance]:
    """Ask when something was ordered."""
    rows = [(page, *row) for page, row in _orders(TEMPLATE.open())]
    for page, number, day, *_ in distinct(rows[1::2], 2):
        yield found(
            f"On which day did I place order {number:09d}? "
            "Answer with the date, for example 2022-01-31.",
            day,
            *_to_orders(page),
        )


@template(SEEK, "shopping")
def order_items() -> Iterator[Instance]:
    """Ask what the dearest thing of an order was."""
    db = TEMPLATE.open()
    rows = [
        (page, row[0], items[0][0])
        for page, row in _orders(db)
        if len(
            items := db.rows(
                "SELECT name, price FROM order_item WHERE orders = ? "
                "ORDER BY price DESC, id",
                row[0],
            )
        )
        > 1
        and items[0][1] > items[1][1]
        and len(items[0][0]) <= 60
    ]
    for page, number, name in distinct(rows, 2):
        yield found(
            "Which product of my order "
            f"{number:09d} has the highest unit price? Answer with its name.",
            name,
            *_to_order(page, number),
        )


@template(SEEK, "shopping")
def spent_in_month() -> Iterator[Instance]:
    """Ask for the sum of a month's orders."""
    orders = _orders(TEMPLATE.open())
    months = sorted({row[1][:7] for _, row in orders})
    rows = []
    for month in months:
        of_month = [(page, row) for page, row in orders if row[1][:7] == month]
        total = sum(row[3] for _, row in of_month if row[2] != "Canceled")
        if total:
            rows.append((month, total, max(page for page, _ in of_month)))
    for month, total, page in distinct(rows, 1):
        yield found(
            f"How much did I spend in {month} on orders that were not canceled, "
            "shipping included? Answer with the amount, for example $12.50.",
            money(total),
            *_to_orders(page),
        )


@template(SEEK, "shopping")
def price_of_product() -> Iterator[Instance]:
    """Ask what something costs."""
    for name, price in distinct(products(TEMPLATE.open(), 3, "name, price"), 1):
        yield found(
            f"What does the {name} cost? "
            "Answer with the price of one, for example $12.50.",
            money(price),
            *to_product(name),
        )


@template(SEEK, "shopping", test=True)
def latest_reviewer() -> Iterator[Instance]:
    """Ask who reviewed something last."""
    rows = TEMPLATE.open().rows(
        "SELECT name, (SELECT nickname FROM review WHERE product = p.id "
        "AND status = 'Approved' ORDER BY day DESC, id DESC LIMIT 1) AS who, "
        "(SELECT count(DISTINCT day) FROM review WHERE product = p.id "
        "AND status = 'Approved') AS days FROM product p "
        "WHERE enabled AND id % 11 = 4 AND days > 1 ORDER BY id"
    )
    for name, who, _ in distinct(rows, 1):
        yield found(
            f"Who wrote the latest review of the {name}? "
            "Answer with the nickname as it stands there.",
            who,
            *to_product(name),
        )


@template(SEEK, "shopping")
def missing_product() -> Iterator[Instance]:
    """Ask for the price of something that the shop may not have."""
    db = TEMPLATE.open()
    intent = "What does the {} cost? Answer with the price of one, for example $12.50."
    missing = (
        "Sundale Walnut Grandfather Clock",
        "Brightmoor Inflatable Canoe, Bundle",
        "Corvale Telescope Dome",
        "Juniper&Co Beekeeping Suit, Sampler",
    )
    assert not any(db.rows("SELECT 1 FROM product WHERE name = ?", n) for n in missing)
    yield from alternate(
        [
            found(intent.format(name), NOT_FOUND, write("Search", name, enter=True))
            for name in missing
        ],
        [
            found(intent.format(name), money(price), *to_product(name))
            for name, price in distinct(products(db, 40, "name, price"), 1)
        ],
    )


def _categories(remainder: int) -> list[Row]:
    return TEMPLATE.open().rows(
        "SELECT c.slug, c.name, a.name FROM category c JOIN category a "
        "ON a.id = c.parent WHERE c.id % 3 = ? ORDER BY c.id",
        remainder,
    )


@template(NAVIGATE, "shopping")
def cheapest_first() -> Iterator[Instance]:
    """Ask for a category in the order of prices."""
    for slug, name, above in _categories(1):
        yield opened(
            f"Show me all products of the category {name}, the cheapest first.",
            f"{SHOP}/{slug}.html?product_list_order=price",
            click(above),
            click(name),
            click("Price"),
        )


@template(NAVIGATE, "shopping", test=True)
def within_budget() -> Iterator[Instance]:
    """Ask for the products of a category in a span of prices."""
    db = TEMPLATE.open()
    for slug, name, above in _categories(2):
        prices = [
            price
            for (price,) in db.rows(
                "SELECT price FROM product WHERE enabled AND category = "
                "(SELECT id FROM category WHERE slug = ?) ORDER BY price",
                slug,
            )
        ]
        low, high = prices[len(prices) // 4] // 100, prices[-3] // 100 + 1
        yield opened(
            f"Show me the products of the category {name} that cost "
            f"between {low} and {high} dollars, using the shop's price filter.",
            f"{SHOP}/{slug}.html?from={low}&to={high}",
            click(above),
            click(name),
            write("Price from", str(low)),
            write("to", str(high)),
            press_button("Filter"),
        )


@template(NAVIGATE, "shopping")
def order_with_product() -> Iterator[Instance]:
    """Ask for the order that something came with."""
    db = TEMPLATE.open()
    for page, (number, *_) in _orders(db)[::3]:
        name = db.value(
            "SELECT name FROM order_item WHERE orders = ? AND product NOT IN ("
            "SELECT product FROM order_item JOIN orders ON orders.id = orders "
            "WHERE account = ? AND orders != ?) ORDER BY id",
            number,
            EMMA,
            number,
        )
        if name is not None:
            yield opened(
                f"Open the page of my order that contains the {name}.",
                f"{SHOP}/sales/order/view/order_id/{number}",
                *_to_order(page, number),
            )


@template(NAVIGATE, "shopping")
def product_by_number() -> Iterator[Instance]:
    """Ask for the product with a number."""
    for slug, sku, name in products(TEMPLATE.open(), 8, "slug, sku, name"):
        yield opened(
            f"Open the page of the product with the SKU {sku}.",
            f"{SHOP}/{slug}.html",
            write("Search", sku, enter=True),
            click(shorten(name, 60)),
        )


@template(CHANGE, "shopping")
def wish_for_product() -> Iterator[Instance]:
    """Ask for something on the wish list."""
    db = TEMPLATE.open()
    where = f"id NOT IN (SELECT product FROM wish WHERE account = {EMMA})"
    for number, name in products(db, 11, "id, name", where):
        yield Instance(
            f"Add the {name} to my wish list.",
            Deeds(db, "shopping").insert("wish", account=EMMA, product=number).check(),
            (*to_product(name), press_button("Add to Wish List"), stop()),
        )


@template(CHANGE, "shopping")
def several_into_cart() -> Iterator[Instance]:
    """Ask for some of a product in the cart."""
    db = TEMPLATE.open()
    for number, name in products(db, 14, "id, name"):
        count = 2 + number % 4
        yield Instance(
            f"Put {count} pieces of the {name} into my shopping cart.",
            Deeds(db, "shopping")
            .insert("cart", account=EMMA, product=number, quantity=count)
            .check(),
            (
                *to_product(name),
                *rewrite("Qty", str(count)),
                press_button("Add to Cart"),
                stop(),
            ),
        )


@template(CHANGE, "shopping", test=True)
def buy_product() -> Iterator[Instance]:
    """Ask for an order."""
    db = TEMPLATE.open()
    for number, name, price, stock in products(db, 21, "id, name, price, stock"):
        way = number % 2
        shipping = shipping_of(price)
        yield Instance(
            f"Buy one {name}, sent to my default address and paid by "
            f"{METHODS[way]}. My cart is empty.",
            Deeds(db, "shopping")
            .insert(
                "orders",
                account=EMMA,
                status="Pending",
                shipping=shipping,
                total=price + shipping,
                address=_default_address(db),
                method=METHODS[way],
            )
            .insert("order_item", product=number, name=name, price=price, quantity=1)
            .update("product", number, stock=stock - 1)
            .check(),
            (
                *to_product(name),
                press_button("Add to Cart"),
                click("My Cart (1)"),
                click("Proceed to Checkout"),
                *([click(METHODS[way], "radio")] if way else []),
                press_button("Place Order"),
                stop(),
            ),
        )


def _default_address(db: Database) -> str:
    return ", ".join(
        db.rows(
            "SELECT name, street, city, region || ' ' || zip FROM address "
            "WHERE account = ? AND main",
            EMMA,
        )[0]
    )


@template(CHANGE, "shopping")
def review_product() -> Iterator[Instance]:
    """Ask for a review."""
    db = TEMPLATE.open()
    titles = ("Does what it should", "Not for me", "Better than expected")
    texts = ("Arrived in time and well packed.", "I would choose another size.")
    for place, (number, name) in enumerate(products(db, 29, "id, name")):
        stars = 1 + place % 5
        title, text = titles[place % 3], texts[place % 2]
        nickname = f"Emma from {('Albany', 'Boulder')[place % 2]}"
        yield Instance(
            f'Review the {name}: {STARS[stars - 1]}, nickname "{nickname}", '
            f'summary "{title}", review "{text}"',
            Deeds(db, "shopping")
            .insert(
                "review",
                product=number,
                account=EMMA,
                nickname=nickname,
                rating=stars,
                title=title,
                text=text,
                status="Pending",
            )
            .check(),
            (
                *to_product(name),
                pick("Rating", STARS[stars - 1]),
                write("Nickname", nickname),
                write("Summary", title),
                write("Review", text),
                press_button("Submit Review"),
                stop(),
            ),
        )


@template(CHANGE, "shopping")
def subscribe_friend() -> Iterator[Instance]:
    """Ask for a newsletter."""
    db = TEMPLATE.open()
    for first, last in zip(FIRST[::5], LAST[::5], strict=True):
        email = f"{first}.{last}@example.net".lower()
        yield Instance(
            f"Sign the address {email} up for the shop's newsletter.",
            Deeds(db, "shopping").insert("subscriber", email=email).check(),
            (
                write("Sign Up for Our Newsletter:", email),
                press_button("Subscribe"),
                stop(),
            ),
        )


@template(CHANGE, "shopping", test=True)
def change_phone() -> Iterator[Instance]:
    """Ask for another phone number of an address."""
    db = TEMPLATE.open()
    main, other = db.rows(
        "SELECT id, street FROM address WHERE account = ? ORDER BY main DESC, id", EMMA
    )
    for place in range(8):
        number, street = (main, other)[place % 2]
        phone = f"555-{311 + 37 * place}-{2040 + 613 * place}"
        yield Instance(
            f"Change the phone number of my address in {street} to {phone}.",
            Deeds(db, "shopping").update("address", number, phone=phone).check(),
            (
                click("My Account"),
                click("Manage Addresses"),
                click("Edit", within=street),
                *rewrite("Phone Number", phone),
                press_button("Save Address"),
                stop(),
            ),
        )


@template(CHANGE, "shopping")
def write_to_shop() -> Iterator[Instance]:
    """Ask for a letter about an order."""
    db = TEMPLATE.open()
    told = ("The parcel was damaged.", "One piece is missing.", "I need an invoice.")
    for place, (_, (number, *_)) in enumerate(_orders(db)[:8]):
        text = f"About order {number:09d}: {told[place % 3]}"
        yield Instance(
            f'Write to the shop by its contact form, with no phone number: "{text}"',
            Deeds(db, "shopping")
            .insert(
                "message",
                name="Emma Lopez",
                email="emma.lopez@gmail.com",
                phone="",
                text=text,
            )
            .check(),
            (
                click("Contact Us"),
                write("What's on your mind?", text),
                press_button("Submit"),
                stop(),
            ),
        )


@template(CHANGE, "shopping")
def cancel_sent_order() -> Iterator[Instance]:
    """Ask to cancel an order that has been sent."""
    for page, (number, _, status, _) in _orders(TEMPLATE.open()):
        if status == "Complete":
            yield found(
                f"Cancel my order {number:09d}.", NOT_ALLOWED, *_to_order(page, number)
            )
