"""What goes wrong between a client and its server."""

from __future__ import annotations

from typing import Any

from agentgym_envs.errors import (
    AgentGymError,
    BadOption,
    NoExpertAction,
    NotReady,
    ResetNeeded,
    SnapshotError,
    UnknownTask,
)

NO_SESSION, EPISODE_LOST = "no_session", "episode_lost"
KINDS: dict[str, type[AgentGymError]] = {
    "bad_option": BadOption,
    "bad_snapshot": SnapshotError,
    "no_expert_action": NoExpertAction,
    "not_ready": NotReady,
    "reset_needed": ResetNeeded,
    "unknown_task": UnknownTask,
}


class RemoteError(AgentGymError, RuntimeError):
    """What a server says that is no mistake which the library has a name for.

    Args:
        code: The server's word for it, such as ``full``.
        message: What it says.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ServerUnreachable(AgentGymError, ConnectionError):
    """There is no server, or it does not come back."""


def error_of(told: dict[str, Any]) -> AgentGymError:
    """Give the error that a server tells."""
    code, message = str(told.get("code", "")), str(told.get("message", ""))
    kind = KINDS.get(code)
    return kind(message) if kind else RemoteError(code, message)
