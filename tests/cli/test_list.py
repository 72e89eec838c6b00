from __future__ import annotations

import json

import pytest

import agentgym_envs
from agentgym_envs.cli import main
from agentgym_envs.commands import ids
from agentgym_envs.registry import TaskSpec


def listed(capsys, *words):
    assert main(["list", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_all_tasks_are_listed_with_their_facts(capsys):
    tasks = listed(capsys)

    assert [task["id"] for task in tasks] == [t.id for t in agentgym_envs.list_tasks()]
    maze = tasks[0]
    assert maze["id"] == "agentgym/Maze-v0"
    assert maze["items"] == {"train": 2000, "test": 200, "all": 2200}
    assert maze["horizon"] == 15
    assert maze["ready"] and maze["installed"]


@pytest.fixture
def planned(monkeypatch):
    """An id whose environment does not exist yet."""
    later = TaskSpec(name="Lantern", scenario="household", horizon=30)
    monkeypatch.setattr(agentgym_envs, "SPECS", (*agentgym_envs.SPECS, later))


def test_ready_leaves_out_what_is_planned(capsys, planned):
    families = {task["family"] for task in listed(capsys, "--ready")}

    assert "Maze" in families
    assert "Lantern" not in families


def test_families_can_be_picked_in_any_case(capsys):
    tasks = listed(capsys, "--family", "babyai,maze")

    assert len(tasks) == 41
    assert {task["family"] for task in tasks} == {"Maze", "BabyAI"}


def test_the_table_tells_what_is_planned(capsys, planned):
    assert main(["list", "--family", "Lantern"]) == 0

    text = capsys.readouterr().out
    assert "planned" in text
    assert "0 of 1 tasks" in text


def test_a_missing_package_is_named_with_its_extra(capsys, monkeypatch):
    monkeypatch.setitem(ids.PACKAGES, "babyai", "no_such_package")

    assert main(["list", "--family", "BabyAI"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "needs pip install" in text
    assert "[babyai]" in text
    assert listed(capsys, "--ready", "--family", "BabyAI") == []


@pytest.mark.parametrize("columns", ["80", "100", "200"])
def test_a_narrow_terminal_cuts_no_name(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)

    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert "…" not in text
    assert "BabyAI.OpenDoorsOrderN4Debug" in text.replace("\n ", "")
