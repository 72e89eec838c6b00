"""Where the original's runner gives an episode up.

After ``early_stop`` of WebArena's ``run.py``: three replies in a row that can't be
read, three equal actions in a row that don't type, or the third time that the same is
typed into. Actions on elements are equal if kind and element are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agentgym_envs.webarena.interface import Action

LIMIT = 3
UNREADABLE = f"Failed to parse actions for {LIMIT} times"
SAME = f"Same action for {LIMIT} times"
SAME_TYPING = f"Same typing action for {LIMIT} times"


@dataclass(slots=True)
class EarlyStop:
    """Counts what an agent repeats."""

    unreadable: int = 0
    """Replies in a row."""
    last: str = ""
    """Kind and element, or text, of the last action."""
    in_a_row: int = 0
    typed: dict[int, int] = field(default_factory=dict)
    """How often something was typed into each element."""

    def after(self, action: Action | None) -> str:
        """Give why to stop after this action; empty to go on.

        Args:
            action: None stands for a reply that can't be read.
        """
        if action is None:
            self.unreadable += 1
            self.last, self.in_a_row = "", 0
            return UNREADABLE if self.unreadable >= LIMIT else ""
        self.unreadable = 0
        key = _key(action)
        self.in_a_row = self.in_a_row + 1 if key == self.last else 1
        self.last = key
        if action.kind == "type":
            count = self.typed.get(action.number, 0) + 1
            self.typed[action.number] = count
            return SAME_TYPING if count >= LIMIT else ""
        return SAME if self.in_a_row >= LIMIT else ""


def answer(reason: str) -> Action:
    """Give the stop that the runner does in the agent's place."""
    return Action("stop", text=f"Early stop: {reason}")


def _key(action: Action) -> str:
    on_element = action.kind in ("click", "hover", "type")
    return f"{action.kind} {action.number} {'' if on_element else action.text}"
