"""What ``agentgym bench`` prints; how fast is not asked here."""

from __future__ import annotations

import json

import pytest

from agentgym_envs.cli import main


def test_a_table_with_ratios_to_cartpole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["bench", "--env", "Maze,wordle", "--seconds", "0.01"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = {line[0]: line[1:] for line in lines if len(line) > 3}
    assert rows["CartPole-v1"][1] == "1"
    assert float(rows["Maze"][1]) > 0 and float(rows["Wordle"][3]) > 0


def test_json_for_machines(capsys):
    words = ["bench", "--env", "BabyAI.GoToDoor", "--seconds", "0.01", "--json"]
    assert main([*words, "--parity"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parity"] and found["cartpole"]["steps"] > 0
    [row] = found["rows"]
    assert row["name"] == "BabyAI.GoToDoor" and row["snapshot_us"] > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--env", "Nothing"], "there is no environment"),
        (["--env", "CartPole-v1"], "CartPole-v1"),
        (["--seconds", "0"], "--seconds must be above 0"),
        (["--env", "Maze", "--seconds", "nan"], "--seconds must be above 0"),
    ],
)
def test_mistakes_are_told(words, told, capsys):
    assert main(["bench", *words]) == 2
    assert told in capsys.readouterr().err


def test_missing_packages_are_told(capsys, monkeypatch):
    from agentgym_envs.commands import ids

    monkeypatch.setitem(ids.PACKAGES, "babyai", "no_such_package")
    assert main(["bench", "--env", "BabyAI"]) == 2
    assert 'pip install "agentgym-envs[babyai]"' in capsys.readouterr().err
