"""Kinds of columns, and the making of a domain's tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from agentgym_envs.bird.clock import NOW
from agentgym_envs.bird.domains.model import (
    Column,
    Domain,
    Draw,
    Maker,
    Row,
    Table,
    Value,
    readable,
)
from agentgym_envs.bird.domains.words import FIRST_NAMES, SURNAMES

VERSION = 1  # of the embedded data; another number makes other rows and questions
_TRIES = 50  # to draw a row whose key is new

Rows = dict[str, list[dict[str, Value]]]


def key(name: str, pattern: str = "") -> Column:
    """Number the rows from 1, or from a pattern such as ``"B{:03}"``."""

    def make(row: Row) -> Value:
        number = row.number + 1
        return pattern.format(number) if pattern else number

    return Column(
        name=name, kind="key", type="TEXT" if pattern else "INTEGER", make=make
    )


def label(name: str, noun: str, make: Maker | Sequence[str]) -> Column:
    """The name of a row: from a list in its order, or made up."""
    return Column(name=name, kind="label", type="TEXT", noun=noun, make=_maker(make))


def person(name: str = "full_name", noun: str = "full name") -> Column:
    """The name of a person."""

    def make(row: Row) -> Value:
        return f"{row.draw.pick(FIRST_NAMES)} {row.draw.pick(SURNAMES)}"

    return label(name, noun, make)


def group(
    name: str,
    noun: str,
    where: str,
    values: Sequence[Value] | Mapping[str, str],
    *,
    missing: float = 0.0,
) -> Column:
    """One of a few values, the first more often than the last."""
    codes = values if isinstance(values, Mapping) else {}
    options = list(values)

    def make(row: Row) -> Value:
        return options[row.draw.skewed(len(options))]

    is_text = isinstance(options[0], str)
    return Column(
        name=name,
        kind="group",
        type="TEXT" if is_text else "INTEGER",
        noun=noun,
        where=where,
        codes=codes,
        missing=missing,
        make=make,
    )


def measure(
    name: str,
    noun: str,
    low: float,
    high: float,
    *,
    digits: int = 0,
    missing: float = 0.0,
) -> Column:
    """A number between two, more often a low one."""

    def make(row: Row) -> Value:
        # Two draws make the ends rarer than the middle.
        part = (row.draw.random() + row.draw.random() ** 2) / 2
        value = low + part * (high - low)
        return round(value, digits) if digits else int(value)

    return Column(
        name=name,
        kind="measure",
        type="REAL" if digits else "INTEGER",
        noun=noun,
        missing=missing,
        make=make,
    )


def day(
    name: str, noun: str, where: str, first: str, last: str, *, missing: float = 0.0
) -> Column:
    """A date between two, as ISO text."""
    start = date.fromisoformat(first)
    length = (date.fromisoformat(last) - start).days

    def make(row: Row) -> Value:
        return str(start + timedelta(row.draw.between(0, length)))

    return Column(
        name=name,
        kind="day",
        type="DATE",
        noun=noun,
        where=where,
        missing=missing,
        make=make,
    )


def day_after(
    name: str,
    noun: str,
    where: str,
    other: str,
    low: int,
    high: int,
    *,
    ahead: bool = False,
    missing: float = 0.0,
) -> Column:
    """A date some days after that in another column; missing if it is yet to come.

    Dates that are known beforehand, ``ahead``, may lie in the future.
    """

    def make(row: Row) -> Value:
        start = row.values[other]
        if start is None:
            return None
        days = low + int(row.draw.random() ** 2 * (high - low + 1))
        end = str(date.fromisoformat(str(start)) + timedelta(days))
        return end if ahead or end < NOW else None

    return Column(
        name=name,
        kind="day",
        type="DATE",
        noun=noun,
        where=where,
        missing=missing,
        make=make,
    )


def ref(
    name: str, to: str, where: str, *, even: bool = False, missing: float = 0.0
) -> Column:
    """A row of another table, some more often than others, some never."""

    def make(row: Row) -> Value:
        rows = row.tables[to]
        place = row.draw.below(len(rows)) if even else row.draw.skewed(len(rows))
        # Scattered, so that the favourites are not those with the lowest numbers.
        target = rows[(place * 7 + 3) % len(rows)] if len(rows) % 7 else rows[place]
        return next(iter(target.values()))

    return Column(
        name=name,
        kind="ref",
        type="",  # that of the key
        where=where,
        to=to,
        missing=missing,
        make=make,
    )


def plain(
    name: str, make: Maker | Sequence[str], *, type: str = "TEXT", missing: float = 0.0
) -> Column:
    """A column that no question asks about, or only whether it is there."""
    return Column(
        name=name,
        kind="plain",
        type=type,
        noun=readable(name),
        missing=missing,
        make=_maker(make),
    )


def email(row: Row) -> Value:
    """An address after the name in the row's ``full_name``."""
    parts = str(row.values["full_name"]).lower().split()
    word = "".join(c for c in ".".join(parts) if c.isascii())
    return f"{word}@{row.draw.pick(('example.com', 'example.org', 'example.net'))}"


