"""The tools of Sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, NoReturn

from agentgym_envs.sheet.cells import (
    GENERAL,
    Cell,
    Value,
    address,
    entered,
    numeric,
    position,
    read,
    shown,
)
from agentgym_envs.sheet.engine import EmbeddedBooks, SheetState
from agentgym_envs.sheet.formulas import FormulaError, parse
from agentgym_envs.sheet.grid import Merge, ServiceError, Sheet, Values
from agentgym_envs.sheet.patterns import is_quick
from agentgym_envs.tools.env import MISTAKES
from agentgym_envs.tools.toolbox import (
    TEXT,
    Argument,
    Kind,
    Tool,
    Toolbox,
    ToolFailure,
)

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

POSITION: Kind = {**TEXT, "description": "an address such as B2"}
START: Kind = {**TEXT, "description": "the address of the first cell, such as A2"}
END: Kind = {**TEXT, "description": "the address of the last cell, such as C5"}
NUMBER: Kind = {"type": ["integer", "string"], "description": "counted from 1"}
VALUE: Kind = {"type": ["string", "number", "boolean"]}
ROWS: Kind = {
    "type": "array",
    "description": "a list of lists of values",
    "items": {
        "type": "array",
        "items": {"type": ["string", "number", "boolean", "null"]},
    },
}
OPERATOR: Kind = {**TEXT, "enum": list(OPERATORS)}
MAYBE_TEXT: Kind = {"type": ["string", "null"], "default": None}
MAYBE_NUMBER: Kind = {**NUMBER, "type": ["integer", "null"], "default": None}
AREA = (
    Argument(
        "position_list",
        {
            "type": ["array", "null"],
            "items": TEXT,
            "default": None,
            "description": "addresses, instead of a start and an end",
        },
        optional=True,
    ),
    Argument("start_position", {**START, **MAYBE_TEXT}, optional=True),
    Argument("end_position", {**END, **MAYBE_TEXT}, optional=True),
)


def _tool(run: Callable[..., Any], *, needs_sheet: bool = True) -> Callable[..., Any]:
    """Answer with what went wrong, and ask for a sheet where one is needed."""

    @wraps(run)
    def tool(service: EmbeddedBooks, state: SheetState, *values: Any) -> Any:
        if needs_sheet:
            service.sheet(state)
        try:
            return run(service, state, *values)
        except ServiceError as error:
            told = {"code": 400, "message": str(error), "status": "INVALID_ARGUMENT"}
            raise ToolFailure(f"APIError({told})") from None
        except re.error as error:
            # Newer Pythons have another name for this error.
            raise ToolFailure(f"error({str(error)!r})") from None
        except MISTAKES as error:
            raise ToolFailure(repr(error)) from None

    return tool


def _refuse(text: str) -> NoReturn:
    """Answer with a text of the tools' own, which comes in quotes."""
    raise ToolFailure(repr(text))


class IncorrectCellLabel(ValueError):
    """An address that is none; named as the agent reads it."""


def _place(label: Any) -> tuple[int, int]:
    found = position(label) if isinstance(label, str) else None
    if found is None:
        raise IncorrectCellLabel(label)
    return found


def _in_grid(service: EmbeddedBooks, state: SheetState, label: Any) -> tuple[int, int]:
    """The place of a cell that is in the grid of the open sheet."""
    sheet = service.sheet(state)
    row, column = _place(label)
    if row >= sheet.height or column >= sheet.width:
        raise _outside(service, state, label)
    return row, column


def _outside(service: EmbeddedBooks, state: SheetState, label: str) -> ServiceError:
    sheet = service.sheet(state)
    return ServiceError(
        f"Range ({service.name(state)}!{label}) exceeds grid limits. "
        f"Max rows: {sheet.height}, max columns: {sheet.width}"
    )


def _area(service: EmbeddedBooks, state: SheetState, start: Any, end: Any) -> Merge:
    """The area between two corners, in the grid of the open sheet."""
    corners = [
        position(label) if isinstance(label, str) else None for label in (start, end)
    ]
    if corners[0] is None or corners[1] is None:
        where = f"'{service.name(state)}'!{start}:{end}"
        raise ServiceError(f"Unable to parse range: {where}")
    (row, column), (other_row, other_column) = corners[0], corners[1]
    area = (
        min(row, other_row),
        min(column, other_column),
        max(row, other_row),
        max(column, other_column),
    )
    sheet = service.sheet(state)
    if area[2] >= sheet.height or area[3] >= sheet.width:
        raise _outside(service, state, f"{start}:{end}")
    return area


