"""Servers to be tested: the application in this process, and whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

READY = "agentgym serves on "


class Served:
    """A server process, and its address."""

    def __init__(self, process):
        self.process = process
        self.address = process.stdout.readline().removeprefix(READY).strip()

    def stop(self, seconds=15):
        self.process.terminate()
        return self.process.wait(seconds)


@pytest.fixture
def serve():
    """Starts ``agentgym serve`` with the given words; ends it at last."""
    processes = []

    def start(*words, **variables):
        games = str(Path(__file__).parents[1] / "wrappers")
        path = os.pathsep.join([games, os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "agentgym_server", "--port", "0", *words]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, **variables},
        )
        processes.append(process)
        return Served(process)

    yield start
    for process in processes:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()
