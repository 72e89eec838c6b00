"""The goals of TODOList: 27 templates that play their own solutions.

Each calls tools as an expert would, says what it asks for, and gives the answer. A
draw is dropped if the answer is not unique, trivial, or takes too many calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from agentgym_envs.draws import between, choose
from agentgym_envs.tasks import UNLISTED, Task
from agentgym_envs.todolist import HORIZON
from agentgym_envs.todolist.accounts import days_between, draw_account, shifted
from agentgym_envs.todolist.engine import EmbeddedAccounts, TodoState, current
from agentgym_envs.todolist.tools import TOOLBOX
from agentgym_envs.tools.generate import Session, require
from agentgym_envs.tools.items import Item

Record = dict[str, Any]
Template = Callable[["Desk"], tuple[str, Any]]

DONE = "done"
AS_DATE = "Answer with the date as YYYY-MM-DD."
AS_TASK = "Answer with the content of the task."
AS_TASKS = "Answer with a list of the contents of the tasks."
AS_NUMBER = "Answer with a whole number."
AS_DONE = 'Then finish with the answer "done".'


class Desk(Session):
    """A session on a fresh account, with what templates often do."""

    def __init__(self, rng: Random, split: str) -> None:
        self.rng = rng
        self.account = draw_account(rng, split)
        task = Task("", 0, UNLISTED, "", {"account": self.account})
        service = EmbeddedAccounts()
        super().__init__(TOOLBOX, service, service.start(task), longest=HORIZON)

    def today(self) -> str:
        """Look up the date."""
        return str(self.call("get_user_current_date"))

    def projects(self) -> list[Record]:
        """Look up the projects."""
        projects: list[Record] = self.call("get_projects")
        return projects

    def tasks(self, project: Record | None = None) -> list[Record]:
        """Look up the tasks of a project, or of all."""
        number = None if project is None else project["id"]
        tasks: list[Record] = self.call("get_tasks", project_id=number)
        return tasks

    def some_project(self) -> tuple[Record, list[Record]]:
        """Look up a project and its tasks."""
        project = choose(self.rng, self.projects())
        return project, self.tasks(project)

    def some_task(self) -> tuple[Record, Record]:
        """Look up a project and one of its tasks."""
        project, tasks = self.some_project()
        return project, choose(self.rng, tasks)

    def minutes(self, task: Record) -> int:
        """Look up how long a task takes."""
        text = self.call("get_task_duration", task_id=task["id"])["duration"]
        return int(text.partition("(")[0])

    def told(self, task: Record, label: str) -> str:
        """Look up a line of a task's description."""
        text = self.call("get_task_description", task_id=task["id"])["description"]
        lines = dict(line[2:].split(": ", 1) for line in text.splitlines())
        return str(lines[label])

    def complete(self, tasks: Sequence[Record]) -> None:
        """Mark tasks as completed."""
        for task in tasks:
            self.call("complete_task", task_id=task["id"])

    def delete(self, tasks: Sequence[Record]) -> None:
        """Delete tasks."""
        for task in tasks:
            self.call("delete_task", task_id=task["id"])

    def postpone(self, tasks: Sequence[Record], day: str) -> None:
        """Give tasks another due date."""
        for task in tasks:
            self.call("update_task", task_id=task["id"], due_date=day)


def only(values: Sequence[Record]) -> Record:
    """The single value there is."""
    require(len(values) == 1)
    return values[0]


def contents(tasks: Sequence[Record]) -> list[str]:
    """What tasks are about, in the order in which lists are compared."""
    return sorted(task["content"] for task in tasks)


