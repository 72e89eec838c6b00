"""Random pages that obey the contract."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from sqlite3 import Connection
from zlib import crc32

from agentgym_envs.webarena.pages import build as b
from agentgym_envs.webarena.pages.nodes import Content, Node
from agentgym_envs.webarena.pages.page import Page, compile_page
from agentgym_envs.webarena.sites.database import Template
from agentgym_envs.webarena.sites.site import Site, View, Visit

WORDS = """tea lamp 1 12 the A café naïve "quoted" it's <b>bold</b> &amp; a&b 50% -
statictext StaticText 'x' back\\slash 日本語 שלום مرحبا 😀 ﬁ Å é ½ [12] $0.00 #7 {{x}}
x' or '1'='1 very-long-word-without-any-break 🏳 ™ “curly” … – — 7.3 link
button""".split()


class Maker:
    """Makes one page from a generator."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.ids = 0
        self.in_form = False
        self.labelled: list[Node] = []

    def text(self, most: int = 4) -> str:
        rng = self.rng
        count = 1 + int(rng.random() * most)
        gap = "  " if rng.random() < 0.1 else " "
        return gap.join(rng.choice(WORDS) for _ in range(count))

    def view(self) -> View:
        rng = self.rng
        blocks = [self.block(0) for _ in range(1 + rng.randrange(9))]
        return View(self.text(), blocks)

    def block(self, depth: int) -> Node:
        rng = self.rng
        kinds = ["p"] * 4 + ["h", "div", "li", "table"]
        if depth == 0:
            kinds += ["header", "main", "footer"] * 3
        if depth < 4:
            kinds += ["nav", "blocks", "list"]
            kinds += [] if self.in_form else ["form", "form", "form"]
        kind = rng.choice(kinds)
        if kind == "h":
            return b.heading(1 + rng.randrange(4), *self.texts())
        if kind == "p":
            return b.p(*self.row())
        if kind == "div":
            return b.div(*self.row())
        if kind == "li":
            return b.ul(b.li(*self.row()))
        if kind == "table":
            return self.table()
        inner = [self.block(depth + 1) for _ in range(1 + rng.randrange(4))]
        if kind == "form":
            return self.form(depth)
        if kind == "nav":
            return b.nav(*inner, label=rng.choice(["", self.text(2)]))
        if kind == "list":
            items = [b.li(part) for part in inner]
            return rng.choice([b.ul, b.ol])(*items)
        make: Callable[..., Node] = {
            "header": b.header,
            "main": b.main,
            "footer": b.footer,
            "blocks": b.div,
        }[kind]
        return make(*inner)

    def form(self, depth: int) -> Node:
        rng = self.rng
        self.in_form = True
        inner = [self.block(depth + 1) for _ in range(1 + rng.randrange(5))]
        inner.append(b.p(*self.row(), self.button()))
        if rng.random() < 0.4:
            inner.insert(rng.randrange(len(inner)), b.hidden("token", self.text()))
        rng.shuffle(inner)
        self.in_form = False
        method = rng.choice(["get", "post"])
        return b.form("/to" if method == "get" else "/to?x=1", *inner, method=method)

    def button(self) -> Node:
        named = self.rng.random() < 0.3
        action = "/other" if self.rng.random() < 0.2 else ""
        name, value = ("do", self.text()) if named else ("", "")
        return b.button(self.text(2), name=name, value=value, action=action)

    def row(self) -> list[Content]:
        rng = self.rng
        parts: list[Content] = []
        for _ in range(1 + rng.randrange(3)):
            if parts and isinstance(parts[-1], str):
                parts.append(self.element())
            elif rng.random() < 0.4:
                parts.append(self.text())
            else:
                parts += self.labelled_element()
        return parts

    def labelled_element(self) -> list[Content]:
        """An element, and perhaps a label for it, before or after it."""
        rng = self.rng
        if not self.in_form or rng.random() < 0.5:
            return [self.element()]
        self.ids += 1
        name = f"c{self.ids}"
        label = b.label(self.text(2), name)
        parts = [label, self.control(id=name)]
        if rng.random() < 0.3:
            parts.reverse()
        return list(parts)

    def element(self) -> Node:
        rng = self.rng
        kinds = ["a", "a", "aimg", "img", "span", "strong"]
        if self.in_form:
            kinds += ["button"] + ["control"] * 6
        kind = rng.choice(kinds)
        if kind == "control":
            return self.control(label=self.text(2))
        if kind == "button":
            return self.button()
        if kind == "a":
            return self.link()
        if kind == "aimg":
            return b.link(b.image(self.text(2)), "/there")
        if kind == "img":
            return b.image(self.text(2))
        return (b.span if kind == "span" else b.strong)(self.text())

    def link(self) -> Node:
        target = self.rng.choice(["/there", "/a?b=1&c=2", "/%7Ea/", "?only=query"])
        return b.link(self.text(3), target)

    def control(self, label: str = "", id: str = "") -> Node:
        rng = self.rng
        kind = rng.choice(["text", "password", "search", "checkbox", "radio", "select"])
        name = rng.choice("abc")
        if kind == "checkbox":
            return b.checkbox(name, on=rng.random() < 0.5, label=label, id=id)
        if kind == "radio":
            self.ids += 1
            group = rng.choice(["r", f"s{self.ids}"])
            on = group != "r" and rng.random() < 0.5
            return b.radio(group, self.text(1), on=on, label=label, id=id)
        if kind == "select":
            options = [(str(i), self.text(2)) for i in range(1 + rng.randrange(4))]
            chosen = rng.choice([None, "0", "1"])
            return b.select(name, options, chosen, label=label, id=id)
        value = rng.choice(["", self.text(), f" {self.text()}  "])
        return b.field(name, value, label=label, id=id, kind=kind)

    def texts(self) -> list[Content]:
        rng = self.rng
        parts: list[Content] = []
        for _ in range(1 + rng.randrange(3)):
            if rng.random() < 0.5 and not (parts and isinstance(parts[-1], str)):
                parts.append(self.text())
            else:
                parts.append(
                    rng.choice([b.span, b.strong])(self.text())
                    if rng.random() < 0.5
                    else self.link()
                )
        return parts

    def table(self) -> Node:
        rng = self.rng
        columns = [self.text(2) for _ in range(1 + rng.randrange(4))]
        rows = [[self.cell() for _ in columns] for _ in range(1 + rng.randrange(5))]
        return b.table(columns, rows)

    def cell(self) -> b.Cell:
        rng = self.rng
        roll = rng.random()
        if roll < 0.1:
            return ""
        if roll < 0.4:
            return self.text()
        if roll < 0.6:
            return [b.span(self.text(1)), self.text(2)]
        return self.element()


