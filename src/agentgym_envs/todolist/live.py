"""The real to-do service: Todoist (https://todoist.com), by todoist-api-python.

An episode gets projects of its own, with the tasks of its item, and they are deleted
when it is over. The agent knows them by the ids that a fresh account of the embedded
service gives, so that it can't name anything else in the account, and experts and
items stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import methodcaller
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import finalize

from agentgym_envs.errors import MissingExtra, ServiceUnavailable
from agentgym_envs.tasks import Task
from agentgym_envs.todolist.engine import (
    COLOUR,
    NO_DATE,
    NO_PROJECT,
    NO_TASK,
    Account,
    EmbeddedAccounts,
    Target,
    TodoState,
    TodoTask,
    is_day,
    project_id,
    task_id,
)
from agentgym_envs.tools.keys import Secret, find_key
from agentgym_envs.tools.patience import GaveUp, Patience
from agentgym_envs.tools.toolbox import ToolFailure
from agentgym_envs.tools.web import EXTRA, check_url, failure, open_client, refusal

if TYPE_CHECKING:
    from todoist_api_python.api import TodoistAPI
    from todoist_api_python.models import Project as LiveProject
    from todoist_api_python.models import Task as LiveTask

NAME = "Todoist"
VARIABLE = "TODO_KEY"
BASE_URL = "https://api.todoist.com/api/v1"
NOT_FOUND = 404
PAGE = 200  # records of one answer
MAX_PAGES = 50
UNSURE = "It is not known whether anything changed; look before you go on"
NONSENSE = "gave an answer that makes no sense"

T = TypeVar("T")


@dataclass
class Area:
    """What an episode has in the account: the service's ids, in our order."""

    projects: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)


