"""From nodes to the lines of an accessibility tree, with rows in place of pixels.

A line carries its depth, the rows it covers and its text; nothing needs the nodes
again to scroll, type or switch tabs. Texts of role and properties are those of
Chromium 156 in the canonical form that `agentgym_envs.webarena.lines` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from agentgym_envs.webarena.pages.html import to_html
from agentgym_envs.webarena.pages.nodes import (
    BLOCK,
    ROW,
    Content,
    ContractError,
    Node,
    visible,
)

SCREEN = 30  # rows of a window
LINKS = ("link", "button")
TEXTS = ("text", "password", "search")
BOXES = ("checkbox", "radio")

# What a line depends on, if not on the page alone.
CONTROL, VALUE, CELL, OPTION = range(4)


class Live(NamedTuple):
    """What a line shows of a control that an agent can change."""

    kind: int
    control: int
    option: int = 0


class Line(NamedTuple):
    """A line of the tree, as it is before anything is typed or focused."""

    depth: int
    first: int
    """The first row; -1 for what is never seen in a window."""
    past: int
    """The row behind the last one."""
    text: str
    """Role, name and properties; empty if there is nothing to be shown yet."""
    target: int
    """The control at or above it, -1 if none."""
    live: Live | None = None


class Control:
    """Something that can be clicked on or typed into."""

    __slots__ = (
        "address",
        "form",
        "head",
        "id",
        "kind",
        "label",
        "name",
        "options",
        "row",
        "start",
        "tail",
        "value",
    )

    def __init__(self, kind: str, row: int, form: int, name: str = "") -> None:
        self.kind = kind
        self.row = row
        self.form = form  # -1: in none
        self.name = name
        self.value = ""  # what is sent, of buttons and boxes
        self.start: str | bool | int = ""  # text, ticked or not, option
        self.options: tuple[tuple[str, str], ...] = ()  # values and texts
        self.address = ""  # where a link or button leads; empty: its form's
        self.label = ""
        self.id = ""
        self.head = ""  # role and name
        self.tail = ""  # properties that never change


class Form:
    """Where a form is sent to, and what is in it, in order."""

    __slots__ = ("action", "button", "fields", "method")

    def __init__(self, method: str, action: str) -> None:
        self.method = method
        self.action = action
        self.button = -1  # the first one
        self.fields: list[int | tuple[str, str]] = []


class Page:
    """A page that a tab can show; never changed, so it may be shared."""

    __slots__ = ("body", "controls", "forms", "lines", "rows", "title", "views")

    def __init__(self, title: str, body: Node | None) -> None:
        self.title = title
        self.body = body
        self.lines: list[Line] = []
        self.controls: list[Control] = []
        self.forms: list[Form] = []
        self.rows = 0
        # Finished observations by scroll offset, kept while nothing is typed.
        self.views: dict[int, tuple[str, list[int]]] = {}

    @property
    def bottom(self) -> int:
        """The largest scroll offset, in rows."""
        return max(0, self.rows - SCREEN)

    def html(self) -> str:
        """Write the document that a browser loads."""
        if self.body is None:
            return "<html><head></head><body></body></html>"
        return to_html(self.title, self.body)


def blank_page() -> Page:
    """Give the page of a new tab."""
    page = Page("", None)
    page.lines.append(Line(0, 0, 1 << 30, "RootWebArea '' focused: True", -1))
    return page


def compile_page(title: str, *content: Node) -> Page:
    """Check a whole page and work out its lines.

    Raises:
        ContractError: if a real browser could show the page differently.
    """
    title = visible(title)
    if not title:
        raise ContractError("a page has a title")
    if not content:
        raise ContractError("a page shows something")
    for part in content:
        if not isinstance(part, Node) or part.kind not in (BLOCK, ROW):
            raise ContractError(f"a page holds blocks, not {part!r:.80}")
    body = Node("body", BLOCK, content)
    compiler = _Compiler(Page(title, body))
    return compiler.run()


# The lines that depend on a control


def control_line(control: Control, value: str | bool | int, focused: bool) -> str:
    """Write the line of a control itself."""
    head = f"{control.head} focused: True" if focused else control.head
    if control.kind in BOXES:
        return f"{head} checked: {'true' if value else 'false'}"
    return head + control.tail


def value_line(control: Control, value: str | bool | int) -> str:
    """Write the line of what stands in a field; empty if nothing does."""
    if not value:
        return ""
    assert isinstance(value, str)
    shown = "\u2022" * len(value) if control.kind == "password" else value
    return f"StaticText {shown!r}"


def cell_line(control: Control, value: str | bool | int) -> str:
    """Write the line of a cell that holds one field, box or list."""
    name = control.label
    if control.kind == "select":
        assert isinstance(value, int)
        name = control.options[value][1]
    elif control.kind in TEXTS:
        assert isinstance(value, str)
        name = " ".join(value.split()) or name
    return f"gridcell {name!r} required: False"


def option_line(control: Control, chosen: str | bool | int, place: int) -> str:
    """Write the line of something that a list offers."""
    return f"option {control.options[place][1]!r} selected: {chosen == place}"


def live_line(
    control: Control, live: Live, value: str | bool | int, focused: bool
) -> str:
    """Write a line as the control is now."""
    if live.kind == CONTROL:
        return control_line(control, value, focused)
    if live.kind == VALUE:
        return value_line(control, value)
    if live.kind == CELL:
        return cell_line(control, value)
    return option_line(control, value, live.option)


def _plain(node: Node) -> str:
    """The text of a node, or what its image shows."""
    out = ""
    for child in node.children:
        if not isinstance(child, Node):
            out += child
        elif child.tag == "img":
            out += child.attributes["alt"]
        else:
            out += _plain(child)
    return out


_NOWHERE = Line(0, 0, 0, "", -1)
# Deeper inside, browsers give these other roles.
_TOP = {"header": "", "main": "main ''", "footer": "contentinfo ''"}


class _Compiler:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.lines
        self.row = 0
        self.form = -1
        self.labels: dict[str, str] = {}  # texts by the id they are for
        self.label_lines: list[tuple[int, str]] = []  # line, id
        self.named: list[tuple[int, Control, str]] = []  # line, control, role
        self.cell_lines: list[tuple[int, int]] = []  # line, control
        self.radios: set[tuple[int, str]] = set()

    def run(self) -> Page:
        page = self.page
        assert page.body is not None
        root = f"RootWebArea {page.title!r} focused: True"
        self.lines.append(Line(0, 0, 1 << 30, root, -1))
        for child in page.body.children:
            assert isinstance(child, Node)
            if child.tag in _TOP:
                self.top(child)
            else:
                self.block(child, 1)
        page.rows = self.row
        if self.named:
            self.name_controls()
        elif self.labels:
            raise ContractError(f"labels for nothing: {sorted(self.labels)}")
        for form in page.forms:
            if form.button < 0 and any(type(part) is int for part in form.fields):
                raise ContractError("a form with a field needs a button")
        return page

    # Blocks

    def block(self, node: Content, depth: int) -> None:
        assert isinstance(node, Node)
        if node.kind == ROW:
            self.in_row(node, depth)
            return
        special = _BLOCKS.get(node.tag)
        if node.tag in _TOP:
            raise ContractError(f"<{node.tag}> stands at the top of a page only")
        if special is not None:
            special(self, node, depth)
            return
        for child in node.children:
            self.block(child, depth)

    def top(self, node: Node) -> None:
        text = _TOP[node.tag]
        place, first = len(self.lines), self.row
        if text:
            self.lines.append(_NOWHERE)
        for child in node.children:
            self.block(child, 2 if text else 1)
        if text:
            self.lines[place] = Line(1, first, self.row, text, -1)

    def navigation(self, node: Node, depth: int) -> None:
        name = node.attributes.get("aria-label")
        if name is None:
            for child in node.children:
                self.block(child, depth)
            return
        place, first = len(self.lines), self.row
        self.lines.append(_NOWHERE)
        for child in node.children:
            self.block(child, depth + 1)
        self.lines[place] = Line(depth, first, self.row, f"navigation {name!r}", -1)

    def form_block(self, node: Node, depth: int) -> None:
        if self.form >= 0:
            raise ContractError("a form inside a form")
        self.form = len(self.page.forms)
        form = Form(node.attributes["method"], node.attributes["action"])
        self.page.forms.append(form)
        for child in node.children:
            assert isinstance(child, Node)
            if child.tag == "input":
                self.unseen(child)
            else:
                self.block(child, depth)
        self.form = -1

    def table(self, node: Node, depth: int) -> None:
        place, first = len(self.lines), self.row
        self.lines.append(_NOWHERE)
        head, body = node.children
        assert isinstance(head, Node) and isinstance(body, Node)
        for row in (*head.children, *body.children):
            assert isinstance(row, Node)
            now = self.row
            self.lines.append(Line(depth + 1, now, now + 1, "row ''", -1))
            for cell in row.children:
                assert isinstance(cell, Node)
                self.cell(cell, depth + 2)
            self.row = now + 1
        self.lines[place] = Line(depth, first, self.row, "table ''", -1)

    def cell(self, node: Node, depth: int) -> None:
        row, lines = self.row, self.lines
        if node.tag == "th":
            name = node.children[0]
            text = f"columnheader {name!r} required: False"
            lines.append(Line(depth, row, row + 1, text, -1))
        else:
            name = _plain(node)
            text = f"gridcell {name!r} required: False"
            place = len(lines)
            count = len(self.page.controls)
            lines.append(Line(depth, row, row + 1, text, -1))
            only = node.children[0] if len(node.children) == 1 else ""
            if isinstance(only, Node) and only.tag in ("input", "select"):
                self.cell_lines.append((place, count))
        for child in node.children:
            self.inline(child, depth + 1, -1)

    # Rows

    def in_row(self, node: Node, depth: int) -> None:
        row = self.row
        if node.tag[0] == "h":  # h1 to h4: a header is a block
            text = f"heading {_plain(node)!r}"
            self.lines.append(Line(depth, row, row + 1, text, -1))
            depth += 1
        for child in node.children:
            self.inline(child, depth, -1)
        self.row = row + 1

    def inline(self, node: Content, depth: int, target: int) -> None:
        row = self.row
        if not isinstance(node, Node):
            self.lines.append(Line(depth, row, row + 1, f"StaticText {node!r}", target))
            return
        _INLINE[node.tag](self, node, depth, target)

    def texts(self, node: Node, depth: int, target: int) -> None:
        self.inline(node.children[0], depth, target)

    def link(self, node: Node, depth: int, target: int) -> None:
        row = self.row
        index = len(self.page.controls)
        control = Control("link", row, self.form)
        control.address = node.attributes["href"]
        self.page.controls.append(control)
        control.label = _plain(node)
        control.head = head = f"link {control.label!r}"
        self.lines.append(Line(depth, row, row + 1, head, index, Live(CONTROL, index)))
        inside = node.children[0]
        if type(inside) is str:
            text = f"StaticText {inside!r}"
            self.lines.append(Line(depth + 1, row, row + 1, text, index))
        else:
            self.inline(inside, depth + 1, index)

    def picture(self, node: Node, depth: int, target: int) -> None:
        row = self.row
        text = f"img {node.attributes['alt']!r}"
        self.lines.append(Line(depth, row, row + 1, text, target))

    def push_button(self, node: Node, depth: int, target: int) -> None:
        row, page = self.row, self.page
        if self.form < 0:
            raise ContractError(f"a button outside a form: {node}")
        index = len(page.controls)
        attributes = node.attributes
        control = Control("button", row, self.form, attributes.get("name", ""))
        control.value = attributes.get("value", "")
        control.address = attributes.get("formaction", "")
        page.controls.append(control)
        form = page.forms[self.form]
        if form.button < 0:
            form.button = index
        form.fields.append(index)
        control.label = str(node.children[0])
        control.head = head = f"button {control.label!r}"
        self.lines.append(Line(depth, row, row + 1, head, index, Live(CONTROL, index)))
        self.inline(node.children[0], depth + 1, index)

    def label(self, node: Node, depth: int, target: int) -> None:
        control = node.attributes["for"]
        if control in self.labels:
            raise ContractError(f"two labels for {control!r}")
        text = str(node.children[0])
        self.labels[control] = text
        row = self.row
        # Whether it is printed depends on what it is for; see `place_labels`.
        self.label_lines.append((len(self.lines), control))
        self.lines.append(Line(depth, row, row + 1, f"StaticText {text!r}", -1))

    def unseen(self, node: Node) -> None:
        if self.form < 0:
            raise ContractError("a hidden field outside a form")
        attributes = node.attributes
        pair = attributes["name"], attributes["value"]
        self.page.forms[self.form].fields.append(pair)

    def field(self, node: Node, depth: int, target: int) -> None:
        attributes = node.attributes
        kind = attributes["type"]
        if kind == "hidden":
            self.unseen(node)
            return
        control = self.control(kind, node)
        control.value = attributes["value"]
        if kind in BOXES:
            control.start = "checked" in attributes
            control.head, control.tail = kind, ""
            if kind == "radio" and control.start:
                group = (self.form, control.name)
                if group in self.radios:
                    raise ContractError(f"two choices of {control.name!r} are on")
                self.radios.add(group)
        else:
            control.start = control.value
            control.head = "searchbox" if kind == "search" else "textbox"
            control.tail = "" if kind == "search" else " required: False"
        self.add_control(control, depth)
        if kind in TEXTS:
            index = len(self.page.controls) - 1
            live = Live(VALUE, index)
            row = self.row
            text = value_line(control, control.value)
            self.lines.append(Line(depth + 1, row, row + 1, text, index, live))

    def choice(self, node: Node, depth: int, target: int) -> None:
        control = self.control("select", node)
        control.start = 0
        options = []
        for place, option in enumerate(node.children):
            assert isinstance(option, Node)
            options.append((option.attributes["value"], str(option.children[0])))
            if "selected" in option.attributes:
                control.start = place
        control.options = tuple(options)
        control.head, control.tail = "combobox", " hasPopup: menu expanded: False"
        self.add_control(control, depth)
        index = len(self.page.controls) - 1
        # A closed list takes no place: its options are in no window.
        self.lines.append(Line(depth + 1, -1, -1, "MenuListPopup ''", index))
        for place in range(len(options)):
            text = option_line(control, control.start, place)
            live = Live(OPTION, index, place)
            self.lines.append(Line(depth + 2, -1, -1, text, index, live))

    def control(self, kind: str, node: Node) -> Control:
        if self.form < 0:
            raise ContractError(f"a field outside a form: {node}")
        control = Control(kind, self.row, self.form, node.attributes["name"])
        control.label = node.attributes.get("aria-label", "")
        control.id = node.attributes.get("id", "")
        return control

    def add_control(self, control: Control, depth: int) -> None:
        index = len(self.page.controls)
        self.page.controls.append(control)
        self.page.forms[self.form].fields.append(index)
        self.named.append((len(self.lines), control, control.head))
        row = self.row
        live = Live(CONTROL, index)
        self.lines.append(Line(depth, row, row + 1, "", index, live))

    # When all labels are known

    def name_controls(self) -> None:
        lines = self.lines
        by_id: dict[str, int] = {}
        for place, control, role in self.named:
            if control.id:
                if control.id in by_id:
                    raise ContractError(f"two fields with the id {control.id!r}")
                if control.id not in self.labels:
                    raise ContractError(f"no label for {control.id!r}")
                by_id[control.id] = lines[place].target
                control.label = self.labels[control.id]
            control.head = f"{role} {control.label!r}"
            text = control_line(control, control.start, focused=False)
            lines[place] = lines[place]._replace(text=text)
        for place, index in self.cell_lines:
            control = self.page.controls[index]
            line = lines[place]
            lines[place] = line._replace(
                text=cell_line(control, control.start), live=Live(CELL, index)
            )
        if self.labels:
            self.place_labels(by_id)

    def place_labels(self, by_id: dict[str, int]) -> None:
        lines = self.lines
        dropped = set()
        for place, name in self.label_lines:
            if name not in by_id:
                raise ContractError(f"a label for {name!r}, which is not there")
            index = by_id[name]
            if self.page.controls[index].kind in BOXES:
                dropped.add(place)
            lines[place] = lines[place]._replace(target=index)
        if dropped:
            self.page.lines = [
                line for place, line in enumerate(lines) if place not in dropped
            ]


_BLOCKS: dict[str, Callable[[_Compiler, Node, int], None]] = {
    "nav": _Compiler.navigation,
    "form": _Compiler.form_block,
    "table": _Compiler.table,
}
_INLINE: dict[str, Callable[[_Compiler, Node, int, int], None]] = {
    "a": _Compiler.link,
    "span": _Compiler.texts,
    "strong": _Compiler.texts,
    "label": _Compiler.label,
    "img": _Compiler.picture,
    "button": _Compiler.push_button,
    "input": _Compiler.field,
    "select": _Compiler.choice,
}
