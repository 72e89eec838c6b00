"""What the dialects have in common that name environments by ``id``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agentgym_server.dialects.bodies import ById
from agentgym_server.dialects.desk import Complaint, Desk, Record, Seat, Unknown
from agentgym_server.dialects.manners import reply

DELETED = "The task with environment {} has been deleted."
FINISHED = "The task with environment {} has finished."


@asynccontextmanager
async def seated(desk: Desk, number: int, *, begun: bool = True) -> AsyncIterator[Seat]:
    """Have an environment for oneself, as far as the original allows it.

    Args:
        desk: Where it is.
        number: Its id.
        begun: Whether it must not have finished.

    Raises:
        Complaint: if there is none, or it has finished.
    """
    try:
        async with desk.at(number) as seat:
            if begun and seat.record.get("done"):
                raise Complaint(FINISHED.format(number))
            yield seat
    except Unknown:
        if desk.is_deleted(number):
            raise Complaint(DELETED.format(number)) from None
        raise


def never_reset(seat: Seat) -> Complaint:
    """What the originals say to a step before the first reset: the missing key."""
    return Complaint(str(seat.number))


def add_create(router: APIRouter, desk: Desk, record: Record) -> None:
    """Add the way to make an environment.

    Args:
        router: Gets the route.
        desk: Makes the environment.
        record: What is remembered of a new one.
    """

    @router.post("/create")
    async def create() -> JSONResponse:
        seat, _ = await desk.open(dict(record))
        return reply({"id": seat.number})


def add_close(router: APIRouter, desk: Desk) -> None:
    """Add the way to close an environment, which some of the originals lack."""

    @router.post("/close", response_model=bool)
    async def close(body: ById) -> JSONResponse:
        return reply(await desk.close(body.id))


def add_observation(router: APIRouter, desk: Desk, *, begun: bool = True) -> None:
    """Add the route that gives the latest observation."""

    @router.get("/observation", response_model=str)
    async def observation(id: int) -> JSONResponse:
        async with seated(desk, id, begun=begun) as seat:
            return reply(seat.recall("observation"))


def add_detail(
    router: APIRouter, desk: Desk, *, begun: bool = True, needs: str = ""
) -> None:
    """Add the route that gives all that is remembered.

    Args:
        router: Gets the route.
        desk: Has the environments.
        begun: Whether the episode must not have finished.
        needs: A key that the original misses before the first reset, and hides.
    """

    @router.get("/detail")
    async def detail(id: int) -> JSONResponse:
        async with seated(desk, id, begun=begun) as seat:
            if needs and "observation" not in seat.record:
                raise Complaint(repr(needs))
            return reply(seat.record)
