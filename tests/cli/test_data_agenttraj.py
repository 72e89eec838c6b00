"""`agentgym data agenttraj`: what it says of good files and of bad ones."""

from __future__ import annotations

import json

import pytest

from agentgym_envs.cli import main
from agentgym_wrappers import dataset


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    words = ["collect", "--env", "Maze,TextCraft", "--parity", "--items", "3"]
    assert main([*words, "--out", str(folder)]) == 0
    return folder


def as_written_by_a_model(record):
    """Say the same actions in the form that published trajectories have."""
    made = dataset.to_agenttraj(record)
    for said in made["conversations"]:
        if said["loss"]:
            said["value"] = f"Thought:\nI know.\n\nAction:\n{said['value']}"
    return made


@pytest.fixture
def published(run, tmp_path):
    records = [as_written_by_a_model(record) for record in dataset.load(run)]
    path = tmp_path / "train.json"
    path.write_text(json.dumps(records))
    return path


def check(capsys, *words):
    status = main(["data", "agenttraj", *map(str, words), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_a_published_file_is_mapped_and_replayed(capsys, published):
    status, told = check(capsys, published, "--replay")
    assert (status, told["problems"]) == (0, [])
    maze = told["prefixes"]["lmrlgym_maze"]
    assert maze["env_id"] == "agentgym/Maze-v0"
    assert [maze[k] for k in ("records", "sound", "known", "replayed")] == [3] * 4


def test_a_run_is_checked_in_its_own_environments(capsys, run):
    status, told = check(capsys, run, "--replay")
    assert (status, told["problems"]) == (0, [])
    assert told["prefixes"]["textcraft"]["replayed"] == 3


def test_what_a_record_names_is_neither_imported_nor_the_end(
    capsys, run, tmp_path, monkeypatch
):
    (tmp_path / "named_by_a_file.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    records = dataset.load(run)[:3]
    records[0]["meta"]["env_id"] = "named_by_a_file:agentgym/Maze-v0"
    records[1]["meta"]["kwargs"] = {"no_such_keyword": 1}
    records[2]["meta"]["options"] = {"no_such_option": 1}
    dataset.save(tmp_path / "x.jsonl", records)

    status, told = check(capsys, tmp_path / "x.jsonl", "--replay")

    assert status == 1
    assert told["prefixes"]["maze"]["known"] == 2
    [problem] = told["problems"]
    assert "record 2" in problem and "no_such_option" in problem


def test_lists_of_items_are_checked_too(capsys, tmp_path):
    path = tmp_path / "maze_test.json"
    items = [
        {"conversations": c, "item_id": f"lmrlgym_maze_{i}"}
        for c, i in ((None, 4), ([], 9), (None, 4))
    ]
    path.write_text(json.dumps(items))
    status, told = check(capsys, path)
    assert status == 0
    assert told["prefixes"]["lmrlgym_maze"]["repeated"] == 1


def test_what_is_wrong_is_named_and_ends_with_status_1(capsys, published):
    records = json.loads(published.read_text())
    records[0]["item_id"] = "lmrlgym_maze_4000"
    records[1]["item_id"] = "chess_1"
    records[2]["conversations"][4]["value"] = "You are on the moon."
    records[3]["conversations"][0]["from"] = "system"
    published.write_text(json.dumps([*records, 7]))
    status, told = check(capsys, published, "--replay")
    first, second, third, fourth, fifth = told["problems"]
    assert status == 1
    assert "record 0" in first and "0..24" in first
    assert second == "record 1: item_id 'chess_1' has no known prefix"
    assert third.startswith("record 2: step 1 differs from character")
    assert "conversations[0].from" in fourth
    assert fifth.startswith("record 6: is no object")


def test_the_table_names_the_first_problems(capsys, published):
    records = json.loads(published.read_text())
    published.write_text(json.dumps([{}] * 30 + records))
    assert main(["data", "agenttraj", str(published)]) == 1
    out = capsys.readouterr().out
    assert "lmrlgym_maze" in out and "... and 40 more" in out
    assert "30 records with problems" in out


@pytest.mark.parametrize("form", ["agenttraj", "messages", "steps", "pairs"])
def test_sound_records_are_written_in_other_formats(capsys, run, tmp_path, form):
    out = tmp_path / "out.jsonl"
    assert main(["data", "agenttraj", str(run), "--to", form, "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    steps = sum(len(r["meta"]["actions"]) for r in dataset.load(run))
    assert len(rows) == {"steps": steps, "pairs": 0}.get(form, 6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "needs the PATH"),
        (["x.json", "--to", "steps"], "go together"),
        (["x.json"], "no such file"),
        (["x.json", "--data", "Maze"], "FAMILY=PATH"),
    ],
)
def test_mistakes_are_told(capsys, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert main(["data", "agenttraj", *words]) == 2
    assert message in capsys.readouterr().err
