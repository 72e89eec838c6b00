"""The report of an evaluation: per task, split, difficulty and family, and over all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import gymnasium

from agentgym_envs import SPECS
from agentgym_policies.evaluate import Settings, versions
from agentgym_policies.record import Record
from agentgym_policies.rows import NUMBERS, TIMINGS, Row, row_of, table_of

TOTAL = "total"
ALL_TASKS = "all tasks"
LISTED_FAILURES = 50  # in the Markdown report; the episode file has all of them
GROUPS = {spec.id for spec in SPECS if spec.is_group}
EXPLANATION = (
    "success: share of the episodes that solved their task, with the 95 % bootstrap "
    "interval over items (Wilson's, where all items agree); score: mean, in [0, 1]; "
    "return and steps: mean per episode; invalid: share of the steps; wall: of the "
    "whole run; steps/s: of the environment alone. Crashed episodes are in none of "
    "the means."
)


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation's result."""

    settings: Settings
    tasks: list[Row]
    families: list[Row]
    """One row for each family with several tasks."""
    splits: list[Row]
    """Per family and split, where several splits were played."""
    difficulties: list[Row]
    """Per family and difficulty, where items tell how hard they are."""
    total: Row
    records: list[Record]
    """All episodes, in the order of the settings and items."""

    @property
    def crashes(self) -> list[Record]:
        """The episodes that tell nothing about the policy."""
        return [record for record in self.records if record.crashed]

    @property
    def unsolved(self) -> list[Record]:
        """The episodes that were played and not solved."""
        return [r for r in self.records if not (r.success or r.crashed)]

    @property
    def rows(self) -> list[Row]:
        """All rows in the order of a table: a family's own after its tasks."""
        rows = []
        subtotals = {row.family: row for row in self.families}
        for family, group in groupby(self.tasks, key=lambda row: row.family):
            rows += [*group, *([subtotals[family]] if family in subtotals else [])]
        return [*rows, self.total]

    @property
    def overview(self) -> list[Row]:
        """A row per family, and the total."""
        several = {row.family: row for row in self.families}
        families = dict.fromkeys(row.family for row in self.tasks)
        single = {row.family: row for row in self.tasks}
        return [*(several.get(name, single[name]) for name in families), self.total]

    def numbers(self) -> dict[str, Any]:
        """What a repetition of the evaluation gives again, to the last digit."""
        parts = {
            "tasks": self.tasks,
            "families": self.families,
            "splits": self.splits,
            "difficulties": self.difficulties,
            "total": [self.total],
        }
        return {
            name: [
                {k: v for k, v in row.to_json().items() if k not in TIMINGS}
                for row in rows
            ]
            for name, rows in parts.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "settings": self.settings.to_json(),
            "hash": self.settings.digest,
            "versions": versions(),
            "tasks": [row.to_json() for row in self.tasks],
            "families": [row.to_json() for row in self.families],
            "splits": [row.to_json() for row in self.splits],
            "difficulties": [row.to_json() for row in self.difficulties],
            "total": self.total.to_json(),
            "crashes": [
                {
                    "env_id": record.env_id,
                    "item_id": record.item_id,
                    "episode": record.episode,
                    "error": record.error,
                }
                for record in self.crashes
            ],
        }

    def to_markdown(self) -> str:
        """The report for people."""
        lines = [
            f"# Evaluation of the policy `{self.settings.policy}`",
            "",
            said_of(self.settings),
            "",
            *_markdown_table(self.rows),
            "",
            EXPLANATION,
            "",
        ]
        for title, rows in (("Splits", self.splits), ("Difficulty", self.difficulties)):
            if rows:
                lines += [f"## {title}", "", *_markdown_table(rows), ""]
        lines += _section("Crashed", self.crashes)
        lines += _section("Not solved", self.unsolved)
        lines += ["## Versions", ""]
        lines += [f"- {name} {version}" for name, version in versions().items()]
        lines += [f"- settings {self.settings.digest}", ""]
        return "\n".join(lines)


