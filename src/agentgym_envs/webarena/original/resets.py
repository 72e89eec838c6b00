"""Bringing the sites back to where they started.

The original is reset by making its containers anew. BrowserGym's address for that,
``$WA_FULL_RESET``, starts it with GET ``/reset`` and tells how it goes by ``/status``.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from agentgym_envs.errors import ServiceUnavailable
from agentgym_envs.webarena.original.tasks import Config

VARIABLE = "WA_FULL_RESET"
READY = "Ready for duty!"
STARTED, RUNNING = 200, 418
PAUSE, PATIENCE = 20.0, 600.0  # seconds

Reset = Callable[[], None]


def full_reset(address: str, *, pause: float = PAUSE, wait: float = PATIENCE) -> None:
    """Reset all sites by their control address, and wait until they are there.

    Raises:
        ServiceUnavailable: if that can't be started, or takes longer than ``wait``.
    """
    address = address.rstrip("/")
    try:
        status = _get(f"{address}/reset")[0]
    except (URLError, OSError) as error:
        raise ServiceUnavailable(f"{address} does not answer: {error}") from error
    if status not in (STARTED, RUNNING):
        raise ServiceUnavailable(f"{address}/reset answers with status {status}")
    end = time.monotonic() + wait
    while True:
        try:
            if READY in _get(f"{address}/status")[1]:
                return
        except (URLError, OSError):
            pass  # it may be down while it restarts
        if time.monotonic() + pause > end:
            raise ServiceUnavailable(f"the sites were not ready after {wait:g} s")
        time.sleep(pause)


def reset_from_environment() -> Reset | None:
    """Give the reset that ``$WA_FULL_RESET`` names, None if it isn't set."""
    address = os.environ.get(VARIABLE)
    return (lambda: full_reset(address)) if address else None


def _get(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=30) as reply:
            return reply.status, reply.read(10_000).decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, ""


class Traces:
    """Remembers whether tasks have changed the sites since they were reset.

    Args:
        reset: Resets the sites; None if there is no way.
    """

    def __init__(self, reset: Reset | None = None) -> None:
        self._reset = reset
        self.changed_by: list[int] = []
        """The tasks that may have changed something, in order."""

    def begin(self, config: Config) -> None:
        """Note that a task begins; warn if another one has left traces."""
        if self.changed_by:
            warnings.warn(
                f"task {config.task_id} begins on sites that tasks "
                f"{self.changed_by[-5:]} may have changed since the last reset",
                stacklevel=3,
            )
        if config.category in ("ContentAndConfig", None):
            self.changed_by.append(config.task_id)

    def reset(self) -> bool:
        """Reset the sites; tell whether there was a way to."""
        if self._reset is None:
            return False
        self._reset()
        self.changed_by.clear()
        return True
