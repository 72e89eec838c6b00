"""The life of a server process: it gets ready, says so, serves, and stops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import uvicorn

from agentgym_envs.errors import BadOption
from agentgym_server.app import build_app
from agentgym_server.guard import App
from agentgym_server.patience import protocol_class
from agentgym_server.settings import Settings

STOP_SECONDS = 5  # for requests that are under way when a signal comes
BACKLOG = 2048  # connections that wait to be accepted
GC_THRESHOLDS = (50_000, 20, 100)
READY = "agentgym serves on "
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(
    settings: Settings,
    *,
    as_json: bool = False,
    app: App | None = None,
    path: str = "",
) -> int:
    """Serve until SIGINT or SIGTERM; give the exit status.

    Args:
        settings: What the server is told.
        as_json: Whether it says in JSON that it is ready.
        app: Another application than the usual one.
        path: Where that has its entry.

    Raises:
        BadOption: if the address can't be had, or a setting is wrong.
    """
    server = Server(settings, as_json=as_json, app=app, path=path)
    # Each full look at thousands of environments stops all threads.
    gc.set_threshold(*GC_THRESHOLDS)
    with listening(settings) as listener:
        asyncio.run(server.serve(sockets=[listener]))
    return 0 if server.started else 1


class Server(uvicorn.Server):
    """Uvicorn, which says in one line when it is ready."""

    def __init__(
        self,
        settings: Settings,
        *,
        as_json: bool = False,
        app: App | None = None,
        path: str = "",
    ) -> None:
        self._as_json = as_json
        self._path = path
        super().__init__(
            uvicorn.Config(
                app or build_app(settings),
                http=protocol_class(settings.header_seconds),
                ws_max_size=settings.max_body,
                ws_per_message_deflate=False,
                limit_concurrency=settings.max_connections,
                timeout_graceful_shutdown=STOP_SECONDS,
                access_log=False,
                log_level="warning",
                lifespan="on",
                server_header=False,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say where."""
        await super().startup(sockets)
        if self.started and sockets:
            url = address(sockets[0]) + self._path
            told = json.dumps({"address": url, "pid": os.getpid()})
            print(told if self._as_json else f"{READY}{url}", flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal, once; at the second one, at once."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals are the main thread's
            return

        def stop(number: int, frame: object) -> None:
            self.force_exit = self.should_exit
            self.should_exit = True

        before = {number: signal.signal(number, stop) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def address(listener: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Open the socket of a server.

    Raises:
        BadOption: if the address can't be had.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        # Where the protocol is not named, asyncio leaves Nagle's algorithm on.
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BadOption(f"there is no address {settings.host!r}: {error}") from None
    with listener:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(place)
            listener.listen(BACKLOG)
        except OSError as error:
            raise BadOption(
                f"{settings.host}:{settings.port} can't be listened on: {error}"
            ) from None
        yield listener
