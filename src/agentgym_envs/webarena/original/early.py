"""Where the original's runner gives an episode up.

After ``early_stop`` of WebArena's ``run.py``: three replies in a row that can't be
read, three equal actions in a row that don't type, or the third time that the same is
typed into. Actions on elements are equal if kind and element are.
"""

from __future__ import annotations

from collections import Counter

from agentgym_envs.webarena.interface import Action

LIMIT = 3
UNREADABLE = f"Failed to parse actions for {LIMIT} times"
SAME = f"Same action for {LIMIT} times"
SAME_TYPING = f"Same typing action for {LIMIT} times"

Key = tuple[str, int, str]


class EarlyStop:
    """Counts what an agent repeats."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget everything."""
        self._unreadable = 0
        self._last: Key | None = None
        self._in_a_row = 0
        self._typed: Counter[Key] = Counter()

    def after(self, action: Action | None) -> str:
        """Give why to stop after this action; empty to go on.

        Args:
            action: None stands for a reply that can't be read.
        """
        if action is None:
            self._unreadable += 1
            self._last, self._in_a_row = None, 0
            return UNREADABLE if self._unreadable >= LIMIT else ""
        self._unreadable = 0
        key = _key(action)
        self._in_a_row = self._in_a_row + 1 if key == self._last else 1
        self._last = key
        if action.kind == "type":
            self._typed[key] += 1
            return SAME_TYPING if self._typed[key] >= LIMIT else ""
        if action.kind == "stop":
            return ""
        return SAME if self._in_a_row >= LIMIT else ""


def _key(action: Action) -> Key:
    if action.kind in ("click", "hover", "type"):
        return action.kind, action.number, ""
    return action.kind, action.number, action.text
