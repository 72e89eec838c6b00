"""The published layouts: official splits, AgentGym's lists, single files."""

from __future__ import annotations

import json
import shutil

import gymnasium
import pytest
from kitchen import KITCHEN, with_goal, write_game

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.alfworld import TASKS, houses
from agentgym_envs.alfworld.env import ALFWorldEnv
from agentgym_envs.alfworld.problem import COOL, HEAT, LOOK, PICK, TWO
from agentgym_envs.errors import BadOption, DataError, UnknownTask

PROBLEMS = {
    PICK: KITCHEN,
    TWO: with_goal(TWO, "Apple", receptacle_type="CabinetType"),
    LOOK: with_goal(LOOK, "Mug", toggle_type="DeskLampType"),
    HEAT: with_goal(HEAT, "Mug", receptacle_type="CabinetType"),
    COOL: with_goal(COOL, "Mug", receptacle_type="CabinetType"),
}
TRIALS = {
    "train": [
        (PICK, "Mug-None-CounterTop-1", "trial_T20190907_1"),
        (TWO, "Apple-None-Cabinet-2", "trial_T20190907_2"),
        (TWO, "Apple-None-Cabinet-2", "trial_T20190907_3"),
        (LOOK, "Mug-None-DeskLamp-301", "trial_T20190907_4"),
    ],
    "valid_train": [(COOL, "Mug-None-Cabinet-2", "trial_T20190907_5")],
    "valid_seen": [(PICK, "Mug-None-CounterTop-1", "trial_T20190907_6")],
    "valid_unseen": [
        (HEAT, "Mug-None-Cabinet-10", "trial_T20190907_7"),
        (PICK, "Mug-None-CounterTop-10", "trial_T20190907_8"),
    ],
}


@pytest.fixture
def root(tmp_path):
    """A data folder as the download makes it."""
    for folder, trials in TRIALS.items():
        for kind, rest, trial in trials:
            where = tmp_path / "json_2.1.1" / folder / f"{kind}-{rest}" / trial
            write_game(PROBLEMS[kind], where)
    # These are published too, but are no text games.
    odd = tmp_path / "json_2.1.1" / "train"
    (odd / "pick_and_place_with_movable_recep-Mug-Pan-Sink-1" / "trial_1").mkdir(
        parents=True
    )
    write_game(KITCHEN, odd / f"{PICK}-AppleSliced-None-Table-1" / "trial_1")
    return tmp_path


@pytest.fixture
def mapped(root):
    """The same with AgentGym's lists."""
    position = 0
    for name, folder in (("train", "train"), ("test", "valid_train")):
        records = []
        for kind, rest, trial in TRIALS[folder]:
            record = {"item_id": position, "task_type": f"{kind}-{rest}"}
            records.append({**record, "task_id": trial})
            position += 1
        (root / f"mappings_{name}.json").write_text(json.dumps(records))
    return root


def test_official_splits(root):
    env = ALFWorldEnv(data=root)
    assert [task.index for task in env.tasks] == [0, 1, 2, 3]
    assert [task.split for task in env.tasks] == ["train"] * 4
    # In the order of the folders' names.
    kinds = [task.payload["game"].problem.goal.kind for task in env.tasks]
    assert kinds == [LOOK, PICK, TWO, TWO]
    test = ALFWorldEnv(data=root, split="test").tasks
    assert [task.split for task in test] == ["valid_seen", *["valid_unseen"] * 2]
    assert len(ALFWorldEnv(data=root, split="all").tasks) == 7
    for split, count in (("valid_seen", 1), ("valid_unseen", 2)):
        env = ALFWorldEnv(data=root, split=split)
        assert len(env.tasks) == count
        info = env.reset(seed=0)[1]
        assert info["split"] == split
        assert info["room_seen"] == (split == "valid_seen")


