"""Preference pairs: two episodes of the same item, of which one went better.

The rule of AgentGym's DPO example (``examples/dpo/make_dpo_dataset.py`` in
https://github.com/WooooDyy/AgentGym): the rewards differ by at least a gap, and the
better one is good in itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agentgym_envs.errors import BadOption
from agentgym_wrappers.dataset.check import replies_in

PROMPT = 3  # messages: the rules, the consent, the first observation

Record = Mapping[str, Any]
Pair = dict[str, Any]


def to_pairs(
    records: Iterable[Record], *, gap: float = 0.01, least: float = 0.7
) -> list[Pair]:
    """Pair the best and the worst trajectory of each item that has two.

    A pair has ``item_id``; ``prompt``, ``chosen`` and ``rejected`` as messages; and
    what else the two records hold under ``chosen_record`` and ``rejected_record``.
    Episodes that begin with different words are no pair, whatever their id.

    Args:
        records: Trajectories with rewards, in any order.
        gap: What the rewards must differ by.
        least: What the better reward must reach.

    Raises:
        BadOption: for a gap that is not above 0, or a record without a reward.
    """
    if gap <= 0:
        raise BadOption(f"gap must be above 0, not {gap!r}")
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if "reward" not in record:
            raise BadOption(f"{record['item_id']} has no reward to be compared by")
        prompt = record["conversations"][:PROMPT]
        words = "\0".join(str(said["value"]) for said in prompt)
        groups.setdefault((str(record["item_id"]), words), []).append(record)
    pairs = []
    for group in groups.values():
        best, worst = max(group, key=_merit), min(group, key=_merit)
        if best["reward"] >= least and best["reward"] - worst["reward"] >= gap:
            pairs.append(_pair(best, worst))
    return pairs


def from_pairs(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """Give both trajectories of each pair, the better one first."""
    return [
        {
            "conversations": [*pair["prompt"], *pair[side]],
            "item_id": pair["item_id"],
            **pair[f"{side}_record"],
        }
        for pair in pairs
        for side in ("chosen", "rejected")
    ]


def _pair(best: Record, worst: Record) -> Pair:
    return {
        "item_id": best["item_id"],
        "prompt": best["conversations"][:PROMPT],
        "chosen": best["conversations"][PROMPT:],
        "rejected": worst["conversations"][PROMPT:],
        "chosen_record": _rest(best),
        "rejected_record": _rest(worst),
    }


def _rest(record: Record) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in ("conversations", "item_id")}


def _merit(record: Record) -> tuple[float, int]:
    return record["reward"], -replies_in(record["conversations"])
