"""The benchmark runs and prints what it promises; how fast is not asked here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "vector.py"


def test_the_benchmark_compares_our_vector_with_gymnasiums():
    small = ["--load", "medium", "--envs", "2", "--text", "1000", "--seconds=0.02"]
    command = [sys.executable, str(SCRIPT), "--json", *small]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "cores" in found["machine"]
    (table,) = found["tables"]
    names = [row["name"].partition(",")[0] for row in table["rows"]]
    assert names == [
        *("plain loop", "SyncVectorEnv", "AsyncVectorEnv"),
        *["TextVectorEnv"] * 3,
        *["send and recv"] * 2,
    ]
    assert all(row["steps_per_second"] > 0 for row in table["rows"])
    (figure,) = found["promised"]
    assert figure["what"].endswith("two workers to one process")
    speeds = {row["name"]: row["steps_per_second"] for row in table["rows"]}
    ratio = speeds["TextVectorEnv, 2 workers"] / speeds["TextVectorEnv, 0 workers"]
    assert figure["figure"] == ratio
    assert figure["is_kept"] == (ratio >= 1.8)
