"""The expert of SearchQA: it looks up what leads to the answer, and then answers."""

from __future__ import annotations

from collections.abc import Sequence


def next_action(todo: Sequence[str], answer: str) -> str:
    """Search for the first title that is still to be looked up, else answer."""
    if todo:
        return (
            f"<think>I should read about {todo[0]}.</think><search>{todo[0]}</search>"
        )
    return f"<think>I have read all that I need.</think><answer>{answer}</answer>"
