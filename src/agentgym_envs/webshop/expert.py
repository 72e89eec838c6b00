"""The expert of WebShop: it knows the product behind the goal, and how to get there.

It searches for words that bring the product to the first page, if any do, opens it,
chooses the options that count, and buys. A plan needs no memory: the page that is
shown says what is left to be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.webshop.engine import Visit, page_of, parse
from agentgym_envs.webshop.goals import Goal, plain
from agentgym_envs.webshop.pages import (
    BACK,
    BUY,
    NEXT,
    PER_PAGE,
    PREVIOUS,
    SEARCH,
    TABS,
    Page,
)
from agentgym_envs.webshop.reward import (
    ALIKE,
    Comparable,
    has_attribute,
    likeness,
    plain_colour,
)
from agentgym_envs.webshop.shop import Shop

KEPT_PLANS = 4096
MOST_CHOICES = 1000  # of options, to be tried

Choice = tuple[tuple[str, str], ...]
"""Options as group and value."""

_BUTTONS = frozenset((SEARCH, BUY, BACK, PREVIOUS, *TABS))


def next_action(shop: Shop, index: int, visit: Visit) -> str:
    """Give the first action of a way to a reward of 1.

    Args:
        shop: Where the visit is.
        index: The goal.
        visit: The state.

    Raises:
        NoExpertAction: if no purchase that the expert knows of earns 1.
    """
    todo = plan(shop, index)
    if todo.trouble:
        raise NoExpertAction(f"this goal can't be won: {todo.trouble}")
    goal = shop.goals.goal(index)
    search = f"search[{todo.words}]"
    if visit.is_lost:
        return search
    if visit.row == goal.row and visit.kind == "item":
        for group, value in todo.choice:
            if visit.options.get(group) != value:
                return click(value)
        if _earns_all(shop, goal, visit.options):
            return click(BUY)
        # Something that was chosen before spoils it; the page forgets it when left.
        return search if visit.has_failed else click(PREVIOUS)
    if visit.row == goal.row and visit.kind == "tab":
        return click(PREVIOUS)
    if visit.kind == "results":
        ahead = _pages_ahead(shop, visit, goal.row)
        if ahead == 0:
            return click(goal.product.asin.lower())
        anew = _page_number(shop.found(todo.words, 0), goal.row)
        if ahead is not None and abs(ahead) <= anew and not visit.has_failed:
            return click(NEXT if ahead > 0 else PREVIOUS)
    return search


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do for a goal, or why nothing can be done.

    Args:
        choice: The options to choose, as group and value.
        words: What to search for.
        trouble: Why no purchase that the expert knows of earns 1; empty if one does.
    """

    choice: Choice = ()
    words: str = ""
    trouble: str = ""


@lru_cache(maxsize=KEPT_PLANS)
def plan(shop: Shop, index: int) -> Plan:
    """Find the options to choose and the words to search for."""
    goal = shop.goals.goal(index)
    product, page = goal.product, shop.item(goal.row)
    for name in goal.attributes:
        if not has_attribute(product, name):
            return Plan(trouble=f"{product.asin} has no attribute {name!r}")
    fitting = [_fitting(page, option) for option in goal.wanted]
    for option, values in zip(goal.wanted, fitting, strict=True):
        if not values:
            return Plan(trouble=f"{product.asin} has no such option: {option!r}")
    choices = islice(_choices(page, fitting), MOST_CHOICES)
    choice = next((c for c in choices if _earns_all(shop, goal, dict(c))), None)
    if choice is None:
        return Plan(trouble=f"{product.asin} can't be had with {list(goal.wanted)}")
    words = best_words(shop, goal)
    if words is None:
        return Plan(trouble=f"no search that the expert knows finds {product.asin}")
    return Plan(choice, words)


def _earns_all(shop: Shop, goal: Goal, options: dict[str, str]) -> bool:
    return shop.reward(goal, goal.row, options.values()).total == 1.0


def _fitting(page: Page, option: Comparable) -> list[str]:
    """The values that a wanted option is matched by, itself first."""
    wanted = plain_colour(option)
    exact = option[1] if isinstance(option, tuple) else option
    values = [
        value
        for value in page.groups
        if likeness(plain_colour(value), wanted) > ALIKE and can_click(page, value)
    ]
    return sorted(values, key=lambda value: value != exact)


def _choices(page: Page, fitting: Sequence[list[str]]) -> Iterator[Choice]:
    """Ways to match all that is wanted with one value of each group."""

    def choose(number: int, chosen: dict[str, str]) -> Iterator[Choice]:
        if number == len(fitting):
            yield tuple(chosen.items())
            return
        if any(value in fitting[number] for value in chosen.values()):
            yield from choose(number + 1, chosen)
        for value in fitting[number]:
            group = page.groups[value]
            if group not in chosen:
                yield from choose(number + 1, {**chosen, group: value})

    yield from choose(0, {})


def can_click(page: Page, name: str) -> bool:
    """Whether a click on an option's value chooses it."""
    return name in page.groups and is_plain(name) and name not in _BUTTONS


def is_plain(name: str) -> bool:
    """Whether a click on this name is understood as such.

    >>> is_plain("red"), is_plain("red [matt]")
    (True, False)
    """
    return parse(click(name)) == ("click", name)


def click(name: str) -> str:
    """Write a click."""
    return f"click[{name}]"


def best_words(shop: Shop, goal: Goal) -> str | None:
    """The search that shows the product on the earliest page; None if none finds it."""
    best: tuple[int, str] | None = None
    for words in _searches(goal):
        rows = shop.found(words, 0)
        if goal.row in rows:
            number = _page_number(rows, goal.row)
            if best is None or number < best[0]:
                best = number, words
            if number == 1:
                break
    return best and best[1]


def _searches(goal: Goal) -> Iterator[str]:
    product = goal.product
    first = product.bullets[0] if product.bullets else ""
    for text in (
        product.title,
        f"{product.title} {first}",
        f"{product.title} {product.description}",
        product.document,
    ):
        words = plain(text.lower())
        if words and not words.startswith("<"):
            yield words
    for words in (f"<q> {product.query}", f"<c> {product.category}"):
        if parse(f"search[{words}]") == ("search", words):
            yield words


def _page_number(rows: list[int], row: int) -> int:
    return rows.index(row) // PER_PAGE + 1


def _pages_ahead(shop: Shop, visit: Visit, row: int) -> int | None:
    """How many pages a product is ahead in the results; None if it is not in them."""
    rows = shop.found(visit.keywords, visit.draw)
    if row not in rows:
        return None
    ahead = _page_number(rows, row) - visit.number
    # The next page of random results shows other products.
    return ahead if ahead == 0 or not visit.draw else None


def visible(shop: Shop, visit: Visit) -> list[str]:
    """All clicks that the page of a visit takes."""
    page = page_of(shop, visit)
    return [click(n) for n in page.clickables if n != SEARCH and is_plain(n)]
