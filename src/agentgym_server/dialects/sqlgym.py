"""SQLGym's routes, which serve BIRD."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ByIndex, StepByIndex
from agentgym_server.dialects.desk import Desk, shuffled
from agentgym_server.dialects.indexed import (
    add_close,
    add_first_observation,
    add_list,
)
from agentgym_server.dialects.manners import failing, greeting, reply
from agentgym_server.sessions import Sessions

NUMBERS = 489_577  # the original draws from 0 up to the one before


class Reset(ByIndex):
    """The item to begin with."""

    item_id: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = failing(prefix)
    desk = Desk(sessions, prefix, "agentgym/BIRD-v0", spell=shuffled(NUMBERS))
    greeting(router, "ok")
    add_list(router, desk)
    add_close(router, desk)
    add_first_observation(router, desk)

    @router.post("/create", response_model=int)
    async def create() -> JSONResponse:
        seat, _ = await desk.open({})
        return reply(seat.number)

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            text = await desk.run(seat, plays.begin, body.item_id)
            seat.record["first"] = text
        return reply([text, None])

    @router.post("/step")
    async def step(body: StepByIndex) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            (text, reward, done), info = await desk.run(seat, plays.query, body.action)
        return reply({"state": text, "reward": reward, "done": done, "info": info})

    return router
