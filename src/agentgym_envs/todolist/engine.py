"""Accounts of a to-do service: projects, tasks, and what an episode changes of them.

An account never changes; `TodoState` holds what an episode made different. Ids are
those that a fresh account of the embedded service gives, in the order of creation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from agentgym_envs.tasks import Task
from agentgym_envs.tools.state import ToolState
from agentgym_envs.tools.toolbox import ToolFailure

FIRST_PROJECT = 2_300_000_001
FIRST_TASK = 7_000_000_001
COLOUR = "charcoal"
NO_TASK = "Task not found"
NO_PROJECT = "Project not found"
NO_DATE = "Date is invalid in required format YYYY-MM-DD"
UNITS = ("minute", "day")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TodoTask(NamedTuple):
    """A task as it is created; ``order`` counts from 1 in its project."""

    project: int
    order: int
    content: str
    description: str
    due_date: str
    duration: int
    duration_unit: str
    priority: int


@dataclass(frozen=True)
class Account:
    """What an episode begins with.

    Args:
        date: Today, as YYYY-MM-DD.
        location: Where the user is.
        projects: The names of the projects.
        tasks: All tasks, by project and order.
    """

    date: str
    location: str
    projects: tuple[str, ...]
    tasks: tuple[TodoTask, ...]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each task among `tasks`, by its id."""
        return {task_id(number): number for number in range(len(self.tasks))}

    @cached_property
    def project_numbers(self) -> Mapping[str, int]:
        """The place of each project among `projects`, by its id."""
        return {project_id(number): number for number in range(len(self.projects))}

    @cached_property
    def records(self) -> tuple[dict[str, Any], ...]:
        """What the tools tell of each task, as long as nobody changes it."""
        return tuple(
            {
                "id": task_id(number),
                "order": task.order,
                "content": task.content,
                "is_completed": False,
                "priority": task.priority,
                "due_date": task.due_date,
            }
            for number, task in enumerate(self.tasks)
        )

    @cached_property
    def members(self) -> tuple[range, ...]:
        """The places of each project's tasks."""
        members, start = [], 0
        owners = [task.project for task in self.tasks]
        for number in range(len(self.projects)):
            count = owners.count(number)
            members.append(range(start, start + count))
            start += count
        return tuple(members)


@dataclass(slots=True)
class TodoState(ToolState):
    """What an episode changed.

    Args:
        gone: The tasks that were completed or deleted, by their places.
        due: The due dates that were changed.
        favorites: The favourite flags that were set.
    """

    gone: list[int] = field(default_factory=list)
    due: dict[int, str] = field(default_factory=dict)
    favorites: dict[int, bool] = field(default_factory=dict)


def task_id(number: int) -> str:
    """The id of the task with a place among all."""
    return str(FIRST_TASK + number)


def project_id(number: int) -> str:
    """The id of the project with a place among all."""
    return str(FIRST_PROJECT + number)


