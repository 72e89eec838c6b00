"""AgentGym's items of Sheet: its goals, reference paths and workbook."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError, MissingExtra
from agentgym_envs.sheet.cells import FORMATS, GENERAL, Cell, Value
from agentgym_envs.sheet.engine import Book
from agentgym_envs.sheet.grading import overlap_share
from agentgym_envs.sheet.grid import HEIGHT, WIDTH, Sheet, rectangle
from agentgym_envs.tools.expressions import InvalidInput, evaluate
from agentgym_envs.tools.items import Item, field, find_file, read_records
from agentgym_envs.tools.toolbox import Call

FILE = "sheet.jsonl"
WORKBOOKS = ("sheet_reference.xlsx", "Test Sheet-For Copy.xlsx")
ANSWERS = "Answer"  # what the names of sheets with solutions begin with

# Arguments that the reference paths hold as the texts of what they should be.
_EVALUATED = ("values_list", "index_list", "position_list")
_WHOLE = ("row_idx", "col_idx")
_ACTION = re.compile(r"Action [0-9]+: (\w+) with Action Input: (.*)")
_SHEET = re.compile(r'"(Sheet[0-9]+)"')


def published(data: Path, *, with_answers: bool) -> list[Item]:
    """Read AgentGym's items; the workbook that they begin with lies beside them.

    Args:
        data: ``sheet.jsonl``, or a folder with it.
        with_answers: Whether the workbook keeps the sheets with the solutions.

    Raises:
        DataError: if the files are not as published.
        MissingExtra: if openpyxl, which reads the workbook, is not installed.
    """
    file = find_file(data, (FILE,))
    book = read_book(find_file(file.parent, WORKBOOKS))
    if not with_answers:
        kept = [n for n, name in enumerate(book.names) if not name.startswith(ANSWERS)]
        book = Book(
            tuple(book.names[n] for n in kept), tuple(book.sheets[n] for n in kept)
        )
    return [
        _item(record, book, f"{file}: line {number + 1}")
        for number, record in enumerate(read_records(file))
    ]


def _item(record: dict[str, Any], book: Book, where: str) -> Item:
    about = record["additional_info"]
    gold = _table(field(about, "answer", str, where), where)
    names = [name for name in _SHEET.findall(record["goal"]) if name in book.names]
    if not names:
        raise DataError(f"{where}: the field 'goal' names no sheet of the workbook")
    steps = _path(field(record, "subgoals", str, where), where)
    path = (Call("open_sheet", {"name": names[0]}), *steps, Call("finish", {}))
    start = book.sheets[book.names.index(names[0])].table()
    payload = {
        "subgoals": [gold],
        "path": path,
        "book": book,
        "start_share": overlap_share(start, gold),
        "strict": False,
    }
    return Item(record["goal"], payload)


def _table(text: str, where: str) -> list[list[str]]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, list) or not all(
        isinstance(row, list) and row and all(isinstance(cell, str) for cell in row)
        for row in table
    ):
        raise DataError(f"{where}: the field 'answer' is no table")
    return table


def _path(text: str, where: str) -> list[Call]:
    calls = []
    for name, source in _ACTION.findall(text):
        try:
            arguments = evaluate(source)
            for key in _EVALUATED:
                if isinstance(arguments.get(key), str):
                    arguments[key] = evaluate(arguments[key])
            query = arguments.get("query")
            if isinstance(query, str) and query.startswith("re.compile("):
                arguments["query"] = evaluate(query)
        except (InvalidInput, AttributeError):
            raise DataError(f"{where}: the field 'subgoals' has {source:.60}") from None
        for key in _WHOLE:
            if key in arguments:
                arguments[key] = int(arguments[key])
        calls.append(Call(name, arguments))
    if not calls:
        raise DataError(f"{where}: the field 'subgoals' has no action")
    return calls


@lru_cache(maxsize=4)
def read_book(file: Path) -> Book:
    """Read an Excel workbook: values, number formats, notes and merged areas.

    Raises:
        DataError: if it is no workbook.
        MissingExtra: if openpyxl is not installed.
    """
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise MissingExtra("tools", "openpyxl") from None
    from zipfile import BadZipFile

    try:
        workbook = openpyxl.load_workbook(file, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise DataError(f"{file}: {error}") from error
    names = tuple(workbook.sheetnames)
    return Book(names, tuple(_sheet(workbook[name]) for name in names))


def _sheet(worksheet: Any) -> Sheet:
    rows = rectangle([[_cell(cell) for cell in row] for row in worksheet.iter_rows()])
    merges = [
        (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in worksheet.merged_cells.ranges
    ]
    height = max(HEIGHT, worksheet.max_row)
    width = max(WIDTH, worksheet.max_column)
    return Sheet(rows, height, width, sorted(merges))


def _cell(cell: Any) -> Cell:
    value: Value = cell.value
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    elif value is not None and not isinstance(value, float | str | bool):
        value = str(value)
    note = getattr(cell, "comment", None)
    number_format = cell.number_format if cell.number_format in FORMATS else GENERAL
    return Cell(value, number_format, note.text if note else "")
