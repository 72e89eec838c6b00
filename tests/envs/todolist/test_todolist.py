from __future__ import annotations

import random
from collections import Counter

import pytest

from agentgym_envs import render_call
from agentgym_envs.errors import BadOption, NoExpertAction, SnapshotError
from agentgym_envs.todolist.engine import EmbeddedAccounts, current
from agentgym_envs.todolist.env import TODOListEnv
from agentgym_envs.todolist.templates import TEMPLATES
from agentgym_envs.todolist.words import TEST, TRAIN
from agentgym_envs.tools.replies import write_call


def said(observation):
    return observation.removeprefix("Observation: ").removesuffix(
        "\nGive me one action."
    )


def tell(env, name, /, **arguments):
    return said(env.step(write_call(name, arguments))[0])


def make(item, **keywords):
    env = TODOListEnv(**keywords)
    env.reset(options={"item": item})
    return env


def item_that(says, split="train"):
    """The first item whose goal says something."""
    tasks = TODOListEnv(split=split).tasks
    return next(task for task in tasks if says in task.goal)


@pytest.fixture
def env():
    return make(200)


FIRST_TASK = "7000000001"


def test_the_account_is_told_record_by_record(env):
    account = env.task.payload["account"]
    assert tell(env, "get_user_current_date") == account.date
    assert tell(env, "get_user_current_location") == account.location
    project = {
        "id": "2300000001",
        "order": 1,
        "color": "charcoal",
        "name": account.projects[0],
        "is_favorite": False,
    }
    assert tell(env, "get_projects").startswith(f"[{project}")
    first = account.tasks[0]
    task = {
        "id": FIRST_TASK,
        "order": 1,
        "content": first.content,
        "is_completed": False,
        "priority": first.priority,
        "due_date": first.due_date,
    }
    assert tell(env, "get_tasks", project_id=None).startswith(f"[{task}")
    assert tell(env, "get_tasks", project_id="2300000001").startswith(f"[{task}")
    assert tell(env, "get_task_description", task_id=FIRST_TASK) == str(
        {"id": FIRST_TASK, "content": first.content, "description": first.description}
    )
    assert tell(env, "get_task_duration", task_id=FIRST_TASK) == str(
        {
            "id": FIRST_TASK,
            "content": first.content,
            "duration": f"{first.duration}(minute)",
        }
    )


def test_changes_are_told_and_kept(env):
    answer = tell(env, "update_task", task_id=FIRST_TASK, due_date="2030-01-02")
    assert answer.startswith(
        "{'message': 'Update the task successfully', 'task': {'id'"
    )
    assert "'due_date': '2030-01-02'}}" in answer
    answer = tell(env, "update_project", project_id="2300000001", is_favorite="True")
    assert answer.startswith(
        "{'message': 'Update the project successfully.', 'project'"
    )
    assert answer.endswith("'is_favorite': True}}")
    answer = tell(env, "complete_task", task_id=FIRST_TASK)
    assert answer.startswith("{'message': 'Complete task successfully.', 'task': {'id'")
    assert "is_completed" not in answer and "'due_date': '2030-01-02'}}" in answer
    answer = tell(env, "delete_task", task_id="7000000002")
    assert answer.startswith("{'message': 'Delete the task successfully.', 'task': {")
    assert "'is_completed': False" in answer
    tasks = tell(env, "get_tasks", project_id=None)
    assert FIRST_TASK not in tasks and "7000000002" not in tasks
    assert "'is_favorite': True" in tell(env, "get_projects")


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        ("complete_task", {"task_id": "1"}, "Task 1 is not exists."),
        ("delete_task", {"task_id": "1"}, "Task 1 is not exists."),
        ("get_task_description", {"task_id": "1"}, "Task not found"),
        ("get_task_duration", {"task_id": [2]}, "Task not found"),
        ("update_task", {"task_id": "1", "due_date": "2030-01-02"}, "Task not found"),
        (
            "update_task",
            {"task_id": FIRST_TASK, "due_date": "tomorrow"},
            "Date is invalid in required format YYYY-MM-DD",
        ),
        (
            "update_task",
            {"task_id": FIRST_TASK, "due_date": "2030-02-30"},
            "Date is invalid in required format YYYY-MM-DD",
        ),
        (
            "update_project",
            {"project_id": "1", "is_favorite": True},
            "Project not found",
        ),
        ("get_tasks", {"project_id": "1"}, "[]"),
        ("get_tasks", {}, "ERROR | KeyError('project_id')"),
        ("update_task", {"due_date": "2030-01-01"}, "ERROR | KeyError('task_id')"),
        ("add_task", {}, "ERROR | Invalid action: add_task."),
        ("delete_project", {}, "ERROR | Invalid action: delete_project."),
        (
            "check_valid_actions",
            {},
            "You can use following valid actions: ['get_user_current_date', "
            "'get_user_current_location', 'get_projects', 'update_project', "
            "'get_tasks', 'get_task_description', 'get_task_duration', "
            "'complete_task', 'update_task', 'delete_task', 'check_valid_actions', "
            "'finish']",
        ),
    ],
)
@pytest.mark.parametrize("parity", [False, True])
def test_what_cannot_be_done_is_told(parity, name, arguments, text):
    env = make(200, parity=parity)
    before = env._state
    assert tell(env, name, **arguments) == text
    assert current(env.task.payload["account"], env._state) == current(
        env.task.payload["account"], before
    )


