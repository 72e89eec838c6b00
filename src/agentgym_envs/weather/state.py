"""The state of a Weather episode."""

from __future__ import annotations

from dataclasses import dataclass

from agentgym_envs.tools.state import ToolState


@dataclass(slots=True)
class WeatherState(ToolState):
    """Where and when the user is, which never changes in an episode."""

    date: str = ""
    location: str = ""
