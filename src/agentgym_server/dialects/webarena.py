"""WebArena's routes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from agentgym_envs.errors import AgentGymError
from agentgym_server import plays
from agentgym_server.dialects.bodies import ByIndex, StepByIndex
from agentgym_server.dialects.desk import Desk, Unknown
from agentgym_server.dialects.indexed import add_list
from agentgym_server.dialects.manners import failing, reply
from agentgym_server.sessions import Sessions

# Whatever goes wrong in a reset; clients look for the first of these texts.
NOT_BEGUN = {"observation": "TimeoutError", "sites": "Error", "object": "Error"}
CLOSED = {"closed": "closed"}
BROKEN = (AgentGymError, IndexError)


class Reset(ByIndex):
    """The task to begin with; its seed changes nothing."""

    seed: int = 0
    idx: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = failing(prefix)
    desk = Desk(sessions, prefix, "agentgym/WebArena-v0")
    add_list(router, desk)

    @router.get("/", response_class=PlainTextResponse)
    async def greet() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @router.post("/create")
    async def create() -> JSONResponse:
        seat, _ = await desk.open({})
        return reply({"env_idx": seat.number})

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            try:
                text, sites, intent = await desk.run(seat, plays.browse, body.idx)
            except Unknown:
                raise
            except BROKEN:
                return reply(NOT_BEGUN)
        return reply({"observation": text, "sites": sites, "object": intent})

    @router.post("/step")
    async def step(body: StepByIndex) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            try:
                did, info = await desk.run(seat, plays.surf, body.action)
            except Unknown:
                raise
            except BROKEN as error:
                did, info = (str(error), 0.0, False), None
        return reply(_told(did, info))

    @router.get("/observation", response_model=str)
    async def observation(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx) as seat:
            return reply(await desk.run(seat, plays.read_prompt))

    @router.get("/observation_metadata")
    async def observation_metadata(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx) as seat:
            return reply(await desk.run(seat, plays.look_closer))

    @router.post("/close")
    async def close(body: ByIndex) -> JSONResponse:
        await desk.close(body.env_idx)
        return reply(CLOSED)

    return router


def _told(step: plays.Step, info: dict[str, Any] | None) -> dict[str, Any]:
    text, reward, done = step
    return {
        "observation": text,
        "reward": reward,
        "terminated": done,
        "truncated": False,
        "info": info,
    }
