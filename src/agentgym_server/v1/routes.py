"""The routes of `/v1`: one per kind of message, all for many environments at once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

import agentgym_envs
from agentgym_envs.commands.ids import missing_package
from agentgym_envs.registry import info
from agentgym_server.errors import BadRequest, Refusal, ServerFull
from agentgym_server.offers import COMMON, KEYWORDS
from agentgym_server.settings import Settings
from agentgym_server.v1 import models
from agentgym_server.v1.body import EitherRoute, reply
from agentgym_server.v1.gathering import Result
from agentgym_server.v1.work import Work
from agentgym_wrappers.remote import wire

OPERATIONS: dict[str, tuple[type[models.Message], type[BaseModel]]] = {
    "create": (models.CreateRequest, models.Created),
    "reset": (models.ResetRequest, models.Begun),
    "step": (models.StepRequest, models.Stepped),
    "snapshot": (models.SnapshotRequest, models.Taken),
    "restore": (models.RestoreRequest, models.Restored),
    "fork": (models.ForkRequest, models.Forked),
    "close": (models.CloseRequest, models.Closed),
    "call": (models.CallRequest, models.Answered),
}
TOO_MANY = 413


def router(settings: Settings, work: Work) -> APIRouter:
    """Give the routes."""
    routes = APIRouter(prefix="/v1", tags=["v1"], route_class=EitherRoute)
    for name, (asked, given) in OPERATIONS.items():
        routes.add_api_route(
            f"/{name}",
            _handler(work, asked),
            methods=["POST"],
            name=name,
            summary=(asked.__doc__ or "").strip(),
            responses={
                200: {"model": models.results(given)},
                422: {"model": models.Failed},
            },
            openapi_extra=_also_packed(asked),
        )

    @routes.get("/tasks", responses={200: {"model": models.Tasks}})
    async def tasks(request: Request) -> Response:
        """List the tasks, and what clients may choose of each."""
        return reply(request, {"tasks": list_tasks()})

    return routes


def _handler(
    work: Work, asked: type[models.Message]
) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def handle(request: Request, body: Any) -> Response:
        try:
            results = await work.begin(body).all()
        except Refusal as error:
            status = TOO_MANY if isinstance(error, BadRequest) else error.status
            content = {"error": {"code": error.code, "message": str(error)}}
            return reply(request, content, status=status)
        status = ServerFull.status if is_full(results) else 200
        return reply(request, {"results": results}, status=status)

    # FastAPI reads the type of a body from here.
    handle.__annotations__ = {"request": Request, "body": asked, "return": Response}
    return handle


def is_full(results: list[Result | None]) -> bool:
    """Whether nothing could be made because the server is full."""
    codes = {(result or {}).get("error", {}).get("code") for result in results}
    return codes == {ServerFull.code}


def _also_packed(asked: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{asked.__name__}"}
    return {"requestBody": {"content": {wire.MSGPACK: {"schema": schema}}}}


def list_tasks() -> list[Result]:
    """Describe all tasks, and what clients may choose of each."""
    found: list[Result] = []
    for spec in agentgym_envs.SPECS:
        task = info(spec)
        found.append(
            {
                "env_id": task.id,
                "family": task.family,
                "task": task.task,
                "scenario": task.scenario,
                "horizon": task.horizon,
                "items": dict(task.items),
                "ready": task.ready and not missing_package(spec),
                "extra": task.extra,
                "kwargs": [*COMMON, *KEYWORDS.get(task.family, ())],
            }
        )
    return found
