"""The benchmark of the search runs and prints what it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "search.py"


def run(*options: str) -> str:
    command = [sys.executable, str(SCRIPT), "--queries=5", *options]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_prints_a_row_for_each_size() -> None:
    head, _, first, second, _, note = run("--documents=50", "--documents=100").split(
        "\n", 5
    )
    columns = len(head.split("|"))
    assert [len(row.split("|")) for row in (first, second)] == [columns, columns]
    assert (first.split()[1], second.split()[1]) == ("50", "100")
    assert "python benchmarks/search.py" in note


def test_it_prints_json() -> None:
    found = json.loads(run("--documents=50", "--json"))
    (row,) = found["rows"]
    assert row["documents"] == 50
    assert min(row["build_s"], row["disk_mb"], row["open_ms"], row["query_ms"]) > 0
    assert {"machine", "python", "numpy", "queries"} <= set(found)
