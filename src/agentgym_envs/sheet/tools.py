"""The tools of Sheet, as the agent is told of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from agentgym_envs.sheet import operations as do
from agentgym_envs.sheet.engine import EmbeddedBooks, SheetState
from agentgym_envs.sheet.grid import ServiceError
from agentgym_envs.tools.env import MISTAKES
from agentgym_envs.tools.toolbox import (
    TEXT,
    Argument,
    Kind,
    Tool,
    Toolbox,
    ToolFailure,
)

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
OPERATOR: Kind = {**TEXT, "enum": list(do.OPERATORS)}
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
            told = {
                "code": error.code,
                "message": str(error),
                "status": error.status,
            }
            raise ToolFailure(f"APIError({told})") from None
        except re.error as error:
            # Newer Pythons have another name for this error.
            raise ToolFailure(f"error({str(error)!r})") from None
        except MISTAKES as error:
            raise ToolFailure(repr(error)) from None

    return tool


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
            do.open_sheet,
            needs_sheet=False,
        ),
        _built("del_sheet", "Never works.", [_NAME], do.del_sheet),
        _built(
            "freeze_data",
            "Freeze the first rows or columns, so that sorting leaves them.",
            [
                Argument("dimension", {**TEXT, "enum": ["rows", "columns"]}),
                Argument("num", {"type": ["integer", "string"]}),
            ],
            do.freeze_data,
        ),
        _built(
            "get_A1_annotation",
            "Tell the address of a row and a column.",
            [Argument("row", NUMBER), Argument("col", NUMBER)],
            do.get_a1_annotation,
        ),
        _built(
            "insert_cols",
            "Insert columns with values before a column.",
            [
                Argument("values_list", {**ROWS, "description": "a list of columns"}),
                Argument("col_idx", {"type": "integer", "minimum": 1}),
            ],
            do.insert_cols,
        ),
        _built(
            "insert_rows",
            "Insert rows with values before a row.",
            [
                Argument("values_list", {**ROWS, "description": "a list of rows"}),
                Argument("row_idx", {"type": "integer", "minimum": 1}),
            ],
            do.insert_rows,
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
            do.delete_batch_data,
        ),
        _built(
            "update_cell",
            "Type a value or a formula into a cell.",
            [_AT, Argument("value", VALUE)],
            do.update_cell,
        ),
        _built(
            "update_cell_by_formula",
            "Write a formula with an operator into a cell.",
            [*AREA, _RESULT, _OPERATOR],
            do.update_cell_by_formula,
        ),
        _built(
            "update_range",
            "Write values into an area, but not into the whole table.",
            [_FROM, _TO, Argument("values_list", ROWS)],
            do.update_range,
        ),
        _built(
            "sort_sheet_by_col",
            "Sort all rows that are not frozen by a column.",
            [
                Argument("col_num", NUMBER),
                Argument("order", {**TEXT, "enum": ["asc", "des"]}),
            ],
            do.sort_sheet_by_col,
        ),
        _built(
            "merge_cells", "Merge an area into one cell.", [_FROM, _TO], do.merge_cells
        ),
        _built(
            "update_note",
            "Write the note of a cell.",
            [_AT, Argument("content", TEXT)],
            do.update_note,
        ),
        _built("get_all_values", "Tell the whole table.", [], do.get_all_values),
        _built("get_range_values", "Tell an area.", [_FROM, _TO], do.get_range_values),
        _built("get_cell_value", "Tell the value of a cell.", [_AT], do.get_cell_value),
        _built(
            "get_value_by_formula",
            "Tell the value of a formula with an operator.",
            [*AREA, _OPERATOR],
            do.get_value_by_formula,
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
            do.filter_cells,
        ),
        _built("get_note", "Tell the note of a cell.", [_AT], do.get_note),
        _built(
            "get_observation_space",
            "Tell nothing.",
            [],
            lambda service, state: "",
            is_listed=False,
        ),
        _built("finish", "End the task.", [], do.get_all_values),
    ],
    has_list=False,
)
