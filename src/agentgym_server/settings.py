"""What a server is told when it starts."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from agentgym_envs.errors import BadOption

MIB = 2**20
MIN_TOKEN = 16  # characters
MAX_PORT = 65_535


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of ``agentgym serve``, checked.

    Args:
        host: The address to listen on; others than loopback need a token.
        port: The port; 0 takes any that is free.
        family: The family whose original routes are served at the root, too.
        token: What clients have to show; None asks for nothing.
        data: Paths of real data sets, by family.
        workers: Processes that the environments live in; 0 for threads of this one.
        threads: Number of those threads.
        timeout: Seconds that one call of an environment may take; needs workers.
        lease: Seconds without a call after which an environment is closed; None never.
        max_envs: Environments at a time; beyond it, 503.
        offer: Further ids that are served, such as ``my_pack:mine/Game-v0``.
        cors: Origins of web pages that may call; ``*`` for all.
        max_body: Bytes of a request or message.
        max_batch: Environments in one request.
        max_sockets: WebSockets at a time.
        max_pending: Messages of one WebSocket that are worked on at a time.
        max_connections: Connections at a time.
        header_seconds: For the head of a request to arrive.
        body_seconds: For the body of a request to arrive.

    Raises:
        BadOption: for values that make no sense, or are not safe.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    family: str | None = None
    token: str | None = field(default=None, repr=False)
    data: Mapping[str, str] = field(default_factory=dict)
    workers: int = 0
    threads: int = 4
    timeout: float | None = None
    lease: float | None = 3600.0
    max_envs: int = 1024
    offer: tuple[str, ...] = ()
    cors: tuple[str, ...] = ()
    max_body: int = 8 * MIB
    max_batch: int = 1024
    max_sockets: int = 256
    max_pending: int = 16
    max_connections: int = 2048
    header_seconds: float = 10.0
    body_seconds: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what makes no sense, or is not safe."""
        if self.token is not None and len(self.token) < MIN_TOKEN:
            raise BadOption(f"a token has at least {MIN_TOKEN} characters")
        if self.token is not None and not _is_plain(self.token):
            raise BadOption("a token holds printable ASCII without spaces and colons")
        if self.token is None and not self.is_local:
            raise BadOption(
                f"whoever reaches {self.host!r} could use this server; "
                "give a --token, or listen on 127.0.0.1"
            )
        if self.timeout is not None and not self.workers:
            raise BadOption(
                "a timeout needs workers: a thread that hangs can't be ended"
            )
        if self.workers < 0:
            raise BadOption("workers must not be negative")
        if not 0 <= self.port <= MAX_PORT:  # the system would take the rest of a larger
            raise BadOption(f"port must be from 0 to {MAX_PORT}, not {self.port}")
        for name in (
            "threads lease timeout max_envs max_body max_batch max_sockets "
            "max_pending max_connections header_seconds body_seconds"
        ).split():
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise BadOption(f"{name} must be above 0, not {value!r}")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def _is_plain(token: str) -> bool:
    return all("!" <= letter <= "~" and letter != ":" for letter in token)
