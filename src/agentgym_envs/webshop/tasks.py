"""The items of WebShop: the goals of a shop, and their splits."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from agentgym_envs.errors import DataError
from agentgym_envs.published import read_items
from agentgym_envs.tasks import UNLISTED, Split, Task, TaskSet
from agentgym_envs.webshop.goals import cumulated, draw_weighted
from agentgym_envs.webshop.shop import Shop, ShopOptions, open_shop

PREFIX = "webshop"
# WebShop's own splits of its human goals: 500 for testing, 1,000 for development.
ORIGINAL_TEST = range(500)
ORIGINAL_TRAIN_FROM = 1500
PARTS = ("train", "test")
SUFFIXES = (".json", ".jsonl")
KEPT_LISTS = 8

_SPLITS = (UNLISTED, "train", "test")


class Lists:
    """Which goals belong to which split.

    Args:
        count: The number of goals.
        train: Data indexes of the training items, ascending.
        test: Those of the test items.
    """

    def __init__(self, count: int, train: Iterable[int], test: Iterable[int]) -> None:
        self.train, self.test = array("i", train), array("i", test)
        self._codes = bytearray(count)
        for split in (self.test, self.train):
            for index in split:
                self._codes[index] = 1 if split is self.train else 2

    def split_of(self, index: int) -> str:
        """The split of a goal."""
        return _SPLITS[self._codes[index]]


@lru_cache(maxsize=KEPT_LISTS)
def open_lists(shop: Shop) -> Lists:
    """Give the splits of a shop: published, the original's, or by product.

    Raises:
        DataError: if a published list is not as it should be.
    """
    data, count = shop.options.data, len(shop.goals)
    place = data and _published(data)
    if place:
        items = read_items(
            place, [PREFIX], index_of=lambda _, n: n if n < count else None
        )
        return Lists(count, items.train, items.test)
    if data and shop.options.goals == "upstream" and count > ORIGINAL_TRAIN_FROM:
        return Lists(count, range(ORIGINAL_TRAIN_FROM, count), ORIGINAL_TEST)
    held = shop.goals.held_out()
    return Lists(count, np.flatnonzero(~held).tolist(), np.flatnonzero(held).tolist())


def _published(data: Path) -> Path | None:
    """The folder where AgentGym's item lists lie beside the products, if they do."""
    names = [f"{PREFIX}_{split}{suffix}" for split in PARTS for suffix in SUFFIXES]
    for place in (data, data / "data"):
        if any((place / name).is_file() for name in names):
            return place
    return None


@lru_cache(maxsize=KEPT_LISTS)
def _weighted(shop: Shop, split: Split) -> tuple[list[int], list[float]]:
    """The items of a split, and the running sums of the original's weights."""
    lists = open_lists(shop)
    if split == "all":
        indexes = sorted({*lists.train, *lists.test})
    else:
        indexes = list(lists.train if split == "train" else lists.test)
    chances = shop.goals.chances()
    return indexes, cumulated([chances[index] for index in indexes])


class WebShopTasks(TaskSet):
    """The goals of a shop; an index is a place in the original's shuffled list.

    Args:
        shop: The shop.
        split: Which items this sequence shows.
        negative: Whether negative indexes count from the end, as in the original.
    """

    def __init__(self, shop: Shop, *, split: Split, negative: bool) -> None:
        self._shop = shop
        self._lists = lists = open_lists(shop)
        self._negative = negative
        # Both splits together are often all there is; then no list is needed.
        count = len(shop.goals)
        is_whole = split == "all" and len(lists.train) + len(lists.test) == count
        try:
            super().__init__(
                prefix=PREFIX,
                train=lists.train,
                test=lists.test,
                split="train" if is_whole and lists.train else split,
            )
        except DataError as error:
            raise DataError(f"{error}; it has {count} goals in all") from None
        if is_whole:
            self.split, self._indexes = split, range(count)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self._shop.options, self.split, self._negative)

    def _exists(self, index: int) -> bool:
        count = len(self._shop.goals)
        return (-count if self._negative else 0) <= index < count

    def _range(self) -> str:
        return f"0..{len(self._shop.goals) - 1}"

    def split_of(self, index: int) -> str:
        """The split of the goal with this index."""
        return self._lists.split_of(index)

    def _build(self, index: int, split: str) -> Task:
        goal = self._shop.goals.goal(index % len(self._shop.goals))
        payload = {"goal": index % len(self._shop.goals), "asin": goal.product.asin}
        return Task(self.id_of(index), index, split, goal.instruction, payload)

    def draw(self, u: float) -> Task:
        """Draw an item of the split as the original weighs goals, for u in [0, 1)."""
        return self._listed(draw_weighted(*_weighted(self._shop, self.split), u))


def _reopen(options: ShopOptions, split: Split, negative: bool) -> WebShopTasks:
    return WebShopTasks(open_shop(options), split=split, negative=negative)
