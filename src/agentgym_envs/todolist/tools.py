"""The tools of TODOList, the same for every backend."""

from __future__ import annotations

from typing import Any

from agentgym_envs.todolist.engine import EmbeddedAccounts, TodoState
from agentgym_envs.tools.toolbox import (
    FINISH,
    TEXT,
    Argument,
    ServiceFailure,
    Tool,
    Toolbox,
    ToolFailure,
)

Record = dict[str, Any]

PROJECT = Argument("project_id", {**TEXT, "description": "the id of a project"})
ANY_PROJECT = Argument(
    "project_id",
    {
        "type": ["string", "null"],
        "default": None,
        "description": "the id of a project, or None for the tasks of all",
    },
)
TASK = Argument("task_id", {**TEXT, "description": "the id of a task"})
FLAG = Argument("is_favorite", {"type": "boolean", "description": "True or False"})
DAY = Argument("due_date", {**TEXT, "description": "a date as YYYY-MM-DD"})

_FLAGS = {"True": True, "true": True, "False": False, "false": False}


def get_projects(service: EmbeddedAccounts, state: TodoState) -> list[Record]:
    """List the projects."""
    return service.projects(state)


def update_project(
    service: EmbeddedAccounts, state: TodoState, project: Any, flag: Any
) -> Record:
    """Make a project a favourite, or no longer."""
    known = _FLAGS.get(str(flag))
    if known is None:
        raise ToolFailure("Invalid argument value: is_favorite")
    return {
        "message": "Update the project successfully.",
        "project": service.set_favorite(state, str(project), known),
    }


def get_tasks(
    service: EmbeddedAccounts, state: TodoState, project: Any
) -> list[Record]:
    """List open tasks."""
    return service.tasks(state, None if project is None else str(project))


def get_task_description(
    service: EmbeddedAccounts, state: TodoState, task: Any
) -> Record:
    """Tell the description of a task."""
    details = service.details(state, str(task))
    return {
        "id": str(task),
        "content": details.content,
        "description": details.description,
    }


def get_task_duration(service: EmbeddedAccounts, state: TodoState, task: Any) -> Record:
    """Tell the duration of a task."""
    details = service.details(state, str(task))
    return {
        "id": str(task),
        "content": details.content,
        "duration": f"{details.duration}({details.duration_unit})",
    }


def complete_task(service: EmbeddedAccounts, state: TodoState, task: Any) -> Record:
    """Close a task."""
    record = _removed(service, state, task, is_completed=True)
    del record["is_completed"]
    return {"message": "Complete task successfully.", "task": record}


def delete_task(service: EmbeddedAccounts, state: TodoState, task: Any) -> Record:
    """Delete a task."""
    record = _removed(service, state, task, is_completed=False)
    return {"message": "Delete the task successfully.", "task": record}


def _removed(
    service: EmbeddedAccounts, state: TodoState, task: Any, *, is_completed: bool
) -> Record:
    try:
        record = service.task(state, str(task))
    except ServiceFailure:
        raise
    except ToolFailure:
        raise ToolFailure(f"Task {task} is not exists.") from None
    service.remove(state, str(task), is_completed=is_completed)
    return record


def update_task(
    service: EmbeddedAccounts, state: TodoState, task: Any, day: Any
) -> Record:
    """Change the due date of a task."""
    return {
        "message": "Update the task successfully",
        "task": service.set_due(state, str(task), day),
    }


TOOLBOX: Toolbox[EmbeddedAccounts, TodoState] = Toolbox(
    [
        Tool(
            "get_user_current_date",
            "Tell today's date.",
            (),
            lambda service, state: service.today(state),
        ),
        Tool(
            "get_user_current_location",
            "Tell where the user is.",
            (),
            lambda service, state: service.location(state),
        ),
        Tool("get_projects", "List the projects with their ids.", (), get_projects),
        Tool(
            "update_project",
            "Make a project a favourite, or no longer.",
            (PROJECT, FLAG),
            update_project,
        ),
        Tool(
            "get_tasks",
            "List the open tasks with ids, priorities and due dates.",
            (ANY_PROJECT,),
            get_tasks,
        ),
        Tool(
            "get_task_description",
            "Tell the description of a task.",
            (TASK,),
            get_task_description,
        ),
        Tool(
            "get_task_duration",
            "Tell how long a task takes.",
            (TASK,),
            get_task_duration,
        ),
        Tool("complete_task", "Mark a task as completed.", (TASK,), complete_task),
        Tool("update_task", "Change the due date of a task.", (TASK, DAY), update_task),
        Tool("delete_task", "Delete a task.", (TASK,), delete_task),
        FINISH,
    ]
)
CHANGES = frozenset({"update_project", "complete_task", "update_task", "delete_task"})
