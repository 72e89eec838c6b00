"""Generated tables: stocks, scores, tasks, orders and attendance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from agentgym_envs.draws import between, choose, sample
from agentgym_envs.sheet.cells import GENERAL, Cell, Value
from agentgym_envs.sheet.words import PRIORITIES, STATUSES, SUBJECTS, WORDS

MONEY, WHOLE, SCORE = "0.00", "0", "0.0"


class Table(NamedTuple):
    """A table before it is in a sheet.

    Args:
        name: Of the sheet.
        header: The names of the columns.
        formats: Their number formats.
        rows: The values.
    """

    name: str
    header: tuple[str, ...]
    formats: tuple[str, ...]
    rows: list[list[Value]]

    def cells(self) -> list[list[Cell]]:
        """The table as cells, the header first."""
        head = [Cell(name) for name in self.header]
        body = [
            [
                Cell(value, number_format)
                for value, number_format in zip(row, self.formats, strict=True)
            ]
            for row in self.rows
        ]
        return [head, *body]

    def column(self, name: str) -> int:
        """The number of a column, from 0."""
        return self.header.index(name)

    def values(self, name: str) -> list[Value]:
        """All values of a column."""
        place = self.column(name)
        return [row[place] for row in self.rows]


def stock(rng: Random, split: str, rows: int) -> Table:
    """Draw a stock of products with different quantities, prices and ratings."""
    words = WORDS[split]
    kinds = [
        (product, kind)
        for kind, products in words.products.items()
        for product in products
    ]
    quantities = different(rng, 5, 160, rows)
    prices = different(rng, 10, 700, rows)
    ratings = different(rng, 20, 50, rows)
    drawn = sample(rng, kinds, rows)
    body: list[list[Value]] = [
        [
            product,
            kind,
            price / 10,
            float(quantity),
            between(rng, 0, 5) / 20,
            choose(rng, words.shops),
            rating / 10,
        ]
        for (product, kind), quantity, price, rating in zip(
            drawn, quantities, prices, ratings, strict=True
        )
    ]
    header = "Product", "Category", "Price", "Quantity", "Discount", "Shop", "Rating"
    formats = GENERAL, GENERAL, MONEY, WHOLE, MONEY, GENERAL, SCORE
    return Table("Stock", header, formats, body)


def scores(rng: Random, split: str, rows: int, *, subjects: int = 4) -> Table:
    """Draw the scores of a class; within a subject all are different."""
    names = sample(rng, WORDS[split].people, rows)
    chosen = sample(rng, SUBJECTS, subjects)
    columns = [different(rng, 50, 99, rows) for _ in chosen]
    body: list[list[Value]] = [
        [name, f"Class {between(rng, 1, 3)}", *(float(column[n]) for column in columns)]
        for n, name in enumerate(names)
    ]
    header = "Name", "Class", *chosen
    return Table("Scores", header, (GENERAL, GENERAL, *[WHOLE] * subjects), body)


def tasks(rng: Random, split: str, rows: int) -> Table:
    """Draw a list of tasks with different estimated hours."""
    words = WORDS[split]
    names = sample(rng, words.tasks, rows)
    hours = different(rng, 1, 40, rows)
    body: list[list[Value]] = [
        [
            name,
            choose(rng, words.people),
            choose(rng, STATUSES),
            choose(rng, PRIORITIES),
            float(hour),
        ]
        for name, hour in zip(names, hours, strict=True)
    ]
    header = "Task", "Responsible", "Status", "Priority", "Hours"
    return Table("Tasks", header, (*[GENERAL] * 4, WHOLE), body)


def orders(rng: Random, split: str, rows: int) -> Table:
    """Draw orders of products, whose amounts are still to be worked out."""
    words = WORDS[split]
    products = [p for some in words.products.values() for p in some]
    units = different(rng, 2, 60, rows)
    body: list[list[Value]] = [
        [
            f"O-{number}",
            choose(rng, words.people),
            product,
            float(count),
            between(rng, 4, 160) / 4,
            None,
        ]
        for number, product, count in zip(
            different(rng, 1000, 9999, rows),
            sample(rng, products, rows),
            units,
            strict=True,
        )
    ]
    header = "Order", "Customer", "Product", "Units", "Unit Price", "Amount"
    return Table("Orders", header, (*[GENERAL] * 3, WHOLE, MONEY, MONEY), body)


def attendance(rng: Random, split: str, rows: int) -> Table:
    """Draw how many days people were present and absent."""
    names = sample(rng, WORDS[split].people, rows)
    present = different(rng, 3, 60, rows)
    body: list[list[Value]] = [
        [
            name,
            choose(rng, ("Red", "Blue", "Green")),
            float(days),
            float(between(rng, 0, 9)),
        ]
        for name, days in zip(names, present, strict=True)
    ]
    header = "Name", "Team", "Present", "Absent"
    return Table("Attendance", header, (GENERAL, GENERAL, WHOLE, WHOLE), body)


def different(rng: Random, low: int, high: int, count: int) -> list[int]:
    """Draw different whole numbers."""
    return sample(rng, range(low, high + 1), count)


def listed(rows: Sequence[Sequence[Value]]) -> str:
    """Write rows into a goal, numbers as people write them."""
    return "; ".join(
        " ".join((f"{v:g}" if isinstance(v, float) else str(v)) for v in row)
        for row in rows
    )
