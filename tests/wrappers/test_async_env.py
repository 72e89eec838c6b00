"""Environments that are awaited."""

from __future__ import annotations

import asyncio
import threading

import gymnasium
import pytest
from gymnasium.error import ClosedEnvironmentError

from agentgym_envs.errors import BadOption, ResetNeeded, UnknownTask
from agentgym_wrappers import AsyncEnv, ReActAction


class Gate(gymnasium.Wrapper):
    """A step called "wait" takes as long as the test wants."""

    def __init__(self, env):
        super().__init__(env)
        self.begun, self.go = threading.Event(), threading.Event()

    def step(self, action):
        if action == "wait":
            self.begun.set()
            assert self.go.wait(20)
        return self.env.step(action)


def gate():
    return Gate(gymnasium.make("agentgym/Maze-v0"))


async def begun(env):
    """Wait until the step that waits has begun."""
    assert await asyncio.to_thread(env.begun.wait, 20)


def test_it_gives_what_the_environment_gives():
    plain = gymnasium.make("agentgym/Maze-v0")

    async def play():
        async with AsyncEnv("agentgym/Maze-v0") as env:
            assert await env.areset(seed=5) == plain.reset(seed=5)
            for action in ("move up", "nonsense", "move left"):
                assert await env.astep(action) == plain.step(action)
            assert await env.acall("goal") == plain.unwrapped.goal
            with pytest.raises(UnknownTask):
                await env.areset(options={"item": "mouse_3"})

    asyncio.run(play())


def test_it_is_made_and_played_in_one_thread():
    class Where(gymnasium.Wrapper):
        made = None

        def where(self):
            return threading.current_thread()

    def make():
        Where.made = threading.current_thread()
        return Where(gymnasium.make("agentgym/Maze-v0"))

    async def play():
        async with AsyncEnv(make) as env:
            return await env.acall("where")

    assert asyncio.run(play()) is Where.made is not threading.main_thread()


def test_many_are_played_at_once():
    async def play(item):
        async with AsyncEnv("agentgym/Maze-v0") as env:
            _, info = await env.areset(options={"item": item})
            over = False
            while not over:
                action = await env.acall("expert_action")
                *_, terminated, truncated, info = await env.astep(action)
                over = terminated or truncated
            return info["item_id"], info["success"]

    async def main():
        return await asyncio.gather(*map(play, range(8)))

    assert asyncio.run(main()) == [(f"maze_{item}", True) for item in range(8)]


def test_a_slow_step_leaves_the_event_loop_free():
    async def play():
        async with AsyncEnv(gate) as env:
            await env.areset()
            slow = asyncio.create_task(env.astep("wait"))
            await begun(env.env)
            assert not slow.done()
            env.env.go.set()
            assert (await slow)[4]["steps"] == 1

    asyncio.run(play())


def test_a_call_that_is_cancelled_before_it_began_is_never_done():
    async def play():
        async with AsyncEnv(gate) as env:
            await env.areset()
            slow = asyncio.create_task(env.astep("wait"))
            await begun(env.env)
            queued = asyncio.create_task(env.astep("move up"))
            await asyncio.sleep(0)
            queued.cancel()
            with pytest.raises(asyncio.CancelledError):
                await queued
            env.env.go.set()
            assert (await slow)[4]["steps"] == 1
            assert (await env.astep("move up"))[4]["steps"] == 2

    asyncio.run(play())


def test_after_a_step_that_was_cancelled_while_it_ran_comes_a_reset():
    async def play():
        async with AsyncEnv(gate) as env:
            await env.areset()
            kept = await env.acall("snapshot")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(env.astep("wait"), 0.05)
            with pytest.raises(ResetNeeded, match="cancelled while it ran"):
                await env.astep("move up")
            env.env.go.set()
            await env.acall("restore", kept)
            assert (await env.astep("move up"))[4]["steps"] == 1
            await env.areset()
            assert (await env.astep("move up"))[4]["steps"] == 1

    asyncio.run(play())


def test_a_closed_environment_refuses_and_leaves_no_thread():
    async def play():
        env = AsyncEnv("agentgym/Maze-v0")
        (thread,) = env._thread._threads
        await env.areset()
        await env.aclose()
        await env.aclose()
        with pytest.raises(ClosedEnvironmentError):
            await env.astep("move up")
        await asyncio.to_thread(thread.join, 20)
        assert not thread.is_alive()

    asyncio.run(play())


def test_closing_goes_on_when_nobody_waits_for_it():
    closed = threading.Event()

    class Closing(Gate):
        def close(self):
            closed.set()

    async def play():
        env = AsyncEnv(lambda: Closing(gymnasium.make("agentgym/Maze-v0")))
        await env.areset()
        slow = asyncio.create_task(env.astep("wait"))
        await begun(env.env)
        closing = asyncio.create_task(env.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        env.env.go.set()
        assert await asyncio.to_thread(closed.wait, 20)
        await slow

    asyncio.run(play())


def test_mistakes_of_the_caller_raise_at_once():
    with pytest.raises(gymnasium.error.NameNotFound):
        AsyncEnv("agentgym/Mase-v0")
    with pytest.raises(BadOption, match="keywords are for an id"):
        AsyncEnv(gate, split="test")


def test_wrappers_are_awaited_too():
    async def play():
        async with AsyncEnv(ReActAction(gymnasium.make("agentgym/Maze-v0"))) as env:
            await env.areset(options={"item": 3})
            *_, info = await env.astep("Thought: up\nAction: move up")
            assert info["action"] == "move up"

    asyncio.run(play())
