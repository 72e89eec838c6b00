"""The expert of Sheet: its path, from wherever the sheet is on it, else a repair."""

from __future__ import annotations

from collections.abc import Sequence

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.sheet.cells import address
from agentgym_envs.sheet.engine import Book, EmbeddedBooks, SheetState
from agentgym_envs.sheet.grading import Table, strict_share
from agentgym_envs.sheet.tools import TOOLBOX
from agentgym_envs.tasks import Task
from agentgym_envs.tools.toolbox import Call, ToolFailure


def trail(task: Task) -> list[SheetState]:
    """The states before each call of an item's path."""
    service = EmbeddedBooks()
    state = service.start(task)
    states = []
    for name, arguments in task.payload["path"]:
        states.append(_copy(state))
        TOOLBOX.run(service, state, name, arguments)
    return states


def next_call(
    task: Task, states: Sequence[SheetState], now: SheetState, steps_left: int
) -> Call:
    """Choose the next call: of the path if the book is as it is somewhere on it.

    Args:
        task: The item.
        states: What `trail` gives.
        now: The state that it is to go on from.
        steps_left: Steps before the horizon.

    Raises:
        NoExpertAction: if neither the path nor a repair ends in time.
    """
    path: Sequence[Call] = task.payload["path"]
    book: Book = task.payload["book"]
    here = [n for n, state in enumerate(states) if _same(book, state, now)]
    if now.looked in here and len(path) - now.looked <= steps_left:
        return path[now.looked]
    if here:
        # Without the calls that only look.
        rest = [
            call
            for n, call in enumerate(path)
            if n >= here[-1]
            and (n == len(path) - 1 or not _same(book, states[n], states[n + 1]))
        ]
        if len(rest) <= steps_left:
            return rest[0]
    calls = repair(task, now)
    if len(calls) > steps_left:
        raise NoExpertAction(
            f"the item takes {len(calls)} more calls, and there are {steps_left} steps"
        )
    return calls[0]


def repair(task: Task, now: SheetState) -> list[Call]:
    """Write over whatever differs from the table that should be there.

    Raises:
        NoExpertAction: if that does not help, as with areas merged by mistake.
    """
    gold: Table = task.payload["subgoals"][0]
    service, state = EmbeddedBooks(), _copy(now)
    service.resume(task, state)
    calls: list[Call] = []

    def call(name: str, /, **arguments: object) -> None:
        calls.append(Call(name, arguments))
        TOOLBOX.run(service, state, name, arguments)

    try:
        opening: Call = task.payload["path"][0]
        if state.opened < 0 or service.name(state) != opening.arguments["name"]:
            call(opening.name, **opening.arguments)
        table = service.table(state)
        rows, columns = len(gold), len(gold[0])
        if len(table) > rows:
            extra = list(range(rows + 1, len(table) + 1))
            call("delete_batch_data", dimension="row", index_list=extra)
        if table and len(table[0]) > columns:
            extra = list(range(columns + 1, len(table[0]) + 1))
            call("delete_batch_data", dimension="col", index_list=extra)
        for first, last in _blocks(service.table(state), gold):
            call(
                "update_range",
                start_position=address(first, 0),
                end_position=address(last, columns - 1),
                values_list=[list(row) for row in gold[first : last + 1]],
            )
        for row, column in _differences(service.table(state), gold):
            text = gold[row][column].replace('"', '""')
            # A formula shows its text whatever the number format of the cell.
            position = address(row, column)
            call("update_cell", position=position, value=f'="{text}"' if text else "")
    except ToolFailure as failure:
        raise NoExpertAction(f"the sheet can't be repaired: {failure}") from None
    if strict_share(service.table(state), gold) < 1.0:
        raise NoExpertAction("the sheet can't be repaired any more")
    return [*calls, task.payload["path"][-1]]


def _differences(table: Table, gold: Table) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row, wanted in enumerate(gold)
        for column, text in enumerate(wanted)
        if _at(table, row, column) != text
    ]


def _at(table: Table, row: int, column: int) -> str:
    if row < len(table) and column < len(table[row]):
        return table[row][column]
    return ""


def _blocks(table: Table, gold: Table) -> list[tuple[int, int]]:
    """The rows to write: one block, or two where it would be the whole table."""
    rows = [row for row, _ in _differences(table, gold)]
    if not rows:
        return []
    first, last = rows[0], rows[-1]
    if first == 0 and last == len(table) - 1 and last > 0:
        return [(0, last - 1), (last, last)]
    return [(first, last)]


def _copy(state: SheetState) -> SheetState:
    sheets = {number: sheet.copy() for number, sheet in state.sheets.items()}
    return SheetState(opened=state.opened, sheets=sheets)


def _same(book: Book, one: SheetState, other: SheetState) -> bool:
    if one.opened != other.opened:
        return False
    return all(
        (one.sheets.get(number) or book.sheets[number])
        == (other.sheets.get(number) or book.sheets[number])
        for number in one.sheets.keys() | other.sheets.keys()
    )
