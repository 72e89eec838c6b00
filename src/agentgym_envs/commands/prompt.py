"""The prompt of a terminal: history, and completion of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

SHOWN = 200  # completions; more than that nobody scrolls through


def open_prompt(prompt: str, actions: Callable[[], Sequence[str]]) -> Callable[[], str]:
    """Open a prompt; each call of what it gives reads one line.

    Args:
        prompt: What stands before the line.
        actions: Lists what can be typed now.
    """
    session: PromptSession[str] = PromptSession(
        completer=ActionCompleter(actions), complete_while_typing=False
    )
    return lambda: session.prompt(prompt)


class ActionCompleter(Completer):
    """Complete a line to the actions that begin with it, then to those with it."""

    def __init__(self, actions: Callable[[], Sequence[str]]) -> None:
        self._actions = actions

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Give completions for the line left of the cursor."""
        for action in matches(document.text_before_cursor, self._actions())[:SHOWN]:
            yield Completion(action, -len(document.text_before_cursor))


def matches(typed: str, actions: Sequence[str]) -> list[str]:
    """The actions that begin with what was typed, or else contain it."""
    word = typed.lower()
    found = [action for action in actions if action.lower().startswith(word)]
    return found or [action for action in actions if word in action.lower()]