def _rows(given: Any) -> list[list[Value]]:
    """Numbers for the strings that are numbers, in a list of lists."""
    return [[_scalar(numeric(value)) for value in row] for row in given]


def _scalar(value: Any) -> Value:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        number = float(value)
        if number - number == 0:
            return number
        raise ValueError("Out of range float values are not JSON compliant")
    if isinstance(value, list | tuple | dict):
        kind = "struct_value" if isinstance(value, dict) else "list_value"
        raise ServiceError(f"Invalid values: {kind} {{ }}")
    name = type(value).__name__
    raise TypeError(f"Object of type {name} is not JSON serializable")


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
        _refuse(NO_FREEZE)
    count, axis = int(num), 0 if dimension == "rows" else 1
    sheet = service.sheet(state)
    if not 0 <= count < (sheet.height, sheet.width)[axis]:
        raise ServiceError(
            "Invalid requests[0].updateSheetProperties: You can't freeze all visible "
            f"{dimension} on the sheet."
        )
    rows, columns = sheet.frozen
    frozen = (count, columns) if axis == 0 else (rows, count)
    service.changing(state).frozen = frozen
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
        raise _outside(service, state, label)
    return address(numbers[0] - 1, numbers[1] - 1)


def insert_cols(
    service: EmbeddedBooks, state: SheetState, values: Any, col_idx: Any
) -> Table:
    """Insert columns with values."""
    return _insert(service, state, 1, _rows(values), col_idx - 1)


def insert_rows(
    service: EmbeddedBooks, state: SheetState, values: Any, row_idx: Any
) -> Table:
    """Insert rows with values."""
    return _insert(service, state, 0, _rows(values), row_idx - 1)


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
    sheet = service.changing(state)
    sheet.insert(axis, at, len(lines))
    for offset, line in enumerate(lines):
        for number, value in enumerate(line):
            row, column = (at + offset, number) if axis == 0 else (number, at + offset)
            _write_raw(sheet, row, column, value)
    longest = max(map(len, lines))
    if axis == 0:
        sheet.width = max(sheet.width, longest)
    else:
        sheet.height = max(sheet.height, longest)
    return sheet.table()


def _write_raw(sheet: Sheet, row: int, column: int, value: Value) -> None:
    """Write a value as it is; None leaves what is there, and no text clears it."""
    if value is None:
        return
    before = read(sheet.text_at(row, column))
    kept = None if value == "" else value
    sheet.put(row, column, before._replace(value=kept, formula=""))


def delete_batch_data(
    service: EmbeddedBooks, state: SheetState, dimension: Any, index_list: Any
) -> Table:
    """Delete rows or columns, from the last to the first."""
    rows, columns = service.sheet(state).size()
    if dimension not in ("row", "col"):
        _refuse(NO_DIMENSION)
    indexes = sorted(index_list, reverse=True)
    too_many = (
        len(indexes) >= rows - 1 if dimension == "row" else len(indexes) == columns
    )
    if too_many:
        _refuse(WHOLE_SHEET)
    axis = 0 if dimension == "row" else 1
    for index in indexes[:MAX_INDEXES]:
        at = index - 1
        sheet = service.sheet(state)
        if not isinstance(at, int) or not 0 <= at < (sheet.height, sheet.width)[axis]:
            raise ServiceError(
                "Invalid requests[0].deleteDimension: range.startIndex is not in the "
                "grid"
            )
        service.changing(state).delete(axis, at)
    return service.table(state)


def update_cell(
    service: EmbeddedBooks, state: SheetState, label: Any, value: Any
) -> Table:
    """Type something into a cell."""
    typed = _scalar(numeric(value))
    row, column = _in_grid(service, state, label)
    if typed is None:
        return service.table(state)
    sheet = service.changing(state)
    before = read(sheet.text_at(row, column))
    if isinstance(typed, str) and typed.startswith("=") and len(typed) > 1:
        cell = before._replace(value=None, formula=typed[1:])
    else:
        kept, number_format = entered(typed, before.format)
        kept = None if kept == "" else kept
        cell = Cell(kept, number_format, before.note)
    sheet.put(row, column, cell)
    return sheet.table()


