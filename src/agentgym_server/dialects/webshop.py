"""WebShop's routes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server import plays
from agentgym_server.dialects.bodies import ByIndex, StepByIndex
from agentgym_server.dialects.desk import Complaint, Desk, Seat, shuffled
from agentgym_server.dialects.indexed import add_close, add_list
from agentgym_server.dialects.manners import failing, greeting, reply
from agentgym_server.sessions import Sessions

NUMBERS = 48_950_077  # the original draws from 0 up to the one before
# The original takes the names of three fields apart instead of the fields.
STATE = {key: key for key in ("url", "html", "instruction_text")}
SEEN = ("observation", "instruction", "offers")  # what `plays.visit` gives


class Reset(ByIndex):
    """The goal to begin with; none means one by chance."""

    session_id: int | None = None


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = failing(prefix)
    desk = Desk(sessions, prefix, "agentgym/WebShop-v0", spell=shuffled(NUMBERS))
    greeting(router, "ok")
    add_list(router, desk)
    add_close(router, desk)

    @router.post("/create", response_model=int)
    async def create() -> JSONResponse:
        seat, seen = await desk.open({}, plays.visit, None)
        seat.record = dict(zip(SEEN, seen, strict=True))
        return reply(seat.number)

    @router.post("/reset")
    async def reset(body: Reset) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            seen = await desk.run(seat, plays.visit, body.session_id)
            seat.record = dict(zip(SEEN, seen, strict=True))
        return reply([seen[0], None])

    @router.post("/step")
    async def step(body: StepByIndex) -> JSONResponse:
        async with desk.at(body.env_idx) as seat:
            (text, reward, done), offers = await desk.run(seat, plays.shop, body.action)
            seat.record.update(observation=text, offers=offers)
        return reply({"state": text, "reward": reward, "done": done, "info": None})

    @router.get("/observation", response_model=str)
    async def observation(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx) as seat:
            return reply(seat.recall("observation"))

    @router.get("/available_actions")
    async def available_actions(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx) as seat:
            return reply(seat.recall("offers"))

    @router.get("/instruction_text", response_model=str)
    async def instruction_text(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx) as seat:
            return reply(_heading(seat))

    @router.get("/state")
    async def state(env_idx: int) -> JSONResponse:
        async with desk.at(env_idx):
            return reply(STATE)

    return router


def _heading(seat: Seat) -> str:
    offers = seat.recall("offers")
    if not offers["clickables"]:
        raise Complaint("there is no instruction on the page after the purchase")
    # The heading of the first page has a space where the others have none.
    space = " " if offers["has_search_bar"] else ""
    return f"Instruction:{space}{seat.record['instruction']}"
