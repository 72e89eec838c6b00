"""A book of one small sheet, to try tools on by hand."""

from __future__ import annotations

from agentgym_envs.sheet.cells import Cell
from agentgym_envs.sheet.engine import Book
from agentgym_envs.sheet.env import SheetEnv
from agentgym_envs.sheet.grid import Sheet, rectangle
from agentgym_envs.tasks import Task
from agentgym_envs.tools.replies import write_call
from agentgym_envs.tools.toolbox import Call

FRUIT = [
    ["Fruit", "Kind", "Price", "Stock"],
    ["apple", "pome", 1.5, 20.0],
    ["cherry", "stone", 4.25, 7.0],
    ["pear", "pome", 2.0, 7.0],
    ["fig", "other", 3.0, None],
]
FORMATS = ["General", "General", "0.00", "General"]


def cells(rows=FRUIT, formats=FORMATS):
    head = [Cell(value) for value in rows[0]]
    return [head] + [
        [Cell(value, form) for value, form in zip(row, formats, strict=True)]
        for row in rows[1:]
    ]


def make(rows=None, *, parity=False, gold=(("x",),), **keywords):
    """An episode with the sheet "Fruit" open."""
    sheet = Sheet(rectangle(rows or cells()))
    book = Book(("Fruit", "Other"), (sheet, Sheet([])))
    payload = {
        "subgoals": [[list(row) for row in gold]],
        "path": (Call("open_sheet", {"name": "Fruit"}), Call("finish", {})),
        "book": book,
        "start_share": 0.0,
        "strict": True,
    }
    task = Task("sheet_0", 0, "test", "Do something.", payload)
    env = SheetEnv(parity=parity, horizon=1000, **keywords)
    env.tasks.find = lambda item: task
    env.reset(options={"item": 0})
    tell(env, "open_sheet", name="Fruit")
    return env


def said(observation):
    return observation.removeprefix("Observation: ").removesuffix(
        "\nGive me one action."
    )


def tell(env, name, /, **arguments):
    return said(env.step(write_call(name, arguments))[0])


def table(env):
    return env._backend.table(env._state)


def column(env, number):
    return [row[number] for row in table(env)]
