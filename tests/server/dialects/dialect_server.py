"""A server on loopback, in a thread of this process."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import uvicorn

from agentgym_server.app import build_app
from agentgym_server.settings import Settings


@contextlib.contextmanager
def running(**settings):
    """Serve with these settings; give the address."""
    config = uvicorn.Config(
        build_app(Settings(**settings)), log_level="warning", lifespan="on"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            end = time.monotonic() + 60
            while not server.started and thread.is_alive() and time.monotonic() < end:
                time.sleep(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()
