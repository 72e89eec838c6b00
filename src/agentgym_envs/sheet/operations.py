"""What the tools of Sheet do, and how they word it when they can't."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from agentgym_envs.sheet.arguments import (
    IncorrectCellLabel,
    area_of,
    in_grid,
    outside,
    place,
    refuse,
    rows_of,
    scalar,
)
from agentgym_envs.sheet.cells import (
    Value,
    address,
    numeric,
)
from agentgym_envs.sheet.engine import EmbeddedBooks, SheetState
from agentgym_envs.sheet.grid import ServiceError
from agentgym_envs.sheet.patterns import is_quick
from agentgym_envs.tools.toolbox import ToolFailure

Table = list[list[str]]

OPERATORS = ("SUM", "AVERAGE", "COUNT", "MAX", "MIN", "MINUS", "PRODUCT")
NO_OPERATOR = (
    'the operator should be one of the ["SUM", "AVERAGE", "COUNT", "MAX", "MIN", '
    '"MINUS", "PRODUCT"]'
)
NO_POSITION = (
    "In the sheet formula, you should use A1 notation to display {} in the sheet and "
    "you can use get_A1_annotation(row, col) to get its A1 address."
)
NO_POSITIONS = NO_POSITION.format("all positions")
NO_CORNERS = NO_POSITION.format("the start and end cell address")
WHOLE_RANGE = (
    "Warning: You cannot update whole sheet at once, please try other functions"
)
WHOLE_SHEET = (
    "Warning: You cannot delete whole sheet at once, please try other functions"
)
NO_DIMENSION = "Wrong dimension, please choose from row/col"
NO_FREEZE = "Error: the dimension should be one of the rows/columns"
NO_ORDER = "Either 'asc' or 'des' should be specified as sort order."
BOTH = "Either 'in_row' or 'in_column' should be specified."
TOO_COSTLY = "the regular expression takes too long"
MAX_QUERY = 256  # characters; compiling a longer pattern may take a while
MAX_INDEXES = 1000  # rows or columns that one call deletes

_FORMULA_POSITION = re.compile(r"[A-Z][0-9]+")


def open_sheet(service: EmbeddedBooks, state: SheetState, name: Any) -> str:
    """Open a sheet."""
    number = service.open(state, name)
    if number is None:
        raise ToolFailure(f"WorksheetNotFound({name!r})")
    return f"<Worksheet {name!r} id:{number}>"


def del_sheet(service: EmbeddedBooks, state: SheetState, name: Any) -> NoReturn:
    """Fail, as the original always does."""
    raise AttributeError("'str' object has no attribute 'id'")


def freeze_data(
    service: EmbeddedBooks, state: SheetState, dimension: Any, num: Any
) -> str:
    """Freeze rows or columns."""
    if dimension not in ("rows", "columns"):
        refuse(NO_FREEZE)
    count, axis = int(num), 0 if dimension == "rows" else 1
    sheet = service.sheet(state)
    if not 0 <= count < (sheet.height, sheet.width)[axis]:
        raise ServiceError(
            "Invalid requests[0].updateSheetProperties: You can't freeze all visible "
            f"{dimension} on the sheet."
        )
    service.freeze(state, axis, count)
    return f"You have successfully freeze the {dimension} {num}"


def get_a1_annotation(
    service: EmbeddedBooks, state: SheetState, row: Any, col: Any
) -> str:
    """Tell the address of a row and a column."""
    numbers = int(row), int(col)
    if min(numbers) < 1:
        raise IncorrectCellLabel(f"({numbers[0]}, {numbers[1]})")
    sheet = service.sheet(state)
    if numbers[0] > sheet.height or numbers[1] > sheet.width:
        label = address(min(numbers[0], 10**6) - 1, min(numbers[1], 10**4) - 1)
        raise outside(service, state, label)
    return address(numbers[0] - 1, numbers[1] - 1)


def insert_cols(
    service: EmbeddedBooks, state: SheetState, values: Any, col_idx: Any
) -> Table:
    """Insert columns with values."""
    return _insert(service, state, 1, rows_of(values), col_idx - 1)


def insert_rows(
    service: EmbeddedBooks, state: SheetState, values: Any, row_idx: Any
) -> Table:
    """Insert rows with values."""
    return _insert(service, state, 0, rows_of(values), row_idx - 1)


def _insert(
    service: EmbeddedBooks,
    state: SheetState,
    axis: int,
    lines: list[list[Value]],
    at: Any,
) -> Table:
    sheet = service.sheet(state)
    if not isinstance(at, int) or not 0 <= at <= (sheet.height, sheet.width)[axis]:
        raise ServiceError(
            "Invalid requests[0].insertDimension: range.startIndex is not in the grid"
        )
    if not lines:
        raise ServiceError(
            "Invalid requests[0].insertDimension: range.endIndex must be after "
            "range.startIndex"
        )
    service.insert(state, axis, at, lines)
    return service.table(state)


def delete_batch_data(
    service: EmbeddedBooks, state: SheetState, dimension: Any, index_list: Any
) -> Table:
    """Delete rows or columns, from the last to the first."""
    rows, columns = service.size(state)
    if dimension not in ("row", "col"):
        refuse(NO_DIMENSION)
    indexes = sorted(index_list, reverse=True)
    too_many = (
        len(indexes) >= rows - 1 if dimension == "row" else len(indexes) == columns
    )
    if too_many:
        refuse(WHOLE_SHEET)
    axis = 0 if dimension == "row" else 1
    sheet = service.sheet(state)
    length = (sheet.height, sheet.width)[axis]
    places: list[int] = []
    try:
        for index in indexes[:MAX_INDEXES]:
            at = index - 1
            if not isinstance(at, int) or not 0 <= at < length - len(places):
                raise ServiceError(
                    "Invalid requests[0].deleteDimension: range.startIndex is not in "
                    "the grid"
                )
            places.append(at)
    finally:
        # Those before a number that is none are gone.
        if places:
            service.delete(state, axis, places)
    return service.table(state)


def update_cell(
    service: EmbeddedBooks, state: SheetState, label: Any, value: Any
) -> Table:
    """Type something into a cell."""
    typed = scalar(numeric(value))
    row, column = in_grid(service, state, label)
    if typed is None:
        return service.table(state)
    service.enter(state, row, column, typed)
    return service.table(state)


def _areas(
    operator: Any, positions: Any, start: Any, end: Any, *more: Any
) -> list[str] | None:
    """What an operator works on; None if a position is not one."""
    if operator not in OPERATORS:
        refuse(NO_OPERATOR)
    listed = [start, end] if positions is None else list(positions)
    for label in (*listed, *more):
        if not isinstance(label, str) or not _FORMULA_POSITION.fullmatch(label):
            return None
    return [f"{start}:{end}"] if positions is None else listed


def update_cell_by_formula(
    service: EmbeddedBooks,
    state: SheetState,
    positions: Any,
    start: Any,
    end: Any,
    result: Any,
    operator: Any,
) -> Table:
    """Write a formula into a cell."""
    areas = _areas(operator, positions, start, end, result)
    if areas is None:
        refuse(NO_POSITIONS)
    row, column = in_grid(service, state, result)
    service.enter(state, row, column, f"={operator}({','.join(areas)})")
    return service.table(state)


def get_value_by_formula(
    service: EmbeddedBooks,
    state: SheetState,
    positions: Any,
    start: Any,
    end: Any,
    operator: Any,
) -> str:
    """Tell the value of a formula."""
    areas = _areas(operator, positions, start, end)
    if areas is None:
        if service.leaves_stray_column:
            service.insert(state, 1, service.size(state)[1], [[1.0]])
        refuse(NO_POSITIONS if positions is not None else NO_CORNERS)
    return service.work_out(state, operator, areas)


def update_range(
    service: EmbeddedBooks, state: SheetState, start: Any, end: Any, values: Any
) -> Table:
    """Write values into an area."""
    rows = rows_of(values)
    area = top, left, bottom, right = area_of(service, state, start, end)
    height, width = service.size(state)
    if area == (0, 0, height - 1, width - 1):
        refuse(WHOLE_RANGE)
    where = f"'{service.name(state)}'!{start}:{end}"
    if len(rows) > bottom - top + 1:
        raise ServiceError(
            f"Requested writing within range [{where}], but tried writing to row "
            f"[{bottom + 2}]"
        )
    if any(len(row) > right - left + 1 for row in rows):
        letters = address(0, right + 1)[:-1]
        raise ServiceError(
            f"Requested writing within range [{where}], but tried writing to column "
            f"[{letters}]"
        )
    service.write(state, top, left, rows)
    return service.table(state)


def sort_sheet_by_col(
    service: EmbeddedBooks, state: SheetState, col_num: Any, order: Any
) -> Table:
    """Sort the rows that are not frozen."""
    column = int(col_num)
    if order not in ("asc", "des"):
        raise ValueError(NO_ORDER)
    if not 1 <= column <= service.sheet(state).width:
        raise ServiceError(
            "Invalid requests[0].sortRange: sortSpecs[0].dimensionIndex is not in the "
            "range"
        )
    service.sort(state, column - 1, descending=order == "des")
    return service.table(state)


def merge_cells(
    service: EmbeddedBooks, state: SheetState, start: Any, end: Any
) -> Table:
    """Merge an area into one cell."""
    for label in (start, end):
        place(label)
    area = area_of(service, state, start, end)
    service.merge(state, area)
    return service.table(state)


def update_note(
    service: EmbeddedBooks, state: SheetState, label: Any, content: Any
) -> str:
    """Write a note."""
    if not isinstance(content, str):
        told = f"'{label} - {content}'"
        raise TypeError(f"Only string allowed as content for a note: {told}")
    row, column = in_grid(service, state, label)
    service.write_note(state, row, column, content)
    return f"Updated! the {label}'s note is {content}"


def get_all_values(service: EmbeddedBooks, state: SheetState) -> Table:
    """Tell the table."""
    return service.table(state)


def get_range_values(
    service: EmbeddedBooks, state: SheetState, start: Any, end: Any
) -> Table:
    """Tell an area of the table."""
    top, left, bottom, right = area_of(service, state, start, end)
    table = service.table(state)
    rows = [row[left : right + 1] for row in table[top : bottom + 1]]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def get_cell_value(service: EmbeddedBooks, state: SheetState, label: Any) -> str | None:
    """Tell what a cell shows."""
    row, column = in_grid(service, state, label)
    return service.shown(state, row, column) or None


def filter_cells(
    service: EmbeddedBooks, state: SheetState, query: Any, in_row: Any, in_column: Any
) -> list[str]:
    """Tell where a regular expression is found."""
    if isinstance(query, str):
        if len(query) > MAX_QUERY:
            raise ToolFailure(f"error({TOO_COSTLY!r})")
        query = re.compile(query)
    if in_row is not None and in_column is not None:
        raise TypeError(BOTH)
    row = None if in_row is None else int(in_row) - 1
    column = None if in_column is None else int(in_column) - 1
    if not isinstance(query, re.Pattern):
        kind = type(query).__name__
        raise AttributeError(f"'{kind}' object has no attribute 'search'")
    cells = list(_cells(service, state, row, column))
    if not is_quick(query, [text for _, text in cells]):
        raise ToolFailure(f"error({TOO_COSTLY!r})")
    return [name for name, text in cells if query.search(text)]


def _cells(
    service: EmbeddedBooks, state: SheetState, row: int | None, column: int | None
) -> Iterator[tuple[str, str]]:
    rows, columns = service.size(state)
    texts = service.texts(state)
    for number, line in enumerate(texts[:rows]):
        for other, text in enumerate(line[:columns]):
            if row in (None, number) and column in (None, other):
                yield address(number, other), text


def get_note(service: EmbeddedBooks, state: SheetState, label: Any) -> str:
    """Tell a note."""
    row, column = place(label)
    return service.note(state, row, column)
