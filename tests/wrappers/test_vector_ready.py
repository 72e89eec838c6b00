"""Slots that are stepped on their own: ready first, items, snapshots, forks."""

from __future__ import annotations

import time

import numpy as np
import pytest
from gymnasium.error import AlreadyPendingCallError, NoAsyncCallError
from vector_games import moody

from agentgym_envs.errors import SnapshotError, UnknownTask
from agentgym_wrappers import TextVectorEnv
from agentgym_wrappers.vector import launch

MAZE, WORDLE = "agentgym/Maze-v0", "agentgym/Wordle-v0"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Starts workers in milliseconds: test_vector_close.py starts them otherwise."""
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))


@pytest.fixture(params=[0, 2], ids=["in process", "two workers"])
def workers(request):
    return request.param


def test_what_was_sent_is_given_once_to_each_slot(workers):
    envs = TextVectorEnv(moody, 5, workers=workers)
    envs.reset(seed=0)
    envs.send(["a", "b", "c"], [3, 0, 4])
    envs.send(["d"], np.array([1]))
    found = {}
    while envs.num_pending:
        results = envs.recv()
        assert len(results.env_ids) == len(results.observations) >= 1
        assert results.infos["steps"].tolist() == [1] * len(results.env_ids)
        for slot, text in zip(results.env_ids, results.observations, strict=True):
            assert slot not in found
            found[int(slot)] = text.split()[0]
    assert found == {3: "a", 0: "b", 4: "c", 1: "d"}
    envs.close()


def test_a_slow_slot_keeps_nobody_waiting():
    envs = TextVectorEnv(moody, 4, workers=2)
    envs.reset(seed=0)
    # Slots 0 and 1 share a worker, and 0 is done before 1 begins to sleep.
    envs.send(["sleep 0.01", "sleep 1.5", "quick", "quick"])
    start = time.monotonic()
    first = envs.recv(3)
    assert time.monotonic() - start < 1.2
    assert sorted(first.env_ids.tolist()) == [0, 2, 3]
    envs.send(["again"] * 2, [2, 3])
    assert sorted(envs.recv(2).env_ids.tolist()) == [2, 3]
    envs.close()


def test_a_masked_reset_shows_what_others_said_last(workers):
    envs = TextVectorEnv(moody, 3, workers=workers)
    envs.reset(seed=0)
    envs.send(["a", "b", "c"])
    for _ in range(3):
        if envs.num_pending:
            envs.recv()
    mask = np.array([False, True, False])
    texts, infos = envs.reset(seed=[None, 5, None], options={"reset_mask": mask})
    assert [text.split()[0] for text in texts] == ["a", "draw", "c"]
    assert infos["_steps"].tolist() == [False, True, False]
    envs.close()


def test_nothing_may_be_asked_of_no_slots(workers):
    envs = TextVectorEnv(moody, 2, workers=workers)
    envs.reset(seed=0)
    envs.send([], [])
    assert (envs.snapshot([]), envs.reset_at([])[0], envs.num_pending) == ((), (), 0)
    envs.close()


def test_receiving_nothing_does_not_wait(workers):
    envs = TextVectorEnv(moody, 2, workers=workers)
    envs.reset(seed=0)
    assert envs.recv(0).env_ids.tolist() == []
    envs.close()


def test_a_slot_has_one_step_at_a_time(workers):
    envs = TextVectorEnv(moody, 2, workers=workers)
    envs.reset(seed=0)
    with pytest.raises(NoAsyncCallError, match="only 0"):
        envs.recv()
    envs.send(["a"], [1])
    with pytest.raises(AlreadyPendingCallError, match=r"\[1\]"):
        envs.send(["a"], [1])
    with pytest.raises(AlreadyPendingCallError):
        envs.step(["a", "b"])
    with pytest.raises(NoAsyncCallError, match="only 1"):
        envs.recv(2)
    assert envs.recv().env_ids.tolist() == [1]
    envs.step(["a", "b"])
    envs.close()


def test_resets_and_calls_do_not_take_what_others_wait_for(workers):
    envs = TextVectorEnv(MAZE, 4, workers=workers)
    envs.reset(seed=0)
    envs.send(["move up", "move up"], [0, 2])
    _, infos = envs.reset_at([3, 1], items=[5, 4])
    assert infos["item_id"].tolist() == ["maze_5", "maze_4"]
    assert len(envs.snapshot([1])) == 1
    assert sorted(envs.recv(2).env_ids.tolist()) == [0, 2]
    envs.close()


def test_a_reset_can_be_received_like_a_step(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers)
    assert envs.reset_at(1, items=7, wait=False) is None
    results = envs.recv()
    assert results.env_ids.tolist() == [1]
    assert results.infos["item_id"].tolist() == ["maze_7"]
    assert (results.rewards[0], results.terminations[0]) == (0.0, False)
    envs.close()


def test_a_mistake_in_a_reset_costs_no_result(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers)
    envs.reset(seed=0)
    envs.reset_at(0, items="wordle_1", wait=False)
    envs.send(["move up"], [1])
    with pytest.raises(UnknownTask):
        while True:
            first = envs.recv(envs.num_pending)
            assert first.env_ids.tolist() == [1]
    if envs.num_pending:
        assert envs.recv().env_ids.tolist() == [1]
    assert envs.num_pending == 0
    envs.close()


def test_several_rollouts_of_one_item_begin_alike(workers):
    envs = TextVectorEnv(MAZE, 6, workers=workers)
    observations, infos = envs.reset_at(items=["maze_3"] * 3 + [8] * 3)
    assert infos["item_id"].tolist() == ["maze_3"] * 3 + ["maze_8"] * 3
    assert len(set(observations[:3])) == len(set(observations[3:])) == 1
    envs.close()


def test_seeds_are_per_slot_or_counted_from_one(workers):
    envs = TextVectorEnv(WORDLE, 4, workers=workers)
    _, counted = envs.reset(seed=10)
    _, listed = envs.reset(seed=[10, 11, 12, 13])
    _, single = envs.reset_at([2, 1], seeds=[12, 11])
    _, added = envs.reset_at([3, 0], seeds=10)
    names = counted["item_id"].tolist()
    assert names == listed["item_id"].tolist()
    assert [names[2], names[1]] == single["item_id"].tolist()
    assert [names[3], names[0]] == added["item_id"].tolist()
    envs.close()


def test_a_snapshot_takes_a_slot_back(workers):
    envs = TextVectorEnv(MAZE, 3, workers=workers)
    envs.reset(seed=0)
    envs.step(["move down"] * 3)
    kept = envs.snapshot()
    going = ["move up", "move left", "move right"]
    one = envs.step(going)
    envs.restore(kept)
    other = envs.step(going)
    assert one[0] == other[0]
    assert one[4]["steps"].tolist() == other[4]["steps"].tolist() == [2, 2, 2]
    with pytest.raises(SnapshotError):
        envs.restore(b"nonsense", [1])
    assert envs.step(going)[4]["steps"].tolist() == [3, 3, 3]
    envs.close()


def test_a_fork_continues_in_other_slots(workers):
    envs = TextVectorEnv(MAZE, 4, workers=workers)
    envs.reset(seed=5)
    envs.step(["move down"] * 4)
    envs.fork(0, [1, 3])
    observations, *_, infos = envs.step(["move up"] * 4)
    assert observations[0] == observations[1] == observations[3]
    names = infos["item_id"].tolist()
    assert names[0] == names[1] == names[3] != names[2]
    envs.close()


def test_restoring_an_episode_that_ended_waits_for_its_reset(workers):
    kwargs = {"horizon": 1}
    envs = TextVectorEnv(MAZE, 2, workers=workers, kwargs=kwargs)
    envs.reset(seed=0)
    running = envs.snapshot([0])[0]
    assert envs.step(["move up"] * 2)[3].all()
    over = envs.snapshot([0])[0]
    envs.restore([running, over])
    *_, truncations, infos = envs.step(["move up"] * 2)
    assert truncations.tolist() == [True, False]
    assert infos["steps"].tolist() == [1, 0]
    envs.close()


def test_long_texts_and_many_requests_do_not_block():
    envs = TextVectorEnv(MAZE, 64, workers=2)
    envs.reset(seed=0)
    long = "x" * 4000
    for _ in range(3):
        for slot in range(64):
            envs.send([long], [slot])
        assert len(envs.recv(64).env_ids) == 64
    envs.close()