def test_a_task_is_gone_only_once(env):
    tell(env, "delete_task", task_id=FIRST_TASK)
    for name in ("delete_task", "complete_task"):
        gone = f"Task {FIRST_TASK} is not exists."
        assert tell(env, name, task_id=FIRST_TASK) == gone
    assert tell(env, "get_task_duration", task_id=FIRST_TASK) == "Task not found"


def test_two_episodes_never_see_each_other():
    one, other = make(200), make(200)
    before = tell(other, "get_tasks", project_id=None)
    tell(one, "delete_task", task_id=FIRST_TASK)
    tell(one, "update_task", task_id="7000000002", due_date="2030-01-01")
    assert tell(other, "get_tasks", project_id=None) == before
    one.reset(options={"item": 200})
    assert tell(one, "get_tasks", project_id=None) == before


@pytest.mark.parametrize("seed", [0, 1])
def test_64_interleaved_episodes_equal_64_serial_ones(seed):
    rng = random.Random(seed)
    tools = ("complete_task", "get_task_duration", "delete_task")
    scripts = [
        [
            write_call(
                rng.choice(tools), {"task_id": str(7000000001 + rng.randrange(9))}
            )
            for _ in range(6)
        ]
        for _ in range(64)
    ]
    serial = []
    env = TODOListEnv()
    for item, script in enumerate(scripts):
        env.reset(options={"item": item})
        serial.append([env.step(action) for action in script])
    envs = [make(item) for item in range(64)]
    woven = [[] for _ in envs]
    for step in range(6):
        for number, env in enumerate(envs):
            woven[number].append(env.step(scripts[number][step]))
    assert woven == serial


def test_a_wanted_change_needs_the_account_and_the_answer():
    item = item_that("Please delete the task.").index
    env = make(item)
    assert env.step(write_call("finish", {"answer": "done"}))[1] == 0.0
    env.reset(options={"item": item})
    while "finish" not in (action := env.expert_action()):
        env.step(action)
    kept = env.snapshot()
    _, reward, done, _, info = env.step(action)
    assert (reward, done, info["success"]) == (1.0, True, True)
    env.restore(kept)
    assert env.step(write_call("finish", {"answer": "ready"}))[1] == 0.0
    env.restore(kept)
    tell(env, "update_project", project_id="2300000001", is_favorite=True)
    assert env.step(action)[1] == 0.0


def test_a_right_answer_earns_nothing_when_the_account_was_changed():
    env = make(item_that("due? Answer with the date").index)
    action = str(env.task.payload["path"][-1])
    tell(env, "delete_task", task_id=FIRST_TASK)
    _, reward, done, _, info = env.step(action)
    assert (reward, done, info["success"]) == (0.0, True, False)


def test_the_expert_solves_the_test_items_and_as_many_for_training():
    for split in ("test", "train"):
        env = TODOListEnv(split=split)
        for task in env.tasks[:200]:
            assert _play(env, task.index) == 1.0, task.goal


@pytest.mark.slow
@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_solves_all_listed_items(parity):
    env = TODOListEnv(split="all", parity=parity)
    for task in env.tasks:
        assert _play(env, task.index) == 1.0, task.goal


def _play(env, item):
    env.reset(options={"item": item})
    while True:
        _, reward, done, truncated, _ = env.step(env.expert_action())
        if done or truncated:
            return reward


def test_the_expert_repairs_what_can_be_repaired():
    env = make(item_that("due? Answer with the date").index)
    tell(env, "update_task", task_id=FIRST_TASK, due_date="2030-01-01")
    tell(env, "update_project", project_id="2300000002", is_favorite=True)
    while True:
        _, reward, done, _, _ = env.step(env.expert_action())
        if done:
            break
    assert reward == 1.0
    env.reset(options={"item": env.task.index})
    tell(env, "delete_task", task_id=FIRST_TASK)
    with pytest.raises(NoExpertAction, match="nothing brings it back"):
        env.expert_action()


