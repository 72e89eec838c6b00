"""Random walks, done in two browsers at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from agentgym_envs.webarena.interface import Action, Browser
from agentgym_envs.webarena.sites.world import World

ELEMENT = re.compile(r"\[(\d+)\] (\w+)")
TYPED = ["tea", "2", "a b  c", " x ", "naïve 日本", "<b>'\"&", "100%", "😀", ""]
KEYS = """Enter Tab Tab Shift+Tab Backspace Delete ArrowLeft ArrowRight Home End
Control+a Meta+a Space x é + Escape PageDown F5""".split()
WEIGHTS = {
    "click": 36,
    "type": 20,
    "press": 14,
    "scroll": 8,
    "goto": 6,
    "go_back": 6,
    "go_forward": 3,
    "new_tab": 2,
    "tab_focus": 3,
    "close_tab": 2,
    "hover": 1,
}
USEFUL = ("link", "button", "textbox", "searchbox", "checkbox", "radio", "combobox")


def random_action(
    rng: Random, text: str, addresses: Sequence[str], words: Sequence[str] = ()
) -> Action:
    """Draw an action that makes sense more often than not.

    Args:
        rng: The generator.
        text: What is seen.
        addresses: Where to go.
        words: What to type, besides odd things.
    """
    elements = ELEMENT.findall(text)
    kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if kind in ("click", "type", "hover"):
        useful = [e for e in elements if e[1] in USEFUL]
        if kind == "type":
            fields = [e for e in elements if e[1] in USEFUL[2:4] + USEFUL[6:]]
            useful = fields or useful
        chosen = rng.choice(useful if useful and rng.random() < 0.9 else elements)
        number = int(chosen[0]) if rng.random() < 0.97 else 999
        typed = rng.choice([*TYPED, *words, *words]) if kind == "type" else ""
        return Action(kind, number, typed, enter=rng.random() < 0.4)
    if kind == "press":
        return Action(kind, text=rng.choice(KEYS))
    if kind == "scroll":
        return Action(kind, text=rng.choice(["down", "down", "up"]))
    if kind == "goto":
        return Action(kind, text=rng.choice(addresses))
    if kind == "tab_focus":
        return Action(kind, rng.randrange(4))
    return Action(kind)


def action_text(action: Action) -> str:
    """Write an action as an agent does."""
    match action.kind:
        case "click" | "hover" | "tab_focus":
            return f"{action.kind} [{action.number}]"
        case "type":
            return f"type [{action.number}] [{action.text}] [{int(action.enter)}]"
        case "press" | "scroll" | "goto":
            return f"{action.kind} [{action.text}]"
    return action.kind


def seen(browser: Browser, world: World, error: str) -> dict[str, object]:
    """All that two browsers must agree in."""
    observation = browser.observe()
    tables = {
        (site.name, table): world.database(site).dump(table)
        for site in world.sites.values()
        for table in world.database(site).versions
    }
    return {
        "error": error,
        "url": observation.url,
        "text": observation.text,
        "posts": list(world.posts),
        "tables": tables,
    }


def difference(first: dict[str, object], second: dict[str, object]) -> str:
    """Say where two browsers differ; empty if they don't."""
    for key, value in first.items():
        if value != second[key]:
            if key == "tables":
                return "tables differ"
            return f"{key} differs:\n{value}\n--- but ---\n{second[key]}"
    return ""


def walk(
    rng: Random,
    one: tuple[Browser, World],
    other: tuple[Browser, World],
    start: str,
    addresses: Sequence[str],
    steps: int,
    words: Sequence[str] = (),
) -> str:
    """Do the same random actions in two browsers; say where they part."""
    for browser, _ in (one, other):
        browser.open([start])
    done: list[Action] = []
    error = ""
    errors = ["", ""]
    for _ in range(steps + 1):
        first = seen(*one, errors[0])
        if error := difference(first, seen(*other, errors[1])):
            return f"after {done}:\n{error}"
        action = random_action(rng, str(first["text"]), addresses, words)
        done.append(action)
        errors = [browser.act(action) for browser, _ in (one, other)]
    return ""
