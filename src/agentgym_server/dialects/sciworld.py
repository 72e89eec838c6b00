"""SciWorld's routes, those of its web front end included."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from agentgym_server import plays
from agentgym_server.dialects.bodies import ById, Step
from agentgym_server.dialects.by_id import (
    add_create,
    add_detail,
    add_observation,
    never_reset,
    seated,
)
from agentgym_server.dialects.desk import Complaint, Desk, Seat
from agentgym_server.dialects.manners import FAILED, complaining, greeting, reply
from agentgym_server.sessions import Sessions

NOT_INITIALIZED = (
    "ERROR: Interface is not initialized -- call reset() before beginning."
)
FEW = 10  # actions and objects that ``/state`` tells
WORD = "Action:"
END = "</s>"


class Reset(ById):
    """The item to begin with."""

    data_idx: int


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    desk = Desk(sessions, prefix, "agentgym/SciWorld-v0")
    greeting(router, "This is environment ScienceWorld.")
    add_create(router, desk, {"deleted": False, "done": False})
    add_observation(router, desk)
    add_detail(router, desk)

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with seated(desk, body.id, begun=False) as seat:
            told = await desk.run(seat, plays.study, body.data_idx)
            seat.record.update(told)
        return reply(told)

    @router.post("/step")
    async def step(body: Step) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            told, _ = await _experiment(desk, seat, body.action)
        return reply(told)

    @router.post("/close", response_model=bool)
    async def close(body: ById) -> Response:
        if await desk.close(body.id):
            return reply(True)
        # The only error that the original does not catch.
        return PlainTextResponse(FAILED, status_code=500)

    @router.get("/action_hint")
    async def action_hint(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            found = await _survey(desk, seat)
        return reply(
            {"possible_actions": found["forms"], "possible_objects": found["things"]}
        )

    @router.get("/goals")
    async def goals(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            found = await _survey(desk, seat)
        return reply({"goals": found["goals"]})

    _add_front_end(router, desk)
    return router


def _add_front_end(router: APIRouter, desk: Desk) -> None:
    """Add the routes that the original has for its web front end."""

    @router.post("/step_visual")
    async def step_visual(body: Step) -> JSONResponse:
        async with seated(desk, body.id) as seat:
            told, moves = await _experiment(desk, seat, _action_in(body.action))
            found = await _survey(desk, seat)
            info = {
                "moves": moves,
                "score": told["score"],
                "reward": told["reward"],
                "look": found["look"],
                "inv": found["inventory"],
                "taskDesc": f"Task Description:\n{found['description']}",
                "valid": found["actions"],
                "variationIdx": found["variation"],
                "taskName": found["name"],
                "simplificationStr": "",
            }
            told |= {
                "info": info,
                "object_tree": found["objects"],
                "inventory": found["inventory"],
                "moves": moves,
            }
            seat.record.update(told)
        return reply(told)

    @router.get("/task_description")
    async def task_description(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            text = seat.record.get("task_description", NOT_INITIALIZED)
            return reply({"task_description": text})

    @router.get("/object_tree")
    async def object_tree(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            found = await _survey(desk, seat)
        return reply({"object_tree": found["objects"]})

    @router.get("/state")
    async def state(id: int) -> JSONResponse:
        async with seated(desk, id) as seat:
            found = await _survey(desk, seat)
            return reply(
                {
                    "observation": found["look"],
                    "inventory": found["inventory"],
                    "task_description": found["description"],
                    "goal_progress": found["goals"],
                    "possible_actions": found["forms"][:FEW],
                    "possible_objects": found["things"][:FEW],
                    "current_moves": found["moves"],
                    "environment_info": seat.record,
                }
            )


async def _experiment(
    desk: Desk, seat: Seat, action: str
) -> tuple[dict[str, Any], int]:
    """Do an action; give what is told of it, and the moves so far."""
    if "task_name" not in seat.record:
        raise never_reset(seat)
    told, moves = await desk.run(seat, plays.experiment, action)
    seat.record.update(told)
    return told, moves


async def _survey(desk: Desk, seat: Seat) -> dict[str, Any]:
    if "task_name" not in seat.record:
        raise Complaint(NOT_INITIALIZED)
    found: dict[str, Any] = await desk.run(seat, plays.survey)
    return found


def _action_in(reply: str) -> str:
    r"""Find the action in a model's reply, as ``/step_visual`` does by itself.

    >>> _action_in("Thought: now\nAction: open door</s>"), _action_in("wait")
    ('open door', 'wait')
    """
    reply = reply.removesuffix(END)
    return reply.split(WORD)[1].strip() if WORD in reply else reply
