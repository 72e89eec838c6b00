"""Which trajectories are worth learning from.

The rules of AgentGym's own filter (``agentenv/utils/agentevol_filter.py`` in
https://github.com/WooooDyy/AgentGym): a success is a reward above 0.99, in BabyAI
any reward, and one success of each item is kept. Rewards here are scores in [0, 1],
so SciWorld's threshold of 99 points is 0.99 as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from agentgym_envs.errors import BadOption
from agentgym_wrappers.dataset.agenttraj import family_of
from agentgym_wrappers.dataset.check import replies_in

Record = Mapping[str, Any]
Keep = Literal["all", "first", "best"]

THRESHOLD = 0.99
THRESHOLDS: Mapping[str, float] = {"BabyAI": 0.0}


def select(
    records: Iterable[Record],
    *,
    threshold: float | Mapping[str, float] | None = THRESHOLD,
    keep: Keep = "first",
) -> list[Record]:
    """Choose trajectories.

    Args:
        records: Trajectories of one or many families.
        threshold: What the reward must be above: one number, or one per family,
            where a family that is not named has 0.99. The default number stands for
            the published thresholds, in which BabyAI has 0. None takes all.
        keep: Which ones of those of the same item: all, the first, or the best, which
            is the one with the highest reward, and of these the shortest.

    Raises:
        BadOption: for another ``keep``.
    """
    if keep not in ("all", "first", "best"):
        raise BadOption(f"keep must be all, first or best, not {keep!r}")
    chosen = _above(records, threshold)
    if keep == "all":
        return list(chosen)
    kept: dict[tuple[str, str], Record] = {}
    better: Callable[[Record, Record], bool] = _never if keep == "first" else _is_better
    for record in chosen:
        key = family_of(record), str(record["item_id"])
        if key not in kept or better(record, kept[key]):
            kept[key] = record
    return list(kept.values())


def _above(
    records: Iterable[Record], threshold: float | Mapping[str, float] | None
) -> Iterator[Record]:
    least: Mapping[str, float] = {}
    other = THRESHOLD
    if isinstance(threshold, Mapping):
        least = threshold
    elif threshold == THRESHOLD:
        least = THRESHOLDS
    elif threshold is not None:
        other = threshold
    for record in records:
        # Published trajectories have no reward: each passed its threshold.
        reward = record.get("reward", 1.0)
        if threshold is None or reward > least.get(family_of(record), other):
            yield record


def _is_better(new: Record, old: Record) -> bool:
    return _merit(new) > _merit(old)


def _never(new: Record, old: Record) -> bool:
    return False


def _merit(record: Record) -> tuple[float, int]:
    return record.get("reward", 1.0), -replies_in(record["conversations"])
