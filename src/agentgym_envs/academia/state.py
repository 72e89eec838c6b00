"""The state of an Academia episode."""

from __future__ import annotations

from dataclasses import dataclass

from agentgym_envs.tools.state import ToolState


@dataclass(slots=True)
class AcademiaState(ToolState):
    """Which of the two networks the agent has loaded."""

    has_papers: bool = False
    has_authors: bool = False
