"""The expert: does the steps of a task, from wherever the episode is.

The steps are played once in a browser without a window, which gives a list of stages:
what the sites' tables, the address and the fields look like before each step. What to
do in an episode is then the step of the last stage that looks like it. An episode that
has strayed goes back to the first page on which as much is done as in the episode; one
that has changed what the task doesn't ask for can't be won any more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.webarena.actions import tell
from agentgym_envs.webarena.interface import Action, Browser
from agentgym_envs.webarena.sites.changes import changes
from agentgym_envs.webarena.sites.embedded import SIGNED_IN, embedded_sites
from agentgym_envs.webarena.sites.world import START, PageCache, World
from agentgym_envs.webarena.steps import Step
from agentgym_envs.webarena.text.browser import TextBrowser

# A line of a tree: number, role, and the name as a Python literal.
_LINE = re.compile(
    r"\t*\[(?P<number>\d+)\] (?P<role>\w+) "
    r"(?P<name>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?P<rest>.*)"
)
# Values that depend on when something was done.
_CLOCK = re.compile(rf"{START:%Y-%m-%d} \d\d:\d\d|[0-9a-f]{{40}}")
# What spans several rows tells little of where a window is.
CONTAINERS = "RootWebArea main contentinfo navigation table row list listitem".split()


class Element(NamedTuple):
    """A line that is seen."""

    number: int
    role: str
    name: str
    """As a Python literal."""


class Stage(NamedTuple):
    """How things are before a step."""

    deeds: tuple[Any, ...]
    url: str
    fields: tuple[str, ...]
    focus: tuple[str, str]
    previous: str
    """The action that led here."""
    step: Step
    lines: tuple[tuple[str, str], ...]
    """Roles and names of the whole page."""
    target: int
    """The line of the step's element, -1 if it has none."""


class Login(NamedTuple):
    """How to sign in to a site again."""

    path: str
    link: str
    """What a page says to those who aren't signed in."""
    field: str
    """The id of the field for the name."""
    label: str
    name: str
    password: str
    button: str


LOGINS = {
    "onestopmarket.com": Login(
        "/customer/account/login",
        "Sign In",
        "email",
        "Email",
        "emma.lopez@gmail.com",
        "Password.123",
        "Sign In",
    ),
    "luma.com": Login(
        "/admin/login", "", "name", "Username", "admin", "admin1234", "Sign in"
    ),
    "reddit.com": Login(
        "/login",
        "Log in",
        "name",
        "Username",
        "MarvelsGrantMan136",
        "test1234",
        "Log in",
    ),
    "gitlab.com": Login(
        "/users/sign_in",
        "Sign in",
        "name",
        "Username",
        "byteblaze",
        "hello1234",
        "Sign in",
    ),
}


class Expert:
    """Knows how to do one task.

    Args:
        start: The addresses that are open at the start.
        steps: What to do; the last step is the stop.
        cache: Shares pages with the environments of the process.

    Raises:
        ValueError: if the steps can't be done.
    """

    def __init__(
        self,
        start: Sequence[str],
        steps: Sequence[Step],
        cache: PageCache | None = None,
    ) -> None:
        self.stages = _play(start, steps, cache)

    def action(self, browser: Browser, world: World, previous: str) -> str:
        """Give the action to do now.

        Args:
            browser: The browser of the episode.
            world: Its sites.
            previous: What was done last, as observations tell it.

        Raises:
            NoExpertAction: if the task can't be done any more.
        """
        seen = browser.observe()
        deeds = _deeds(world)
        done = [stage for stage in self.stages if stage.deeds == deeds]
        if not done:
            raise NoExpertAction("something was changed that the task doesn't ask for")
        elements = read(seen.text)
        if login := _signed_out(browser, seen.url):
            return _sign_in(login, browser, seen.url, elements)
        fields, focus = _fields(browser), _focus(seen.text)
        for place in range(len(done) - 1, -1, -1):
            stage = done[place]
            if (
                stage.url == seen.url
                and stage.fields == fields
                # Keys go to what has the focus, and may depend on the key before.
                and (stage.step.kind != "press" or stage.focus == focus)
                and (not _depends(stage) or stage.previous == previous)
            ):
                if stage.step.kind == "tab_focus" and not (
                    seen.current != stage.step.number < len(seen.titles)
                ):
                    return f"goto [{done[place + 1].url}]"  # here will do as well
                return _text(stage, elements)
        return f"goto [{done[0].url}]"


def read(text: str) -> list[Element]:
    """Read the lines of an observation's tree."""
    return [
        Element(int(match["number"]), match["role"], match["name"])
        for line in text.split("\n")[2:]
        if (match := _LINE.fullmatch(line))
    ]


