"""The state of an episode with tools."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ToolState:
    """What every family's episode has; families that change things add to it.

    Args:
        met: The subgoals that a result was equal to, as bits. Parity only.
        level: The largest share of the goal that was reached.
        finished: Whether the last call ended the episode. Parity only.
        looked: How many calls of the item's path were made, from its first on.
    """

    met: int = 0
    level: float = 0.0
    finished: bool = False
    looked: int = 0
