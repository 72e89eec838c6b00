"""The sites of a deployment in a real browser: `agentgym_envs.webarena.interface`.

Pages are anybody's, so there is no contract to rely on: clicks go to the middle of what
is listed, and after each action there is time to settle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from agentgym_envs.webarena.chromium import scripts
from agentgym_envs.webarena.chromium.tree import Form, TreeLine, read_tree, rects_of
from agentgym_envs.webarena.interface import (
    BLANK,
    MAX_TABS,
    NO_ADDRESS,
    NO_DIRECTION,
    NO_ELEMENT,
    NO_KEY,
    NO_TAB,
    TOO_MANY_TABS,
    Action,
    BrowserLost,
    Observation,
)
from agentgym_envs.webarena.lines import tab_line
from agentgym_envs.webarena.original.addresses import origin_of
from agentgym_envs.webarena.original.connect import VIEWPORT, Connection, living
from agentgym_envs.webarena.original.evaluate import ScriptFailed
from agentgym_envs.webarena.original.locators import INTERPRETER, Script

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page

T = TypeVar("T")

READS = 4  # of a page that won't keep still
NOT_REACHED = "The page can't be reached."
NOT_LOADED = "The page did not load in time."
NOT_DONE = "That could not be done: {}"
FOREIGN = "it is not on one of the sites, and was left"
SCROLL = "rows => { document.scrollingElement.scrollTop += rows; }"
TURN = "() => new Promise(done => setTimeout(done, 50))"
KEYS = {
    name.lower(): name
    for name in (
        *("Enter", "Tab", "Escape", "Backspace", "Delete", "Insert", "Home", "End"),
        *("PageUp", "PageDown", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"),
        *("Control", "Shift", "Alt", "Space"),
        *(f"F{number}" for number in range(1, 13)),
    )
}
# Off macOS, Control is what Meta is there.
KEYS |= {"ctrl": "Control", "meta": "Control", "cmd": "Control", "esc": "Escape"}


class RemoteBrowser:
    """A browser in one episode on a deployment.

    Args:
        connection: The running browser.
        login: The sites to be signed in to.
        whole_page: Whether observations show what lies outside the window as well.
        form: Of the tree, see `agentgym_envs.webarena.chromium.tree.read_tree`.
        clears: Whether typing replaces what a field holds. Neither the original nor
            the embedded sites do that.
    """

    def __init__(
        self,
        connection: Connection,
        login: Sequence[str] = (),
        *,
        whole_page: bool = False,
        form: Form = "canonical",
        clears: bool = False,
    ) -> None:
        self._connection = connection
        self._whole = whole_page
        self._form: Form = form
        self._clears = clears
        self._addresses = connection.deployment.addresses
        self._lines: dict[int, TreeLine] = {}
        self._seen: Observation | None = None
        self._closed = False
        self._context: BrowserContext = self._do(
            lambda: connection.open_context(tuple(login))
        )
        self._page: Page = self._do(self._context.new_page)

    def _do(self, function: Callable[[], T]) -> T:
        def guarded() -> T:
            with living():
                return function()

        return self._connection.run(guarded)

    def open(self, urls: list[str]) -> None:
        """Open these pages in tabs, and show the first one."""
        self._do(lambda: self._open(urls))
        self._seen = None

    def _open(self, urls: list[str]) -> None:
        first = self._page
        for place, url in enumerate(urls):
            page = self._context.new_page() if place else first
            page.goto(self._addresses.local(url), wait_until="load")
        self._page = first
        self._settle()

    def observe(self) -> Observation:
        """Read the current tab."""
        if self._seen is None:
            self._seen = self._do(self._observe)
        return self._seen

    def _observe(self) -> Observation:
        """Read the tab, again if it changes under our eyes."""
        from playwright.sync_api import Error

        for _ in range(READS - 1):
            try:
                return self._read()
            except Error:
                if not self._connection.is_alive:
                    raise
                self._page.wait_for_timeout(200)
        return self._read()

    def _read(self) -> Observation:
        pages = self._context.pages
        if self._page not in pages:
            self._page = pages[-1] if pages else self._context.new_page()
            pages = self._context.pages
        with self._session() as session:
            nodes: list[dict[str, Any]] = []
            for _ in range(READS):
                nodes = session.send("Accessibility.getFullAXTree")["nodes"]
                if not _is_busy(nodes):
                    break
                self._page.wait_for_timeout(200)
            rects = None
            if not self._whole:
                rects = rects_of(
                    session.send("DOMSnapshot.captureSnapshot", {"computedStyles": []})
                )
        self._lines, tree = read_tree(nodes, rects, self._form)
        titles = tuple(page.title() for page in pages)
        current = pages.index(self._page)
        text = f"{tab_line(titles, current)}\n\n{tree}"
        url = self._addresses.shown(self._page.url)
        return Observation(text, url, titles, current)

    @contextmanager
    def _session(self) -> Iterator[CDPSession]:
        session = self._context.new_cdp_session(self._page)
        try:
            yield session
        finally:
            session.detach()

    def describe(self, number: int) -> str:
        """Give the line of an element of the last observation, without its number."""
        self.observe()
        line = self._lines.get(number)
        return line.text if line is not None else ""

    def act(self, action: Action) -> str:
        """Do an action; give what was wrong, if anything was."""
        self.observe()
        self._seen = None
        return self._do(lambda: self._act(action))

    def _act(self, action: Action) -> str:
        from playwright.sync_api import Error, TimeoutError

        try:
            with living():
                wrong = _ACTIONS[action.kind](self, action)
        except TimeoutError:
            wrong = NOT_LOADED
        except BrowserLost:
            raise
        except Error as error:
            wrong = NOT_DONE.format(error.message.splitlines()[0][:200])
        self._settle()
        return self._leave_foreign() or wrong

    def _settle(self) -> None:
        """Let a navigation begin and end, and the page come to rest."""
        from playwright.sync_api import Error, TimeoutError

        with suppress(Error):  # an evaluation that a navigation has overtaken
            self._page.evaluate(TURN)
        with suppress(TimeoutError):  # what there is can be read
            self._page.wait_for_load_state("domcontentloaded", timeout=self._load)
        if self._connection.deployment.settle:
            self._page.wait_for_timeout(self._connection.deployment.settle * 1000)

    @property
    def _load(self) -> float:
        return self._connection.deployment.load * 1000

    def _leave_foreign(self) -> str:
        """Close what is no page of the sites, whoever opened it."""
        wrong = ""
        for page in self._context.pages:
            if page.url in (BLANK, ""):
                continue
            if page.url.startswith("chrome-error:"):  # in the place of the page
                wrong = NOT_REACHED if page == self._page else wrong
                continue
            if origin_of(page.url) not in self._addresses.origins:
                wrong = NO_ADDRESS.format(page.url[:200], FOREIGN)
                page.goto(BLANK)
        return wrong

    def content(self) -> str:
        """Give the current page's HTML."""
        return self._do(lambda: self._addresses.shown(self._page.content()))

    def query(self, css: str, prop: str) -> list[str]:
        """Read a property of all elements that a selector finds."""
        return self._do(lambda: list(self._page.evaluate(scripts.QUERY, [css, prop])))

    def picture(self) -> bytes:
        """Give what the window shows, as a PNG file."""
        return self._do(lambda: self._page.screenshot(type="png"))

    def page(self) -> LivePage:
        """Give the current page, for who evaluates."""
        return LivePage(self._connection, self._page)

    def close(self) -> None:
        """Close all tabs, and forget the episode's cookies."""
        from playwright.sync_api import Error

        if self._closed:
            return
        self._closed = True
        try:
            self._connection.run(self._context.close)
        except Error:  # the browser is gone already
            return

    # Actions

    def _aim(self, number: int) -> tuple[str, float, float]:
        """Give the middle of an element: an error, or where it is."""
        if number not in self._lines:
            return NO_ELEMENT.format(number), 0.0, 0.0
        node = self._lines[number].node
        with self._session() as session:
            if node and self._whole:
                session.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node})
            quads = (
                session.send("DOM.getContentQuads", {"backendNodeId": node})["quads"]
                if node
                else []
            )
        if not quads:
            return NO_ELEMENT.format(number), 0.0, 0.0
        xs, ys = quads[0][0::2], quads[0][1::2]
        # What is partly outside the window is hit where it is inside.
        left, right = max(min(xs), 0), min(max(xs), VIEWPORT["width"])
        top, bottom = max(min(ys), 0), min(max(ys), VIEWPORT["height"])
        return "", (left + right) / 2, (top + bottom) / 2

    def _click(self, action: Action) -> str:
        wrong, x, y = self._aim(action.number)
        if not wrong:
            self._page.mouse.click(x, y)
        return wrong

    def _hover(self, action: Action) -> str:
        wrong, x, y = self._aim(action.number)
        if not wrong:
            self._page.mouse.move(x, y)
        return wrong

    def _type(self, action: Action) -> str:
        wrong, x, y = self._aim(action.number)
        if wrong:
            return wrong
        self._page.mouse.click(x, y)
        keyboard = self._page.keyboard
        if self._clears:
            keyboard.press("Control+a")
        keyboard.type(action.text)
        if action.enter:
            keyboard.press("Enter")
        return ""

    def _press(self, action: Action) -> str:
        keys = read_keys(action.text)
        if not keys:
            return NO_KEY.format(action.text[:200])
        self._page.keyboard.press(keys)
        return ""

    def _scroll(self, action: Action) -> str:
        if action.text not in ("down", "up"):
            return NO_DIRECTION.format(action.text[:200])
        height = VIEWPORT["height"]
        self._page.evaluate(SCROLL, height if action.text == "down" else -height)
        return ""

    def _goto(self, action: Action) -> str:
        url = self._addresses.local(action.text.strip())
        if origin_of(url) not in self._addresses.origins:
            known = ", ".join(
                self._addresses.shown(address)
                for address in self._addresses.by_site.values()
            )
            return NO_ADDRESS.format(action.text[:200], f"the sites are {known}")
        self._page.goto(url, wait_until="load", timeout=self._load)
        return ""

    def _new_tab(self, action: Action) -> str:
        if len(self._context.pages) >= MAX_TABS:
            return TOO_MANY_TABS.format(MAX_TABS)
        self._page = self._context.new_page()
        return ""

    def _tab_focus(self, action: Action) -> str:
        pages = self._context.pages
        if not 0 <= action.number < len(pages):
            return NO_TAB.format(action.number, len(pages) - 1)
        self._page = pages[action.number]
        self._page.bring_to_front()
        return ""

    def _close_tab(self, action: Action) -> str:
        self._page.close()
        pages = self._context.pages
        self._page = pages[-1] if pages else self._context.new_page()
        self._page.bring_to_front()
        return ""

    def _go_back(self, action: Action) -> str:
        self._page.go_back(wait_until="load", timeout=self._load)
        return ""

    def _go_forward(self, action: Action) -> str:
        self._page.go_forward(wait_until="load", timeout=self._load)
        return ""


