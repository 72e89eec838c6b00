"""Wordle's routes, which LMRL-Gym's server has under ``/wordle``."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ById, Step
from agentgym_server.dialects.by_id import (
    add_close,
    add_detail,
    add_observation,
    seated,
)
from agentgym_server.dialects.desk import Desk
from agentgym_server.dialects.manners import LMRL_GYM, complaining, greeting, reply
from agentgym_server.sessions import Sessions

SEEDS = 2**32  # of games that are played without a reset


class Reset(ById):
    """The seed to begin with."""

    seed: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    desk = Desk(sessions, prefix, "agentgym/Wordle-v0")
    add_close(router, desk)
    add_observation(router, desk)
    greeting(router, LMRL_GYM)
    add_detail(router, desk)

    @router.post("/create")
    async def create() -> JSONResponse:
        record = {"done": False, "reward": 0, "deleted": False}
        seat, _ = await desk.open(record, plays.begin, secrets.randbelow(SEEDS))
        return reply({"id": seat.number})

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with seated(desk, body.id, begun=False) as seat:
            # Python's generator does not tell a seed from its negative.
            text = await desk.run(seat, plays.begin, abs(body.seed))
            seat.record.update(
                seed=body.seed, observation=text, done=False, reward=0, deleted=False
            )
        return reply({"id": body.id, "observation": text})

    @router.post("/step")
    async def step(body: Step) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            text, points, done = await desk.run(seat, plays.act, body.action)
            # A number with a point only for a word that there is not.
            reward = 0.0 if text == plays.INVALID_WORD else int(points)
            total = seat.record["reward"] + reward
            seat.record.update(observation=text, reward=total, done=done)
        return reply({"observation": text, "reward": reward, "done": done})

    @router.get("/filtered_vocab")
    async def filtered_vocab(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            return reply(await desk.run(seat, plays.candidates))

    return router
