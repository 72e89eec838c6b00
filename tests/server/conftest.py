"""Fixtures that start servers, and end them at last."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDERS = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "wrappers")]
sys.path += [folder for folder in FOLDERS if folder not in sys.path]

from servers import Background, Served  # noqa: E402  # it is in one of these folders


@pytest.fixture
def serve():
    """Starts ``agentgym serve`` with the given words; ends it at last."""
    processes = []

    def start(*words, port=0, **variables):
        path = os.pathsep.join([*FOLDERS, os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "agentgym_server", "--port", str(port)]
        process = subprocess.Popen(
            [*command, *words],
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


@pytest.fixture
def background():
    """Starts servers in threads of this process."""
    started = []

    def start(**options):
        run = Background(**options).run()
        started.append(run)
        return run.__enter__()

    yield start
    for run in started:
        run.__exit__(None, None, None)