def test_items_of_official_splits_have_ids_of_their_own(root):
    env = ALFWorldEnv(data=root, split="valid_unseen")
    ids = [task.id for task in env.tasks]
    assert ids == ["alfworld_game_5", "alfworld_game_6"]
    assert env.reset(options={"item": "alfworld_game_0"})[1]["split"] == "train"
    with pytest.raises(UnknownTask):
        env.reset(options={"item": "alfworld_0"})
    with pytest.raises(UnknownTask):
        env.reset(options={"item": 7})


def test_a_release_may_be_given_itself(root):
    inner = ALFWorldEnv(data=root / "json_2.1.1", split="all").tasks
    assert [t.id for t in inner] == [
        t.id for t in ALFWorldEnv(data=root, split="all").tasks
    ]
    (root / "json_2.1.1").rename(root / "json_2.1.3")
    assert len(ALFWorldEnv(data=root, split="all").tasks) == 7


def test_agentgym_numbers(mapped):
    train, test = ALFWorldEnv(data=mapped), ALFWorldEnv(data=mapped, split="test")
    assert [task.id for task in train.tasks] == [f"alfworld_{i}" for i in range(4)]
    assert [task.id for task in test.tasks] == ["alfworld_4"]
    kinds = [task.payload["game"].problem.goal.kind for task in train.tasks]
    assert kinds == [PICK, TWO, TWO, LOOK]
    text, info = train.reset(options={"item": "alfworld_4"})
    assert "Your task is to: do the chore." in text
    assert (info["task"], info["split"]) == ("CoolAndPlace", "test")


def test_official_splits_are_there_beside_agentgyms(mapped):
    env = ALFWorldEnv(data=mapped, split="valid_unseen")
    assert [task.split for task in env.tasks] == ["valid_unseen"] * 2


def test_mappings_may_lie_in_a_folder_as_in_the_repository(mapped):
    (mapped / "configs").mkdir()
    for file in mapped.glob("mappings_*.json"):
        shutil.move(file, mapped / "configs" / file.name)
    assert ALFWorldEnv(data=mapped, split="test").tasks[0].id == "alfworld_4"


def test_a_task_of_the_data(mapped, root):
    env = gymnasium.make("agentgym/ALFWorld.PickTwoAndPlace-v0", data=str(mapped))
    assert [task.index for task in env.unwrapped.tasks] == [1, 2]
    with pytest.raises(DataError, match="no items in the split 'test'"):
        ALFWorldEnv(task="PickTwoAndPlace", data=mapped, split="test")


def test_a_game_that_is_listed_but_missing_is_named(mapped):
    env = ALFWorldEnv(data=mapped, split="test")
    shutil.rmtree(mapped / "json_2.1.1" / "valid_train")
    with pytest.raises(
        DataError, match=r"valid_train.*game\.tw-pddl: there is no such"
    ):
        env.reset(seed=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("{}", "holds no JSON array"),
        ("[5]", "record 0 is no object"),
        ('[{"item_id": "0"}]', "record 0: the field 'item_id'"),
        ('[{"item_id": true}]', "record 0: the field 'item_id'"),
        ('[{"item_id": 0}]', "record 0: the field 'task_type'"),
        ('[{"item_id": 0, "task_type": "x"}]', "record 0: the field 'task_id'"),
        ('[{"item_id": 0, "task_type": "..", "task_id": ".."}]', "no folder's name"),
        ('[{"item_id": 0, "task_type": "/", "task_id": "x"}]', "no folder's name"),
        (
            '[{"item_id": 4, "task_type": "x", "task_id": "y"},'
            ' {"item_id": 4, "task_type": "x", "task_id": "y"}]',
            "item_id 4 is there twice",
        ),
    ],
)
def test_damaged_lists_are_named(mapped, content, message):
    (mapped / "mappings_train.json").write_text(content)
    with pytest.raises(DataError, match=rf"mappings_train\.json.*{message}"):
        ALFWorldEnv(data=mapped)


