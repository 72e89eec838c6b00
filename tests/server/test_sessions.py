"""The store of environments: ids, locks, the cap, leases, and an end to all."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time

import pytest
from server_games import Complaining, Deadly, Ordered, Slow
from vector_games import Moody

from agentgym_envs.errors import BadOption, ResetNeeded, UnknownTask
from agentgym_server.errors import EpisodeLost, NoSession, ServerFull
from agentgym_server.sessions import Sessions
from agentgym_server.settings import Settings
from agentgym_wrappers.vector import launch

MAZE = "agentgym/Maze-v0"


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def play(scene, **options):
    """Run a scene with a store, which is closed at last."""

    async def main():
        clock = Clock()
        sessions = Sessions(Settings(**options), clock=clock)
        await sessions.open()
        try:
            return await scene(sessions, clock)
        finally:
            await sessions.close()

    return asyncio.run(main())


@pytest.fixture(params=[0, 2], ids=["threads", "workers"])
def workers(request):
    return request.param


async def moody(sessions):
    """A game that hangs, dies or crashes as it is told, in a running episode."""
    id = (await sessions.create("test/Moody-v0", Moody)).id
    await sessions.call(id, "reset", (0, None))
    return id


async def maze(sessions, **kwargs):
    make = sessions.offers.maker(MAZE, kwargs)
    return (await sessions.create(MAZE, make)).id


def test_an_environment_is_made_played_and_closed(workers):
    async def scene(sessions, clock):
        id = await maze(sessions)
        (_, reward, *_, info, _), _ = await sessions.call(id, "reset", (0, None))
        assert (reward, info["steps"]) == (0.0, 0)
        row, kept = await sessions.call(id, "step", "move up", keep=True)
        assert row[4]["steps"] == 1
        assert (await sessions.call(id, "snapshot")).value == kept
        assert await sessions.discard(id)
        assert not await sessions.discard(id)
        with pytest.raises(NoSession):
            await sessions.call(id, "step", "move up")
        assert len(sessions) == 0

    play(scene, workers=workers)


def test_ids_are_not_to_be_guessed_and_numbers_are_never_given_twice():
    async def scene(sessions, clock):
        ids = {await maze(sessions) for _ in range(20)}
        assert len(ids) == 20
        assert all(len(id) >= 22 for id in ids)
        series = sessions.series("maze")
        numbers = [await series.create(MAZE, parity=True) for _ in range(3)]
        await series.close(2)
        assert [*numbers, await series.create(MAZE)] == [0, 1, 2, 3]
        assert series.numbers() == [0, 1, 3]
        assert sessions.series("other").numbers() == []
        _, info = await series.call(1, "reset", options={"item": 4})
        assert info["item_id"] == "maze_4"

    play(scene)


def test_callers_mistakes_are_raised(workers):
    async def scene(sessions, clock):
        id = await maze(sessions)
        with pytest.raises(UnknownTask):
            await sessions.call(id, "reset", (None, {"item": "chess_1"}))
        with pytest.raises(BadOption):
            await sessions.create(MAZE, sessions.offers.own_maker(MAZE, split="no"))
        assert len(sessions) == 1

    play(scene, workers=workers)


def test_beyond_the_cap_nothing_is_made_until_something_is_closed():
    async def scene(sessions, clock):
        ids = await asyncio.gather(*(maze(sessions) for _ in range(3)))
        with pytest.raises(ServerFull):
            await maze(sessions)
        await sessions.discard(ids[0])
        await maze(sessions)

    play(scene, max_envs=3)


def test_leases_end_for_who_is_not_called(workers):
    async def scene(sessions, clock):
        idle, used = await maze(sessions), await maze(sessions)
        clock.now = 50.0
        await sessions.call(used, "reset", (0, None))
        clock.now = 80.0
        assert await sessions.expire() == 1
        assert sessions.ids() == [used]
        assert sessions.expired == 1
        with pytest.raises(NoSession, match="lease"):
            await sessions.call(idle, "reset", (0, None))

    play(scene, lease=60.0, workers=workers)


def test_leases_end_by_themselves():
    async def scene(sessions, clock):
        await maze(sessions)
        clock.now = 1.0
        for _ in range(100):
            if not len(sessions):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it is still there")

    play(scene, lease=0.2)


def test_no_lease_ends_during_a_call():
    async def scene(sessions, clock):
        session = await sessions.create("test/Slow-v0", Slow)
        step = asyncio.ensure_future(sessions.call(session.id, "reset", (0, None)))
        await asyncio.sleep(0.05)
        clock.now = 1e6
        assert await sessions.expire() == 0
        await step

    play(scene, lease=1.0)


def test_calls_of_one_environment_never_overlap_and_keep_their_order(workers):
    async def scene(sessions, clock):
        session = await sessions.create("test/Ordered-v0", Ordered)
        await sessions.call(session.id, "reset", (0, None))
        calls = [sessions.call(session.id, "step", str(i)) for i in range(40)]
        rows = [answer.value for answer in await asyncio.gather(*calls)]
        assert [row[0] for row in rows] == [str(i) for i in range(40)]
        assert not any(row[4]["overlapped"] for row in rows)

    play(scene, workers=workers)


def test_the_event_loop_runs_on_while_environments_work(workers):
    async def scene(sessions, clock):
        session = await sessions.create("test/Slow-v0", Slow)
        call = asyncio.ensure_future(sessions.call(session.id, "reset", (0, None)))
        turns = 0
        while not call.done():
            await asyncio.sleep(0.001)
            turns += 1
        assert turns > 20

    play(scene, workers=workers)


def test_a_killed_worker_ends_its_own_episodes_and_no_others():
    async def scene(sessions, clock):
        ids = [await maze(sessions) for _ in range(4)]
        for id in ids:
            await sessions.call(id, "reset", (0, None))
            await sessions.call(id, "step", "move up")
        os.kill(sessions.pids()[0], signal.SIGKILL)
        rows = [(await sessions.call(id, "step", "move down")).value for id in ids]
        assert sorted(row[3] for row in rows) == [False, False, True, True]
        for _, reward, terminated, truncated, info, _ in rows:
            assert not terminated
            assert info["steps"] == (1 if truncated else 2)
            if truncated:
                assert (reward, info["end_reason"]) == (0.0, "crash")
                assert "SIGKILL" in info["failure"]
        for id in ids:
            row = (await sessions.call(id, "reset", (0, None))).value
            assert "failure" not in row[4]

    play(scene, workers=2)


def test_a_call_that_takes_too_long_is_ended_with_its_worker():
    async def scene(sessions, clock):
        hanging, other = await moody(sessions), await moody(sessions)
        row = (await sessions.call(hanging, "step", "sleep 60")).value
        assert row[3]
        assert row[4]["failure"] == "there was no answer within 0.5 seconds"
        assert not (await sessions.call(other, "step", "a")).value[3]

    play(scene, workers=2, timeout=0.5)


@pytest.mark.parametrize("word", ["kill", "leave"])
def test_a_step_that_kills_its_worker_is_a_crash(word):
    async def scene(sessions, clock):
        id = await moody(sessions)
        row = (await sessions.call(id, "step", "a")).value
        seen, *_, truncated, info, _ = (await sessions.call(id, "step", word)).value
        assert (seen, truncated, info["end_reason"]) == (row[0], True, "crash")
        with pytest.raises(ResetNeeded):
            await sessions.call(id, "step", "a")
        await sessions.call(id, "reset", (1, None))
        assert not (await sessions.call(id, "step", "a")).value[3]
        assert sessions.worker_deaths == (word == "kill")

    play(scene, workers=1)


def test_a_beginning_that_kills_its_worker_ends_with_the_next_step():
    async def scene(sessions, clock):
        id = await moody(sessions)
        row = (await sessions.call(id, "reset", (0, {"mood": "kill"}))).value
        assert (row[0], row[4]["end_reason"]) == ("", "crash")
        assert (await sessions.call(id, "step", "a")).value[3]
        await sessions.call(id, "reset", (1, None))
        assert not (await sessions.call(id, "step", "a")).value[3]

    play(scene, workers=1)


def test_an_environment_that_kills_whoever_makes_it_is_given_up():
    async def scene(sessions, clock):
        with pytest.raises(EpisodeLost, match="SIGKILL"):
            await sessions.create("test/Deadly-v0", Deadly)
        assert len(sessions) == 0
        await maze(sessions)

    play(scene, workers=1)


def test_a_maker_that_is_no_function_of_a_module_reaches_a_worker():
    async def scene(sessions, clock):
        id = (await sessions.create("test/Ordered-v0", lambda: Ordered())).id
        await sessions.call(id, "reset", (0, None))
        assert (await sessions.call(id, "step", "a")).value[0] == "a"

    play(scene, workers=1)


def test_an_error_that_does_not_travel_is_told_and_mixes_up_no_answers():
    async def scene(sessions, clock):
        id = (await sessions.create("test/Complaining-v0", Complaining)).id
        other = await maze(sessions)
        asked = [
            sessions.submit(sessions.find(id), "call", ("goal", (), {})),
            sessions.submit(sessions.find(other), "call", ("horizon", (), {})),
        ]
        wrong, right = await asyncio.gather(*asked)
        assert str(wrong.value.error) == "Particular: nowhere"
        assert right.value == 15
        assert sessions.worker_deaths == 0

    play(scene, workers=1)


def test_what_a_worker_says_too_late_is_taken_for_no_answer(monkeypatch):
    monkeypatch.setattr(launch, "END_SECONDS", 0.0)

    async def scene(sessions, clock):
        (lane,) = sessions._lanes
        end = time.monotonic() + 20
        while not lane.pid or (lane._process and time.monotonic() < end):
            await asyncio.sleep(0.01)
        monkeypatch.undo()
        id = await maze(sessions)
        assert (await sessions.call(id, "reset", (0, None))).value[3] is False

    play(scene, workers=1)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_closing_does_not_wait_for_ever_for_a_game_that_hangs(workers):
    async def scene(sessions, clock):
        id = await moody(sessions)
        task = asyncio.ensure_future(sessions.call(id, "step", "sleep 40"))
        await asyncio.sleep(0.1)
        del task

    start = time.monotonic()
    play(scene, workers=workers, threads=2)
    assert time.monotonic() - start < 20


def test_what_died_with_a_worker_is_told_once_to_who_plays_in_another_way():
    async def scene(sessions, clock):
        series = sessions.series("maze")
        number = await series.create(MAZE)
        await series.call(number, "reset", seed=0)
        pid = sessions.pids()[0]
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(EpisodeLost, match="SIGKILL"):
            await series.call(number, "step", "move up")
        await series.call(number, "reset", seed=0)
        assert sessions.pids()[0] != pid

    play(scene, workers=1)


def test_closing_leaves_no_thread_and_no_process(workers):
    before = threading.active_count()
    pids = []

    async def scene(sessions, clock):
        for _ in range(4):
            await maze(sessions)
        pids.extend(sessions.pids())

    play(scene, workers=workers)
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() <= before
    assert len(pids) == workers
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
