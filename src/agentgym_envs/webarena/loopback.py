"""A loopback server of sites: what all of them answer alike."""

from __future__ import annotations

import sys
import threading
from abc import abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Generic, TypeVar

MAX_BODY = 1 << 20  # bytes
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

Owner = TypeVar("Owner")


class Server(ThreadingHTTPServer, Generic[Owner]):
    """Serves on a free loopback port until it is closed.

    Args:
        owner: Whom the handlers ask.
        handler: Answers each request.
    """

    daemon_threads = True

    def __init__(self, owner: Owner, handler: type[Handler[Owner]]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.owner = owner
        self.port: int = self.server_address[1]
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Serve no more."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler, Generic[Owner]):
    """Reads forms within bounds, and sends pages without scripts or foreign parts."""

    protocol_version = "HTTP/1.1"
    # Without this, small answers wait for the other side's acknowledgement.
    disable_nagle_algorithm = True
    referrer: ClassVar[str] = "no-referrer"
    server: Server[Owner]

    @abstractmethod
    def _answer(self, method: str, body: str) -> None:
        """Answer a request."""

    def _is_foreign(self) -> bool:
        """Whether the form comes from where none may come from."""
        return False

    def do_GET(self) -> None:
        """Answer a request without a form."""
        self._answer("GET", "")

    def do_POST(self) -> None:
        """Answer a form."""
        length = self.headers.get("Content-Length", "0")
        if self._is_foreign():
            self.close_connection = True
            self._refuse(403)
        elif not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self._refuse(413)
        else:
            body = self.rfile.read(int(length)).decode("utf-8", "replace")
            self._answer("POST", body)

    def _refuse(self, status: int) -> None:
        self.send_response(status)
        self._finish(b"")

    def _finish(self, content: bytes) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Referrer-Policy", self.referrer)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""
