"""From episodes to numbers: per task, per family, and over all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import gymnasium

from agentgym_policies.evaluate import Record, Settings, versions
from agentgym_policies.intervals import wilson

TOTAL = "total"
ALL_TASKS = "all tasks"
LISTED_FAILURES = 50  # in the Markdown report; the episode file has all of them
HEADINGS = (
    "family",
    "task",
    "items",
    "success",
    "95 % interval",
    "score",
    "steps",
    "steps/s",
    "crashed",
)
NUMBERS = HEADINGS[2:]  # the columns that are aligned to the right


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The numbers of a task, a family, or everything.

    Crashed episodes are counted, and are in none of the other numbers. Where an
    item is played several times, its episodes are no independent trials: the
    interval is that of as many trials as there are items.
    """

    family: str
    task: str
    items: int
    episodes: int
    crashed: int
    success_rate: float | None
    interval: tuple[float, float]
    mean_score: float | None
    mean_return: float | None
    mean_steps: float | None
    steps_per_second: float | None
    """The environment's own speed: only the time inside ``env.step``."""
    end_reasons: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """The row by field, without the means that no episode gives."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values["interval"] = list(self.interval)
        return {key: value for key, value in values.items() if value is not None}

    def texts(self) -> list[str]:
        """The row for people, a text per heading."""
        low, high = self.interval
        return [
            self.family,
            self.task,
            f"{self.items:,}",
            _percent(self.success_rate),
            f"{_percent(low)} – {_percent(high)}" if self.items else "–",
            _number(self.mean_score, "{:.3f}"),
            _number(self.mean_steps, "{:.1f}"),
            _number(self.steps_per_second, "{:,.0f}"),
            str(self.crashed) if self.crashed else "–",
        ]


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation's result."""

    settings: Settings
    tasks: list[Row]
    families: list[Row]
    """One row for each family with several tasks."""
    total: Row
    crashes: list[Record]
    unsolved: list[Record]

    @property
    def rows(self) -> list[Row]:
        """All rows in the order of a table: a family's own after its tasks."""
        rows = []
        subtotals = {row.family: row for row in self.families}
        for family, group in groupby(self.tasks, key=lambda row: row.family):
            rows += [*group, *([subtotals[family]] if family in subtotals else [])]
        return [*rows, self.total]

    def to_json(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "settings": self.settings.to_json(),
            "hash": self.settings.digest,
            "versions": versions(),
            "tasks": [row.to_json() for row in self.tasks],
            "families": [row.to_json() for row in self.families],
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
        settings = self.settings
        horizon = "each environment's own" if not settings.horizon else settings.horizon
        most = f"at most {settings.items}" if settings.items else "a sample of the"
        lines = [
            f"# Evaluation of the policy `{settings.policy}`",
            "",
            f"Split `{settings.split}`, {most} items per task, "
            f"{settings.episodes} episode(s) per item, seed {settings.seed}, "
            f"parity {'on' if settings.parity else 'off'}, horizon: {horizon}.",
            "",
            *_markdown_table(HEADINGS, [row.texts() for row in self.rows]),
            "",
            "success: share of the episodes that solved their task, with Wilson's "
            "interval; score: mean, in [0, 1]; steps: mean per episode; steps/s: of "
            "the environment alone. Crashed episodes are in none of these.",
            "",
        ]
        lines += _section("Crashed", self.crashes)
        lines += _section("Not solved", self.unsolved)
        lines += ["## Versions", ""]
        lines += [f"- {name} {version}" for name, version in versions().items()]
        lines += [f"- settings {settings.digest}", ""]
        return "\n".join(lines)


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
    tasks, families = [], []
    for family, in_family in groupby(records, key=lambda r: name_of(r.env_id)[0]):
        members = list(in_family)
        rows = [
            row_of(*name_of(env_id), list(group))
            for env_id, group in groupby(members, key=lambda r: r.env_id)
        ]
        tasks += rows
        if len(rows) > 1:
            families.append(row_of(family, ALL_TASKS, members))
    crashes = [record for record in records if record.crashed]
    unsolved = [r for r in records if not (r.success or r.crashed)]
    total = row_of(TOTAL, "", records)
    return Report(settings, tasks, families, total, crashes, unsolved)


def name_of(env_id: str) -> tuple[str, str]:
    """Split an id into family and task.

    >>> name_of("agentgym/BabyAI.Open-v0"), name_of("agentgym/Maze-v0")
    (('BabyAI', 'Open'), ('Maze', 'Maze'))
    """
    name = gymnasium.envs.registration.parse_env_id(env_id.rpartition(":")[2])[1]
    family, _, task = name.partition(".")
    return family, task or family


def row_of(family: str, task: str, records: Sequence[Record]) -> Row:
    """Work out the numbers of some episodes."""
    played = [record for record in records if not record.crashed]
    items = len({(record.env_id, record.item_id) for record in played})
    rate = _mean([float(record.success) for record in played])
    steps = sum(record.steps for record in played)
    seconds = math.fsum(record.duration for record in played)
    return Row(
        family=family,
        task=task,
        items=items,
        episodes=len(played),
        crashed=len(records) - len(played),
        success_rate=rate,
        interval=wilson((rate or 0.0) * items, items),
        mean_score=_mean([record.score for record in played]),
        mean_return=_mean([record.total_reward for record in played]),
        mean_steps=_mean([float(record.steps) for record in played]),
        steps_per_second=round(steps / seconds, 1) if seconds else None,
        end_reasons=dict(sorted(Counter(r.end_reason for r in records).items())),
    )


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _natural(record: Record) -> tuple[str, int, str, int]:
    """Order items by their number, so that item 10 comes after item 9."""
    prefix, _, number = record.item_id.rpartition("_")
    place = int(number) if number.isdecimal() else 0
    return prefix, place, record.item_id, record.episode


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


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


def _markdown_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[str]:
    rules = ["---:" if heading in NUMBERS else "---" for heading in headings]
    return [f"| {' | '.join(cells)} |" for cells in (headings, rules, *rows)]
