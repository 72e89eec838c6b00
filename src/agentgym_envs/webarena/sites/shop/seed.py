"""The shop's database at the start of every episode."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random
from sqlite3 import Connection

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.webarena.sites.database import Row, Template, fill
from agentgym_envs.webarena.sites.people import CITIES, FIRST, LAST, STREETS
from agentgym_envs.webarena.sites.shop.words import (
    BRANDS,
    CATALOGUE,
    CLOSINGS,
    CONTEXTS,
    OPENINGS,
    VERDICTS,
    Kind,
)

SEED = 20230612
PER_KIND = 19  # products of a subcategory
CUSTOMERS = 40
ORDERS = 300
FIRST_DAY = date(2022, 1, 3)
LAST_DAY = date(2023, 6, 10)
EMMA = 1  # the account that agents are signed in as
EMMA_SESSION = "session-emma"
ADMIN_SESSION = "session-admin"
SHIPPING = 500  # cents per order
FREE_FROM = 10_000  # cents, from which shipping costs nothing

SCHEMA = """
CREATE TABLE account (id INTEGER PRIMARY KEY, email TEXT UNIQUE, password TEXT,
  first TEXT, last TEXT, newsletter INT);
CREATE TABLE session (token TEXT PRIMARY KEY, account INT);
CREATE TABLE category (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, name TEXT,
  parent INT);
CREATE TABLE product (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, sku TEXT UNIQUE,
  name TEXT, brand TEXT, category INT, price INT, stock INT, enabled INT,
  description TEXT);
CREATE INDEX product_category ON product (category);
CREATE TABLE review (id INTEGER PRIMARY KEY, product INT, account INT, nickname TEXT,
  rating INT, title TEXT, text TEXT, day TEXT, status TEXT);
CREATE INDEX review_product ON review (product);
CREATE TABLE cart (id INTEGER PRIMARY KEY, account INT, product INT, quantity INT);
CREATE TABLE wish (id INTEGER PRIMARY KEY, account INT, product INT);
CREATE TABLE address (id INTEGER PRIMARY KEY, account INT, name TEXT, street TEXT,
  city TEXT, region TEXT, zip TEXT, phone TEXT, main INT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, account INT, day TEXT, status TEXT,
  shipping INT, total INT, address TEXT, method TEXT);
CREATE INDEX orders_account ON orders (account);
CREATE TABLE order_item (id INTEGER PRIMARY KEY, orders INT, product INT, name TEXT,
  price INT, quantity INT);
CREATE INDEX order_item_orders ON order_item (orders);
CREATE TABLE order_comment (id INTEGER PRIMARY KEY, orders INT, day TEXT, text TEXT,
  by_customer INT);
CREATE TABLE message (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT,
  text TEXT, time TEXT);
CREATE TABLE subscriber (email TEXT PRIMARY KEY);
CREATE TABLE admin (id INTEGER PRIMARY KEY, name TEXT UNIQUE, password TEXT);
CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT, coupon TEXT, percent INT,
  active INT);
CREATE TABLE cms_page (id INTEGER PRIMARY KEY, path TEXT UNIQUE, title TEXT,
  content TEXT, active INT);
CREATE TABLE search_term (id INTEGER PRIMARY KEY, term TEXT, results INT, uses INT);
"""


def slug_of(text: str) -> str:
    """Write a name as part of an address."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def _day(rng: Random) -> str:
    span = (LAST_DAY - FIRST_DAY).days
    return (FIRST_DAY + timedelta(days=between(rng, 0, span))).isoformat()


def build(connection: Connection) -> None:
    """Fill an empty database."""
    connection.executescript(SCHEMA)
    rng = Random(SEED)
    products, kinds = _products(rng, connection)
    people = _people(rng, connection)
    _reviews(rng, connection, products, kinds, people)
    _orders(rng, connection, products, people)
    _office(rng, connection)
    wishes = sample(rng, products, 5)
    fill(
        connection,
        "wish",
        [(number, EMMA, row[0]) for number, row in enumerate(wishes, 1)],
    )


def _office(rng: Random, connection: Connection) -> None:
    """What only the admin sees."""
    fill(connection, "admin", [(1, "admin", "admin1234")])
    fill(
        connection,
        "rule",
        [
            (1, "Welcome 10% off the first order", "WELCOME10", 10, 1),
            (2, "Spring sale", "SPRING23", 20, 0),
            (3, "Staff discount", "STAFF", 30, 1),
            (4, "Back to school", "SCHOOL15", 15, 0),
        ],
    )
    fill(
        connection,
        "cms_page",
        [
            (
                1,
                "about-us",
                "About us",
                "We are a small shop with a big store room.",
                1,
            ),
            (2, "privacy-policy", "Privacy Policy", "We keep what an order needs.", 1),
            (3, "shipping", "Shipping", "Orders from $100 are sent free of charge.", 1),
            (4, "jobs", "Jobs", "There are no open positions.", 0),
        ],
    )
    terms = [
        kind.nouns.split(", ")[0].lower()
        for kinds in CATALOGUE.values()
        for kind in kinds
    ]
    rows = [
        (number, term, between(rng, 3, 40), int(300 * rng.random() ** 3) + 1)
        for number, term in enumerate(terms, 1)
    ]
    fill(connection, "search_term", rows)


