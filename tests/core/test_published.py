from __future__ import annotations

import json

import gymnasium
import pytest

from agentgym_envs.errors import DataError, UnknownTask


def write(folder, name, records, *, lines=False):
    path = folder / name
    if lines:
        text = "".join(json.dumps(record) + "\n" for record in records)
    else:
        text = json.dumps(records)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    trajectory = [{"from": "human", "loss": None, "value": "ü"}]
    write(
        tmp_path,
        "lmrlgym_maze_train.json",
        [
            {"conversations": trajectory, "item_id": f"lmrlgym_maze_{i}"}
            for i in (3, 7, 3, 1)
        ],
    )
    evaluation = [{"conversations": None, "item_id": f"maze_{i}"} for i in (3, 24)]
    write(tmp_path, "maze_test.json", evaluation)
    return tmp_path


def indexes(split, data, **kwargs):
    env = gymnasium.make("agentgym/Maze-v0", split=split, data=str(data), **kwargs)
    return [task.index for task in env.unwrapped.tasks]


def test_published_files_list_the_items_of_both_splits(folder):
    assert indexes("train", folder) == [1, 3, 7]
    assert indexes("test", folder) == [3, 24]
    assert indexes("all", folder, parity=True) == [1, 3, 7, 24]


def test_items_play_the_original_instances_under_the_chosen_rules(folder):
    start = "Your current position is at position 1, 4."
    for parity, unknown in ((True, "The goal"), (False, "Unknown action")):
        env = gymnasium.make("agentgym/Maze-v0", data=str(folder), parity=parity)
        text, info = env.reset(options={"item": 3})
        assert start in text
        assert info["item_id"] == "maze_3"
        assert env.step("fly")[0].startswith(unknown)


def test_an_item_of_both_lists_is_of_the_split_that_shows_it(folder):
    env = gymnasium.make("agentgym/Maze-v0", data=str(folder), split="test")
    assert env.unwrapped.tasks[0].split == "test"


def test_one_file_gives_its_split_only(folder):
    assert indexes("train", folder / "lmrlgym_maze_train.json") == [1, 3, 7]
    with pytest.raises(DataError, match="no items in the split 'test'"):
        indexes("test", folder / "lmrlgym_maze_train.json")


def test_json_lines_are_read_too(tmp_path):
    write(tmp_path, "wordle_test.jsonl", [{"item_id": "wordle_9"}] * 2, lines=True)
    env = gymnasium.make("agentgym/Wordle-v0", split="test", data=str(tmp_path))
    assert [task.id for task in env.unwrapped.tasks] == ["wordle_9"]
    with pytest.raises(UnknownTask, match="'wordle_9'"):
        env.reset(options={"item": "maze_9"})


@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_wins_published_wordle_items(tmp_path, parity):
    write(tmp_path, "wordle_train.json", [{"item_id": f"wordle_{i}"} for i in range(9)])
    env = gymnasium.make("agentgym/Wordle-v0", data=str(tmp_path), parity=parity)
    for task in env.unwrapped.tasks:
        env.reset(options={"item": task.id})
        while not env.unwrapped.is_over:
            *_, info = env.step(env.unwrapped.expert_action())
        assert info["success"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("maze_test.json", "[{]", "maze_test.json is not JSON"),
        ("maze_test.json", '[{"id": 3}]', "record 0: the field 'item_id' is None"),
        (
            "maze_test.json",
            '[{"item_id": "maze_1"}, {"item_id": "webshop_2"}]',
            "record 1",
        ),
        ("maze_test.json", '[{"item_id": "maze_25"}]', "names no item: 'maze_25'"),
        ("maze_test.json", "[3]", "record 0 is no object"),
        ("maze_test.json", '{"item_id": "maze_1"}\n{', "line 2 is not JSON"),
        ("maze.json", "[]", "must end in _train or _test"),
        ("maze_test.json", "[]", "no items in the split 'test'"),
    ],
)
def test_damaged_files_are_named_with_record_and_field(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        indexes("test", path)


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(DataError, match="no such file or folder"):
        indexes("test", tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"no maze_train\.json or lmrlgym_maze_train"):
        indexes("test", tmp_path)


def test_bytes_that_are_no_text_are_named(tmp_path):
    (tmp_path / "maze_test.json").write_bytes(b"\xff\xfe[")
    with pytest.raises(DataError, match=r"maze_test\.json"):
        indexes("test", tmp_path)


def test_unlisted_items_of_the_map_can_still_be_asked_for(folder):
    env = gymnasium.make("agentgym/Maze-v0", data=str(folder))
    assert env.reset(options={"item": 20})[1]["split"] == "unlisted"
    with pytest.raises(UnknownTask):
        env.reset(options={"item": 25})


def test_babyai_ids_are_sorted_to_their_levels(tmp_path):
    write(tmp_path, "babyai_train.json", [{"item_id": f"babyai_{i}"} for i in (41, 3)])
    write(tmp_path, "babyai_test.json", [{"item_id": f"babyai_{i}"} for i in (81, 1)])

    def ids(name, split):
        env = gymnasium.make(name, data=str(tmp_path), split=split)
        return [(task.id, task.index) for task in env.unwrapped.tasks]

    assert ids("agentgym/BabyAI-v0", "train") == [("babyai_3", 3), ("babyai_41", 41)]
    level = "agentgym/BabyAI.GoToRedBall-v0"
    assert ids(level, "train") == [("babyai_41", 1)]
    assert ids(level, "test") == [("babyai_1", 0), ("babyai_81", 2)]
    with pytest.raises(DataError, match="no items in the split 'test'"):
        ids("agentgym/BabyAI.GoToObjS6-v0", "test")


def test_textcraft_records_are_resolved_by_their_goal(tmp_path):
    said = [{"from": "human", "loss": None, "value": "Goal: craft golden carrot."}]
    records = [
        {"conversations": said, "item_id": "textcraft_500"},
        {"conversations": None, "item_id": "textcraft_0"},
    ]
    write(tmp_path, "textcraft_test.json", records)
    env = gymnasium.make("agentgym/TextCraft-v0", data=str(tmp_path), split="test")
    goals = [task.goal for task in env.unwrapped.tasks]
    assert len(goals) == 2
    assert any("golden carrot" in goal for goal in goals)
    assert any("acacia planks" in goal for goal in goals)
