"""Goals: what people want to buy, in the order that item numbers mean.

The draws follow the original call by call: Python's generator with the seed 233 for
price limits and, begun anew, for the order of all goals.
"""

from __future__ import annotations

import random
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.errors import DataError
from agentgym_envs.webshop.products import Product, Wish
from agentgym_envs.webshop.store import NO_INSTRUCTION, Store

GoalKind = Literal["synthetic", "agentgym", "upstream"]

GOAL_SEED = 233
LIMITS = tuple(10.0 * n for n in range(1, 100))  # dollars
NO_LIMIT = 1_000_000.0  # dollars
CANDIDATES = 4  # limits above the price that a goal may have
MOST_GOALS = 50_000_000
KEPT_GOALS = 4096
KEPT_LISTS = 4
LONGEST_SEARCH = 3000  # characters; an action has at most 4,096

_NO_BRACKETS = str.maketrans("[]", "  ")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person wants to buy."""

    row: int
    product: Product
    """The product that the wish was made up for."""
    instruction: str
    attributes: tuple[str, ...]
    options: dict[str, str] | tuple[str, ...]
    """By the name of their group in synthetic goals, bare in human ones."""
    price_upper: float
    """Dollars; `NO_LIMIT` if any price will do."""

    @property
    def wanted(self) -> tuple[str | tuple[str, str], ...]:
        """The options as the original compares them."""
        if isinstance(self.options, dict):
            return tuple(self.options.items())
        return self.options

    def option_texts(self) -> list[str]:
        """The options in words."""
        if isinstance(self.options, dict):
            return [f"{name}: {value}" for name, value in self.options.items()]
        return list(self.options)


def plain(text: str) -> str:
    """Words that stay whole between the brackets of an action.

    >>> plain("Lamp [new]")
    'Lamp new'
    """
    return " ".join(text.translate(_NO_BRACKETS).split())[:LONGEST_SEARCH].strip()


def draw_prices(store: Store, rng: random.Random) -> list[float]:
    """Give each product its one price, drawn where it has a range."""
    return [
        low if isnan(high) else rng.uniform(low, high)
        for low, high in store.ranges.tolist()
    ]


def limits_above(price: float) -> tuple[float, ...]:
    """The first four limits above a price."""
    first = bisect_right(LIMITS, price)
    return LIMITS[first : first + CANDIDATES]


def _draw_limit(price: float, rng: random.Random) -> float:
    limits = limits_above(price)
    return max(rng.sample(limits, 2)) if len(limits) >= 2 else NO_LIMIT


class GoalList:
    """All goals of a catalogue; they are built when asked for.

    Args:
        store: The catalogue.
        kind: Synthetic goals; or human ones, one per limit as in AgentGym, or one per
            instruction as in WebShop itself.
        price_seed: Seeds the prices of products with a range, and then the limits of
            ``upstream`` goals, for which the original has no seed.

    Raises:
        DataError: if the catalogue has no such goals.
    """

    def __init__(self, store: Store, kind: GoalKind, price_seed: int) -> None:
        self._store = store
        self._kind = kind
        rng = random.Random(price_seed)
        self.prices = draw_prices(store, rng)
        # One entry per synthetic instruction or human wish: its product, which wish of
        # that product, the limit if it is drawn, and where its goals begin.
        self._rows, self._numbers = array("i"), array("i")
        self._limits, self._starts = array("d"), array("q", [0])
        total = 0
        for row, number, limit, goals in self._entries(rng):
            self._rows.append(row)
            self._numbers.append(number)
            self._limits.append(limit)
            total += goals
            self._starts.append(total)
            if total > MOST_GOALS:
                raise DataError(f"this data has more than {MOST_GOALS:,} goals")
        if not total:
            raise DataError("no product of this data has an instruction")
        places = list(range(total))
        random.Random(GOAL_SEED).shuffle(places)
        self._order = array("i", places)
        self.goal = lru_cache(maxsize=KEPT_GOALS)(self._build)

    def __len__(self) -> int:
        return len(self._order)

    def _entries(self, rng: random.Random) -> Iterator[tuple[int, int, float, int]]:
        """Product, wish, limit and number of goals, in the catalogue's order."""
        if self._kind == "synthetic":
            rng = random.Random(GOAL_SEED)
            for row, goals in enumerate(self._store.combinations.tolist()):
                if goals != NO_INSTRUCTION:
                    yield row, 0, _draw_limit(self.prices[row], rng), goals
            return
        for row, wishes in enumerate(self._store.wishes.tolist()):
            price = self.prices[row]
            for number in range(wishes):
                if self._kind == "upstream":
                    yield row, number, _draw_limit(price, rng), 1
                    continue
                copies = len(limits_above(price))
                # Prices near the greatest limit give four equal goals without one.
                yield row, number, NO_LIMIT, copies if copies >= 2 else CANDIDATES

    def _locate(self, index: int) -> tuple[int, int]:
        """The entry of a goal, and which of the entry's goals it is."""
        place = self._order[index]
        entry = bisect_right(self._starts, place) - 1
        return entry, place - self._starts[entry]

    def _entries_of_goals(self) -> NDArray[np.intp]:
        """The entry of each goal."""
        starts, order = np.asarray(self._starts), np.asarray(self._order)
        found: NDArray[np.intp] = np.searchsorted(starts, order, side="right") - 1
        return found

    def held_out(self) -> NDArray[np.bool_]:
        """Which goals are for testing."""
        rows = np.asarray(self._rows)[self._entries_of_goals()]
        held: NDArray[np.bool_] = self._store.held_out[rows]
        return held

    def row_of(self, index: int) -> int:
        """The row of the product that a goal was made up for."""
        return self._rows[self._locate(index)[0]]

    def _build(self, index: int) -> Goal:
        entry, number = self._locate(index)
        row, limit = self._rows[entry], self._limits[entry]
        product = self._store.product(row)
        if self._kind == "synthetic":
            assert product.instruction is not None
            options = _combination(product, number)
            extra = ", and ".join(f"{name}: {value}" for name, value in options.items())
            text = (
                f"{product.instruction} with {extra}" if extra else product.instruction
            )
            return Goal(
                row,
                product,
                text + _limit_text(limit),
                product.instruction_attributes,
                options,
                limit,
            )
        wish = _wish(product, self._numbers[entry])
        if self._kind == "agentgym":
            limits = limits_above(self.prices[row])
            limit = limits[number] if len(limits) >= 2 else NO_LIMIT
        text = wish.instruction.strip(".") + _limit_text(limit)
        return Goal(row, product, text, wish.attributes, wish.options, limit)

    def weights(self) -> list[float]:
        """What the original draws goals by: rare attributes weigh more."""
        if self._kind != "synthetic":
            return [1.0] * len(self)
        goals_with: Counter[str] = Counter()
        attributes: list[tuple[str, ...]] = []
        for entry, row in enumerate(self._rows):
            attributes.append(self._store.product(row).instruction_attributes)
            goals = self._starts[entry + 1] - self._starts[entry]
            # One that is listed twice counts twice, as in the original.
            for attribute in attributes[-1]:
                goals_with[attribute] += goals
        of_entry = [
            sum(1.0 / max(1, goals_with[name]) for name in names) / len(names)
            for names in attributes
        ]
        return [of_entry[entry] for entry in self._entries_of_goals().tolist()]

    def chances(self) -> list[float]:
        """The weight with which the original really draws each goal.

        It is off by one: the first goal is never drawn, each other one has the weight
        of the goal before it, and the last one has its own weight, too.
        """
        weights = self.weights()
        chances = [0.0, *weights[:-1]]
        chances[-1] += weights[-1]
        return chances


