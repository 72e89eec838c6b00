"""Challenging questions: windows, set operations, correlated subqueries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from agentgym_envs.bird.domains.asking import (
    Candidate,
    Link,
    World,
    a,
    explain,
    group_filter,
    name_of,
    present,
)
from agentgym_envs.bird.domains.dates import (
    days_between,
    growth,
    longest_gap,
    running_total,
    weekend,
)

_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def above_own_average(world: World) -> Iterator[Candidate]:
    """Rows above the average of their like: a correlated subquery."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            for part in table.of_kind("group"):
                for f in world.filters(table, 1, "day"):
                    yield Candidate(
                        f"Give the {label.noun} of every {table.one} {f.words} whose "
                        f"{column.noun} is above the average of all {table.many} with "
                        f"the same {part.noun}.",
                        f"SELECT T1.{label.sql} FROM {table.sql} AS T1 "
                        f"WHERE {f.sql('T1.')} AND T1.{column.sql} > "
                        f"(SELECT AVG(T2.{column.sql}) FROM {table.sql} AS T2 "
                        f"WHERE T2.{part.sql} = T1.{part.sql})",
                        explain(f),
                    )


def best_of_each(world: World) -> Iterator[Candidate]:
    """The best of each group: a window."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            for part in table.of_kind("group"):
                place = world.draw.between(1, 3)
                most = "highest" if place == 1 else f"{_ORDINALS[place]} highest"
                yield Candidate(
                    f"For each known {part.noun}, which {table.one} has the {most} "
                    f"{column.noun}? Give the {part.noun} and the {label.noun}; equal "
                    "values share a place.",
                    f"SELECT {part.sql}, {label.sql} FROM (SELECT {part.sql}, "
                    f"{label.sql}, DENSE_RANK() OVER (PARTITION BY {part.sql} "
                    f"ORDER BY {column.sql} DESC) AS place FROM {table.sql}"
                    f"{present(part, column)}) WHERE place = {place}",
                )


def nth(world: World) -> Iterator[Candidate]:
    """A place in an order: a window."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            for f in world.filters(table, 2, "group"):
                place = world.draw.between(2, 5)
                yield Candidate(
                    f"Among the {table.many} {f.words}, give the {label.noun} of those "
                    f"with the {_ORDINALS[place]} highest {column.noun}, where equal "
                    "values share a place.",
                    f"SELECT {label.sql} FROM (SELECT {label.sql}, DENSE_RANK() OVER "
                    f"(ORDER BY {column.sql} DESC) AS place FROM {table.sql} "
                    f"WHERE {f.sql()}) WHERE place = {place}",
                    explain(f),
                )


def both_kinds(world: World) -> Iterator[Candidate]:
    """Parents with one kind of children and (or but not) another: set operations."""
    for link in world.links():
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        for column in link.child.of_kind("group"):
            values = sorted(set(world.values(link.child, column)), key=str)
            for one, other in world.draw.shuffled(list(permutations(values, 2)))[:3]:
                first, second = group_filter(column, one), group_filter(column, other)
                together = world.draw.random() < 0.5
                words = "as well as" if together else "but no"
                operator = "INTERSECT" if together else "EXCEPT"
                ref = link.column.sql
                yield Candidate(
                    f"Which {link.parent.many} have {link.child.many} {first.words} "
                    f"{words} {link.child.many} {second.words}? Give the {label.noun}.",
                    f"SELECT {label.sql} FROM {link.parent.sql} WHERE {identity} IN "
                    f"(SELECT {ref} FROM {link.child.sql} WHERE {first.sql()} "
                    f"{operator} "
                    f"SELECT {ref} FROM {link.child.sql} WHERE {second.sql()})",
                    explain(first, second),
                )


def _chains(world: World) -> Iterator[tuple[Link, Link]]:
    links = list(world.links())
    for lower in links:
        for upper in links:
            if lower.parent is upper.child and upper.parent is not lower.child:
                yield lower, upper


def two_joins(world: World) -> Iterator[Candidate]:
    """Children, parents and grandparents."""
    for lower, upper in _chains(world):
        tables = (
            f"{upper.parent.sql} AS T1 INNER JOIN {upper.child.sql} AS T2 "
            f"ON T1.{upper.parent.columns[0].sql} = T2.{upper.column.sql} "
            f"INNER JOIN {lower.child.sql} AS T3 "
            f"ON T2.{lower.parent.columns[0].sql} = T3.{lower.column.sql}"
        )
        words = (
            f"{lower.child.many} {lower.column.where} {lower.parent.many} "
            f"{upper.column.where}"
        )
        for f in world.filters(upper.parent, 3):
            yield Candidate(
                f"How many {words} {upper.parent.many} {f.words} are there?",
                f"SELECT COUNT(*) FROM {tables} WHERE {f.sql('T1.')}",
                explain(f),
            )
        label = name_of(upper.parent)
        for f in world.filters(lower.child, 2):
            yield Candidate(
                f"Counting the {lower.child.many} {f.words}, for each "
                f"{upper.parent.one} that has any, how many are {lower.column.where} "
                f"{lower.parent.many} {upper.column.where} it? "
                f"Give the {label.noun} and the number.",
                f"SELECT T1.{label.sql}, COUNT(*) FROM {tables} "
                f"WHERE {f.sql('T3.')} GROUP BY T1.{upper.parent.columns[0].sql}",
                explain(f),
            )


