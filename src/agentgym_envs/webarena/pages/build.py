"""The parts that pages are built from; each refuses what breaks the contract.

The contract holds what was found, by running random pages in Chromium, to have an
accessibility tree that can be told from the nodes alone: blocks hold either blocks or
one row, a row is 24 pixels high, every table has a head, every field has one label,
and so on. A part that would break it raises `ContractError` when it is built, and
`compile_page` checks what takes a look at the whole page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentgym_envs.webarena.keys import printable
from agentgym_envs.webarena.pages.nodes import (
    BLOCK,
    CELL,
    FIELD,
    GAP,
    IMAGE,
    INLINE,
    NARROW,
    ROW,
    ROW_WIDTH,
    UNSEEN,
    Content,
    ContractError,
    Node,
    clean,
    text_width,
)

TABLE_WIDTH = 1200  # pixels, shared equally by the columns
FIELD_KINDS = ("text", "password", "search")
IN_TEXTS = frozenset({"a", "span", "strong"})
ALONE_IN_CELL = frozenset({"a", "img", "button", "input", "select"})

# In a row


def link(content: Content, href: str) -> Node:
    """A link with a text or an image."""
    if type(content) is str:
        content = clean(content)
        width = text_width(content)
    elif isinstance(content, Node) and content.tag == "img":
        width = content.width
    else:
        raise ContractError("a link holds one text or one image")
    if not href or "#" in href:
        raise ContractError(f"a link leads to a page, not to {href!r}")
    return Node("a", INLINE, (content,), {"href": href}, width + GAP)


def span(text: str) -> Node:
    """A text apart from its neighbours."""
    text = clean(text)
    return Node("span", INLINE, (text,), width=text_width(text) + GAP)


def strong(text: str) -> Node:
    """A text that matters more."""
    text = clean(text)
    return Node("strong", INLINE, (text,), width=text_width(text) + GAP)


def image(alt: str) -> Node:
    """A picture, told by what it shows."""
    return Node("img", INLINE, (), {"alt": clean(alt)}, IMAGE + GAP)


def label(text: str, control: str) -> Node:
    """The label of the control with this id."""
    text = clean(text)
    return Node("label", INLINE, (text,), {"for": control}, text_width(text) + GAP)


def button(text: str, *, name: str = "", value: str = "", action: str = "") -> Node:
    """A button that sends its form, to another address if it has one of its own."""
    text = clean(text)
    attributes = {"type": "submit"}
    if name:
        attributes |= {"name": name, "value": value}
    if action:
        attributes["formaction"] = action
    # Buttons have borders and padding of their own in some browsers' style sheets.
    return Node("button", INLINE, (text,), attributes, text_width(text) + 2 * GAP)


def _labelled(name: str, label: str, id: str) -> dict[str, str]:
    if bool(label) == bool(id):
        raise ContractError(f"field {name!r} needs either a label or an id for one")
    return (
        {"name": name, "id": id} if id else {"name": name, "aria-label": clean(label)}
    )


def field(
    name: str, value: str = "", *, label: str = "", id: str = "", kind: str = "text"
) -> Node:
    """A text field; its label is invisible, or an element that names its id."""
    if kind not in FIELD_KINDS:
        raise ContractError(f"a field is one of {FIELD_KINDS}, not {kind!r}")
    attributes = {"type": kind, **_labelled(name, label, id)}
    attributes["value"] = printable(value)
    return Node("input", INLINE, (), attributes, FIELD + GAP)


def checkbox(
    name: str, value: str = "on", *, on: bool = False, label: str = "", id: str = ""
) -> Node:
    """A box to tick."""
    return _box("checkbox", name, value, on, _labelled(name, label, id))


def radio(
    name: str, value: str, *, on: bool = False, label: str = "", id: str = ""
) -> Node:
    """One of several choices of the same name."""
    return _box("radio", name, value, on, _labelled(name, label, id))


def _box(kind: str, name: str, value: str, on: bool, named: dict[str, str]) -> Node:
    attributes = {"type": kind, **named, "value": value}
    if on:
        attributes["checked"] = ""
    return Node("input", INLINE, (), attributes, IMAGE + GAP)


def hidden(name: str, value: str) -> Node:
    """A value that is sent along with a form."""
    return Node("input", UNSEEN, (), {"type": "hidden", "name": name, "value": value})


def select(
    name: str,
    options: Sequence[tuple[str, str]],
    chosen: str | None = None,
    *,
    label: str = "",
    id: str = "",
) -> Node:
    """A list to choose from: pairs of value and text, the first one is the default."""
    if not options:
        raise ContractError(f"the list {name!r} has nothing to choose")
    parts = []
    done = False
    for value, text in options:
        attributes = {"value": value}
        if value == chosen and not done:
            attributes["selected"] = ""
            done = True
        parts.append(Node("option", UNSEEN, (clean(text),), attributes))
    return Node("select", INLINE, tuple(parts), _labelled(name, label, id), FIELD + GAP)


# Rows


def _row(tag: str, content: Iterable[Content], texts_only: bool = False) -> Node:
    children: list[Content] = []
    width = 0.0
    last_is_text = False
    shown = False
    for part in content:
        if type(part) is str:
            if last_is_text:
                raise ContractError(f"two texts side by side in <{tag}>: {part!r}")
            part = clean(part)
            width += text_width(part)
            last_is_text = shown = True
        elif isinstance(part, Node):
            if part.kind == INLINE:
                if width > ROW_WIDTH and part.tag not in ("span", "strong"):
                    raise ContractError(
                        f"<{part.tag}> lies beyond the row's {ROW_WIDTH} pixels: {part}"
                    )
                if texts_only and (part.tag not in IN_TEXTS or _holds_image(part)):
                    raise ContractError(f"<{tag}> can't hold <{part.tag}>")
                width += part.width
                shown = True
                last_is_text = False
            elif part.kind != UNSEEN or texts_only or part.tag == "option":
                raise ContractError(f"<{part.tag}> can't stand in the row of a <{tag}>")
        else:
            raise ContractError(f"a page holds no {type(part).__name__}")
        children.append(part)
    if not shown:
        raise ContractError(f"there is nothing to be seen in <{tag}>")
    return Node(tag, ROW, tuple(children), width=width)


def _holds_image(node: Node) -> bool:
    return type(node.children[0]) is not str


def p(*content: Content) -> Node:
    """A row."""
    return _row("p", content)


def heading(level: int, *content: Content) -> Node:
    """A heading of level 1 to 4, of texts and links."""
    if level not in (1, 2, 3, 4):
        raise ContractError(f"there is no heading of level {level}")
    return _row(f"h{level}", content, texts_only=True)


def li(*content: Content) -> Node:
    """An item of a list: one row, or blocks."""
    return _either("li", content)


def div(*content: Content) -> Node:
    """One row, or blocks."""
    return _either("div", content)


def _either(tag: str, content: tuple[Content, ...]) -> Node:
    first = content[0] if content else ""
    if isinstance(first, Node) and first.kind in (BLOCK, ROW):
        return _blocks(tag, content)
    return _row(tag, content)


# Blocks


def _blocks(tag: str, content: Iterable[Content], **attributes: str) -> Node:
    children = tuple(content)
    if not children:
        raise ContractError(f"<{tag}> is empty")
    for part in children:
        if not isinstance(part, Node) or part.kind not in (BLOCK, ROW):
            if isinstance(part, Node) and tag == "form" and part.kind == UNSEEN:
                continue
            what = part.tag if isinstance(part, Node) else "a text"
            raise ContractError(f"<{tag}> holds blocks, not {what}")
    return Node(tag, BLOCK, children, attributes)


def header(*content: Node) -> Node:
    """The top of a page."""
    return _blocks("header", content)


def main(*content: Node) -> Node:
    """What a page is about."""
    return _blocks("main", content)


def footer(*content: Node) -> Node:
    """The bottom of a page."""
    return _blocks("footer", content)


def nav(*content: Node, label: str = "") -> Node:
    """Links to other pages."""
    if label:
        return _blocks("nav", content, **{"aria-label": clean(label)})
    return _blocks("nav", content)


def ul(*items: Node) -> Node:
    """A list."""
    return _list("ul", items)


def ol(*items: Node) -> Node:
    """A list in an order that matters."""
    return _list("ol", items)


def _list(tag: str, items: tuple[Node, ...]) -> Node:
    if any(not isinstance(item, Node) or item.tag != "li" for item in items):
        raise ContractError("a list holds items")
    return _blocks(tag, items)


def form(action: str, *content: Node, method: str = "post") -> Node:
    """A form; at least one button sends it."""
    if method not in ("get", "post"):
        raise ContractError(f"a form is sent by get or post, not {method!r}")
    if not action or "#" in action or (method == "get" and "?" in action):
        raise ContractError(f"a form of method {method} can't be sent to {action!r}")
    if all(isinstance(part, Node) and part.kind == UNSEEN for part in content):
        raise ContractError("a form needs something to be seen")
    return _blocks("form", content, method=method, action=action)


# Tables

Cell = Content | Sequence[Content]


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Node:
    """A table with a head; a cell is a text, a node, or a sequence of those.

    An empty text or sequence is an empty cell.
    """
    if not columns or not rows:
        raise ContractError("a table has columns and rows")
    head = tuple([Node("th", CELL, (clean(text),)) for text in columns])
    count = len(columns)
    room = TABLE_WIDTH / count
    body = []
    for row in rows:
        if len(row) != count:
            raise ContractError(f"a row of {len(row)} cells in a table of {count}")
        body.append(Node("tr", CELL, tuple([_cell(cell, room) for cell in row])))
    return Node(
        "table",
        BLOCK,
        (
            Node("thead", CELL, (Node("tr", CELL, head),)),
            Node("tbody", CELL, tuple(body)),
        ),
    )


def _cell(cell: Cell, room: float) -> Node:
    if type(cell) is str:
        return Node("td", CELL, (clean(cell),) if cell.strip() else ())
    parts = (cell,) if isinstance(cell, Node) else tuple(cell)
    if not parts:
        return Node("td", CELL)
    if len(parts) == 1 and isinstance(parts[0], Node):
        only = parts[0]
        if only.tag not in ALONE_IN_CELL and only.tag not in IN_TEXTS:
            raise ContractError(f"a cell can't hold <{only.tag}>")
        if only.kind != INLINE:
            raise ContractError("a cell must show something")
        if only.attributes.get("type") == "password":
            # Browsers count bullets in two ways there.
            raise ContractError("a password can't stand in a cell")
        return Node("td", CELL, parts)
    row = _row("td", parts, texts_only=True)
    start = 0.0
    for part in row.children:
        if isinstance(part, Node):
            if part.tag == "a" and start > room - 2 * NARROW:
                raise ContractError(f"a link lies beyond its cell: {part}")
            start += part.width
        else:
            start += text_width(part)
    return Node("td", CELL, row.children)


# Often used together


def paragraphs(rows: Iterable[str]) -> list[Node]:
    """One row per text."""
    return [p(row) for row in rows]
