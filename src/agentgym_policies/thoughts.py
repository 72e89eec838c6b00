"""Part what a model thinks from what it says."""

from __future__ import annotations

START, END = "<think>", "</think>"


def split_thought(text: str) -> tuple[str, str]:
    r"""Part what a model thought in a block of its own from what it says.

    A block that was not closed is all thought; one that the prompt had opened has only
    its end here.

    >>> split_thought("<think>Up is free.</think>\n\nmove up")
    ('Up is free.', 'move up')
    """
    before, closed, said = text.rpartition(END)
    if not closed:
        said, _, before = text.partition(START)
    return before.replace(START, "", 1).strip(), said.strip()
