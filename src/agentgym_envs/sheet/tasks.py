"""The items of Sheet: generated, or AgentGym's."""

from __future__ import annotations

from pathlib import Path

from agentgym_envs.sheet.templates import TEMPLATES
from agentgym_envs.sheet.workbook import published
from agentgym_envs.tasks import Split, TaskSet
from agentgym_envs.tools.generate import draw
from agentgym_envs.tools.items import GeneratedTasks, Item, PublishedTasks, read_lists

PREFIX = "sheet"


def make(split: str, number: int) -> Item:
    """Give a generated item."""
    return draw("Sheet", TEMPLATES, split, number)


def open_tasks(data: Path | None, *, split: Split, with_answers: bool) -> TaskSet:
    """Open the generated items, or the published ones.

    Raises:
        DataError: if the published files are not as published.
    """
    if data is None:
        return GeneratedTasks(prefix=PREFIX, make=make, split=split)
    items = published(data, with_answers=with_answers)
    lists = read_lists(data, PREFIX, len(items))
    return PublishedTasks(prefix=PREFIX, items=items, split=split, lists=lists)
