"""Workbooks: the sheets that an episode begins with, and which of them it changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from agentgym_envs.sheet.cells import read
from agentgym_envs.sheet.grid import MAX_CELLS, Sheet
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
        """The open sheet, as a copy that may be changed.

        Raises:
            ToolFailure: if none is open.
        """
        sheet = self.sheet(state)
        if state.opened not in state.sheets:
            sheet = state.sheets[state.opened] = sheet.copy()
        return sheet

    def table(self, state: SheetState) -> list[list[str]]:
        """What a user sees of the open sheet."""
        return self.sheet(state).table()


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
