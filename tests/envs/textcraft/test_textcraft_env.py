"""The environment around the rules: items, options, schema, pictures, nonsense."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st

import agentgym_envs  # noqa: F401
from agentgym_envs.errors import (
    BadOption,
    DataError,
    ResetNeeded,
    SnapshotError,
    UnknownTask,
)
from agentgym_envs.schema import render_call
from agentgym_envs.snapshot import pack, unpack
from agentgym_envs.textcraft.recipes import load
from agentgym_envs.textcraft.tasks import TextCraftTasks

ID = "agentgym/TextCraft-v0"
TEST_DIGEST = "27f757b407b239db4a52ae31f99fc4cf3fb5b198949c3bf556f27ee4c839c769"


@pytest.fixture
def env():
    return gymnasium.make(ID)


def test_the_splits_are_disjoint_and_fixed():
    tree = load()
    tasks = TextCraftTasks(split="all")
    train = [tree.goals[index] for index in tasks.train]
    test = [tree.goals[index] for index in tasks.test]
    assert (len(train), len(test), len(tasks)) == (444, 100, 544)
    assert sorted(train + test) == sorted(tree.goals)
    assert sha256("\n".join(sorted(test)).encode()).hexdigest() == TEST_DIGEST
    assert Counter(tree.depth[goal] for goal in test) == {1: 23, 2: 53, 3: 22, 4: 2}


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_reset_draws_from_its_split(split):
    env = gymnasium.make(ID, split=split)
    drawn = {env.reset(seed=seed)[1]["item_id"] for seed in range(50)}
    assert len(drawn) > 20
    assert drawn <= {task.id for task in env.unwrapped.tasks}
    assert all(task.split == split for task in env.unwrapped.tasks)


@pytest.mark.parametrize(
    "goal",
    [
        "golden carrot",
        "golden_carrot",
        "minecraft:golden_carrot",
        "Golden Carrot",
        " golden  carrot ",
    ],
)
def test_a_goal_by_name(env, goal):
    text, info = env.reset(options={"goal": goal})
    assert text.endswith("Goal: craft golden carrot.")
    assert env.unwrapped.goal == "craft golden carrot"
    assert env.reset(options={"item": info["item_id"]})[0] == text


def test_an_unknown_goal_names_those_that_come_close(env):
    with pytest.raises(UnknownTask, match="did you mean golden carrot"):
        env.reset(options={"goal": "golden carot"})


@pytest.mark.parametrize(
    "options",
    [
        {"goal": "gold nugget"},  # a base item
        {"goal": "planks"},
        {"goal": "x" * 100_000},
        {"goal": "\ud800"},
        {"goal": 3},
        {"item": 544},
        {"item": -1},
        {"item": "textcraft_544"},
        {"item": "maze_1"},
        {"item": 1, "goal": "stick"},
        {"gaol": "stick"},
    ],
)
def test_wrong_options_raise(env, options):
    with pytest.raises(BadOption):
        env.reset(options=options)


def write_items(folder, split, *items):
    """Write a file as AgentGym publishes it; items are numbers, or with a goal."""
    records = []
    for number, goal in items:
        text = f"Crafting commands:\n...\n\nGoal: craft {goal}."
        conversations = [{"from": "human", "loss": None, "value": text}]
        records.append(
            {
                "conversations": conversations if goal else None,
                "item_id": f"textcraft_{number}",
            }
        )
    file = folder / f"textcraft_{split}.json"
    file.write_text(json.dumps(records), encoding="utf-8")


def test_published_items_count_by_the_goal_that_they_name(tmp_path):
    write_items(tmp_path, "train", (43, "golden carrot"), (7, "stick"), (9, None))
    write_items(tmp_path, "test", (15, None), (9, None), (559, None))
    goals = {}
    for split in ("train", "test"):
        env = gymnasium.make(ID, data=str(tmp_path), split=split)
        goals[split] = [task.goal for task in env.unwrapped.tasks]
        assert env.reset(seed=0)[1]["split"] == split
    assert goals == {
        "train": ["craft golden carrot", "craft stick"],
        "test": ["craft blaze powder", "craft brown dye"],
    }


def test_a_published_goal_that_does_not_exist_is_named(tmp_path):
    write_items(tmp_path, "test", (3, "perpetual motion"))
    with pytest.raises(DataError, match=r"textcraft_test.json: record 0.*textcraft_3"):
        gymnasium.make(ID, data=str(tmp_path), split="test")


def test_the_goal_ends_the_episode(env):
    env.reset(options={"goal": "brown_dye"})
    env.step("get 1 cocoa beans")
    text, reward, terminated, truncated, info = env.step(
        "craft 1 brown dye using 1 cocoa beans"
    )
    assert (text, reward, terminated, truncated) == (
        "Crafted 1 brown dye",
        1.0,
        True,
        False,
    )
    assert info["success"] and info["score"] == 1.0 and info["end_reason"] == "success"
    with pytest.raises(ResetNeeded):
        env.step("inventory")


def test_the_horizon_is_twenty_steps(env):
    env.reset(seed=0)
    ends = [env.step("inventory")[3] for _ in range(20)]
    assert ends == [False] * 19 + [True]


def test_calls_become_actions(env):
    schema = env.unwrapped.action_schema
    get = render_call(schema, "get", {"item": "bamboo", "amount": 2})
    craft = render_call(
        schema, "craft", {"item": "stick", "ingredients": ["2 bamboo"], "amount": 1}
    )
    env.reset(options={"goal": "stick"})
    assert env.step(get)[0] == "Got 2 bamboo"
    assert render_call(schema, "inventory", {}) == "inventory"
    assert env.step(craft)[2]


def test_a_snapshot_names_only_items_that_exist(env):
    env.reset(options={"goal": "stick"})
    env.step("get 2 bamboo")
    agent = env.unwrapped
    kept = agent.snapshot()
    content = unpack(kept)
    assert content[-1] == [[["bamboo", 2]]]
    for inventory in ([["no such item", 1]], [["bamboo", -1]], [["bamboo", 1.5]]):
        with pytest.raises(SnapshotError):
            agent.restore(pack([*content[:-1], [inventory]]))
    assert agent.snapshot() == kept


def test_the_picture_marks_what_can_be_crafted():
    env = gymnasium.make(ID, render_mode="ansi")
    env.reset(options={"goal": "stick"})
    env.step("get 2 bamboo")
    lines = env.render().splitlines()
    assert lines[:2] == ["Goal: craft stick", "Inventory: [bamboo] (2)"]
    assert "* craft 1 stick using 2 bamboo" in lines
    assert "  craft 4 stick using 2 planks" in lines
    assert "\x1b[32m" in env.unwrapped._ansi(colour=True)


WORDS = st.sampled_from(
    [
        *(
            "craft",
            "get",
            "using",
            "inventory",
            "1",
            "0",
            "2 bamboo",
            "stick",
            "planks",
        ),
        *(",", "\ud800", "\x00", "\n", "é", "9" * 200, "-1", "minecraft:stick", "  "),
    ]
)
NONSENSE = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=())),
    st.lists(WORDS, max_size=12).map(" ".join),
    st.lists(WORDS, max_size=12).map("".join),
)


@pytest.mark.parametrize("parity", [False, True])
def test_any_string_is_answered_and_counted(parity):
    env = gymnasium.make(ID, parity=parity, max_episode_steps=-1)
    env.reset(seed=0)

    @given(NONSENSE)
    def check(action):
        before = env.unwrapped._steps
        text, _, terminated, truncated, info = env.step(action)
        assert text in env.observation_space
        assert info["steps"] == before + 1
        if terminated or truncated:
            env.reset()

    check()
    assert env.step("x" * 1_000_000)[4]["invalid_action"]
    env.reset(options={"goal": "brown_dye"})
    env.step("get 1 cocoa beans")
    assert env.step("craft 1 brown dye using 1 cocoa beans")[2]