def _formula(
    operator: Any, positions: Any, start: Any, end: Any, *more: Any
) -> str | None:
    """The formula of an operator; None if a position is not one."""
    if operator not in OPERATORS:
        _refuse(NO_OPERATOR)
    listed = [start, end] if positions is None else list(positions)
    for label in (*listed, *more):
        if not isinstance(label, str) or not _FORMULA_POSITION.fullmatch(label):
            return None
    inside = f"{start}:{end}" if positions is None else ",".join(listed)
    return f"{operator}({inside})"


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
    formula = _formula(operator, positions, start, end, result)
    if formula is None:
        _refuse(NO_POSITIONS)
    row, column = _in_grid(service, state, result)
    sheet = service.changing(state)
    before = read(sheet.text_at(row, column))
    sheet.put(row, column, before._replace(value=None, formula=formula))
    return sheet.table()


def get_value_by_formula(
    service: EmbeddedBooks,
    state: SheetState,
    positions: Any,
    start: Any,
    end: Any,
    operator: Any,
) -> str:
    """Tell the value of a formula."""
    formula = _formula(operator, positions, start, end)
    sheet = service.sheet(state)
    if formula is None:
        if service.leaves_stray_column:
            _, columns = sheet.size()
            sheet = service.changing(state)
            sheet.insert(1, columns, 1)
            _write_raw(sheet, 0, columns, 1.0)
        _refuse(NO_POSITIONS if positions is not None else NO_CORNERS)
    values, node = Values(sheet), parse(formula)
    try:
        value = values.worked_out(node)
    except FormulaError as error:
        return str(error)
    return shown(value, values.format_of(node) or GENERAL)


def update_range(
    service: EmbeddedBooks, state: SheetState, start: Any, end: Any, values: Any
) -> Table:
    """Write values into an area."""
    rows = _rows(values)
    area = top, left, bottom, right = _area(service, state, start, end)
    height, width = service.sheet(state).size()
    if area == (0, 0, height - 1, width - 1):
        _refuse(WHOLE_RANGE)
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
    sheet = service.changing(state)
    for row, line in enumerate(rows, start=top):
        for column, value in enumerate(line, start=left):
            _write_raw(sheet, row, column, value)
    return sheet.table()


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
    sheet = service.changing(state)
    sheet.sort(column - 1, descending=order == "des")
    return sheet.table()


def merge_cells(
    service: EmbeddedBooks, state: SheetState, start: Any, end: Any
) -> Table:
    """Merge an area into one cell."""
    for label in (start, end):
        _place(label)
    area = _area(service, state, start, end)
    sheet = service.changing(state)
    sheet.merge(area)
    return sheet.table()


def update_note(
    service: EmbeddedBooks, state: SheetState, label: Any, content: Any
) -> str:
    """Write a note."""
    if not isinstance(content, str):
        told = f"'{label} - {content}'"
        raise TypeError(f"Only string allowed as content for a note: {told}")
    row, column = _in_grid(service, state, label)
    sheet = service.changing(state)
    before = read(sheet.text_at(row, column))
    sheet.put(row, column, before._replace(note=content))
    return f"Updated! the {label}'s note is {content}"


def get_all_values(service: EmbeddedBooks, state: SheetState) -> Table:
    """Tell the table."""
    return service.table(state)


def get_range_values(
    service: EmbeddedBooks, state: SheetState, start: Any, end: Any
) -> Table:
    """Tell an area of the table."""
    top, left, bottom, right = _area(service, state, start, end)
    table = service.table(state)
    rows = [row[left : right + 1] for row in table[top : bottom + 1]]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def get_cell_value(service: EmbeddedBooks, state: SheetState, label: Any) -> str | None:
    """Tell what a cell shows."""
    row, column = _in_grid(service, state, label)
    sheet = service.sheet(state)
    return Values(sheet).shown(row, column) or None


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
    cells = list(_cells(service.sheet(state), row, column))
    if not is_quick(query, [text for _, text in cells]):
        raise ToolFailure(f"error({TOO_COSTLY!r})")
    return [name for name, text in cells if query.search(text)]


def _cells(
    sheet: Sheet, row: int | None, column: int | None
) -> Iterator[tuple[str, str]]:
    rows, columns = sheet.size()
    texts = sheet.texts()
    for number, line in enumerate(texts[:rows]):
        for place, text in enumerate(line[:columns]):
            if row in (None, number) and column in (None, place):
                yield address(number, place), text


def get_note(service: EmbeddedBooks, state: SheetState, label: Any) -> str:
    """Tell a note."""
    row, column = _place(label)
    return read(service.sheet(state).text_at(row, column)).note