def _due_date(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    goal = f'When is the task "{task["content"]}" of "{project["name"]}" due?'
    return f"{goal} {AS_DATE}", task["due_date"]


def _days_left(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    left = days_between(desk.today(), task["due_date"])
    require(left > 1)
    goal = f'How many days are left until "{task["content"]}" of "{project["name"]}"'
    return f"{goal} is due, counted from today? {AS_NUMBER}", left


def _earliest(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    first = min(task["due_date"] for task in tasks)
    task = only([task for task in tasks if task["due_date"] == first])
    return f'Which task of "{project["name"]}" is due first? {AS_TASK}', task["content"]


def _latest_of_all(desk: Desk) -> tuple[str, Any]:
    tasks = desk.tasks()
    last = max(task["due_date"] for task in tasks)
    task = only([task for task in tasks if task["due_date"] == last])
    return f"Which of all my tasks is due last? {AS_TASK}", task["content"]


def _overdue_count(desk: Desk) -> tuple[str, Any]:
    today, tasks = desk.today(), desk.tasks()
    late = [task for task in tasks if task["due_date"] < today]
    require(len(late) > 1)
    return (
        f"How many of all my tasks are overdue, so due before today? {AS_NUMBER}",
        len(late),
    )


def _overdue_list(desk: Desk) -> tuple[str, Any]:
    today = desk.today()
    project, tasks = desk.some_project()
    late = [task for task in tasks if task["due_date"] < today]
    require(0 < len(late) < len(tasks))
    goal = f'Which tasks of "{project["name"]}" are overdue, so due before today?'
    return f"{goal} {AS_TASKS}", contents(late)


def _due_soon(desk: Desk) -> tuple[str, Any]:
    days = choose(desk.rng, (3, 5, 7, 10, 14))
    today, tasks = desk.today(), desk.tasks()
    soon = [task for task in tasks if 0 <= days_between(today, task["due_date"]) < days]
    require(1 < len(soon) < len(tasks))
    return (
        f"Which of all my tasks are due within the next {days} days, from today to "
        f"{shifted(today, days - 1)}, both included? {AS_TASKS}",
        contents(soon),
    )


def _duration(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    goal = f'How many minutes does "{task["content"]}" of "{project["name"]}" take?'
    return f"{goal} {AS_NUMBER}", desk.minutes(task)


def _duration_sum(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    total = sum(desk.minutes(task) for task in tasks)
    goal = f'How many minutes do all tasks of "{project["name"]}" take together?'
    return f"{goal} {AS_NUMBER}", total


def _duration_mean(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    total = sum(desk.minutes(task) for task in tasks)
    mean = round(total / len(tasks), 1)
    # A half would be rounded up by some and down by others.
    require(total * 10 % len(tasks) == 0 or total * 20 % len(tasks))
    goal = f'How many minutes does a task of "{project["name"]}" take on average?'
    return f"{goal} Answer with a number, rounded to one decimal.", mean


def _longest(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    minutes = [desk.minutes(task) for task in tasks]
    require(minutes.count(max(minutes)) == 1)
    task = tasks[minutes.index(max(minutes))]
    goal = f'Which task of "{project["name"]}" takes the most time?'
    return f"{goal} {AS_TASK}", task["content"]


def _place_of(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    goal = f'Where does "{task["content"]}" of "{project["name"]}" take place?'
    return (
        f"{goal} Answer with the place as the description has it.",
        desk.told(task, "Place"),
    )


def _contact_of(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    goal = f'Whom do I contact for "{task["content"]}" of "{project["name"]}"?'
    return f"{goal} Answer with the full name.", desk.told(task, "Contact")


def _things_of(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    things = desk.told(task, "Bring").split(", ")
    goal = f'What do I have to bring for "{task["content"]}" of "{project["name"]}"?'
    return f"{goal} Answer with a list of the things.", sorted(things)


def _task_at(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    places = [desk.told(task, "Place") for task in tasks]
    place = choose(desk.rng, places)
    require(places.count(place) == 1 and len(places) > 1)
    task = tasks[places.index(place)]
    goal = f'Which task of "{project["name"]}" has the place "{place}"?'
    return f"{goal} {AS_TASK}", task["content"]


def _urgent(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    found = [task for task in tasks if task["priority"] == 4]
    require(0 < len(found) < len(tasks))
    goal = f'Which tasks of "{project["name"]}" have the highest priority, 4?'
    return f"{goal} {AS_TASKS}", contents(found)


def _priority_count(desk: Desk) -> tuple[str, Any]:
    priority = between(desk.rng, 1, 4)
    found = [task for task in desk.tasks() if task["priority"] == priority]
    require(len(found) > 1)
    goal = f"How many of all my tasks have the priority {priority}?"
    return f"{goal} {AS_NUMBER}", len(found)


def _largest_project(desk: Desk) -> tuple[str, Any]:
    projects = desk.projects()
    sizes = [len(desk.tasks(project)) for project in projects]
    require(sizes.count(max(sizes)) == 1)
    name = projects[sizes.index(max(sizes))]["name"]
    goal = "Which of my projects has the most tasks?"
    return f"{goal} Answer with the name of the project.", name


def _complete_one(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    desk.complete([task])
    goal = f'I have done "{task["content"]}" of "{project["name"]}".'
    return f"{goal} Please mark it as completed. {AS_DONE}", DONE


def _delete_one(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    desk.delete([task])
    goal = f'"{task["content"]}" of "{project["name"]}" is no longer needed.'
    return f"{goal} Please delete the task. {AS_DONE}", DONE


def _postpone_one(desk: Desk) -> tuple[str, Any]:
    project, task = desk.some_task()
    days = between(desk.rng, 2, 14)
    day = shifted(task["due_date"], days)
    desk.postpone([task], day)
    goal = (
        f'I need more time for "{task["content"]}" of "{project["name"]}". Please '
        f"move its due date {days} days later, and tell me the new one."
    )
    return f"{goal} {AS_DATE}", day


def _postpone_late(desk: Desk) -> tuple[str, Any]:
    today = desk.today()
    project, tasks = desk.some_project()
    late = [task for task in tasks if task["due_date"] < today]
    require(late)
    day = shifted(today, between(desk.rng, 1, 20))
    desk.postpone(late, day)
    goal = (
        f'Please set the due date of every task of "{project["name"]}" that is '
        f"overdue, so due before today, to {day}."
    )
    return f"{goal} {AS_DONE}", DONE


def _complete_early(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    last = choose(desk.rng, tasks)["due_date"]
    early = [task for task in tasks if task["due_date"] <= last]
    require(len(early) < len(tasks))
    desk.complete(early)
    goal = (
        f'I have done all tasks of "{project["name"]}" that are due on {last} or '
        "earlier. Please mark them as completed."
    )
    return f"{goal} {AS_DONE}", DONE


def _delete_minor(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    minor = [task for task in tasks if task["priority"] == 1]
    require(0 < len(minor) < len(tasks))
    desk.delete(minor)
    goal = f'Please delete all tasks of "{project["name"]}" with the priority 1.'
    return f"{goal} {AS_DONE}", DONE


def _favorite_largest(desk: Desk) -> tuple[str, Any]:
    projects = desk.projects()
    sizes = [len(desk.tasks(project)) for project in projects]
    require(sizes.count(max(sizes)) == 1)
    largest = projects[sizes.index(max(sizes))]
    desk.call("update_project", project_id=largest["id"], is_favorite=True)
    return (
        "Please make the project with the most tasks a favourite, and tell me its "
        "name. Answer with the name of the project.",
        largest["name"],
    )


def _favorite_urgent(desk: Desk) -> tuple[str, Any]:
    projects = desk.projects()
    counts = [
        sum(task["priority"] == 4 for task in desk.tasks(project))
        for project in projects
    ]
    require(counts.count(max(counts)) == 1)
    busiest = projects[counts.index(max(counts))]
    desk.call("update_project", project_id=busiest["id"], is_favorite=True)
    return (
        "Please make the project with the most tasks of priority 4 a favourite. "
        f"{AS_DONE}",
        DONE,
    )


def _complete_first(desk: Desk) -> tuple[str, Any]:
    project, tasks = desk.some_project()
    days = sorted(task["due_date"] for task in tasks)
    require(len(days) > 1 and days[0] < days[1])
    require(len(days) == 2 or days[1] < days[2])
    first, second = (
        only([task for task in tasks if task["due_date"] == day]) for day in days[:2]
    )
    desk.complete([first])
    goal = (
        f'I have done the task of "{project["name"]}" that was due first. Please mark '
        "it as completed, and tell me which task of this project is due next."
    )
    return f"{goal} {AS_TASK}", second["content"]


def _template(play: Template) -> Callable[[Random, str], Item]:
    def make(rng: Random, split: str) -> Item:
        desk = Desk(rng, split)
        goal, answer = play(desk)
        path = desk.finish(answer)
        state: TodoState = desk.state
        payload = {
            "subgoals": [answer],
            "path": path,
            "account": desk.account,
            "target": current(desk.account, state),
        }
        return Item(goal, payload)

    make.__name__ = play.__name__.lstrip("_")
    return make


TEMPLATES = tuple(
    _template(play)
    for play in (
        *(
            _due_date,
            _days_left,
            _earliest,
            _latest_of_all,
            _overdue_count,
            _overdue_list,
        ),
        *(_due_soon, _duration, _duration_sum, _duration_mean, _longest, _place_of),
        *(
            _contact_of,
            _things_of,
            _task_at,
            _urgent,
            _priority_count,
            _largest_project,
        ),
        *(_complete_one, _delete_one, _postpone_one, _postpone_late, _complete_early),
        *(_delete_minor, _favorite_largest, _favorite_urgent, _complete_first),
    )
)
