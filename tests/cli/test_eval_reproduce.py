from __future__ import annotations

import json
import os
import signal
import time

import pytest
from command_line import agentgym, started

from agentgym_envs.cli import main

SLOW = "broken_games:broken/SlowMaze-v0"
WORDS = ["eval", "--env", "Maze,Wordle", "--policy", "random", "--items", "4"]
WORDS += ["--episodes", "3"]


@pytest.fixture
def played(tmp_path):
    assert main([*WORDS, "--out", str(tmp_path / "first")]) == 0
    return tmp_path / "first"


def manifest_in(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_an_evaluation_is_reproduced_from_its_manifest(played, tmp_path, capsys):
    capsys.readouterr()
    done = agentgym(
        *("eval", "--reproduce", played / "manifest.json", "--out", tmp_path / "again"),
        PYTHONHASHSEED="7",
    )

    assert done.returncode == 0, done.stderr
    assert "all numbers of 24 episodes are identical" in done.stdout
    assert manifest_in(tmp_path / "again") == manifest_in(played)
    assert (tmp_path / "again" / "trajectories.jsonl").read_bytes() == (
        played / "trajectories.jsonl"
    ).read_bytes()


def test_a_manifest_says_all_that_the_numbers_depend_on(played):
    manifest = manifest_in(played)

    assert len(manifest["items"]) == 24
    env_id, item_id, episode, seed = manifest["items"][1]
    assert (env_id, item_id, episode) == ("agentgym/Maze-v0", "maze_2000", 1)
    assert isinstance(seed, int)
    assert "maze" in manifest["prompts"]["agentgym/Maze-v0"].lower()
    assert {"python", "agentgym-envs", "numpy"} <= manifest["versions"].keys()
    assert manifest["numbers"]["total"][0]["pass_at"].keys() == {"1", "2", "3"}


def test_numbers_that_differ_are_named(played, tmp_path, capsys):
    path = played / "manifest.json"
    manifest = manifest_in(played)
    manifest["numbers"]["tasks"][0]["mean_steps"] += 1
    manifest["versions"]["python"] = "2.7"
    path.write_text(json.dumps(manifest))

    words = ["eval", "--reproduce", str(path), "--out", str(tmp_path / "again")]
    assert main(words) == 1

    captured = capsys.readouterr()
    assert "different: numbers.tasks[0].mean_steps is" in captured.out
    assert "instead of 2.7" in captured.err


def test_what_is_no_finished_evaluation_is_refused(played, tmp_path, capsys):
    assert main(["eval", "--reproduce", str(played), "--out", str(played)]) == 2
    assert "choose another --out" in capsys.readouterr().err
    assert main(["eval", "--reproduce", str(played / "report.json")]) == 2
    assert "did not finish" in capsys.readouterr().err
    assert main(["eval", "--reproduce", str(tmp_path / "none")]) == 2


def test_killed_anywhere_with_a_batch_nothing_is_lost_or_repeated(tmp_path):
    words = ["eval", "--env", SLOW, "--items", "20", "--policy", "random"]
    words += ["--batch", "4", "--out"]
    files = {name: tmp_path / f"{name}.jsonl" for name in ("episodes", "trajectories")}
    for more in (3, 9, 14):  # killed three times
        process = started(*words, tmp_path)
        deadline = time.monotonic() + 60
        while not files["episodes"].exists() or (
            files["episodes"].read_bytes().count(b"\n") < more
        ):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    assert agentgym(*words, tmp_path).returncode == 0

    keys = {
        name: [json.loads(line)["item_id"] for line in path.read_text().splitlines()]
        for name, path in files.items()
    }
    items = [f"maze_{number}" for number in range(2000, 2020)]
    assert sorted(keys["episodes"]) == sorted(keys["trajectories"]) == items


def test_a_suite_is_one_command(tmp_path, capsys):
    words = ["eval", "--suite", "agenteval", "--env", "Maze,TextCraft", "--items", "5"]

    assert main([*words, "--out", str(tmp_path)]) == 0

    report = json.loads((tmp_path / "report.json").read_text())
    assert [row["items"] for row in report["tasks"]] == [5, 5]
    assert report["settings"]["suite"] == "agenteval"
    assert report["difficulties"][0]["family"] == "TextCraft"
    assert "suite agenteval" in (tmp_path / "report.md").read_text()
    capsys.readouterr()
    assert main(["eval", "--suite", "agenteval", "--env", "Maze,Chess"]) == 2
    assert "plays families, not 'chess'" in capsys.readouterr().err


def test_a_key_is_not_written_down(tmp_path, capsys):
    words = ["eval", "--policy", "openai:m@http://127.0.0.1:1", "-P", "api_key=secret"]

    assert main([*words, "--out", str(tmp_path / "x")]) == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_sciworld_at_100_is_a_success(tmp_path):
    pytest.importorskip("scienceworld")
    words = ["eval", "--env", "SciWorld.FindPlant", "--parity", "--items", "2"]

    assert main([*words, "--horizon", "none", "--out", str(tmp_path)]) == 0

    total = json.loads((tmp_path / "report.json").read_text())["total"]
    assert total["items"] == 2
    assert total["success_rate"] == total["mean_score"] == 1.0
    assert total["mean_original_score"] == 100.0
