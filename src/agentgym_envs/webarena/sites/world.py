"""All sites of one episode, with the databases that they have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from agentgym_envs.webarena.sites.database import Database
from agentgym_envs.webarena.sites.site import Response, Site, Visit

START = datetime(2023, 6, 12, 9, 0)  # the clock at the start of every episode
MAX_REDIRECTS = 5
CACHED_PAGES = 1000  # about 50 KB each


@cache
def _time_after(forms: int) -> str:
    return (START + timedelta(minutes=forms)).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Post:
    """A form that was sent: what changes databases."""

    host: str
    target: str
    """Path and query."""
    body: str
    session: str
    """The session cookie; empty if there was none."""


class PageCache:
    """Answers that any number of episodes may share.

    Args:
        size: How many are kept; the oldest make room.
    """

    def __init__(self, size: int = CACHED_PAGES) -> None:
        self._size = size
        self._kept: dict[tuple[Any, ...], Response] = {}

    def get(self, key: tuple[Any, ...]) -> Response | None:
        """Give an answer, None if it isn't there."""
        return self._kept.get(key)

    def put(self, key: tuple[Any, ...], response: Response) -> None:
        """Keep an answer."""
        kept = self._kept
        kept[key] = response
        while len(kept) > self._size:
            # Another thread may be at it as well.
            kept.pop(next(iter(kept)), None)


class World:
    """The sites of one episode.

    Their state is a function of the forms that were sent, in order: a world that is
    sent the same ones is the same.

    Args:
        sites: The sites, whose hosts differ.
        cache: Shares pages with other worlds; None makes every page anew.
    """

    def __init__(self, sites: Iterable[Site], cache: PageCache | None = None) -> None:
        self.sites = {site.host: site for site in sites}
        self.posts: list[Post] = []
        self._cache = cache
        self._databases: dict[str, Database] = {}
        self._accounts: dict[tuple[str, str], tuple[int, int]] = {}

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of all sites."""
        return tuple(self.sites)

    @property
    def now(self) -> str:
        """The time of the sites' clock, which a form moves on by a minute."""
        return _time_after(len(self.posts))

    def database(self, site: Site) -> Database:
        """Give the database of a site."""
        db = self._databases.get(site.database)
        if db is None:
            db = self._databases[site.database] = site.template.open()
        return db

    def get(self, host: str, target: str, session: str) -> Response:
        """Ask for a page.

        Args:
            host: One of `hosts`.
            target: Path and query, encoded.
            session: The cookie of this host; empty if there is none.
        """
        site = self.sites[host]
        db = self.database(site)
        account = self._account(site, db, session)
        path, _, query = target.partition("?")
        if self._cache is None:
            return site.get(Visit(db, account, path, query, "", self.now))
        versions = db.versions
        reads = site.reads_of(path)
        key = (
            site.name,
            target,
            account,
            *([versions.get(table, 0) for table in reads] if versions else ()),
        )
        response = self._cache.get(key)
        if response is None:
            response = site.get(Visit(db, account, path, query, "", self.now))
            self._cache.put(key, response)
        return response

    def post(self, host: str, target: str, body: str, session: str) -> Response:
        """Send a form; the arguments are as for `get`."""
        site = self.sites[host]
        db = self.database(site)
        account = self._account(site, db, session)
        path, _, query = target.partition("?")
        self.posts.append(Post(host, target, body, session))
        return site.post(Visit(db, account, path, query, body, self.now))

    def _account(self, site: Site, db: Database, session: str) -> int:
        if not session:
            return 0
        version = db.versions.get("session", 0)
        known = self._accounts.get((site.name, session))
        if known is not None and known[0] == version:
            return known[1]
        account = db.value("SELECT account FROM session WHERE token = ?", session) or 0
        self._accounts[site.name, session] = version, account
        return int(account)

    def copy(self) -> World:
        """Give an independent world in the same state."""
        twin = World(self.sites.values(), self._cache)
        twin.posts = list(self.posts)
        twin._databases = {name: db.copy() for name, db in self._databases.items()}
        return twin

    def close(self) -> None:
        """Free the memory of all databases."""
        for db in self._databases.values():
            db.close()
        self._databases.clear()
