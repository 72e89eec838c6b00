"""Slots of a vector that are awaited, each by who plays it."""

from __future__ import annotations

import asyncio
import threading

import pytest
from gymnasium.error import ClosedEnvironmentError
from vector_games import moody

from agentgym_envs.errors import BadOption, ResetNeeded, UnknownTask
from agentgym_wrappers import AsyncVector, TextVectorEnv
from agentgym_wrappers.vector import launch

MAZE, CRAFT = "agentgym/Maze-v0", "agentgym/TextCraft-v0"
HOW = {"autoreset_mode": "Disabled", "infos": "list"}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Starts workers in milliseconds."""
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))


@pytest.fixture(params=[0, 2], ids=["in process", "two workers"])
def workers(request):
    return request.param


async def play(slot, item):
    _, info = await slot.areset(options={"item": item})
    over = False
    while not over:
        action = await slot.acall("expert_action")
        *_, terminated, truncated, info = await slot.astep(action)
        over = terminated or truncated
    return info["item_id"], info["success"]


def run(envs, main):
    async def around():
        async with AsyncVector(envs) as slots:
            return await asyncio.wait_for(main(slots), 60)

    return asyncio.run(around())


def test_each_slot_plays_its_own_episodes(workers):
    envs = TextVectorEnv([MAZE, CRAFT], 4, workers=workers, **HOW)

    async def main(slots):
        first = await asyncio.gather(*(play(slots[i], i) for i in range(4)))
        again = await asyncio.gather(*(play(slots[i], 9) for i in range(4)))
        return first + again

    names = ["maze_0", "textcraft_1", "maze_2", "textcraft_3"]
    names += ["maze_9", "textcraft_9"] * 2
    assert run(envs, main) == [(name, True) for name in names]


def test_a_slow_slot_keeps_nobody_waiting():
    envs = TextVectorEnv(moody, 2, workers=2, **HOW)

    async def main(slots):
        await asyncio.gather(*(slot.areset(seed=0) for slot in slots))
        slow = asyncio.create_task(slots[0].astep("sleep 1.5"))
        steps = [(await slots[1].astep("quick"))[4]["steps"] for _ in range(4)]
        assert not slow.done()
        return steps, (await slow)[4]["steps"]

    assert run(envs, main) == ([1, 2, 3, 4], 1)


def test_refused_resets_tell_each_slot_its_own_mistake(workers):
    envs = TextVectorEnv(MAZE, 3, workers=workers, **HOW)

    async def main(slots):
        options = [{"item": "mouse_1"}, {"item": 3}, {"item": "mouse_2"}]
        resets = (s.areset(options=o) for s, o in zip(slots, options, strict=True))
        found = await asyncio.gather(*resets, return_exceptions=True)
        assert found[1][1]["item_id"] == "maze_3"
        assert isinstance(found[0], UnknownTask) and "mouse_1" in str(found[0])
        assert isinstance(found[2], UnknownTask) and "mouse_2" in str(found[2])
        with pytest.raises(ResetNeeded):
            await slots[0].astep("move up")
        await slots[0].areset()
        return (await slots[0].astep("move up"))[4]["steps"]

    assert run(envs, main) == 1


def test_a_step_too_early_is_the_mistake_of_its_slot_alone(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers, **HOW)

    async def main(slots):
        await slots[1].areset()
        steps = (slot.astep("move up") for slot in slots)
        early, fine = await asyncio.gather(*steps, return_exceptions=True)
        assert isinstance(early, ResetNeeded)
        return fine[4]["steps"]

    assert run(envs, main) == 1


def test_a_dead_worker_ends_its_episodes_and_no_others():
    envs = TextVectorEnv(moody, 2, workers=2, **HOW)

    async def main(slots):
        await asyncio.gather(*(slot.areset(seed=0) for slot in slots))
        killed, fine = await asyncio.gather(slots[0].astep("kill"), slots[1].astep("a"))
        assert killed[3] and killed[4]["end_reason"] == "crash"
        assert fine[4]["steps"] == 1
        await slots[0].areset(seed=1)
        return (await slots[0].astep("b"))[4]["steps"]

    assert run(envs, main) == 1


def test_after_a_cancelled_step_comes_a_reset_or_restore(workers):
    envs = TextVectorEnv(MAZE, 2, workers=workers, **HOW)

    async def main(slots):
        await slots[0].areset(options={"item": 3})
        kept = await slots[0].acall("snapshot")
        step = asyncio.create_task(slots[0].astep("move up"))
        while not slots._orders.empty():
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        step.cancel()
        lost = isinstance(
            (await asyncio.gather(step, return_exceptions=True))[0],
            asyncio.CancelledError,
        )
        if lost:
            with pytest.raises(ResetNeeded):
                await slots[0].astep("move up")
        await slots[0].acall("restore", kept)
        return (await slots[0].astep("move up"))[4]["steps"]

    assert run(envs, main) == 1


def test_closing_ends_what_is_awaited_and_leaves_no_thread():
    envs = TextVectorEnv(moody, 1, workers=1, **HOW)

    async def main():
        slots = AsyncVector(envs)
        await slots[0].areset()
        slow = asyncio.create_task(slots[0].astep("sleep 30"))
        await asyncio.sleep(0.1)
        await slots.aclose()
        await slots.aclose()
        with pytest.raises(ClosedEnvironmentError):
            await slow
        with pytest.raises(ClosedEnvironmentError):
            await slots[0].areset()

    asyncio.run(asyncio.wait_for(main(), 60))
    assert envs.closed
    assert "agentgym-vector" not in {t.name for t in threading.enumerate()}


def test_it_refuses_what_it_cannot_serve():
    envs = TextVectorEnv(MAZE, 1)
    with pytest.raises(BadOption, match="Disabled"):
        AsyncVector(envs)
    envs.close()

    async def main(slots):
        with pytest.raises(TypeError, match="an action is a str"):
            await slots[0].astep(3)

    run(TextVectorEnv(MAZE, 1, **HOW), main)
