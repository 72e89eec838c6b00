"""What the server gives to the dialects: leases, a cap, workers that may die."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager

import httpx
import pytest
from dialect_table import DIALECTS, FAILED, needs_engine

from agentgym_server.app import build_app
from agentgym_server.dialects.desk import shuffled
from agentgym_server.sessions import Sessions
from agentgym_server.settings import Settings

# Those that are quickly made stand for the others of their kind.
LIGHT = [d for d in DIALECTS if d.prefix in ("maze", "textcraft", "sqlgym", "todo")]


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@asynccontextmanager
async def served(*, clock=None, **settings):
    """Give a client of an application in this process, and the store."""
    told = Settings(**settings)
    sessions = Sessions(told, clock=clock) if clock else Sessions(told)
    app = build_app(told, sessions=sessions)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        yield client, sessions


async def made(client, dialect, base=None):
    base = f"/{dialect.prefix}" if base is None else base
    reply = await client.post(f"{base}/create", json={"id": 0})
    assert reply.status_code == 200
    number = reply.json() if dialect.fails else reply.json()["id"]
    body = {dialect.key: number, dialect.item: dialect.number, **dialect.more}
    begun = await client.post(f"{base}/reset", json=body)
    assert begun.status_code == 200 and "error" not in begun.json()
    return number


async def stepped(client, dialect, number, base=None):
    base = f"/{dialect.prefix}" if base is None else base
    body = {dialect.key: number, "action": dialect.action}
    return await client.post(f"{base}/step", json=body)


@pytest.mark.parametrize("dialect", LIGHT, ids=str)
def test_an_environment_whose_lease_is_over_is_an_unknown_one(dialect):
    async def story():
        clock = Clock()
        async with served(clock=clock, lease=100) as (client, sessions):
            number = await made(client, dialect)
            for _ in range(3):  # a look is a use, too
                clock.now += 90
                query = {dialect.key: number}
                seen = await client.get(f"/{dialect.prefix}/observation", params=query)
                assert seen.status_code == 200
                assert await sessions.expire() == 0
            clock.now += 101
            assert await sessions.expire() == 1
            reply = await stepped(client, dialect, number)
            if dialect.fails:
                assert (reply.status_code, reply.text) == (500, FAILED)
            else:
                assert reply.json() == {"error": f"The id {number} is not valid."}
            body = {dialect.key: number}
            closed = await client.post(f"/{dialect.prefix}/close", json=body)
            assert closed.json() is False
            assert await made(client, dialect) != number

    asyncio.run(story())


@pytest.mark.parametrize("dialect", LIGHT, ids=str)
def test_a_full_server_says_503_until_something_is_closed(dialect):
    async def story():
        async with served(max_envs=1) as (client, _):
            number = await made(client, dialect)
            full = await client.post(f"/{dialect.prefix}/create", json={"id": 0})
            assert full.status_code == 503
            body = {dialect.key: number}
            await client.post(f"/{dialect.prefix}/close", json=body)
            await made(client, dialect)

    asyncio.run(story())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("dialect", LIGHT, ids=str)
def test_a_dead_worker_costs_an_episode_and_no_more(dialect):
    async def story():
        async with served(workers=1) as (client, sessions):
            number = await made(client, dialect)
            assert (await stepped(client, dialect, number)).status_code == 200
            os.kill(sessions.pids()[0], signal.SIGKILL)
            lost = await stepped(client, dialect, number)
            if dialect.fails:
                assert (lost.status_code, lost.text) == (500, FAILED)
            else:
                assert list(lost.json()) == ["error"]
            body = {dialect.key: number, dialect.item: dialect.number}
            begun = await client.post(f"/{dialect.prefix}/reset", json=body)
            assert begun.status_code == 200
            assert (await stepped(client, dialect, number)).status_code == 200

    asyncio.run(story())


def test_requests_for_one_environment_wait_for_each_other():
    async def story():
        async with served() as (client, _):
            maze = next(d for d in LIGHT if d.prefix == "maze")
            number = await made(client, maze)
            await client.post("/maze/reset", json={"id": number, "game": 17})
            bodies = [{"id": number, "action": "move down"}] * 60
            replies = await asyncio.gather(
                *(client.post("/maze/step", json=body) for body in bodies)
            )
            texts = [reply.json() for reply in replies]
            # The second one wins, and each of the others has to know.
            assert sum(text.get("done", False) for text in texts) == 1
            assert sum("error" in text for text in texts) == 58

    asyncio.run(story())


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
def test_a_family_at_the_root(dialect):
    needs_engine(dialect)

    async def story():
        async with served(family=dialect.prefix) as (client, _):
            greeted = await client.get("/")
            assert greeted.json() == dialect.greeting
            number = await made(client, dialect, base="")
            assert (await stepped(client, dialect, number, base="")).status_code == 200
            # It is the same server as under the prefix.
            assert (await stepped(client, dialect, number)).status_code == 200
            assert (await client.get("/healthz")).status_code == 200

    asyncio.run(story())


@pytest.mark.parametrize("name", ["lmrlgym", "LMRL-Gym"])
def test_lmrl_gym_has_both_games_below_its_root(name):
    async def story():
        async with served(family=name) as (client, _):
            assert (await client.get("/")).json() == "This is environment LMRL-Gym."
            for game in ("maze", "wordle"):
                dialect = next(d for d in DIALECTS if d.prefix == game)
                number = await made(client, dialect)
                reply = await stepped(client, dialect, number)
                assert "error" not in reply.json()
                await made(client, dialect, base=f"/lmrlgym/{game}")

    asyncio.run(story())


def test_web_pages_may_call_where_they_are_allowed_to():
    async def story(**settings):
        async with served(**settings) as (client, _):
            origin = {"origin": "http://localhost:5173"}
            reply = await client.post("/babyai/create", headers=origin)
            return reply.status_code, reply.headers.get("access-control-allow-origin")

    pytest.importorskip("minigrid")
    assert asyncio.run(story(cors=("*",))) == (200, "*")
    assert asyncio.run(story()) == (403, None)


@pytest.mark.parametrize("count", [1, 2, 3, 97, 1000])
def test_a_shuffled_order_gives_each_number_once(count):
    order = shuffled(count)
    assert sorted(map(order, range(count))) == list(range(count))
    assert [order(count), order(count + 5)] == [count, count + 5]


def test_a_shuffled_order_is_new_each_time():
    first, second = (list(map(shuffled(10**6), range(20))) for _ in range(2))
    assert first != second != sorted(second)


def test_requests_are_counted_by_route():
    async def story():
        async with served() as (client, _):
            maze = next(d for d in LIGHT if d.prefix == "maze")
            number = await made(client, maze)
            for _ in range(3):
                await stepped(client, maze, number)
            await client.get("/maze/nothing")
            await client.get(f"/maze/detail?id={number}")
            counted = (await client.get("/metrics")).text
            name = "agentgym_request_seconds_count"
            assert f'{name}{{route="/maze/step",status="200"}} 3.0' in counted
            assert f'{name}{{route="/maze/detail",status="200"}} 1.0' in counted
            assert "nothing" not in counted

    asyncio.run(story())


def test_the_schema_tells_of_the_routes():
    async def story():
        async with served() as (client, _):
            paths = (await client.get("/openapi.json")).json()["paths"]
            for dialect in DIALECTS:
                for path in ("create", "reset", "step", "close", *dialect.gets):
                    assert f"/{dialect.prefix}/{path}" in paths
            step = paths["/textcraft/step"]["post"]["requestBody"]["content"]
            assert "application/json" in step

    asyncio.run(story())
