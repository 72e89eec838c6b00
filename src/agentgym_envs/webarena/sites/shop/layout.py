"""The shop's header and footer, and what its views share."""

from __future__ import annotations

from agentgym_envs.webarena.pages.build import (
    button,
    field,
    footer,
    form,
    header,
    label,
    link,
    main,
    nav,
    p,
)
from agentgym_envs.webarena.pages.nodes import Content, Node
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.shop.seed import TEMPLATE, slug_of
from agentgym_envs.webarena.sites.shop.words import CATALOGUE
from agentgym_envs.webarena.sites.signing import signed_in
from agentgym_envs.webarena.sites.site import Site, View, Visit

LOGIN = "/customer/account/login"
NOTICES = {
    "added": "You added the product to your shopping cart.",
    "updated": "Your shopping cart was updated.",
    "removed": "The product was removed.",
    "stock": "The requested quantity is not available.",
    "wished": "The product has been added to your Wish List.",
    "review": "You submitted your review for moderation.",
    "incomplete": "Please fill in all required fields.",
    "login": "The account sign-in was incorrect. Please try again.",
    "sign-in": "Please sign in first.",
    "taken": "There is already an account with this email address.",
    "saved": "You saved the account information.",
    "address": "You saved the address.",
    "address-gone": "You deleted the address.",
    "subscribed": "Thank you for your subscription.",
    "subscribed-before": "This email address is already subscribed.",
    "unsubscribed": "We have removed your newsletter subscription.",
    "email": "Please enter a valid email address.",
    "contact": "Thanks for contacting us. We'll respond to you very soon.",
    "canceled": "The order has been canceled.",
    "reordered": "The products of the order were added to your cart.",
    "empty": "You have no items in your shopping cart.",
    "password": "The password doesn't match this account.",
    "out": "You are signed out.",
}
_CATEGORIES = tuple((name, f"/{slug_of(name)}.html") for name in CATALOGUE)


def customer(visit: Visit) -> int:
    """Give the account that is signed in; others are led to the login."""
    return signed_in(visit, LOGIN)


def layout(visit: Visit, view: View) -> Page:
    """Put header and footer around a view."""
    content = view.content
    notice = NOTICES.get(visit.query.get("notice", ""))
    if notice:
        content = [p(notice), *content]
    return compile_page(
        view.title,
        header(
            _account_row(visit),
            form(
                "/catalogsearch/result",
                p(
                    link("One Stop Market", "/"),
                    label("Search", "search"),
                    field("q", visit.query.get("q", ""), id="search"),
                    button("Search"),
                    link("Advanced Search", "/catalogsearch/advanced"),
                    link(_cart_text(visit), "/checkout/cart"),
                ),
                method="get",
            ),
        ),
        nav(p(*[link(name, path) for name, path in _CATEGORIES]), label="Categories"),
        main(*content),
        _FOOTER,
    )


def _account_row(visit: Visit) -> Node:
    if not visit.account:
        return p(
            "Welcome to One Stop Market",
            link("Sign In", LOGIN),
            link("Create an Account", "/customer/account/create"),
        )
    first, last = visit.db.rows(
        "SELECT first, last FROM account WHERE id = ?", visit.account
    )[0]
    row: list[Content] = [
        f"Welcome, {first} {last}!",
        link("My Account", "/customer/account"),
        link("My Orders", "/sales/order/history"),
        link("My Wish List", "/wishlist"),
        button("Sign Out"),
    ]
    return form("/customer/account/logout", p(*row))


def _cart_text(visit: Visit) -> str:
    if not visit.account:
        return "My Cart"
    count = visit.db.value(
        "SELECT sum(quantity) FROM cart WHERE account = ?", visit.account
    )
    return f"My Cart ({count})" if count else "My Cart"


_FOOTER = footer(
    form(
        "/newsletter/subscriber/new",
        p(
            label("Sign Up for Our Newsletter:", "newsletter"),
            field("email", id="newsletter"),
            button("Subscribe"),
        ),
    ),
    p(link("Contact Us", "/contact"), link("Search Terms", "/search/term/popular")),
    p("Copyright 2013-present One Stop Market. All rights reserved."),
)

shop = Site(
    "shopping",
    "onestopmarket.com",
    TEMPLATE,
    layout,
    ("account", "cart"),
)