_ACTIONS: dict[str, Callable[[RemoteBrowser, Action], str]] = {
    "click": RemoteBrowser._click,
    "hover": RemoteBrowser._hover,
    "type": RemoteBrowser._type,
    "press": RemoteBrowser._press,
    "scroll": RemoteBrowser._scroll,
    "goto": RemoteBrowser._goto,
    "new_tab": RemoteBrowser._new_tab,
    "tab_focus": RemoteBrowser._tab_focus,
    "close_tab": RemoteBrowser._close_tab,
    "go_back": RemoteBrowser._go_back,
    "go_forward": RemoteBrowser._go_forward,
}


def read_keys(text: str) -> str:
    """Give a combination of keys as playwright names them; empty for none.

    >>> read_keys("ctrl+v"), read_keys("Meta+a"), read_keys("pagedown")
    ('Control+v', 'Control+a', 'PageDown')
    """
    parts = [part.strip() for part in text.split("+")] if text != "+" else ["+"]
    if not all(parts) or len(parts) > 4:
        return ""
    keys = [KEYS.get(part.lower(), part) for part in parts]
    return "+".join(keys)


def _is_busy(nodes: Sequence[dict[str, Any]]) -> bool:
    properties = nodes[0].get("properties", ()) if nodes else ()
    return any(
        entry["name"] == "busy" and entry["value"].get("value") for entry in properties
    )


