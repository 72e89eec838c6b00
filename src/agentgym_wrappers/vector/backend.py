"""What a backend has to do for a vector of environments, and the choice of one."""

from __future__ import annotations

from typing import Any, Protocol

from agentgym_wrappers.vector.messages import Part, Request


class Backend(Protocol):
    """Where the environments of a vector live.

    A slot has at most one request at a time. Any request is answered, once, by
    parts that hold only slots of that request.
    """

    descriptions: list[dict[str, Any]]
    """Of each slot; see `slot.description`."""
    interrupts: bool
    """Whether a step that hangs can be ended."""

    def post(self, request: Request) -> None:
        """Take a request; give no answer yet."""

    def collect(self, count: int) -> list[Part]:
        """Wait until at least ``count`` slots have answered; give all that have."""

    def close(self) -> None:
        """End everything; once is enough."""
