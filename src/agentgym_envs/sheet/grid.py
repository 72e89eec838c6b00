"""A worksheet: a grid of cells, and what can be done with it.

Only the rectangle from A1 to the last cell that ever held something is kept; the rest
of the grid is blank. Rows and columns count from 0 here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from agentgym_envs.sheet.cells import (
    EMPTY,
    GENERAL,
    MAX_CELL,
    Cell,
    Value,
    format_of,
    read,
    shown,
    write,
)
from agentgym_envs.sheet.formulas import sort_key, value_of
from agentgym_envs.sheet.grammar import (
    ERRORS,
    REFERENCE,
    UNREADABLE,
    FormulaError,
    Node,
    first_area,
    parse,
)
from agentgym_envs.sheet.references import moved, shifted

HEIGHT, WIDTH = 1000, 26  # of a fresh grid
MAX_CELLS = 100_000  # of a grid's kept rectangle
MAX_CHAIN = 60  # formulas that wait for each other
MAX_LOOKUPS = 200_000  # cells that all formulas of a table look at together
# Functions whose result looks like the first cell that they take.
FORMATTING = frozenset({"SUM", "AVERAGE", "MAX", "MIN", "MINUS"})

Merge = tuple[int, int, int, int]
"""First row and column, last row and column."""


class ServiceError(Exception):
    """The service refuses something; the text is its message.

    Args:
        message: What it says.
        code: The status of its answer.
        status: The name of that.
    """

    def __init__(
        self, message: str, *, code: int = 400, status: str = "INVALID_ARGUMENT"
    ) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass(slots=True)
class Sheet:
    """One worksheet.

    Args:
        rows: The cells, as `cells.write` gives them; all rows are equally long.
        height: How many rows the grid has.
        width: How many columns it has.
        merges: The areas that are merged.
        frozen: How many rows are frozen, and how many columns.
    """

    rows: list[list[str]]
    height: int = HEIGHT
    width: int = WIDTH
    merges: list[Merge] = field(default_factory=list)
    frozen: tuple[int, int] = (0, 0)

    def copy(self) -> Sheet:
        """Give a sheet that can be changed without changing this one."""
        rows = [row[:] for row in self.rows]
        return Sheet(rows, self.height, self.width, self.merges[:], self.frozen)

    def text_at(self, row: int, column: int) -> str:
        """The cell at a place, as a text."""
        rows = self.rows
        if row < len(rows) and column < len(rows[row]):
            return rows[row][column]
        return EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Write a cell."""
        if isinstance(cell.value, str) and len(cell.value) > MAX_CELL:
            raise ServiceError(
                f"Your input contains more than the maximum of {MAX_CELL} characters "
                "in a single cell."
            )
        self._reach(row + 1, column + 1)
        self.rows[row][column] = write(cell)

    def _reach(self, height: int, width: int) -> None:
        rows = self.rows
        now = len(rows[0]) if rows else 0
        if max(height, len(rows)) * max(width, now) > MAX_CELLS:
            raise ServiceError(
                "This action would increase the number of cells in the workbook above "
                "the limit."
            )
        if width > now:
            for row in rows:
                row.extend([EMPTY] * (width - now))
        if height > len(rows):
            width = max(width, now)
            rows.extend([EMPTY] * width for _ in range(height - len(rows)))

    # What is read

    def texts(self) -> list[list[str]]:
        """What a user sees in each kept cell."""
        table: list[list[str | None]] = [list(map(_plain, row)) for row in self.rows]
        values: Values | None = None
        for number, row in enumerate(table):
            if None in row:
                values = values or Values(self)
                for column, text in enumerate(row):
                    if text is None:
                        row[column] = values.shown(number, column)
        return table  # type: ignore[return-value]  # no None is left

    def table(self) -> list[list[str]]:
        """What a user sees, up to the last row and column with something in it.

        Merged areas have their value in each of their cells.
        """
        return filled_merges(self.texts(), self.merges)

    def size(self) -> tuple[int, int]:
        """How many rows and columns the table has."""
        table = self.table()
        return len(table), len(table[0]) if table else 0

    # What changes the grid

    def insert(self, axis: int, at: int, count: int) -> None:
        """Insert rows (axis 0) or columns (axis 1) before one of them."""
        self._reach(at, 0) if axis == 0 else self._reach(0, at)
        height, width = len(self.rows), len(self.rows[0]) if self.rows else 0
        grown = (height + count) * width if axis == 0 else height * (width + count)
        if grown > MAX_CELLS:
            raise ServiceError(
                "This action would increase the number of cells in the workbook above "
                "the limit."
            )
        if axis == 0:
            # At the end, the row before is the model; elsewhere the one after.
            like = self.rows[at] if at < height else self.rows[-1] if height else []
            blank = [format_of(text) for text in like]
            self.rows[at:at] = [blank[:] for _ in range(count)]
            self.height += count
        else:
            for row in self.rows:
                text = row[at] if at < width else row[-1] if row else EMPTY
                row[at:at] = [format_of(text)] * count
            self.width += count
        self._follow(axis, at, count)

    def delete(self, axis: int, at: int) -> None:
        """Delete a row or a column."""
        if axis == 0:
            del self.rows[at : at + 1]
            self.height -= 1
        else:
            for row in self.rows:
                del row[at : at + 1]
            self.width -= 1
        self._follow(axis, at, -1)
        rows, columns = self.frozen
        self.frozen = min(rows, self.height), min(columns, self.width)

    def _follow(self, axis: int, at: int, count: int) -> None:
        """Let formulas and merged areas follow an insertion or deletion."""
        for row, column, cell in self._formulas():
            formula = shifted(cell.formula, axis, at, count)
            if formula != cell.formula:
                self.rows[row][column] = write(cell._replace(formula=formula))
        merges = []
        for merge in self.merges:
            first, last = merge[axis], merge[axis + 2]
            if count > 0:
                first += count * (first >= at)
                last += count * (last >= at)
            else:
                first -= first > at
                last -= last >= at
            top, left, bottom, right = merge
            new = (
                (first, left, last, right) if axis == 0 else (top, first, bottom, last)
            )
            if new[0] <= new[2] and new[1] <= new[3] and new[:2] != new[2:]:
                merges.append(new)
        self.merges = merges

    def _formulas(self) -> Iterator[tuple[int, int, Cell]]:
        for number, row in enumerate(self.rows):
            for column, text in enumerate(row):
                if text and _plain(text) is None:
                    yield number, column, read(text)

    def sort(self, column: int, *, descending: bool) -> None:
        """Sort all rows that are not frozen; blanks are last either way."""
        start = min(self.frozen[0], len(self.rows))
        values = Values(self)
        numbered = [
            (values.shown_value(number, column), number)
            for number in range(start, len(self.rows))
        ]
        filled = [pair for pair in numbered if pair[0] is not None]
        filled.sort(key=lambda pair: sort_key(pair[0]), reverse=descending)
        blank = [pair for pair in numbered if pair[0] is None]
        order = [number for _, number in (*filled, *blank)]
        rows = [self.rows[number] for number in order]
        for offset, number in enumerate(order):
            distance = start + offset - number
            if distance:
                rows[offset] = [_moved(text, distance) for text in rows[offset]]
        self.rows[start:] = rows

    def merge(self, area: Merge) -> None:
        """Merge an area into one cell, which keeps the first value there is."""
        top, left, bottom, right = area
        kept = []
        for merge in self.merges:
            inside = _within(merge, area)
            if not inside and _overlap(merge, area):
                raise ServiceError(
                    "Invalid requests[0].mergeCells: You must select all cells in a "
                    "merged range to merge or unmerge them."
                )
            if not inside:
                kept.append(merge)
        if area[:2] != area[2:]:
            kept.append(area)
        self.merges = kept
        self._reach(bottom + 1, right + 1)
        cells = [
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        first: str | None = None
        for row, column in cells:
            cell = read(self.rows[row][column])
            if first is None and (cell.value is not None or cell.formula):
                first = _moved(self.rows[row][column], top - row)
            if (row, column) != (top, left):
                self.rows[row][column] = write(cell._replace(value=None, formula=""))
        if first is not None:
            self.rows[top][left] = first


def filled_merges(texts: list[list[str]], merges: Sequence[Merge]) -> list[list[str]]:
    """Make a table of what is shown in cells, with merged areas filled."""
    table = trimmed(texts)
    for top, left, bottom, right in merges:
        if top < len(table) and left < len(table[top]):
            text = table[top][left]
            for row in table[top : bottom + 1]:
                end = min(right + 1, len(row))
                row[left:end] = [text] * (end - left)
    return table


def trimmed(table: list[list[str]]) -> list[list[str]]:
    """Cut blank rows and columns off the end."""
    height = len(table)
    while height and not any(table[height - 1]):
        height -= 1
    width = 0
    for row in table[:height]:
        end = len(row)
        if end == width:
            continue
        while end > width and not row[end - 1]:
            end -= 1
        width = max(width, end)
    return [row[:width] for row in table[:height]]


@lru_cache(maxsize=8192)
def _plain(text: str) -> str | None:
    """What a user sees of a cell; None if a formula has to be worked out."""
    if text == EMPTY:
        return ""
    cell = read(text)
    return None if cell.formula else shown(cell.value, cell.format)


def _moved(text: str, rows: int) -> str:
    """A cell that moves to another row; its formula looks at other cells then."""
    if not text or _plain(text) is not None or not rows:
        return text
    cell = read(text)
    return write(cell._replace(formula=moved(cell.formula, rows)))


def _within(inner: Merge, outer: Merge) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _overlap(one: Merge, other: Merge) -> bool:
    return (
        one[0] <= other[2]
        and other[0] <= one[2]
        and one[1] <= other[3]
        and other[1] <= one[3]
    )


class Values:
    """The values of a sheet's cells at one moment, each worked out once."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._known: dict[tuple[int, int], Value | FormulaError] = {}
        self._waiting: set[tuple[int, int]] = set()
        self._lookups_left = MAX_LOOKUPS

    def value(self, row: int, column: int) -> Value:
        """The value of a cell.

        Raises:
            FormulaError: if it is an error.
        """
        text = self._sheet.text_at(row, column)
        cell = read(text)
        if not cell.formula:
            if isinstance(cell.value, str) and cell.value in ERRORS:
                raise FormulaError(cell.value)
            return cell.value
        place = row, column
        known = self._known.get(place)
        if known is None:
            known = self._worked_out(place, cell)
            self._known[place] = known
        if isinstance(known, FormulaError):
            raise known
        return known

    def _worked_out(self, place: tuple[int, int], cell: Cell) -> Value | FormulaError:
        if place in self._waiting or len(self._waiting) >= MAX_CHAIN:
            return FormulaError(REFERENCE)
        self._waiting.add(place)
        try:
            return self.worked_out(parse(cell.formula))
        except FormulaError as error:
            return error
        finally:
            self._waiting.discard(place)

    def worked_out(self, node: Node) -> Value:
        """The value of a formula on this sheet.

        Raises:
            FormulaError: if it is an error.
        """
        return value_of(node, self._seen, (self._sheet.height, self._sheet.width))

    def _seen(self, row: int, column: int) -> Value:
        """The value of a cell for a formula, of which there are only so many."""
        self._lookups_left -= 1
        if self._lookups_left < 0:
            raise FormulaError(UNREADABLE)
        return self.value(row, column)

    def shown_value(self, row: int, column: int) -> Value:
        """The value of a cell, errors as their texts."""
        try:
            return self.value(row, column)
        except FormulaError as error:
            return str(error)

    def shown(self, row: int, column: int) -> str:
        """What a user sees of a cell."""
        cell = read(self._sheet.text_at(row, column))
        number_format = cell.format
        if cell.formula and number_format == GENERAL:
            number_format = self.format_of(parse(cell.formula))
        return shown(self.shown_value(row, column), number_format)

    def format_of(self, node: Node) -> str:
        """The number format of a formula in a cell that has none of its own."""
        if node.kind == "call" and node.value in FORMATTING:
            area = first_area(node)
            if area is not None:
                return read(self._sheet.text_at(area.top, area.left)).format
        return GENERAL


def rectangle(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Turn cells into the rows of a sheet, without blank ones at the end."""
    texts = [[write(cell) for cell in row] for row in rows]
    width = max((len(row) for row in texts), default=0)
    return trimmed([row + [EMPTY] * (width - len(row)) for row in texts])