class TodoistAccounts(EmbeddedAccounts):
    """A part of a Todoist account for each episode.

    Args:
        key: An API token; by default that of the environment variable ``TODO_KEY``.
        base_url: Where the interface is.
        patience: How long and how often it is asked. Requests that change something
            carry an id, by which the service knows one that it has done already.

    Raises:
        MissingKey: if there is no key.
        BadOption: for a value that makes no sense.
        MissingExtra: if todoist-api-python is not installed.
    """

    holder = NAME

    def __init__(
        self,
        *,
        key: str | Secret | None = None,
        base_url: str = BASE_URL,
        patience: Patience | None = None,
    ) -> None:
        self._key = find_key(key, VARIABLE, NAME)
        self._base_url = check_url(base_url)
        self._patience = patience or Patience()
        self._service = _Service(self._key, self._base_url, self._patience)
        self._area = Area()
        # Also when nobody closes the environment.
        self._leave = finalize(self, _clear, self._service, self._area)

    def __reduce__(self) -> Any:
        # A copy finds its key where it is: in the environment.
        return _again, (self._base_url,)

    def __deepcopy__(self, memo: dict[int, Any]) -> TodoistAccounts:
        return TodoistAccounts(
            key=self._key, base_url=self._base_url, patience=self._patience
        )

    def start(self, task: Task) -> TodoState:
        """Make the projects and tasks of an item, and delete those of the last one.

        Raises:
            ServiceUnavailable: if that fails; then the last ones are left as they are.
        """
        account: Account = task.payload["account"]
        area = Area()
        try:
            self._fill(area, account)
        except ToolFailure as error:
            _clear(self._service, area)
            raise ServiceUnavailable(f"no episode can begin: {error}") from None
        self._leave.detach()
        old, self._area = self._area, area
        self._leave = finalize(self, _clear, self._service, area)
        self.account = account
        _clear(self._service, old)
        return TodoState()

    def _fill(self, area: Area, account: Account) -> None:
        ask = self._service.ask
        for name in account.projects:
            project: LiveProject = ask(methodcaller("add_project", name, color=COLOUR))
            area.projects.append(project.id)
        for todo in account.tasks:
            made: LiveTask = ask(
                methodcaller(
                    "add_task",
                    todo.content,
                    description=todo.description,
                    project_id=area.projects[todo.project],
                    priority=todo.priority,
                    due_date=date.fromisoformat(todo.due_date),
                    duration=todo.duration,
                    duration_unit=todo.duration_unit,
                )
            )
            area.tasks.append(made.id)

    def close(self) -> None:
        """Delete what the episode has in the account, and close all connections."""
        self._leave()
        self._area = Area()
        self._leave = finalize(self, _clear, self._service, self._area)
        self._service.close()

    def projects(self, state: TodoState) -> list[dict[str, Any]]:
        """The records of the episode's projects."""
        return [
            self._project_record(number, project)
            for number, project in self._live_projects()
        ]

    def tasks(self, state: TodoState, project: str | None) -> list[dict[str, Any]]:
        """The records of the open tasks, of one project or of all."""
        number = None
        if project is not None:
            number = self.account.project_numbers.get(project)
            if number is None:
                return []
        return [
            self._task_record(place, task)
            for place, task in self._live_tasks(number)
            if place not in state.gone
        ]

    def task(self, state: TodoState, task: str) -> dict[str, Any]:
        """The record of an open task."""
        place = self._place(state, task)
        return self._task_record(place, self._live_task(place))

    def details(self, state: TodoState, task: str) -> TodoTask:
        """What an open task is like."""
        place = self._place(state, task)
        found = self._live_task(place)
        length = found.duration
        return self.account.tasks[place]._replace(
            content=found.content,
            description=found.description,
            due_date=_due(found) or "",
            priority=found.priority,
            duration=length.amount if length else 0,
            duration_unit=length.unit if length else "minute",
        )

    def remove(self, state: TodoState, task: str, *, is_completed: bool) -> None:
        """Complete or delete an open task."""
        place = self._place(state, task)
        number = self._area.tasks[place]
        self._service.ask(
            lambda api: (
                api.complete_task(number) if is_completed else api.delete_task(number)
            ),
            # Somebody was quicker.
            missing=True,
        )
        state.gone.append(place)

    def set_due(self, state: TodoState, task: str, day: object) -> dict[str, Any]:
        """Change the due date of an open task; give its record."""
        place = self._place(state, task)
        if not is_day(day):
            raise ToolFailure(NO_DATE)
        changed = self._service.ask(
            lambda api: api.update_task(
                self._area.tasks[place], due_date=date.fromisoformat(str(day))
            ),
            missing=ToolFailure(NO_TASK),
        )
        return self._task_record(place, changed)

    def set_favorite(
        self, state: TodoState, project: str, flag: bool
    ) -> dict[str, Any]:
        """Change whether a project is a favourite; give its record."""
        number = self.account.project_numbers.get(project)
        if number is None:
            raise ToolFailure(NO_PROJECT)
        changed = self._service.ask(
            lambda api: api.update_project(
                self._area.projects[number], is_favorite=flag
            ),
            missing=ToolFailure(NO_PROJECT),
        )
        return self._project_record(number, changed)

    def current(self, state: TodoState) -> Target:
        """The state of the episode's part of the account."""
        due = {place: _due(task) or "" for place, task in self._live_tasks(None)}
        favorites = [n for n, project in self._live_projects() if project.is_favorite]
        return Target(due, frozenset(favorites))

    def _live_projects(self) -> list[tuple[int, LiveProject]]:
        """The episode's projects with their numbers."""
        ours = {real: number for number, real in enumerate(self._area.projects)}
        found = self._service.read(lambda api: _pages(api.get_projects(limit=PAGE)))
        return sorted(
            ((ours[project.id], project) for project in found if project.id in ours),
            key=lambda pair: pair[0],
        )

    def _live_tasks(self, number: int | None) -> list[tuple[int, LiveTask]]:
        """The open tasks of a project, or of all, with their places."""
        ours = {real: place for place, real in enumerate(self._area.tasks)}
        real = None if number is None else self._area.projects[number]
        found = self._service.read(
            lambda api: _pages(api.get_tasks(project_id=real, limit=PAGE)),
            missing=[],
        )
        return sorted(
            (
                (ours[task.id], task)
                for task in found
                if task.id in ours and not task.is_completed
            ),
            key=lambda pair: pair[0],
        )

    def _live_task(self, place: int) -> LiveTask:
        found = self._service.read(
            lambda api: api.get_task(self._area.tasks[place]),
            missing=ToolFailure(NO_TASK),
        )
        if found.is_completed:
            raise ToolFailure(NO_TASK)
        return found

    def _project_record(self, number: int, project: LiveProject) -> dict[str, Any]:
        return {
            "id": project_id(number),
            # The account's other projects count in the service's own order.
            "order": number + 1,
            "color": project.color,
            "name": project.name,
            "is_favorite": project.is_favorite,
        }

    def _task_record(self, place: int, task: LiveTask) -> dict[str, Any]:
        return {
            "id": task_id(place),
            "order": task.order,
            "content": task.content,
            "is_completed": task.is_completed,
            "priority": task.priority,
            "due_date": _due(task),
        }