def _built(
    name: str,
    description: str,
    arguments: Sequence[Argument],
    run: Callable[..., Any],
    *,
    needs_sheet: bool = True,
    is_listed: bool = True,
) -> Tool:
    tool = _tool(run, needs_sheet=needs_sheet)
    return Tool(name, description, tuple(arguments), tool, is_listed)


_AT = Argument("position", POSITION)
_FROM, _TO = Argument("start_position", START), Argument("end_position", END)
_RESULT = Argument("result_position", POSITION)
_OPERATOR = Argument("operator", OPERATOR)
_NAME = Argument("name", {**TEXT, "description": "the name of a sheet"})

TOOLBOX: Toolbox[EmbeddedBooks, SheetState] = Toolbox(
    [
        _built(
            "open_sheet",
            "Open a sheet; everything else needs one that is open.",
            [_NAME],
            open_sheet,
            needs_sheet=False,
        ),
        _built("del_sheet", "Never works.", [_NAME], del_sheet),
        _built(
            "freeze_data",
            "Freeze the first rows or columns, so that sorting leaves them.",
            [
                Argument("dimension", {**TEXT, "enum": ["rows", "columns"]}),
                Argument("num", {"type": ["integer", "string"]}),
            ],
            freeze_data,
        ),
        _built(
            "get_A1_annotation",
            "Tell the address of a row and a column.",
            [Argument("row", NUMBER), Argument("col", NUMBER)],
            get_a1_annotation,
        ),
        _built(
            "insert_cols",
            "Insert columns with values before a column.",
            [
                Argument("values_list", {**ROWS, "description": "a list of columns"}),
                Argument("col_idx", {"type": "integer", "minimum": 1}),
            ],
            insert_cols,
        ),
        _built(
            "insert_rows",
            "Insert rows with values before a row.",
            [
                Argument("values_list", {**ROWS, "description": "a list of rows"}),
                Argument("row_idx", {"type": "integer", "minimum": 1}),
            ],
            insert_rows,
        ),
        _built(
            "delete_batch_data",
            "Delete several rows or columns.",
            [
                Argument("dimension", {**TEXT, "enum": ["row", "col"]}),
                Argument(
                    "index_list",
                    {
                        "type": "array",
                        "items": {"type": "integer"},
                        "description": "their numbers, counted from 1",
                    },
                ),
            ],
            delete_batch_data,
        ),
        _built(
            "update_cell",
            "Type a value or a formula into a cell.",
            [_AT, Argument("value", VALUE)],
            update_cell,
        ),
        _built(
            "update_cell_by_formula",
            "Write a formula with an operator into a cell.",
            [*AREA, _RESULT, _OPERATOR],
            update_cell_by_formula,
        ),
        _built(
            "update_range",
            "Write values into an area, but not into the whole table.",
            [_FROM, _TO, Argument("values_list", ROWS)],
            update_range,
        ),
        _built(
            "sort_sheet_by_col",
            "Sort all rows that are not frozen by a column.",
            [
                Argument("col_num", NUMBER),
                Argument("order", {**TEXT, "enum": ["asc", "des"]}),
            ],
            sort_sheet_by_col,
        ),
        _built(
            "merge_cells", "Merge an area into one cell.", [_FROM, _TO], merge_cells
        ),
        _built(
            "update_note",
            "Write the note of a cell.",
            [_AT, Argument("content", TEXT)],
            update_note,
        ),
        _built("get_all_values", "Tell the whole table.", [], get_all_values),
        _built("get_range_values", "Tell an area.", [_FROM, _TO], get_range_values),
        _built("get_cell_value", "Tell the value of a cell.", [_AT], get_cell_value),
        _built(
            "get_value_by_formula",
            "Tell the value of a formula with an operator.",
            [*AREA, _OPERATOR],
            get_value_by_formula,
        ),
        _built(
            "filter_cells",
            "Tell the addresses of the cells in which a text or re.compile('...') is "
            "found.",
            [
                Argument("query", TEXT, optional=True),
                Argument("in_row", MAYBE_NUMBER, optional=True),
                Argument("in_column", MAYBE_NUMBER, optional=True),
            ],
            filter_cells,
        ),
        _built("get_note", "Tell the note of a cell.", [_AT], get_note),
        _built(
            "get_observation_space",
            "Tell nothing.",
            [],
            lambda service, state: "",
            is_listed=False,
        ),
        _built("finish", "End the task.", [], get_all_values),
    ],
    has_list=False,
)
