"""The examples do what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(script: str, *options: str) -> str:
    command = [sys.executable, str(EXAMPLES / script), *options]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_episode_is_played_to_its_end() -> None:
    assert run("play_episode.py").splitlines()[-1] == "success with a score of 1.0"


def test_experts_are_recorded_and_summed_up(tmp_path: Path) -> None:
    path = tmp_path / "experts.jsonl"
    told = run("record_experts.py", str(path), "--env=Wordle", "--episodes=3")
    assert told.startswith("agentgym/Wordle-v0: 3 episodes, 100% won, ")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["success"] for line in lines] == [1, 1, 1]


@pytest.mark.slow
def test_maskable_ppo_learns_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sb3_contrib")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import maskable_ppo_babyai as example

    before = example.success_rate(None, example.TASK)
    model, _ = example.train(steps=30_000)
    after = example.success_rate(model, example.TASK)
    assert after > before + 0.2
