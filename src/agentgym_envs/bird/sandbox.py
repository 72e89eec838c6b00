"""SQLite connections on which a model's statements can do no harm.

The original runs a model's SQL without any bound. Here a statement reads one database
and nothing else, and its instructions, text, values, rows and memory are bounded.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from time import monotonic
from urllib.parse import quote

from agentgym_envs.bird.clock import Dice, install
from agentgym_envs.errors import DataError

TICK = 50_000  # instructions between two looks at the budget
# Instructions are what counts, for they are the same everywhere. But one that compares
# two long texts may take milliseconds, so there is an end by the clock behind it, which
# only statements reach that are made to be slow.
PATIENCE = 60.0  # seconds
HEAP_LIMIT = 2**29  # bytes, for all SQLite memory of the process
TEMP_PAGES = 4096  # of 4 KiB: what temporary tables may hold
LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,  # bytes of a statement
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,  # bytes
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
# Bytes of a value or a row. Only published databases hold long texts.
MAX_LENGTH = 250_000
MAX_LENGTH_EMBEDDED = 50_000
PRAGMAS = frozenset(
    {
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
    }
)
FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})
FORBIDDEN_TABLES = frozenset({"dbstat"})  # it walks through the whole file in one go
KEPT_CONNECTIONS = 128  # per thread

_FORBIDDEN = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_DROP_VTABLE,
    }
)
_local = threading.local()
# A database in memory lives for as long as a connection holds it.
_published: list[sqlite3.Connection] = []


@dataclass(frozen=True, slots=True)
class Source:
    """Where a database is: a file, or a name in this process's memory."""

    path: str
    in_memory: bool = False

    @property
    def uri(self) -> str:
        """What opens it for reading."""
        kind = "vfs=memdb" if self.in_memory else "immutable=1"
        return f"file:{quote(self.path, safe='/:')}?mode=ro&{kind}"


class Meter:
    """Counts a statement's instructions down, one tick at a time."""

    __slots__ = ("deadline", "left", "spent")

    def __init__(self) -> None:
        self.left = 0
        self.deadline = 0.0
        self.spent = False

    def start(self, budget: int, patience: float) -> None:
        """Grant this many instructions, rounded up to whole ticks, and seconds."""
        self.left = -(-budget // TICK)
        self.deadline = monotonic() + patience
        self.spent = False

    def __call__(self) -> bool:
        """Whether to interrupt; SQLite asks after every tick."""
        self.left -= 1
        if self.left <= 0 or monotonic() > self.deadline:
            self.spent = True
        return self.spent


class Guarded:
    """A connection that reads one database.

    Args:
        source: The database.
        writable: Whether a statement may make temporary tables and begin
            transactions, which later statements on this connection would see.

    Raises:
        DataError: if it is no database, or a damaged one.
    """

    def __init__(self, source: Source, *, writable: bool = False) -> None:
        self.meter = Meter()
        self.dice = Dice()
        self.wants_to_write = False
        """Whether the last statement would have changed the connection."""
        self.writable = writable
        self.closed = False
        self._db = sqlite3.connect(
            source.uri,
            uri=True,
            # A statement that is prepared anew counts its instructions from zero.
            cached_statements=0,
            check_same_thread=not writable,
            # As the original, which has Python begin transactions before writes.
            isolation_level="DEFERRED" if writable else None,
        )
        try:
            self._db.execute(f"PRAGMA hard_heap_limit={HEAP_LIMIT}")
            self._db.execute("PRAGMA temp_store=MEMORY")
            self._db.execute(f"PRAGMA temp.max_page_count={TEMP_PAGES}")
            if not writable:
                self._db.execute("PRAGMA query_only=ON")
        except sqlite3.DatabaseError as error:
            raise DataError(f"{source.path}: {error}") from error
        install(self._db, self.dice)
        length = MAX_LENGTH_EMBEDDED if source.in_memory else MAX_LENGTH
        self._db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, length)
        for limit, value in LIMITS.items():
            self._db.setlimit(limit, value)
        self._db.set_progress_handler(self.meter, TICK)
        self._db.set_authorizer(self._authorize)

    def close(self) -> None:
        """Let go of the database, and of what a statement left in memory."""
        self.closed = True
        self._db.close()

    def execute(
        self, sql: str, budget: int, patience: float = PATIENCE
    ) -> sqlite3.Cursor:
        """Begin a statement that may take this many instructions.

        Raises:
            sqlite3.Error: and what else `sqlite3` has for a statement that is wrong.
        """
        self.dice.state = 0
        self.wants_to_write = False
        self.meter.start(budget, patience)
        return self._db.execute(sql)

    def _authorize(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        trigger: str | None,
    ) -> int:
        match action:
            case sqlite3.SQLITE_READ:
                allowed = first not in FORBIDDEN_TABLES
            case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE:
                allowed = True
            case sqlite3.SQLITE_FUNCTION:
                allowed = str(second).lower() not in FORBIDDEN_FUNCTIONS
            case sqlite3.SQLITE_PRAGMA:
                allowed = str(first).lower() in PRAGMAS
            case sqlite3.SQLITE_TRANSACTION | sqlite3.SQLITE_SAVEPOINT:
                allowed = self._write()
            case _ if action in _FORBIDDEN:
                allowed = False
            case _:
                # The database itself is open for reading only, and says so.
                allowed = database != "temp" or self._write()
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    def _write(self) -> bool:
        self.wants_to_write = True
        return self.writable


def reader(source: Source) -> Guarded:
    """Give this thread's connection to a database, which no statement changes."""
    kept: dict[Source, Guarded] = _local.__dict__.setdefault("kept", {})
    connection = kept.get(source)
    if connection is None or connection.closed:
        if len(kept) >= KEPT_CONNECTIONS:
            kept.pop(next(iter(kept))).close()
        connection = kept[source] = Guarded(source)
    return connection


def publish(name: str, content: sqlite3.Connection) -> Source:
    """Put a database into this process's memory, for reading under a name."""
    source = Source(f"/agentgym-bird-{name}", in_memory=True)
    keeper = sqlite3.connect(
        f"file:{quote(source.path)}?vfs=memdb", uri=True, check_same_thread=False
    )
    content.backup(keeper)
    _published.append(keeper)
    return source


def schema_statements(source: Source) -> list[str]:
    """Give the statements that made a database's tables.

    Raises:
        sqlite3.Error: if it is no database.
    """
    connection = sqlite3.connect(source.uri, uri=True)
    try:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL "
            "AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        ).fetchall()
    finally:
        connection.close()
    return [str(sql) for (sql,) in rows]
