"""TextCraft's routes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from agentgym_server import plays
from agentgym_server.dialects.bodies import ById, Step
from agentgym_server.dialects.by_id import (
    add_close,
    add_detail,
    add_observation,
    seated,
)
from agentgym_server.dialects.desk import Desk
from agentgym_server.dialects.manners import FAILED, complaining, greeting, reply
from agentgym_server.sessions import Sessions


class Create(BaseModel):
    """What the original reads, and then does not use."""

    commands: str | None = None
    goal: str | None = None


class Reset(ById):
    """The item to begin with."""

    data_idx: int | None = 0


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    desk = Desk(sessions, prefix, "agentgym/TextCraft-v0", forgets=True)
    greeting(router, "This is environment TextCraft.")
    add_close(router, desk)
    add_observation(router, desk, begun=False)
    add_detail(router, desk, begun=False)

    @router.post("/create")
    async def create(body: Create | None = None) -> JSONResponse:
        seat, _ = await desk.open({})
        text = await desk.run(seat, plays.craft, seat.number)
        told = {"observation": text, "done": False, "reward": 0}
        seat.record = {**told, "deleted": False}
        return reply({"id": seat.number, **told})

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with seated(desk, body.id, begun=False) as seat:
            text = await desk.run(seat, plays.craft, body.data_idx)
            told = {"observation": text, "done": False, "reward": 0}
            seat.record.update(told)
        return reply({"id": body.id, **told})

    @router.post("/step")
    async def step(body: Step) -> JSONResponse:
        async with seated(desk, body.id, begun=False) as seat:
            text, reward, done = await desk.run(seat, plays.act, body.action)
            told = {"observation": text, "reward": int(reward), "done": done}
            seat.record.update(told)
        return reply(told)

    @router.get("/commands")
    async def commands(id: int) -> PlainTextResponse:
        return PlainTextResponse(FAILED, status_code=500)

    @router.get("/goal")
    async def goal(id: int) -> PlainTextResponse:
        return PlainTextResponse(FAILED, status_code=500)

    return router
