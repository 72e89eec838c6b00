"""A server on the loopback interface that misbehaves as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Script:
    """What the server holds, and how it answers one request after the other.

    Each step is ``"whole"``, ``"break"`` (half of what is asked for, then the
    connection ends), ``"stall"`` (half, and no more until told), ``"short"`` (half,
    without telling how much it will be), ``"ignore"`` (no ranges), ``"elsewhere"``
    (another range than asked for) or a status. The last step repeats.
    """

    content: bytes
    steps: list[str | int] = field(default_factory=lambda: ["whole"])
    tag: str = '"one"'
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""
    stalled: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, script)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/file"
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(request: BaseHTTPRequestHandler, script: Script) -> None:
    wanted = request.headers["Range"]
    script.ranges.append(wanted)
    step = script.steps.pop(0) if len(script.steps) > 1 else script.steps[0]
    if isinstance(step, int):
        request.send_response(step)
        if step == 302:
            request.send_header("Location", script.url)
        request.end_headers()
        return
    size = len(script.content)
    start = 0
    same = request.headers["If-Range"] in (None, script.tag)
    if wanted and same and step != "ignore":
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= size:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{size}")
            request.end_headers()
            return
        told = start + (step == "elsewhere")
        request.send_response(206)
        request.send_header("Content-Range", f"bytes {told}-{size - 1}/{size}")
    else:
        request.send_response(200)
    body = script.content[start:]
    if step != "short":
        request.send_header("Content-Length", str(len(body)))
    request.send_header("ETag", script.tag)
    request.end_headers()
    half = step in ("break", "short", "stall")
    request.wfile.write(body[: len(body) // 2] if half else body)
    if step == "stall":
        script.stalled.wait(60)
