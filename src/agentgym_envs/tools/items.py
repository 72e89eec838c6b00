"""Items of the environments with tools: generated, or read from published files.

A payload has ``subgoals`` (the values to find), ``path`` (an expert's calls with
``finish`` at the end), and what else the family's backend starts from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_envs.published import Published, read_items
from agentgym_envs.tasks import LARGEST_INDEX, Split, Task, TaskSet
from agentgym_envs.tools.toolbox import Call

TRAIN, TEST = 2000, 200  # generated items that are listed
KEPT_ITEMS = 8192  # generated ones, of all families together
LEGACY_TEST = 20  # the first published items are taken for those of AgentEval


@dataclass(frozen=True, slots=True)
class Item:
    """The content of an item: its goal, and the payload that plays it."""

    goal: str
    payload: Mapping[str, Any]


class GeneratedTasks(TaskSet):
    """Items that are pure functions of their split and number.

    The indexes 0 to 199 are the test items, 200 to 2199 the training items, and every
    index after these is a further item like those for training.

    Args:
        prefix: What item ids start with.
        make: Gives the item of ``"train"`` or ``"test"`` with a number from 0 up.
        split: Which items this sequence shows.
    """

    def __init__(
        self, *, prefix: str, make: Callable[[str, int], Item], split: Split
    ) -> None:
        self._make = make
        super().__init__(
            prefix=prefix,
            train=range(TEST, TEST + TRAIN),
            test=range(TEST),
            split=split,
        )

    def _exists(self, index: int) -> bool:
        return index >= 0

    def _range(self) -> str:
        return f"every index from 0 to {LARGEST_INDEX}"

    def _build(self, index: int, split: str) -> Task:
        if index < TEST:
            item = _made(self._make, "test", index)
        else:
            item = _made(self._make, "train", index - TEST)
        return Task(self.id_of(index), index, split, item.goal, item.payload)


@lru_cache(maxsize=KEPT_ITEMS)
def _made(make: Callable[[str, int], Item], split: str, number: int) -> Item:
    """Make an item once for all environments of the process."""
    return make(split, number)


class PublishedTasks(TaskSet):
    """The items of a published file.

    Args:
        prefix: What item ids start with.
        items: The content of the items, in the order of the file.
        split: Which items this sequence shows.
        lists: The indexes of both splits; by default the first 20 are for testing.
    """

    def __init__(
        self,
        *,
        prefix: str,
        items: Sequence[Item],
        split: Split,
        lists: Published | None = None,
    ) -> None:
        self._items = items
        count = len(items)
        test = min(count, LEGACY_TEST)
        super().__init__(
            prefix=prefix,
            train=range(test, count) if lists is None else lists.train,
            test=range(test) if lists is None else lists.test,
            split=split,
        )

    def _exists(self, index: int) -> bool:
        return 0 <= index < len(self._items)

    def _range(self) -> str:
        return f"0..{len(self._items) - 1}"

    def _build(self, index: int, split: str) -> Task:
        item = self._items[index]
        return Task(self.id_of(index), index, split, item.goal, item.payload)


def find_file(path: Path, names: Sequence[str]) -> Path:
    """Find a published file: the path itself, or one of these names in its folder.

    Raises:
        DataError: if there is no such file.
    """
    if path.is_file():
        return path
    for name in names:
        if (path / name).is_file():
            return path / name
    raise DataError(f"{path}: there is no file or folder with {' or '.join(names)}")


def read_records(file: Path) -> list[dict[str, Any]]:
    """Read the records of a published ``*.jsonl``, whose ids are their line numbers.

    Each has at least ``id``, ``goal``, ``subgoals`` and ``additional_info``.

    Raises:
        DataError: naming the file, the line and the field that is not as published.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from error
    # Not splitlines(): a JSON string may hold other ends of lines.
    records = [
        _record(line, number, f"{file}: line {number + 1}")
        for number, line in enumerate(text.rstrip().split("\n"))
        if text.strip()
    ]
    if not records:
        raise DataError(f"{file}: there are no items")
    return records


def _record(line: str, number: int, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is not JSON: {error}") from None
    if not isinstance(record, dict):
        raise DataError(f"{where} is no object")
    if type(record.get("id")) is not int or record["id"] != number:
        raise DataError(
            f"{where}: the field 'id' is {record.get('id')!r:.60}, not {number}"
        )
    field(record, "goal", str, where)
    field(record, "subgoals", (list, str), where)
    field(record, "additional_info", dict, where)
    if not record["subgoals"]:
        raise DataError(f"{where}: the field 'subgoals' is empty")
    return record


def field(
    record: Mapping[str, Any],
    name: str,
    kind: type | tuple[type, ...],
    where: str,
) -> Any:
    """Give a field of a record.

    Raises:
        DataError: if it is missing or of another type.
    """
    if name not in record:
        raise DataError(f"{where}: the field {name!r} is missing")
    value = record[name]
    if not isinstance(value, kind):
        raise DataError(f"{where}: the field {name!r} is {value!r:.60}")
    return value


def answer_items(file: Path, setup: Callable[[dict[str, Any], str], Any]) -> list[Item]:
    """Make items of records whose subgoals are the values to find.

    Args:
        file: A published file.
        setup: Gives what the backend starts from, of a record and where it stands.
    """
    items = []
    for number, record in enumerate(read_records(file)):
        where = f"{file}: line {number + 1}"
        subgoals = field(record, "subgoals", list, where)
        payload = {
            "subgoals": subgoals,
            "path": (Call("finish", {"answer": subgoals[-1]}),),
            "setup": setup(record, where),
        }
        items.append(Item(record["goal"], payload))
    return items


def read_lists(path: Path, prefix: str, count: int) -> Published | None:
    """Read which items are for training and testing, where a folder tells.

    AgentGym publishes them as ``<prefix>_train.json`` and ``<prefix>_test.json``.

    Raises:
        DataError: if a list names an item that is not there.
    """
    if not path.is_dir() or not any(
        (path / f"{prefix}_{split}{suffix}").is_file()
        for split in ("train", "test")
        for suffix in (".json", ".jsonl")
    ):
        return None
    return read_items(
        path, (prefix,), index_of=lambda _, index: index if index < count else None
    )