def more_than_usual(world: World) -> Iterator[Candidate]:
    """Parents with more children than the average: a common table expression."""
    for link in world.links():
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        for f in world.filters(link.parent, 3):
            yield Candidate(
                f"Give the {label.noun} of every {link.parent.one} {f.words} that has "
                f"more {link.child.many} than the average {link.parent.one} that has "
                "any.",
                f"WITH numbers AS (SELECT {link.column.sql} AS parent, "
                f"COUNT(*) AS number FROM {link.child.sql} "
                f"WHERE {link.column.sql} IS NOT NULL GROUP BY {link.column.sql}) "
                f"SELECT T1.{label.sql} FROM {link.parent.sql} AS T1 "
                f"INNER JOIN numbers AS T2 ON T1.{identity} = T2.parent "
                f"WHERE {f.sql('T1.')} "
                "AND T2.number > (SELECT AVG(number) FROM numbers)",
                explain(f),
            )


def share_per_group(world: World) -> Iterator[Candidate]:
    """The share of rows under a condition, per value."""
    for table in world.domain.tables:
        for part in table.of_kind("group"):
            for f in world.filters(table, 2):
                if f.column is part:
                    continue
                share = f"SUM(CASE WHEN {f.sql()} THEN 1 ELSE 0 END)"
                yield Candidate(
                    f"For each known {part.noun}, what percentage of its {table.many} "
                    f"are {table.many} {f.words}? Give the {part.noun} and the "
                    "percentage, rounded to two decimals.",
                    f"SELECT {part.sql}, ROUND({share} * 100.0 / COUNT(*), 2) "
                    f"FROM {table.sql}{present(part)} GROUP BY {part.sql}",
                    explain(f, "percentage = part * 100.0 / whole"),
                )


def difference(world: World) -> Iterator[Candidate]:
    """How much more children some parents have than others."""
    for link in world.links():
        for column in link.parent.of_kind("group"):
            values = sorted(set(world.values(link.parent, column)), key=str)
            for one, other in world.draw.shuffled(list(permutations(values, 2)))[:2]:
                first, second = group_filter(column, one), group_filter(column, other)
                counted = [
                    f"SUM(CASE WHEN {f.sql('T1.')} THEN 1 ELSE 0 END)"
                    for f in (first, second)
                ]
                words = f"{link.child.many} {link.column.where} {link.parent.many}"
                yield Candidate(
                    f"By how much does the number of {words} {first.words} exceed that "
                    f"of {words} {second.words}? It may be negative.",
                    f"SELECT {counted[0]} - {counted[1]} FROM {link.join}",
                    explain(first, second),
                )


def either(world: World) -> Iterator[Candidate]:
    """Names from two tables: a union."""
    for one, other in combinations(world.listed(), 2):
        first, second = name_of(one), name_of(other)
        filters = zip(world.filters(one, 1), world.filters(other, 1), strict=True)
        for f, g in filters:
            yield Candidate(
                f"In one list, give the {first.noun} of every {one.one} {f.words} and "
                f"the {second.noun} of every {other.one} {g.words}.",
                f"SELECT {first.sql} FROM {one.sql} WHERE {f.sql()} UNION "
                f"SELECT {second.sql} FROM {other.sql} WHERE {g.sql()}",
                explain(f, g),
            )


def owner_of_extreme(world: World) -> Iterator[Candidate]:
    """The parents of the highest value: a subquery with the same joins."""
    for link in world.links():
        label = name_of(link.parent)
        for column in link.child.of_kind("measure"):
            for f in world.filters(link.parent, 1, "group"):
                yield Candidate(
                    f"Among the {link.parent.many} {f.words}, which have "
                    f"{a(link.child.one)} whose {column.noun} is the highest of all "
                    f"{link.child.many} {link.column.where} such {link.parent.many}? "
                    f"Give the {label.noun}.",
                    f"SELECT DISTINCT T1.{label.sql} FROM {link.join} "
                    f"WHERE {f.sql('T1.')} AND T2.{column.sql} = "
                    f"(SELECT MAX(T2.{column.sql}) FROM {link.join} "
                    f"WHERE {f.sql('T1.')})",
                    explain(f),
                )


PATTERNS = (
    above_own_average,
    both_kinds,
    best_of_each,
    two_joins,
    days_between,
    more_than_usual,
    growth,
    running_total,
    share_per_group,
    longest_gap,
    weekend,
    nth,
    difference,
    either,
    owner_of_extreme,
)