def phone(row: Row) -> Value:
    """A telephone number."""
    draw = row.draw
    return (
        f"+{draw.between(30, 59)} {draw.between(100, 999)} {draw.between(1000, 9999)}"
    )


def numbered(word: str) -> Maker:
    """A word and a number: ``"Hall 3"``."""
    return lambda row: f"{word} {row.number + 1}"


def pairs(first: Sequence[str], second: Sequence[str], glue: str = " ") -> Maker:
    """Two words, every pair once before any comes again."""

    def make(row: Row) -> Value:
        # The step is prime to the number of pairs where that has no factor of it.
        number = row.number * 37 % (len(first) * len(second))
        return f"{first[number % len(first)]}{glue}{second[number // len(first)]}"

    return make


def _maker(make: Maker | Sequence[str]) -> Maker:
    if callable(make):
        return make
    words = make
    return lambda row: words[row.number % len(words)]


def make_rows(domain: Domain) -> Rows:
    """Fill the tables of a domain, always with the same rows."""
    tables: Rows = {}
    for table in domain.tables:
        draw = Draw(f"bird {VERSION} {domain.name} {table.name}")
        tables[table.name] = list(_rows(table, draw, tables).values())
    return tables


def _rows(
    table: Table, draw: Draw, tables: Rows
) -> dict[tuple[Value, ...], dict[str, Value]]:
    rows: dict[tuple[Value, ...], dict[str, Value]] = {}
    for number in range(table.rows):
        for _ in range(_TRIES):
            row = Row(draw, number, {}, tables)
            for column in table.columns:
                value = column.make(row)
                if column.missing and draw.random() < column.missing:
                    value = None
                row.values[column.name] = value
            names = table.key or ()
            taken = tuple(row.values[name] for name in names) or (number,)
            if taken not in rows:
                rows[taken] = row.values
                break
    return rows


def build(domain: Domain, rows: Rows) -> sqlite3.Connection:
    """Write the tables into a database in memory."""
    connection = sqlite3.connect(":memory:")
    for table in domain.tables:
        connection.execute(create_statement(domain, table))
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(
            f"INSERT INTO {table.sql} VALUES ({marks})",
            [tuple(row.values()) for row in rows[table.name]],
        )
    connection.commit()
    return connection


def create_statement(domain: Domain, table: Table) -> str:
    """Declare a table."""
    lines = []
    for column in table.columns:
        kind = column.type
        if column.kind == "ref":
            kind = domain.table(column.to).columns[0].type
        alone = " PRIMARY KEY" if table.key == (column.name,) else ""
        # A date that follows a missing one is missing too.
        may_lack = column.missing or column.kind == "day"
        needed = "" if alone or may_lack else " NOT NULL"
        lines.append(f"{column.sql} {kind}{alone}{needed}")
    if len(table.key) > 1:
        names = ", ".join(table.column(name).sql for name in table.key)
        lines.append(f"PRIMARY KEY ({names})")
    for column in table.of_kind("ref"):
        target = domain.table(column.to)
        lines.append(
            f"FOREIGN KEY ({column.sql}) REFERENCES "
            f"{target.sql} ({target.columns[0].sql})"
        )
    body = ",\n    ".join(lines)
    return f"CREATE TABLE {table.sql} (\n    {body}\n)"
