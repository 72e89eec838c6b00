"""Trajectories as rows, one for each action, for value and reward models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_wrappers.dataset.pairs import PROMPT

Record = Mapping[str, Any]
Row = dict[str, Any]


def to_steps(records: Iterable[Record], *, discount: float = 1.0) -> list[Row]:
    """Make a row of each reply of each trajectory.

    | Column | Value |
    |---|---|
    | `episode`, `step` | the number of the trajectory, and of its reply, from 0 |
    | `item_id` | the item |
    | `history` | all messages before the reply |
    | `reply`, `action` | what the agent said, and what the game was given |
    | `observation` | the answer, empty if the record ends with the reply |
    | `reward`, `return_to_go` | of this step, and the discounted sum from it on |
    | `done` | whether this is the last step |
    | `record` | in an episode's first row: the rest of its record; else empty |

    Where a record tells no rewards of steps, its reward is that of the last.
    """
    rows = []
    for number, record in enumerate(records):
        rows += _rows_of(number, record, discount)
    return rows


def from_steps(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Put trajectories together again from all their rows.

    Raises:
        DataError: if rows of an episode are missing or out of order.
    """
    records = []
    for episode, group in groupby(rows, key=lambda row: row["episode"]):
        own = list(group)
        if [row["step"] for row in own] != list(range(len(own))) or not own[-1]["done"]:
            raise DataError(f"episode {episode}: rows are missing or out of order")
        messages = [*own[0]["history"], _reply(own[0])]
        for row in own[1:]:
            messages += [row["history"][-1], _reply(row)]
        if own[-1]["observation"]:
            messages.append(_answer(own[-1]["observation"]))
        head = {"conversations": messages, "item_id": own[0]["item_id"]}
        records.append({**head, **own[0]["record"]})
    return records


def _rows_of(number: int, record: Record, discount: float) -> list[Row]:
    messages = record["conversations"]
    places = range(PROMPT, len(messages), 2)
    meta = record.get("meta", {})
    rewards = meta.get("rewards") or _only_last(len(places), record.get("reward", 1.0))
    actions = meta.get("actions") or [messages[place]["value"] for place in places]
    rest = {k: v for k, v in record.items() if k not in ("conversations", "item_id")}
    rows: list[Row] = []
    to_go = 0.0
    for step, place in reversed(list(enumerate(places))):
        to_go = rewards[step] + discount * to_go
        is_last = place + 1 >= len(messages)
        rows.append(
            {
                "episode": number,
                "step": step,
                "item_id": record["item_id"],
                "history": list(messages[:place]),
                "reply": messages[place]["value"],
                "action": actions[step],
                "observation": "" if is_last else messages[place + 1]["value"],
                "reward": rewards[step],
                "return_to_go": to_go,
                "done": step == len(places) - 1,
                "record": rest if step == 0 else {},
            }
        )
    return rows[::-1]


def _only_last(steps: int, reward: float) -> list[float]:
    return [*[0.0] * (steps - 1), reward]


def _reply(row: Row) -> dict[str, Any]:
    return {"from": "gpt", "loss": True, "value": row["reply"]}


def _answer(text: str) -> dict[str, Any]:
    return {"from": "human", "loss": None, "value": text}
