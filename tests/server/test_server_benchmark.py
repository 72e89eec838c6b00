"""The benchmarks of the server run and print what they promise; speed is not asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def run(script, *words):
    command = [sys.executable, str(FOLDER / script), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_the_benchmark_compares_all_ways_with_an_echo():
    done = run("server.py", "--json", "--seconds=0.3", "--clients=2", "--batch=8")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert [row["way"] for row in rows] == [
        "echo",
        "dialect",
        "dialect, kept",
        "v1 batch of 8",
        "v1 socket, 8",
        "v1 socket, single",
    ]
    assert all(row["calls_per_second"] > 0 for row in rows)


@pytest.mark.slow
def test_a_server_stays_well_under_load_while_workers_are_killed():
    """Zero errors, only the killed workers' episodes lost, 10,000 made and closed."""
    done = run("server_soak.py", "--seconds=20", "--kills=2", "--every=5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 errors" in done.stdout
    assert "10,000 environments made and closed" in done.stdout
    assert ", 0 left" in done.stdout
