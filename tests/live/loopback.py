"""A server on this machine that answers as a live service does, and can be troubled."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST = 20.0  # seconds that a slow answer waits for the end of the test


class Asked(NamedTuple):
    """A request, as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class Answer(NamedTuple):
    status: int
    body: Any = None  # JSON, or bytes as they are


class Trouble(NamedTuple):
    """What happens to one request.

    Args:
        kind: drop, slow, drip, answer, or pass for none.
        answer: What is answered instead.
        headers: That go with it.
        acts: Whether the request has its effect all the same.
    """

    kind: str
    answer: Answer = Answer(200)
    headers: dict[str, str] = {}
    acts: bool = False


DROP = Trouble("drop")
LATE_DROP = Trouble("drop", acts=True)
SLOW = Trouble("slow")
LATE_SLOW = Trouble("slow", acts=True)
DRIP = Trouble("drip")
BUSY = Trouble("answer", Answer(429, {"error": "too many"}))
BUSY_2 = Trouble("answer", Answer(429, {"error": "too many"}), {"Retry-After": "2"})
BUSY_LONG = Trouble("answer", Answer(429, {}), {"Retry-After": "86400"})
BROKEN = Trouble("answer", Answer(500, b"<html>oops</html>"))
DOWN = Trouble("answer", Answer(503, b""))
LATE_DOWN = Trouble("answer", Answer(503, b""), acts=True)
NO_JSON = Trouble("answer", Answer(200, b"<html>hello</html>"))
NO_TEXT = Trouble("answer", Answer(200, b"\xff\xfe\x00{"))
DEEP = Trouble("answer", Answer(200, b"[" * 200_000))
HUGE = Trouble("answer", Answer(200, b'{"x": "' + b"y" * 300_000 + b'"}'))
LIST = Trouble("answer", Answer(200, [1, 2, 3]))
EMPTY = Trouble("answer", Answer(200, {}))
NUMBER = Trouble("answer", Answer(200, 7))
NO_GZIP = Trouble("answer", Answer(200, b"nothing"), {"Content-Encoding": "gzip"})

# Those that end with a failure when every request meets them.
LASTING = {
    "drop": DROP,
    "slow": SLOW,
    "drip": DRIP,
    "busy": BUSY,
    "busy_2": BUSY_2,
    "busy_long": BUSY_LONG,
    "broken": BROKEN,
    "down": DOWN,
    "no_json": NO_JSON,
    "no_text": NO_TEXT,
    "deep": DEEP,
    "huge": HUGE,
    "list": LIST,
    "number": NUMBER,
    "no_gzip": NO_GZIP,
}
# Those after which it is worth asking again.
PASSING = ("drop", "busy", "busy_2", "broken", "down")
# Those after which nobody asks again.
FINAL = ("busy_long", "no_json", "no_text", "deep", "huge", "list", "number")
SLOW_ONES = ("slow", "drip")


@dataclass
class Loopback:
    """A service; subclasses write `answer`."""

    troubles: list[Trouble] = field(default_factory=list)
    """What happens to the next requests, one after the other."""
    lasting: Trouble | None = None
    """What happens to each request after these."""
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def heal(self) -> None:
        self.troubles, self.lasting = [], None

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Loopback:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        parts = urlsplit(handler.path)
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = dict(parse_qsl(raw.decode()))
        asked = Asked(
            handler.command,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in handler.headers.items()},
            body,
        )
        with self._lock:
            self.asked.append(asked)
            trouble = self.troubles.pop(0) if self.troubles else self.lasting
            if trouble is not None and trouble.kind == "pass":
                trouble = None
            answer = None
            if trouble is None or trouble.acts:
                answer = self.answer(asked)
        if trouble is None:
            self._send(handler, answer, {})
        elif trouble.kind == "drop":
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        elif trouble.kind == "slow":
            self._released.wait(LONGEST)
            handler.close_connection = True
        elif trouble.kind == "drip":
            self._drip(handler)
        else:
            self._send(handler, trouble.answer, trouble.headers)

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a byte now and then, so that no single wait is long."""
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        try:
            while not self._released.wait(0.05):
                handler.wfile.write(b" ")
        except OSError:
            pass

    def _send(self, handler, answer, headers) -> None:
        content = answer.body
        if not isinstance(content, bytes):
            content = b"" if content is None else _compact(content)
        try:
            handler.send_response(answer.status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Type", "application/json; charset=utf-8")
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
        except OSError:  # the client has had enough
            handler.close_connection = True


def _compact(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def _handler(service: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Small answers in several writes would wait for acknowledgements.
        disable_nagle_algorithm = True
        wbufsize = -1

        def _all(self) -> None:
            service.handle(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _all

        def log_message(self, *words: object) -> None:
            pass

    return Handler
