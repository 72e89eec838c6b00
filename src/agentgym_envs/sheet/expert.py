"""The expert of Sheet: its path, from wherever the sheet is on it, else a repair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.sheet.cells import address
from agentgym_envs.sheet.engine import Book, EmbeddedBooks, SheetState
from agentgym_envs.sheet.grading import Table, overlap_share, strict_share
from agentgym_envs.sheet.tools import TOOLBOX
from agentgym_envs.tasks import Task
from agentgym_envs.tools.toolbox import Call, ToolFailure


class Trail(NamedTuple):
    """Calls that solve an item from its start, and the states before each of them."""

    calls: Sequence[Call]
    states: Sequence[SheetState]


def trail(task: Task) -> Trail:
    """Follow an item's path, and mend its end if that misses the goal.

    One of the published paths does: it never writes the header of its new column.
    """
    service = EmbeddedBooks()
    state = service.start(task)
    path: Sequence[Call] = task.payload["path"]
    gold: Table = task.payload["subgoals"][0]
    calls, states = list(path[:-1]), []
    for name, arguments in calls:
        states.append(_copy(state))
        TOOLBOX.run(service, state, name, arguments)
    rest = path[-1:]
    if overlap_share(service.table(state), gold) < 1.0:
        rest = repair(task, state)
    for call in rest:
        calls.append(call)
        states.append(_copy(state))
        TOOLBOX.run(service, state, *call)
    return Trail(calls, states)


def next_call(task: Task, way: Trail, now: SheetState, steps_left: int) -> Call:
    """Choose the next call: of the path if the book is as it is somewhere on it.

    Args:
        task: The item.
        way: What `trail` gives.
        now: The state that it is to go on from.
        steps_left: Steps before the horizon.

    Raises:
        NoExpertAction: if neither the path nor a repair ends in time.
    """
    calls, states = way
    book: Book = task.payload["book"]
    here = [n for n, state in enumerate(states) if _same(book, state, now)]
    if now.looked in here and len(calls) - now.looked <= steps_left:
        return calls[now.looked]
    if here:
        # Without the calls that only look.
        rest = [
            call
            for n, call in enumerate(calls)
            if n >= here[-1]
            and (n == len(calls) - 1 or not _same(book, states[n], states[n + 1]))
        ]
        if len(rest) <= steps_left:
            return rest[0]
    mending = repair(task, now)
    if len(mending) > steps_left:
        raise NoExpertAction(
            f"the item takes {len(mending)} more calls, and there are {steps_left} "
            "steps"
        )
    return mending[0]


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
            now_shown = service.table(state)
            before, wrong = _copy(state), _differences(now_shown, gold)
            call(
                "update_range",
                start_position=address(first, 0),
                end_position=address(last, columns - 1),
                # None leaves a cell as it is.
                values_list=[
                    [
                        None if _at(now_shown, row, column) == text else text
                        for column, text in enumerate(gold[row])
                    ]
                    for row in range(first, last + 1)
                ],
            )
            if len(_differences(service.table(state), gold)) == len(wrong):
                # The values are right already, and only shown in other formats.
                state = before
                calls.pop()
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
