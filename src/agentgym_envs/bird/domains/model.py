"""What a domain is: tables and columns, with the words that questions need."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeVar

from agentgym_envs.bird.schema import Schema

Value = int | float | str | None
Kind = Literal["key", "label", "group", "measure", "day", "ref", "plain"]
T = TypeVar("T")

# Names of ours that SQLite takes for words of its language.
_RESERVED = frozenset({"order", "group", "match", "index", "check", "transaction"})
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


class Draw:
    """Random choices that are the same on every machine and version of Python."""

    def __init__(self, seed: str) -> None:
        # Of Python's generator only this method promises to stay as it is.
        self.random = Random(seed).random

    def below(self, limit: int) -> int:
        """Draw from 0..limit-1."""
        return int(self.random() * limit)

    def between(self, low: int, high: int) -> int:
        """Draw from low..high."""
        return low + self.below(high - low + 1)

    def skewed(self, limit: int) -> int:
        """Draw from 0..limit-1, the first more often than the last."""
        return int(self.random() ** 1.7 * limit)

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of these."""
        return options[self.below(len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Put these into a random order."""
        rest = list(options)
        for last in range(len(rest) - 1, 0, -1):
            other = self.below(last + 1)
            rest[last], rest[other] = rest[other], rest[last]
        return rest


@dataclass(slots=True)
class Row:
    """A row while it is made, with what it may depend on."""

    draw: Draw
    number: int
    """From 0 up, in its table."""
    values: dict[str, Value]
    """The columns before this one."""
    tables: Mapping[str, list[dict[str, Value]]]
    """The tables before this one."""


Maker = Callable[[Row], Value]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column, its values, and how one speaks of them.

    Args:
        name: In SQL.
        kind: What questions may ask of it.
        type: As declared.
        make: Gives the value of a row.
        noun: What it is: "number of pages".
        where: What follows the table's plural: "living in {}" for a group, "who
            joined" for a day, "made by" for a reference.
        codes: For a group with values that don't speak for themselves: the words that
            take the place of each.
        missing: The share of rows without a value.
        to: The table that a reference refers to, by its only key column.
    """

    name: str
    kind: Kind
    type: str
    make: Maker
    noun: str = ""
    where: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    missing: float = 0.0
    to: str = ""

    @property
    def sql(self) -> str:
        """The name as it stands in a statement."""
        return quoted(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table, and what one and many of its rows are called."""

    name: str
    one: str
    many: str
    rows: int
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The name as it stands in a statement."""
        return quoted(self.name)

    @property
    def label(self) -> Column | None:
        """The column by which people name a row."""
        return next((c for c in self.columns if c.kind == "label"), None)

    def of_kind(self, kind: Kind) -> list[Column]:
        """The columns of a kind."""
        return [column for column in self.columns if column.kind == kind]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True, eq=False)
class Domain:
    """A database to be made."""

    name: str
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """The table of this name."""
        return next(table for table in self.tables if table.name == name)

    @property
    def schema(self) -> Schema:
        """The entry that published data would have for it."""
        places = [(-1, "*")]
        keys: list[tuple[int, ...]] = []
        at: dict[tuple[str, str], int] = {}
        for number, table in enumerate(self.tables):
            for column in table.columns:
                at[table.name, column.name] = len(places)
                places.append((number, column.name))
            if table.key:
                keys.append(tuple(at[table.name, name] for name in table.key))
        refs = [
            (at[table.name, column.name], at[column.to, self.table(column.to).key[0]])
            for table in self.tables
            for column in table.of_kind("ref")
        ]
        return Schema(
            self.name,
            tuple(readable(table.name) for table in self.tables),
            tuple((number, readable(name)) for number, name in places),
            tuple(table.name for table in self.tables),
            tuple(name for _, name in places),
            tuple(keys),
            tuple(refs),
        )


def readable(name: str) -> str:
    """A name for people."""
    return name.replace("_", " ").lower()


def quoted(name: str) -> str:
    """A name for SQL."""
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    return f'"{name}"'


def literal(value: Value) -> str:
    """A value for SQL."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else repr(value)