def is_day(text: object) -> bool:
    """Whether a text is a date as YYYY-MM-DD."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class EmbeddedAccounts:
    """The to-do service inside this process, with one account per episode.

    Records are those of the original's tools: a project has ``id``, ``order``,
    ``color``, ``name`` and ``is_favorite``; a task has ``id``, ``order``,
    ``content``, ``is_completed``, ``priority`` and ``due_date``.
    """

    account: Account

    def start(self, task: Task) -> TodoState:
        """Open the account of an item."""
        self.account = task.payload["account"]
        return TodoState()

    def resume(self, task: Task, state: TodoState) -> None:
        """Take up an account that was changed.

        Raises:
            ValueError: if it has no such tasks or projects.
        """
        account: Account = task.payload["account"]
        places = range(len(account.tasks))
        if any(place not in places for place in (*state.gone, *state.due)):
            raise ValueError("the account has no such task")
        if len(set(state.gone)) < len(state.gone):
            raise ValueError("a task can go only once")
        if not all(map(is_day, state.due.values())):
            raise ValueError("a due date is no date")
        if any(place not in range(len(account.projects)) for place in state.favorites):
            raise ValueError("the account has no such project")
        self.account = account

    def close(self) -> None:
        """Do nothing; there is no connection."""

    def today(self, state: TodoState) -> str:
        """The current date."""
        return self.account.date

    def location(self, state: TodoState) -> str:
        """The place where the user is."""
        return self.account.location

    def projects(self, state: TodoState) -> list[dict[str, Any]]:
        """The records of all projects."""
        return [
            self._project(state, number) for number in range(len(self.account.projects))
        ]

    def tasks(self, state: TodoState, project: str | None) -> list[dict[str, Any]]:
        """The records of the open tasks, of one project or of all."""
        account = self.account
        if project is None:
            places = range(len(account.tasks))
        else:
            number = account.project_numbers.get(project)
            places = range(0) if number is None else account.members[number]
        return [self._task(state, place) for place in places if place not in state.gone]

    def task(self, state: TodoState, task: str) -> dict[str, Any]:
        """The record of an open task.

        Raises:
            ToolFailure: if there is none with this id.
        """
        return self._task(state, self._place(state, task))

    def details(self, state: TodoState, task: str) -> TodoTask:
        """What an open task was created with.

        Raises:
            ToolFailure: if there is none with this id.
        """
        return self.account.tasks[self._place(state, task)]

    def remove(self, state: TodoState, task: str, *, is_completed: bool) -> None:
        """Complete or delete an open task; nothing shows here which of the two it was.

        Raises:
            ToolFailure: if there is none with this id.
        """
        state.gone.append(self._place(state, task))

    def set_due(self, state: TodoState, task: str, day: object) -> dict[str, Any]:
        """Change the due date of an open task; give its record.

        Raises:
            ToolFailure: if there is no such task or date.
        """
        place = self._place(state, task)
        if not is_day(day):
            raise ToolFailure(NO_DATE)
        state.due[place] = str(day)
        return self._task(state, place)

    def set_favorite(
        self, state: TodoState, project: str, flag: bool
    ) -> dict[str, Any]:
        """Change whether a project is a favourite; give its record.

        Raises:
            ToolFailure: if there is no such project.
        """
        number = self.account.project_numbers.get(project)
        if number is None:
            raise ToolFailure(NO_PROJECT)
        state.favorites[number] = flag
        return self._project(state, number)

    def current(self, state: TodoState) -> Target:
        """The state of the account, to be compared with what it should be."""
        return current(self.account, state)

    def _place(self, state: TodoState, task: str) -> int:
        place = self.account.numbers.get(task)
        if place is None or place in state.gone:
            raise ToolFailure(NO_TASK)
        return place

    def _project(self, state: TodoState, number: int) -> dict[str, Any]:
        return {
            "id": project_id(number),
            "order": number + 1,
            "color": COLOUR,
            "name": self.account.projects[number],
            "is_favorite": state.favorites.get(number, False),
        }

    def _task(self, state: TodoState, place: int) -> dict[str, Any]:
        record = self.account.records[place].copy()
        if place in state.due:
            record["due_date"] = state.due[place]
        return record


class Target(NamedTuple):
    """The state that an account should be in at the end.

    Args:
        due: The due dates of the tasks that should be open, by their places.
        favorites: The projects that should be favourites.
    """

    due: Mapping[int, str]
    favorites: frozenset[int]


def current(account: Account, state: TodoState) -> Target:
    """Tell the state of an account as a target."""
    return Target(dict(_open(account, state)), _favorites(state))


def _open(account: Account, state: TodoState) -> Iterator[tuple[int, str]]:
    for place, task in enumerate(account.tasks):
        if place not in state.gone:
            yield place, state.due.get(place, task.due_date)


def _favorites(state: TodoState) -> frozenset[int]:
    return frozenset(number for number, flag in state.favorites.items() if flag)
