"""From episodes to numbers: one row of a report."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from agentgym_policies.intervals import bootstrap, pass_at, wilson
from agentgym_policies.record import Record
from agentgym_policies.seeds import derive

Interval = tuple[float, float]
NOTHING = "–"
# What another run of the same episodes changes.
TIMINGS = ("steps_per_second", "wall_seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The numbers of a task, a split, a difficulty, a family, or everything.

    Crashed episodes are counted, and their tokens and cost are; they are in none of the
    other numbers. Intervals are of 95 %.
    """

    family: str
    task: str
    """The task, or what else the episodes have in common."""
    items: int
    episodes: int
    crashed: int
    success_rate: float | None
    interval: Interval
    """Of the success rate: the bootstrap over items; where these all agree, and so
    a bootstrap knows no doubt, Wilson's of as many trials as there are items."""
    mean_score: float | None
    score_interval: Interval | None
    mean_original_score: float | None
    """On the original's own scale, where all episodes have it: parity mode."""
    mean_return: float | None
    return_interval: Interval | None
    mean_steps: float | None
    invalid_rate: float | None
    """The share of the steps whose action was invalid."""
    prompt_tokens: int
    completion_tokens: int
    cost: float
    wall_seconds: float
    """What the run took, policy and all."""
    steps_per_second: float | None
    """The environment's own speed: only the time inside ``env.step``."""
    end_reasons: dict[str, int]
    pass_at: dict[str, float] = field(default_factory=dict)
    """By k: how likely one of k episodes of an item succeeds, the mean over all items
    with so many; empty where items were played once."""

    def to_json(self) -> dict[str, Any]:
        """The row by field, without the means that no episode gives."""
        values = asdict(self)
        if not self.pass_at:
            del values["pass_at"]
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in values.items()
            if value is not None
        }


def row_of(family: str, task: str, records: Sequence[Record], *, seed: int = 0) -> Row:
    """Work out the numbers of some episodes.

    Args:
        family: The first column.
        task: The second.
        records: The episodes.
        seed: Of the evaluation; what is drawn for intervals follows from it.
    """
    played = [record for record in records if not record.crashed]
    by_item: dict[tuple[str, str], list[Record]] = {}
    for record in played:
        by_item.setdefault((record.env_id, record.item_id), []).append(record)
    items = list(by_item.values())
    drawing = derive(seed, "bootstrap", family, task)

    def interval(value: Callable[[Record], float]) -> Interval | None:
        groups = [[value(record) for record in item] for item in items]
        return bootstrap(groups, drawing) if items else None

    originals = [record.original_score for record in played]
    steps = sum(record.steps for record in played)
    invalid = sum(record.invalid_actions for record in played)
    seconds = math.fsum(record.duration for record in played)
    return Row(
        family=family,
        task=task,
        items=len(items),
        episodes=len(played),
        crashed=len(records) - len(played),
        success_rate=_mean(float(record.success) for record in played),
        interval=_success_interval(items, drawing),
        mean_score=_mean(record.score for record in played),
        score_interval=interval(lambda record: record.score),
        mean_original_score=_mean_if_all(originals),
        mean_return=_mean(record.total_reward for record in played),
        return_interval=interval(lambda record: record.total_reward),
        mean_steps=_mean(float(record.steps) for record in played),
        invalid_rate=invalid / steps if steps else None,
        prompt_tokens=sum(record.prompt_tokens for record in records),
        completion_tokens=sum(record.completion_tokens for record in records),
        cost=math.fsum(record.cost for record in records),
        wall_seconds=round(math.fsum(record.wall for record in records), 3),
        steps_per_second=round(steps / seconds, 1) if seconds else None,
        end_reasons=dict(sorted(Counter(r.end_reason for r in records).items())),
        pass_at=_pass_at(items),
    )


def _success_interval(items: Sequence[Sequence[Record]], seed: int) -> Interval:
    groups = [[float(record.success) for record in item] for item in items]
    rates = [sum(group) / len(group) for group in groups]
    if len(set(rates)) > 1:
        return bootstrap(groups, seed)
    return wilson(sum(rates), len(rates))


def _pass_at(items: Sequence[Sequence[Record]]) -> dict[str, float]:
    most = max(map(len, items), default=1)
    if most == 1:
        return {}
    # Powers of two, and all.
    ks = sorted({2**power for power in range(most.bit_length())} | {most})
    found = {}
    for k in ks:
        of_k = [
            pass_at(k, len(item), sum(record.success for record in item))
            for item in items
            if len(item) >= k
        ]
        found[str(k)] = math.fsum(of_k) / len(of_k)
    return found


def _mean(values: Iterable[float]) -> float | None:
    values = list(values)
    return math.fsum(values) / len(values) if values else None


def _mean_if_all(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _mean(known) if len(known) == len(values) else None


def _percent(rate: float | None) -> str:
    return NOTHING if rate is None else f"{100 * rate:.1f} %"


def _number(value: float | None, form: str) -> str:
    return NOTHING if value is None else form.format(value)


def _interval(row: Row) -> str:
    low, high = row.interval
    return f"{_percent(low)} – {_percent(high)}" if row.items else NOTHING


def _tokens(row: Row) -> str:
    read, written = row.prompt_tokens, row.completion_tokens
    return f"{read:,} + {written:,}" if read or written else NOTHING


def _best_of(row: Row) -> str:
    k = max(row.pass_at, key=int, default="")
    return f"{_percent(row.pass_at[k])} @{k}" if k else NOTHING


# What people are shown of a row; a column that tells nothing is left out.
COLUMNS: dict[str, Callable[[Row], str]] = {
    "family": lambda row: row.family,
    "task": lambda row: row.task,
    "items": lambda row: f"{row.items:,}",
    "success": lambda row: _percent(row.success_rate),
    "95 % interval": _interval,
    "pass@k": _best_of,
    "score": lambda row: _number(row.mean_score, "{:.3f}"),
    "original": lambda row: _number(row.mean_original_score, "{:.1f}"),
    "return": lambda row: _number(row.mean_return, "{:.2f}"),
    "steps": lambda row: _number(row.mean_steps, "{:.1f}"),
    "invalid": lambda row: _percent(row.invalid_rate),
    "tokens": _tokens,
    "cost": lambda row: f"{row.cost:.4f}" if row.cost else NOTHING,
    "wall": lambda row: f"{row.wall_seconds:,.1f} s",
    "steps/s": lambda row: _number(row.steps_per_second, "{:,.0f}"),
    "crashed": lambda row: str(row.crashed) if row.crashed else NOTHING,
}
OPTIONAL = ("pass@k", "original", "tokens", "cost", "crashed")
NUMBERS = tuple(COLUMNS)[2:]  # the columns that are aligned to the right


def table_of(
    rows: Sequence[Row], *, without: Sequence[str] = ()
) -> tuple[list[str], list[list[str]]]:
    """Give headings and texts of a table for people, without some columns."""
    headings = [
        heading
        for heading, text in COLUMNS.items()
        if heading not in without
        and (heading not in OPTIONAL or any(text(row) != NOTHING for row in rows))
    ]
    return headings, [[COLUMNS[heading](row) for heading in headings] for row in rows]