@lru_cache(maxsize=KEPT_LISTS)
def open_goals(store: Store, kind: GoalKind, price_seed: int) -> GoalList:
    """Give the goals of a catalogue, once in a process.

    Raises:
        DataError: if the catalogue has no such goals.
    """
    return GoalList(store, kind, price_seed)


def draw_weighted(indexes: list[int], sums: list[float], u: float) -> int:
    """Pick an index by cumulated weights, for u in [0, 1)."""
    return indexes[min(bisect_right(sums, u * sums[-1]), len(indexes) - 1)]


def cumulated(chances: list[float]) -> list[float]:
    """Running sums, or those of equal weights if all are zero."""
    sums = list(accumulate(chances))
    return sums if sums[-1] > 0 else list(accumulate(1.0 for _ in chances))


def _limit_text(limit: float) -> str:
    if limit == NO_LIMIT:
        return ""
    return f", and price lower than {limit:.2f} dollars"


def _wish(product: Product, number: int) -> Wish:
    """The human wishes that count are those that name an attribute."""
    return [wish for wish in product.wishes if wish.attributes][number]


def _combination(product: Product, number: int) -> dict[str, str]:
    """The values of a combination, of which the last group's change fastest."""
    chosen = {}
    for name in sorted(product.options, reverse=True):
        values = product.options[name]
        number, place = divmod(number, len(values))
        chosen[name] = values[place]
    return dict(reversed(chosen.items()))
