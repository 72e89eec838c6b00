"""The benchmarks run and print what they promise; how fast is not asked here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import throughput  # noqa: E402  # found by the line above

from agentgym_envs.commands.bench import rounded  # noqa: E402


def run(script: str, *options: str) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *options]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_throughput_prints_a_table_with_ratios_to_cartpole() -> None:
    table = run("throughput.py", "--env", "Maze", "--seconds", "0.01").splitlines()
    cartpole, maze = (line.split(" | ") for line in table[2:4])
    assert (cartpole[0], maze[0]) == ("| CartPole-v1", "| Maze")
    assert float(maze[2]) > 0


def test_throughput_prints_json() -> None:
    found = json.loads(
        run("throughput.py", "--env=Wordle", "--seconds=0.01", "--parity", "--json")
    )
    row = found["rows"][0]
    assert row["name"] == "Wordle"
    assert min(row["steps_ratio"], row["new_steps_ratio"], row["snapshot_us"]) > 0
    assert {"machine", "python", "gymnasium", "cartpole", "base_class_us"} <= set(found)


def test_overhead_prints_json_and_finds_no_heavy_module() -> None:
    # Not through `run`: on a busy machine the limits may be passed.
    command = [sys.executable, str(BENCHMARKS / "overhead.py")]
    command += ["--rounds=1", "--imports=1", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True).stdout)
    assert found["heavy_modules"] == []
    assert found["import_ms"] > 0


def test_the_table_goes_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(
        f"Before.\n{throughput.BEGIN}\nold\n{throughput.END}\nAfter.\n",
        encoding="utf-8",
    )
    throughput.write_docs("| new |", page)
    assert page.read_text(encoding="utf-8") == (
        f"Before.\n{throughput.BEGIN}\n| new |\n{throughput.END}\nAfter.\n"
    )


def test_families_and_ids_can_be_named() -> None:
    assert [spec.name for spec in throughput.chosen(["BabyAI"], False)] == ["BabyAI"]
    assert len(throughput.chosen(["BabyAI"], True)) == 41
    one = throughput.chosen(["agentgym/BabyAI.GoToRedBall-v0"], False)
    assert [spec.name for spec in one] == ["BabyAI.GoToRedBall"]
    assert throughput.chosen(["Nothing"], False) == []


@pytest.mark.parametrize(
    ("rate", "told"), [(123456.0, "123,000"), (98.7, "98.7"), (5.0, "5.00")]
)
def test_rates_have_three_digits(rate: float, told: str) -> None:
    assert rounded(rate) == told


@pytest.mark.slow
def test_searches_are_compared_with_their_policy_on_the_same_items() -> None:
    pytest.importorskip("transformers")
    table = run(
        "policy_search.py", "--demonstrations=2", "--epochs=1", "--items=3"
    ).splitlines()
    rows = [line.strip("| ").split(" | ") for line in table if line.startswith("| ")]
    assert [row[0] for row in rows[1:]] == [
        "likeliest actions",
        "drawn at temperature 0.8",
        "best of 8",
        "tree search, 4 states x 4 actions",
    ]
    assert all(row[3].count("to") == 1 for row in rows[2:])
