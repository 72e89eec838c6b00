"""A crash, a hang or a kill ends its own episodes and no others."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from gymnasium.vector import AutoresetMode
from vector_games import Moody, moody

from agentgym_wrappers import TextVectorEnv
from agentgym_wrappers.vector import launch
from agentgym_wrappers.vector.launch import WorkerLost

METHODS = ["fork", "forkserver", pytest.param("spawn", marks=pytest.mark.slow)]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Starts workers in milliseconds: test_vector_close.py starts them otherwise."""
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))


@pytest.fixture(params=[0, 2], ids=["in process", "two workers"])
def workers(request):
    return request.param


def is_crash(infos, slot):
    return infos["_failure"][slot] and infos["end_reason"][slot] == "crash"


def test_an_exception_ends_one_episode(workers):
    envs = TextVectorEnv(moody, 4, workers=workers)
    envs.reset(seed=0)
    envs.step(["a"] * 4)
    seen, rewards, terminated, truncated, infos = envs.step(["a", "boom", "a", "a"])
    assert truncated.tolist() == [False, True, False, False]
    assert not terminated.any()
    assert rewards.tolist() == [0.5, 0.0, 0.5, 0.5]
    assert is_crash(infos, 1)
    assert infos["failure"][1].startswith("ValueError: boom (vector_games.py")
    assert infos["steps"].tolist() == [2, 1, 2, 2]
    assert seen[1].startswith("a 1 "), "the last that was seen"
    seen, *_, truncated, infos = envs.step(["a"] * 4)
    assert not truncated.any()
    assert infos["steps"].tolist() == [3, 0, 3, 3]
    assert "failure" not in infos
    envs.close()


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_what_follows_a_crash_is_seeded_and_equal_everywhere(mode):
    traces = []
    for workers in (0, 1, 3):
        envs = TextVectorEnv(moody, 3, workers=workers, autoreset_mode=mode)
        seen = [envs.reset(seed=4)[0]]
        for action in ("a", "boom", "b", "c", "boom", "d", "e"):
            observations, *_, truncated, infos = envs.step(["x", action, "y"])
            failures = infos.get("failure", infos.get("final_info", {}).get("failure"))
            seen.append((observations, truncated.tolist(), str(failures)))
            if mode is AutoresetMode.DISABLED and truncated.any():
                seen.append(envs.reset(options={"reset_mask": truncated})[0])
        envs.close()
        traces.append(seen)
    assert traces[0] == traces[1] == traces[2]


def test_a_crash_in_same_step_mode_tells_the_end_and_the_beginning(workers):
    envs = TextVectorEnv(moody, 2, workers=workers, autoreset_mode="SameStep")
    envs.reset(seed=0)
    envs.step(["a", "b"])
    seen, *_, truncated, infos = envs.step(["c", "boom"])
    assert truncated.tolist() == [False, True]
    assert infos["final_obs"][1].startswith("b 1 ")
    assert infos["final_info"]["end_reason"][1] == "crash"
    assert seen[1].startswith("draw ")
    assert infos["steps"].tolist() == [2, 0]
    envs.close()


def test_a_reset_that_crashes_begins_nothing_and_ends_at_the_next_step(workers):
    envs = TextVectorEnv(moody, 2, workers=workers)
    envs.reset(seed=0)
    seen, infos = envs.reset_at([1], options={"mood": "boom"})
    assert (seen, infos["end_reason"].tolist()) == (("",), ["crash"])
    *_, truncated, infos = envs.step(["a", "b"])
    assert truncated.tolist() == [False, True]
    assert is_crash(infos, 1)
    assert envs.step(["a", "b"])[0][1].startswith("draw ")
    envs.close()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("end", ["kill", "leave"])
def test_a_worker_that_dies_takes_only_its_own_episodes_along(method, end):
    envs = TextVectorEnv(moody, 4, workers=2, start_method=method)
    envs.reset(seed=0)
    envs.step(["a"] * 4)
    before = envs.call("pid")
    seen, _, _, truncated, infos = envs.step(["a", end, "a", "a"])
    assert truncated.tolist() == [True, True, False, False]
    assert is_crash(infos, 0)
    told = "signal 9 (SIGKILL)" if end == "kill" else "status "
    assert told in infos["failure"][1]
    assert seen[1].startswith("a 1 ")
    assert infos["steps"].tolist() == [1, 1, 2, 2]
    seen, *_, truncated, infos = envs.step(["a"] * 4)
    assert not truncated.any()
    assert infos["steps"].tolist() == [0, 0, 3, 3]
    after = envs.call("pid")
    assert after[2:] == before[2:]
    assert after[0] == after[1] != before[0]
    envs.close()


