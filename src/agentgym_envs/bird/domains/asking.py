"""The material of questions: filters with their words, relations, and candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agentgym_envs.bird.domains.making import Rows
from agentgym_envs.bird.domains.model import (
    Column,
    Domain,
    Draw,
    Table,
    Value,
    literal,
)

Difficulty = Literal["simple", "moderate", "challenging"]

_VOWELS = "aeiou"


class Candidate(NamedTuple):
    """A question that may be asked, if its answer turns out to be worth asking for."""

    text: str
    sql: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a table, in words and in SQL.

    Args:
        words: What follows the table's plural: "living in Oslo".
        column: What it looks at.
        test: The SQL, with ``@`` for the column.
        evidence: What the words mean, where they need it.
    """

    words: str
    column: Column
    test: str
    evidence: str = ""

    def sql(self, alias: str = "") -> str:
        """The condition, with the column of an alias such as ``T1.``."""
        return self.test.replace("@", alias + self.column.sql)


class Link(NamedTuple):
    """A table whose rows belong to those of another."""

    child: Table
    column: Column
    parent: Table

    @property
    def join(self) -> str:
        """Both tables: the parent as ``T1``, the child as ``T2``."""
        return (
            f"{self.parent.sql} AS T1 INNER JOIN {self.child.sql} AS T2 "
            f"ON T1.{self.parent.columns[0].sql} = T2.{self.column.sql}"
        )


@dataclass(frozen=True, slots=True)
class World:
    """A domain with its rows, as questions are asked of it."""

    domain: Domain
    rows: Rows
    draw: Draw

    def values(self, table: Table, column: Column) -> list[Value]:
        """What a column holds, without what is missing."""
        found = (row[column.name] for row in self.rows[table.name])
        return [value for value in found if value is not None]

    def links(self) -> Iterator[Link]:
        """The relations whose parents have names."""
        for child in self.domain.tables:
            refs = child.of_kind("ref")
            for column in refs:
                parent = self.domain.table(column.to)
                # Two references to one table would need words that tell them apart.
                alone = sum(c.to == column.to for c in refs) == 1
                if parent.label and alone and parent is not child:
                    yield Link(child, column, parent)

    def listed(self) -> list[Table]:
        """The tables whose rows have names."""
        return [table for table in self.domain.tables if table.label]

    def filters(
        self, table: Table, count: int, *kinds: Literal["group", "measure", "day"]
    ) -> list[Filter]:
        """Draw filters, each on another column as far as these go."""
        wanted = kinds or ("group", "measure", "day")
        columns = [c for kind in wanted for c in table.of_kind(kind)]
        found: dict[str, Filter] = {}
        for column in self.draw.shuffled(columns * -(-count // max(1, len(columns)))):
            made = self._filter(table, column)
            found.setdefault(made.words, made)
        return list(found.values())[:count]

    def _filter(self, table: Table, column: Column) -> Filter:
        draw, values = self.draw, self.values(table, column)
        if column.kind == "group":
            return group_filter(column, draw.pick(values))
        if column.kind == "measure":
            bound = sorted(values, key=_number)[
                int(len(values) * (0.3 + 0.5 * draw.random()))
            ]
            above = draw.random() < 0.6
            words = f"whose {column.noun} is {'above' if above else 'below'} {bound}"
            return Filter(words, column, f"@ {'>' if above else '<'} {bound}")
        date = str(draw.pick(values))
        if draw.random() < 0.6:
            year = date[:4]
            test = f"strftime('%Y', @) = '{year}'"
            evidence = f"in {year} refers to strftime('%Y', {column.name}) = '{year}'"
            return Filter(f"{column.where} in {year}", column, test, evidence)
        if draw.random() < 0.5:
            return Filter(f"{column.where} after {date}", column, f"@ > '{date}'")
        return Filter(f"{column.where} before {date}", column, f"@ < '{date}'")

    def both(self, table: Table) -> list[tuple[Filter, ...]]:
        """Draw pairs of filters that read well after each other."""
        first = self.filters(table, 4, "group")
        second = self.filters(table, 4, "day", "measure")
        return list(zip(first, second, strict=False))

    def has_one_top(self, values: list[Value], count: int, *, highest: bool) -> bool:
        """Whether the first of the ordered values are these and no others."""
        ordered = sorted(values, key=_number, reverse=highest)
        return len(ordered) > count and ordered[count - 1] != ordered[count]

    def children(self, link: Link) -> Counter[Value]:
        """How many children each parent has that has any."""
        return Counter(self.values(link.child, link.column))


def group_filter(column: Column, value: Value) -> Filter:
    """The filter for one value of a group."""
    test = f"@ = {literal(value)}"
    words = column.codes.get(str(value))
    if words is None:
        return Filter(column.where.format(value), column, test)
    evidence = f"{words} refers to {column.name} = {literal(value)}"
    return Filter(words, column, test, evidence)


def explain(*parts: Filter | str) -> str:
    """Join what needs to be known."""
    texts = [part if isinstance(part, str) else part.evidence for part in parts]
    return "; ".join(dict.fromkeys(text for text in texts if text))


def a(noun: str) -> str:
    """A noun with its article."""
    return f"{'an' if noun[0].lower() in _VOWELS else 'a'} {noun}"


def name_of(table: Table) -> Column:
    """The label of a table that has one."""
    column = table.label
    assert column is not None
    return column


def present(*columns: Column, alias: str = "") -> str:
    """The condition that columns are not missing; empty where they never are."""
    tests = [f"{alias}{c.sql} IS NOT NULL" for c in columns if _may_lack(c)]
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def _may_lack(column: Column) -> bool:
    return bool(column.missing) or column.kind == "day"


def _number(value: Value) -> tuple[float, str]:
    if isinstance(value, int | float):
        return float(value), ""
    return 0.0, str(value)
