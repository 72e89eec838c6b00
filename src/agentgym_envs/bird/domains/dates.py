"""Questions about time, moderate and challenging: years, gaps, days of the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from agentgym_envs.bird.domains.asking import (
    Candidate,
    World,
    explain,
    name_of,
    present,
)
from agentgym_envs.bird.domains.model import Column, Table


def by_year(world: World) -> Iterator[Candidate]:
    """Counts per year, and the fullest month."""
    for table in world.domain.tables:
        for column in table.of_kind("day"):
            year = f"strftime('%Y', {column.sql})"
            evidence = f"year refers to strftime('%Y', {column.name})"
            yield Candidate(
                f"For each year, how many {table.many} are there {column.where} in it? "
                "Give the year and the number.",
                f"SELECT {year}, COUNT(*) FROM {table.sql}{present(column)} "
                f"GROUP BY {year}",
                evidence,
            )
            counts = Counter(str(v)[5:7] for v in world.values(table, column))
            if world.has_one_top([*counts.values()], 1, highest=True):
                month = f"strftime('%m', {column.sql})"
                yield Candidate(
                    f"Going by the {column.noun}, which month of the year, from 01 to "
                    f"12, has the most {table.many}?",
                    f"SELECT {month} FROM {table.sql}{present(column)} "
                    f"GROUP BY {month} ORDER BY COUNT(*) DESC LIMIT 1",
                    f"month refers to strftime('%m', {column.name})",
                )


def latest_per_parent(world: World) -> Iterator[Candidate]:
    """The last date among each parent's children."""
    for link in world.links():
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        for column in link.child.of_kind("day"):
            for f in world.filters(link.parent, 1, "group"):
                yield Candidate(
                    f"For each {link.parent.one} {f.words} that has "
                    f"{link.child.many}, give the {label.noun} and the latest "
                    f"{column.noun} among those.",
                    f"SELECT T1.{label.sql}, MAX(T2.{column.sql}) FROM {link.join} "
                    f"WHERE {f.sql('T1.')} GROUP BY T1.{identity}",
                    explain(f),
                )


def running_total(world: World) -> Iterator[Candidate]:
    """Sums up to each year: a window over a group."""
    for table in world.domain.tables:
        for column in table.of_kind("day"):
            for f in world.filters(table, 2, "group", "measure"):
                year = f"strftime('%Y', {column.sql})"
                known = f" AND {column.sql} IS NOT NULL"
                yield Candidate(
                    f"Counting the {table.many} {f.words}, how many are there "
                    f"{column.where} up to the end of each year? Give each year that "
                    "has any, and the running total.",
                    f"SELECT {year}, SUM(COUNT(*)) OVER (ORDER BY {year}) "
                    f"FROM {table.sql} WHERE {f.sql()}{known} GROUP BY {year}",
                    explain(f, f"year refers to strftime('%Y', {column.name})"),
                )


def growth(world: World) -> Iterator[Candidate]:
    """Years that were better than the one before: LAG."""
    for table in world.domain.tables:
        for column in table.of_kind("day"):
            for f in (None, *world.filters(table, 2, "group")):
                year = f"strftime('%Y', {column.sql})"
                words = f"{table.many} {f.words}" if f else table.many
                test = f" AND {f.sql()}" if f else ""
                yield Candidate(
                    f"Going by the {column.noun}, in which years were there more "
                    f"{words} than in the year before that has any?",
                    f"SELECT year FROM (SELECT {year} AS year, COUNT(*) AS number, "
                    f"LAG(COUNT(*)) OVER (ORDER BY {year}) AS before "
                    f"FROM {table.sql} WHERE {column.sql} IS NOT NULL{test} "
                    f"GROUP BY {year}) WHERE number > before",
                    explain(*([f] if f else []), "the year before is taken by LAG"),
                )


def _day_pairs(table: Table) -> Iterator[tuple[Column, Column]]:
    yield from combinations(table.of_kind("day"), 2)


def days_between(world: World) -> Iterator[Candidate]:
    """Lengths of time: date arithmetic."""
    for table in world.domain.tables:
        for first, second in _day_pairs(table):
            length = f"julianday({second.sql}) - julianday({first.sql})"
            evidence = (
                "days between refers to "
                f"julianday({second.name}) - julianday({first.name})"
            )
            for f in world.filters(table, 3, "group"):
                yield Candidate(
                    f"How many days lie on average between {first.noun} and "
                    f"{second.noun} of the {table.many} {f.words}, where both are "
                    "known? Round to two decimals.",
                    f"SELECT ROUND(AVG({length}), 2) FROM {table.sql} "
                    f"WHERE {f.sql()} AND {first.sql} IS NOT NULL "
                    f"AND {second.sql} IS NOT NULL",
                    explain(f, evidence),
                )
                bound = world.draw.pick((3, 5, 7, 10, 14, 21, 30, 60))
                yield Candidate(
                    f"For how many {table.many} {f.words} do more than {bound} days "
                    f"lie between {first.noun} and {second.noun}?",
                    f"SELECT COUNT(*) FROM {table.sql} "
                    f"WHERE {f.sql()} AND {length} > {bound}",
                    explain(f, evidence),
                )


def weekend(world: World) -> Iterator[Candidate]:
    """The share of dates at the weekend: date arithmetic."""
    for table in world.domain.tables:
        for column in table.of_kind("day"):
            evidence = (
                "a Saturday or Sunday refers to "
                f"strftime('%w', {column.name}) IN ('6', '0')"
            )
            test = f"strftime('%w', {column.sql}) IN ('6', '0')"
            for f in world.filters(table, 2, "group"):
                yield Candidate(
                    f"Of the {table.many} {f.words} with a known {column.noun}, what "
                    "percentage has it on a Saturday or Sunday? "
                    "Round to two decimals.",
                    f"SELECT ROUND(SUM(CASE WHEN {test} THEN 1 ELSE 0 END) * 100.0 "
                    f"/ COUNT(*), 2) FROM {table.sql} "
                    f"WHERE {f.sql()} AND {column.sql} IS NOT NULL",
                    explain(f, evidence),
                )


def longest_gap(world: World) -> Iterator[Candidate]:
    """The longest time between two dates in a row: LAG and date arithmetic."""
    for link in world.links():
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        for column in link.child.of_kind("day"):
            for f in world.filters(link.parent, 2, "group"):
                yield Candidate(
                    f"For each {link.parent.one} {f.words} with {link.child.many} on "
                    f"at least two occasions, give the {label.noun} and the longest "
                    f"time in days between one {column.noun} and the next.",
                    f"SELECT name, MAX(gap) FROM (SELECT T1.{identity} AS id, "
                    f"T1.{label.sql} AS name, julianday(T2.{column.sql}) - "
                    f"LAG(julianday(T2.{column.sql})) OVER (PARTITION BY "
                    f"T1.{identity} ORDER BY T2.{column.sql}) AS gap "
                    f"FROM {link.join} WHERE {f.sql('T1.')} "
                    f"AND T2.{column.sql} IS NOT NULL) "
                    "WHERE gap IS NOT NULL GROUP BY id",
                    explain(f, "the time between two dates is a julianday difference"),
                )
