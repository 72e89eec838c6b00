"""What is refused before a route sees it: strangers, floods, what never ends."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

from agentgym_server.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Observe = Callable[[str, int, float], None]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = ("/healthz",)
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
SLASHES = re.compile("/{2,}")
POLICY_VIOLATION = 1008  # a WebSocket's 401 and 403

log = logging.getLogger("agentgym.server")


class Refused(HTTPException):
    """A request that no route gets to see, or not as a whole.

    It is one of Starlette's exceptions since routes pass these on when they occur
    amid the reading of a body.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        # What is left of a body that was refused must not be read as a request.
        super().__init__(status, message, {"connection": "close"})
        self.code = code


class Guard:
    """Stands before an application, as ASGI middleware.

    - It asks for the token, in an ``Authorization`` header of the kind ``Bearer`` or,
      as the password of any user, ``Basic``: so ``http://any:TOKEN@host:8000/maze``
      works for clients that know nothing of tokens.
    - Without a token it answers only who calls it by a name of this machine, and no
      web page: else one could reach it from a browser.
    - Bodies have a size and a time.
    - Double slashes in paths count as one.
    - No stack trace leaves the server.
    """

    def __init__(self, app: App, settings: Settings, observe: Observe) -> None:
        self._app = app
        self._observe = observe
        self._settings = settings
        self._token = (settings.token or "").encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if "//" in scope["path"]:
            scope = {**scope, "path": SLASHES.sub("/", scope["path"])}
        began = time.perf_counter()
        started, status = False, 0

        async def watched(message: Message) -> None:
            nonlocal started, status
            started = True
            status = message.get("status", status)
            await send(message)

        try:
            self._check(scope)
            limited = receive
            if scope["type"] == "http":
                limited = _Body(scope, receive, self._settings)
            await self._app(scope, limited, watched)
        except Refused as refused:
            if not started:
                await _answer(scope, watched, refused)
        except Exception:
            log.exception("a request to %s failed", scope["path"])
            if not started:
                message = "something went wrong in the server"
                await _answer(scope, watched, Refused(500, "internal", message))

        if scope["type"] == "http":
            route = getattr(scope.get("route"), "path", "")
            # Of what is mounted, the path begins with where it is.
            place = scope.get("root_path", "") if route else ""
            self._observe(place + route, status, time.perf_counter() - began)

    def _check(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is not None and not self._knows(origin, headers.get(b"host", b"")):
            raise Refused(403, "origin", "this origin is not allowed; see --cors")
        if not self._token:
            if self._settings.is_local and not _is_local(headers.get(b"host", b"")):
                raise Refused(403, "host", "call this server by 127.0.0.1 or localhost")
        elif scope["path"] not in OPEN_PATHS and scope.get("method") != "OPTIONS":
            shown = _token(headers.get(b"authorization", b""))
            if not hmac.compare_digest(shown, self._token):
                raise Refused(401, "token", "a token is needed, and this is not it")

    def _knows(self, origin: bytes, host: bytes) -> bool:
        allowed = self._settings.cors
        text = origin.decode("latin-1")
        if "*" in allowed or text in allowed:
            return True
        try:
            return urlsplit(text).netloc.encode("latin-1") == host
        except ValueError:  # this is no address
            return False


class _Body:
    """The body of a request, as far as it is neither too long nor too late."""

    def __init__(self, scope: Scope, receive: Receive, settings: Settings) -> None:
        self._receive = receive
        self._left = settings.max_body
        self._is_whole = False
        loop = asyncio.get_running_loop()
        self._end = loop.time() + settings.body_seconds
        for name, value in scope["headers"]:
            if name == b"content-length" and int(value) > self._left:
                raise self._too_long()

    async def __call__(self) -> Message:
        if self._is_whole:  # what follows is the end of the connection
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._end):
                message = await self._receive()
        except TimeoutError:
            raise Refused(408, "slow", "the body took too long to arrive") from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise self._too_long()
            self._is_whole = not message.get("more_body", False)
        return message

    def _too_long(self) -> Refused:
        return Refused(413, "too_long", "this request is longer than may be")


def _is_local(host: bytes) -> bool:
    try:
        name = urlsplit(f"//{host.decode('latin-1')}").hostname
    except ValueError:
        return False
    return name in LOCAL_NAMES


def _token(header: bytes) -> bytes:
    kind, _, value = header.partition(b" ")
    if kind.lower() == b"bearer":
        return value.strip()
    if kind.lower() == b"basic":
        try:
            _, _, password = base64.b64decode(value.strip()).partition(b":")
        except (binascii.Error, ValueError):
            return b""
        return password
    return b""


async def _answer(scope: Scope, send: Send, refused: Refused) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    error = {"code": refused.code, "message": refused.detail}
    body = json.dumps({"error": error}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if refused.status_code == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send(
        {
            "type": "http.response.start",
            "status": refused.status_code,
            "headers": headers,
        }
    )
    await send({"type": "http.response.body", "body": body})
