"""The pages of the shop as the texts that the original makes of its HTML.

An observation is the visible text nodes of a page, joined. The rules by which blank
nodes vanish or stay empty are those of its parser, Beautiful Soup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agentgym_envs.webshop.products import Product

SEPARATOR = " [SEP] "
PER_PAGE = 10  # products

SEARCH = "search"
BUY = "buy now"
BACK = "back to search"
NEXT = "next >"
PREVIOUS = "< prev"
TABS = ("description", "features", "reviews", "attributes")

_BLANKS = " \t\n\f\r"
_NO_RATING = "N.A."
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
)
_DONE = (
    "Thank you for shopping with us!",
    "Your code:",
    "None",
    "(Paste it in your MTurk interface.)",
    "Purchased",
    "asin",
    "{asin}",
    "options",
    "{options}",
    *("attrs", "None", "category", "None", "query", "None", "product category", "None"),
    "Target",
    *("asin", "options", "attrs", "price upper"),
    "instuction text",  # the original's spelling
    *("category", "product category", "query"),
    *("Goal", "None", "Reward", "Your score (min 0.0, max 1.0)", "{reward}"),
    *("Reward Details", "None"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page but for its instruction, which differs from goal to goal."""

    text: str
    """What follows after the instruction."""
    clickables: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    """The product behind each link."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """The group of options that each value is chosen in."""


def node(text: str) -> list[str]:
    r"""The segment that a text node becomes; none if it does not count.

    >>> node(" lamp "), node(""), node("  "), node(" \n")
    (['lamp'], [], [''], [])
    """
    if text.strip(_BLANKS):
        return [text.strip()]
    return [""] if text and "\n" not in text else []


def join(segments: Iterable[str]) -> str:
    """Make an observation of segments."""
    return SEPARATOR.join(segments)


def instruction(text: str) -> list[str]:
    """The segments at the head of nearly every page."""
    return ["Instruction:", *node(text)]


FRONT = Page("Search", (SEARCH,))


def front(text: str) -> str:
    """The page where an episode begins."""
    return join(["WebShop", *instruction(text), FRONT.text])


def results(shown: Sequence[tuple[int, Product]], *, number: int, total: int) -> Page:
    """One page of search results.

    Args:
        shown: The products on it, with their rows.
        number: The page's number, from 1.
        total: How many products were found.
    """
    buttons = ["Back to Search", "Next >"]
    if number > 1:
        buttons.insert(1, "< Prev")
    segments = [buttons[0], f"Page {number} (Total results: {total})", *buttons[1:]]
    rows = {}
    for row, product in shown:
        segments += node(product.asin) + node(product.title) + node(product.price_tag)
        rows[product.asin.lower()] = row
    return Page(join(segments), _keys(buttons, rows), rows)


def item(product: Product, *, show_attrs: bool) -> Page:
    """The page of a product."""
    segments = ["Back to Search", "< Prev"]
    groups = {}
    for name, values in product.options.items():
        segments += node(name)
        for value in values:
            segments += node(value)
            groups[value] = name
    tabs = ["Description", "Features", "Reviews", *(["Attributes"] * show_attrs)]
    segments += node(product.title)
    segments += [f"Price: {product.price_tag}", f"Rating: {_NO_RATING}"]
    segments += [*tabs, "Buy Now"]
    buttons = ["Back to Search", "< Prev", *tabs, "Buy Now"]
    return Page(join(segments), _keys(buttons, groups), groups=groups)


def sub_page(product: Product, tab: str) -> Page:
    """One of the pages behind a product's."""
    buttons = ["Back to Search", "< Prev"]
    segments = list(buttons)
    if tab == "description":
        segments += node(product.description)
    elif tab == "features":
        for bullet in product.bullets:
            # The template has a blank there, which keeps empty ones as segments.
            segments += node(f" {bullet}")
    elif tab == "attributes":
        for attribute in product.attributes:
            segments += node(f" {attribute}")
        for text in (product.category, product.query, product.product_category):
            segments += node(text)
    return Page(join(segments), _keys(buttons, ()))


def done(asin: str, options: Mapping[str, str], reward: float) -> str:
    """The page after the purchase."""
    chosen = json.dumps(options, sort_keys=True).translate(_ESCAPES)
    values = {"{asin}": asin, "{options}": chosen, "{reward}": repr(reward)}
    return join(values.get(segment, segment) for segment in _DONE)


def _keys(buttons: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """What can be clicked, each name once, where it comes first."""
    return tuple(dict.fromkeys([*(text.lower() for text in buttons), *others]))
