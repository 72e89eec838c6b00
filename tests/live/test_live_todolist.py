# ruff: noqa: E501
"""TODOList on a service that answers as Todoist does, through Todoist's own library."""

from __future__ import annotations

import copy
import gc
import logging
import os
import pickle
import subprocess
import sys

import pytest
from loopback import (
    BUSY,
    BUSY_2,
    FINAL,
    LASTING,
    LATE_DOWN,
    LATE_DROP,
    PASSING,
    SLOW_ONES,
    Answer,
    Trouble,
)
from patient import TRIES, Naps, assert_failed_only, patience, state, tell
from todoist import TOKEN, TodoistService

from agentgym_envs.errors import (
    MissingExtra,
    MissingKey,
    ServiceUnavailable,
    SnapshotError,
)
from agentgym_envs.todolist.env import TODOListEnv
from agentgym_envs.todolist.live import TodoistAccounts
from agentgym_envs.tools.replies import write_call

pytest.importorskip("todoist_api_python")

PROJECT, TASK = "2300000001", "7000000001"
READS = [
    ("get_projects", {}),
    ("get_tasks", {"project_id": PROJECT}),
    ("get_tasks", {"project_id": None}),
    ("get_task_description", {"task_id": TASK}),
    ("get_task_duration", {"task_id": TASK}),
]
CHANGES = [
    ("update_project", {"project_id": PROJECT, "is_favorite": True}),
    ("update_task", {"task_id": TASK, "due_date": "2020-02-29"}),
    ("complete_task", {"task_id": TASK}),
    ("delete_task", {"task_id": "7000000002"}),
]


@pytest.fixture
def service():
    with TodoistService() as service:
        yield service


def make(service, **options):
    options.setdefault("patience", patience())
    options.setdefault("key", TOKEN)
    url = f"{service.url}/api/v1"
    backend = TodoistAccounts(base_url=url, **options)
    return TODOListEnv(backend=backend, split="test")


def account(service):
    """What is in the account, in words."""
    return (
        sorted((p["name"], p["is_favorite"]) for p in service.projects.values()),
        sorted(
            (t["content"], t["checked"], t["due"] and t["due"]["date"])
            for t in service.tasks.values()
        ),
    )


def test_every_tool_says_what_it_says_of_the_embedded_account(service):
    live, embedded = make(service), TODOListEnv(split="test")
    for env in (live, embedded):
        env.reset(options={"item": 3})
        env.horizon = 1000
    ids = (PROJECT, TASK, 7000000002, "1", "", "6X7rM00001Qmvh", "../projects", "\ud800", None)  # fmt: skip
    cases = [
        *READS,
        ("get_user_current_date", {}),
        ("get_user_current_location", {}),
        *((name, {"task_id": number, "project_id": number, "is_favorite": flag, "due_date": day})
          for name in ("get_tasks", "get_task_description", "get_task_duration",
                       "update_project", "update_task", "complete_task", "delete_task")
          for number in ids for flag, day in ((True, "2020-02-30"), ("maybe", 5))),
        *CHANGES,
        *READS,
        *CHANGES,
        ("update_project", {"project_id": PROJECT, "is_favorite": "False"}),
        ("get_projects", {}),
        ("add_task", {"content": "more"}),
        ("finish", {}),
    ]  # fmt: skip
    for name, arguments in cases:
        call = write_call(name, arguments)
        assert live.step(call) == embedded.step(call), call
    live.close()


def test_experts_play_as_on_the_embedded_account_and_nothing_is_left(service):
    live, embedded = make(service), TODOListEnv(split="test")
    before = account(service)
    for item in range(0, 54, 9):
        assert live.reset(options={"item": item}) == embedded.reset(
            options={"item": item}
        )
        while not embedded.is_over:
            action = embedded.expert_action()
            assert live.expert_action() == action
            assert live.step(action) == embedded.step(action)
        assert live.is_over and live._state.level == 1.0
    live.close()
    assert account(service) == before


def test_a_wrong_change_fails_the_item(service):
    env = make(service)
    env.reset(options={"item": 0})
    tell(env, "delete_task", task_id=TASK)
    env.reset(options={"item": 0})
    path = env.task.payload["path"]
    spoiled = next(
        n for n in env.task.payload["account"].numbers
        if env.task.payload["account"].numbers[n] in env.task.payload["target"].due
    )  # fmt: skip
    tell(env, "delete_task", task_id=spoiled)
    reward, done = env.step(str(path[-1]))[1:3]
    assert (reward, done) == (0.0, True)


