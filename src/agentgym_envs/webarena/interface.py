"""What both backends are to the environment: a browser that acts and shows.

Everything above this module (the environment, experts, evaluators) works with either
backend through `Browser`; everything below it keeps to one.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from agentgym_envs.errors import AgentGymError

BLANK = "about:blank"  # the URL of a new tab
MAX_TABS = 20


class Action(NamedTuple):
    """One action of the browser, already parsed."""

    kind: str
    """One of click, hover, type, press, scroll, goto, new_tab, tab_focus, close_tab,
    go_back, go_forward, stop."""
    number: int = 0
    """The element of click, hover and type; the tab of tab_focus."""
    text: str = ""
    """What to type, the keys, the direction of a scroll, a URL, or an answer."""
    enter: bool = False
    """Whether Enter follows what is typed."""


class Observation(NamedTuple):
    """What an agent sees."""

    text: str
    """The line of tabs, an empty line, and the tree."""
    url: str
    """The address of the current tab."""
    titles: tuple[str, ...]
    """The titles of all tabs, in the order in which they were opened."""
    current: int
    """Which of them is shown."""


class BrowserLost(AgentGymError, RuntimeError):
    """The browser's process is gone; the episode can't go on."""


class Browser(Protocol):
    """A browser in one episode."""

    def open(self, urls: list[str]) -> None:
        """Open these pages in tabs, and show the first one."""

    def observe(self) -> Observation:
        """Read the current tab. May be called again at no cost."""

    def describe(self, number: int) -> str:
        """Give the line of an element of the last observation, without its number.

        Empty if no element has this number. Lines that the cleaning left out count.
        """

    def act(self, action: Action) -> str:
        """Do an action other than stop.

        Returns:
            Empty if it was done, else what was wrong, in which case nothing changed
            except, perhaps, the focus.
        """

    def content(self) -> str:
        """Give the current page's HTML, without what was typed since."""

    def query(self, css: str, prop: str) -> list[str]:
        """Read a property of all elements of the current page that a selector finds.

        Args:
            css: Tags, ``#id``, ``.class``, ``[attribute]``, ``[attribute="value"]``,
                descendants and children.
            prop: One of outerText, innerText, textContent, value, checked,
                selectedIndex, href. Booleans are ``true`` and ``false``.

        Raises:
            ValueError: for a selector or a property of another form.
        """

    def close(self) -> None:
        """Release what the browser holds; may be called twice."""


# What `Browser.act` answers; the same texts in both backends.

NO_ELEMENT = "There is no element [{}] on the page."
NOT_A_FIELD = (
    "Element [{}] is {}; text can be typed only into a text field, or into a list to "
    "choose what it says."
)
NO_CHOICE = "The list has no entry {!r}; it offers {}."
NO_KEY = "There is no key {!r}."
NO_MEANING = "The key {!r} does nothing here; the focus is on {}."
NO_STOP = "There is nothing {} to move the focus to."
NO_TAB = "There is no tab {}; there are tabs 0 to {}."
NO_ADDRESS = "{!r} is not an address of these web sites: {}"
NO_DIRECTION = "A page scrolls up or down, not {!r}."
TOO_LONG = "A field holds at most {} characters."
TOO_MANY_TABS = "There can be at most {} tabs."
