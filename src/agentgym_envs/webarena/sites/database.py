"""A site's database: a copy of a template for each episode, made in microseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import count
from typing import Any

Row = tuple[Any, ...]
# Numbers are never given twice in a process, so that a page that was made from one
# state of a table is never taken for that of another.
_fresh = count(1).__next__


class Template:
    """The state of a site's database at the start of every episode.

    Args:
        build: Fills an empty database. Called once per process, when it is needed.
    """

    def __init__(self, build: Callable[[sqlite3.Connection], None]) -> None:
        self._build = build

    @cached_property
    def content(self) -> bytes:
        """The database file."""
        connection = sqlite3.connect(":memory:")
        # Pages half as big as the default one make copies of tables with few rows
        # smaller.
        connection.execute("PRAGMA page_size = 2048")
        self._build(connection)
        connection.commit()
        connection.execute("VACUUM")
        content = connection.serialize()
        connection.close()
        return content

    def open(self) -> Database:
        """Give a database of one's own."""
        return Database(self.content)


class Database:
    """A database in memory that remembers which of its tables were changed."""

    __slots__ = ("connection", "execute", "versions")

    def __init__(self, content: bytes) -> None:
        # Servers answer in threads of their own, one request at a time.
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        self.connection.deserialize(content)
        self.execute = self.connection.execute
        self.versions: dict[str, int] = {}
        """A number per table, 0 for those that are as in the template."""

    def copy(self) -> Database:
        """Give an independent database with the same content."""
        twin = Database(self.connection.serialize())
        twin.versions = dict(self.versions)
        return twin

    def close(self) -> None:
        """Free the memory."""
        self.connection.close()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Give all rows that a query finds."""
        return self.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        """Give the first row that a query finds."""
        found: Row | None = self.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, *values: Any) -> Any:
        """Give the first value that a query finds, None if it finds none."""
        found = self.execute(sql, values).fetchone()
        return None if found is None else found[0]

    def insert(self, table: str, **values: Any) -> int:
        """Add a row; give its number."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        cursor = self.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
        )
        self.versions[table] = _fresh()
        return cursor.lastrowid or 0

    def update(self, table: str, where: Mapping[str, Any], **values: Any) -> int:
        """Change the rows with these values; give how many there were."""
        changes = ", ".join([f"{name} = ?" for name in values])
        cursor = self.execute(
            f"UPDATE {table} SET {changes} WHERE {_all_of(where)}",
            (*values.values(), *where.values()),
        )
        self.versions[table] = _fresh()
        return cursor.rowcount

    def delete(self, table: str, **where: Any) -> int:
        """Remove the rows with these values; give how many there were."""
        cursor = self.execute(
            f"DELETE FROM {table} WHERE {_all_of(where)}", tuple(where.values())
        )
        self.versions[table] = _fresh()
        return cursor.rowcount

    def tables(self) -> list[str]:
        """Give the names of all tables."""
        return [
            name
            for (name,) in self.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]

    def dump(self, table: str) -> list[Row]:
        """Give all rows of a table, each with its row number first."""
        return self.rows(f"SELECT rowid, * FROM {table} ORDER BY rowid")


def _all_of(where: Mapping[str, Any]) -> str:
    return " AND ".join([f"{name} = ?" for name in where])


def fill(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Add rows to a table of a template."""
    rows = list(rows)
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def escape_like(text: str) -> str:
    r"""Write a text for LIKE ... ESCAPE '\', to be found as it is."""
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return text
