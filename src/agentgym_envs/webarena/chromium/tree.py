"""From Chromium's accessibility tree to canonical lines.

Rules, in this order: what lies outside the window is cut, as WebArena's original does;
roles and properties that differ between versions of Chromium are renamed or dropped;
`write_lines` numbers and cleans what is left. The cut uses the formula of the original,
whose ratio is divided by the width and then multiplied by the height.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

WINDOW = 1280, 720  # pixels
RATIO = 0.6  # of a node that must lie in the window, by the original's formula

Rect = tuple[float, float, float, float]  # x, y, width, height

DROPPED_ROLES = frozenset({"InlineTextBox", "LineBreak", "ListMarker", "rowgroup"})
NAMELESS_DROPPED = frozenset(
    {
        "Legend",
        "LabelText",
        "Section",
        "banner",
        "code",
        "emphasis",
        "form",
        "generic",
        "image",
        "img",
        "list",
        "listitem",
        "navigation",
        "paragraph",
        "strong",
    }
)
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
