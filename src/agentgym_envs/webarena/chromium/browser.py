"""Our own sites in a real Chromium."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from agentgym_envs.webarena.addresses import BadAddress, normalise
from agentgym_envs.webarena.chromium import scripts
from agentgym_envs.webarena.chromium.launch import launch, start_playwright
from agentgym_envs.webarena.chromium.server import COOKIE, HEADER, SiteServer
from agentgym_envs.webarena.chromium.tab import Tab, rebuild, tab_state
from agentgym_envs.webarena.chromium.tree import Form, TreeLine, read_tree, rects_of
from agentgym_envs.webarena.chromium.worker import Worker, WorkerClosed
from agentgym_envs.webarena.hosts import ENDING, inside, outside
from agentgym_envs.webarena.interface import (
    BLANK,
    MAX_TABS,
    NO_ADDRESS,
    NO_CHOICE,
    NO_DIRECTION,
    NO_ELEMENT,
    NO_KEY,
    NO_MEANING,
    NO_STOP,
    NO_TAB,
    NOT_A_FIELD,
    TOO_LONG,
    TOO_MANY_TABS,
    Action,
    BrowserLost,
    Observation,
)
from agentgym_envs.webarena.keys import (
    EDIT,
    INSERT,
    MAX_TYPED,
    MOVE,
    NAMED,
    TEXTS,
    TOGGLE,
    Stop,
    choose,
    edit,
    key_of,
    meaning,
    next_stop,
    printable,
)
from agentgym_envs.webarena.lines import tab_line
from agentgym_envs.webarena.pages.page import BOXES, SCREEN
from agentgym_envs.webarena.pages.select import check_property, parse_selector
from agentgym_envs.webarena.sites.world import World
from agentgym_envs.webarena.text.browser import TextBrowser
from agentgym_envs.webarena.text.state import BrowserState

WIDTH, HEIGHT = 1280, 720  # pixels of the window
PATIENCE = 30_000  # milliseconds that a page may take to load
CLICKED = ("link", "button", *TEXTS, *BOXES)  # what the mouse clicks on


class Chromium:
    """A running browser and the server that it reaches the sites by.

    Shared by all episodes of a process; any thread may use it, one at a time.

    Args:
        hosts: The names of all sites.
        executable_path: The browser; None looks for one.

    Raises:
        MissingExtra: if playwright is not installed.
        BrowserMissing: if there is no browser.
    """

    def __init__(
        self, hosts: tuple[str, ...], executable_path: str | None = None
    ) -> None:
        self.hosts = hosts
        self.process = os.getpid()
        self.is_lost = False
        """Whether the browser has died."""
        self._worker = Worker()
        self.run = self._worker.run
        try:
            self.run(self._start, executable_path)
        except BaseException:
            self._worker.close()
            raise

    def _start(self, executable_path: str | None) -> None:
        self._playwright = start_playwright()
        try:
            self.server = SiteServer()
            ports = {host + ENDING: self.server.port for host in self.hosts}
            self.browser = launch(self._playwright, ports, executable_path)
        except BaseException:
            self._playwright.stop()
            raise

    def close(self) -> None:
        """End the browser, the driver and the server."""
        self.run(self._stop)
        self._worker.close()

    def _stop(self) -> None:
        from playwright.sync_api import Error

        try:
            self.browser.close()
        except Error:
            self.is_lost = True  # it was before
        finally:
            self.server.close()
            self._playwright.stop()


_shared: list[Chromium] = []
_sharing = threading.Lock()


def shared_chromium(
    hosts: tuple[str, ...], executable_path: str | None = None
) -> Chromium:
    """Give this process's browser; starts one if there is none, or if it died.

    One that reaches more than these hosts will do: an episode has its sites alone.
    """
    with _sharing:
        if _shared and _shared[0].process != os.getpid():
            _shared.clear()  # of the process that this one was forked from
        if _shared and (_shared[0].is_lost or not {*hosts} <= {*_shared[0].hosts}):
            _shared.pop().close()
        if not _shared:
            _shared.append(Chromium(hosts, executable_path))
        return _shared[0]


def close_shared() -> None:
    """End this process's browser, if it has one."""
    with _sharing:
        while _shared:
            running = _shared.pop()
            if running.process == os.getpid():
                running.close()


atexit.register(close_shared)

P = ParamSpec("P")
T = TypeVar("T")