class LivePage:
    """A page as `agentgym_envs.webarena.original.evaluate.Page`."""

    def __init__(self, connection: Connection, page: Page) -> None:
        self._connection = connection
        self._page = page

    def _do(self, function: Callable[[], T]) -> T:
        return self._connection.run(function)

    @property
    def url(self) -> str:
        """The address, as the deployment has it."""
        return self._do(lambda: self._page.url)

    def goto(self, url: str) -> None:
        """Open an address of the sites, and let it settle.

        What is no address of theirs leads to a blank page.
        """
        from playwright.sync_api import Error

        deployment = self._connection.deployment
        allowed = origin_of(url) in deployment.addresses.origins

        def go() -> None:
            try:
                self._page.goto(url if allowed else BLANK, wait_until="load")
            except Error:
                if not self._connection.is_alive:
                    raise
            self._page.wait_for_timeout(deployment.settle * 1000)

        self._do(go)

    def html(self) -> str:
        """Give the page as it is now."""
        return self._do(lambda: self._page.content())

    def run(self, script: Script) -> object:
        """Read from the page; no text of a task file is run in it."""
        from playwright.sync_api import Error

        def read() -> object:
            found: object = self._page.evaluate(INTERPRETER, script.plan())
            return found

        try:
            return self._do(read)
        except Error as error:
            raise ScriptFailed(error.message) from error

    def texts(self, css: str) -> list[str]:
        """Give the texts of all elements that a selector finds."""
        return self._do(
            lambda: list(self._page.evaluate(scripts.QUERY, [css, "outerText"]))
        )

    @contextmanager
    def another(self) -> Iterator[LivePage]:
        """Open a page beside this one, signed in as it is."""
        page = self._do(lambda: self._page.context.new_page())
        try:
            yield LivePage(self._connection, page)
        finally:
            self._do(page.close)
