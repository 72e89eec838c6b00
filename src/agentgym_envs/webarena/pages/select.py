"""Selectors and properties of elements, on nodes instead of a document.

The small part of CSS that checks of pages need: tags, ``#id``, ``.class``,
``[attribute]``, ``[attribute="value"]``, descendants, children and lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from agentgym_envs.webarena.pages.html import ROW_CLASS, is_row
from agentgym_envs.webarena.pages.nodes import BLOCK, ROW, Node

PROPERTIES = frozenset(
    {
        "outerText",
        "innerText",
        "textContent",
        "value",
        "checked",
        "selectedIndex",
        "href",
    }
)
_SIMPLE = re.compile(
    r"""(?P<tag>[a-zA-Z][a-zA-Z0-9]*|\*)
    |\#(?P<id>[\w-]+)
    |\.(?P<cls>[\w-]+)
    |\[(?P<attribute>[\w-]+)(?:=(?P<quote>["']?)(?P<value>[^"'\]]*)(?P=quote))?\]""",
    re.VERBOSE,
)
_BETWEEN = re.compile(r"\s*>\s*|\s+")


class Step(NamedTuple):
    """One compound selector, and how it relates to the one before it."""

    child: bool
    tag: str
    tests: tuple[tuple[str, str | None], ...]
    """Attributes and the values they must have; None takes any."""


@lru_cache(256)
def parse_selector(css: str) -> tuple[tuple[Step, ...], ...]:
    """Read a list of selectors.

    Raises:
        ValueError: for what is not of this part of CSS.
    """
    return tuple(_parse_one(part.strip(), css) for part in css.split(","))


def _parse_one(text: str, css: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    place, child = 0, False
    while True:
        tag, tests, begin = "*", [], place
        while match := _SIMPLE.match(text, place):
            if match["tag"]:
                if place != begin:
                    break
                tag = match["tag"].lower()
            elif match["id"]:
                tests.append(("id", match["id"]))
            elif match["cls"]:
                tests.append(("class", match["cls"]))
            else:
                tests.append((match["attribute"], match["value"]))
            place = match.end()
        if place == begin:
            raise ValueError(f"no selector that can be read: {css!r:.100}")
        steps.append(Step(child, tag, tuple(tests)))
        if place == len(text):
            return tuple(steps)
        between = _BETWEEN.match(text, place)
        if between is None:
            raise ValueError(f"no selector that can be read: {css!r:.100}")
        child, place = ">" in between[0], between.end()


def select_nodes(body: Node, css: str) -> Iterator[Node]:
    """Give all elements that a selector finds, in the order of the document.

    Raises:
        ValueError: for a selector that can't be read.
    """
    selectors = parse_selector(css)
    path: list[Node] = []

    def visit(node: Node) -> Iterator[Node]:
        path.append(node)
        if any(_fits(steps, path) for steps in selectors):
            yield node
        for child in node.children:
            if isinstance(child, Node):
                yield from visit(child)
        path.pop()

    return visit(body)


def _fits(steps: tuple[Step, ...], path: list[Node]) -> bool:
    if not _is(steps[-1], path[-1]):
        return False
    if len(steps) == 1:
        return True
    rest, above = steps[:-1], path[:-1]
    if steps[-1].child:
        return bool(above) and _fits(rest, above)
    return any(_fits(rest, above[:end]) for end in range(len(above), 0, -1))


def _is(step: Step, node: Node) -> bool:
    if step.tag not in ("*", node.tag):
        return False
    for name, value in step.tests:
        held = node.attributes.get(name)
        if name == "class" and node.tag in ("div", "li") and is_row(node):
            held = ROW_CLASS
        if held is None or (value is not None and held != value):
            return False
    return True


def text_content(node: Node) -> str:
    """Give all text in an element."""
    return "".join(
        [
            text_content(child) if isinstance(child, Node) else child
            for child in node.children
        ]
    )


def inner_text(node: Node) -> str:
    """Give the text of an element as it is laid out: rows in lines, cells by tabs.

    This is the algorithm of the HTML standard for ``innerText``.
    """
    parts: list[str | int] = []
    if node.tag in ("table", "thead", "tbody", "tr"):
        parts = _table_parts(node)
    elif node.tag == "select":
        parts = _option_parts(node)
    else:
        for child in node.children:
            _collect(child, parts)
    out, breaks = "", 0
    for part in parts:
        if isinstance(part, int):
            breaks = max(breaks, part)
        elif part:
            out += "\n" * breaks + part if out else part
            breaks = 0
    return out


def _collect(child: Node | str, parts: list[str | int]) -> None:
    """Add texts, and how many line breaks stand between them at least."""
    if not isinstance(child, Node):
        parts.append(child)
        return
    if child.tag in ("input", "img"):
        return
    if child.tag == "table":
        parts += [1, *_table_parts(child), 1]
    elif child.tag == "select":
        parts += [1, *_option_parts(child), 1]
    else:
        breaks = 2 if child.tag == "p" else 1
        is_block = child.kind in (BLOCK, ROW)
        if is_block:
            parts.append(breaks)
        for part in child.children:
            _collect(part, parts)
        if is_block:
            parts.append(breaks)


def _table_parts(node: Node) -> list[str | int]:
    if node.tag == "tr":
        cells = [inner_text(cell) for cell in node.children if isinstance(cell, Node)]
        return ["\t".join(cells)]
    rows: list[str | int] = []
    for child in node.children:
        assert isinstance(child, Node)
        rows += [1, *_table_parts(child), 1]
    return rows


def _option_parts(node: Node) -> list[str | int]:
    parts: list[str | int] = []
    for option in node.children:
        assert isinstance(option, Node)
        parts += [1, text_content(option), 1]
    return parts


def check_property(prop: str) -> None:
    """Refuse what is none of `PROPERTIES`.

    Raises:
        ValueError: for another property.
    """
    if prop not in PROPERTIES:
        raise ValueError(f"no property {prop!r:.40}; there are {sorted(PROPERTIES)}")


def read(node: Node, prop: str, value: Callable[[Node], str | bool | int]) -> str:
    """Read a property of an element; the address of a link as it stands there.

    Args:
        node: The element.
        prop: One of `PROPERTIES`.
        value: Gives what a field holds now: text, ticked or not, or option.

    Raises:
        ValueError: for another property.
    """
    check_property(prop)
    if prop == "textContent":
        return text_content(node)
    if prop in ("innerText", "outerText"):
        return inner_text(node)
    kind = node.attributes.get("type", "")
    if prop == "href":
        return node.attributes.get("href", "") if node.tag == "a" else ""
    if prop == "checked":
        if node.tag != "input":
            return ""
        return "true" if kind in ("checkbox", "radio") and value(node) else "false"
    if prop == "selectedIndex":
        return str(value(node)) if node.tag == "select" else ""
    if node.tag == "select":
        chosen = node.children[int(value(node))]
        assert isinstance(chosen, Node)
        return chosen.attributes["value"]
    if node.tag == "input" and kind not in ("checkbox", "radio", "hidden"):
        return str(value(node))
    if node.tag == "li":
        return "0"  # its number in a list that counts
    return node.attributes.get("value", "")
