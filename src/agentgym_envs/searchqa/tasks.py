"""The items of SearchQA: questions about the embedded world, or those of a file."""

from __future__ import annotations

from typing import Any

from agentgym_envs.searchqa.engine import normalize
from agentgym_envs.searchqa.questions import COUNTS, questions
from agentgym_envs.tasks import Split, Task, TaskSet

PREFIX = "searchqa"
TEST = range(sum(COUNTS["test"].values()))
TRAIN = range(len(TEST), len(TEST) + sum(COUNTS["train"].values()))


def make_task(
    index: int,
    split: str,
    question: str,
    targets: list[str],
    source: str,
    support: list[str],
) -> Task:
    """Make an item.

    Args:
        targets: Right answers.
        source: The data set that it is from.
        support: What the expert searches for, in this order.
    """
    payload: dict[str, Any] = {
        "targets": targets,
        "normalized": frozenset(normalize(target) for target in targets),
        "source": source,
        "support": support,
    }
    return Task(f"{PREFIX}_{index}", index, split, question, payload)


class EmbeddedTasks(TaskSet):
    """The questions about the embedded world, the test items first."""

    def __init__(self, *, split: Split) -> None:
        super().__init__(prefix=PREFIX, train=TRAIN, test=TEST, split=split)

    def _build(self, index: int, split: str) -> Task:
        item = questions()[index]
        return make_task(
            index,
            split,
            item.text,
            list(item.targets),
            item.source,
            list(item.support),
        )
