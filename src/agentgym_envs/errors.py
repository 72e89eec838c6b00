"""All errors that the library raises for a caller's mistake.

What an agent says is never an error: any string is a legal action, and nonsense
is answered by an observation.
"""

from __future__ import annotations

import gymnasium


class AgentGymError(Exception):
    """Base of everything that this library raises on purpose."""


class MissingExtra(AgentGymError, gymnasium.error.DependencyNotInstalled):
    """An environment or command needs packages that are not installed."""

    def __init__(self, extra: str, package: str = "") -> None:
        what = f"the package {package!r}" if package else "a package"
        super().__init__(
            f"{what} that this needs is not installed; "
            f'pip install "agentgym-envs[{extra}]"'
        )
        self.extra = extra


class NotReady(AgentGymError, gymnasium.error.Error):
    """An id that is declared, but whose environment does not exist yet."""


class BadOption(AgentGymError, ValueError):
    """A constructor keyword or reset option that has no such name or value."""


class MissingKey(BadOption):
    """A live service needs a key, and there is none."""


class ServiceUnavailable(AgentGymError, RuntimeError):
    """A live service failed where no observation can say so; nothing has changed."""


class UnknownTask(BadOption):
    """An item or goal outside the data; the message names the valid range."""


class DataError(AgentGymError, ValueError):
    """A data file that is missing or damaged; the message names file and field."""


class SnapshotError(AgentGymError, ValueError):
    """Bytes that are not a snapshot which this environment can take up."""


class NoExpertAction(AgentGymError, RuntimeError):
    """The expert has nothing to say: the episode is over or can't be won."""


class ResetNeeded(AgentGymError, gymnasium.error.ResetNeeded):
    """A step or render before the first reset, or a step after the end."""
