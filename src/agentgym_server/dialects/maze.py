"""The maze's routes, which LMRL-Gym's server has under ``/maze``."""

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
from agentgym_server.dialects.manners import LMRL_GYM, complaining, greeting, reply
from agentgym_server.sessions import Sessions

GAMES = 26  # the last of which begins on the goal, and fails with an empty text
ACTIONS = ("move left", "move right", "move up", "move down")


class Reset(ById):
    """The start to begin with."""

    game: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    desk = Desk(sessions, prefix, "agentgym/Maze-v0")
    add_create(router, desk, {"done": False, "reward": 0, "deleted": False})
    add_close(router, desk)
    add_observation(router, desk)
    greeting(router, LMRL_GYM)
    add_detail(router, desk, needs="goal_position")

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with seated(desk, body.id, begun=False) as seat:
            text = await desk.run(seat, plays.begin, _start(body.game))
            seat.record = {
                "maze_name": "double_t_maze",
                "observation": text,
                "done": False,
                "reward": 0,
                "deleted": False,
            }
        return reply({"observation": text})

    @router.post("/step")
    async def step(body: Step) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            if "maze_name" not in seat.record:
                raise never_reset(seat)
            text, reward, done = await desk.run(seat, plays.act, body.action)
            # An integer as long as the game goes on, in the original.
            earned = reward if done else 0
            total = seat.record["reward"] + earned
            seat.record.update(observation=text, reward=total, done=done)
        return reply({"observation": text, "reward": earned, "done": done})

    @router.get("/available_actions")
    async def available_actions() -> JSONResponse:
        return reply(ACTIONS)

    return router


def _start(game: int) -> int:
    """The item of a game, which may be counted from the end."""
    if game >= GAMES:
        raise Complaint(f"The game {game} is not valid.")
    if game < -GAMES:
        raise Complaint(plays.OUT_OF_RANGE)
    start = game % GAMES
    if start == GAMES - 1:
        raise Complaint("")
    return start
