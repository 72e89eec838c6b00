"""The loopback server through which browsers reach the sites of their episodes.

All episodes of a process share one server. A secret header, which the context of an
episode adds to each of its requests, tells whose sites are meant; a request without one
is refused. Addresses are therefore the same for all.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote

from agentgym_envs.webarena.hosts import ENDING, html_inside, inside
from agentgym_envs.webarena.loopback import Handler, Server
from agentgym_envs.webarena.sites.site import Response
from agentgym_envs.webarena.sites.world import World

HEADER = "X-Agentgym-Episode"
COOKIE = "session"
AGAIN = "/.again"  # leads to the address behind the question mark


@dataclass(slots=True)
class Seat:
    """An episode at the server."""

    world: World
    lock: threading.Lock = field(default_factory=threading.Lock)
    session: str = ""
    """The cookie that the latest page was asked for with."""
    staged: str | None = None
    """A document that is given whatever is asked for, while a history is rebuilt."""


class SiteServer:
    """Serves worlds on a free loopback port until it is closed."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._server = Server(self, _Handler)
        self.port = self._server.port
        self._server.start()

    def add(self, world: World) -> str:
        """Serve a world; give the value of the header that leads to it."""
        token = secrets.token_hex(16)
        self._seats[token] = Seat(world)
        return token

    def seat(self, token: str) -> Seat | None:
        """Give an episode; None if there is none of this name."""
        return self._seats.get(token)

    def remove(self, token: str) -> None:
        """Serve a world no more."""
        self._seats.pop(token, None)

    def answer(
        self, token: str, method: str, host: str, target: str, body: str, session: str
    ) -> Response | None:
        """Ask a world; None if there is no such world or site."""
        seat = self._seats.get(token)
        if seat is None or host not in seat.world.sites:
            return None
        with seat.lock:  # a world answers one request at a time
            if method == "POST":
                return seat.world.post(host, target, body, session)
            seat.session = session
            return seat.world.get(host, target, session)

    def hosts_of(self, token: str) -> tuple[str, ...]:
        """Give the names of the sites of a world."""
        seat = self._seats.get(token)
        return seat.world.hosts if seat else ()

    def close(self) -> None:
        """Stop serving."""
        self._server.stop()


class _Handler(Handler[SiteServer]):
    def _answer(self, method: str, body: str) -> None:
        host = self.headers.get("Host", "").removesuffix(":80").removesuffix(ENDING)
        token = self.headers.get(HEADER, "")
        seat = self.server.owner.seat(token)
        if seat is not None and seat.staged is not None:
            self._show(seat.staged)
            return
        response = self.server.owner.answer(
            token, method, host, self.path, body, self._session()
        )
        if response is None:
            self._refuse(403)
            return
        content = b""
        hosts = self.server.owner.hosts_of(token)
        self.send_response(response.status)
        if response.page is not None:
            content = html_inside(response.page.html(), hosts).encode()
            self.send_header("Content-Type", "text/html; charset=utf-8")
        if response.location:
            self.send_header("Location", inside(response.location, hosts))
        if response.session is not None:
            life = "" if response.session else "; Max-Age=0"
            cookie = f"{COOKIE}={response.session}; Path=/; HttpOnly{life}"
            self.send_header("Set-Cookie", cookie)
        self._finish(content)

    def _show(self, staged: str) -> None:
        """Give what is staged, after a detour if the address asks for one."""
        path, _, wanted = self.path.partition("?")
        if path == AGAIN:
            self.send_response(302)
            self.send_header("Location", unquote(wanted))
            self._finish(b"")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self._finish(staged.encode())

    def _session(self) -> str:
        cookie = SimpleCookie()
        try:
            cookie.load(self.headers.get("Cookie", ""))
        except CookieError:
            return ""
        morsel = cookie.get(COOKIE)
        return morsel.value if morsel else ""
