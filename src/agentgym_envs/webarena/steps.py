"""What an expert does, step by step, by roles and names rather than by numbers."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One action of an expert."""

    kind: str
    """As of `agentgym_envs.webarena.interface.Action`."""
    role: str = ""
    """Of the element that is acted on; empty for actions on none."""
    name: str = ""
    after: str = ""
    """Part of a name: the element is the first one behind the line that has it."""
    within: str = ""
    """Part of a name in the row of a table that the element is in."""
    text: str = ""
    """What to type, the key, the address, or the answer."""
    enter: bool = False
    number: int = 0
    """The tab."""


Steps = tuple[Step, ...]


def click(name: str, role: str = "link", *, after: str = "", within: str = "") -> Step:
    """Click on a link, or on something else of this name."""
    return Step("click", role, name, after, within)


def press_button(name: str, *, after: str = "") -> Step:
    """Click on a button."""
    return Step("click", "button", name, after)


def write(name: str, text: str, *, enter: bool = False, role: str = "textbox") -> Step:
    """Type behind what stands in a field."""
    return Step("type", role, name, text=text, enter=enter)


def rewrite(name: str, text: str) -> Steps:
    """Type in place of what stands in a field."""
    return (
        click(name, "textbox"),
        Step("press", text="Control+a"),
        Step("press", text="Delete"),
        write(name, text),
    )


def pick(name: str, text: str) -> Step:
    """Choose an entry of a list."""
    return Step("type", "combobox", name, text=text)


def goto(url: str) -> Step:
    """Open an address."""
    return Step("goto", text=url)


def show_tab(number: int) -> Step:
    """Go on in another tab."""
    return Step("tab_focus", number=number)


def stop(answer: str = "") -> Step:
    """End the task."""
    return Step("stop", text=answer)
