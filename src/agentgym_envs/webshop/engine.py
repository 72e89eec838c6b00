"""The rules of the shop: what each action does to a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agentgym_envs.outcome import Outcome
from agentgym_envs.webshop import pages
from agentgym_envs.webshop.pages import BACK, BUY, NEXT, PREVIOUS, SEARCH, TABS, Page
from agentgym_envs.webshop.shop import RANDOM, Errand, ServerError, Shop

KINDS = ("front", "results", "item", "tab", "done")
SERVER_ERROR = "Internal Server Error"
DRAWS = range(1, 2**31)  # seeds that random results are drawn by; 0 means none
NO_ROW = -1

_SOLD_OUT = Page("")


@dataclass(slots=True)
class Visit:
    """The state of an episode."""

    kind: str = "front"
    """Which of `KINDS` of pages is shown."""
    keywords: str = ""
    """What was searched for last, in lower case."""
    number: int = 0
    """The page of results."""
    draw: int = 0
    """What random results were drawn by."""
    row: int = NO_ROW
    """The product that is looked at."""
    tab: str = ""
    """Which page behind the product's."""
    options: dict[str, str] = field(default_factory=dict)
    """The chosen values by group."""
    reward: float = 0.0
    """What the purchase earned, after it."""
    has_failed: bool = False
    """Whether the server, after an error, knows other keywords than the page."""
    is_lost: bool = False
    """Whether the server, after an error, has forgotten the product of the page."""


Draw = Callable[[], int]


def parse(action: str) -> tuple[str, str]:
    r"""Split an action into its name and its argument in lower case.

    As the greedy pattern ``(.+)\[(.+)\]`` does on the first line, without its
    quadratic time.

    >>> parse("search[Green Tea]"), parse("click[a[b]"), parse("look")
    (('search', 'green tea'), ('click[a', 'b'), ('look', ''))
    """
    line = action.partition("\n")[0]
    end = line.rfind("]")
    start = line.rfind("[", 1, end - 1) if end > 0 else -1
    if start < 1:
        return action, ""
    return line[:start], line[start + 1 : end].lower()


def page_of(shop: Shop, visit: Visit) -> Page:
    """The page that is shown, without its instruction."""
    if visit.kind == "results":
        return shop.results(visit.keywords, visit.number, visit.draw)
    if visit.kind == "item":
        return shop.item(visit.row)
    if visit.kind == "tab":
        return shop.tab(visit.row, visit.tab)
    return pages.FRONT if visit.kind == "front" else _SOLD_OUT


def text_of(shop: Shop, errand: Errand, visit: Visit) -> str:
    """What the agent sees."""
    if visit.kind == "front":
        return errand.front
    if visit.kind == "done":
        asin = shop.product(visit.row).asin
        return pages.done(asin, visit.options, visit.reward)
    return errand.head + page_of(shop, visit).text


def step(
    shop: Shop, errand: Errand, visit: Visit, action: str, draw: Draw
) -> tuple[Outcome, dict[str, Any]]:
    """Do one action; give its outcome and, for a purchase, the parts of its reward.

    Args:
        shop: Where the visit is.
        errand: What shall be bought.
        visit: The state, which is changed.
        action: Any string.
        draw: Gives a seed for random results.
    """
    name, argument = parse(action)
    try:
        if name == "search" and argument:
            _show_results(shop, visit, argument, 1, draw)
        elif name != "click" or not _click(shop, visit, argument, draw):
            return Outcome(text_of(shop, errand, visit), invalid=True), {}
        elif visit.kind == "done":
            return _buy(shop, errand, visit)
    except ServerError:
        return Outcome(SERVER_ERROR, invalid=True), {}
    return Outcome(text_of(shop, errand, visit)), {}


def _click(shop: Shop, visit: Visit, name: str, draw: Draw) -> bool:
    """Click on something; False if it is not there.

    The order of the cases is the original's: an option that is called like a button
    acts as that button.
    """
    page = page_of(shop, visit)
    if name not in page.clickables or name == SEARCH:
        return False
    if name == BACK:
        visit.kind = "front"
        visit.keywords, visit.number, visit.draw = "", 0, 0
        _leave(visit)
        return True
    if visit.is_lost:
        raise ServerError
    if name == BUY:
        visit.kind = "done"
    elif name == NEXT and visit.kind == "results":
        _turn_page(shop, visit, visit.number + 1, draw)
    elif name == PREVIOUS and visit.kind == "tab":
        visit.kind, visit.tab = "item", ""
    elif name == PREVIOUS:
        number = visit.number - (visit.kind == "results")
        _turn_page(shop, visit, number, draw)
    elif name in TABS:
        visit.kind, visit.tab = "tab", name
    elif name in page.groups:
        visit.options[page.groups[name]] = name
    else:
        row = page.rows[name]
        if shop.options.parity and shop.product(row).asin != name.upper():
            raise ServerError
        visit.kind, visit.row = "item", row
    return True


def _turn_page(shop: Shop, visit: Visit, number: int, draw: Draw) -> None:
    if visit.has_failed:
        visit.is_lost = visit.kind == "item"
        raise ServerError
    _show_results(shop, visit, visit.keywords, number, draw)


def _show_results(
    shop: Shop, visit: Visit, keywords: str, number: int, draw: Draw
) -> None:
    # Random results are drawn anew whenever a page of them is shown.
    seed = draw() if keywords.split(" ", 1)[0] == RANDOM else 0
    try:
        shop.found(keywords, seed)
    except ServerError:
        # The server has taken note of the search before it fails; the page stays.
        visit.has_failed = visit.kind not in ("front", "done")
        visit.is_lost = visit.kind in ("item", "tab")
        raise
    visit.kind, visit.keywords, visit.number = "results", keywords, number
    visit.draw = seed
    _leave(visit)


def _leave(visit: Visit) -> None:
    """Forget the product, what was chosen, and what was bought."""
    visit.row, visit.tab, visit.options, visit.reward = NO_ROW, "", {}, 0.0
    visit.has_failed = visit.is_lost = False


def _buy(shop: Shop, errand: Errand, visit: Visit) -> tuple[Outcome, dict[str, Any]]:
    total, parts = shop.reward(errand.goal, visit.row, visit.options.values())
    visit.reward = total
    text = text_of(shop, errand, visit)
    won = total == 1.0
    return Outcome(text, total, True, won, score=total), parts
