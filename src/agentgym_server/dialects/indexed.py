"""What the dialects have in common that name environments by ``env_idx``."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ByIndex, Create
from agentgym_server.dialects.desk import Desk
from agentgym_server.dialects.manners import reply


def add_list(router: APIRouter, desk: Desk) -> None:
    """Add the list of environments."""

    @router.get("/list_envs", response_model=list[int])
    async def list_envs() -> JSONResponse:
        return reply(desk.numbers())


def add_close(router: APIRouter, desk: Desk) -> None:
    """Add the way to close an environment, which most of the originals lack."""

    @router.post("/close", response_model=bool)
    async def close(body: ByIndex) -> JSONResponse:
        return reply(await desk.close(body.env_idx))


def add_create(
    router: APIRouter, desk: Desk, begin: Callable[..., str] = plays.begin_counted
) -> None:
    """Add the way to make an environment that begins with an item."""

    @router.post("/create", response_model=int)
    async def create(body: Create | None = None) -> JSONResponse:
        seat, text = await desk.open({}, begin, body.id if body else 0)
        seat.record["first"] = text
        return reply(seat.number)


def add_first_observation(router: APIRouter, desk: Desk) -> None:
    """Add the route that always gives an episode's first text."""

    @router.get("/observation", response_model=str)
    async def observation(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx) as seat:
            return reply(seat.recall("first"))
