"""The items of TODOList: generated, or AgentGym's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_envs.tasks import Split, TaskSet
from agentgym_envs.todolist.engine import UNITS, Account, Target, TodoTask, is_day
from agentgym_envs.todolist.templates import TEMPLATES
from agentgym_envs.tools.generate import draw
from agentgym_envs.tools.items import (
    GeneratedTasks,
    Item,
    PublishedTasks,
    answer_items,
    field,
    find_file,
    read_lists,
)

PREFIX = "todo"
FILE = "todo.jsonl"
PROJECT_FILES = ("todo_projects.json", "projects.json")


def make(split: str, number: int) -> Item:
    """Give a generated item."""
    return draw("TODOList", TEMPLATES, split, number)


def open_tasks(data: Path | None, *, split: Split) -> TaskSet:
    """Open the generated items, or the published ones.

    Raises:
        DataError: if the published files are not as published.
    """
    if data is None:
        return GeneratedTasks(prefix=PREFIX, make=make, split=split)
    items = published(data)
    lists = read_lists(data, PREFIX, len(items))
    return PublishedTasks(prefix=PREFIX, items=items, split=split, lists=lists)


def published(data: Path) -> list[Item]:
    """Read AgentGym's items; the account that they begin with lies beside them.

    Raises:
        DataError: if the files are not as published.
    """
    file = find_file(data, (FILE,))
    projects, tasks = _read_projects(find_file(file.parent, PROJECT_FILES))

    def setup(record: dict[str, Any], where: str) -> tuple[Account, Target]:
        about = record["additional_info"]
        config = field(about, "init_config", dict, where)
        today = field(config, "current_date", str, where)
        location = field(config, "current_location", str, where)
        account = Account(today, location, projects, tasks)
        return account, _target(account, field(about, "answer", dict, where), where)

    items = []
    for item in answer_items(file, setup):
        account, target = item.payload["setup"]
        payload = {
            "subgoals": item.payload["subgoals"],
            "path": item.payload["path"],
            "account": account,
            "target": target,
        }
        items.append(Item(item.goal, payload))
    return items


def _read_projects(file: Path) -> tuple[tuple[str, ...], tuple[TodoTask, ...]]:
    try:
        projects = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{file}: {error}") from None
    if not isinstance(projects, list) or not projects:
        raise DataError(f"{file} is no list of projects")
    names: list[str] = []
    tasks: list[TodoTask] = []
    for number, project in enumerate(projects):
        where = f"{file}: project {number}"
        if not isinstance(project, dict):
            raise DataError(f"{where} is no object")
        names.append(field(project, "name", str, where))
        for order, task in enumerate(field(project, "tasks", list, where), start=1):
            tasks.append(_task(task, number, order, f"{where}, task {order - 1}"))
    return tuple(names), tuple(tasks)


def _task(task: Any, project: int, order: int, where: str) -> TodoTask:
    if not isinstance(task, dict):
        raise DataError(f"{where} is no object")
    due_date = field(task, "due_date", str, where)
    if not is_day(due_date):
        raise DataError(f"{where}: the field 'due_date' is {due_date!r:.60}")
    unit = field(task, "duration_unit", str, where)
    if unit not in UNITS:
        raise DataError(f"{where}: the field 'duration_unit' is {unit!r:.60}")
    return TodoTask(
        project=project,
        order=order,
        content=field(task, "content", str, where),
        description=field(task, "description", str, where),
        due_date=due_date,
        duration=field(task, "duration", int, where),
        duration_unit=unit,
        priority=field(task, "priority", int, where),
    )


def _target(account: Account, answer: dict[str, Any], where: str) -> Target:
    """Find the account's projects and tasks in a list of what should be left.

    Raises:
        DataError: if something is there that no tool brings about.
    """
    favorites = []
    projects = field(answer, "projects", list, where)
    names = [project.get("name") for project in projects if isinstance(project, dict)]
    if names != list(account.projects):
        raise DataError(f"{where}: the field 'projects' has other projects")
    for number, project in enumerate(projects):
        if field(project, "is_favorite", bool, where):
            favorites.append(number)
    due: dict[int, str] = {}
    places = iter(enumerate(account.tasks))
    for wanted in field(answer, "tasks", list, where):
        if not isinstance(wanted, dict):
            raise DataError(f"{where}: the field 'tasks' has {wanted!r:.60}")
        key = wanted.get("order"), wanted.get("content"), wanted.get("priority")
        for place, task in places:
            if (task.order, task.content, task.priority) == key:
                due[place] = field(wanted, "due_date", str, where)
                break
        else:
            raise DataError(
                f"{where}: the field 'tasks' has a task that is not in the account, "
                f"{wanted.get('content')!r:.60}"
            )
    return Target(due, frozenset(favorites))
