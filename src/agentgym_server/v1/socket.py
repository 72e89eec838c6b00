"""`/v1/socket`: the messages of `/v1` over a WebSocket, several at a time.

A message is a request with two more keys: ``op``, such as ``step``, and ``id``, a
number that comes back with the reply. With ``"eager": true`` results come as soon as
they are there, in replies with the places of their entries in ``places``; ``done``
tells the last one. A binary message is MessagePack, a text JSON, and so is its reply.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError

from agentgym_server.errors import BadRequest, Refusal
from agentgym_server.settings import Settings
from agentgym_server.v1.body import mistakes, packed
from agentgym_server.v1.gathering import Gathering
from agentgym_server.v1.routes import OPERATIONS
from agentgym_server.v1.work import Work
from agentgym_wrappers.remote import wire

TRY_LATER = 1013  # close code
EXTRA = ("op", "id", "eager")


class Sockets:
    """All WebSockets of a server, counted."""

    def __init__(self, settings: Settings, work: Work) -> None:
        self._settings = settings
        self._work = work
        self.count = 0

    def router(self) -> APIRouter:
        """Give the route."""
        routes = APIRouter(prefix="/v1")
        routes.add_api_websocket_route("/socket", self.serve)
        return routes

    async def serve(self, socket: WebSocket) -> None:
        """Talk with a client until it goes."""
        await socket.accept()
        if self.count >= self._settings.max_sockets:
            await socket.close(TRY_LATER, "there are too many connections")
            return
        self.count += 1
        try:
            await Talk(socket, self._work, self._settings.max_pending).run()
        finally:
            self.count -= 1


class Talk:
    """One WebSocket: reads no further than it can answer."""

    def __init__(self, socket: WebSocket, work: Work, pending: int) -> None:
        self._socket = socket
        self._work = work
        self._places = asyncio.Semaphore(pending)
        self._sending = asyncio.Lock()
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Read messages and have them answered, until the client goes."""
        try:
            while True:
                await self._places.acquire()
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                # Begun here, not in the task: so the order is that of the messages.
                is_packed = message.get("bytes") is not None
                begun = self._begin(message, is_packed=is_packed)
                task = asyncio.create_task(self._answer(*begun, is_packed=is_packed))
                self._answers.add(task)
                task.add_done_callback(self._answered)
        finally:
            for task in self._answers:
                task.cancel()

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._answers.discard(task)
        self._places.release()
        if not task.cancelled():
            task.exception()  # the client has gone; the reader will hear of it

    def _begin(
        self, message: Any, *, is_packed: bool
    ) -> tuple[Any, bool, Gathering | Refusal]:
        number, eager = None, False
        try:
            content = _content(message, is_packed=is_packed)
            number, eager = content.get("id"), content.get("eager") is True
            if type(number) is not int:
                number = None
                raise BadRequest("a message has a number as its id")
            operation = content.get("op")
            if not isinstance(operation, str) or operation not in OPERATIONS:
                raise BadRequest(f"op must be one of {', '.join(OPERATIONS)}")
            rest = {key: value for key, value in content.items() if key not in EXTRA}
            request = OPERATIONS[operation][0].model_validate(rest)
            return number, eager, self._work.begin(request)
        except ValidationError as error:
            return number, eager, BadRequest(mistakes(error.errors())["message"])
        except Refusal as error:
            return number, eager, error

    async def _answer(
        self,
        number: Any,
        eager: bool,
        begun: Gathering | Refusal,
        *,
        is_packed: bool,
    ) -> None:
        if isinstance(begun, Refusal):
            error = {"code": begun.code, "message": str(begun)}
            await self._send({"id": number, "error": error, "done": True}, is_packed)
            return
        if not eager:
            reply = {"id": number, "results": await begun.all(), "done": True}
            await self._send(reply, is_packed)
            return
        missing = len(begun.results)
        if not missing:
            empty = {"id": number, "results": [], "places": [], "done": True}
            await self._send(empty, is_packed)
        while places := await begun.ready():
            missing -= len(places)
            results = [begun.results[place] for place in places]
            reply = {"id": number, "results": results, "places": places}
            await self._send({**reply, "done": not missing}, is_packed)

    async def _send(self, reply: dict[str, Any], is_packed: bool) -> None:
        async with self._sending:
            data = packed(reply, is_packed=is_packed)
            if is_packed:
                await self._socket.send_bytes(data)
            else:
                await self._socket.send_text(data.decode())


def _content(message: Any, *, is_packed: bool) -> dict[str, Any]:
    try:
        if is_packed:
            content = wire.unpack_plain(message["bytes"])
        else:
            content = wire.from_json(message["text"])
    except ValueError as error:
        raise BadRequest(f"this message can't be read: {error!s:.200}") from None
    if not isinstance(content, dict):
        raise BadRequest("a message is a map")
    return content
