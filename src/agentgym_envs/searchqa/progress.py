"""Progress of work that takes long: a bar on a terminal, if rich is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

Advance = Callable[[int], None]
"""Told how much more is done."""


@contextmanager
def progress(what: str, total: int) -> Iterator[Advance]:
    """Show on standard error how far some work has come.

    Without a terminal, or without rich, it is one line at the beginning.
    """
    if not sys.stderr.isatty() or find_spec("rich") is None:
        print(what, file=sys.stderr, flush=True)
        yield lambda more: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda more: bars.advance(bar, more)
