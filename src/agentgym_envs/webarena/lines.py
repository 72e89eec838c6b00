"""From lines of a tree to the observation text, for both backends.

The format is that of WebArena's accessibility-tree observation (Zhou et al. 2023,
github.com/web-arena-x/webarena, ``browser_env/processors.py``): a line per node,
indented by tabs, with a number, the role, the name as a Python literal and properties;
texts that the last three lines already showed are left out. In the canonical form the
nodes are numbered from 1 in the order in which they are printed, and the numbering
comes before the cleaning, so numbers of lines that were cleaned away are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

STATIC = "StaticText "
_STATIC_QUOTED = len(STATIC) + 1  # the text begins behind the quote


def write_lines(
    lines: Iterable[tuple[int, str]], numbers: Iterable[int] | None = None
) -> str:
    """Number, clean and join lines, each a depth and a text."""
    kept: list[str] = []
    # The last three lines that were kept.
    one = two = three = ""
    for number, (depth, text) in zip(numbers or count(1), lines, strict=False):
        if text.startswith(STATIC):
            shown = text[_STATIC_QUOTED:-1]
            if not shown or shown in three or shown in two or shown in one:
                continue
        elif "statictext" in text.lower():
            # The original drops whatever names the role, a link called so as well.
            continue
        one, two = two, three
        three = f"{_TABS[depth]}[{number}] {text}"
        kept.append(three)
    return "\n".join(kept)


class _Tabs(dict[int, str]):
    def __missing__(self, depth: int) -> str:
        tabs = self[depth] = "\t" * depth
        return tabs


_TABS = _Tabs()


def tab_line(titles: Sequence[str], current: int) -> str:
    """The line of open tabs, in the order in which they were opened."""
    return " | ".join(
        [
            f"Tab {place} (current): {title}"
            if place == current
            else f"Tab {place}: {title}"
            for place, title in enumerate(titles)
        ]
    )
