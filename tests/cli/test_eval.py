from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import agentgym, started

from agentgym_envs.cli import main

TIMINGS = ("steps_per_second", "duration", "wall_seconds", "wall")
SLOW = "broken_games:broken/SlowMaze-v0"
MOODY = "broken_games:broken/MoodyMaze-v0"


def without_timings(value):
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in TIMINGS}
        return {key: without_timings(inner) for key, inner in kept.items()}
    if isinstance(value, list):
        return [without_timings(inner) for inner in value]
    return value


def report_in(folder: Path):
    return without_timings(json.loads((folder / "report.json").read_text("utf-8")))


def episodes_in(folder: Path):
    lines = (folder / "episodes.jsonl").read_text("utf-8").splitlines()
    return [without_timings(json.loads(line)) for line in lines]


def trajectories_in(folder: Path):
    return (folder / "trajectories.jsonl").read_text("utf-8").splitlines()


def test_the_expert_is_scored_in_a_table_and_two_reports(tmp_path, capsys):
    words = ["eval", "--env", "Maze,Wordle", "--items", "4", "--out", str(tmp_path)]

    assert main(words) == 0

    text = capsys.readouterr().out
    assert "100.0 %" in text and "total" in text
    report = report_in(tmp_path)
    assert [row["task"] for row in report["tasks"]] == ["Maze", "Wordle"]
    assert report["total"]["items"] == 8
    assert report["total"]["success_rate"] == 1.0
    assert report["settings"]["split"] == "test"
    assert report["versions"]["agentgym-envs"]
    markdown = (tmp_path / "report.md").read_text("utf-8")
    assert "| Maze | Maze | 4 | 100.0 % | 51.0 % – 100.0 % |" in markdown


def test_json_is_all_that_is_printed(tmp_path):
    done = agentgym(
        "eval", "--env", "Maze", "--items", 3, "--json", "--out", tmp_path / "run"
    )

    assert done.returncode == 0
    assert without_timings(json.loads(done.stdout)) == report_in(tmp_path / "run")
    assert "3/3 episodes" in done.stderr


def test_the_folder_is_named_after_the_settings(tmp_path):
    for _ in range(2):
        agentgym("eval", "--env", "Maze", "--items", 2, cwd=tmp_path)
    agentgym("eval", "--env", "Maze", "--items", 2, "--seed", 1, cwd=tmp_path)

    names = [path.name for path in (tmp_path / "runs").iterdir()]
    assert len(names) == 2
    assert all(name.startswith("eval-expert-test-") for name in names)


def test_processes_with_other_hash_seeds_report_the_same(tmp_path):
    words = ["eval", "--env", "Maze,Wordle", "--policy", "random", "--items", "6"]
    for name, hash_seed in (("a", "1"), ("b", "2")):
        agentgym(*words, "--out", tmp_path / name, PYTHONHASHSEED=hash_seed)

    assert report_in(tmp_path / "a") == report_in(tmp_path / "b")
    assert episodes_in(tmp_path / "a") == episodes_in(tmp_path / "b")


def test_seeds_and_episodes_of_an_item_differ(tmp_path):
    words = ["eval", "--env", "Maze", "--policy", "random", "--items", "5"]
    main([*words, "--episodes", "2", "--out", str(tmp_path / "a")])
    main([*words, "--episodes", "2", "--seed", "1", "--out", str(tmp_path / "b")])

    first, second = (episodes_in(tmp_path / name) for name in "ab")
    assert len({episode["seed"] for episode in first + second}) == 20
    assert report_in(tmp_path / "a")["total"]["items"] == 5
    assert report_in(tmp_path / "a")["total"]["episodes"] == 10


def test_a_killed_run_goes_on_and_ends_like_an_unbroken_one(tmp_path):
    words = ["eval", "--env", f"Maze,{SLOW}", "--items", "25", "--policy", "random"]
    main([*words, "--out", str(tmp_path / "whole")])
    process = started(*words, "--out", tmp_path / "killed")
    lines = tmp_path / "killed" / "episodes.jsonl"
    deadline = time.monotonic() + 30
    while not lines.exists() or lines.read_bytes().count(b"\n") < 30:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    before = lines.read_bytes()
    assert before.count(b"\n") < 50
    with lines.open("ab") as file:
        file.write(b'{"env_id": "agentgym/Ma')  # what a kill in mid-write leaves

    done = agentgym(*words, "--out", tmp_path / "killed")

    assert done.returncode == 0
    assert "of 50 episodes are in" in done.stderr
    assert lines.read_bytes().startswith(before)
    assert episodes_in(tmp_path / "killed") == episodes_in(tmp_path / "whole")
    assert report_in(tmp_path / "killed") == report_in(tmp_path / "whole")
    assert trajectories_in(tmp_path / "killed") == trajectories_in(tmp_path / "whole")
    assert len(trajectories_in(tmp_path / "whole")) == 50


def test_a_finished_run_is_reported_again_without_playing(tmp_path, capsys):
    words = ["eval", "--env", "Maze", "--items", "3", "--out", str(tmp_path)]
    main(words)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    first = capsys.readouterr().out

    assert main(words) == 0

    assert capsys.readouterr().out == first
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_fresh_plays_again(tmp_path, capsys):
    words = ["eval", "--env", "Maze", "--items", "3", "--out", str(tmp_path)]
    main(words)
    main([*words, "--fresh"])

    assert "already" not in capsys.readouterr().err
    assert len(episodes_in(tmp_path)) == 3


