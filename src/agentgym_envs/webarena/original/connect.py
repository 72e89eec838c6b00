"""A browser for the sites of a deployment, with who is signed in to them.

The browser reaches the hosts and ports of the sites and nothing else: every other name
resolves to nothing. Its driver has a thread of its own, since playwright's is bound to
the thread that started it.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from agentgym_envs.errors import AgentGymError, BadOption
from agentgym_envs.webarena.chromium.launch import launch_within, start_playwright
from agentgym_envs.webarena.interface import BrowserLost
from agentgym_envs.webarena.original.addresses import Addresses
from agentgym_envs.webarena.original.tasks import ACCOUNTS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

P = ParamSpec("P")
T = TypeVar("T")

VIEWPORT = {"width": 1280, "height": 720}
SETTLE = 1.5  # seconds after each action, as AgentGym's server waits
LOAD = 100.0  # seconds that a page may take, as there
STALE = 2700.0  # seconds before a cookie expires in which its session is renewed

# User and password of the accounts that the published containers have.
PUBLISHED_LOGINS = {
    "shopping": ("emma.lopez@gmail.com", "Password.123"),
    "shopping_admin": ("admin", "admin1234"),
    "reddit": ("MarvelsGrantMan136", "test1234"),
    "gitlab": ("byteblaze", "hello1234"),
}
LOGIN_PAGES = {
    "shopping": "/customer/account/login/",
    "shopping_admin": "",
    "reddit": "/login",
    "gitlab": "/users/sign_in",
}
# Headers by which the containers of webarena-verified sign in.
LOGIN_HEADERS = {
    "shopping": "X-M2-Customer-Auto-Login",
    "shopping_admin": "X-M2-Admin-Auto-Login",
    "reddit": "X-Postmill-Auto-Login",
}

_PASSWORD = "input[type=password]:visible"
_NAME = "input:visible:not([type=password]):not([type=checkbox]):not([type=search])"

Login = Literal["ui", "header"]


class LoginFailed(AgentGymError, RuntimeError):
    """A site doesn't let the agent's account in."""


@dataclass(frozen=True)
class Deployment:
    """Where WebArena's sites are, and how to use them.

    Args:
        addresses: Of the sites; None reads the environment variables.
        logins: User and password by site; None means those of the published
            containers.
        login: ``"ui"`` fills in the login pages; ``"header"`` sends the headers that
            webarena-verified's containers know (GitLab has none and is signed in to
            by its page).
        settle: Seconds to wait after each action.
        load: Seconds that a page may take to load.
        executable_path: The browser; None looks for one.
    """

    addresses: Addresses = field(default_factory=Addresses.from_environment)
    logins: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: dict(PUBLISHED_LOGINS)
    )
    login: Login = "ui"
    settle: float = SETTLE
    load: float = LOAD
    executable_path: str | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        if not self.addresses.by_site:
            raise BadOption(
                "no site has an address; set $SHOPPING, $REDDIT, ... or $WA_SHOPPING, "
                "..., or give Addresses({'shopping': 'http://...'})"
            )
        if self.login not in ("ui", "header"):
            raise BadOption(f"login must be 'ui' or 'header', not {self.login!r}")
        for site in self.logins:
            if site not in ACCOUNTS:
                raise BadOption(f"nobody signs in to {site!r}; but to {ACCOUNTS}")
        if not (0 <= self.settle < 600 and 0 < self.load < 3600):
            raise BadOption("settle and load are seconds, and not that many")


class Connection:
    """A running browser, for any number of episodes, used by one at a time.

    Args:
        deployment: The sites.

    Raises:
        MissingExtra: if playwright is not installed.
        BrowserMissing: if there is no browser.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="webarena")
        self._states: dict[tuple[str, ...], Any] = {}
        self._closed = False
        self.process = os.getpid()
        try:
            self.run(self._start)
        except BaseException:
            self._thread.shutdown()
            raise

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in the thread of the browser."""
        return self._thread.submit(function, *args, **kwargs).result()

    def _start(self) -> None:
        self._playwright = start_playwright()
        try:
            origins = self.deployment.addresses.origins
            places = {o.partition("//")[2]: o.partition("//")[2] for o in origins}
            path = self.deployment.executable_path
            self.browser = launch_within(self._playwright, places, path)
        except BaseException:
            self._playwright.stop()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether the browser still runs."""
        return not self._closed and self.browser.is_connected()

    def open_context(self, sites: Sequence[str] = ()) -> BrowserContext:
        """Make a context of its own for an episode, signed in to these sites.

        To be called in the browser's thread. A session is kept for the next episodes
        that need the same sites, until one of its cookies is about to expire.

        Raises:
            LoginFailed: if a site does not let the account in.
        """
        key = tuple(sorted(sites))
        headers, by_page = self._ways(key)
        state = self._states.get(key)
        if state is not None and not is_fresh(state):
            state = None
        context = self._context(state, headers)
        if state is None and by_page:
            try:
                for site in by_page:
                    self._sign_in(context, site)
                self._states[key] = context.storage_state()
            except BaseException:
                context.close()
                raise
        return context

    def forget(self) -> None:
        """Sign in anew for the next episodes, as after a reset of the sites."""
        self._states.clear()

    def _ways(self, sites: Sequence[str]) -> tuple[dict[str, str], list[str]]:
        headers: dict[str, str] = {}
        by_page = []
        for site in sites:
            if site not in self.deployment.logins:
                raise BadOption(f"logins has no user and password for {site}")
            header = LOGIN_HEADERS.get(site)
            if self.deployment.login == "header" and header:
                headers[header] = ":".join(self.deployment.logins[site])
            else:
                by_page.append(site)
        return headers, by_page

    def _context(self, state: Any, headers: Mapping[str, str]) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
            device_scale_factor=1,
            storage_state=state,
            extra_http_headers=dict(headers),
            service_workers="block",
            accept_downloads=False,
        )
        context.set_default_timeout(self.deployment.load * 1000)
        return context

    def _sign_in(self, context: BrowserContext, site: str) -> None:
        """Fill in the page that asks for a name and a password."""
        from playwright.sync_api import Error

        user, password = self.deployment.logins[site]
        page = context.new_page()
        try:
            address = self.deployment.addresses[site] + LOGIN_PAGES[site]
            page.goto(address, wait_until="load")
            form = page.locator("form").filter(has=page.locator(_PASSWORD)).first
            form.locator(_NAME).first.fill(user)
            form.locator(_PASSWORD).first.fill(password)
            form.locator(_PASSWORD).first.press("Enter")
            self._leave_login(page)
        except Error as error:
            what = str(error).splitlines()[0]
            raise LoginFailed(f"{user} can't sign in to {site}: {what}") from error
        else:
            if page.locator(_PASSWORD).count():
                raise LoginFailed(f"{site} does not let {user} in: is the login right?")
        finally:
            page.close()

    def _leave_login(self, page: Page) -> None:
        """Wait until the page that asks for a password is gone, or for a while."""
        page.wait_for_load_state("load")
        end = time.monotonic() + max(self.deployment.settle, 5.0)
        while page.locator(_PASSWORD).count() and time.monotonic() < end:
            page.wait_for_timeout(100)

    def close(self) -> None:
        """End the browser; may be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self.run(self._stop)
        finally:
            self._thread.shutdown()

    def _stop(self) -> None:
        from playwright.sync_api import Error

        try:
            self.browser.close()
        except Error:  # it had died before
            pass
        finally:
            self._playwright.stop()


_shared: list[Connection] = []
_sharing = threading.Lock()


def shared_connection(deployment: Deployment) -> Connection:
    """Give this process's browser for a deployment; starts one if none is alive."""
    with _sharing:
        for connection in list(_shared):
            if connection.process != os.getpid():
                _shared.remove(connection)  # of the process that this was forked from
            elif not connection.is_alive:
                _shared.remove(connection)
                connection.close()
            elif connection.deployment == deployment:
                return connection
        _shared.append(Connection(deployment))
        return _shared[-1]


def close_connections() -> None:
    """End this process's browsers for deployments."""
    with _sharing:
        while _shared:
            connection = _shared.pop()
            if connection.process == os.getpid():
                connection.close()


atexit.register(close_connections)


def is_fresh(state: Mapping[str, Any], now: float | None = None) -> bool:
    """Tell whether no cookie of a storage state expires soon."""
    now = time.time() if now is None else now
    return all(
        cookie["expires"] < 0 or cookie["expires"] > now + STALE
        for cookie in state["cookies"]
    )


@contextmanager
def living() -> Iterator[None]:
    """Turn the end of the browser into `BrowserLost`."""
    from playwright.sync_api import Error, TimeoutError

    try:
        yield
    except TimeoutError:
        raise
    except Error as error:
        if "closed" in error.message or "crashed" in error.message:
            raise BrowserLost(f"the browser is gone: {error.message}") from error
        raise
