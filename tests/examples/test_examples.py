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


@pytest.mark.parametrize("workers", ["0", "2"])
def test_coroutines_play_many_episodes(workers: str) -> None:
    told = run("async_rollouts.py", "--episodes=6", f"--workers={workers}")
    assert told == "6 episodes, mean score 1.00\n"


def test_an_episode_is_played_through_mcp() -> None:
    pytest.importorskip("mcp")
    lines = run("mcp_client.py", "--env=TextCraft").splitlines()
    assert "new_episode: Begin a new episode" in "\n".join(lines)
    assert lines[-1].startswith("The score is 1. The episode is over (success)")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["rollouts", "tools"])
def test_trl_trains_on_a_model_in_a_folder(way: str, tmp_path: Path) -> None:
    pytest.importorskip("trl")
    from trl.chat_template_utils import qwen2_5_chat_template

    from agentgym_policies import tiny

    folder = tiny.build_tiny_model(
        tmp_path / "model", ["agentgym/Wordle-v0"], items=4, width=64, layers=1
    )
    options = ["--action-format=text"]
    if way == "tools":
        options = ["--tools"]
        template = folder / "chat_template.jinja"
        template.write_text(qwen2_5_chat_template, encoding="utf-8")
    told = run(
        "trl_grpo.py",
        f"--model={folder}",
        f"--output={tmp_path / 'out'}",
        "--steps=1",
        "--items=2",
        "--batch=4",
        "--group=2",
        "--reply=8",
        "--episode=256",
        *options,
    )
    assert told.splitlines()[-1].startswith("1 steps; reward 0.00")


@pytest.mark.slow
def test_policy_gradients_go_from_a_clone_to_a_table(tmp_path: Path) -> None:
    pytest.importorskip("trl")
    small = ["--demonstrations=2", "--updates=2", "--steps=2", "--items=2", "--group=2"]
    small += [f"--out={tmp_path}", "--tests=5"]
    for what in ("grpo", "clone"):
        told = run("policy_gradient_cpu.py", what, *small).splitlines()
        assert told[-1].startswith(f"| {what} | 0 | ")

    table = run("policy_gradient_cpu.py", "report", f"--out={tmp_path}").splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == ["| clone", "| grpo"]
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results[0]["before"] == results[1]["before"]
    assert [len(results[1][name]) for name in ("after", "sampled")] == [5, 2]


@pytest.mark.slow
def test_the_kept_results_of_policy_gradients_are_reported() -> None:
    pytest.importorskip("trl")
    kept = EXAMPLES / "policy_gradient_cpu.json"
    table = run("policy_gradient_cpu.py", "report", f"--results={kept}").splitlines()
    page = (EXAMPLES.parent / "docs" / "training.md").read_text(encoding="utf-8")
    for line in table:
        if "| all |" in line:
            assert line in page


@pytest.mark.slow
def test_maskable_ppo_learns_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sb3_contrib")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import maskable_ppo_babyai as example

    before = example.success_rate(None, example.TASK)
    model, _ = example.train(steps=30_000)
    after = example.success_rate(model, example.TASK)
    assert after > before + 0.2