def test_wrong_folders_are_named(tmp_path):
    with pytest.raises(DataError, match="there is no such folder"):
        ALFWorldEnv(data=tmp_path / "nothing")
    with pytest.raises(DataError, match="there is no train/ or valid_seen/"):
        ALFWorldEnv(data=tmp_path)


def test_a_single_game_file(root):
    kind, rest, trial = TRIALS["valid_unseen"][0]
    folder = root / "json_2.1.1" / "valid_unseen" / f"{kind}-{rest}" / trial
    env = ALFWorldEnv()
    text, info = env.reset(options={"game_file": str(folder / "game.tw-pddl")})
    assert text.startswith("You are in the middle of a room.")
    assert info["item_id"] == f"{kind}-{rest}/{trial}"
    assert (info["task"], info["split"]) == ("HeatAndPlace", "unlisted")
    assert info["room_seen"] is False
    assert env.reset(options={"game_file": str(folder)})[0] == text
    kept = env.snapshot()
    other = ALFWorldEnv()
    other.restore(kept)
    assert other.expert_action() == env.expert_action()
    with pytest.raises(DataError, match="there is no such file"):
        env.reset(options={"game_file": str(root / "none")})
    with pytest.raises(BadOption, match="not both"):
        env.reset(options={"game_file": str(folder), "item": 0})
    with pytest.raises(BadOption, match="a path as a str"):
        env.reset(options={"game_file": 5})


def test_a_file_has_its_own_wording_unless_another_is_asked_for(tmp_path):
    path = write_game(houses.problem(0, text_version="v2"), tmp_path)
    options = {"game_file": str(path)}
    env = ALFWorldEnv()
    env.reset(options=options)
    assert "help" in env.admissible_actions()
    env = ALFWorldEnv(text_version="v1")
    env.reset(options=options)
    assert "help" not in env.admissible_actions()


def test_files_are_read_once(mapped, monkeypatch):
    from agentgym_envs.alfworld import tasks

    tasks.game_at.cache_clear()
    reads = []
    read = tasks.read_game
    monkeypatch.setattr(tasks, "read_game", lambda p: reads.append(p) or read(p))
    for _ in range(3):
        env = ALFWorldEnv(data=mapped, split="test")
        env.reset(seed=0)
    assert len(reads) == 1
    assert tasks.game_at.cache_info().maxsize == tasks.KEPT_GAMES


def test_embedded_splits_have_only_the_three_names():
    with pytest.raises(BadOption, match="split must be one of train, test, all, not"):
        ALFWorldEnv(split="valid_seen")


def test_the_tasks_divide_the_embedded_items():
    seen = []
    for name, (_, train, test) in TASKS.items():
        for split, count in (("train", train), ("test", test)):
            tasks = ALFWorldEnv(task=name, split=split).tasks
            assert len(tasks) == count
            seen += [tasks.find(i).index for i in tasks._indexes[:3]]
            assert tasks[0].id == f"alfworld_{tasks[0].index}"
    assert len(seen) == len(set(seen))
    assert sum(train for _, train, _ in TASKS.values()) == len(houses.TRAIN)
    assert sum(test for _, _, test in TASKS.values()) == len(houses.TEST)


def test_a_game_is_called_by_its_folders(mapped):
    env = ALFWorldEnv(data=mapped, parity=True, split="all")
    env.reset(options={"item": 0})
    assert env.game_name == f"{PICK}-Mug-None-CounterTop-1/trial_T20190907_1"


def test_an_embedded_game_has_such_a_name_too():
    env = ALFWorldEnv(parity=True)
    env.reset(options={"item": 0})
    goal = houses.problem(0).goal
    kind, thing, no_tray, place, plan = env.game_name.partition("/")[0].split("-")
    assert (kind, f"{thing}Type", f"{place}Type") == (
        goal.kind,
        goal.object_type,
        goal.receptacle_type,
    )
    assert no_tray == "None" and int(plan) == houses.plan_of(0)
    assert env.game_name.endswith("/trial_0")