def test_episodes_that_died_unasked_end_with_their_next_step():
    envs = TextVectorEnv(moody, 4, workers=2)
    envs.reset(seed=0)
    envs.step(["a"] * 4)
    os.kill(envs.call("pid")[3], signal.SIGKILL)
    envs.send(["b"], [3])
    assert envs.recv().truncations.tolist() == [True]
    *_, truncated, infos = envs.step(["c"] * 4)
    assert truncated.tolist() == [False, False, True, False]
    assert "SIGKILL" in infos["failure"][2]
    assert infos["steps"].tolist() == [2, 2, 1, 0]
    envs.close()


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_an_episode_that_had_ended_is_no_loss(mode):
    envs = TextVectorEnv(lambda: Moody(1), 2, workers=1, autoreset_mode=mode)
    envs.reset(seed=0)
    envs.step(["a", "b"])
    os.kill(envs.call("pid")[0], signal.SIGKILL)
    time.sleep(0.1)
    if mode is AutoresetMode.DISABLED:
        seen, infos = envs.reset()
    else:
        seen, *_, truncated, infos = envs.step(["c", "d"])
        # In the same step the next episode had begun, and that is lost.
        assert truncated.all() == (mode is AutoresetMode.SAME_STEP)
    assert all(text.startswith("draw ") for text in seen)
    assert "failure" not in infos
    envs.close()


def test_a_lost_worker_goes_on_with_seeds_of_its_own():
    draws = []
    for _ in range(2):
        envs = TextVectorEnv(moody, 2, workers=1)
        draws.append([envs.reset(seed=9)[0]])
        for _ in range(2):
            envs.step(["a", "kill"])
            draws[-1].append(envs.step(["a", "b"])[0])
        envs.close()
    assert draws[0] == draws[1]
    assert len({text for seen in draws[0] for text in seen}) == 6


@pytest.mark.parametrize(
    "how",
    ["hold", *(pytest.param(w, marks=pytest.mark.slow) for w in ("sleep", "busy"))],
)
def test_a_hang_is_ended_by_the_deadline(how):
    envs = TextVectorEnv(moody, 4, workers=2, timeout=0.5)
    envs.reset(seed=0)
    start = time.monotonic()
    *_, truncated, infos = envs.step(["a", f"{how} 60", "b", "c"])
    assert 0.5 <= time.monotonic() - start < 5
    # Slot 0 was done before, and its step counts; its episode is lost none the less.
    assert truncated.tolist()[1:] == [True, False, False]
    assert infos["failure"][1] == "there was no answer within 0.5 seconds"
    *_, truncated, infos = envs.step(["a"] * 4)
    assert infos["steps"].tolist()[1:] == [0, 2, 2]
    envs.close()


@pytest.mark.slow
def test_many_slow_steps_in_one_worker_are_no_hang():
    envs = TextVectorEnv(moody, 4, workers=1, timeout=1.0)
    envs.reset(seed=0)
    *_, truncated, infos = envs.step(["sleep 0.4"] * 4)
    assert not truncated.any()
    assert "failure" not in infos
    envs.close()


def test_a_reset_that_kills_its_worker_begins_nothing():
    envs = TextVectorEnv(moody, 2, workers=2)
    envs.reset(seed=0)
    seen, infos = envs.reset(options={"mood": "kill"})
    assert seen == ("", "")
    assert all("SIGKILL" in text for text in infos["failure"])
    assert envs.step(["a", "b"])[3].all()
    assert all(text.startswith("draw ") for text in envs.step(["a", "b"])[0])
    envs.close()


def test_a_call_that_dies_with_its_worker_raises():
    envs = TextVectorEnv(moody, 2, workers=2)
    envs.reset(seed=0)
    with pytest.raises(WorkerLost, match="SIGKILL"):
        envs.call("_obey", "kill", env_ids=[1])
    assert envs.step(["a", "b"])[3].tolist() == [False, True]
    envs.close()


def test_workers_that_only_die_are_given_up():
    def hopeless():
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(WorkerLost):
        TextVectorEnv(hopeless, 1, workers=1, start_method="forkserver")


