"""A WebSocket to a server, which is opened again when it breaks."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_wrappers.remote import wire
from agentgym_wrappers.remote.errors import RemoteError, ServerUnreachable

try:
    from websockets.exceptions import (
        ConnectionClosed,
        InvalidHandshake,
        InvalidMessage,
        InvalidStatus,
    )
    from websockets.sync.client import ClientConnection, connect
except ModuleNotFoundError:
    raise MissingExtra("remote", "websockets") from None

PATH = "/v1/socket"
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0  # seconds between two attempts to connect
OPEN_SECONDS = 10.0
CLOSE_SECONDS = 2.0
TOO_LONG = 1009  # the close code for a message that is too long
SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class Link:
    """Sends and receives messages; says when what was sent may be lost.

    Args:
        address: Such as ``http://127.0.0.1:8000``.
        token: What the server demands; None for nothing.
        patience: Seconds to wait for a server that has gone.
        on_again: Called when the connection is a new one: whatever has not been
            answered has to be sent again, unless the one before has ended because a
            message was too long, which is what is told.

    Raises:
        BadOption: for an address that is none.
        ServerUnreachable: if there is no server now.
        RemoteError: if it does not let us in.
    """

    def __init__(
        self,
        address: str,
        token: str | None,
        patience: float,
        on_again: Callable[[bool], None],
    ) -> None:
        self._url = socket_url(address)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.patience = patience
        self._on_again = on_again
        self._stack = ExitStack()
        self._connection: ClientConnection | None = None
        self._fruitless = 0  # connections in a row over which nothing came
        self._since = 0.0  # when the first of them broke
        self.lives = 0
        """How often the connection has been opened."""
        try:
            self._connect()
        except OSError as error:
            message = f"there is no server at {shown(address)}: {error}"
            raise ServerUnreachable(message) from None

    def _connect(self) -> None:
        try:
            connection = connect(
                self._url,
                additional_headers=self._headers,
                compression=None,
                max_size=None,
                open_timeout=OPEN_SECONDS,
                close_timeout=CLOSE_SECONDS,
            )
            self._connection = self._stack.enter_context(connection)
        except InvalidStatus as error:
            status = error.response.status_code
            if status in (401, 403):
                raise RemoteError(
                    "refused", f"the server refuses us ({status}); is the token right?"
                ) from None
            raise ConnectionError(f"the server answered {status}") from None
        except (InvalidMessage, InvalidHandshake) as error:
            raise ConnectionError(str(error)) from None
        self.lives += 1

    def send(self, message: dict[str, Any]) -> None:
        """Send a message, over a new connection if need be.

        Raises:
            BadOption: if it holds what can't be sent.
            ServerUnreachable: if there is no server for too long.
        """
        data = wire.pack_plain(message)
        try:
            self._open().send(data)
        except ConnectionClosed as error:
            self._again(error)  # this message is among those that are sent again

    def receive(self, seconds: float | None = None) -> dict[str, Any] | None:
        """Wait for a message; None if there is none in time, or the connection breaks.

        Raises:
            ServerUnreachable: if there is no server for too long.
        """
        try:
            data = self._open().recv(timeout=seconds)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            self._again(error)
            return None
        self._fruitless = 0
        message: dict[str, Any] = wire.unpack(
            data if isinstance(data, bytes) else data.encode()
        )
        return message

    def _open(self) -> ClientConnection:
        if self._connection is None:
            raise ServerUnreachable("this connection was given up, or is closed")
        return self._connection

    def _again(self, closed: ConnectionClosed) -> None:
        """Open another connection, and have everything sent again."""
        self.close()
        code = closed.rcvd.code if closed.rcvd is not None else 0
        pause = FIRST_PAUSE
        if not self._fruitless:
            self._since = time.monotonic()
        elif code != TOO_LONG:
            # It lets us in and sends us away: let it breathe.
            pause = min(FIRST_PAUSE * 2**self._fruitless, LONGEST_PAUSE)
            time.sleep(pause)
        end = self._since + self.patience
        if time.monotonic() > end:
            raise ServerUnreachable(f"the server sends us away: {closed}")
        self._fruitless += 1
        while True:
            try:
                self._connect()
                break
            except (OSError, TimeoutError) as error:
                if time.monotonic() + pause > end:
                    raise ServerUnreachable(
                        f"the server has been gone for {self.patience:g} seconds: "
                        f"{error}"
                    ) from None
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._on_again(code == TOO_LONG)

    def close(self) -> None:
        """End the connection."""
        self._connection = None
        self._stack.close()


def socket_url(address: str) -> str:
    """Give the address of the WebSocket of a server.

    Raises:
        BadOption: for an address that is none.
    """
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in SCHEMES and bool(parts.hostname)
        _ = parts.port  # it is looked at only now
    except ValueError:
        is_one = False
    if not is_one:
        raise BadOption(
            f"an address looks like http://127.0.0.1:8000, not {shown(address)!r:.80}"
        )
    path = parts.path.rstrip("/") + PATH
    return urlunsplit((SCHEMES[parts.scheme], parts.netloc, path, "", ""))


def shown(address: str) -> str:
    """Give an address without the user and the password that may stand in it.

    >>> shown("http://any:secret@127.0.0.1:8000")
    'http://127.0.0.1:8000'
    """
    scheme, mark, rest = address.partition("//")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else address
