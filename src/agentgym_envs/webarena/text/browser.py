"""A browser of our own sites, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agentgym_envs.webarena.addresses import (
    BadAddress,
    encode_form,
    normalise,
    resolve,
    split,
)
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
    Observation,
)
from agentgym_envs.webarena.keys import (
    ACTIVATE,
    EDIT,
    INSERT,
    MAX_TYPED,
    MOVE,
    NAMED,
    SUBMIT,
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
from agentgym_envs.webarena.pages.nodes import Node
from agentgym_envs.webarena.pages.page import SCREEN, blank_page
from agentgym_envs.webarena.pages.select import read, select_nodes
from agentgym_envs.webarena.sites.site import Response
from agentgym_envs.webarena.sites.world import MAX_REDIRECTS, World
from agentgym_envs.webarena.text.tab import Tab

BLANK_PAGE = blank_page()
CONTROLS = ("a", "button", "input", "select")


class TextBrowser:
    """A `agentgym_envs.webarena.interface.Browser` that computes what one would show.

    Args:
        world: The sites.
        sessions: The cookies to begin with, by host.
        whole_page: Whether observations show what lies outside the window as well.
    """

    def __init__(
        self,
        world: World,
        sessions: dict[str, str] | None = None,
        *,
        whole_page: bool = False,
    ) -> None:
        self.world = world
        self.sessions = dict(sessions or {})
        self.tabs = [Tab(BLANK_PAGE)]
        self.current = 0
        self._whole = whole_page
        self._seen: Observation | None = None

    @property
    def tab(self) -> Tab:
        """The current tab."""
        return self.tabs[self.current]

    def open(self, urls: list[str]) -> None:
        """Open these pages in tabs, and show the first one."""
        self.tabs = [Tab(BLANK_PAGE) for _ in urls] or [Tab(BLANK_PAGE)]
        for place, url in enumerate(urls):
            self.current = place
            self._go(normalise(url, self.world.hosts))
        self.current = 0
        self._seen = None

    def observe(self) -> Observation:
        """Read the current tab."""
        if self._seen is not None:
            return self._seen
        tab = self.tab
        titles = tuple([tab.page.title for tab in self.tabs])
        tree = tab.view(whole=self._whole)
        text = f"{tab_line(titles, self.current)}\n\n{tree}"
        self._seen = Observation(text, tab.url, titles, self.current)
        return self._seen

    def describe(self, number: int) -> str:
        """Give the line of an element of the last observation, without its number."""
        self.observe()
        tab = self.tab
        if not 1 <= number <= len(tab.shown):
            return ""
        line = tab.page.lines[tab.shown[number - 1]]
        if line.live is None:
            return line.text
        return tab.live(line.live)

    def act(self, action: Action) -> str:
        """Do an action; give what was wrong, if anything was."""
        self.observe()
        self._seen = None
        return _ACTIONS[action.kind](self, action)

    def content(self) -> str:
        """Give the current page's HTML."""
        return self.tab.page.html()

    def query(self, css: str, prop: str) -> list[str]:
        """Read a property of all elements that a selector finds."""
        tab = self.tab
        if tab.page.body is None:
            return []
        places = {id(node): i for i, node in enumerate(_controls(tab.page.body))}

        def value(node: Node) -> str | bool | int:
            return tab.value(places[id(node)])

        found = [read(node, prop, value) for node in select_nodes(tab.page.body, css)]
        if prop == "href":
            return [resolve(tab.url, href) if href else "" for href in found]
        return found

    def close(self) -> None:
        """Free the sites' memory."""
        self.world.close()

    # Going to pages

    def _go(self, url: str, *, replace: bool = False) -> None:
        """Load an address as a new entry of the history, or in place of this one."""
        final, response, session = self._fetch(url)
        self.tab.visit(final, replace=replace)
        assert response.page is not None
        self.tab.load(response.page, len(self.world.posts), session)

    def _fetch(self, url: str) -> tuple[str, Response, str]:
        """Follow redirects; give the final address, the answer and the cookie sent."""
        for _ in range(MAX_REDIRECTS):
            host, target = split(url)
            session = self.sessions.get(host, "")
            response = self.world.get(host, target, session)
            if response.page is not None:
                return url, response, session
            url = resolve(url, response.location)
        raise RuntimeError(f"{url} leads in a circle")

    def _navigate(self, url: str) -> None:
        """Follow a link or an address that was typed."""
        self._go(url, replace=url == self.tab.url)

    def _return_to(self, at: int) -> None:
        """Load an entry of the history anew."""
        tab = self.tab
        tab.state.at = at
        if tab.url == BLANK:
            tab.load(BLANK_PAGE, 0, "")
            return
        final, response, session = self._fetch(tab.url)
        tab.entry.url = final
        assert response.page is not None
        tab.load(response.page, len(self.world.posts), session)

    def _submit(self, sender: int) -> None:
        """Send the form of a button."""
        tab = self.tab
        button = tab.page.controls[sender]
        form = tab.page.forms[button.form]
        data = encode_form(tab.form_data(button, sender))
        url = resolve(tab.url, button.address or form.action)
        if form.method == "get":
            self._go(f"{url.partition('?')[0]}?{data}")
            return
        host, target = split(url)
        response = self.world.post(host, target, data, self.sessions.get(host, ""))
        if response.session is not None:
            self.sessions[host] = response.session
        self._go(resolve(url, response.location))

    # Actions on elements

    def _target(self, number: int) -> tuple[str, int]:
        """Find the control of an element: an error, or its index, -1 if none."""
        tab = self.tab
        if not 1 <= number <= len(tab.shown):
            return NO_ELEMENT.format(number), -1
        return "", tab.page.lines[tab.shown[number - 1]].target

    def _click(self, action: Action) -> str:
        error, index = self._target(action.number)
        if error:
            return error
        tab = self.tab
        if index < 0:
            tab.focus(-1)
            return ""
        tab.reveal(index)
        tab.focus(index)
        kind = tab.page.controls[index].kind
        if kind == "link":
            self._navigate(resolve(tab.url, tab.page.controls[index].address))
        elif kind == "button":
            self._submit(index)
        elif kind in TEXTS:
            tab.state.start = tab.state.end = len(tab.text(index))
        elif kind != "select":
            tab.toggle(index)
        return ""

    def _hover(self, action: Action) -> str:
        return self._target(action.number)[0]

    def _type(self, action: Action) -> str:
        error, index = self._target(action.number)
        if error:
            return error
        tab = self.tab
        kind = tab.page.controls[index].kind if index >= 0 else ""
        if kind == "select":
            return self._choose(index, action.text)
        if kind not in TEXTS:
            what = NAMED[kind] if kind else "no field"
            return NOT_A_FIELD.format(action.number, what)
        value = tab.text(index)
        text = printable(action.text)
        if len(value) + len(text) > MAX_TYPED:
            return TOO_LONG.format(MAX_TYPED)
        tab.reveal(index)
        tab.focus(index)
        value += text
        tab.state.texts[index] = value
        tab.state.start = tab.state.end = len(value)
        if action.enter:
            self._enter(index)
        return ""

    def _choose(self, index: int, wanted: str) -> str:
        tab = self.tab
        tab.reveal(index)
        tab.focus(index)
        texts = [text for _, text in tab.page.controls[index].options]
        place = choose(texts, wanted)
        if place < 0:
            return NO_CHOICE.format(wanted, ", ".join(texts))
        tab.state.choices[index] = place
        return ""

    def _enter(self, index: int) -> None:
        """Send the form of a field by its first button."""
        tab = self.tab
        self._submit(tab.page.forms[tab.page.controls[index].form].button)

    def _press(self, action: Action) -> str:
        key = key_of(action.text)
        if not key:
            return NO_KEY.format(action.text)
        tab = self.tab
        state = tab.state
        index = state.focus
        kind = tab.page.controls[index].kind if index >= 0 else ""
        effect = meaning(key, kind)
        if effect == MOVE:
            return self._move(back=key == "Shift+Tab")
        if not effect:
            return NO_MEANING.format(key, NAMED[kind])
        if effect in (EDIT, INSERT):
            value = tab.text(index)
            if effect == EDIT:
                value, start, end = edit(value, state.start, state.end, key)
            else:
                typed = " " if key == "Space" else key
                value = value[: state.start] + typed + value[state.end :]
                start = end = state.start + 1
                if len(value) > MAX_TYPED:
                    return TOO_LONG.format(MAX_TYPED)
            tab.reveal(index)
            state.texts[index] = value
            state.start, state.end = start, end
            return ""
        tab.reveal(index)
        if effect == SUBMIT:
            self._enter(index)
        elif effect == TOGGLE:
            tab.toggle(index)
        elif effect == ACTIVATE and kind == "link":
            self._navigate(resolve(tab.url, tab.page.controls[index].address))
        else:
            self._submit(index)
        return ""

    def _move(self, *, back: bool) -> str:
        tab = self.tab
        stops = []
        for place, control in enumerate(tab.page.controls):
            group = control.form, control.name
            on = control.kind == "radio" and bool(tab.value(place))
            stops.append(Stop(control.kind, group, on))
        place = next_stop(stops, tab.state.last_focus, back=back)
        if place < 0:
            return NO_STOP.format("before this" if back else "behind this")
        tab.focus(place)
        if stops[place].kind in TEXTS:
            tab.state.start, tab.state.end = 0, len(tab.text(place))
        tab.reveal(place)
        return ""

    # Actions on the window, the tabs and the history

    def _scroll(self, action: Action) -> str:
        if action.text not in ("down", "up"):
            return NO_DIRECTION.format(action.text)
        self.tab.scroll(SCREEN if action.text == "down" else -SCREEN)
        return ""

    def _goto(self, action: Action) -> str:
        try:
            url = normalise(action.text, self.world.hosts)
        except BadAddress as error:
            return NO_ADDRESS.format(action.text[:200], error)
        self._navigate(url)
        return ""

    def _new_tab(self, action: Action) -> str:
        if len(self.tabs) >= MAX_TABS:
            return TOO_MANY_TABS.format(MAX_TABS)
        self.tabs.append(Tab(BLANK_PAGE))
        self.current = len(self.tabs) - 1
        return ""

    def _tab_focus(self, action: Action) -> str:
        if not 0 <= action.number < len(self.tabs):
            return NO_TAB.format(action.number, len(self.tabs) - 1)
        self.current = action.number
        return ""

    def _close_tab(self, action: Action) -> str:
        del self.tabs[self.current]
        if not self.tabs:
            self.tabs.append(Tab(BLANK_PAGE))
        self.current = len(self.tabs) - 1
        return ""

    def _go_back(self, action: Action) -> str:
        at = self.tab.state.at
        if at > 0:
            self._return_to(at - 1)
        return ""

    def _go_forward(self, action: Action) -> str:
        state = self.tab.state
        if state.at + 1 < len(state.entries):
            self._return_to(state.at + 1)
        return ""


def _controls(node: Node) -> Iterator[Node]:
    """All controls, in the order in which a page counts them."""
    for child in node.children:
        if isinstance(child, Node):
            if child.tag in CONTROLS and child.attributes.get("type") != "hidden":
                yield child
            yield from _controls(child)


_ACTIONS: dict[str, Callable[[TextBrowser, Action], str]] = {
    "click": TextBrowser._click,
    "hover": TextBrowser._hover,
    "type": TextBrowser._type,
    "press": TextBrowser._press,
    "scroll": TextBrowser._scroll,
    "goto": TextBrowser._goto,
    "new_tab": TextBrowser._new_tab,
    "tab_focus": TextBrowser._tab_focus,
    "close_tab": TextBrowser._close_tab,
    "go_back": TextBrowser._go_back,
    "go_forward": TextBrowser._go_forward,
}
