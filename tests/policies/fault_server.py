"""A server on loopback that answers as an OpenAI-compatible one, or badly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def completion(text, **message):
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text, **message},
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107},
    }


def ok(text, **message):
    return 200, json.dumps(completion(text, **message)), {}


def failure(status, message="no", code=None, **headers):
    body = {"error": {"message": message, "code": code, "type": "x", "param": None}}
    return status, json.dumps(body), headers


class FaultServer:
    """Answers request number n with ``answer(n, body)``: status, text, headers."""

    def __init__(self, answer: Callable):
        self.requests: list[dict] = []
        self.most_at_once = 0
        self._at_once, self._lock = 0, threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["content-length"])
                body = json.loads(self.rfile.read(length))
                with server._lock:
                    number = len(server.requests)
                    server.requests.append(body)
                    server._at_once += 1
                    server.most_at_once = max(server.most_at_once, server._at_once)
                try:
                    self.reply(answer(number, body))
                finally:
                    with server._lock:
                        server._at_once -= 1

            def reply(self, answered):
                if answered is None:  # hangs up without a word
                    self.close_connection = True
                    return
                status, text, headers = answered
                data = text.encode()
                kind = headers.pop("kind", "application/json")
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # clients that give up are what is tested

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def die(self):
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def serving(answer):
    server = FaultServer(answer)
    try:
        yield server
    finally:
        server.die()


def slowly(seconds, answered):
    time.sleep(seconds)
    return answered
