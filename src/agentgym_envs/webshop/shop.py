"""The shop: a catalogue with its goals and pages, shared by all episodes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from agentgym_envs.webshop import pages
from agentgym_envs.webshop.catalogue import embedded_folder
from agentgym_envs.webshop.files import find_files
from agentgym_envs.webshop.goals import Goal, GoalKind, open_goals
from agentgym_envs.webshop.nouns import open_nouns
from agentgym_envs.webshop.pages import PER_PAGE, Page
from agentgym_envs.webshop.reward import Reward, reward_of
from agentgym_envs.webshop.store import Store, open_store

KEPT_SHOPS = 4
KEPT_RESULTS = 1024  # lists of rows
KEPT_PAGES = 4096  # of some kilobytes
KEPT_TITLES = 1 << 14
RANDOM_RESULTS = 50

RANDOM, ATTRIBUTE, CATEGORY, QUERY = "<r>", "<a>", "<c>", "<q>"


class ServerError(Exception):
    """The original's server fails on this request."""


class ShopOptions(NamedTuple):
    """What a shop is made with; equal options share one shop."""

    data: Path | None
    num_products: int | None
    goals: GoalKind
    price_seed: int
    noun_fn: str
    show_attrs: bool
    search_limit: int
    parity: bool


@dataclass(frozen=True, slots=True)
class Errand:
    """A goal with the texts that each of its pages begins with."""

    goal: Goal
    front: str
    head: str


class Shop:
    """Everything about a catalogue that episodes only read.

    Args:
        options: How it is made.

    Raises:
        DataError: if the data is not as published.
        BadOption: if there is no such noun function.
    """

    def __init__(self, options: ShopOptions) -> None:
        self.options = options
        self._store = open_shelves(options.data, options.num_products)
        self.goals = open_goals(self._store, options.goals, options.price_seed)
        self.product = self._store.product
        nouns = open_nouns(options.noun_fn)
        self._nouns = lru_cache(maxsize=KEPT_TITLES)(nouns)
        # Bound methods in caches of their own: one for all shops would keep a shop
        # alive, and mix their bounds.
        self.errand = lru_cache(maxsize=KEPT_PAGES)(self._errand)
        self.found = lru_cache(maxsize=KEPT_RESULTS)(self._found)
        self.results = lru_cache(maxsize=KEPT_PAGES)(self._results)
        self.item = lru_cache(maxsize=KEPT_PAGES)(self._item)
        self.tab = lru_cache(maxsize=KEPT_PAGES)(self._tab)

    def __reduce__(self) -> tuple[object, tuple[ShopOptions]]:
        return open_shop, (self.options,)

    def __len__(self) -> int:
        """The number of products."""
        return len(self._store)

    def _errand(self, index: int) -> Errand:
        goal = self.goals.goal(index)
        head = pages.join([*pages.instruction(goal.instruction), ""])
        return Errand(goal, pages.front(goal.instruction), head)

    def _found(self, keywords: str, draw: int) -> list[int]:
        """The rows that a search finds.

        Args:
            keywords: What was searched for, in lower case.
            draw: Seeds the random products of ``<r>``; 0 for other searches.
        """
        first, *rest = keywords.split(" ")
        parity = self.options.parity
        if first == RANDOM:
            if parity and len(self) < RANDOM_RESULTS:
                raise ServerError
            count = min(RANDOM_RESULTS, len(self))
            return random.Random(draw).sample(range(len(self)), count)
        if first == ATTRIBUTE and parity:
            raise ServerError
        if first == CATEGORY and rest:
            return self._store.with_kind("category", rest[0].strip())
        if first == CATEGORY and parity:
            raise ServerError
        if first == QUERY:
            return self._store.with_kind("query", " ".join(rest).strip())
        return self._store.search(keywords, self.options.search_limit)

    def _results(self, keywords: str, number: int, draw: int) -> Page:
        rows = self.found(keywords, draw)
        shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        products = [(row, self.product(row)) for row in shown]
        return pages.results(products, number=number, total=len(rows))

    def _item(self, row: int) -> Page:
        return pages.item(self.product(row), show_attrs=self.options.show_attrs)

    def _tab(self, row: int, tab: str) -> Page:
        return pages.sub_page(self.product(row), tab)

    def reward(self, goal: Goal, row: int, options: Iterable[str]) -> Reward:
        """Judge the purchase of a product with these option values."""
        price = self.goals.prices[row]
        return reward_of(goal, self.product(row), price, options, self._nouns)


@lru_cache(maxsize=KEPT_SHOPS)
def open_shelves(data: Path | None, num_products: int | None) -> Store:
    """Open a catalogue, once in a process.

    Raises:
        DataError: if the data is not as published.
    """
    if data is not None:
        return open_store(find_files(data, num_products), num_products)
    assert num_products is not None
    files = find_files(embedded_folder(num_products), num_products)
    return open_store(files, num_products, is_embedded=True)


@lru_cache(maxsize=KEPT_SHOPS)
def open_shop(options: ShopOptions) -> Shop:
    """Open a shop, once in a process.

    Raises:
        DataError: if the data is not as published.
        BadOption: if there is no such noun function.
    """
    return Shop(options)
