"""A tab: where it has been, what it shows, and what was typed since."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentgym_envs.webarena.interface import BLANK
from agentgym_envs.webarena.lines import write_lines
from agentgym_envs.webarena.pages.page import (
    BOXES,
    SCREEN,
    TEXTS,
    Control,
    Live,
    Page,
    live_line,
)


@dataclass(slots=True)
class Entry:
    """An entry of a tab's history."""

    url: str
    scroll: int = 0
    """Rows above the window."""


@dataclass(slots=True)
class TabState:
    """All of a tab but the page itself, which follows from the entry it is at."""

    entries: list[Entry] = field(default_factory=lambda: [Entry(BLANK)])
    at: int = 0
    moment: int = 0
    """How many forms had been sent, in any tab, when the page was loaded."""
    session: str = ""
    """The site's cookie when the page was loaded."""
    texts: dict[int, str] = field(default_factory=dict)
    """What was typed, by control."""
    choices: dict[int, int] = field(default_factory=dict)
    """What was ticked (1), unticked (0) or chosen, by control."""
    focus: int = -1
    last_focus: int = -1
    start: int = 0
    """Where the selection in the field with the focus begins."""
    end: int = 0


class Tab:
    """A tab and the page in it."""

    __slots__ = ("page", "shown", "state")

    def __init__(self, page: Page, state: TabState | None = None) -> None:
        self.state = TabState() if state is None else state
        self.page = page
        self.shown: list[int] = []
        """The lines of the last observation, in order: indexes into ``page.lines``."""

    @property
    def entry(self) -> Entry:
        """The entry of the history that the tab shows."""
        return self.state.entries[self.state.at]

    @property
    def url(self) -> str:
        """The address of the page."""
        return self.entry.url

    def load(self, page: Page, moment: int, session: str) -> None:
        """Show a new page, with nothing typed yet."""
        state = self.state
        self.page = page
        state.moment = moment
        state.session = session
        state.texts.clear()
        state.choices.clear()
        state.focus = state.last_focus = -1
        state.start = state.end = 0
        entry = self.entry
        entry.scroll = min(entry.scroll, page.bottom)

    def visit(self, url: str, *, replace: bool) -> None:
        """Add an entry to the history, in place of those ahead of this one."""
        entries, at = self.state.entries, self.state.at
        if replace:
            entries[at] = Entry(url)
        else:
            del entries[at + 1 :]
            entries.append(Entry(url))
            self.state.at = at + 1

    # Fields

    def value(self, index: int) -> str | bool | int:
        """Give what a field holds, whether a box is ticked, or what is chosen."""
        control = self.page.controls[index]
        if control.kind in TEXTS:
            return self.state.texts.get(index, control.start)
        choice = self.state.choices.get(index)
        if choice is None:
            return control.start
        return bool(choice) if control.kind in BOXES else choice

    def text(self, index: int) -> str:
        """Give what a text field holds."""
        return str(self.value(index))

    def toggle(self, index: int) -> None:
        """Tick or untick a box; a radio button becomes the choice of its group."""
        page, choices = self.page, self.state.choices
        control = page.controls[index]
        if control.kind == "checkbox":
            choices[index] = not self.value(index)
            return
        for place in page.forms[control.form].fields:
            if type(place) is int:
                other = page.controls[place]
                if other.kind == "radio" and other.name == control.name:
                    choices[place] = 0
        choices[index] = 1

    def focus(self, index: int) -> None:
        """Give the focus to a control; -1 takes it from all."""
        state = self.state
        state.focus = index
        if index >= 0:
            state.last_focus = index

    def form_data(self, control: Control, sender: int) -> list[tuple[str, str]]:
        """Give what the form of a control sends when a button sends it."""
        pairs: list[tuple[str, str]] = []
        for part in self.page.forms[control.form].fields:
            if not isinstance(part, int):
                pairs.append(part)
                continue
            other = self.page.controls[part]
            kind = other.kind
            if kind in TEXTS:
                pairs.append((other.name, self.text(part)))
            elif kind == "select":
                place = self.value(part)
                assert isinstance(place, int)
                pairs.append((other.name, other.options[place][0]))
            elif kind in BOXES:
                if self.value(part):
                    pairs.append((other.name, other.value))
            elif part == sender and other.name:
                pairs.append((other.name, other.value))
        return pairs

    # The window

    def scroll(self, rows: int) -> None:
        """Move the window down, or up for a negative number."""
        entry = self.entry
        entry.scroll = min(max(0, entry.scroll + rows), self.page.bottom)

    def reveal(self, index: int) -> None:
        """Bring a control's row into the window."""
        row, entry = self.page.controls[index].row, self.entry
        if not entry.scroll <= row < entry.scroll + SCREEN:
            entry.scroll = min(max(0, row - SCREEN // 2 + 1), self.page.bottom)

    def live(self, live: Live) -> str:
        """Write a line that depends on a control."""
        index = live.control
        control = self.page.controls[index]
        return live_line(control, live, self.value(index), index == self.state.focus)

    def view(self, *, whole: bool) -> str:
        """Write the tree of what the window shows, or of the whole page."""
        state, page = self.state, self.page
        scroll = -1 if whole else self.entry.scroll
        fresh = state.focus < 0 and not state.texts and not state.choices
        if fresh and (known := page.views.get(scroll)):
            self.shown = known[1]
            return known[0]
        shown = []
        printed = []
        bottom = scroll + SCREEN
        for place, line in enumerate(page.lines):
            if not whole and not (line.first < bottom and line.past > scroll):
                continue
            text = line.text
            if not fresh and line.live is not None:
                text = self.live(line.live)
            if text:
                shown.append(place)
                printed.append((line.depth, text))
        written = write_lines(printed)
        self.shown = shown
        if fresh:
            page.views[scroll] = written, shown
        return written
