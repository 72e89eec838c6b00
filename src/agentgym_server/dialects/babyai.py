"""BabyAI's routes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ById, Step
from agentgym_server.dialects.by_id import add_create, never_reset, seated
from agentgym_server.dialects.desk import Complaint, Desk, Unknown
from agentgym_server.dialects.manners import complaining, greeting, reply
from agentgym_server.sessions import Sessions

LEVELS = 40
NO_SEED = "Seed must be greater or equal to zero, actual value: {}"
NOTHING = {
    "observation": "Environment not initialized",
    "reward": 0,
    "score": 0,
    "done": False,
    "deleted": False,
}


class Reset(ById):
    """The item to begin with."""

    data_idx: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    desk = Desk(
        sessions, prefix, "agentgym/BabyAI-v0", forgets=True, render_mode="rgb_array"
    )
    greeting(router, "This is environment BabyAI.")
    add_create(router, desk, {"deleted": False, "done": False})

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with seated(desk, body.id, begun=False) as seat:
            if body.data_idx < 0:
                raise Complaint(NO_SEED.format(body.data_idx // LEVELS))
            text = await desk.run(seat, plays.begin, body.data_idx)
            told = {
                "observation": text,
                "reward": 0,
                "score": 0,
                "deleted": False,
                "done": False,
            }
            goal = text.partition("\n")[0]
            seat.record = {**told, "goal": goal, "latest": text}
        return reply(told)

    @router.post("/step")
    async def step(body: Step) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            if "goal" not in seat.record:
                raise never_reset(seat)
            (text, reward, done), score = await desk.run(seat, plays.move, body.action)
            told = {
                "observation": text,
                "reward": _plain(reward),
                "score": _plain(score),
                "done": done,
            }
            latest = f"{seat.record['goal']}\n{text}"
            seat.record.update(told, latest=latest)
        return reply(told)

    @router.get("/observation")
    async def observation(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            record = seat.record
            if "goal" not in record:
                return reply(NOTHING)
            told = {key: record[key] for key in NOTHING}
            return reply({**told, "observation": record["latest"]})

    @router.post("/close", response_model=bool)
    async def close(body: ById) -> JSONResponse:
        try:
            async with desk.at(body.id) as seat:
                had_begun = "goal" in seat.record
        except Unknown:
            return reply(False)
        # The original says no to one that was never reset, and keeps it for ever.
        return reply(await desk.close(body.id) and had_begun)

    @router.post("/render", response_model=str)
    async def render(body: ById) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            if "goal" not in seat.record:
                raise never_reset(seat)
            return reply(await desk.run(seat, plays.picture))

    return router


def _plain(reward: float) -> Any:
    """A number as the original's engine has it: an integer until there is success."""
    return reward or 0
