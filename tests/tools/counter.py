"""A family of tools small enough to work through by hand, for the tests."""

from __future__ import annotations

from dataclasses import dataclass

from agentgym_envs.tools.env import ToolEnv
from agentgym_envs.tools.items import GeneratedTasks, Item, PublishedTasks, answer_items
from agentgym_envs.tools.state import ToolState
from agentgym_envs.tools.toolbox import (
    FINISH,
    INTEGER,
    Argument,
    Call,
    Tool,
    Toolbox,
    ToolFailure,
)


@dataclass(slots=True)
class CounterState(ToolState):
    count: int = 0


class Counter:
    def start(self, task):
        return CounterState()

    def resume(self, task, state):
        if state.count < 0:
            raise ValueError("a counter is never negative")

    def close(self):
        pass


def add(backend, state, number):
    if number < 0:
        raise ToolFailure(f"Error: {number} is negative")
    state.count += number
    return {"count": state.count}


TOOLBOX = Toolbox(
    [
        Tool("add", "Count further.", (Argument("number", INTEGER),), add),
        Tool("secret", "Tell the number.", (), lambda _backend, _state: 7),
        Tool(
            "divide",
            "Divide.",
            (Argument("by", INTEGER), Argument("rest", INTEGER, optional=True)),
            lambda _, state, by, rest: state.count / by + (rest or 0),
        ),
        FINISH,
    ]
)


def make(split, number):
    gold = number + 1
    path = (Call("add", {"number": gold}), Call("finish", {"answer": gold}))
    return Item(f"Count to {gold}.", {"subgoals": [gold], "path": path})


class CounterEnv(ToolEnv):
    """Count.

    {tools}
    """

    family = "Counter"
    default_horizon = 10
    toolbox = TOOLBOX
    state_type = CounterState
    guide = "You have a counter."

    def _open_tasks(self):
        if self.data is not None:
            items = answer_items(self.data, lambda record, where: None)
            return PublishedTasks(prefix="counter", items=items, split=self.split)
        return GeneratedTasks(prefix="counter", make=make, split=self.split)

    def _open_backend(self, backend):
        return Counter()


def call(name, text="{}"):
    return f"Thought: So.\n\nAction: {name} with Action Input: {text}"


def said(observation):
    """The text between the words that are around every answer."""
    return observation.removeprefix("Observation: ").removesuffix(
        "\nGive me one action."
    )
