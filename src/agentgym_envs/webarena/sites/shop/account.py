"""Customers: signing in, their data, addresses, newsletter, and letters to the shop."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    checkbox,
    field,
    form,
    heading,
    hidden,
    label,
    link,
    p,
    paragraphs,
    table,
)
from agentgym_envs.webarena.pages.nodes import Node, shorten
from agentgym_envs.webarena.sites.shop.catalogue import STARS
from agentgym_envs.webarena.sites.shop.checkout import order_table
from agentgym_envs.webarena.sites.shop.layout import LOGIN, customer, shop
from agentgym_envs.webarena.sites.signing import ask_password, noticed, sign_in
from agentgym_envs.webarena.sites.site import NotFound, View, Visit

HOME = "/customer/account"
ADDRESSES = "/customer/address"
PLACE = ("name", "street", "city", "region", "zip", "phone")
PLACE_NAMES = (
    "Name",
    "Street Address",
    "City",
    "State/Province",
    "Zip/Postal Code",
    "Phone Number",
)


def _is_email(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and "." in host.strip(".") and " " not in text)


@shop.page(LOGIN)
def login(visit: Visit) -> View:
    """Ask who it is."""
    return View(
        "Customer Login",
        [
            heading(1, "Customer Login"),
            ask_password(LOGIN, "Sign In", name="email", title="Email"),
            p(link("Create an Account", "/customer/account/create")),
        ],
    )


@shop.action(LOGIN)
def do_login(visit: Visit) -> str:
    """Sign in."""
    query = "SELECT id FROM account WHERE email = ? AND password = ?"
    name = visit.sent("email").lower()
    return sign_in(visit, query, name, login=LOGIN, home=HOME)


@shop.action("/customer/account/logout")
def logout(visit: Visit) -> str:
    """Sign out."""
    visit.sign_out()
    return noticed("/", "out")


@shop.page("/customer/account/create")
def create(visit: Visit) -> View:
    """Ask a new customer."""
    return View(
        "Create New Customer Account",
        [
            heading(1, "Create New Customer Account"),
            form(
                "/customer/account/create",
                p(label("First Name", "first"), field("first", id="first")),
                p(label("Last Name", "last"), field("last", id="last")),
                p(label("Email", "email"), field("email", id="email")),
                p(
                    label("Password", "pass"),
                    field("password", id="pass", kind="password"),
                ),
                p(button("Create an Account")),
            ),
        ],
    )


@shop.action("/customer/account/create")
def do_create(visit: Visit) -> str:
    """Make an account and sign in."""
    first, last = visit.sent("first", 40), visit.sent("last", 40)
    email, password = visit.sent("email", 80).lower(), visit.form.get("password", "")
    if not (first and last and password):
        return noticed("/customer/account/create", "incomplete")
    if not _is_email(email):
        return noticed("/customer/account/create", "email")
    if visit.db.value("SELECT 1 FROM account WHERE email = ?", email):
        return noticed("/customer/account/create", "taken")
    account = visit.db.insert(
        "account",
        email=email,
        password=password[:250],
        first=first,
        last=last,
        newsletter=0,
    )
    visit.sign_in(account)
    return HOME


@shop.page(HOME, "orders", "address")
def home(visit: Visit) -> View:
    """Show what the shop knows of the customer."""
    account = customer(visit)
    email, first, last, newsletter = visit.db.rows(
        "SELECT email, first, last, newsletter FROM account WHERE id = ?", account
    )[0]
    orders = visit.db.rows(
        "SELECT id, day, total, status FROM orders WHERE account = ? "
        "ORDER BY day DESC, id DESC LIMIT 5",
        account,
    )
    address = visit.db.row(
        "SELECT name, street, city, region, zip, phone FROM address "
        "WHERE account = ? ORDER BY main DESC, id LIMIT 1",
        account,
    )
    told = "subscribed" if newsletter else "not subscribed"
    where = shorten(", ".join(address), 140) if address else "You have no address yet."
    content: list[Node] = [
        heading(1, "My Account"),
        heading(2, "Account Information"),
        p(f"Name: {first} {last}"),
        p(f"Email: {email}"),
        p(link("Edit Account Information", "/customer/account/edit")),
        p(
            f"You are {told} to our newsletter.",
            link("Newsletter", "/newsletter/manage"),
        ),
        heading(2, "Default Address"),
        p(where),
        p(link("Manage Addresses", ADDRESSES)),
        p(link("My Product Reviews", "/review/customer")),
        heading(2, "Recent Orders"),
    ]
    content.append(order_table(orders) if orders else p("You have placed no orders."))
    return View("My Account", content)


@shop.page("/customer/account/edit")
def edit(visit: Visit) -> View:
    """Ask for changes."""
    email, first, last = visit.db.rows(
        "SELECT email, first, last FROM account WHERE id = ?", customer(visit)
    )[0]
    return View(
        "Account Information",
        [
            heading(1, "Account Information"),
            form(
                "/customer/account/edit",
                p(label("First Name", "first"), field("first", first, id="first")),
                p(label("Last Name", "last"), field("last", last, id="last")),
                p(label("Email", "email"), field("email", email, id="email")),
                p(
                    label("Current Password", "pass"),
                    field("password", id="pass", kind="password"),
                ),
                p(
                    label("New Password", "new"),
                    field("new", id="new", kind="password"),
                ),
                p("Passwords are needed only to change the password."),
                p(button("Save")),
            ),
        ],
    )


@shop.action("/customer/account/edit")
def do_edit(visit: Visit) -> str:
    """Change names, email and password."""
    account, path = customer(visit), "/customer/account/edit"
    first, last = visit.sent("first", 40), visit.sent("last", 40)
    email, new = visit.sent("email", 80).lower(), visit.form.get("new", "")[:250]
    if not (first and last):
        return noticed(path, "incomplete")
    if not _is_email(email):
        return noticed(path, "email")
    held, password = visit.db.rows(
        "SELECT email, password FROM account WHERE id = ?", account
    )[0]
    if email != held and visit.db.value("SELECT 1 FROM account WHERE email = ?", email):
        return noticed(path, "taken")
    if new:
        if visit.form.get("password", "") != password:
            return noticed(path, "password")
        password = new
    visit.db.update(
        "account",
        {"id": account},
        first=first,
        last=last,
        email=email,
        password=password,
    )
    return noticed(HOME, "saved")


# Addresses


@shop.page(ADDRESSES, "address")
def addresses(visit: Visit) -> View:
    """Show all addresses of the customer."""
    rows = visit.db.rows(
        "SELECT id, name, street, city, region, zip, main FROM address "
        "WHERE account = ? ORDER BY main DESC, id",
        customer(visit),
    )
    content: list[Node] = [heading(1, "Address Book")]
    if rows:
        cells: list[list[Cell]] = [
            [
                shorten(f"{name}, {street}, {city}, {region} {code}", 60),
                "Yes" if main else "No",
                link("Edit", f"{ADDRESSES}/edit/id/{number}"),
                button("Delete", name="address", value=str(number)),
            ]
            for number, name, street, city, region, code, main in rows
        ]
        columns = ["Address", "Default", "Change", "Remove"]
        content.append(form(f"{ADDRESSES}/delete", table(columns, cells)))
    else:
        content.append(p("You have no address yet."))
    content.append(p(link("Add New Address", f"{ADDRESSES}/new")))
    return View("Address Book", content)


def _address_form(number: int, values: tuple[str, ...], main: bool) -> Node:
    rows = [
        p(label(text, name), field(name, value, id=name))
        for name, text, value in zip(PLACE, PLACE_NAMES, values, strict=True)
    ]
    default = checkbox("main", "1", on=main, label="Use as my default address")
    return form(
        f"{ADDRESSES}/save",
        hidden("address", str(number)),
        *rows,
        p(default, "Use as my default address"),
        p(button("Save Address")),
    )


@shop.page(f"{ADDRESSES}/new")
def new_address(visit: Visit) -> View:
    """Ask for an address."""
    first, last = visit.db.rows(
        "SELECT first, last FROM account WHERE id = ?", customer(visit)
    )[0]
    values = (f"{first} {last}", "", "", "", "", "")
    content = [heading(1, "Add New Address"), _address_form(0, values, False)]
    return View("Add New Address", content)


@shop.page(f"{ADDRESSES}/edit/id/<int:number>", "address")
def edit_address(visit: Visit, number: int) -> View:
    """Ask for changes of an address."""
    row = visit.db.row(
        "SELECT name, street, city, region, zip, phone, main FROM address "
        "WHERE id = ? AND account = ?",
        number,
        customer(visit),
    )
    if row is None:
        raise NotFound
    content = [heading(1, "Edit Address"), _address_form(number, row[:6], bool(row[6]))]
    return View("Edit Address", content)


@shop.action(f"{ADDRESSES}/save")
def save_address(visit: Visit) -> str:
    """Keep a new or changed address."""
    account, number = customer(visit), visit.number("address")
    values = {name: visit.sent(name, 80) for name in PLACE}
    if not all(values.values()):
        back = f"edit/id/{number}" if number else "new"
        return noticed(f"{ADDRESSES}/{back}", "incomplete")
    main = int("main" in visit.form)
    if main:
        visit.db.update("address", {"account": account}, main=0)
    if not number:
        visit.db.insert("address", account=account, main=main, **values)
    elif not visit.db.update(
        "address", {"id": number, "account": account}, main=main, **values
    ):
        raise NotFound
    return noticed(ADDRESSES, "address")


@shop.action(f"{ADDRESSES}/delete")
def delete_address(visit: Visit) -> str:
    """Forget an address."""
    visit.db.delete("address", id=visit.number("address"), account=customer(visit))
    return noticed(ADDRESSES, "address-gone")


# Newsletter, own reviews, letters


@shop.page("/newsletter/manage")
def newsletter(visit: Visit) -> View:
    """Ask whether the customer wants the newsletter."""
    on = visit.db.value("SELECT newsletter FROM account WHERE id = ?", customer(visit))
    return View(
        "Newsletter Subscription",
        [
            heading(1, "Newsletter Subscription"),
            form(
                "/newsletter/manage",
                p(
                    checkbox("on", "1", on=bool(on), label="General Subscription"),
                    "General Subscription",
                ),
                p(button("Save")),
            ),
        ],
    )


@shop.action("/newsletter/manage")
def save_newsletter(visit: Visit) -> str:
    """Begin or end the subscription of the customer."""
    account, on = customer(visit), "on" in visit.form
    email = visit.db.value("SELECT email FROM account WHERE id = ?", account)
    visit.db.update("account", {"id": account}, newsletter=int(on))
    if on:
        _subscribe(visit, email)
    else:
        visit.db.delete("subscriber", email=email)
    return noticed(HOME, "subscribed" if on else "unsubscribed")


def _subscribe(visit: Visit, email: str) -> bool:
    if visit.db.value("SELECT 1 FROM subscriber WHERE email = ?", email):
        return False
    visit.db.insert("subscriber", email=email)
    return True


@shop.action("/newsletter/subscriber/new")
def subscribe(visit: Visit) -> str:
    """Subscribe any address."""
    email = visit.sent("email", 80).lower()
    if not _is_email(email):
        return noticed("/", "email")
    done = _subscribe(visit, email)
    return noticed("/", "subscribed" if done else "subscribed-before")


@shop.page("/review/customer", "review", "product")
def own_reviews(visit: Visit) -> View:
    """Show what the customer thought of products."""
    rows = visit.db.rows(
        "SELECT r.day, p.slug, p.name, r.rating, r.title, r.status FROM review r "
        "JOIN product p ON p.id = r.product WHERE r.account = ? "
        "ORDER BY r.day DESC, r.id DESC LIMIT 20",
        customer(visit),
    )
    content: list[Node] = [heading(1, "My Product Reviews")]
    if not rows:
        content.append(p("You have submitted no reviews."))
    else:
        cells: list[list[Cell]] = [
            [
                day,
                link(shorten(name, 50), f"/{slug}.html"),
                STARS[rating - 1],
                shorten(title, 40),
                status,
            ]
            for day, slug, name, rating, title, status in rows
        ]
        columns = ["Created", "Product", "Rating", "Summary", "Status"]
        content.append(table(columns, cells))
    return View("My Product Reviews", content)


@shop.page("/contact")
def contact(visit: Visit) -> View:
    """Ask what it is about."""
    name, email = "", ""
    if visit.account:
        first, last, email = visit.db.rows(
            "SELECT first, last, email FROM account WHERE id = ?", visit.account
        )[0]
        name = f"{first} {last}"
    return View(
        "Contact Us",
        [
            heading(1, "Contact Us"),
            *paragraphs(["Write us a note and we'll answer as quickly as possible."]),
            form(
                "/contact",
                p(label("Name", "name"), field("name", name, id="name")),
                p(label("Email", "email"), field("email", email, id="email")),
                p(label("Phone Number", "phone"), field("phone", id="phone")),
                p(
                    label("What's on your mind?", "comment"),
                    field("comment", id="comment"),
                ),
                p(button("Submit")),
            ),
        ],
    )


@shop.action("/contact")
def send_contact(visit: Visit) -> str:
    """Keep a letter."""
    name, email = visit.sent("name", 80), visit.sent("email", 80)
    text = visit.sent("comment", 2000)
    if not (name and text):
        return noticed("/contact", "incomplete")
    if not _is_email(email):
        return noticed("/contact", "email")
    visit.db.insert(
        "message",
        name=name,
        email=email,
        phone=visit.sent("phone", 40),
        text=text,
        time=visit.now,
    )
    return noticed("/contact", "contact")
