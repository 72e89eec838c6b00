"""The routes of the five families with tools, each a server of its own."""

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
    add_list,
)
from agentgym_server.dialects.manners import failing, greeting, reply
from agentgym_server.sessions import Sessions

FAMILIES = {
    "academia": "Academia",
    "movie": "Movie",
    "sheet": "Sheet",
    "todo": "TODOList",
    "weather": "Weather",
}


class Reset(ByIndex):
    """The item to begin with; none means the same again."""

    id: int | None = None


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = failing(prefix)
    desk = Desk(sessions, prefix, f"agentgym/{FAMILIES[prefix]}-v0")
    greeting(router, "ok")
    add_list(router, desk)
    add_create(router, desk)
    add_close(router, desk)
    add_first_observation(router, desk)

    @router.post("/reset", response_model=str)
    async def reset(body: Reset) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            if body.id is None:
                text = await desk.run(seat, plays.begin_again)
            else:
                text = await desk.run(seat, plays.begin_counted, body.id)
            seat.record["first"] = text
        return reply(text)

    @router.post("/step")
    async def step(body: StepByIndex) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            text, reward, done = await desk.run(seat, plays.act, body.action)
        return reply({"observation": text, "reward": reward, "done": done})

    return router
