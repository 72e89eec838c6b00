"""SQL functions that depend on the moment, with a moment that stands still.

In SQLite ``now``, ``CURRENT_TIMESTAMP``, ``random()`` and the modifier ``localtime``
make a statement give another result on another day or machine. Here it is always the
same moment, in UTC, and every statement draws the same random numbers.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from functools import lru_cache, partial

NOW = "2024-01-01 00:00:00"  # UTC
KEPT_RESULTS = 2**14  # of a date function, which sees the same dates again and again
LONG = 64  # characters of an argument that is no date
MAX_LONG = 100  # results with such arguments that are kept
LARGEST_RANDOM_BLOB = 10**5  # bytes

# For each date function, where its first time value stands, and how many it takes.
TIME_VALUES = {
    "date": (0, 1),
    "time": (0, 1),
    "datetime": (0, 1),
    "julianday": (0, 1),
    "unixepoch": (0, 1),
    "strftime": (1, 1),
    "timediff": (0, 2),
}
CONSTANTS = {
    "current_timestamp": NOW,
    "current_date": NOW[:10],
    "current_time": NOW[11:],
}
_FRACTIONS = ("subsec", "subsecond")  # as a time value, these too mean now
_ZONES = ("localtime", "utc")

Value = int | float | str | bytes | None

_local = threading.local()


class Dice:
    """Random numbers that begin anew with every statement: SplitMix64 from zero."""

    def __init__(self) -> None:
        self.state = 0

    def roll(self) -> int:
        """Draw a 64-bit integer."""
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return (z ^ (z >> 31)) - 2**63

    def blob(self, size: object) -> bytes:
        """Draw bytes; at least one, as in SQLite."""
        count = max(1, int(size)) if isinstance(size, int | float) else 1
        if count > LARGEST_RANDOM_BLOB:
            raise ValueError("string or blob too big")
        return b"".join(
            (self.roll() + 2**63).to_bytes(8, "big") for _ in range(-(-count // 8))
        )[:count]


def install(connection: sqlite3.Connection, dice: Dice) -> None:
    """Replace a connection's functions that would tell the real moment, or chance."""
    for name, function in _at_fixed_moment().items():
        connection.create_function(name, -1, function, deterministic=True)
    for name, value in CONSTANTS.items():
        connection.create_function(name, 0, partial(str, value), deterministic=True)
    connection.create_function("random", 0, dice.roll)
    connection.create_function("randomblob", 1, dice.blob)


def _native() -> sqlite3.Connection:
    """A connection of this thread's own, with the functions as SQLite has them."""
    connection: sqlite3.Connection | None = getattr(_local, "native", None)
    if connection is None:
        connection = _local.native = sqlite3.connect(":memory:")
    return connection


@lru_cache(maxsize=1)
def _at_fixed_moment() -> dict[str, Callable[..., Value]]:
    """The date functions that this SQLite has, each with a memory."""
    rows = _native().execute("SELECT DISTINCT name FROM pragma_function_list")
    known = {name for (name,) in rows}
    return {name: _remembering(name) for name in TIME_VALUES if name in known}


def _remembering(name: str) -> Callable[..., Value]:
    long_ones = 0

    # SQLite calls it once per row, and this is the quickest that Python has.
    @lru_cache(maxsize=KEPT_RESULTS, typed=True)
    def evaluate(*values: Value) -> Value:
        nonlocal long_ones
        if any(isinstance(v, str | bytes) and len(v) > LONG for v in values):
            long_ones += 1
            if long_ones > MAX_LONG:
                evaluate.cache_clear()
                long_ones = 0
        return _evaluate(name, values)

    return evaluate


def _evaluate(name: str, values: tuple[Value, ...]) -> Value:
    """Evaluate a date function as if it were `NOW`, in a place whose time is UTC."""
    first, count = TIME_VALUES[name]
    given = list(values)
    if len(given) == first:
        given.append(NOW)  # without a time value it means now
    for place in range(first, min(first + count, len(given))):
        text = _word(given[place])
        if text == "now":
            given[place] = NOW
        elif text in _FRACTIONS:
            given[place : place + 1] = [NOW, text]
    stop = first + count
    given = given[:stop] + [v for v in given[stop:] if _word(v) not in _ZONES]
    marks = ", ".join("?" * len(given))
    (result,) = _native().execute(f"SELECT {name}({marks})", given).fetchone()
    value: Value = result
    return value


def _word(value: Value) -> str:
    return value.lower() if isinstance(value, str) else ""
