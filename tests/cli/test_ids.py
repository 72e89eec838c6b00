from __future__ import annotations

from importlib.util import find_spec

import pytest

import agentgym_envs
from agentgym_envs.commands import ids
from agentgym_envs.commands.ids import find_id, find_ids
from agentgym_envs.errors import BadOption, MissingExtra, NotReady
from agentgym_envs.registry import TaskSpec

needs_minigrid = pytest.mark.skipif(
    find_spec("minigrid") is None, reason="the extra babyai is not installed"
)


@needs_minigrid
def test_a_family_means_its_tasks_and_a_full_id_means_itself():
    assert len(find_ids(["BabyAI"])) == 40
    assert find_ids(["agentgym/BabyAI-v0"]) == ["agentgym/BabyAI-v0"]
    assert len(find_ids(["BabyAI"], groups=True)) == 41


@needs_minigrid
def test_names_are_joined_in_the_librarys_order_and_once():
    names = ["wordle,Maze", "agentgym/Maze-v0", "babyai.goToRedBall"]

    assert find_ids(names) == [
        "agentgym/Maze-v0",
        "agentgym/Wordle-v0",
        "agentgym/BabyAI.GoToRedBall-v0",
    ]


def test_all_means_every_task_that_is_ready():
    found = find_ids(["all"])

    assert "agentgym/Maze-v0" in found
    assert "agentgym/BabyAI-v0" not in found
    assert "agentgym/WebArena-v0" not in found  # a group, not a task
    assert "agentgym/WebArena.SiteNavigation-v0" in found


def test_all_leaves_out_what_is_not_installed(monkeypatch):
    monkeypatch.setitem(ids.PACKAGES, "babyai", "no_such_package")

    assert not [name for name in find_ids(["all"]) if "BabyAI" in name]
    assert len(ids.skipped()) == 40
    with pytest.raises(MissingExtra):
        find_ids(["BabyAI"])


def test_a_planned_environment_is_refused_as_such(monkeypatch):
    later = TaskSpec(name="Lantern", scenario="household", horizon=30)
    monkeypatch.setattr(agentgym_envs, "SPECS", (*agentgym_envs.SPECS, later))

    assert later.id not in find_ids(["all"])
    with pytest.raises(NotReady):
        find_ids(["Lantern"])


def test_another_librarys_id_imports_its_module():
    name = "broken_games:broken/SlowMaze-v0"

    assert find_ids([name]) == [name]
    assert find_id(name) == name


@needs_minigrid
def test_a_player_who_names_a_family_gets_all_of_it():
    assert find_id("babyai") == "agentgym/BabyAI-v0"


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(BadOption, match=r"did you mean BabyAI\.GoToRedBall"):
        find_ids(["BabyAI.GoToRedBal"])
