"""The sites of an episode for a person, in a browser of the person's own.

A loopback server shows them under names that end in ``.localhost``, which browsers look
for on their own machine. The cookies are kept here and not in the browser, so the
person is signed in just as an agent is.
"""

from __future__ import annotations

import threading

from agentgym_envs.webarena.hosts import html_inside, inside
from agentgym_envs.webarena.loopback import Handler, Server
from agentgym_envs.webarena.sites.site import Response
from agentgym_envs.webarena.text.browser import TextBrowser


class Doorway:
    """Serves the sites of an episode on a free loopback port until it is closed.

    What the person does there is done in the episode.

    Args:
        browser: The browser of the episode, whose sites and cookies are served.
    """

    def __init__(self, browser: TextBrowser) -> None:
        self._lock = threading.Lock()
        self.lead_to(browser)
        self._server = Server(self, _Handler)
        self.ending = f".localhost:{self._server.port}"
        """What follows the name of a site in the person's browser."""
        self._server.start()

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
        self._server.stop()


class _Handler(Handler[Doorway]):
    # With less than that, forms would not tell where they come from.
    referrer = "strict-origin"

    def _is_foreign(self) -> bool:
        # Other sites that the person has open may not send forms.
        origin = self.headers.get("Origin", "")
        return bool(origin) and not self._host(origin.removeprefix("http://"))

    def _host(self, name: str) -> str:
        """Give the site of a name; empty if it is none of ours."""
        host = name.removesuffix(self.server.owner.ending)
        return host if host != name and host in self.server.owner.hosts else ""

    def _answer(self, method: str, body: str) -> None:
        doorway = self.server.owner
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
