"""What tools act on, embedded or live."""

from __future__ import annotations

from typing import Protocol, TypeVar

from agentgym_envs.errors import BadOption
from agentgym_envs.tasks import Task
from agentgym_envs.tools.state import ToolState

StateT = TypeVar("StateT", bound=ToolState)


class Backend(Protocol[StateT]):
    """Where the tools of a family get their answers; one per environment.

    A family's tools call further methods, which its own backends have in common. What
    an episode changes is in its state, not here, so that snapshots hold it and no two
    episodes meet. A backend that can't keep to that, because it is a live service,
    tells who holds the state by an attribute ``holder``, and is asked for no snapshot.

    Where a service fails, tools raise `ServiceFailure`, and `start` raises
    `ServiceUnavailable` with everything as it was before.
    """

    def start(self, task: Task) -> StateT:
        """Give the state in which the episode of an item begins."""

    def resume(self, task: Task, state: StateT) -> None:
        """Take up a state from a snapshot.

        Raises:
            ValueError: if the state makes no sense for the item.
        """

    def close(self) -> None:
        """Let go of connections."""


def unknown_backend(name: str) -> BadOption:
    """The error for a name that a family with a live service does not know."""
    return BadOption(
        f"backend must be 'embedded', 'live' or an object, not {name!r:.80}"
    )
