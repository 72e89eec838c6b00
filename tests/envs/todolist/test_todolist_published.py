from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from agentgym_envs.errors import DataError
from agentgym_envs.todolist.env import TODOListEnv
from agentgym_envs.tools.replies import write_call

DATA = Path(__file__).parents[4] / "shared" / "data" / "tools"
has_data = pytest.mark.skipif(
    not (DATA / "todo.jsonl").is_file(), reason="the published items are not here"
)


def play(env, item, extra=None):
    """Play an item with the expert, and something else before its last call."""
    env.reset(options={"item": item})
    while "finish" not in (action := env.expert_action()):
        env.step(action)
    if extra is not None:
        env.step(extra)
    return env.step(action)


@has_data
def test_there_are_155_items_of_which_20_are_for_testing():
    env = TODOListEnv(data=DATA)
    assert (
        len(env.tasks) == 135 and len(TODOListEnv(data=DATA, split="test").tasks) == 20
    )
    text, _ = env.reset(options={"item": 0})
    assert "due date of Solve algebra equations in Homework and Assignments" in text


@has_data
@pytest.mark.parametrize("parity", [False, True])
def test_the_difference_solves_all_155_items_and_an_extra_deletion_none(parity):
    env = TODOListEnv(data=DATA / "todo.jsonl", split="all", parity=parity)
    for task in env.tasks:
        _, reward, done, _, info = play(env, task.index)
        assert (reward, done, info["success"]) == (1.0, True, True), task.goal
        kept = min(task.payload["target"].due)
        extra = write_call("delete_task", {"task_id": str(7000000001 + kept)})
        _, reward, done, _, info = play(env, task.index, extra)
        assert (reward, done, info["success"]) == (0.0, True, False), task.goal


@has_data
def test_97_items_leave_the_account_as_it_is():
    tasks = TODOListEnv(data=DATA, split="all").tasks
    unchanged = 0
    for task in tasks:
        account, target = task.payload["account"], task.payload["target"]
        due = {place: t.due_date for place, t in enumerate(account.tasks)}
        unchanged += target.due == due and not target.favorites
    assert unchanged == 97


@has_data
def test_the_level_is_reported_until_the_episode_ends():
    env = TODOListEnv(data=DATA, parity=True)
    env.reset(options={"item": 0})  # the answer is the date 2015-06-01
    deletion = write_call("delete_task", {"task_id": "7000000005"})
    assert env.step(deletion)[1:3] == (0.0, False)
    assert env.step("no call at all")[1:3] == (0.0, False)
    finish = write_call("finish", {"answer": "2015-06-01"})
    _, reward, done, _, info = env.step(finish)
    assert (reward, done, info["score"]) == (0.0, True, 1.0)
    assert env.step(write_call("get_projects", {}))[1:3] == (1.0, False)


def test_lists_beside_the_items_decide_the_split(folder):
    for split, number in (("train", 0), ("test", 1)):
        listed = [{"item_id": f"todo_{number}"}]
        (folder / f"todo_{split}.json").write_text(json.dumps(listed))
    env = TODOListEnv(data=folder)
    assert [task.index for task in env.tasks] == [0]
    assert play(env, 0)[1] == 1.0
    assert env.tasks.at(1).split == "test"


PROJECTS = [
    {
        "name": "Garden",
        "is_favorite": False,
        "tasks": [
            {
                "content": content,
                "description": "- Place: Home",
                "due_date": "2020-01-02",
                "duration": 30,
                "duration_unit": "minute",
                "priority": 1,
            }
            for content in ("Dig", "Sow")
        ],
    }
]
ITEM = {
    "goal": "Please complete Dig.",
    "subgoals": ["done"],
    "additional_info": {
        "answer": {
            "projects": [
                {"order": 1, "color": "charcoal", "name": "Garden", "is_favorite": True}
            ],
            "tasks": [
                {
                    "order": 2,
                    "content": "Sow",
                    "is_completed": False,
                    "priority": 1,
                    "due_date": "2020-01-09",
                }
            ],
        },
        "init_config": {"current_date": "2020-01-01", "current_location": "Rome"},
    },
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "todo_projects.json").write_text(json.dumps(PROJECTS))
    lines = [json.dumps({"id": number, **ITEM}) for number in range(2)]
    (tmp_path / "todo.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_the_expert_removes_postpones_and_favours(folder):
    env = TODOListEnv(data=folder, split="test")
    actions = []
    env.reset(options={"item": 0})
    done = False
    while not done:
        actions.append(env.expert_action())
        _, reward, done, _, _ = env.step(actions[-1])
    assert reward == 1.0
    assert [action.split()[1] for action in actions] == [
        "complete_task",
        "update_task",
        "update_project",
        "finish",
    ]


def test_missing_files_are_named(folder):
    (folder / "todo_projects.json").unlink()
    with pytest.raises(DataError, match=r"todo_projects\.json"):
        TODOListEnv(data=folder)
    shutil.rmtree(folder)
    with pytest.raises(DataError, match=r"todo\.jsonl"):
        TODOListEnv(data=folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Sow"', '"Reap"', "line 1: the field 'tasks' has a task that is not"),
        ('"Garden"', '"Yard"', "line 1: the field 'projects' has other projects"),
        ('"current_date"', '"today"', "line 1: the field 'current_date' is missing"),
        ('"init_config"', '"config"', "line 1: the field 'init_config' is missing"),
        ('"is_favorite": true', '"is_favorite": 1', "line 1: the field 'is_favorite'"),
        ('"subgoals": ["done"]', '"subgoals": "done"', "line 1: the field 'subgoals'"),
    ],
)
def test_damaged_items_are_named_with_line_and_field(folder, old, new, message):
    file = folder / "todo.jsonl"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(DataError, match=message):
        TODOListEnv(data=folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[", "", "Extra data|Expecting"),
        ('"name"', '"title"', "project 0: the field 'name' is missing"),
        ('"2020-01-02"', '"soon"', "project 0, task 0: the field 'due_date'"),
        ('"minute"', '"hour"', "project 0, task 0: the field 'duration_unit'"),
        ('"priority": 1', '"priority": "1"', "task 0: the field 'priority'"),
    ],
)
def test_damaged_projects_are_named(folder, old, new, message):
    file = folder / "todo_projects.json"
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(DataError, match=message):
        TODOListEnv(data=folder)