def _in_browser(
    method: Callable[Concatenate[ChromiumBrowser, P], T],
) -> Callable[Concatenate[ChromiumBrowser, P], T]:
    """Let a method run in the browser's thread, and tell when the browser is gone."""

    @wraps(method)
    def run(self: ChromiumBrowser, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return self._chromium.run(lambda: self._guarded(method, *args, **kwargs))
        except WorkerClosed:
            # Another episode has found it dead, and cleared it away.
            raise BrowserLost("the browser is gone: it was closed") from None

    return cast("Callable[Concatenate[ChromiumBrowser, P], T]", run)


class ChromiumBrowser:
    """A `agentgym_envs.webarena.interface.Browser` that drives Chromium.

    Args:
        chromium: The running browser.
        world: The sites.
        sessions: The cookies to begin with, by host.
        whole_page: Whether observations show what lies outside the window as well.
        form: Of the tree, see `agentgym_envs.webarena.chromium.tree.read_tree`.
    """

    def __init__(
        self,
        chromium: Chromium,
        world: World,
        sessions: dict[str, str] | None = None,
        *,
        whole_page: bool = False,
        form: Form = "canonical",
    ) -> None:
        self.world = world
        self._whole = whole_page
        self._form: Form = form
        self._chromium = chromium
        self._token = chromium.server.add(world)
        self._lines: dict[int, TreeLine] = {}
        self._seen: Observation | None = None
        self._closed = False
        self.current = 0
        self._begin(sessions or {})

    def _guarded(
        self,
        method: Callable[Concatenate[ChromiumBrowser, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        from playwright.sync_api import Error, TimeoutError

        try:
            return method(self, *args, **kwargs)
        except TimeoutError:
            raise
        except Error as error:
            # Everything that we ask for is possible as long as the browser lives.
            self._chromium.is_lost = True
            raise BrowserLost(f"the browser is gone: {error.message}") from error

    @_in_browser
    def _begin(self, sessions: dict[str, str]) -> None:
        self._context = self._chromium.browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=1,
            extra_http_headers={HEADER: self._token},
            service_workers="block",
            accept_downloads=False,
        )
        self._context.set_default_timeout(PATIENCE)
        self._add_cookies(sessions)
        self.tabs = [Tab(self._context.new_page())]

    @property
    def tab(self) -> Tab:
        """The current tab."""
        return self.tabs[self.current]

    @_in_browser
    def open(self, urls: list[str]) -> None:
        """Open these pages in tabs, and show the first one."""
        for place, url in enumerate(urls):
            if place:
                self.add_tab()
            tab = self.tabs[place]
            self._load(tab, normalise(url, self.world.hosts))
            tab.title = tab.page.title()
        self.current = 0
        self._seen = None

    def add_tab(self) -> Tab:
        """Open an empty tab behind the others."""
        self.tabs.append(Tab(self._context.new_page()))
        return self.tabs[-1]

    def _load(self, tab: Tab, url: str) -> None:
        self._leave(tab)
        tab.page.goto(inside(url, self.world.hosts), wait_until="load")
        self._arrive(tab)

    def _leave(self, tab: Tab) -> dict[str, Any]:
        """Note how far the page is scrolled, before another takes its place."""
        history: dict[str, Any] = tab.session.send("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"]]["id"]
        tab.scrolls[entry] = tab.run(scripts.SCROLLED)
        return history

    def _arrive(self, tab: Tab) -> None:
        """Note when the page was loaded, and by whom."""
        tab.last_focus = -1
        is_blank = tab.page.url == BLANK
        seat = self._chromium.server.seat(self._token)
        tab.moment = 0 if is_blank else len(self.world.posts)
        tab.cookie = "" if is_blank or seat is None else seat.session

    @_in_browser
    def observe(self) -> Observation:
        """Read the current tab."""
        if self._seen is None:
            self._seen = self._observe()
        return self._seen

    def _observe(self) -> Observation:
        tab = self.tab
        nodes = tab.session.send("Accessibility.getFullAXTree")["nodes"]
        rects = None
        if not self._whole:
            snapshot = tab.session.send(
                "DOMSnapshot.captureSnapshot", {"computedStyles": []}
            )
            rects = rects_of(snapshot)
        self._lines, tree = read_tree(nodes, rects, self._form)
        if self._form == "raw":  # which tells where links lead
            hosts = self.world.hosts
            tree = outside(tree, hosts)
            self._lines = {
                number: line._replace(text=outside(line.text, hosts))
                for number, line in self._lines.items()
            }
        tab.title = nodes[0]["name"].get("value", "")
        titles = tuple([tab.title for tab in self.tabs])
        text = f"{tab_line(titles, self.current)}\n\n{tree}"
        url = outside(tab.page.url, self.world.hosts)
        return Observation(text, url, titles, self.current)

    def describe(self, number: int) -> str:
        """Give the line of an element of the last observation, without its number."""
        self.observe()
        line = self._lines.get(number)
        return line.text if line is not None else ""

    @_in_browser
    def act(self, action: Action) -> str:
        """Do an action; give what was wrong, if anything was."""
        from playwright.sync_api import TimeoutError

        self.observe()
        self._seen = None
        try:
            return _ACTIONS[action.kind](self, action)
        except TimeoutError:
            return "The page did not load in time."

    @_in_browser
    def content(self) -> str:
        """Give the current page's HTML."""
        return outside(self.tab.page.content(), self.world.hosts)

    @_in_browser
    def query(self, css: str, prop: str) -> list[str]:
        """Read a property of all elements that a selector finds."""
        parse_selector(css)
        check_property(prop)
        found: list[str] = self.tab.run(scripts.QUERY, [css, prop])
        return [outside(text, self.world.hosts) for text in found]

    @_in_browser
    def state(self) -> BrowserState:
        """Give the state, which either backend can take up."""
        cookies = {
            str(cookie["domain"]).removesuffix(ENDING): str(cookie["value"])
            for cookie in self._context.cookies()
            if cookie["name"] == COOKIE
        }
        tabs = [tab_state(tab, self.world.hosts) for tab in self.tabs]
        return BrowserState(self.world.posts, tabs, self.current, cookies)

    @_in_browser
    def take_up(self, twin: TextBrowser) -> None:
        """Bring a fresh browser to where another one of the same world is.

        Raises:
            ValueError: if a real browser can't be there.
        """
        self._add_cookies(twin.sessions)
        seat = self._chromium.server.seat(self._token)
        assert seat is not None
        for place, other in enumerate(twin.tabs):
            tab = self.add_tab() if place else self.tabs[0]
            rebuild(tab, other, self.world.hosts, seat)
        self.current = twin.current
        self._seen = None

    def _add_cookies(self, sessions: dict[str, str]) -> None:
        self._context.add_cookies(
            [
                {"name": COOKIE, "value": token, "domain": host + ENDING, "path": "/"}
                for host, token in sessions.items()
                if token
            ]
        )

    @_in_browser
    def picture(self) -> bytes:
        """Give what the window shows, as a PNG file."""
        return self.tab.page.screenshot(type="png")

    def close(self) -> None:
        """Close all tabs, and free the sites' memory."""
        if self._closed:
            return
        self._closed = True
        self._chromium.server.remove(self._token)
        try:
            self._close_context()
        except BrowserLost:
            return  # its contexts are gone with it
        finally:
            self.world.close()

    @_in_browser
    def _close_context(self) -> None:
        self._context.close()

    # Acting on elements

    def _target(
        self, number: int, kinds: Sequence[str] = (), most: int = 1 << 30
    ) -> tuple[str, dict[str, Any]]:
        """Find the control of an element: an error, or what there is to know of it.

        Args:
            number: The element.
            kinds: Controls of these kinds are made ready for the mouse.
            most: But not those that hold more characters than that.
        """
        if number not in self._lines:
            return NO_ELEMENT.format(number), {}
        line = self._lines[number]
        if not line.node:
            return "", {"index": -1, "kind": ""}
        session = self.tab.session
        found = session.send("DOM.resolveNode", {"backendNodeId": line.node})
        answer = session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": found["object"]["objectId"],
                "functionDeclaration": scripts.TARGET,
                "arguments": [{"value": [*kinds]}, {"value": most}],
                "returnByValue": True,
            },
        )
        return "", answer["result"]["value"]

    def _press_mouse(self, target: dict[str, Any]) -> None:
        self.tab.page.mouse.click(*target["point"])

    def _loading(self, do: Callable[[], None]) -> None:
        """Do something that leads to another page, and wait for it."""
        tab = self.tab
        self._leave(tab)
        with tab.page.expect_navigation(wait_until="load"):
            do()
        self._arrive(tab)

    def _click(self, action: Action) -> str:
        error, target = self._target(action.number, CLICKED)
        if error:
            return error
        index, kind = target["index"], target["kind"]
        tab = self.tab
        if index < 0:
            tab.run(scripts.BLUR)
        elif kind in ("link", "button"):
            self._loading(lambda: self._press_mouse(target))
        elif kind == "select":
            tab.run(scripts.CHOOSE, index, -1)
            tab.last_focus = index
        else:
            self._press_mouse(target)
            tab.last_focus = index
            if kind in TEXTS:
                tab.page.keyboard.press("End")
        return ""

    def _hover(self, action: Action) -> str:
        return self._target(action.number)[0]

    def _type(self, action: Action) -> str:
        text = printable(action.text)
        error, target = self._target(action.number, TEXTS, MAX_TYPED - len(text))
        if error:
            return error
        index, kind = target["index"], target["kind"]
        if kind == "select":
            return self._choose(target, action.text)
        if kind not in TEXTS:
            what = NAMED[kind] if kind else "no field"
            return NOT_A_FIELD.format(action.number, what)
        if len(target["value"]) + len(text) > MAX_TYPED:
            return TOO_LONG.format(MAX_TYPED)
        self._press_mouse(target)
        tab = self.tab
        tab.last_focus = index
        tab.page.keyboard.press("End")
        if text:
            tab.page.keyboard.insert_text(text)
        if action.enter:
            self._loading(lambda: tab.page.keyboard.press("Enter"))
        return ""

    def _choose(self, target: dict[str, Any], wanted: str) -> str:
        texts = target["texts"]
        place = choose(texts, wanted)
        self.tab.run(scripts.CHOOSE, target["index"], place)
        self.tab.last_focus = target["index"]
        if place < 0:
            return NO_CHOICE.format(wanted, ", ".join(texts))
        return ""

    def _press(self, action: Action) -> str:
        key = key_of(action.text)
        if not key:
            return NO_KEY.format(action.text)
        tab = self.tab
        focused = tab.run(scripts.FOCUS)
        kind = focused["kind"]
        effect = meaning(key, kind)
        if effect == MOVE:
            return self._move(back=key == "Shift+Tab")
        if not effect:
            return NO_MEANING.format(key, NAMED[kind])
        if effect in (EDIT, INSERT):
            return self._edit(key, focused, effect)
        tab.run(scripts.REVEAL, focused["index"])
        if effect == TOGGLE:
            tab.page.keyboard.press("Space")
        else:
            self._loading(lambda: tab.page.keyboard.press(key))
        return ""

    def _edit(self, key: str, focused: dict[str, Any], effect: str) -> str:
        tab, page, value = self.tab, self.tab.page, focused["value"]
        start, end = focused["selection"]
        if effect == INSERT and len(value) - (end - start) + 1 > MAX_TYPED:
            return TOO_LONG.format(MAX_TYPED)
        tab.run(scripts.REVEAL, focused["index"])
        if effect == INSERT:
            page.keyboard.insert_text(" " if key == "Space" else key)
        elif value.isascii():
            page.keyboard.press(key)
        else:
            # Arrows and deletion go by what looks like one character, and in some
            # scripts to the other side; ours go by code points.
            tab.run(scripts.EDIT, *edit(value, start, end, key))
        return ""

    def _move(self, *, back: bool) -> str:
        tab = self.tab
        stops = [
            Stop(kind, (form, name), on)
            for kind, (form, name), on in tab.run(scripts.STOPS)
        ]
        place = next_stop(stops, tab.last_focus, back=back)
        if place < 0:
            return NO_STOP.format("before this" if back else "behind this")
        tab.run(scripts.MOVE, place)
        tab.last_focus = place
        return ""

    # Acting on the window, the tabs and the history

    def _scroll(self, action: Action) -> str:
        if action.text not in ("down", "up"):
            return NO_DIRECTION.format(action.text)
        rows = SCREEN if action.text == "down" else -SCREEN
        self.tab.run(scripts.SCROLL, rows)
        return ""

    def _goto(self, action: Action) -> str:
        try:
            url = normalise(action.text, self.world.hosts)
        except BadAddress as error:
            return NO_ADDRESS.format(action.text[:200], error)
        self._load(self.tab, url)
        return ""

    def _new_tab(self, action: Action) -> str:
        if len(self.tabs) >= MAX_TABS:
            return TOO_MANY_TABS.format(MAX_TABS)
        self.add_tab()
        self.current = len(self.tabs) - 1
        return ""

    def _tab_focus(self, action: Action) -> str:
        if not 0 <= action.number < len(self.tabs):
            return NO_TAB.format(action.number, len(self.tabs) - 1)
        self.current = action.number
        return ""

    def _close_tab(self, action: Action) -> str:
        tab = self.tabs.pop(self.current)
        if not self.tabs:
            self.add_tab()
        tab.page.close()
        self.current = len(self.tabs) - 1
        return ""

    def _go_back(self, action: Action) -> str:
        return self._travel(-1)

    def _go_forward(self, action: Action) -> str:
        return self._travel(1)

    def _travel(self, step: int) -> str:
        tab = self.tab
        history = self._leave(tab)
        if not 0 <= history["currentIndex"] + step < len(history["entries"]):
            return ""
        if step < 0:
            tab.page.go_back(wait_until="load")
        else:
            tab.page.go_forward(wait_until="load")
        self._arrive(tab)
        return ""


_ACTIONS: dict[str, Callable[[ChromiumBrowser, Action], str]] = {
    "click": ChromiumBrowser._click,
    "hover": ChromiumBrowser._hover,
    "type": ChromiumBrowser._type,
    "press": ChromiumBrowser._press,
    "scroll": ChromiumBrowser._scroll,
    "goto": ChromiumBrowser._goto,
    "new_tab": ChromiumBrowser._new_tab,
    "tab_focus": ChromiumBrowser._tab_focus,
    "close_tab": ChromiumBrowser._close_tab,
    "go_back": ChromiumBrowser._go_back,
    "go_forward": ChromiumBrowser._go_forward,
}
