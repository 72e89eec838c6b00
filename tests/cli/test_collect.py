from __future__ import annotations

import json
import time
from pathlib import Path

from command_line import agentgym, started

from agentgym_envs.cli import main

SLOW = "broken_games:broken/SlowMaze-v0"
MOODY = "broken_games:broken/MoodyMaze-v0"


def trajectories_in(folder: Path):
    lines = (folder / "trajectories.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_trajectories_have_the_published_shape(tmp_path, capsys):
    words = ["collect", "--env", "Maze,Wordle", "--items", "3", "--out", str(tmp_path)]

    assert main(words) == 0

    lines = trajectories_in(tmp_path)
    assert [line["item_id"] for line in lines[:3]] == ["maze_0", "maze_1", "maze_2"]
    for line in lines:
        assert line["reward"] == line["success"] == 1
        assert line["meta"]["policy"] == "expert"
        assert line["meta"]["split"] == "train"
        assert line["meta"]["episode"] == 0
        assert line["conversations"][3]["value"] == line["meta"]["actions"][0]
    assert "6 trajectories of 6 episodes (6 solved, 0 crashed)" in (
        capsys.readouterr().out
    )


def test_only_success_leaves_the_rest_out(tmp_path, capsys):
    words = ["collect", "--env", "Maze", "--policy", "random", "--items", "40"]
    main([*words, "--only-success", "--json", "--out", str(tmp_path)])

    summary = json.loads(capsys.readouterr().out)
    lines = trajectories_in(tmp_path)
    assert summary["episodes"] == 40
    assert 0 < len(lines) == summary["trajectories"] == summary["solved"] < 40
    assert all(line["success"] for line in lines)


def test_a_run_without_success_leaves_an_empty_file(tmp_path):
    words = ["collect", "--env", "Wordle", "--policy", "random", "--items", "2"]
    main([*words, "--only-success", "--out", str(tmp_path)])

    assert trajectories_in(tmp_path) == []


def test_a_killed_run_goes_on_without_repeating_a_line(tmp_path):
    words = ["collect", "--env", f"Maze,{SLOW}", "--items", "20", "--policy", "random"]
    main([*words, "--out", str(tmp_path / "whole")])
    process = started(*words, "--out", tmp_path / "killed")
    path = tmp_path / "killed" / "trajectories.jsonl"
    deadline = time.monotonic() + 300
    while not path.exists() or path.read_bytes().count(b"\n") < 23:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    episodes = tmp_path / "killed" / "episodes.jsonl"
    # A kill between the two files: the trajectory is there, the episode is not.
    kept = episodes.read_bytes().splitlines(keepends=True)[:-1]
    episodes.write_bytes(b"".join(kept))

    done = agentgym(*words, "--out", tmp_path / "killed")

    assert done.returncode == 0
    assert trajectories_in(tmp_path / "killed") == trajectories_in(tmp_path / "whole")


def test_a_crash_is_no_trajectory(tmp_path, capsys):
    words = ["collect", "--env", MOODY, "--split", "test", "--items", "6"]

    assert main([*words, "--out", str(tmp_path)]) == 1
    assert len(trajectories_in(tmp_path)) == 4
    assert "2 crashed" in capsys.readouterr().out


def test_only_success_is_a_setting_of_the_run(tmp_path, capsys):
    words = ["collect", "--env", "Maze", "--items", "2", "--out", str(tmp_path)]
    main(words)

    assert main([*words, "--only-success"]) == 2
    assert "only_success" in capsys.readouterr().err