def test_a_failing_service_is_an_observation_whatever_fails(service):
    env = make(service)
    env.reset(options={"item": 3})
    env.horizon = 10_000
    for trouble in sorted(LASTING):
        backend = env._backend
        slow = patience(slow=trouble in SLOW_ONES)
        set_patience(backend, slow)
        before, kept = state(env), account(service)
        service.lasting = LASTING[trouble]
        for name, arguments in READS + CHANGES:
            call = write_call(name, arguments)
            text = assert_failed_only(env, call, before=before)
            assert TOKEN not in text
        assert account(service) == kept
        service.heal()
    assert "Service" not in tell(env, *READS[0][:1])
    env.close()


def set_patience(backend, value):
    """Give an open backend other patience."""
    client = backend._service._open()._client
    client._transport._patience = value


def test_what_passes_is_not_seen_by_the_agent(service):
    env, embedded = make(service), TODOListEnv(split="test")
    for one in (env, embedded):
        one.reset(options={"item": 3})
        one.horizon = 1000
    for trouble in PASSING:
        for name, arguments in READS:
            service.troubles = [LASTING[trouble]] * (TRIES - 1)
            call = write_call(name, arguments)
            assert env.step(call) == embedded.step(call)
            assert not service.troubles
    env.close()


@pytest.mark.parametrize("trouble", [LATE_DROP, LATE_DOWN, BUSY_2])
def test_a_change_is_made_once_however_often_it_is_asked_for(service, trouble):
    env, embedded = make(service), TODOListEnv(split="test")
    for one in (env, embedded):
        one.reset(options={"item": 3})
        one.horizon = 1000
    for name, arguments in CHANGES:
        # Completing and deleting look at the task first.
        looks = [] if name.startswith("update") else [Trouble("pass")]
        service.troubles = [*looks, trouble]
        call = write_call(name, arguments)
        assert env.step(call) == embedded.step(call)
        assert not service.troubles
        first, second = service.asked[-2:]
        assert first.headers["x-request-id"] == second.headers["x-request-id"]
    env.close()


# The last try alone would tell that it was not even looked at.
@pytest.mark.parametrize("last", [LATE_DROP, BUSY_2])
def test_after_a_change_that_may_have_been_made_nobody_says_that_nothing_changed(
    service, last
):
    env = make(service)
    env.reset(options={"item": 3})
    before = state(env)
    service.troubles = [Trouble("pass"), *[LATE_DROP] * (TRIES - 1), last]
    call = write_call("complete_task", {"task_id": TASK})
    text = assert_failed_only(env, call, before=before)
    assert "not known whether anything changed" in text
    # What did happen is what the agent finds when it looks.
    assert TASK not in tell(env, "get_tasks", project_id=None)
    env.close()


def test_finishing_waits_for_a_service_that_can_tell_how_the_account_is(service):
    for parity in (False, True):
        env = make(service)
        env.parity = parity
        env.reset(options={"item": 3})
        while not env.expert_action().startswith("Action: finish"):
            env.step(env.expert_action())
        finish = env.expert_action()
        service.lasting = LASTING["down"]
        text, reward, done, _, info = env.step(finish)
        assert "Service unavailable" in text
        assert not done and not info["success"] and not info["invalid_action"]
        if not parity:
            assert (reward, info["score"]) == (0.0, 0.0)
        service.heal()
        assert env.step(finish)[1:3] == (1.0, True)
        env.close()


@pytest.mark.parametrize("trouble", sorted(set(LASTING) - set(SLOW_ONES)))
def test_an_episode_that_can_not_begin_leaves_the_old_one_going(service, trouble):
    env = make(service)
    env.reset(options={"item": 3})
    before, kept = state(env), account(service)
    # After the first project and two more.
    tries = 1 if trouble in FINAL else TRIES
    service.troubles = [Trouble("pass")] * 3 + [LASTING[trouble]] * tries
    with pytest.raises(ServiceUnavailable, match="no episode can begin") as caught:
        env.reset(options={"item": 4})
    assert TOKEN not in str(caught.value)
    assert (state(env), account(service)) == (before, kept)
    service.heal()
    assert "Complete task" in tell(env, "complete_task", task_id=TASK)
    env.close()


def test_an_account_without_room_is_a_clear_error(service):
    service.room = 4
    before = account(service)
    env = make(service)
    with pytest.raises(ServiceUnavailable, match="Maximum number of projects"):
        env.reset(options={"item": 3})
    assert account(service) == before


def test_a_wrong_key_is_a_clear_error_that_does_not_tell_it(service, caplog):
    caplog.set_level(logging.DEBUG)
    env = make(service, key="wrong-and-secret")
    with pytest.raises(ServiceUnavailable, match="Unauthorized") as caught:
        env.reset(options={"item": 3})
    assert "wrong-and-secret" not in str(caught.value) + caplog.text
    assert "wrong-and-secret" not in repr(vars(env)) + repr(vars(env._backend))