def _products(rng: Random, connection: Connection) -> tuple[list[Row], dict[int, Kind]]:
    categories: list[Row] = []
    products: list[Row] = []
    kinds: dict[int, Kind] = {}
    for top, subs in CATALOGUE.items():
        parent = len(categories) + 1
        categories.append((parent, slug_of(top), top, 0))
        for kind in subs:
            number = len(categories) + 1
            categories.append((number, slug_of(kind.name), kind.name, parent))
            names: set[str] = set()
            while len(names) < PER_KIND:
                product = _product(rng, kind, names)
                place = len(products) + 1
                slug = f"{slug_of(product[0])}-{place}"
                sku = f"OSM-{number:02d}{place:04d}"
                kinds[place] = kind
                products.append((place, slug, sku, *product[:2], number, *product[2:]))
    fill(connection, "category", categories)
    fill(connection, "product", products)
    return products, kinds


def _product(rng: Random, kind: Kind, taken: set[str]) -> Row:
    while True:
        brand = choose(rng, BRANDS)
        noun = choose(rng, kind.nouns.split(", "))
        trait = choose(rng, kind.traits.split(", "))
        size = choose(rng, kind.sizes.split(", "))
        name = f"{brand} {trait} {noun}, {size}"
        if name not in taken:
            break
    taken.add(name)
    # Squared, so that cheap things are more common than dear ones.
    dollars = kind.low + (kind.high - kind.low) * rng.random() ** 2
    price = int(dollars) * 100 + choose(rng, (99, 99, 95, 49, 0))
    stock = 0 if rng.random() < 0.05 else between(rng, 3, 250)
    words = {"brand": brand, "noun": noun.lower(), "trait": trait}
    text = f"{choose(rng, OPENINGS).format(**words)} {choose(rng, CLOSINGS)}"
    return name, brand, price, stock, 1, text


def _people(rng: Random, connection: Connection) -> list[Row]:
    names = [("Emma", "Lopez")]
    while len(names) < CUSTOMERS:
        drawn = choose(rng, FIRST), choose(rng, LAST)
        if drawn not in names:
            names.append(drawn)
    people: list[Row] = []
    addresses: list[Row] = []
    for number, (first, last) in enumerate(names, 1):
        host = "gmail.com" if number == EMMA else "example.com"
        email = f"{first}.{last}@{host}".lower()
        password = "Password.123" if number == EMMA else f"{last}.{number}"
        people.append((number, email, password, first, last, int(number % 3 == 0)))
        for turn in range(2 if number == EMMA or number % 5 == 0 else 1):
            city, region, code = choose(rng, CITIES)
            street = f"{between(rng, 2, 980)} {choose(rng, STREETS)} Street"
            phone = f"555-{between(rng, 100, 999)}-{between(rng, 1000, 9999)}"
            name = f"{first} {last}"
            place = len(addresses) + 1
            addresses.append(
                (place, number, name, street, city, region, code, phone, int(not turn))
            )
    fill(connection, "account", people)
    fill(connection, "session", [(EMMA_SESSION, EMMA), (ADMIN_SESSION, 1)])
    fill(connection, "address", addresses)
    fill(connection, "subscriber", [(row[1],) for row in people if row[5]])
    return people


def _reviews(
    rng: Random,
    connection: Connection,
    products: list[Row],
    kinds: dict[int, Kind],
    people: list[Row],
) -> None:
    reviews: list[Row] = []
    for product in products:
        # Each product has a quality that its ratings scatter around.
        quality = 2.0 + 3.0 * rng.random()
        for person in sample(rng, people[1:], int(6 * rng.random() ** 2)):
            rating = min(5, max(1, round(quality + 2.4 * rng.random() - 1.2)))
            kind = kinds[product[0]]
            size = product[3].rpartition(", ")[2]
            said = kind.praise if rating > 3 else kind.complaint
            if rating == 3:
                said = f"{kind.praise}, but {kind.complaint[0].lower()}"
                said += kind.complaint[1:]
            text = f"{choose(rng, CONTEXTS).format(size=size)} {said}."
            title = choose(rng, VERDICTS[rating])
            nickname = f"{person[3]} {person[4][0]}."
            status = "Pending" if rng.random() < 0.04 else "Approved"
            number = len(reviews) + 1
            reviews.append(
                (
                    number,
                    product[0],
                    person[0],
                    nickname,
                    rating,
                    title,
                    text,
                    _day(rng),
                    status,
                )
            )
    fill(connection, "review", reviews)


def _orders(
    rng: Random, connection: Connection, products: list[Row], people: list[Row]
) -> None:
    days = sorted(_day(rng) for _ in range(ORDERS))
    homes = dict(
        connection.execute(
            "SELECT account, name || ', ' || street || ', ' || city || ', ' || region "
            "|| ' ' || zip FROM address WHERE main ORDER BY id"
        ).fetchall()
    )
    orders: list[Row] = []
    items: list[Row] = []
    comments: list[Row] = []
    for number, day in enumerate(days, 1):
        account = EMMA if rng.random() < 0.09 else people[between(rng, 1, 39)][0]
        total = 0
        for product in sample(rng, products, between(rng, 1, 4)):
            quantity = choose(rng, (1, 1, 1, 2, 3))
            total += quantity * product[6]
            row = len(items) + 1, number, product[0], product[3], product[6], quantity
            items.append(row)
        shipping = 0 if total >= FREE_FROM else SHIPPING
        recent = day >= "2023-05-20"
        status = choose(
            rng,
            ("Pending", "Processing", "Pending", "Complete")
            if recent
            else ("Complete", "Complete", "Complete", "Complete", "Canceled"),
        )
        method = choose(rng, ("Check / Money order", "Credit card"))
        orders.append(
            (
                number,
                account,
                day,
                status,
                shipping,
                total + shipping,
                homes[account],
                method,
            )
        )
        if status == "Canceled":
            text = "Canceled at the customer's request."
            comments.append((len(comments) + 1, number, day, text, 0))
    fill(connection, "orders", orders)
    fill(connection, "order_item", items)
    fill(connection, "order_comment", comments)


TEMPLATE = Template(build)
