"""What the tools of Sheet make of their arguments."""

from __future__ import annotations

from typing import Any, NoReturn

from agentgym_envs.sheet.cells import Value, numeric, position
from agentgym_envs.sheet.engine import EmbeddedBooks, SheetState
from agentgym_envs.sheet.grid import Merge, ServiceError
from agentgym_envs.tools.toolbox import ToolFailure


def refuse(text: str) -> NoReturn:
    """Answer with a text of the tools' own, which comes in quotes."""
    raise ToolFailure(repr(text))


class IncorrectCellLabel(ValueError):
    """An address that is none; named as the agent reads it."""


def place(label: Any) -> tuple[int, int]:
    """Row and column of an address.

    Raises:
        IncorrectCellLabel: if it is none.
    """
    found = position(label) if isinstance(label, str) else None
    if found is None:
        raise IncorrectCellLabel(label)
    return found


def in_grid(service: EmbeddedBooks, state: SheetState, label: Any) -> tuple[int, int]:
    """The place of a cell that is in the grid of the open sheet."""
    sheet = service.sheet(state)
    row, column = place(label)
    if row >= sheet.height or column >= sheet.width:
        raise outside(service, state, label)
    return row, column


def outside(service: EmbeddedBooks, state: SheetState, label: str) -> ServiceError:
    """The error of an address that is not in the grid of the open sheet."""
    sheet = service.sheet(state)
    return ServiceError(
        f"Range ({service.name(state)}!{label}) exceeds grid limits. "
        f"Max rows: {sheet.height}, max columns: {sheet.width}"
    )


def area_of(service: EmbeddedBooks, state: SheetState, start: Any, end: Any) -> Merge:
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
        raise outside(service, state, f"{start}:{end}")
    return area


def rows_of(given: Any) -> list[list[Value]]:
    """Numbers for the strings that are numbers, in a list of lists."""
    return [[scalar(numeric(value)) for value in row] for row in given]


def scalar(value: Any) -> Value:
    """A value that a cell can hold.

    Raises:
        ServiceError, TypeError, ValueError: if the service takes no such value.
    """
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
