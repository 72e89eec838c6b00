"""The policy that asks whoever sits at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from agentgym_policies.base import Action, History

LEFT = "the human left"


def _print(text: str) -> None:
    # Standard output may be a pipe that a program reads.
    print(text, file=sys.stderr, flush=True)


class HumanPolicy:
    """Show what is new in each episode, and read one line as its action.

    The end of the input (Ctrl-D) gives the episode up.

    Args:
        read: Reads a line after showing a prompt.
        show: Shows a text.
    """

    def __init__(
        self,
        read: Callable[[str], str] = input,
        show: Callable[[str], None] = _print,
    ) -> None:
        self._read, self._show = read, show

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Ask for the action of each episode, one after the other."""
        return [self._ask(history) for history in histories]

    def _ask(self, history: History) -> Action:
        if not history.actions:
            self._show(f"{history.instructions}\n")
        self._show(history.observations[-1])
        try:
            return Action(self._read("> "))
        except EOFError:
            return Action("", stop=LEFT)
