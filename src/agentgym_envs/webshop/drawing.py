"""The pages of the shop for people: as in a browser without pictures."""

from __future__ import annotations

import textwrap

from agentgym_envs.env import Colour, in_colour
from agentgym_envs.webshop.engine import Visit
from agentgym_envs.webshop.pages import PER_PAGE
from agentgym_envs.webshop.products import Product
from agentgym_envs.webshop.shop import Shop

WIDTH = 80  # characters


class _Sheet:
    """Lines of text, coloured or not."""

    def __init__(self, *, colour: bool) -> None:
        self.lines: list[str] = []
        self._colour = colour

    def paint(self, text: str, colour: Colour) -> str:
        return in_colour(text, colour) if self._colour and text else text

    def add(self, text: str, colour: Colour | None = None, *, indent: str = "") -> None:
        """Add a paragraph."""
        for line in textwrap.wrap(text, WIDTH - len(indent)) or [""]:
            self.lines.append(indent + (self.paint(line, colour) if colour else line))

    def buttons(self, *names: str) -> None:
        """Add a row of buttons."""
        self.lines.append("  ".join(self.paint(f"[{name}]", "blue") for name in names))


def draw(shop: Shop, visit: Visit, goal: str, *, colour: bool) -> str:
    """Draw what a browser would show."""
    sheet = _Sheet(colour=colour)
    sheet.add(f"WebShop: {goal}", "yellow")
    sheet.add("-" * WIDTH, "grey")
    if visit.kind == "front":
        sheet.lines.append(
            f"[{' ' * (WIDTH // 2)}]  " + sheet.paint("[Search]", "blue")
        )
    elif visit.kind == "results":
        _draw_results(sheet, shop, visit)
    elif visit.kind == "done":
        _draw_receipt(sheet, shop, visit)
    elif visit.kind == "tab":
        _draw_tab(sheet, shop.product(visit.row), visit.tab)
    else:
        _draw_item(sheet, shop, visit)
    return "\n".join(sheet.lines)


def _draw_results(sheet: _Sheet, shop: Shop, visit: Visit) -> None:
    rows = shop.found(visit.keywords, visit.draw)
    previous = ["< Prev"] * (visit.number > 1)
    sheet.buttons("Back to Search", *previous, "Next >")
    sheet.add(f"Page {visit.number} of results for {visit.keywords!r}: {len(rows)}")
    start = (visit.number - 1) * PER_PAGE
    for row in rows[start : start + PER_PAGE]:
        product = shop.product(row)
        price = sheet.paint(product.price_tag, "green")
        sheet.lines.append(f"{sheet.paint(product.asin, 'blue')}  {price}")
        sheet.add(product.title, indent="    ")


def _draw_item(sheet: _Sheet, shop: Shop, visit: Visit) -> None:
    product = shop.product(visit.row)
    sheet.buttons("Back to Search", "< Prev")
    sheet.add(product.title, "purple")
    sheet.add(f"{product.price_tag}, not rated", "green")
    for name, values in product.options.items():
        sheet.add(f"{name}:")
        for value in values:
            is_chosen = visit.options.get(name) == value
            mark = "(x)" if is_chosen else "( )"
            sheet.add(f"{mark} {value}", "green" if is_chosen else None, indent="  ")
    tabs = ["Description", "Features", "Reviews"]
    sheet.buttons(*tabs, *["Attributes"] * shop.options.show_attrs, "Buy Now")


def _draw_tab(sheet: _Sheet, product: Product, tab: str) -> None:
    sheet.buttons("Back to Search", "< Prev")
    sheet.add(f"{product.title}: {tab}", "purple")
    texts = {
        "description": [product.description],
        "features": product.bullets,
        "attributes": [*product.attributes, product.query, product.product_category],
    }.get(tab, ["There are no reviews."])
    for text in texts:
        sheet.add(text, indent="  ")


def _draw_receipt(sheet: _Sheet, shop: Shop, visit: Visit) -> None:
    product = shop.product(visit.row)
    sheet.add(f"You bought {product.asin}: {product.title}", "purple")
    for name, value in sorted(visit.options.items()):
        sheet.add(f"{name}: {value}", indent="  ")
    sheet.add(f"Your score: {visit.reward:.2f} of 1.00", "green")
