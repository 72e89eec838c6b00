"""Actors on a Ray cluster play as processes do, and may be lost as these may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest
from gymnasium.vector import AutoresetMode
from test_vector import same
from vector_games import Heavy, moody

from agentgym_envs.errors import BadOption
from agentgym_wrappers import TextVectorEnv
from agentgym_wrappers.vector import launch
from agentgym_wrappers.vector.launch import WorkerLost

ray = pytest.importorskip("ray")

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ray_cluster")]
on_ray = partial(TextVectorEnv, backend="ray")
PATIENCE = 120  # seconds after which something is wrong on any machine


def eventually(holds):
    """Whether something holds before long."""
    end = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def are_gone(pids):
    return eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def all_is_free():
    """Whether nobody holds anything of the cluster; Ray tells it a little later."""
    whole, free = ray.cluster_resources(), ray.available_resources()
    return all(free.get(name) == whole[name] for name in ("CPU", "games"))


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_crashes_and_what_follows_are_those_of_processes(mode, monkeypatch):
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))
    seen = []
    for make in (TextVectorEnv, on_ray):
        envs = make(moody, 3, workers=2, autoreset_mode=mode)
        told = [envs.reset(seed=4)]
        for action in ("a", "boom", "b", "c", "boom", "d", "e"):
            told.append(envs.step(["x", action, "y"]))
            over = told[-1][2] | told[-1][3]
            if mode is AutoresetMode.DISABLED and over.any():
                told.append(envs.reset(options={"reset_mask": over}))
        told.append(envs.snapshot([]))
        with pytest.raises(AttributeError, match="altitude"):
            envs.call("altitude")
        envs.close()
        seen.append(told)
    same(*seen)


def test_a_slow_slot_keeps_nobody_waiting():
    envs = on_ray(moody, 4, workers=2)
    envs.reset(seed=0)
    # Slots 0 and 1 share an actor, and 0 is done before 1 begins to sleep.
    envs.send(["sleep 0.01", "hold 60", "quick", "quick"])
    found = set()
    while len(found) < 3:
        found |= set(envs.recv().env_ids.tolist())
    assert found == {0, 2, 3}
    envs.send(["again"] * 2, [2, 3])
    found = set()
    while len(found) < 2:
        found |= set(envs.recv().env_ids.tolist())
    assert found == {2, 3}
    pids = envs.call("pid", env_ids=[2])
    envs.close()
    assert are_gone(pids)


def test_data_is_loaded_once_per_actor_and_nothing_is_left():
    assert eventually(all_is_free)
    envs = on_ray(Heavy, 6, workers=2)
    envs.reset(seed=0)
    assert eventually(lambda: not all_is_free())
    loaded = envs.call("data")
    assert len(set(loaded)) == 2
    assert loaded[0] == loaded[1] == loaded[2] != loaded[3]
    envs.step(["a", "kill", "a", "boom", "a", "a"])
    pids = {pid for pid, _ in (*loaded, *envs.call("data"))}
    assert len(pids) == 3
    envs.close()
    assert are_gone(pids)
    assert eventually(all_is_free)
    assert ray.is_initialized(), "the cluster is not the vector's"


@pytest.mark.parametrize("end", ["kill", "leave"])
def test_an_actor_that_dies_takes_only_its_own_episodes_along(end):
    envs = on_ray(moody, 4, workers=2)
    envs.reset(seed=0)
    envs.step(["a"] * 4)
    before = envs.call("pid")
    seen, _, _, truncated, infos = envs.step(["a", end, "a", "a"])
    assert truncated.tolist() == [True, True, False, False]
    assert infos["end_reason"].tolist() == ["crash", "crash", "", ""]
    assert infos["failure"][1].startswith("the Ray actor was lost: ")
    assert "\n" not in infos["failure"][1]
    assert seen[1].startswith("a 1 ")
    assert infos["steps"].tolist() == [1, 1, 2, 2]
    *_, truncated, infos = envs.step(["a"] * 4)
    assert not truncated.any()
    assert infos["steps"].tolist() == [0, 0, 3, 3]
    after = envs.call("pid")
    assert after[2:] == before[2:]
    assert after[0] == after[1] != before[0]
    envs.close()


def test_a_process_killed_from_outside_costs_its_episodes():
    envs = on_ray(moody, 2, workers=2)
    envs.reset(seed=0)
    os.kill(envs.call("pid")[1], signal.SIGKILL)
    truncated = [envs.step(["a", "b"])[3] for _ in range(2)]
    assert [sum(flags) for flags in zip(*truncated, strict=True)] == [0, 1]
    assert envs.step(["a", "b"])[4]["steps"].tolist()[0] == 3
    envs.close()


def test_a_hang_is_ended_by_the_deadline():
    envs = on_ray(moody, 2, workers=2, timeout=3.0)
    envs.reset(seed=0)
    pids = envs.call("pid")
    *_, truncated, infos = envs.step(["a", "hold 60"])
    assert truncated.tolist() == [False, True]
    assert infos["failure"][1] == "there was no answer within 3 seconds"
    assert are_gone(pids[1:])
    assert envs.step(["a", "b"])[4]["steps"].tolist() == [2, 0]
    envs.close()


def test_actors_are_where_their_resources_are(second_ray_node):
    options = {"num_cpus": 0.5, "resources": {"second": 1}}
    envs = on_ray(Heavy, 4, workers=2, ray_options=options)
    assert set(envs.call("node")) == {second_ray_node.node_id}
    held = ray.available_resources()
    assert held["second"] == 2
    envs.close()


def test_a_lost_node_costs_its_episodes_and_its_actors_go_elsewhere(
    second_ray_node, ray_cluster
):
    options = {"resources": {"games": 1}, "scheduling_strategy": "SPREAD"}
    envs = on_ray(Heavy, 8, workers=4, infos="list", ray_options=options)
    envs.reset(seed=0)
    envs.step(["a"] * 8)
    nodes = envs.call("node")
    doomed = {slot for slot in range(8) if nodes[slot] == second_ray_node.node_id}
    assert 0 < len(doomed) < 8
    steps, lost = dict.fromkeys(range(8), 1), {}
    envs.send(["sleep 0.2"] * 8)
    ray_cluster.remove_node(second_ray_node, allow_graceful=False)
    end = time.monotonic() + PATIENCE
    while len(lost) < len(doomed) and time.monotonic() < end:
        results = envs.recv()
        again = []
        for row, slot in enumerate(results.env_ids.tolist()):
            if "failure" in results.infos[row]:
                lost[slot] = results.infos[row]
                assert results.truncations[row]
                continue
            steps[slot] += 1
            again.append(slot)
        envs.send(["sleep 0.1"] * len(again), again)
    assert lost.keys() == doomed
    assert {info["end_reason"] for info in lost.values()} == {"crash"}
    assert all("the Ray actor was lost" in info["failure"] for info in lost.values())
    while envs.num_pending:
        envs.recv(envs.num_pending)
    assert second_ray_node.node_id not in envs.call("node")
    assert any(steps[slot] > 5 for slot in set(range(8)) - doomed), "others went on"
    envs.reset(seed=1)
    assert not envs.step(["a"] * 8)[3].any()
    envs.close()


def test_what_has_no_room_is_given_up_in_time():
    options = {"resources": {"moon": 1}, "start_seconds": 1}
    with pytest.raises(WorkerLost, match=r"within 1 seconds.*'moon': 1"):
        on_ray(moody, 1, workers=1, ray_options=options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"num_cpu": 1}, "num_cpu"),
        ({"num_cpus": -1}, "num_cpus"),
        ({"max_restarts": 3}, "can't hold max_restarts"),
        ({"start_seconds": 0}, "start_seconds"),
        ({"address": "127.0.0.9:6379"}, "address"),
    ],
)
def test_options_without_meaning_are_refused(options, words):
    with pytest.raises(BadOption, match=words):
        on_ray(moody, 1, workers=1, ray_options=options)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.9:6379", "is connected to"),
        ("ray://127.0.0.9:10001", "submit the program as a job"),
    ],
)
def test_an_address_that_can_not_be_is_refused(address, words):
    with pytest.raises(BadOption, match=words):
        on_ray(moody, 1, workers=1, address=address)


def test_the_address_of_the_cluster_may_be_told(ray_cluster):
    on_ray(moody, 1, workers=1, address=ray_cluster.address).close()


def test_what_making_an_environment_raises_arrives():
    with pytest.raises(BadOption, match="split"):
        on_ray("agentgym/Maze-v0", 2, workers=1, kwargs={"split": "none"})


SCRIPT = """
import ray
from agentgym_wrappers import TextVectorEnv

make = lambda: TextVectorEnv("agentgym/Maze-v0", 2, workers=1, backend="ray")
one, other = make(), make()
one.close()
other.reset(seed=0)
print(other.step(["move up"] * 2)[4]["steps"].tolist())
other.close()
print(ray.is_initialized())
"""


@pytest.fixture
def short_path():
    """A folder with room for Ray's long names of sockets."""
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as path:
        yield path


def test_a_ray_that_vectors_started_ends_with_the_last_of_them(short_path):
    env = {**os.environ, "RAY_TMPDIR": short_path}
    env.pop("RAY_ADDRESS", None)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stdout.splitlines()[-2:] == ["[1, 1]", "False"], done.stderr
    mark = f"RAY_TMPDIR={short_path}".encode()
    assert eventually(lambda: not any(mark in text for text in environments()))


def environments():
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            yield path.read_bytes()
        except OSError:
            continue
