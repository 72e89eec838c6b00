"""What a task is, and what templates of tasks are written with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from agentgym_envs.webarena.checks import Check
from agentgym_envs.webarena.sites.database import Database, Row
from agentgym_envs.webarena.steps import Step, Steps, stop

INSTANCES = 8  # of each template
SHOP = "http://onestopmarket.com"
ADMIN = "http://luma.com/admin"
FORUM = "http://reddit.com"
FORGE = "http://gitlab.com"
MAP = "http://openstreetmap.org"
WIKI = "http://wikipedia.org"
HOME = "http://homepage.com"
STARTS = {
    "shopping": f"{SHOP}/",
    "shopping_admin": ADMIN,
    "reddit": f"{FORUM}/",
    "gitlab": f"{FORGE}/",
    "map": f"{MAP}/",
    "wikipedia": f"{WIKI}/",
    "homepage": f"{HOME}/",
}
SEEK, NAVIGATE, CHANGE = "InformationSeeking", "SiteNavigation", "ContentAndConfig"

# Why a task can't be done; the answer is then N/A with one of these.
NOT_FOUND = "N/A NOT_FOUND"  # what it speaks of isn't there
NOT_ALLOWED = "N/A NOT_ALLOWED"  # the site lets nobody do that
PERMISSION_DENIED = "N/A PERMISSION_DENIED"  # it doesn't let this account do that
REASONS = (NOT_FOUND, NOT_ALLOWED, PERMISSION_DENIED)


class Instance(NamedTuple):
    """What a template says of one of its tasks.

    Templates with tasks that can't be done have as many that can, so that neither the
    intent nor one answer for all tells which they are.
    """

    intent: str
    check: Check
    steps: Steps


class Item(NamedTuple):
    """One task."""

    template: str
    category: str
    sites: tuple[str, ...]
    start: tuple[str, ...]
    """Addresses that are open at the start."""
    intent: str
    check: Check
    steps: Steps
    """What an expert does."""
    is_test: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of tasks on the same sites."""

    name: str
    category: str
    sites: tuple[str, ...]
    is_test: bool
    """For ever."""
    make: Callable[[], Iterator[Instance]]

    def items(self) -> Iterator[Item]:
        """Make the tasks, from the databases as they are at the start."""
        start = tuple([STARTS[site] for site in self.sites])
        for place, (intent, check, steps) in enumerate(self.make()):
            if place == INSTANCES:
                break
            yield Item(
                self.name,
                self.category,
                self.sites,
                start,
                intent,
                check,
                steps,
                self.is_test,
            )


Maker = Callable[[], Iterator[Instance]]


def template(
    category: str, *sites: str, test: bool = False
) -> Callable[[Maker], Template]:
    """Make a template of a function that gives its tasks."""
    return lambda make: Template(make.__name__, category, sites, test, make)


def found(intent: str, answer: str, *steps: Step) -> Instance:
    """A task that asks for an answer."""
    return Instance(intent, {"answer": answer}, (*steps, stop(answer)))


def opened(intent: str, url: str, *steps: Step) -> Instance:
    """A task that asks for a page."""
    return Instance(intent, {"url": url}, (*steps, stop()))


def distinct(rows: Iterable[Row], column: int) -> Iterator[Row]:
    """Leave out rows that have the same value as one before.

    An answer that is right for several tasks of a template could be guessed.
    """
    seen = set()
    for row in rows:
        if row[column] not in seen:
            seen.add(row[column])
            yield row


def alternate(one: Iterable[Instance], other: Iterable[Instance]) -> Iterator[Instance]:
    """Take tasks from two kinds in turn."""
    for pair in zip(one, other, strict=False):
        yield from pair


class Deeds:
    """Collects what a task asks to be changed, as a check.

    Args:
        db: The database of the site at the start.
        site: Its name, which the tables' names begin with.
    """

    def __init__(self, db: Database, site: str) -> None:
        self._db = db
        self._site = site
        self._check: dict[str, dict[str, list[list[Any]]]] = {
            "added": {},
            "removed": {},
        }

    def insert(self, table: str, **values: Any) -> Deeds:
        """A new row with these values and any others."""
        columns = self._columns(table)
        assert values.keys() <= set(columns), (table, values)
        row = [None, *[values.get(column) for column in columns]]
        return self._note("added", table, row)

    def update(self, table: str, number: int, **values: Any) -> Deeds:
        """Other values in a row."""
        columns = self._columns(table)
        assert values.keys() <= set(columns), (table, values)
        before = self._row(table, number)
        after = dict(zip(["", *columns], before, strict=True)) | values
        self._note("removed", table, before)
        return self._note("added", table, list(after.values()))

    def delete(self, table: str, number: int) -> Deeds:
        """A row that goes away."""
        return self._note("removed", table, self._row(table, number))

    def check(self, **more: Any) -> Check:
        """Give the check."""
        return {**{k: v for k, v in self._check.items() if v}, **more}

    def _note(self, side: str, table: str, row: list[Any]) -> Deeds:
        self._check[side].setdefault(f"{self._site}.{table}", []).append(row)
        return self

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._db.rows(f"PRAGMA table_info({table})")]

    def _row(self, table: str, number: int) -> list[Any]:
        rows = self._db.rows(f"SELECT rowid, * FROM {table} WHERE rowid = ?", number)
        return list(rows[0])
