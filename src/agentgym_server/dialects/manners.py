"""How the original servers answer, and how they fail.

Those of one kind fail with the status 500; those of the other answer 200 with
``{"error": text}`` instead. Requests that lack a field get 422 from both.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.requests import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException  # FastAPI's own is a kind of it

from agentgym_envs.errors import AgentGymError, DataError
from agentgym_server.dialects.desk import Complaint
from agentgym_server.errors import Closing, ServerFull

FAILED = "Internal Server Error"
UNREADABLE = "the server's data can't be read"
LMRL_GYM = "This is environment LMRL-Gym."  # of two families
# What is answered in the same way on all routes of the server.
COMMON = (HTTPException, RequestValidationError, ServerFull, Closing)
EXPECTED = (Complaint, AgentGymError, IndexError)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

log = logging.getLogger("agentgym.server")


class FailingRoute(APIRoute):
    """A route whose errors are the status 500 and a plain text."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler."""
        return _caught(super().get_route_handler(), _fail)


class ComplainingRoute(APIRoute):
    """A route whose errors are told in a reply with the status 200."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler."""
        return _caught(super().get_route_handler(), _complain)


def _caught(handle: Handler, answer: Callable[[Exception], Response]) -> Handler:
    async def handler(request: Request) -> Response:
        try:
            return await handle(request)
        except COMMON:
            raise
        except DataError as error:
            log.error("%s: %s", request.url.path, error)
            return answer(Complaint(UNREADABLE))  # it names files of this machine
        except Exception as error:
            if isinstance(error, EXPECTED):
                log.info("%s: %s", request.url.path, error)
            else:
                log.exception("a request to %s failed", request.url.path)
            return answer(error)

    return handler


def _fail(error: Exception) -> Response:
    return PlainTextResponse(FAILED, status_code=500)


def _complain(error: Exception) -> Response:
    return reply({"error": str(error)})


def failing(tag: str) -> APIRouter:
    """A router whose routes answer errors with 500."""
    return APIRouter(route_class=FailingRoute, tags=[tag])


def complaining(tag: str) -> APIRouter:
    """A router whose routes tell errors in replies."""
    return APIRouter(route_class=ComplainingRoute, tags=[tag])


class Told(JSONResponse):
    """JSON of any text: half a character, which UTF-8 can't hold, is escaped."""

    def render(self, content: Any) -> bytes:
        """Write it."""
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


def reply(content: Any) -> JSONResponse:
    """Answer with JSON as it is; what has been checked before is not checked again."""
    return Told(content)


def greeting(router: APIRouter, text: str) -> None:
    """Add the root route."""

    @router.get("/", response_model=str)
    async def greet() -> JSONResponse:
        return reply(text)
