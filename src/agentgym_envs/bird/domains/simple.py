"""Simple questions: one table, one thought."""

from __future__ import annotations

from collections.abc import Iterator

from agentgym_envs.bird.domains.asking import (
    Candidate,
    World,
    explain,
    name_of,
    present,
)
from agentgym_envs.bird.domains.model import literal


def count(world: World) -> Iterator[Candidate]:
    """Rows under a condition."""
    for table in world.domain.tables:
        for f in world.filters(table, 6):
            text = world.draw.pick(
                (
                    f"How many {table.many} {f.words} are there?",
                    f"Count the {table.many} {f.words}.",
                    f"What is the number of {table.many} {f.words}?",
                )
            )
            sql = f"SELECT COUNT(*) FROM {table.sql} WHERE {f.sql()}"
            yield Candidate(text, sql, explain(f))


def count_both(world: World) -> Iterator[Candidate]:
    """Rows under two conditions."""
    for table in world.domain.tables:
        for first, second in world.both(table):
            yield Candidate(
                f"How many {table.many} {first.words} are there {second.words}?"
                if second.words.startswith("in ")
                else f"Count the {table.many} {first.words} {second.words}.",
                f"SELECT COUNT(*) FROM {table.sql} "
                f"WHERE {first.sql()} AND {second.sql()}",
                explain(first, second),
            )


def names(world: World) -> Iterator[Candidate]:
    """Names under a condition."""
    for table in world.listed():
        label = name_of(table)
        for f in world.filters(table, 6):
            text = world.draw.pick(
                (
                    f"Give the {label.noun} of every {table.one} {f.words}.",
                    f"List the {table.many} {f.words} by {label.noun}.",
                )
            )
            sql = f"SELECT {label.sql} FROM {table.sql} WHERE {f.sql()}"
            yield Candidate(text, sql, explain(f))


def extreme(world: World) -> Iterator[Candidate]:
    """The row with the highest or lowest value."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            for word, order in (("highest", "DESC"), ("lowest", "ASC")):
                values = world.values(table, column)
                if not world.has_one_top(values, 1, highest=order == "DESC"):
                    continue
                yield Candidate(
                    f"Which {table.one} has the {word} {column.noun}? "
                    f"Give the {label.noun}.",
                    f"SELECT {label.sql} FROM {table.sql}{present(column)} "
                    f"ORDER BY {column.sql} {order} LIMIT 1",
                )


def top(world: World) -> Iterator[Candidate]:
    """The rows with the highest values."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            number = world.draw.between(3, 8)
            if world.has_one_top(world.values(table, column), number, highest=True):
                yield Candidate(
                    f"Name the {number} {table.many} with the highest {column.noun}.",
                    f"SELECT {label.sql} FROM {table.sql} "
                    f"ORDER BY {column.sql} DESC LIMIT {number}",
                )


def first_or_last(world: World) -> Iterator[Candidate]:
    """The row with the first or last date."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("day"):
            for word, order in (("earliest", "ASC"), ("latest", "DESC")):
                values = world.values(table, column)
                if world.has_one_top(values, 1, highest=order == "DESC"):
                    yield Candidate(
                        f"Give the {label.noun} of the {table.one} with the {word} "
                        f"{column.noun}.",
                        f"SELECT {label.sql} FROM {table.sql}{present(column)} "
                        f"ORDER BY {column.sql} {order} LIMIT 1",
                    )


def aggregate(world: World) -> Iterator[Candidate]:
    """One number over the rows under a condition."""
    words = (("average", "AVG"), ("highest", "MAX"), ("lowest", "MIN"))
    for table in world.domain.tables:
        for column in table.of_kind("measure"):
            for f in world.filters(table, 3, "group", "day"):
                word, function = world.draw.pick(words)
                value = f"{function}({column.sql})"
                rounded = word == "average"
                ending = "? Round to two decimals." if rounded else "?"
                yield Candidate(
                    f"What is the {word} {column.noun} of the {table.many} {f.words}"
                    f"{ending}",
                    f"SELECT {f'ROUND({value}, 2)' if rounded else value} "
                    f"FROM {table.sql} WHERE {f.sql()}",
                    explain(f),
                )


def different(world: World) -> Iterator[Candidate]:
    """The values that occur under a condition."""
    for table in world.domain.tables:
        for column in table.of_kind("group"):
            for f in world.filters(table, 3, "day", "measure"):
                known = f" AND {column.sql} IS NOT NULL" if column.missing else ""
                yield Candidate(
                    f"List every {column.noun} that occurs among the {table.many} "
                    f"{f.words}.",
                    f"SELECT DISTINCT {column.sql} FROM {table.sql} "
                    f"WHERE {f.sql()}{known}",
                    explain(f),
                )


def missing(world: World) -> Iterator[Candidate]:
    """Rows that lack a value."""
    for table in world.domain.tables:
        for column in table.columns:
            if not column.missing or column.kind == "ref":
                continue
            evidence = f"no recorded {column.noun} means {column.name} IS NULL"
            test = f"{column.sql} IS NULL"
            yield Candidate(
                f"How many {table.many} have no recorded {column.noun}?",
                f"SELECT COUNT(*) FROM {table.sql} WHERE {test}",
                evidence,
            )
            for f in world.filters(table, 2, "group"):
                if f.column is not column:
                    yield Candidate(
                        f"How many {table.many} {f.words} have no recorded "
                        f"{column.noun}?",
                        f"SELECT COUNT(*) FROM {table.sql} WHERE {f.sql()} AND {test}",
                        explain(f, evidence),
                    )


def lookup(world: World) -> Iterator[Candidate]:
    """One value of a row that is named."""
    for table in world.listed():
        label = name_of(table)
        for column in table.columns:
            if column.kind not in ("group", "measure", "day") or column.codes:
                continue
            for row in world.draw.shuffled(world.rows[table.name])[:2]:
                if row[column.name] is None:
                    continue
                name = row[label.name]
                yield Candidate(
                    f'What is the {column.noun} of the {table.one} "{name}"?',
                    f"SELECT {column.sql} FROM {table.sql} "
                    f"WHERE {label.sql} = {literal(name)}",
                )


def beginning(world: World) -> Iterator[Candidate]:
    """Names that begin with a letter."""
    for table in world.listed():
        label = name_of(table)
        letters = sorted({str(v)[0] for v in world.values(table, label)})
        for letter in world.draw.shuffled([c for c in letters if c.isascii()])[:3]:
            evidence = f"begins with {letter} refers to {label.name} LIKE '{letter}%'"
            yield Candidate(
                f'Which {table.many} have a {label.noun} that begins with "{letter}"?',
                f"SELECT {label.sql} FROM {table.sql} "
                f"WHERE {label.sql} LIKE '{letter}%'",
                evidence,
            )


def between(world: World) -> Iterator[Candidate]:
    """Names of rows in a range."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            values = sorted(set(world.values(table, column)), key=lambda v: float(v))  # type: ignore[arg-type]  # a measure holds numbers
            low = values[int(len(values) * 0.6)]
            high = values[int(len(values) * (0.65 + 0.3 * world.draw.random()))]
            yield Candidate(
                f"Give the {label.noun} of every {table.one} whose {column.noun} is "
                f"from {low} to {high}, both included.",
                f"SELECT {label.sql} FROM {table.sql} "
                f"WHERE {column.sql} BETWEEN {low} AND {high}",
            )


PATTERNS = (
    count,
    names,
    extreme,
    aggregate,
    lookup,
    count_both,
    different,
    top,
    first_or_last,
    missing,
    beginning,
    between,
)
