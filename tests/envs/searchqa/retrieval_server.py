"""A retrieval server on this machine, that behaves as each test says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]
"""Status and body; a body of None breaks the connection."""


def search_r1(*documents: tuple[str, str], scores: bool = True) -> bytes:
    """What Search-R1's server answers for one query."""
    entries: list[Any] = []
    for number, (id_, contents) in enumerate(documents):
        document = {"id": id_, "contents": contents}
        scored = {"document": document, "score": 0.9 - number / 10}
        entries.append(scored if scores else document)
    return json.dumps({"result": [entries]}).encode()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Callable[[int], Reply | None], drip: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.drip = answer, drip
        self.asked: list[tuple[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        reply = self.server.answer(len(self.server.asked))
        if reply is None:
            self.close_connection = True
            return
        status, content = reply
        pieces = [bytes([byte]) for byte in content] if self.server.drip else [content]
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(self.server.drip)
        except OSError:
            self.close_connection = True  # the client had enough

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


@contextmanager
def serving(
    answer: Callable[[int], Reply | None], *, drip: float = 0.0
) -> Iterator[Server]:
    """Serve: ``answer`` is told how many requests came, this one included."""
    server = Server(answer, drip)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
