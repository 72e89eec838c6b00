"""Whether a record is a trajectory, and if not, which of its fields is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from agentgym_envs.errors import DataError

SENDERS = ("human", "gpt")
LEAST_MESSAGES = 3  # the rules, the consent, the first observation
PER_STEP = ("actions", "reply_errors", "rewards", "scores", "invalid")
NUMBERS = ("rewards", "scores")
TEXTS = ("actions", "reply_errors")
MOST_PROBLEMS = 5  # that one message names


def check(record: object, where: str = "record") -> None:
    """Refuse what is no trajectory.

    Args:
        record: A record as `agentgym_wrappers.trajectory` describes it; ``reward``,
            ``success`` and ``meta`` may be missing, as in published files.
        where: What the message calls it, for example a file and a number.

    Raises:
        DataError: naming each field that is wrong.
    """
    found = list(islice(problems(record), MOST_PROBLEMS))
    if found:
        raise DataError(f"{where}: {'; '.join(found)}")


def problems(record: object) -> Iterator[str]:
    """Name what is wrong with a record, field by field.

    >>> list(problems({"item_id": "maze_1", "conversations": [], "reward": "1"}))
    ["reward is '1', no number", 'conversations holds 0 messages, fewer than 3']
    """
    if not isinstance(record, dict):
        yield f"is no object, but {record!r:.60}"
        return
    item_id = record.get("item_id")
    if not isinstance(item_id, str) or not item_id:
        yield f"item_id is {item_id!r:.60}, no text"
    if "reward" in record and not _is_number(record["reward"]):
        yield f"reward is {record['reward']!r:.60}, no number"
    if record.get("success", 0) not in (0, 1):
        yield f"success is {record['success']!r:.60}, neither 0 nor 1"
    messages = record.get("conversations")
    if not isinstance(messages, list):
        yield f"conversations is {messages!r:.60}, no list of messages"
        return
    if len(messages) < LEAST_MESSAGES:
        yield (
            f"conversations holds {len(messages)} messages, fewer than {LEAST_MESSAGES}"
        )
    yield from _message_problems(messages)
    if "meta" in record:
        yield from _meta_problems(record["meta"], messages)


def _message_problems(messages: Sequence[object]) -> Iterator[str]:
    for place, message in enumerate(messages):
        name = f"conversations[{place}]"
        if not isinstance(message, dict):
            yield f"{name} is {message!r:.60}, no message"
            continue
        expected = SENDERS[place % 2]
        if message.get("from") != expected:
            yield f"{name}.from is {message.get('from')!r:.60}, not {expected!r}"
        if not isinstance(message.get("value"), str):
            yield f"{name}.value is {message.get('value')!r:.60}, no text"
        loss = message.get("loss")
        if expected == "human" and loss is not None:
            yield f"{name}.loss is {loss!r:.60}, not null"
        elif expected == "gpt" and not isinstance(loss, bool):
            yield f"{name}.loss is {loss!r:.60}, neither true nor false"


def _meta_problems(meta: object, messages: Sequence[Any]) -> Iterator[str]:
    if not isinstance(meta, dict):
        yield f"meta is {meta!r:.60}, no object"
        return
    for name in ("kwargs", "options"):
        if not isinstance(meta.get(name) or {}, dict):
            yield f"meta.{name} is {meta[name]!r:.60}, no object"
    seed = meta.get("seed")
    if seed is not None and not (type(seed) is int and seed >= 0):
        yield f"meta.seed is {seed!r:.60}, no whole number from 0 on"
    steps = replies_in(messages)
    for name in PER_STEP:
        if name not in meta:
            continue
        values = meta[name]
        if not isinstance(values, list):
            yield f"meta.{name} is {values!r:.60}, no list"
        elif len(values) != steps:
            yield f"meta.{name} holds {len(values)} values for {steps} replies"
        elif name in NUMBERS and not all(map(_is_number, values)):
            yield f"meta.{name} holds what is no number"
        elif name in TEXTS and not all(isinstance(value, str) for value in values):
            yield f"meta.{name} holds what is no text"
        elif name == "invalid" and not all(type(value) is bool for value in values):
            yield "meta.invalid holds what is neither true nor false"


def replies_in(messages: Sequence[Mapping[str, Any]]) -> int:
    """The number of the agent's replies, its consent to the rules not counted."""
    return max(0, len(messages) - LEAST_MESSAGES + 1) // 2


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)