def test_other_settings_do_not_mix_with_a_run(tmp_path, capsys):
    words = ["eval", "--env", "Maze", "--out", str(tmp_path), "--items"]
    main([*words, "3"])
    capsys.readouterr()

    assert main([*words, "4"]) == 2
    assert "items 3 instead of 4" in capsys.readouterr().err
    assert main([*words, "4", "--fresh"]) == 0
    assert len(episodes_in(tmp_path)) == 4


def test_a_damaged_line_is_named(tmp_path, capsys):
    words = ["eval", "--env", "Maze", "--items", "3", "--out", str(tmp_path)]
    main(words)
    lines = tmp_path / "episodes.jsonl"
    first, second, rest = lines.read_bytes().split(b"\n", 2)
    lines.write_bytes(first + b"\n" + second[:20] + b"\n" + rest)
    capsys.readouterr()

    assert main(words) == 2
    assert "episodes.jsonl, line 2" in capsys.readouterr().err


def test_a_crash_is_counted_apart_and_stops_nothing(tmp_path, capsys):
    words = ["eval", "--env", f"Maze,{MOODY}", "--items", "6", "--out", str(tmp_path)]

    assert main(words) == 1

    report = report_in(tmp_path)
    healthy, moody = report["tasks"]
    assert healthy["crashed"] == 0
    # Items 2001 and 2004 of the six are divisible by three; 2004 cannot even begin.
    assert moody["crashed"] == 2
    assert moody["items"] == 4
    assert moody["success_rate"] == moody["mean_score"] == 1.0
    assert moody["end_reasons"] == {"crash": 2, "success": 4}
    assert [crash["item_id"] for crash in report["crashes"]] == [
        "maze_2001",
        "maze_2004",
    ]
    assert "ZeroDivisionError: a bug in the game" in report["crashes"][0]["error"]
    crashed = [e for e in episodes_in(tmp_path) if e["end_reason"] == "crash"]
    assert all("score" not in e and "success" not in e for e in crashed)
    assert "crashed" in capsys.readouterr().out
    assert main(words) == 1  # taken up from the file, a crash is still a crash


def test_an_environment_that_cannot_be_made_is_a_crash(tmp_path, capsys):
    name = "broken_games:broken/StillbornMaze-v0"

    assert main(["eval", "--env", f"Maze,{name}", "--out", str(tmp_path)]) == 1

    stillborn = report_in(tmp_path)["tasks"][1]
    assert stillborn["crashed"] == 1
    assert "success_rate" not in stillborn
    assert "the maze is gone" in capsys.readouterr().out


def test_an_expert_that_crashes_is_a_crash_of_that_episode(tmp_path):
    name = "broken_games:broken/HopelessMaze-v0"

    assert main(["eval", "--env", name, "--items", "3", "--out", str(tmp_path)]) == 1
    assert report_in(tmp_path)["total"]["end_reasons"] == {"crash": 1, "success": 2}


def test_a_policy_that_cannot_play_a_game_says_so(tmp_path, capsys):
    name = "broken_games:broken/HopelessMaze-v0"
    words = ["eval", "--env", name, "--policy", "random", "--out", str(tmp_path)]

    assert main(words) == 2
    assert "cannot list them" in capsys.readouterr().err


def test_a_horizon_cuts_and_none_does_not(tmp_path):
    words = ["eval", "--env", "Maze", "--policy", "random", "--items", "5"]
    main([*words, "--horizon", "2", "--out", str(tmp_path / "short")])
    main([*words, "--horizon", "none", "--out", str(tmp_path / "long")])

    assert report_in(tmp_path / "short")["total"]["mean_steps"] == 2
    assert report_in(tmp_path / "long")["total"]["success_rate"] == 1.0


def test_parity_plays_the_originals_items(tmp_path):
    main(["eval", "--env", "Maze", "--parity", "--items", "2", "--out", str(tmp_path)])

    assert report_in(tmp_path)["settings"]["parity"] is True


def test_missing_packages_are_told_and_the_rest_is_played(
    tmp_path, capsys, monkeypatch
):
    from agentgym_envs.commands import ids

    monkeypatch.setitem(ids.PACKAGES, "babyai", "no_such_package")
    main(["eval", "--items", "1", "--out", str(tmp_path), "--json"])

    captured = capsys.readouterr()
    assert "not played: BabyAI (40 tasks)" in captured.err
    families = {row["family"] for row in json.loads(captured.out)["tasks"]}
    assert "Maze" in families and "BabyAI" not in families


def test_a_random_policy_leaves_out_what_lists_no_actions(tmp_path, capsys):
    words = ["eval", "--policy", "random", "--items", "1", "--out", str(tmp_path)]
    main([*words, "--suite", "agenteval", "--horizon", "2", "--json"])

    captured = capsys.readouterr()
    assert "not played: WebArena, Weather, Movie" in captured.err
    families = {row["family"] for row in json.loads(captured.out)["tasks"]}
    assert families == {
        *("WebShop", "Maze", "Wordle", "ALFWorld", "SciWorld", "BabyAI", "TextCraft")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process there")
def test_control_c_ends_with_130_and_loses_nothing(tmp_path):
    words = ["eval", "--env", SLOW, "--items", "100", "--out", tmp_path]
    process = started(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = tmp_path / "episodes.jsonl"
    while not lines.exists() or lines.read_bytes().count(b"\n") < 2:
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=120)

    assert process.returncode == 130
    assert b"Traceback" not in complaint
    assert b"interrupted" in complaint
    assert len(episodes_in(tmp_path)) >= 2