def random_view(seed: int) -> View:
    """Make a page; tries again where rows came out too wide."""
    rng = Random(seed)
    while True:
        try:
            view = Maker(rng).view()
            compile_page(view.title, *view.content)
            return view
        except b.ContractError:
            continue


def random_page(seed: int) -> Page:
    """Make a page without a site around it."""
    view = random_view(seed)
    return compile_page(view.title, *view.content)


def _build(connection: Connection) -> None:
    connection.execute("CREATE TABLE session (token TEXT PRIMARY KEY, account INT)")
    connection.execute("CREATE TABLE sent (id INTEGER PRIMARY KEY, body TEXT)")


def random_site(host: str, pages: int) -> Site:
    """A site whose every address shows one of some random pages.

    What a form sends is kept, and tells which page comes next.
    """

    def layout(visit: Visit, view: View) -> Page:
        return compile_page(view.title, *view.content)

    site = Site("random", host, Template(_build), layout)

    def view(visit: Visit, **parts: str) -> View:
        query = "&".join(f"{k}={v}" for k, v in visit.query.items())
        made = f"{visit.path}?{query}{visit.account}"
        return random_view(crc32(made.encode()) % pages)

    def send(visit: Visit, **parts: str) -> str:
        body = "&".join(f"{k}={v}" for k, v in visit.form.items())
        number = visit.db.insert("sent", body=body)
        if number % 3 == 0:
            visit.sign_in(number)
        return f"/sent/{crc32(body.encode()) % pages}"

    for pattern in ("/", "/<a>", "/<a>/<b>"):
        site.page(pattern)(view)
        site.action(pattern)(send)
    return site