def _again(base_url: str) -> TodoistAccounts:
    return TodoistAccounts(base_url=base_url)


def _due(task: LiveTask) -> str | None:
    return None if task.due is None else task.due.date.isoformat()[:10]


def _pages(pages: Iterator[list[T]]) -> list[T]:
    found: list[T] = []
    for number, page in enumerate(pages):
        found += page
        if number >= MAX_PAGES:
            raise ValueError("there is no end to the pages")
    return found


def _clear(service: _Service, area: Area) -> None:
    """Delete an episode's projects, as long as the service does so."""
    while area.projects:
        number = area.projects[-1]
        try:
            service.ask(methodcaller("delete_project", number), missing=True)
        except ToolFailure:
            # Nobody is there to be told; they can be deleted by hand.
            return
        area.projects.pop()


class _Service:
    """The client of the service, with its failures in our words."""

    def __init__(self, key: Secret, base_url: str, patience: Patience) -> None:
        self._key, self._base_url, self._patience = key, base_url, patience
        self._api: TodoistAPI | None = None
        self._open()

    def _open(self) -> TodoistAPI:
        if self._api is None:
            try:
                from todoist_api_python.api import TodoistAPI
            except ImportError:
                raise MissingExtra(EXTRA, "todoist-api-python") from None
            client = open_client(
                self._patience,
                secret=self._key,
                moved=(BASE_URL, self._base_url),
                always_repeatable=True,
            )
            self._api = TodoistAPI(self._key.reveal(), client=client)
        return self._api

    def close(self) -> None:
        if self._api is not None:
            self._api.__exit__(None, None, None)
            self._api = None

    def read(self, request: Callable[[TodoistAPI], T], *, missing: Any = None) -> T:
        """Make a request that changes nothing."""
        return self._made(request, missing, "Nothing changed")

    def ask(self, request: Callable[[TodoistAPI], T], *, missing: Any = None) -> T:
        """Make a request that changes something."""
        return self._made(request, missing, UNSURE)

    def _made(
        self, request: Callable[[TodoistAPI], T], missing: Any, changed: str
    ) -> T:
        """Make a request.

        Args:
            request: What to do with the client.
            missing: What to give, or raise, where something is not there.
            changed: What is known of the change if the answer gets lost.

        Raises:
            ToolFailure: with the body of the answer, if the service refuses.
            ServiceFailure: if there is no answer, or none that makes sense.
        """
        import httpx
        from dataclass_wizard.errors import JSONWizardError

        try:
            return request(self._open())
        except GaveUp as error:
            known = changed if error.may_have_arrived else "Nothing changed"
            raise failure(NAME, str(error), known) from None
        except httpx.HTTPStatusError as error:
            if error.response.status_code == NOT_FOUND and missing is not None:
                if isinstance(missing, ToolFailure):
                    raise missing from None
                given: T = missing
                return given
            raise refusal(
                self._key, error.response.text, error.response.status_code
            ) from None
        except (
            JSONWizardError,
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            RecursionError,
        ):
            # Whatever the library makes of an answer that is none.
            raise failure(NAME, NONSENSE, changed) from None
