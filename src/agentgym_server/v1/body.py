"""Requests and replies of `/v1` as MessagePack or as JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from agentgym_server.guard import Refused
from agentgym_wrappers.remote import wire

log = logging.getLogger("agentgym.server")

UNWRITABLE = (TypeError, ValueError, OverflowError, RecursionError)
PACKED = "agentgym.packed"
"""A key of the scope of requests whose body is MessagePack."""


class EitherRequest(Request):
    """A request whose body may be MessagePack."""

    async def json(self) -> Any:
        """Read the body, by its content type.

        Raises:
            Refused: if it is not what its type says.
        """
        body = await self.body()
        try:
            if self.is_packed:
                return wire.unpack_plain(body)
            return wire.from_json(body)
        except ValueError as error:
            message = f"this body can't be read: {error!s:.200}"
            raise Refused(400, "bad_request", message) from None

    @property
    def is_packed(self) -> bool:
        """Whether the body is MessagePack."""
        return bool(self.scope.get(PACKED))


class EitherRoute(APIRoute):
    """A route whose bodies may be MessagePack, and that never echoes mistakes."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what handles a request."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            either = EitherRequest(request.scope, request.receive)
            if kind_of(request.headers.get("content-type", "")) == wire.MSGPACK:
                either.scope[PACKED] = True
                # FastAPI parses bodies of JSON, and leaves others as they are.
                either.scope["headers"] = [
                    (name, b"application/json" if name == b"content-type" else value)
                    for name, value in request.scope["headers"]
                ]
            try:
                return await inner(either)
            except RequestValidationError as error:
                message = mistakes(error.errors())
                return reply(request, {"error": message}, status=422)

        return handle


def mistakes(errors: Any) -> dict[str, str]:
    """Say what is wrong with a message, without telling it again."""
    first = errors[0]
    place = ".".join(str(part)[:40] for part in first["loc"])
    return {"code": "bad_request", "message": f"{place}: {first['msg']!s:.200}"}


def kind_of(header: str) -> str:
    """Give the media type in a header, without its parameters."""
    return header.partition(";")[0].strip().lower()


def reply(request: Request, content: Any, *, status: int = 200) -> Response:
    """Answer in the way that is accepted, or that the request came in."""
    accepted = kind_of(request.headers.get("accept", ""))
    came_packed = bool(request.scope.get(PACKED))
    is_packed = accepted == wire.MSGPACK or (accepted in ("", "*/*") and came_packed)
    kind = wire.MSGPACK if is_packed else wire.JSON
    return Response(packed(content, is_packed=is_packed), status, media_type=kind)


def packed(content: dict[str, Any], *, is_packed: bool) -> bytes:
    """Write a reply; a result that can't be written fails alone."""
    write = wire.pack if is_packed else wire.to_json
    try:
        return write(content)
    except UNWRITABLE:
        results = [_writable(result, write) for result in content["results"]]
        return write({**content, "results": results})


def _writable(result: Any, write: Callable[[Any], bytes]) -> Any:
    try:
        write(result)
    except UNWRITABLE as error:
        log.error("a result can't be sent: %s", error)
        message = f"what the environment gave can't be sent: {error!s:.200}"
        return {"error": {"code": "failed", "message": message}}
    return result
