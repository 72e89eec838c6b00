"""The sites of an episode for a person, in a browser of the person's own.

A loopback server shows them under names that end in ``.localhost``, which browsers look
for on their own machine. The cookies are kept here and not in the browser, so the
person is signed in just as an agent is.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agentgym_envs.webarena.hosts import html_inside, inside
from agentgym_envs.webarena.sites.site import Response
from agentgym_envs.webarena.text.browser import TextBrowser

MAX_BODY = 1 << 20  # bytes
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


class Doorway:
    """Serves the sites of an episode on a free loopback port until it is closed.

    What the person does there is done in the episode.

    Args:
        browser: The browser of the episode, whose sites and cookies are served.
    """

    def __init__(self, browser: TextBrowser) -> None:
        self._lock = threading.Lock()
        self.lead_to(browser)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.doorway = self
        self.ending = f".localhost:{self._server.server_address[1]}"
        """What follows the name of a site in the person's browser."""
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            daemon=True,
        )
        self._thread.start()

    def lead_to(self, browser: TextBrowser) -> None:
        """Serve another episode, under the same addresses."""
        with self._lock:
            self._browser = browser
            self.url = browser.tab.url
            """Where the person is, in the sites' own words."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the sites."""
        return self._browser.world.hosts

    @property
    def addresses(self) -> list[str]:
        """What the person opens to see the tabs of the episode."""
        tabs = self._browser.tabs
        return [inside(tab.url, self.hosts, self.ending) for tab in tabs]

    def answer(
        self, method: str, host: str, target: str, body: str, *, is_page: bool
    ) -> Response | None:
        """Ask a site; None if there is no such site."""
        with self._lock:
            world, cookies = self._browser.world, self._browser.sessions
            if host not in world.sites:
                return None
            session = cookies.get(host, "")
            if method == "POST":
                response = world.post(host, target, body, session)
            else:
                response = world.get(host, target, session)
            if response.session is not None:
                cookies[host] = response.session
            if response.page is not None and is_page:
                self.url = f"http://{host}{target}"
            return response

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    doorway: Doorway

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet when a browser goes away in the middle of an answer."""
        import sys

        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer("GET", "")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        origin = self.headers.get("Origin", "")
        # Other sites that the person has open may not send forms.
        if origin and not self._host(origin.removeprefix("http://")):
            self.close_connection = True
            self._refuse(403)
        elif not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self._refuse(413)
        else:
            body = self.rfile.read(int(length)).decode("utf-8", "replace")
            self._answer("POST", body)

    def _host(self, name: str) -> str:
        """Give the site of a name; empty if it is none of ours."""
        host = name.removesuffix(self.server.doorway.ending)
        return host if host != name and host in self.server.doorway.hosts else ""

    def _answer(self, method: str, body: str) -> None:
        doorway = self.server.doorway
        host = self._host(self.headers.get("Host", ""))
        is_page = self.headers.get("Sec-Fetch-Dest", "document") == "document"
        response = doorway.answer(method, host, self.path, body, is_page=is_page)
        if response is None:
            self._refuse(403)
            return
        content = b""
        self.send_response(response.status)
        if response.page is not None:
            html = html_inside(response.page.html(), doorway.hosts, doorway.ending)
            content = html.encode()
            self.send_header("Content-Type", "text/html; charset=utf-8")
        if response.location:
            location = inside(response.location, doorway.hosts, doorway.ending)
            self.send_header("Location", location)
        self._finish(content)

    def _refuse(self, status: int) -> None:
        self.send_response(status)
        self._finish(b"")

    def _finish(self, content: bytes) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        # With less than that, forms would not tell where they come from.
        self.send_header("Referrer-Policy", "strict-origin")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""
