"""Servers to be tested: in a thread of this process, and as processes."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager

import httpx

from agentgym_server.running import READY, Server, address, listening
from agentgym_server.settings import Settings

MOODY = "test/Moody-v0"
OFFER = f"server_games:{MOODY}"


class Served:
    """A server process, and its address."""

    def __init__(self, process):
        self.process = process
        self.address = process.stdout.readline().removeprefix(READY).strip()

    def stop(self, seconds=15):
        self.process.terminate()
        return self.process.wait(seconds)


class Background:
    """A server in a thread."""

    def __init__(self, **options):
        self.settings = Settings(**{"port": 0, "threads": 4, **options})
        self.server = Server(self.settings)
        self.sessions = self.server.config.app.state.sessions

    @contextmanager
    def run(self):
        with listening(self.settings) as listener:
            self.address = address(listener)
            thread = threading.Thread(target=self._serve, args=(listener,))
            thread.start()
            try:
                end = time.monotonic() + 30
                while not self.server.started and time.monotonic() < end:
                    time.sleep(0.005)
                yield self
            finally:
                self.server.should_exit = True
                thread.join(30)
                assert not thread.is_alive()

    def _serve(self, listener):
        asyncio.run(self.server.serve(sockets=[listener]))

    def client(self, **options):
        return httpx.Client(base_url=self.address, timeout=20, **options)
