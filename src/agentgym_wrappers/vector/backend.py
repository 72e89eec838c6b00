"""What a backend has to do for a vector of environments, and the choice of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gymnasium.vector import AutoresetMode

from agentgym_envs.errors import BadOption
from agentgym_wrappers.vector.inline import Inline
from agentgym_wrappers.vector.launch import launcher
from agentgym_wrappers.vector.lines import Pipes
from agentgym_wrappers.vector.makers import Make, kinds
from agentgym_wrappers.vector.messages import Part, Request
from agentgym_wrappers.vector.processes import Processes

BACKENDS = ("local", "ray", "http")


class Backend(Protocol):
    """Where the environments of a vector live.

    A slot has at most one request at a time. Any request is answered, once, by
    parts that hold only slots of that request.
    """

    descriptions: list[dict[str, Any]]
    """Of each slot; see `slot.description`."""

    def post(self, request: Request) -> None:
        """Take a request; give no answer yet."""

    def collect(self, count: int) -> list[Part]:
        """Wait until at least ``count`` slots have answered; give all that have."""

    def close(self) -> None:
        """End everything; once is enough."""


def open_backend(
    name: str,
    makers: Sequence[Make],
    mode: AutoresetMode,
    workers: int,
    start_method: str | None,
    timeout: float | None,
    *,
    address: str | None = None,
    token: str | None = None,
    resume: bool = True,
    ray_options: Mapping[str, Any] | None = None,
) -> Backend:
    """Open the backend of a name.

    Raises:
        BadOption: if there is none, or the other arguments do not fit it.
        MissingExtra: if what it needs is not installed.
    """
    if name not in BACKENDS:
        raise BadOption(f"backend must be one of {', '.join(BACKENDS)}, not {name!r}")
    if ray_options is not None and name != "ray":
        raise BadOption('ray_options need backend="ray"')
    if name == "http":
        if address is None:
            raise BadOption('backend="http" needs the address of a server')
        if workers or timeout is not None or start_method is not None:
            raise BadOption("workers and timeouts are the server's: agentgym serve")
        from agentgym_wrappers.remote.backend import Remote  # needs the extra

        return Remote(makers, mode, address, token=token, resume=resume)
    if token is not None or (address is not None and name != "ray"):
        raise BadOption('an address and a token need backend="http"')
    if type(workers) is not int or not 0 <= workers <= len(makers):
        raise BadOption(
            f"workers must be an int from 0 to the {len(makers)} slots, not {workers!r}"
        )
    if timeout is not None and not timeout > 0:
        raise BadOption(f"timeout must be seconds above 0, or None, not {timeout!r}")
    if name == "ray":
        if not workers:
            raise BadOption('backend="ray" needs workers=1 or more: each is an actor')
        if start_method is not None:
            raise BadOption("a start_method is for processes; Ray starts its own")
        from agentgym_wrappers.vector.actors import Actors  # needs the extra

        actors = Actors(ray_options or {}, timeout, address)
        return Processes(makers, mode, workers, actors, timeout)
    if workers:
        lines = Pipes(launcher(start_method, kinds(makers)), timeout)
        return Processes(makers, mode, workers, lines, timeout)
    if timeout is not None:
        raise BadOption(
            "a timeout needs workers=1 or more: who hangs is not alone here"
        )
    if start_method is not None:
        raise BadOption("a start_method needs workers=1 or more")
    return Inline(makers, mode)
