"""Running a statement, and judging its rows as execution accuracy does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from agentgym_envs.bird.sandbox import PATIENCE, Guarded, Source, reader

SHOWN = 100  # characters of a result that an agent sees, as in the original
MAX_ROWS = 1_000_000  # that are read, unless the gold statement has as many
GOLD_FACTOR = 10  # how much longer than an agent's a gold statement may run
MAX_JOURNAL = 64  # statements of an episode that change what later ones see
KEPT_GOLD_RESULTS = 4096
FULL = "database or disk is full"

Row = tuple[Any, ...]

# What running a statement may raise. The original shows the texts, which are Python's.
_FAULTS = (
    sqlite3.Error,
    sqlite3.Warning,
    UnicodeError,
    MemoryError,
    OverflowError,
    ValueError,
)


@dataclass(slots=True)
class State:
    """What an episode remembers: its turns, and what it did to its connection.

    Temporary tables and open transactions live on a connection of the episode's own;
    the journal holds the statements that lead to them.
    """

    turn: int = 0
    journal: list[str] = field(default_factory=list)


class Answer(NamedTuple):
    """What came of a statement."""

    text: str
    """The rows as Python prints them, or the error, cut to what is shown."""
    is_right: bool = False
    """Whether the rows are those of the gold statement, as sets."""
    error: str = ""
    timed_out: bool = False


class Gold(NamedTuple):
    """The rows of a gold statement, or why there are none."""

    rows: frozenset[Row]
    error: str = ""


@lru_cache(maxsize=KEPT_GOLD_RESULTS)
def gold_rows(source: Source, sql: str, budget: int) -> Gold:
    """Run a gold statement, once per process."""
    connection = reader(source)
    try:
        cursor = connection.execute(sql, budget * GOLD_FACTOR, PATIENCE * GOLD_FACTOR)
        return Gold(frozenset(cursor))
    except _FAULTS as error:
        return Gold(frozenset(), _message(error, connection))


class Session:
    """An episode's view of a database.

    Statements that only read share one connection per thread, which nothing can
    change. The first that would change it gets one for this episode alone.

    Args:
        source: The database.
        budget: Instructions of SQLite's virtual machine that a statement may take.
        reads_on: Whether a wrong result is read to its end, where an error may be.
    """

    def __init__(self, source: Source, budget: int, *, reads_on: bool) -> None:
        self._source = source
        self._budget = budget
        self._reads_on = reads_on
        self._own: Guarded | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy opens a connection of its own when it needs one.
        return _session, (self._source, self._budget, self._reads_on)

    def close(self) -> None:
        """Drop temporary tables and open transactions."""
        if self._own is not None:
            self._own.close()
            self._own = None

    def ask(self, sql: str, gold: Gold, state: State) -> Answer:
        """Run a statement and compare its rows with those of the gold statement."""
        if not state.journal:
            connection = reader(self._source)
            answer = self._run(connection, sql, gold)
            if not connection.wants_to_write:
                return answer
        own = self._own_connection(state.journal)
        own.writable = len(state.journal) < MAX_JOURNAL
        answer = self._run(own, sql, gold)
        if own.wants_to_write:
            if not own.writable:
                return Answer(FULL, error=FULL)
            state.journal.append(sql)
        return answer

    def _own_connection(self, journal: Iterable[str]) -> Guarded:
        if self._own is None or self._own.closed:
            self._own = Guarded(self._source, writable=True)
            for sql in journal:
                self._run(self._own, sql, Gold(frozenset()))
        return self._own

    def _run(self, connection: Guarded, sql: str, gold: Gold) -> Answer:
        try:
            cursor = connection.execute(sql, self._budget)
            text, is_right = compare(cursor, gold.rows, reads_on=self._reads_on)
            cursor.close()
        except _FAULTS as error:
            text = _message(error, connection)
            return Answer(cut(text), False, text, connection.meter.spent)
        return Answer(text, is_right and not gold.error)


def _session(source: Source, budget: int, reads_on: bool) -> Session:
    return Session(source, budget, reads_on=reads_on)


def _message(error: Exception, connection: Guarded) -> str:
    if isinstance(error, MemoryError):
        connection.close()  # which gives back what the statement had gathered
        return "out of memory"
    return str(error)


def compare(
    rows: Iterable[Row], gold: frozenset[Row], *, reads_on: bool
) -> tuple[str, bool]:
    """Print the first rows, and say whether all are those of the gold statement.

    Order and repetition do not count, nor do the names of columns. 1 equals 1.0, and
    NULL equals NULL. No more rows are kept than the gold statement has.
    """
    found: set[Row] = set()
    is_right = True
    shown: list[str] = []
    length = 0  # of the rows shown, in brackets
    left = max(MAX_ROWS, 2 * len(gold))
    for row in rows:
        if length <= SHOWN:
            shown.append(_print_row(row))
            length += len(shown[-1]) + 2
        if is_right and row in gold:
            found.add(row)
        else:
            is_right = False
        left -= 1
        if not left or (not is_right and length > SHOWN and not reads_on):
            is_right = False
            break
    return cut(f"[{', '.join(shown)}]"), is_right and len(found) == len(gold)


def cut(text: str) -> str:
    """Shorten a text to what is shown."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _print_row(row: Row) -> str:
    values = ", ".join(_print_value(value) for value in row)
    return f"({values},)" if len(row) == 1 else f"({values})"


def _print_value(value: object) -> str:
    if not isinstance(value, str | bytes) or len(value) <= SHOWN:
        return repr(value)
    # The quotes around a text depend on those in it, wherever they are.
    if isinstance(value, bytes):
        quotes = (q for q in (b"'", b'"') if q in value)
        return repr(value[:SHOWN] + b"".join(quotes))
    return repr(value[:SHOWN] + "".join(q for q in "'\"" if q in value))
