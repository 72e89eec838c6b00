"""A web site: views by path, each a pure function of the database and the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from agentgym_envs.webarena.addresses import decode_form, query_of
from agentgym_envs.webarena.pages.nodes import Node, visible
from agentgym_envs.webarena.pages.page import Page
from agentgym_envs.webarena.sites.database import Database, Template

MAX_FIELD = 2000  # characters that a site keeps of a field
MAX_NUMBER = 10**9


class View(NamedTuple):
    """What a page shows between the header and the footer of its site."""

    title: str
    content: Sequence[Node]


class NotFound(Exception):
    """There is no such page."""


class Redirect(Exception):
    """The page is elsewhere."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Response(NamedTuple):
    """A site's answer."""

    status: int
    page: Page | None = None
    location: str = ""
    session: str | None = None
    """The new value of the session cookie; empty to forget it, None to keep it."""


class Visit:
    """One request, as a view sees it."""

    __slots__ = ("account", "db", "form", "now", "path", "query", "session")

    def __init__(
        self, db: Database, account: int, path: str, query: str, body: str, now: str
    ) -> None:
        self.db = db
        self.account = account  # 0: nobody is signed in
        self.path = path.rstrip("/") or "/"  # a last slash makes no difference
        self.query = decode_form(query)
        self.form = decode_form(body)
        self.now = now  # YYYY-MM-DD HH:MM
        self.session: str | None = None

    def asked(self, name: str, otherwise: str = "") -> str:
        """Give a value of the query, cleaned; empty or missing ones are replaced."""
        return visible(self.query.get(name, "")[:MAX_FIELD]) or otherwise

    def sent(self, name: str, limit: int = 250) -> str:
        """Give a value of the form, cleaned and cut."""
        return visible(self.form.get(name, "")[:MAX_FIELD])[:limit].rstrip()

    def number(self, name: str, otherwise: int = 0) -> int:
        """Give a whole number of the form or the query."""
        return whole(self.form.get(name, self.query.get(name, "")), otherwise)

    def page_number(self, count: int, size: int) -> tuple[int, int]:
        """Give the number of the page asked for, from 1, and how many there are."""
        pages = max(1, -(-count // size))
        return min(max(1, self.number("p", 1)), pages), pages

    def sign_in(self, account: int) -> None:
        """Let the browser be known as this account from now on."""
        number = self.db.value("SELECT count(*) FROM session")
        token = f"session-{number}-{account}"
        self.db.insert("session", token=token, account=account)
        self.session = token

    def sign_out(self) -> None:
        """Forget the browser's account."""
        self.session = ""

    def with_query(self, **changes: str) -> str:
        """Give the address of this page with some values of its query changed."""
        pairs = {**self.query, **changes}
        return self.path + query_of([(k, v) for k, v in pairs.items() if v])


def whole(text: str, otherwise: int = 0) -> int:
    """Read a whole number; anything else gives the other value."""
    text = text.strip()
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 12:
        return otherwise
    return min(max(int(text), -MAX_NUMBER), MAX_NUMBER)


ViewFunction = Callable[..., View]
ActionFunction = Callable[..., str]


class _Route(NamedTuple):
    pattern: re.Pattern[str]
    numbers: tuple[str, ...]
    function: Callable[..., Any]
    reads: tuple[str, ...]


class Site:
    """A site: its routes, its look, and the template of its database.

    Every template has a table ``session`` with columns ``token`` and ``account``.

    Args:
        name: As in task files, for example ``shopping``.
        host: The name by which browsers know it.
        template: The database at the start of an episode.
        layout: Puts header and footer around a view.
        reads: The tables that the layout reads.
        database: The database, if it is that of another site; its name if not.
    """

    def __init__(
        self,
        name: str,
        host: str,
        template: Template,
        layout: Callable[[Visit, View], Page],
        reads: Sequence[str] = (),
        database: str = "",
    ) -> None:
        self.name = name
        self.database = database or name
        self.host = host
        self.template = template
        self.layout = layout
        self.reads = tuple(reads)
        self._pages: dict[int, list[_Route]] = {}
        self._actions: dict[int, list[_Route]] = {}

    def page(self, pattern: str, *reads: str) -> Callable[[ViewFunction], ViewFunction]:
        """Register a view for a path; ``<name>`` is a part, ``<int:name>`` a number.

        Args:
            pattern: The path.
            reads: All tables that the view reads; a page is made again only when one
                of them was changed.
        """

        def register(view: ViewFunction) -> ViewFunction:
            self._add(self._pages, pattern, view, (*self.reads, *reads))
            return view

        return register

    def action(self, pattern: str) -> Callable[[ActionFunction], ActionFunction]:
        """Register what a form does; it gives the address to go on to."""

        def register(action: ActionFunction) -> ActionFunction:
            self._add(self._actions, pattern, action, ())
            return action

        return register

    def _add(
        self,
        routes: dict[int, list[_Route]],
        pattern: str,
        function: Callable[..., Any],
        reads: tuple[str, ...],
    ) -> None:
        numbers = tuple(re.findall(r"<int:(\w+)>", pattern))
        parts = [
            re.sub(r"<int:(\w+)>", r"(?P<\1>[0-9]{1,9})", part)
            if "<int:" in part
            else re.sub(r"<(\w+)>", r"(?P<\1>[^/]+?)", re.sub(r"\.", r"\\.", part))
            for part in pattern.split("/")
        ]
        route = _Route(re.compile("/".join(parts)), numbers, function, reads)
        same_length = routes.setdefault(pattern.count("/"), [])
        same_length.append(route)
        # What is written out comes before what a part stands for.
        same_length.sort(key=lambda route: route.pattern.groups)

    def _find(
        self, routes: dict[int, list[_Route]], path: str
    ) -> tuple[_Route, dict[str, Any]]:
        for route in routes.get(path.count("/"), ()):
            if match := route.pattern.fullmatch(path):
                values: dict[str, Any] = match.groupdict()
                for name in route.numbers:
                    values[name] = int(values[name])
                return route, values
        raise NotFound

    def reads_of(self, path: str) -> tuple[str, ...]:
        """Give the tables that the page at a path depends on."""
        try:
            return self._find(self._pages, path.rstrip("/") or "/")[0].reads
        except NotFound:
            return self.reads

    def get(self, visit: Visit) -> Response:
        """Answer a request for a page."""
        try:
            route, values = self._find(self._pages, visit.path)
            view = route.function(visit, **values)
        except NotFound:
            return Response(404, self.layout(visit, _missing()))
        except Redirect as redirect:
            return Response(302, location=redirect.location)
        return Response(200, self.layout(visit, view))

    def post(self, visit: Visit) -> Response:
        """Answer a form: do it, and lead on to a page."""
        try:
            action, values = self._find(self._actions, visit.path)
            location = action.function(visit, **values)
        except NotFound:
            location = "/not-found"
        except Redirect as redirect:
            location = redirect.location
        return Response(303, location=location, session=visit.session)


def _missing() -> View:
    from agentgym_envs.webarena.pages.build import heading, link, p

    return View(
        "Page not found",
        [
            heading(1, "Page not found"),
            p("The page that you asked for is not here."),
            p(link("Go to the front page", "/")),
        ],
    )
