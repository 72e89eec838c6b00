"""ALFWorld's routes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ById, Step
from agentgym_server.dialects.by_id import (
    add_close,
    add_create,
    add_detail,
    add_observation,
    never_reset,
    seated,
)
from agentgym_server.dialects.desk import Complaint, Desk
from agentgym_server.dialects.manners import complaining, greeting, reply
from agentgym_server.sessions import Sessions

# All of them act alike.
WORLDS = ("Text", "Embody", "Hybrid")
NO_WORLD = 'world_type must be one of "Text", "Embody" and "Hybrid"'


class Reset(ById):
    """The game to begin with."""

    game: int
    world_type: str


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    desk = Desk(sessions, prefix, "agentgym/ALFWorld-v0")
    greeting(router, "This is environment AlfWorld.")
    add_create(router, desk, {"done": False, "reward": 0, "deleted": False})
    add_close(router, desk)
    add_observation(router, desk)
    add_detail(router, desk)

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        if body.world_type not in WORLDS:
            raise Complaint(NO_WORLD)
        async with seated(desk, body.id, begun=False) as seat:
            text, commands, name = await desk.run(seat, plays.enter, body.game)
            seat.record = {
                "world_type": body.world_type,
                "game": body.game,
                "observation": text,
                "available_actions": commands,
                "done": False,
                "reward": 0,
                "deleted": False,
            }
        told = {"observation": text, "available_actions": commands, "task_type": name}
        return reply({"id": body.id, **told})

    @router.post("/step")
    async def step(body: Step) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            if "game" not in seat.record:
                raise never_reset(seat)
            (text, reward, done), commands = await desk.run(
                seat, plays.command, body.action
            )
            told = {
                "observation": text,
                "reward": reward,
                "available_actions": commands,
                "done": done,
            }
            seat.record.update(told)
        return reply(told)

    @router.get("/available_actions")
    async def available_actions(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            return reply(seat.recall("available_actions"))

    return router
