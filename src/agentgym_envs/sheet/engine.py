"""Workbooks: the sheets that an episode begins with, and which of them it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agentgym_envs.sheet.cells import GENERAL, Cell, Value, entered, read, shown
from agentgym_envs.sheet.grammar import FormulaError, parse
from agentgym_envs.sheet.grid import MAX_CELLS, Merge, Sheet, Values
from agentgym_envs.tasks import Task
from agentgym_envs.tools.state import ToolState
from agentgym_envs.tools.toolbox import ToolFailure

NOT_OPEN = "Please open a sheet before operating it"


class Book(NamedTuple):
    """What an episode begins with; its sheets never change."""

    names: tuple[str, ...]
    sheets: tuple[Sheet, ...]


@dataclass(slots=True)
class SheetState(ToolState):
    """What an episode changed.

    Args:
        opened: The number of the open sheet; -1 if none is.
        sheets: The sheets that were changed, by their numbers.
    """

    opened: int = -1
    sheets: dict[int, Sheet] = field(default_factory=dict)


class EmbeddedBooks:
    """The spreadsheet service inside this process, with a copy of a book per episode.

    All work on the sheet that is open. Rows and columns count from 0; axis 0 is that of
    rows. Methods raise `ServiceError` for what the service refuses, and `ToolFailure`
    if no sheet is open.

    Args:
        leaves_stray_column: Whether a value that can't be worked out leaves the column
            that was inserted for it, as in the original.
    """

    book: Book

    def __init__(self, *, leaves_stray_column: bool = False) -> None:
        self.leaves_stray_column = leaves_stray_column

    def start(self, task: Task) -> SheetState:
        """Copy the book of an item."""
        self.book = task.payload["book"]
        return SheetState()

    def resume(self, task: Task, state: SheetState) -> None:
        """Take up a book that was changed.

        Raises:
            ValueError: if it has no such sheets, or these have no proper cells.
        """
        book: Book = task.payload["book"]
        numbers = range(len(book.sheets))
        if state.opened not in (-1, *numbers):
            raise ValueError("the book has no such sheet")
        for number, sheet in state.sheets.items():
            if number not in numbers:
                raise ValueError("the book has no such sheet")
            _check(sheet)
        self.book = book

    def close(self) -> None:
        """Do nothing; there is no connection."""

    def open(self, state: SheetState, name: object) -> int | None:
        """Open a sheet by its name; give its number, or None if there is none."""
        names = self.book.names
        if not isinstance(name, str) or name not in names:
            return None
        state.opened = names.index(name)
        return state.opened

    def name(self, state: SheetState) -> str:
        """The name of the open sheet."""
        return self.book.names[state.opened]

    def sheet(self, state: SheetState) -> Sheet:
        """The open sheet, only to be read.

        Raises:
            ToolFailure: if none is open.
        """
        if state.opened < 0:
            raise ToolFailure(NOT_OPEN)
        return state.sheets.get(state.opened) or self.book.sheets[state.opened]

    def changing(self, state: SheetState) -> Sheet:
        """The open sheet, as a copy that may be changed."""
        sheet = self.sheet(state)
        if state.opened not in state.sheets:
            sheet = state.sheets[state.opened] = sheet.copy()
        return sheet

    # What is read

    def table(self, state: SheetState) -> list[list[str]]:
        """What a user sees of the open sheet, merged areas filled with their value."""
        return self.sheet(state).table()

    def size(self, state: SheetState) -> tuple[int, int]:
        """How many rows and columns the table has."""
        return self.sheet(state).size()

    def texts(self, state: SheetState) -> list[list[str]]:
        """What a user sees in each cell, at least up to the size of the table."""
        return self.sheet(state).texts()

    def shown(self, state: SheetState, row: int, column: int) -> str:
        """What a user sees in a cell."""
        return Values(self.sheet(state)).shown(row, column)

    def note(self, state: SheetState, row: int, column: int) -> str:
        """The note of a cell."""
        return read(self.sheet(state).text_at(row, column)).note

    def work_out(self, state: SheetState, operator: str, areas: Sequence[str]) -> str:
        """What a formula would show of an operator on areas such as ``A2:B4``."""
        values = Values(self.sheet(state))
        node = parse(f"{operator}({','.join(areas)})")
        try:
            value = values.worked_out(node)
        except FormulaError as error:
            return str(error)
        return shown(value, values.format_of(node) or GENERAL)

    # What is changed

    def freeze(self, state: SheetState, axis: int, count: int) -> None:
        """Freeze the first rows or columns."""
        rows, columns = self.sheet(state).frozen
        frozen = (count, columns) if axis == 0 else (rows, count)
        self.changing(state).frozen = frozen

    def insert(
        self, state: SheetState, axis: int, at: int, lines: Sequence[Sequence[Value]]
    ) -> None:
        """Insert rows or columns with values, and let the grid grow as they need it."""
        sheet = self.changing(state)
        sheet.insert(axis, at, len(lines))
        for offset, line in enumerate(lines):
            for number, value in enumerate(line):
                row, column = at + offset, number
                if axis == 1:
                    row, column = column, row
                write_raw(sheet, row, column, value)
        longest = max(map(len, lines))
        if axis == 0:
            sheet.width = max(sheet.width, longest)
        else:
            sheet.height = max(sheet.height, longest)

    def delete(self, state: SheetState, axis: int, places: Sequence[int]) -> None:
        """Delete rows or columns, one after the other."""
        sheet = self.changing(state)
        for at in places:
            sheet.delete(axis, at)

    def enter(self, state: SheetState, row: int, column: int, value: Value) -> None:
        """Type something into a cell; what begins with ``=`` is a formula."""
        sheet = self.changing(state)
        before = read(sheet.text_at(row, column))
        if isinstance(value, str) and value.startswith("=") and len(value) > 1:
            cell = before._replace(value=None, formula=value[1:])
        else:
            kept, number_format = entered(value, before.format)
            kept = None if kept == "" else kept
            cell = Cell(kept, number_format, before.note)
        sheet.put(row, column, cell)

    def write(
        self, state: SheetState, top: int, left: int, rows: Sequence[Sequence[Value]]
    ) -> None:
        """Write values as they are; None leaves a cell, and no text clears it."""
        sheet = self.changing(state)
        for row, line in enumerate(rows, start=top):
            for column, value in enumerate(line, start=left):
                write_raw(sheet, row, column, value)

    def sort(self, state: SheetState, column: int, *, descending: bool) -> None:
        """Sort the rows that are not frozen."""
        self.changing(state).sort(column, descending=descending)

    def merge(self, state: SheetState, area: Merge) -> None:
        """Merge an area into one cell."""
        self.changing(state).merge(area)

    def write_note(
        self, state: SheetState, row: int, column: int, content: str
    ) -> None:
        """Write the note of a cell."""
        sheet = self.changing(state)
        before = read(sheet.text_at(row, column))
        sheet.put(row, column, before._replace(note=content))


def write_raw(sheet: Sheet, row: int, column: int, value: Value) -> None:
    """Write a value as it is; None leaves what is there, and no text clears it."""
    if value is None:
        return
    before = read(sheet.text_at(row, column))
    kept = None if value == "" else value
    sheet.put(row, column, before._replace(value=kept, formula=""))


def _check(sheet: Sheet) -> None:
    rows = sheet.rows
    width = len(rows[0]) if rows else 0
    if any(len(row) != width for row in rows) or len(rows) * width > MAX_CELLS:
        raise ValueError("a sheet is no rectangle")
    if max(sheet.height, sheet.width) > MAX_CELLS:
        raise ValueError("a grid is too large")
    if not (len(rows) <= sheet.height and width <= sheet.width):
        raise ValueError("a sheet is larger than its grid")
    if min(sheet.frozen) < 0 or sheet.frozen[0] > sheet.height:
        raise ValueError("a sheet has no such rows to freeze")
    for row in rows:
        for text in row:
            read(text)
    for top, left, bottom, right in sheet.merges:
        if not (0 <= top <= bottom < sheet.height and 0 <= left <= right < sheet.width):
            raise ValueError("a merged area is not in the grid")
