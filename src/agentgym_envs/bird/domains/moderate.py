"""Moderate questions: joins, groups, shares, and subqueries that stand alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agentgym_envs.bird.domains.asking import (
    Candidate,
    World,
    a,
    explain,
    name_of,
    present,
)
from agentgym_envs.bird.domains.dates import (
    by_year,
    latest_per_parent,
)
from agentgym_envs.bird.domains.model import literal


def group_count(world: World) -> Iterator[Candidate]:
    """Counts per value."""
    for table in world.domain.tables:
        for column in table.of_kind("group"):
            for f in world.filters(table, 2, "day", "measure"):
                known = f" AND {column.sql} IS NOT NULL" if column.missing else ""
                yield Candidate(
                    f"For each {column.noun} that occurs, how many {table.many} "
                    f"{f.words} are there? Give the {column.noun} and the number.",
                    f"SELECT {column.sql}, COUNT(*) FROM {table.sql} "
                    f"WHERE {f.sql()}{known} GROUP BY {column.sql}",
                    explain(f),
                )


def group_average(world: World) -> Iterator[Candidate]:
    """Averages per value."""
    for table in world.domain.tables:
        for column in table.of_kind("group"):
            for value in table.of_kind("measure"):
                yield Candidate(
                    f"What is the average {value.noun} of the {table.many} for each "
                    f"known {column.noun}? Give the {column.noun} and the average, "
                    "rounded to two decimals.",
                    f"SELECT {column.sql}, ROUND(AVG({value.sql}), 2) "
                    f"FROM {table.sql}{present(column)} GROUP BY {column.sql}",
                )


def group_at_least(world: World) -> Iterator[Candidate]:
    """Values that are frequent enough."""
    for table in world.domain.tables:
        for column in table.of_kind("group"):
            counts = sorted(Counter(world.values(table, column)).values())
            bound = counts[len(counts) // 2]
            yield Candidate(
                f"List every {column.noun} that at least {bound} {table.many} have.",
                f"SELECT {column.sql} FROM {table.sql}{present(column)} "
                f"GROUP BY {column.sql} HAVING COUNT(*) >= {bound}",
            )


def most_common(world: World) -> Iterator[Candidate]:
    """The most or least frequent value."""
    for table in world.domain.tables:
        for column in table.of_kind("group"):
            counts = Counter(world.values(table, column))
            if column.codes or len(counts) < 3:
                continue
            for word, order in (("most", "DESC"), ("least", "ASC")):
                values = list(counts.values())
                if world.has_one_top([*values], 1, highest=order == "DESC"):
                    yield Candidate(
                        f"Which {column.noun} is the {word} common one among all "
                        f"{table.many}?",
                        f"SELECT {column.sql} FROM {table.sql}{present(column)} "
                        f"GROUP BY {column.sql} ORDER BY COUNT(*) {order} LIMIT 1",
                    )


def joined_count(world: World) -> Iterator[Candidate]:
    """Rows whose parent meets a condition."""
    for link in world.links():
        for f in world.filters(link.parent, 4):
            yield Candidate(
                f"How many {link.child.many} {link.column.where} {link.parent.many} "
                f"{f.words} are there?",
                f"SELECT COUNT(*) FROM {link.join} WHERE {f.sql('T1.')}",
                explain(f),
            )


def joined_both(world: World) -> Iterator[Candidate]:
    """Parents and children under conditions."""
    for link in world.links():
        filters = zip(
            world.filters(link.parent, 3, "group"),
            world.filters(link.child, 3, "day", "measure"),
            strict=False,
        )
        label = name_of(link.parent)
        for of_parent, of_child in filters:
            yield Candidate(
                f"Give the {label.noun} of every {link.parent.one} {of_parent.words} "
                f"that has {link.child.many} {of_child.words}.",
                f"SELECT DISTINCT T1.{label.sql} FROM {link.join} "
                f"WHERE {of_parent.sql('T1.')} AND {of_child.sql('T2.')}",
                explain(of_parent, of_child),
            )


def joined_names(world: World) -> Iterator[Candidate]:
    """Names of children whose parent meets a condition."""
    for link in world.links():
        if link.child.label is None:
            continue
        label = name_of(link.child)
        for f in world.filters(link.parent, 4):
            yield Candidate(
                f"Give the {label.noun} of every {link.child.one} {link.column.where} "
                f"{a(link.parent.one)} {f.words}.",
                f"SELECT DISTINCT T2.{label.sql} FROM {link.join} WHERE {f.sql('T1.')}",
                explain(f),
            )


def joined_total(world: World) -> Iterator[Candidate]:
    """An average over the children of some parents."""
    for link in world.links():
        for column in link.child.of_kind("measure"):
            for f in world.filters(link.parent, 2, "group"):
                yield Candidate(
                    f"What is the average {column.noun} of the {link.child.many} "
                    f"{link.column.where} {link.parent.many} {f.words}? "
                    "Round to two decimals.",
                    f"SELECT ROUND(AVG(T2.{column.sql}), 2) FROM {link.join} "
                    f"WHERE {f.sql('T1.')}",
                    explain(f),
                )


def of_one_parent(world: World) -> Iterator[Candidate]:
    """How many children a named parent has."""
    for link in world.links():
        label = name_of(link.parent)
        many = Counter(world.values(link.parent, label))
        for row in world.draw.shuffled(world.rows[link.parent.name])[:3]:
            name = row[label.name]
            if many[name] > 1:
                continue
            yield Candidate(
                f'How many {link.child.many} does the {link.parent.one} "{name}" have?',
                f"SELECT COUNT(*) FROM {link.join} "
                f"WHERE T1.{label.sql} = {literal(name)}",
            )


def most_children(world: World) -> Iterator[Candidate]:
    """The parents with the most, or with many, children."""
    for link in world.links():
        counts = list(world.children(link).values())
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        if world.has_one_top([*counts], 1, highest=True):
            yield Candidate(
                f"Which {link.parent.one} has the most {link.child.many}? "
                f"Give the {label.noun}.",
                f"SELECT T1.{label.sql} FROM {link.join} GROUP BY T1.{identity} "
                "ORDER BY COUNT(*) DESC LIMIT 1",
            )
        bound = sorted(counts)[int(len(counts) * (0.5 + world.draw.random() * 0.4))]
        yield Candidate(
            f"Give the {label.noun} of every {link.parent.one} with more than {bound} "
            f"{link.child.many}.",
            f"SELECT T1.{label.sql} FROM {link.join} GROUP BY T1.{identity} "
            f"HAVING COUNT(*) > {bound}",
        )


def no_children(world: World) -> Iterator[Candidate]:
    """Parents with few or no children, or with none of some kind."""
    for link in world.links():
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        yield Candidate(
            f"Which {link.parent.many} have no {link.child.many}? "
            f"Give the {label.noun}.",
            f"SELECT T1.{label.sql} FROM {link.parent.sql} AS T1 "
            f"LEFT JOIN {link.child.sql} AS T2 "
            f"ON T1.{identity} = T2.{link.column.sql} "
            f"WHERE T2.{link.column.sql} IS NULL",
        )
        counts = sorted(world.children(link).values())
        bound = counts[len(counts) // 4]
        yield Candidate(
            f"Which {link.parent.many} have at most {bound} {link.child.many}, or none "
            f"at all? Give the {label.noun}.",
            f"SELECT T1.{label.sql} FROM {link.parent.sql} AS T1 "
            f"LEFT JOIN {link.child.sql} AS T2 "
            f"ON T1.{identity} = T2.{link.column.sql} "
            f"GROUP BY T1.{identity} HAVING COUNT(T2.{link.column.sql}) <= {bound}",
        )
        for f in world.filters(link.child, 2):
            yield Candidate(
                f"Give the {label.noun} of every {link.parent.one} without any "
                f"{link.child.many} {f.words}.",
                f"SELECT {label.sql} FROM {link.parent.sql} AS T1 WHERE NOT EXISTS "
                f"(SELECT 1 FROM {link.child.sql} AS T2 "
                f"WHERE T2.{link.column.sql} = T1.{identity} AND {f.sql('T2.')})",
                explain(f),
            )


def percentage(world: World) -> Iterator[Candidate]:
    """The share of rows under a condition."""
    for table in world.domain.tables:
        for f in world.filters(table, 4):
            share = f"SUM(CASE WHEN {f.sql()} THEN 1 ELSE 0 END)"
            evidence = (
                f"percentage = (number of {table.many} {f.words}) * 100.0 / "
                f"(number of all {table.many})"
            )
            yield Candidate(
                f"Of all {table.many}, what percentage are {table.many} {f.words}? "
                "Round to two decimals.",
                f"SELECT ROUND({share} * 100.0 / COUNT(*), 2) FROM {table.sql}",
                explain(f, evidence),
            )


def above_average(world: World) -> Iterator[Candidate]:
    """Rows above the average of all."""
    for table in world.listed():
        label = name_of(table)
        for column in table.of_kind("measure"):
            average = f"(SELECT AVG({column.sql}) FROM {table.sql})"
            for f in world.filters(table, 2, "group"):
                yield Candidate(
                    f"Give the {label.noun} of every {table.one} {f.words} whose "
                    f"{column.noun} is above the average of all {table.many}.",
                    f"SELECT {label.sql} FROM {table.sql} "
                    f"WHERE {f.sql()} AND {column.sql} > {average}",
                    explain(f),
                )


def total_per_parent(world: World) -> Iterator[Candidate]:
    """The highest value among each parent's children."""
    for link in world.links():
        label, identity = name_of(link.parent), link.parent.columns[0].sql
        for column in link.child.of_kind("measure"):
            if column.missing:
                continue
            for f in world.filters(link.parent, 1, "group"):
                yield Candidate(
                    f"For each {link.parent.one} {f.words} that has "
                    f"{link.child.many}, give the {label.noun} and the highest "
                    f"{column.noun} of those.",
                    f"SELECT T1.{label.sql}, MAX(T2.{column.sql}) FROM {link.join} "
                    f"WHERE {f.sql('T1.')} GROUP BY T1.{identity}",
                    explain(f),
                )


PATTERNS = (
    group_count,
    joined_count,
    most_children,
    joined_both,
    percentage,
    no_children,
    joined_names,
    group_average,
    above_average,
    by_year,
    joined_total,
    most_common,
    of_one_parent,
    total_per_parent,
    group_at_least,
    latest_per_parent,
)
