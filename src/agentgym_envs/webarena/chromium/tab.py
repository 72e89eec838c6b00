"""A tab of Chromium: what can't be asked of it, its state, and the way back there.

A state is that of `agentgym_envs.webarena.text.state`, so each backend takes up those
of the other. A history is rebuilt entry by entry: the server stages a stand-in
for each, high enough to be scrolled as far as the page was, and for the one that is
shown the page as it was when it was loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from agentgym_envs.webarena.chromium import scripts
from agentgym_envs.webarena.chromium.server import AGAIN, Seat
from agentgym_envs.webarena.hosts import html_inside, inside, outside
from agentgym_envs.webarena.interface import BLANK
from agentgym_envs.webarena.pages.page import SCREEN, TEXTS
from agentgym_envs.webarena.text import tab as text

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

MAX_ENTRIES = 50  # Chromium forgets what was before them
MAX_SCROLL = 100_000  # rows; no page of ours is as long
# Chromium keeps to where a page was scrolled only if the window shows some text, and
# looks for the same text again. No page of ours has a heading of this kind, and none is
# behind so many of them.
STAND_IN = """\
<!doctype html><style>* { margin: 0 } ::-webkit-scrollbar { display: none }</style>
<body>"""
ROW = '<h6 style="height: 24px">-</h6>'


class Tab:
    """A tab, its debugging session, and what can't be asked of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.title = ""
        self.last_focus = -1
        self.moment = 0
        """How many forms had been sent when the page was loaded."""
        self.cookie = ""
        """The site's cookie when the page was loaded."""
        self.scrolls: dict[int, int] = {}
        """Rows above the window when an entry of the history was left."""

    def run(self, script: str, *arguments: Any) -> Any:
        """Call a function of `scripts` in the page; cheaper than playwright's way."""
        passed = ", ".join(map(json.dumps, arguments))
        answer = self.session.send(
            "Runtime.evaluate",
            {"expression": f"({script})({passed})", "returnByValue": True},
        )
        if failure := answer.get("exceptionDetails"):
            raise RuntimeError(f"a script failed: {failure}")
        return answer["result"].get("value")


def tab_state(tab: Tab, hosts: Iterable[str]) -> text.TabState:
    """Read the state of a tab."""
    history = tab.session.send("Page.getNavigationHistory")
    at = history["currentIndex"]
    now = tab.run(scripts.STATE)
    tab.scrolls[history["entries"][at]["id"]] = now["scroll"]
    entries = [
        text.Entry(outside(entry["url"], hosts), tab.scrolls.get(entry["id"], 0))
        for entry in history["entries"]
    ]
    start, end = now["selection"]
    return text.TabState(
        entries=entries,
        at=at,
        moment=tab.moment,
        session=tab.cookie,
        texts={int(index): value for index, value in now["texts"].items()},
        choices={int(index): place for index, place in now["choices"].items()},
        focus=now["focus"],
        last_focus=tab.last_focus,
        start=start,
        end=end,
    )


def rebuild(tab: Tab, other: text.Tab, hosts: Iterable[str], seat: Seat) -> None:
    """Bring a fresh tab into the state of one of the text backend.

    Raises:
        ValueError: if a real browser can't be in it.
    """
    state, entries = other.state, other.state.entries
    urls = [entry.url for entry in entries]
    if urls[0] != BLANK or BLANK in urls[1:] or len(urls) > MAX_ENTRIES:
        raise ValueError(
            f"a real browser has no such history: a blank page first, and no more than "
            f"{MAX_ENTRIES} in all"
        )
    if max(entry.scroll for entry in entries) > MAX_SCROLL:
        raise ValueError(f"a real browser has no page of {MAX_SCROLL} rows")
    shown = html_inside(other.page.html(), hosts)
    try:
        for place, entry in enumerate(entries[1:], 1):
            is_there = place == state.at == len(entries) - 1
            seat.staged = shown if is_there else _stand_in(entry.scroll)
            _visit(tab, inside(entry.url, hosts), is_again=urls[place - 1] == entry.url)
            tab.run(scripts.SCROLL_TO, entry.scroll)
        history = tab.session.send("Page.getNavigationHistory")["entries"]
        if state.at != len(entries) - 1:
            seat.staged = shown
            with tab.page.expect_navigation(wait_until="load"):
                tab.session.send(
                    "Page.navigateToHistoryEntry", {"entryId": history[state.at]["id"]}
                )
    finally:
        seat.staged = None
    tab.scrolls = {
        told["id"]: entry.scroll for told, entry in zip(history, entries, strict=True)
    }
    tab.moment, tab.cookie = state.moment, state.session
    tab.last_focus, tab.title = state.last_focus, other.page.title
    is_text = state.focus >= 0 and other.page.controls[state.focus].kind in TEXTS
    tab.run(
        scripts.FILL,
        list(state.texts.items()),
        list(state.choices.items()),
        state.focus,
        [state.start, state.end] if is_text else None,
    )
    tab.run(scripts.SCROLL_TO, other.entry.scroll)


def _visit(tab: Tab, url: str, *, is_again: bool) -> None:
    """Add an entry; a detour keeps it apart from one with the same address."""
    if is_again:
        parts = urlsplit(url)
        url = f"{parts.scheme}://{parts.netloc}{AGAIN}?{quote(url, safe='')}"
    tab.page.goto(url, wait_until="load")


def _stand_in(scroll: int) -> str:
    return STAND_IN + ROW * (scroll + SCREEN)