def test_every_template_has_items_and_none_is_rare():
    env = TODOListEnv()
    calls = Counter(len(task.payload["path"]) for task in env.tasks)
    assert min(calls) >= 2 and max(calls) <= 15
    counts = Counter(_kind(task.goal) for task in env.tasks[:1000])
    assert len(TEMPLATES) == 27 and len(counts) >= 27
    assert min(counts.values()) >= 10


def _kind(goal):
    """A goal without its names and numbers."""
    parts = goal.split('"')
    text = "".join(parts[::2])
    return "".join(c for c in text if c.isalpha())


def test_items_are_the_same_in_every_instance():
    one, other = (TODOListEnv(split="all").tasks for _ in range(2))
    for index in (0, 199, 200, 2199, 5000, 10**17):
        assert one.at(index) == other.at(index)


def test_test_accounts_have_projects_and_people_of_their_own():
    for trained, tested in zip(TRAIN[:1] + TRAIN[1:], TEST, strict=True):
        assert not set(trained) & set(tested)
    known = {task for tasks in TRAIN.projects.values() for task in tasks}
    assert not known & {task for tasks in TEST.projects.values() for task in tasks}
    for task in TODOListEnv(split="test").tasks:
        assert set(task.payload["account"].projects) <= set(TEST.projects)


@pytest.mark.parametrize("answer", ["No", 0, "done", None])
def test_an_agent_that_always_answers_the_same_fails(answer):
    env = TODOListEnv(split="all")
    won = 0.0
    for task in env.tasks[::5]:
        env.reset(options={"item": task.index})
        won += env.step(write_call("finish", {"answer": answer}))[1]
    assert won / 440 < 0.05


def test_a_random_agent_fails():
    env = TODOListEnv(split="all")
    rng = random.Random(0)
    won = 0.0
    for task in env.tasks[::11]:
        env.reset(options={"item": task.index})
        over = False
        while not over:
            _, reward, done, truncated, _ = env.step(_random_call(env, rng))
            won += reward
            over = done or truncated
    assert won / 200 < 0.05


def _random_call(env, rng):
    entry = rng.choice(env.action_schema)
    given = {}
    for name in entry["parameters"]["properties"]:
        given[name] = {
            "project_id": str(2300000001 + rng.randrange(6)),
            "task_id": str(7000000001 + rng.randrange(20)),
            "is_favorite": rng.random() < 0.5,
            "due_date": "2020-01-01",
            "answer": rng.choice(["No", "done", 1, 2, 3]),
        }[name]
    return render_call(env.action_schema, entry["name"], given)


@pytest.mark.parametrize(
    "change",
    [
        {"gone": [99]},
        {"gone": [1, 1]},
        {"due": {-1: "2020-01-01"}},
        {"due": {0: "soon"}},
        {"favorites": {17: True}},
        {"met": 2},
        {"looked": 99},
        {"level": 2.0},
    ],
)
def test_snapshots_of_impossible_accounts_are_refused(env, change):
    good = env.snapshot()
    for name, value in change.items():
        setattr(env._state, name, value)
    bad = env.snapshot()
    env.restore(good)
    with pytest.raises(SnapshotError):
        env.restore(bad)


def test_an_unknown_backend_is_refused():
    with pytest.raises(BadOption, match="backend must be 'embedded'"):
        TODOListEnv(backend="nowhere")


def test_the_account_can_be_drawn(env):
    tell(env, "delete_task", task_id=FIRST_TASK)
    drawn = env._ansi(colour=False)
    account = env.task.payload["account"]
    assert f"{account.tasks[0].content} (gone" in drawn
    assert account.projects[-1] in drawn


class Delegate:
    """A backend of somebody else's making."""

    def __init__(self):
        self.inner = EmbeddedAccounts()

    def __getattr__(self, name):
        return getattr(self.inner, name)


def test_a_backend_may_be_any_object_with_the_methods():
    env = TODOListEnv(split="test", backend=Delegate())
    assert _play(env, item_that("Please delete all tasks", "test").index) == 1.0
    env.restore(env.snapshot())
    assert "Today:" in env._ansi(colour=False)
    env.close()


def test_the_original_loses_the_place_when_an_item_begins_once_more():
    env = make(0, parity=True)
    place = tell(env, "get_user_current_location")
    env.lose_the_way()
    date = tell(env, "get_user_current_date")
    assert tell(env, "get_user_current_location") == date != place
    env.reset(options={"item": 0})
    assert tell(env, "get_user_current_location") == place