def test_an_interrupt_in_this_process_leaves_the_vector_usable():
    envs = TextVectorEnv(moody, 3)
    envs.reset(seed=0)
    with pytest.raises(KeyboardInterrupt):
        envs.step(["a", "interrupt", "b"])
    results = envs.recv(3)
    assert results.env_ids.tolist() == [0, 1, 2]
    assert results.truncations.tolist() == [False, True, False]
    assert "KeyboardInterrupt" in results.infos["failure"][1]
    envs.step(["a"] * 3)
    envs.close()


def test_an_interrupt_while_waiting_leaves_the_vector_usable():
    envs = TextVectorEnv(moody, 2, workers=2)
    envs.reset(seed=0)
    previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.4)
    try:
        with pytest.raises(KeyboardInterrupt):
            envs.step(["sleep 1.0", "a"])
    finally:
        signal.signal(signal.SIGALRM, previous)
    results = envs.recv(2)
    assert sorted(results.env_ids.tolist()) == [0, 1]
    assert not results.truncations.any()
    envs.close()


@pytest.mark.slow
def test_a_lost_nursery_is_replaced():
    envs = TextVectorEnv(moody, 2, workers=2, start_method="forkserver")
    envs.reset(seed=0)
    os.kill(envs._backend._lines._launcher._process.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert envs.step(["a", "kill"])[3].tolist()[1] is True
    time.sleep(3.5)  # by then all forks of the lost one have ended
    results = [envs.step(["a", "b"]) for _ in range(3)]
    assert results[-1][4]["steps"].tolist()[1] >= 1
    envs.close()


@pytest.mark.parametrize("side", ["send_bytes", "recv_bytes"])
def test_an_interrupt_amid_a_message_costs_one_worker(side, monkeypatch):
    envs = TextVectorEnv(moody, 4, workers=2)
    envs.reset(seed=0)
    connection = envs._backend._members[0].line._connection

    def interrupted(self, *arguments):
        if self is connection:
            raise KeyboardInterrupt
        return whole(self, *arguments)

    whole = getattr(type(connection), side)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(type(connection), side, interrupted)
        envs.step(["a"] * 4)
    if side == "send_bytes":
        with pytest.raises(WorkerLost, match="before it was sent"):
            envs.recv(4)
    truncated = {}
    while envs.num_pending:
        results = envs.recv()
        truncated |= zip(results.env_ids.tolist(), results.truncations, strict=True)
    assert truncated[0] and truncated[1]
    assert not any(truncated.get(slot) for slot in (2, 3))
    assert not envs.step(["a"] * 4)[3].any()
    envs.close()


def test_what_a_worker_can_not_send_is_told():
    envs = TextVectorEnv(moody, 2, workers=1)
    envs.reset(seed=0)
    with pytest.raises(TypeError, match="can't be sent"):
        envs.call("unsendable")
    assert envs.step(["a", "b"])[4]["steps"].tolist() == [1, 1]
    envs.close()


@pytest.mark.parametrize("mode", list(AutoresetMode))
@pytest.mark.parametrize(
    "rounds", [40, pytest.param(1500, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_whatever_dies_each_slot_answers_once_and_goes_on(mode, rounds):
    dice = random.Random(rounds)
    envs = TextVectorEnv(
        moody, 7, workers=3, autoreset_mode=mode, infos="list", timeout=0.3
    )
    envs.reset(seed=0)
    idle, over, said, crashes = set(range(7)), set(), {}, 0
    moods = ["a"] * 20 + ["boom"] * 3 + ["kill", "leave", "sleep 0.001"]
    for i in range(rounds):
        for slot in sorted(over):
            envs.reset_at(slot, seeds=[i])
        idle, over = idle | over, set()
        chosen = dice.sample(sorted(idle), dice.randint(0, len(idle)))
        sleepy = i % 30 == 17
        said |= {slot: "sleep 9" if sleepy else dice.choice(moods) for slot in chosen}
        envs.send([said[slot] for slot in chosen], chosen)
        idle -= set(chosen)
        assert envs.num_pending == 7 - len(idle)
        results = envs.recv(dice.randint(0, envs.num_pending))
        for row, slot in enumerate(results.env_ids.tolist()):
            assert slot not in idle
            info = results.infos[row]
            final = info.get("final_info", info)
            if "failure" in final:
                assert final["end_reason"] == "crash"
                assert results.truncations[row]
                crashes += 1
            ended = results.truncations[row]
            (over if ended and mode is AutoresetMode.DISABLED else idle).add(slot)
    assert crashes >= rounds / 10
    while envs.num_pending:
        envs.recv()
    envs.reset(seed=1)
    assert not envs.step(["a"] * 7)[3].any()
    envs.close()
