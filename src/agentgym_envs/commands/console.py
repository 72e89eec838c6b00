"""What a command prints: tables for people, JSON for machines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from agentgym_envs.errors import MissingExtra

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPE_WIDTH = 120  # columns, where there is no terminal to ask


def open_console(*, stderr: bool = False) -> Console:
    """Open standard output or standard error for tables and panels.

    Raises:
        MissingExtra: if rich is not installed.
    """
    try:
        from rich.console import Console
    except ModuleNotFoundError:
        raise MissingExtra("cli", "rich") from None
    stream = sys.stderr if stderr else sys.stdout
    asks = stream.isatty() or "COLUMNS" in os.environ
    return Console(
        stderr=stderr,
        width=None if asks else PIPE_WIDTH,
        # What is printed comes from environments; none of it is meant for rich.
        markup=False,
        emoji=False,
        highlight=False,
    )


def build_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()
) -> Table:
    """Lay texts out in columns; those named in ``right`` are aligned to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        justify: Any = "right" if heading in right else "left"
        # A number that is cut or broken is worse than a narrow neighbour.
        # And a name that is cut can't be typed again; it is broken instead.
        table.add_column(
            heading, justify=justify, no_wrap=heading in right, overflow="fold"
        )
    for row in rows:
        # Texts, not strings: rich would take square brackets for markup.
        table.add_row(*map(Text, row))
    return table


def print_json(value: Any) -> None:
    """Print a value for machines, in ASCII, so that every terminal can take it."""
    print(json.dumps(value, indent=2))


def printable(text: str) -> str:
    """Replace the characters that would command a terminal rather than be read."""
    return "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in text)
