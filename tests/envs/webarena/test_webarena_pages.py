"""The contract of pages: what is refused, and what lines come out."""

from __future__ import annotations

import pytest

from agentgym_envs.webarena.lines import tab_line, write_lines
from agentgym_envs.webarena.pages import build as b
from agentgym_envs.webarena.pages.nodes import ContractError, shorten, wrap
from agentgym_envs.webarena.pages.page import compile_page
from agentgym_envs.webarena.text.tab import Tab

GO = b.p(b.button("Go"))
REFUSED = {
    "two texts side by side": lambda: b.p("a", "b"),
    "an empty row": lambda: b.p(),
    "a row of nothing to be seen": lambda: b.p(" \t"),
    "only a hidden field in a row": lambda: b.p(b.hidden("a", "b")),
    "a block in a row": lambda: b.p("a", b.p("b")),
    "a row beside a block": lambda: b.div(b.p("a"), "b"),
    "a link to a fragment": lambda: b.link("a", "#top"),
    "a link with nothing in it": lambda: b.link("", "/"),
    "an image in a heading": lambda: b.heading(1, b.image("a")),
    "a link with an image in a heading": lambda: b.heading(
        1, b.link(b.image("a"), "/")
    ),
    "a heading of level 5": lambda: b.heading(5, "a"),
    "a field in a heading": lambda: b.heading(1, b.field("a", label="a")),
    "a field without a label": lambda: b.field("a"),
    "a field with two": lambda: b.field("a", label="a", id="a"),
    "a date": lambda: b.field("a", label="a", kind="date"),
    "a list without entries": lambda: b.select("a", [], label="a"),
    "a table without rows": lambda: b.table(["a"], []),
    "a table without a head": lambda: b.table([], [[]]),
    "a row that is too short": lambda: b.table(["a", "b"], [["c"]]),
    "a button among texts in a cell": lambda: b.table(["a"], [["b", b.button("c")]]),
    "a password in a cell": lambda: b.table(
        ["a"], [[b.field("b", label="c", kind="password")]]
    ),
    "a link beyond its row": lambda: b.p("x" * 170, b.link("a", "/")),
    "a link beyond its cell": lambda: b.table(
        ["a", "b"], [[["x" * 90, b.link("c", "/")], ""]]
    ),
    "a form that shows nothing": lambda: b.form("/", b.hidden("a", "b")),
    "a form sent to a fragment": lambda: b.form("/#a", GO),
    "a query in the address of a form sent by get": lambda: b.form(
        "/?a=b", GO, method="get"
    ),
}
REFUSED_PAGES = {
    "no title": ("", b.p("a")),
    "a form in a form": ("t", b.form("/", b.div(b.form("/", GO), GO))),
    "a button without a form": ("t", GO),
    "a field without a form": ("t", b.p(b.field("a", label="a"))),
    "a field in a form without a button": (
        "t",
        b.form("/", b.p(b.field("a", label="a"))),
    ),
    "a label for nothing": ("t", b.p(b.label("a", "b"))),
    "a field whose label is missing": ("t", b.form("/", b.p(b.field("a", id="a")), GO)),
    "two labels for a field": (
        "t",
        b.form(
            "/", b.p(b.label("a", "c"), b.label("b", "c"), b.field("c", id="c")), GO
        ),
    ),
    "two fields with an id": (
        "t",
        b.form(
            "/",
            b.p(b.label("a", "c"), b.field("c", id="c"), b.field("d", id="c")),
            GO,
        ),
    ),
    "two choices of a group": (
        "t",
        b.form(
            "/",
            b.p(
                b.radio("a", "1", on=True, label="a"),
                b.radio("a", "2", on=True, label="b"),
            ),
            GO,
        ),
    ),
    "a main part inside another block": ("t", b.div(b.main(b.p("a")))),
    "a text at the top": ("t", "a"),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=list(REFUSED))
def test_a_part_that_breaks_the_contract_is_refused(make):
    with pytest.raises(ContractError):
        make()


@pytest.mark.parametrize("page", REFUSED_PAGES.values(), ids=list(REFUSED_PAGES))
def test_a_page_that_breaks_the_contract_is_refused(page):
    with pytest.raises(ContractError):
        compile_page(*page)


def test_a_page_becomes_lines():
    page = compile_page(
        "Tea",
        b.header(b.p("Hello", b.link("Home", "/"))),
        b.main(
            b.heading(1, "Green ", b.link("tea", "/tea")),
            b.form(
                "/buy",
                b.p(
                    b.label("Qty", "q"), b.field("q", "seven", id="q"), b.button("Buy")
                ),
                b.p(b.checkbox("gift", on=True, id="g"), b.label("Gift", "g")),
            ),
            b.table(
                ["Kind", "Price"], [["Sencha", "$4"], [b.link("Matcha", "/m"), ""]]
            ),
        ),
    )
    assert Tab(page).view(whole=False) == "\n".join(
        [
            "[1] RootWebArea 'Tea' focused: True",
            "\t[2] StaticText 'Hello'",
            "\t[3] link 'Home'",
            "\t[5] main ''",
            "\t\t[6] heading 'Greentea'",
            "\t\t\t[8] link 'tea'",
            "\t\t[10] StaticText 'Qty'",
            "\t\t[11] textbox 'Qty' required: False",
            "\t\t\t[12] StaticText 'seven'",
            "\t\t[13] button 'Buy'",
            "\t\t[15] checkbox 'Gift' checked: true",
            "\t\t[16] table ''",
            "\t\t\t[17] row ''",
            "\t\t\t\t[18] columnheader 'Kind' required: False",
            "\t\t\t\t[20] columnheader 'Price' required: False",
            "\t\t\t[22] row ''",
            "\t\t\t\t[23] gridcell 'Sencha' required: False",
            "\t\t\t\t[25] gridcell '$4' required: False",
            "\t\t\t[27] row ''",
            "\t\t\t\t[28] gridcell 'Matcha' required: False",
            "\t\t\t\t\t[29] link 'Matcha'",
            "\t\t\t\t[31] gridcell '' required: False",
        ]
    )


def test_texts_in_one_of_the_last_three_lines_are_left_out():
    lines = [(0, "link 'Tea'"), (1, "StaticText 'Tea'"), (0, "link 'a statictext'")]
    lines += [(0, "StaticText '2'"), (0, "StaticText '7'"), (0, 'StaticText "it\'s"')]
    # 2 is not in any line before it, but 7 neither; a number of a line would count.
    assert write_lines(lines) == (
        "[1] link 'Tea'\n[4] StaticText '2'\n[5] StaticText '7'\n"
        '[6] StaticText "it\'s"'
    )
    assert write_lines([(0, "img 'a'"), (0, "StaticText '1'")]) == "[1] img 'a'"


def test_the_line_of_tabs_marks_the_current_one():
    assert tab_line(["Tea", ""], 1) == "Tab 0: Tea | Tab 1 (current): "


def test_long_texts_are_wrapped_and_cut():
    assert wrap("one two\nthree", 7) == ["one two", "three"]
    assert wrap("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    assert wrap(" \u200b\n") == []
    assert shorten("a long name", 8) == "a lon..."
    assert shorten("short", 8) == "short"