def test_two_episodes_in_one_account_never_see_each_other(service):
    one, other = make(service), make(service)
    one.reset(options={"item": 3})
    other.reset(options={"item": 3})
    before = tell(other, "get_tasks", project_id=None)
    tell(one, "complete_task", task_id=TASK)
    tell(one, "update_project", project_id=PROJECT, is_favorite=True)
    assert tell(other, "get_tasks", project_id=None) == before
    assert "'is_favorite': True" not in tell(other, "get_projects")
    assert "somebody's own" not in before
    one.close()
    assert tell(other, "get_tasks", project_id=None) == before
    other.close()


def test_what_an_episode_made_goes_with_its_environment(service):
    before = account(service)
    env = make(service)
    env.reset(options={"item": 3})
    env.reset(options={"item": 4})
    assert len(service.projects) - len(before[0]) == len(
        env.task.payload["account"].projects
    )
    del env
    gc.collect()
    assert account(service) == before


def test_closing_with_a_dead_service_ends(service):
    naps = Naps()
    env = make(service, patience=patience(naps=naps))
    env.reset(options={"item": 3})
    service.lasting = LASTING["drop"]
    env.close()
    assert len(naps) == TRIES - 1
    service.heal()


def test_there_are_no_snapshots_of_what_a_service_holds(service):
    env = make(service)
    env.reset(options={"item": 3})
    embedded = TODOListEnv(split="test")
    embedded.reset(options={"item": 3})
    with pytest.raises(SnapshotError, match="at Todoist"):
        env.snapshot()
    with pytest.raises(SnapshotError, match="at Todoist"):
        env.restore(embedded.snapshot())
    env.close()


def test_drawing_and_the_expert_say_that_the_service_fails(service):
    env = make(service)
    env.reset(options={"item": 3})
    assert "due" in env._ansi(colour=False)
    service.lasting = BUSY
    assert "Service unavailable" in env._ansi(colour=False)
    with pytest.raises(ServiceUnavailable, match="the expert can't look"):
        env.expert_action()
    service.heal()
    env.close()


def test_keys_stay_out_of_sight(service, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    env = make(service)
    env.reset(options={"item": 3})
    tell(env, "get_projects")
    backend = env._backend
    assert TOKEN not in repr(vars(backend)) + repr(vars(env)) + caplog.text
    monkeypatch.setenv("TODO_KEY", "from-the-environment")
    kept = pickle.dumps(backend)
    assert TOKEN.encode() not in kept
    assert pickle.loads(kept)._key.reveal() == "from-the-environment"
    assert copy.deepcopy(backend)._area.projects == []
    env.close()


def test_mistakes_of_the_caller_are_told_at_once(monkeypatch):
    monkeypatch.delenv("TODO_KEY", raising=False)
    with pytest.raises(MissingKey, match="TODO_KEY"):
        TODOListEnv(backend="live")
    monkeypatch.setenv("TODO_KEY", "x")
    TODOListEnv(backend="live").close()
    monkeypatch.setitem(__import__("sys").modules, "todoist_api_python.api", None)
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[tools-live\]"):
        TODOListEnv(backend="live")


def test_a_record_that_lacks_something_is_no_answer(service):
    env = make(service)
    env.reset(options={"item": 3})
    env.horizon = 1000
    before = state(env)
    for answer in ({"results": [{"id": "1"}]}, {"results": 3}, {"results": [None]}):
        service.lasting = Trouble("answer", Answer(200, answer))
        for name, arguments in READS:
            call = write_call(name, arguments)
            assert "makes no sense" in assert_failed_only(env, call, before=before)
    endless = {"results": [], "next_cursor": "again"}
    service.lasting = Trouble("answer", Answer(200, endless))
    assert "makes no sense" in tell(env, "get_projects")
    service.heal()
    env.close()


def test_a_process_that_ends_takes_its_projects_along(service):
    before = account(service)
    program = (
        "from agentgym_envs.todolist.env import TODOListEnv\n"
        "from agentgym_envs.todolist.live import TodoistAccounts\n"
        f"backend = TodoistAccounts(base_url='{service.url}/api/v1')\n"
        "env = TODOListEnv(backend=backend)\n"
        "env.reset(options={'item': 3})\n"
        "raise SystemExit(7)\n"
    )
    variables = {**os.environ, "TODO_KEY": TOKEN}
    done = subprocess.run([sys.executable, "-c", program], env=variables, timeout=120)
    assert done.returncode == 7
    assert service.made > 10
    assert account(service) == before