def find(lines: Sequence[tuple[str, str]], step: Step) -> int:
    """Find the line of a step's element on a whole page.

    Raises:
        ValueError: if there is none, or more than one and nothing says which.
    """
    begin, end = 0, len(lines)
    if step.after:
        part = repr(step.after)[1:-1]
        begin = next((i for i, line in enumerate(lines) if part in line[1]), end)
    if step.within:
        part = repr(step.within)[1:-1]
        cells = [i for i, line in enumerate(lines) if line[0] == "gridcell"]
        begin = next((i for i in cells if part in lines[i][1]), end)
        rows = [i for i, line in enumerate(lines) if line[0] == "row"]
        end = min([row for row in rows if row > begin], default=end)
        begin = max([row for row in rows if row < begin], default=end)
    wanted = step.role, repr(step.name)
    found = [i for i in range(begin, end) if lines[i] == wanted]
    if not found or (len(found) > 1 and not step.after):
        raise ValueError(f"{len(found)} elements for {step}")
    return found[0]


def locate(stage: Stage, elements: Sequence[Element]) -> str:
    """Give the number of a stage's element, or the direction in which it lies."""
    whole, wanted = stage.lines, stage.lines[stage.target]
    shown = [(element.role, element.name) for element in elements]
    # A line that the page has once tells which part of the page is seen.
    place = position = -1
    for i in range(len(shown) - 1, -1, -1):
        if shown[i][0] not in CONTAINERS and whole.count(shown[i]) == 1:
            place, position = i, whole.index(shown[i])
            break
    above = whole[: max(0, position)].count(wanted) - shown[: max(0, place)].count(
        wanted
    )
    turn = whole[: stage.target].count(wanted) - above
    hits = [element.number for element in elements if element[1:] == wanted]
    if 0 <= turn < len(hits):
        return str(hits[turn])
    return "down" if stage.target > position else "up"


def _play(
    start: Sequence[str], steps: Sequence[Step], cache: PageCache | None
) -> list[Stage]:
    world = World(embedded_sites(), cache)
    browser = TextBrowser(world, SIGNED_IN, whole_page=True)
    browser.open(list(start))
    stages: list[Stage] = []
    previous = ""
    for step in steps:
        seen = browser.observe()
        elements = read(seen.text)
        lines = tuple((element.role, element.name) for element in elements)
        target = find(lines, step) if step.role else -1
        stages.append(
            Stage(
                _deeds(world),
                seen.url,
                _fields(browser),
                _focus(seen.text),
                previous,
                step,
                lines,
                target,
            )
        )
        if step.kind == "stop":
            break
        number = elements[target].number if step.role else step.number
        action = Action(step.kind, number, step.text, step.enter)
        if error := browser.act(action):
            raise ValueError(f"{step}: {error}")
        previous = tell(action, "")
    browser.close()
    return stages


def _text(stage: Stage, elements: Sequence[Element]) -> str:
    """Write a step as an action."""
    step = stage.step
    if step.kind in ("click", "type"):
        place = locate(stage, elements)
        if not place.isdecimal():
            return f"scroll [{place}]"
        if step.kind == "click":
            return f"click [{place}]"
        return f"type [{place}] [{step.text}] [{int(step.enter)}]"
    if step.kind == "tab_focus":
        return f"tab_focus [{step.number}]"
    return f"{step.kind} [{step.text}]"


def _depends(stage: Stage) -> bool:
    return stage.step.kind == "press" and stage.previous.startswith("press ")


def _deeds(world: World) -> tuple[Any, ...]:
    """What was changed so far, whenever it was."""
    return tuple(
        (table, _timeless(change.removed), _timeless(change.added))
        for table, change in sorted(changes(world).items())
        if not table.endswith(".session")
    )


def _timeless(rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(
        tuple(
            None if isinstance(value, str) and _CLOCK.fullmatch(value) else value
            for value in row
        )
        for row in rows
    )


def _fields(browser: Browser) -> tuple[str, ...]:
    """What stands in all fields of a page."""
    return (
        *browser.query("input", "value"),
        *browser.query("input", "checked"),
        *browser.query("select", "selectedIndex"),
    )


def _focus(text: str) -> tuple[str, str]:
    """Role and name of what has the focus; empty if nothing seen has it."""
    for line in text.split("\n")[3:]:
        match = _LINE.fullmatch(line)
        if match and match["rest"].startswith(" focused: True"):
            return match["role"], match["name"]
    return "", ""


def _signed_out(browser: Browser, url: str) -> Login | None:
    """Tell how to sign in where nobody is."""
    parts = urlsplit(url)
    login = LOGINS.get(parts.netloc)
    if login is None or parts.path.rstrip("/") == login.path:
        return login
    return login if login.link in browser.query("header a", "textContent") else None


def _sign_in(
    login: Login, browser: Browser, url: str, elements: Sequence[Element]
) -> str:
    parts = urlsplit(url)
    back = f"goto [{parts.scheme}://{parts.netloc}{login.path}]"
    if parts.path.rstrip("/") != login.path:
        return back
    numbers = {(e.role, e.name): e.number for e in reversed(elements)}
    name = browser.query(f"#{login.field}", "value")
    password = browser.query("#pass", "value")
    if name == [""] and (number := numbers.get(("textbox", repr(login.label)))):
        return f"type [{number}] [{login.name}] [0]"
    if name != [login.name]:
        return back
    if password == [""] and (number := numbers.get(("textbox", "'Password'"))):
        return f"type [{number}] [{login.password}] [1]"
    number = numbers.get(("button", repr(login.button)))
    return f"click [{number}]" if number and password == [login.password] else back
