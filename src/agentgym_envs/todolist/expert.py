"""The expert of TODOList: the difference between what is and what should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.todolist.engine import (
    Account,
    Target,
    project_id,
    task_id,
)
from agentgym_envs.tools.toolbox import Call


def changes(
    account: Account, now: Target, target: Target, *, remover: str
) -> Iterator[Call]:
    """Give the calls that bring an account into the state that it should be in.

    Args:
        account: What the episode began with.
        now: How the account is.
        target: How the account should be.
        remover: ``complete_task`` or ``delete_task``.

    Raises:
        NoExpertAction: if a task is gone that should be there.
    """
    if lost := target.due.keys() - now.due.keys():
        name = account.tasks[min(lost)].content
        raise NoExpertAction(f"the task {name!r} is gone, and nothing brings it back")
    for place, day in now.due.items():
        if place not in target.due:
            yield Call(remover, {"task_id": task_id(place)})
        elif target.due[place] != day:
            arguments = {"task_id": task_id(place), "due_date": target.due[place]}
            yield Call("update_task", arguments)
    for number in sorted(now.favorites ^ target.favorites):
        flag = number in target.favorites
        yield Call(
            "update_project", {"project_id": project_id(number), "is_favorite": flag}
        )


def remover(path: Sequence[Call], goal: str) -> str:
    """How tasks should go: as the path does it, else as the goal says it."""
    names = {call.name for call in path}
    says_so = "delete" in goal.lower() or "remove" in goal.lower()
    if "delete_task" in names or (says_so and "complete_task" not in names):
        return "delete_task"
    return "complete_task"
