"""An end to connections whose requests never become whole."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol


def protocol_class(seconds: float) -> type[asyncio.Protocol]:
    """Give uvicorn's protocol with a limit on the time for the head of a request.

    Without it, who opens connections and sends a letter a minute holds them for ever.

    Args:
        seconds: From the opening of the connection, or from the first byte of a
            further request, until its head is there.
    """

    class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # found late
        """The protocol, and a timer that runs while a head is awaited."""

        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._await_head()

        def data_received(self, data: bytes) -> None:
            if self._timer is None and self._is_between():
                self._await_head()
            super().data_received(data)
            if self.cycle is not None and not self._is_between():
                self._stop()

        def connection_lost(self, error: Exception | None) -> None:
            self._stop()
            super().connection_lost(error)

        def handle_websocket_upgrade(self, *event: Any) -> None:
            self._stop()
            super().handle_websocket_upgrade(*event)

        def _is_between(self) -> bool:
            return self.cycle is None or self.cycle.response_complete

        def _await_head(self) -> None:
            self._timer = self.loop.call_later(seconds, self._give_up)

        def _give_up(self) -> None:
            self._timer = None
            if self._is_between():
                self.transport.close()

        def _stop(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Patient
