"""The nodes of a page, and the text in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NARROW = 7.3  # pixels of an ASCII character at 12 px monospace
WIDE = 14.0  # pixels, at most, of any other one
FIELD = 200  # pixels of a text field or a list
IMAGE = 20  # pixels
GAP = 8  # pixels behind each element in a row
ROW_WIDTH = 1200  # pixels within which whatever can be clicked on must begin

BLOCK: Final = 0  # holds blocks
ROW: Final = 1  # a block of one row, or one that holds blocks
INLINE: Final = 2  # stands in a row
CELL: Final = 3  # a cell, a row of a table, a section of a table
UNSEEN: Final = 4  # takes no place

NO_ATTRIBUTES: Mapping[str, str] = {}


class ContractError(ValueError):
    """A page that a real browser and the text browser could show differently."""


class Node:
    """An element: a tag, attributes, and children that are nodes or texts.

    Made by the functions of `build`, and never changed afterwards.
    """

    __slots__ = ("attributes", "children", "kind", "tag", "width")

    def __init__(
        self,
        tag: str,
        kind: int,
        children: tuple[Node | str, ...] = (),
        attributes: Mapping[str, str] = NO_ATTRIBUTES,
        width: float = 0.0,
    ) -> None:
        self.tag = tag
        self.kind = kind
        self.children = children
        self.attributes = attributes
        self.width = width  # pixels, of what stands in a row

    def __repr__(self) -> str:
        return f"<{self.tag} {dict(self.attributes)}: {list(self.children)}>"


Content = Node | str


def clean(text: str) -> str:
    """Collapse white space and drop what cannot be seen; what is left has content.

    Raises:
        ContractError: if nothing is left.
    """
    if not text.isprintable():
        text = "".join([c if c.isprintable() else " " for c in text])
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    if not text:
        raise ContractError("a text must have a character that can be seen")
    return text


def visible(text: str, otherwise: str = "") -> str:
    """Clean a text that may turn out to be empty."""
    try:
        return clean(text)
    except ContractError:
        return otherwise


def text_width(text: str) -> float:
    """Pixels that a text takes, at most."""
    if text.isascii():
        return NARROW * len(text)
    return sum([NARROW if c < "\x7f" else WIDE for c in text])


def shorten(text: str, limit: int) -> str:
    """Cut a text to a number of characters, with an ellipsis if something is lost."""
    text = visible(text)
    return text if len(text) <= limit else text[: limit - 3].rstrip() + "..."


def wrap(text: str, limit: int = 150) -> list[str]:
    """Break a text into rows of at most that many characters, at spaces if it can.

    Gives an empty list for a text that has nothing to be seen.
    """
    rows: list[str] = []
    for part in text.splitlines():
        row = ""
        for word in visible(part).split():
            while len(word) > limit:
                rows += [row] if row else []
                row, rest = word[:limit], word[limit:]
                rows.append(row)
                row, word = "", rest
            if row and len(row) + 1 + len(word) > limit:
                rows.append(row)
                row = word
            elif word:
                row = f"{row} {word}" if row else word
        if row:
            rows.append(row)
    return rows
