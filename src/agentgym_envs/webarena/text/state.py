"""The state of a browser and its sites as data, and back.

Sites change by forms alone, so the forms that were sent, in order, are the state of all
databases; a tab is known by its address, the cookie, and how many forms had been sent
when it was loaded. Taking up a state sends the forms to fresh sites and loads every tab
at its moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agentgym_envs.webarena.interface import BLANK, MAX_TABS
from agentgym_envs.webarena.keys import MAX_TYPED, TEXTS
from agentgym_envs.webarena.pages.page import BOXES
from agentgym_envs.webarena.sites.world import Post, World
from agentgym_envs.webarena.text.browser import BLANK_PAGE, TextBrowser
from agentgym_envs.webarena.text.tab import Tab, TabState

MAX_POSTS = 100_000


@dataclass(slots=True)
class BrowserState:
    """All that a browser and its sites are in."""

    posts: list[Post] = field(default_factory=list)
    tabs: list[TabState] = field(default_factory=list)
    current: int = 0
    sessions: dict[str, str] = field(default_factory=dict)
    """Cookies by host."""


def state_of(browser: TextBrowser) -> BrowserState:
    """Give the state; it shares parts with the browser, so write it out at once."""
    return BrowserState(
        browser.world.posts,
        [tab.state for tab in browser.tabs],
        browser.current,
        browser.sessions,
    )


def take_up(browser: TextBrowser, state: BrowserState) -> None:
    """Bring a browser with fresh sites into a state.

    Raises:
        ValueError: for a state that no browser of these sites can be in.
    """
    if not (0 < len(state.tabs) <= MAX_TABS and 0 <= state.current < len(state.tabs)):
        raise ValueError("there is no such tab")
    world = browser.world
    tabs = [Tab(BLANK_PAGE, tab) for tab in state.tabs]
    waiting = sorted(
        (tab for tab in tabs if _url(tab.state) != BLANK),
        key=lambda tab: tab.state.moment,
    )
    if any(tab.state.moment > len(state.posts) or tab.state.moment < 0 for tab in tabs):
        raise ValueError("a page was loaded before it was there")
    for moment in range(len(state.posts) + 1):
        while waiting and waiting[0].state.moment == moment:
            _load(world, waiting.pop(0))
        if moment < len(state.posts):
            post = state.posts[moment]
            if post.host not in world.sites or not post.target.startswith("/"):
                raise ValueError(f"there is no site {post.host!r:.40}")
            world.post(post.host, post.target, post.body, post.session)
    for tab in tabs:
        _check(tab)
    if any(host not in world.sites for host in state.sessions):
        raise ValueError("a cookie of an unknown site")
    browser.tabs = tabs
    browser.current = state.current
    browser.sessions = dict(state.sessions)


def _url(state: TabState) -> str:
    if not 0 <= state.at < len(state.entries):
        raise ValueError("a tab is beyond its history")
    return state.entries[state.at].url


def _load(world: World, tab: Tab) -> None:
    host, slash, target = tab.url.removeprefix("http://").partition("/")
    if not slash or host not in world.sites:
        raise ValueError(f"no site has the address {tab.url!r:.80}")
    page = world.get(host, f"/{target}", tab.state.session).page
    if page is None:
        raise ValueError(f"{tab.url!r:.80} shows nothing")
    tab.page = page


def _check(tab: Tab) -> None:
    state, controls = tab.state, tab.page.controls
    for entry in state.entries:
        if entry.url != BLANK and not entry.url.startswith("http://"):
            raise ValueError(f"no site has the address {entry.url!r:.80}")
        if not 0 <= entry.scroll < 1 << 20:
            raise ValueError("a page is scrolled to nowhere")
    if tab.entry.scroll > tab.page.bottom:
        raise ValueError("a page is scrolled beyond its end")
    for index, text in state.texts.items():
        kind = controls[index].kind if 0 <= index < len(controls) else ""
        if kind not in TEXTS or len(text) > MAX_TYPED:
            raise ValueError("text where there is no field for it")
    for index, choice in state.choices.items():
        kind = controls[index].kind if 0 <= index < len(controls) else ""
        limit = len(controls[index].options) if kind == "select" else 2
        if kind not in (*BOXES, "select") or not 0 <= choice < limit:
            raise ValueError("a choice where there is none")
    for index in (state.focus, state.last_focus):
        if not -1 <= index < len(controls):
            raise ValueError("the focus is nowhere")
    if state.focus >= 0 and controls[state.focus].kind in TEXTS:
        size = len(tab.text(state.focus))
        if not 0 <= state.start <= state.end <= size:
            raise ValueError("a selection is beyond its field")
