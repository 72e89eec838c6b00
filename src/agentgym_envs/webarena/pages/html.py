"""Pages as HTML, in the one style that the contract is about."""

from __future__ import annotations

from html import escape
from zlib import crc32

from agentgym_envs.webarena.pages.nodes import BLOCK, ROW, Node

# Every rule here is part of the contract: rows are exactly 24 px high, nothing moves,
# grows, wraps or reacts to the mouse, so that the layout can be counted.
STYLE = """\
*{margin:0;padding:0;border:0;box-sizing:border-box;outline:0;\
font:12px/24px monospace;scroll-behavior:auto}
html{overflow-x:hidden;overflow-y:scroll;scrollbar-width:none}
body{width:1280px;background:#fff;color:#222}
header{background:#eef}footer{background:#eee}
p,h1,h2,h3,h4,.row{height:24px;white-space:nowrap;overflow:hidden}
h1,h2,h3,h4,strong,th{font-weight:bold}
ul,ol{list-style:none}
table{border-collapse:collapse;table-layout:fixed;width:1200px}
tr{height:24px}
th,td{height:24px;text-align:left;vertical-align:top;overflow:hidden;\
white-space:nowrap}
a,span,strong,label,img,button,input,select{margin-right:8px}
a{color:#03c;text-decoration:none}
input,select,button,img{height:20px;line-height:20px;vertical-align:top;\
appearance:none}
input,select{width:200px;background:#f2f2f2}
button{padding:0 4px;background:#ddd}
img,input[type=checkbox],input[type=radio]{width:20px}
input:checked{background:#333}
"""

ROW_CLASS = "row"  # of blocks that hold one
VOID = frozenset({"img", "input"})
ICON = '<link rel="icon" href="data:,">'


def to_html(title: str, body: Node) -> str:
    """Write a whole document; the same page gives the same text."""
    out = [
        "<!doctype html><html><head><meta charset=utf-8>",
        f"{ICON}<title>{escape(title, quote=False)}</title>",
        f"<style>{STYLE}</style></head>",
    ]
    _write(body, out)
    out.append("</html>\n")
    return "".join(out)


def _write(node: Node, out: list[str]) -> None:
    tag = node.tag
    out.append(f"<{tag}")
    for name, value in node.attributes.items():
        out.append(f' {name}="{escape(value)}"' if value else f' {name}=""')
    if tag == "img":
        out.append(f' src="{_picture(node.attributes["alt"])}"')
    elif tag == "form":
        out.append(" autocomplete=off novalidate")
    elif tag in ("div", "li") and is_row(node):
        out.append(f" class={ROW_CLASS}")
    out.append(">")
    if tag in VOID:
        return
    for child in node.children:
        if isinstance(child, Node):
            _write(child, out)
        else:
            out.append(escape(child, quote=False))
    out.append(f"</{tag}>")


def is_row(node: Node) -> bool:
    """Tell whether a block holds one row, and no blocks."""
    first = node.children[0]
    return not isinstance(first, Node) or first.kind not in (BLOCK, ROW)


def _picture(alt: str) -> str:
    """A square in a colour that depends on what the picture shows."""
    hue = crc32(alt.encode()) % 360
    return (
        "data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27"
        " width=%2720%27 height=%2720%27%3E%3Crect width=%2720%27 height=%2720%27"
        f" fill=%27hsl({hue},60%25,60%25)%27/%3E%3C/svg%3E"
    )
