"""From Chromium's accessibility tree to canonical lines, or to raw ones.

Rules of canonical lines, in this order: what lies outside the window is cut, as
WebArena's original does; roles and properties that differ between versions of Chromium
are renamed or dropped; `write_lines` numbers and cleans what is left. The cut uses the
original's formula, whose ratio is divided by the width, then multiplied by the height.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from agentgym_envs.errors import BadOption
from agentgym_envs.webarena.lines import STATIC, write_lines

Form = Literal["canonical", "raw"]
FORMS = ("canonical", "raw")

WINDOW = 1280, 720  # pixels
RATIO = 0.6  # of a node that must lie in the window, by the original's formula

Rect = tuple[float, float, float, float]  # x, y, width, height

DROPPED_ROLES = frozenset({"InlineTextBox", "LineBreak", "ListMarker", "rowgroup"})
RAW_NAMELESS_DROPPED = frozenset(
    {
        "LabelText",
        "Legend",
        "Section",
        "banner",
        "generic",
        "img",
        "list",
        "listitem",
        "navigation",
        "paragraph",
        "strong",
    }
)
NAMELESS_DROPPED = RAW_NAMELESS_DROPPED | {"code", "emphasis", "form", "image"}
RENAMED = {"image": "img", "cell": "gridcell"}
UNPRINTED = frozenset(
    {
        "editable",
        "focusable",
        "invalid",
        "level",
        "multiline",
        "readonly",
        "settable",
        "url",
    }
)
RAW_UNPRINTED = UNPRINTED - {"url"}


class TreeLine(NamedTuple):
    """A line, and the node of the document it stands for."""

    depth: int
    text: str
    node: int
    """Chromium's backend id; 0 if there is none."""


def rects_of(snapshot: Mapping[str, Any]) -> dict[int, Rect]:
    """Read from a DOM snapshot where nodes lie in the window, by backend id."""
    document = snapshot["documents"][0]
    backend = document["nodes"]["backendNodeId"]
    layout = document["layout"]
    dx, dy = document.get("scrollOffsetX", 0), document.get("scrollOffsetY", 0)
    rects: dict[int, Rect] = {}
    for index, bounds in zip(layout["nodeIndex"], layout["bounds"], strict=True):
        x, y, width, height = bounds
        rects.setdefault(backend[index], (x - dx, y - dy, width, height))
    return rects


def in_window(rect: Rect) -> bool:
    """Tell whether the original keeps a node with this rect."""
    x, y, width, height = rect
    if width == 0 or height == 0:
        return False
    across = max(0.0, min(x + width, WINDOW[0]) - max(x, 0.0))
    down = max(0.0, min(y + height, WINDOW[1]) - max(y, 0.0))
    return across * down / width * height >= RATIO


def check_form(form: str) -> None:
    """Refuse a form of the tree that there is not.

    Raises:
        BadOption: naming those that there are.
    """
    if form not in FORMS:
        raise BadOption(f"format must be one of {', '.join(FORMS)}, not {form!r}")


def read_tree(
    nodes: Sequence[Mapping[str, Any]], rects: Mapping[int, Rect] | None, form: Form
) -> tuple[dict[int, TreeLine], str]:
    """Give the lines of a tree by their numbers, and the text of an observation.

    Args:
        nodes: As the browser gives them.
        rects: Where they lie; with them, only what the window shows is printed.
        form: ``canonical``, or ``raw``: numbers, roles and properties as the browser
            has them, which the original prints and which differ between versions and
            runs.
    """
    if form == "canonical":
        lines = canonical_lines(nodes, rects)
        text = write_lines((line.depth, line.text) for line in lines)
        return dict(enumerate(lines, start=1)), text
    raw = dict(raw_lines(nodes, rects))
    shown = {
        number: (line.depth, line.text)
        for number, line in raw.items()
        if number >= 0 or STATIC.lower().strip() not in line.text.lower()
    }
    return raw, write_lines(shown.values(), shown)


def raw_lines(
    nodes: Sequence[Mapping[str, Any]], rects: Mapping[int, Rect] | None
) -> Iterator[tuple[int, TreeLine]]:
    """Write the lines of a tree as the original does, each with the browser's number.

    Source: ``browser_env/processors.py`` of github.com/web-arena-x/webarena.
    """
    by_id: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        by_id.setdefault(node["nodeId"], node)
    waiting = [(nodes[0]["nodeId"], 0)]
    while waiting:
        name, depth = waiting.pop()
        node = by_id[name]
        backend = node.get("backendDOMNodeId", 0)
        role = node["role"]["value"] if "role" in node else ""
        shown = rects is None or role == "RootWebArea"
        if not shown and rects is not None:
            shown = backend in rects and in_window(rects[backend])
        if shown and (text := _raw_text(node, role)):
            yield int(name), TreeLine(depth, text, backend)
            depth += bool(backend)
        waiting += [
            (child, depth)
            for child in reversed(node.get("childIds", ()))
            if child in by_id
        ]


def _raw_text(node: Mapping[str, Any], role: str) -> str:
    """Write role, name and properties; empty if the original doesn't print it."""
    if not role or "name" not in node:
        return ""
    name = str(node["name"].get("value", ""))
    properties = [
        f"{entry['name']}: {entry['value']['value']}"
        for entry in node.get("properties", ())
        if entry["name"] not in RAW_UNPRINTED and "value" in entry["value"]
    ]
    is_bare = not properties or role == "listitem"
    if not name.strip() and role in RAW_NAMELESS_DROPPED and is_bare:
        return ""
    return " ".join([f"{role} {name!r}", *properties])


def canonical_lines(
    nodes: Sequence[Mapping[str, Any]], rects: Mapping[int, Rect] | None
) -> list[TreeLine]:
    """Write the lines of a tree; with rects, only of what the window shows."""
    by_id: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        by_id.setdefault(node["nodeId"], node)
    lines: list[TreeLine] = []

    # What is left to visit: node, depth, and the rect of the field around it. A text
    # inside a field has no rect of its own, since the browser draws it by itself.
    waiting: list[tuple[str, int, Rect | None]] = [(nodes[0]["nodeId"], 0, None)]
    while waiting:
        name, depth, around = waiting.pop()
        node = by_id[name]
        backend = node.get("backendDOMNodeId", 0)
        role = "" if node.get("ignored") else node["role"]["value"]
        rect = rects.get(backend, around) if rects is not None else None
        shown = rects is None or role == "RootWebArea"
        if not shown:
            shown = rect is not None and in_window(rect)
        if shown and role and (text := _text(node, role)):
            lines.append(TreeLine(depth, text, backend))
            depth += 1
        if role in ("textbox", "searchbox"):
            around = rect
        for child in reversed(node.get("childIds", ())):
            if child in by_id:
                waiting.append((child, depth, around))
    return lines


def _text(node: Mapping[str, Any], role: str) -> str:
    """Write role, name and properties; empty if the node isn't printed."""
    if role in DROPPED_ROLES or "name" not in node:
        return ""
    name = str(node["name"].get("value", ""))
    if role != "StaticText":
        name = name.strip()
    properties = [
        f"{entry['name']}: {entry['value']['value']}"
        for entry in node.get("properties", ())
        if entry["name"] not in UNPRINTED and "value" in entry["value"]
    ]
    if not name.strip() and role in NAMELESS_DROPPED:
        return ""
    role = RENAMED.get(role, role)
    if role == "gridcell" and not any(p.startswith("required") for p in properties):
        properties.append("required: False")
    return " ".join([f"{role} {name!r}", *properties])
