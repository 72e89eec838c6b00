"""The TODOList environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from agentgym_envs.env import in_colour
from agentgym_envs.tasks import TaskSet
from agentgym_envs.todolist import HORIZON
from agentgym_envs.todolist.engine import Account, EmbeddedAccounts, TodoState
from agentgym_envs.todolist.expert import changes, remover
from agentgym_envs.todolist.tasks import open_tasks
from agentgym_envs.todolist.tools import CHANGES, TOOLBOX
from agentgym_envs.tools.backend import Backend, unknown_backend
from agentgym_envs.tools.env import ToolEnv
from agentgym_envs.tools.toolbox import Call, ToolFailure

GUIDE = """\
You manage a user's to-do list, which has projects with tasks, by calling tools. Find \
the ids of projects and tasks before you use them. A project that is not there has no \
tasks, []. Tasks are urgent with priority 4 and normal with priority 1. Change nothing \
that the goal does not ask for. When you have the answer, finish with it, in the form \
that the goal asks for; when it only asks for changes, finish with the answer "done". \
Your tools:"""


class TODOListEnv(ToolEnv):
    """Look after somebody's projects and tasks in a to-do service.

    ## Observations
    At first the goal. Then what a tool gave, as Python writes it:
    `Observation: [{'id': '2300000001', 'order': 1, 'color': 'charcoal', 'name':
    'Homework', 'is_favorite': False}]`, and a line that asks for the next action. A
    call that fails is answered by why, as in `Observation: Task not found`, or
    `Observation: ERROR | KeyError('task_id')` where an argument is missing.

    ## Actions
    One call on the last line of the reply: `Action: get_tasks with Action Input:
    {"project_id": "2300000001"}`. The input is a Python expression of literals,
    arithmetic and a few functions, from which the tool takes its arguments by name.

    {tools}

    ## Rewards
    1.0 for finishing with the right answer while the account is as it should be, else
    0.0. The answer must be of the right type; lists may be in any order.

    ## Episode end
    Terminates with the tool `finish`, as a success or a failure. Truncates after 15
    steps.

    ## Keywords
    `json_literals` says whether `true`, `false` and `null` are understood in inputs;
    by default they are, except with `parity`. `backend` is `"embedded"`, `"live"`,
    which is Todoist (see [Live services](../live.md)), or an object with the methods of
    `agentgym_envs.todolist.engine.EmbeddedAccounts`. `key` is the API token for the
    live one; better, set the environment variable `TODO_KEY`.

    ## Data
    Accounts of 4 to 6 projects and 12 to 20 tasks are generated, with one of 27 kinds
    of goals each: items 0 to 199 are for testing, 200 to 2,199 for training, and any
    later index is a further item. Test accounts have projects and people that no other
    account has. `data=PATH` plays AgentGym's 155 items: `todo.jsonl`, or a folder with
    it, beside `todo_projects.json`. Of these, 0 to 19 are for testing, unless the
    folder has `todo_train.json` and `todo_test.json` that say otherwise.

    ## Parity
    `parity=True` is AgentGym's server. Reward is the level that was reached so far: 1.0
    as soon as any tool's result is the answer, whatever is done later. An episode ends
    when `finish` occurs anywhere in a call, and goes on after that; while it is ended,
    the reward is 1.0 only if the account is also as it should be, else 0.0. A call
    that breaks leaves the end as it was. Other than there, no two episodes share an
    account.

    ## Source
    AgentBoard (Ma et al., arXiv 2401.13178) and AgentGym (Xi et al., arXiv
    2406.04151), on the REST interface of Todoist.

    ## Version history
    - v0: first release
    """

    family = "TODOList"
    default_horizon = HORIZON
    toolbox = TOOLBOX
    state_type = TodoState
    guide = GUIDE

    _state: TodoState

    def _open_tasks(self) -> TaskSet:
        return open_tasks(self.data, split=self.split)

    def _open_backend(self, backend: str | Backend[Any]) -> Backend[Any]:
        if backend == "embedded":
            return EmbeddedAccounts()
        if backend == "live":
            from agentgym_envs.todolist.live import TodoistAccounts

            return TodoistAccounts(key=self._key)
        if isinstance(backend, str):
            raise unknown_backend(backend)
        return backend

    @property
    def _accounts(self) -> EmbeddedAccounts:
        return cast(EmbeddedAccounts, self._backend)

    def lose_the_way(self) -> None:
        """Take the date for the user's location.

        The original's server does so when it begins an item once more.
        """
        accounts = self._accounts
        account = accounts.account
        accounts.account = replace(account, location=account.date)

    def _is_as_asked(self) -> bool:
        return bool(self._accounts.current(self._state) == self.task.payload["target"])

    def _grade(self, answer: Any) -> float:
        return super()._grade(answer) if self._is_as_asked() else 0.0

    def _reported(self, *, finished: bool) -> float:
        level = self._state.level
        if not finished:
            return level
        return 1.0 if level == 1.0 and self._is_as_asked() else 0.0

    def _kept(self, result: Any) -> Any:
        if isinstance(result, list):
            return [_without_id(record) for record in result]
        return _without_id(result)

    def _looks(self) -> Sequence[Call]:
        return [call for call in super()._looks() if call.name not in CHANGES]

    def _must(self) -> Sequence[Call]:
        payload = self.task.payload
        path = payload["path"]
        calls = changes(
            payload["account"],
            self._accounts.current(self._state),
            payload["target"],
            remover=remover(path, self.goal),
        )
        return [*calls, *path[-1:]]

    def _ansi(self, *, colour: bool) -> str:
        account: Account = self.task.payload["account"]
        lines = [f"Goal: {self.goal}", f"Today: {account.date}"]
        try:
            now = self._accounts.current(self._state)
        except ToolFailure as failure:
            return "\n".join([*lines, str(failure)])
        for number, name in enumerate(account.projects):
            star = " *" if number in now.favorites else ""
            lines.append(in_colour(name, "blue") + star if colour else name + star)
            for place in account.members[number]:
                task = account.tasks[place]
                is_open = place in now.due
                told = f"due {now.due[place]}" if is_open else "gone"
                line = f"  {task.content} ({told}, priority {task.priority})"
                grey = colour and not is_open
                lines.append(in_colour(line, "grey") if grey else line)
        return "\n".join(lines)


def _without_id(record: Any) -> Any:
    """A record as the original keeps it for comparisons, without ids."""
    if not isinstance(record, dict):
        return record
    return {
        key: _without_id(value) if key in ("task", "project") else value
        for key, value in record.items()
        if key != "id"
    }