def said_of(settings: Settings) -> str:
    """Say in a line what was played."""
    if settings.suite:
        most = f"suite {settings.suite}" + (
            f", at most {settings.items} items per family" if settings.items else ""
        )
        horizon: object = "the suite's"
    else:
        most = f"at most {settings.items}" if settings.items else "a sample of the"
        most += " items per task"
        horizon = "each environment's own"
    return (
        f"Split `{settings.split}`, {most}, {settings.episodes} episode(s) per item, "
        f"seed {settings.seed}, parity {'on' if settings.parity else 'off'}, "
        f"horizon: {settings.horizon or horizon}, "
        f"data: {', '.join(sorted(settings.data)) or 'embedded'}."
    )


def summarise(settings: Settings, records: Iterable[Record]) -> Report:
    """Make the report of all episodes, whatever order they were played in."""
    names = [name_of(env_id)[0] for env_id in settings.env_ids]
    # By family, wherever its ids stand: each has one block of rows.
    order = {
        env_id: (names.index(family), place)
        for place, (env_id, family) in enumerate(
            zip(settings.env_ids, names, strict=True)
        )
    }
    records = sorted(records, key=lambda r: (order[r.env_id], _natural(r)))
    tasks: list[Row] = []
    families: list[Row] = []
    splits: list[Row] = []
    difficulties: list[Row] = []
    for family, in_family in groupby(records, key=lambda r: name_of(r.env_id)[0]):
        members = list(in_family)
        rows = _rows(settings, family, members, task_of)
        tasks += rows
        if len(rows) > 1:
            families.append(row_of(family, ALL_TASKS, members, seed=settings.seed))
        of_splits = _rows(settings, family, members, lambda record: record.split)
        splits += of_splits if len(of_splits) > 1 else []
        difficulties += _rows(settings, family, members, lambda r: r.difficulty)
    total = row_of(TOTAL, "", records, seed=settings.seed)
    return Report(settings, tasks, families, splits, difficulties, total, records)


def _rows(
    settings: Settings,
    family: str,
    records: Sequence[Record],
    name: Callable[[Record], str],
) -> list[Row]:
    """A row for each name that episodes have, in the order of their first one."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        if name(record):
            groups.setdefault(name(record), []).append(record)
    return [
        row_of(family, task, group, seed=settings.seed)
        for task, group in groups.items()
    ]


def name_of(env_id: str) -> tuple[str, str]:
    """Split an id into family and task.

    >>> name_of("agentgym/BabyAI.Open-v0"), name_of("agentgym/Maze-v0")
    (('BabyAI', 'Open'), ('Maze', 'Maze'))
    """
    name = gymnasium.envs.registration.parse_env_id(env_id.rpartition(":")[2])[1]
    family, _, task = name.partition(".")
    return family, task or family


def task_of(record: Record) -> str:
    """The task of an episode; an id that stands for a family has one per item."""
    if record.env_id in GROUPS and record.task:
        return record.task
    return name_of(record.env_id)[1]


def _natural(record: Record) -> tuple[str, int, str, int]:
    """Order items by their number, so that item 10 comes after item 9."""
    prefix, _, number = record.item_id.rpartition("_")
    place = int(number) if number.isdecimal() else 0
    return prefix, place, record.item_id, record.episode


def _section(title: str, records: Sequence[Record]) -> list[str]:
    if not records:
        return []
    lines = [f"## {title}: {len(records):,}", ""]
    for record in records[:LISTED_FAILURES]:
        reason = f": {record.error}" if record.error else ""
        text = f"`{record.env_id}` `{record.item_id}` {record.end_reason}{reason}"
        lines.append("- " + " ".join(text.split()))
    if len(records) > LISTED_FAILURES:
        lines.append("- and more; see the file of episodes")
    return [*lines, ""]


def _markdown_table(rows: Sequence[Row]) -> list[str]:
    headings, texts = table_of(rows)
    rules = ["---:" if heading in NUMBERS else "---" for heading in headings]
    return [f"| {' | '.join(cells)} |" for cells in (headings, rules, *texts)]
