"""SearchQA's routes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ByIndex, StepByIndex
from agentgym_server.dialects.desk import Desk
from agentgym_server.dialects.indexed import (
    add_close,
    add_create,
    add_first_observation,
)
from agentgym_server.dialects.manners import failing, greeting, reply
from agentgym_server.sessions import Sessions


class Reset(ByIndex):
    """The item to begin with."""

    id: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = failing(prefix)
    desk = Desk(sessions, prefix, "agentgym/SearchQA-v0")
    greeting(router, "ok")
    add_create(router, desk, plays.begin)
    add_close(router, desk)
    add_first_observation(router, desk)

    @router.post("/reset", response_model=str)
    async def reset(body: Reset) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            text = await desk.run(seat, plays.begin, body.id)
            seat.record["first"] = text
        return reply(text)

    @router.post("/step")
    async def step(body: StepByIndex) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            text, reward, done = await desk.run(seat, plays.act, body.action)
        return reply(
            {"observation": text, "reward": reward, "done": done, "info": None}
        )

    return router
