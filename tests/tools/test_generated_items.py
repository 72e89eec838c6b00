"""Listed items are fixed for ever, and the kept numbers of their attempts are right."""

from __future__ import annotations

import hashlib
import importlib
import json
from typing import Any

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.tools.generate import known_attempts, search
from agentgym_envs.tools.items import TEST, TRAIN

FAMILIES = {
    "Weather": "weather",
    "Movie": "movie",
    "Academia": "academia",
    "Sheet": "sheet",
    "TODOList": "todolist",
}
SOME = 40  # of the items of a split that the quick tests look at

# The first half of the SHA-256 of what `content` writes: some items, and all.
GOLDEN = {
    "Weather": (
        "92d7ff0474de8cc22709c05079fe4698",
        "a5da0dd6f1786fdde4bb43cd69583ed0",
    ),
    "Movie": (
        "c27e548829544c0cbc0c840a15e7b20c",
        "6191a3d8bfa39595a33ab1f11d876c6c",
    ),
    "Academia": (
        "2b4024aa67aded2ca6c5d0a86ef0d1b5",
        "5cd53612be0a565ef1f818f68116ac84",
    ),
    "Sheet": (
        "f262b6a9bc9990bbb64624e4f2f5d340",
        "54d3c436e5f220f5b917726f86606d12",
    ),
    "TODOList": (
        "6b464c25eaa029d9c99de4e8af30b379",
        "2e9e353799128f5d46041c2f863e219e",
    ),
}


def plain(value: Any) -> Any:
    """Turn what payloads hold into JSON."""
    if isinstance(value, frozenset):
        return sorted(value)
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def digest(family: str, indexes: range) -> str:
    tasks = gymnasium.make(f"agentgym/{family}-v0", split="all").unwrapped.tasks
    found = hashlib.sha256()
    for index in indexes:
        task = tasks.at(index)
        text = [task.id, task.split, task.goal, sorted(task.payload.items())]
        found.update(json.dumps(text, default=plain).encode())
    return found.hexdigest()[:32]


@pytest.mark.parametrize("family", FAMILIES)
def test_some_items_are_what_they_always_were(family):
    step = (TRAIN + TEST) // (2 * SOME)
    assert digest(family, range(7, TRAIN + TEST, step)) == GOLDEN[family][0]


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_all_listed_items_are_what_they_always_were(family):
    assert digest(family, range(TRAIN + TEST)) == GOLDEN[family][1]


def check_attempts(family: str, step: int) -> None:
    module = importlib.import_module(f"agentgym_envs.{FAMILIES[family]}.tasks")
    for split, count in (("train", TRAIN), ("test", TEST)):
        known = known_attempts(family, split)
        assert len(known) == count
        for number in range(3, count, step):
            found, _ = search(family, module.TEMPLATES, split, number)
            assert found == known[number], (split, number)


@pytest.mark.parametrize("family", FAMILIES)
def test_some_known_attempts_are_the_first_that_succeed(family):
    check_attempts(family, 50)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_all_known_attempts_are_the_first_that_succeed(family):
    check_attempts(family, 1)
