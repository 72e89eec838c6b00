"""The report as one HTML page that needs nothing else: no server, no network.

As on the page of trajectories, texts stand in the page as data, are shown as text and
never as markup, and the content security policy runs no script but the page's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentgym_policies.evaluate import versions
from agentgym_policies.folder import TRAJECTORIES_PAGE
from agentgym_policies.record import Record
from agentgym_policies.report import EXPLANATION, Report, said_of, task_of
from agentgym_policies.rows import NUMBERS, Row, table_of
from agentgym_wrappers.viewer.page import assemble

# What a column is sorted by, where that is not the text that it shows.
KEYS: dict[str, Callable[[Row], float | None]] = {
    "items": lambda row: row.items,
    "success": lambda row: row.success_rate,
    "95 % interval": lambda row: row.interval[0],
    "pass@k": lambda row: max(row.pass_at.values(), default=None),
    "score": lambda row: row.mean_score,
    "original": lambda row: row.mean_original_score,
    "return": lambda row: row.mean_return,
    "steps": lambda row: row.mean_steps,
    "invalid": lambda row: row.invalid_rate,
    "tokens": lambda row: row.prompt_tokens + row.completion_tokens,
    "cost": lambda row: row.cost,
    "wall": lambda row: row.wall_seconds,
    "steps/s": lambda row: row.steps_per_second,
    "crashed": lambda row: row.crashed,
}


def write_report_page(
    path: str | os.PathLike[str], report: Report, places: Mapping[int, int]
) -> None:
    """Write the page; the file is there whole, or as before.

    Args:
        path: The HTML file.
        report: What it shows.
        places: By an episode's seed, its place on the page of trajectories, which lies
            beside this one; episodes without a place have no link.
    """
    title = f"Evaluation of {report.settings.policy}"
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    told = told_of(report, places)
    try:
        draft.write_bytes(
            assemble(__package__, "report.html", "report.css", "report.js", told, title)
        )
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def told_of(report: Report, places: Mapping[int, int]) -> dict[str, Any]:
    """What the page is told.

    | Key | Value |
    |---|---|
    | `said`, `explanation` | texts |
    | `tables` | by name: ``headings``, ``numbers`` (which are), ``rows`` |
    | `charts` | by name, the rows that are drawn |
    | `episodes` | see `_episode` |
    | `viewer` | the page of trajectories |
    | `versions` | by package |
    """
    tables = {
        "Families": report.overview,
        "Tasks": report.rows if len(report.families) else [],
        "Splits": report.splits,
        "Difficulty": report.difficulties,
    }
    charts = {
        "families": report.overview,
        "tasks": report.tasks if len(report.families) else [],
        "difficulty": report.difficulties,
    }
    return {
        "said": said_of(report.settings),
        "explanation": EXPLANATION,
        "total": report.total.to_json(),
        "tables": {name: _table(rows) for name, rows in tables.items() if rows},
        "charts": {name: list(map(_drawn, rows)) for name, rows in charts.items()},
        "episodes": [_episode(record, places) for record in report.records],
        "viewer": TRAJECTORIES_PAGE if places else "",
        "versions": versions(),
        "hash": report.settings.digest,
    }


def _table(rows: Sequence[Row]) -> dict[str, Any]:
    headings, texts = table_of(rows)
    keys = [[_key(heading, row) for heading in headings] for row in rows]
    return {
        "headings": headings,
        "numbers": [heading in NUMBERS for heading in headings],
        "rows": [
            {"texts": said, "keys": by, "is_sum": row.family == "total"}
            for said, by, row in zip(texts, keys, rows, strict=True)
        ],
    }


def _key(heading: str, row: Row) -> str | float | None:
    if heading in KEYS:
        return KEYS[heading](row)
    return row.family if heading == "family" else row.task


def _drawn(row: Row) -> dict[str, Any]:
    return {
        "name": row.family,
        "task": row.task if row.task != row.family else "",
        "items": row.items,
        "rate": row.success_rate,
        "interval": row.interval,
        "score": row.mean_score,
        "score_interval": row.score_interval,
        "ends": row.end_reasons,
        "pass_at": row.pass_at,
    }


def _episode(record: Record, places: Mapping[int, int]) -> dict[str, Any]:
    """One episode; what is unknown is left out."""
    values = {
        "task": task_of(record),
        "item": record.item_id,
        "episode": record.episode,
        "end": record.end_reason,
        "success": None if record.crashed else record.success,
        "score": None if record.crashed else record.score,
        "return": None if record.crashed else record.total_reward,
        "steps": record.steps,
        "invalid": record.invalid_actions,
        "tokens": record.prompt_tokens + record.completion_tokens or None,
        "cost": record.cost or None,
        "error": record.error or None,
        "place": None if record.crashed else places.get(record.seed),
    }
    return {key: value for key, value in values.items() if value is not None}
