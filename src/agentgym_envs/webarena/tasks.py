"""The items: intents on the embedded sites, with where they begin and how they end.

Every template reads the sites' databases as they are at the start of an episode, so
answers are computed and never typed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.webarena.checks import Check
from agentgym_envs.webarena.sites.shop.seed import EMMA, TEMPLATE
from agentgym_envs.webarena.sites.widgets import money

SHOP = "http://onestopmarket.com"
INSTANCES = 8  # of each template


class Item(NamedTuple):
    """One intent."""

    category: str
    sites: tuple[str, ...]
    start: tuple[str, ...]
    """Addresses that are open at the start."""
    intent: str
    check: Check


def _status_of_order() -> Iterator[Item]:
    rows = TEMPLATE.open().rows(
        "SELECT id, status FROM orders WHERE account = ? ORDER BY id DESC LIMIT ?",
        EMMA,
        INSTANCES,
    )
    for number, status in rows:
        yield Item(
            "InformationSeeking",
            ("shopping",),
            (f"{SHOP}/",),
            f"What is the status of my order {number:09d}? Answer with the status.",
            {"answer": status},
        )


def _price_of_product() -> Iterator[Item]:
    rows = TEMPLATE.open().rows(
        "SELECT name, price FROM product WHERE id % 75 = 3 ORDER BY id LIMIT ?",
        INSTANCES,
    )
    for name, price in rows:
        yield Item(
            "InformationSeeking",
            ("shopping",),
            (f"{SHOP}/",),
            f"What does the {name} cost? Answer with the price.",
            {"answer": money(price)},
        )


def _open_category() -> Iterator[Item]:
    rows = TEMPLATE.open().rows(
        "SELECT slug, name FROM category WHERE parent AND id % 5 = 2 ORDER BY id "
        "LIMIT ?",
        INSTANCES,
    )
    for slug, name in rows:
        yield Item(
            "SiteNavigation",
            ("shopping",),
            (f"{SHOP}/",),
            f"Show me all products of the category {name}, the cheapest first.",
            {"url": f"{SHOP}/{slug}.html?product_list_order=price"},
        )


def _wish_for_product() -> Iterator[Item]:
    rows = TEMPLATE.open().rows(
        "SELECT id, name FROM product WHERE id % 75 = 11 AND id NOT IN "
        "(SELECT product FROM wish) ORDER BY id LIMIT ?",
        INSTANCES,
    )
    for number, name in rows:
        yield Item(
            "ContentAndConfig",
            ("shopping",),
            (f"{SHOP}/",),
            f"Add the {name} to my wish list.",
            {"added": {"shopping.wish": [[None, None, EMMA, number]]}},
        )


TEMPLATES: tuple[Callable[[], Iterator[Item]], ...] = (
    _status_of_order,
    _price_of_product,
    _open_category,
    _wish_for_product,
)
TEST_TEMPLATES = frozenset({_price_of_product})


@cache
def all_items() -> tuple[tuple[Item, bool], ...]:
    """Give all items, each with whether it is for testing; made once per process."""
    return tuple(
        (item, template in TEST_TEMPLATES)
        for template in TEMPLATES
        for item in template()
    )


class WebArenaTasks(TaskSet):
    """The items on the embedded sites, of one category or of all."""

    def __init__(self, *, split: Split, category: str = "") -> None:
        items = [
            (index, is_test)
            for index, (item, is_test) in enumerate(all_items())
            if category in ("", item.category)
        ]
        super().__init__(
            prefix="webarena",
            train=[index for index, is_test in items if not is_test],
            test=[index for index, is_test in items if is_test],
            split=split,
        )

    def _build(self, index: int, split: str) -> Task:
        item = all_items()[index][0]
        payload = {
            "category": item.category,
            "sites": item.sites,
            "start": item.start,
            "check": item.check,
        }
        return Task(self.id_of(index), index, split, item.intent, payload)
