"""An environment for MCP clients: an episode as tools.

Each function of the environment's ``action_schema`` is a tool, and three more begin an
episode, show it again, and tell its score. The rules of the game are the server's
instructions. MCP is that of the official SDK (modelcontextprotocol/python-sdk).

Over standard input and output there is one client, and one episode. Over HTTP each
client session has its own; so HTTP serves the protocol versions that have sessions,
and clients that know newer ones are told to shake hands.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import gymnasium
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.applications import Starlette

from agentgym_envs.errors import BadOption
from agentgym_envs.version import __version__
from agentgym_server.errors import ServerFull
from agentgym_server.guard import App, Guard, Message, Receive, Scope, Send
from agentgym_server.settings import Settings
from agentgym_wrappers import Episode

BEGIN, SHOW, SCORE = "new_episode", "episode_observation", "episode_score"
OURS = (
    types.Tool(
        name=BEGIN,
        description="Begin a new episode, and see what it starts with. "
        "This gives up the episode before it.",
        input_schema={
            "type": "object",
            "properties": {
                "item": {
                    "type": ["string", "integer"],
                    "description": "its id or index; without, one is drawn",
                },
                "seed": {"type": "integer", "description": "seeds that draw"},
            },
            "additionalProperties": False,
        },
    ),
    types.Tool(
        name=SHOW,
        description="See the last observation again. This is no action of the game.",
        input_schema={"type": "object", "properties": {}},
    ),
    types.Tool(
        name=SCORE,
        description="Tell the score so far, and whether the episode is over. "
        "This is no action of the game.",
        input_schema={"type": "object", "properties": {}},
    ),
)
FIRST = f"Call `{BEGIN}` first."
NO_SESSION = "this server keeps an episode per session, and this request has no session"
SESSION_HEADER = "mcp-session-id"
ENDED = 200  # the status of a session that was ended
THE_CLIENT = ""  # the key of the only one, over standard input and output

Make = Callable[[], gymnasium.Env[Any, Any]]


class Seat:
    """One client's episode, in a thread of its own; some libraries insist on that."""

    def __init__(self, make: Make, now: float) -> None:
        self.used = now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="agentgym-mcp")
        self._make = make
        self._episode: Episode | None = None

    async def call(
        self, name: str, arguments: Mapping[str, Any]
    ) -> types.CallToolResult:
        """Do what a tool call asks for."""
        work = self._thread.submit(self._call, name, arguments)
        # Who goes away does not interrupt a step half-way.
        return await asyncio.shield(asyncio.wrap_future(work))

    def _call(self, name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
        episode = self._episode
        if episode is None:
            episode = self._episode = Episode(self._make())
        if name == BEGIN:
            return _begin(episode, arguments)
        if not episode.info:
            return _told(f"No episode has begun. {FIRST}", wrong=True)
        if name == SHOW:
            return _told(episode.observation, episode)
        if name == SCORE:
            return _told(_standing(episode), episode)
        was_over = episode.is_over
        text = episode.call(name, arguments)
        wrong = was_over or bool(episode.info["invalid_action"])
        return _told(text, episode, wrong=wrong)

    def close(self) -> None:
        """Close the environment, when its thread comes to it."""
        self._thread.submit(self._end)
        self._thread.shutdown(wait=False)

    def _end(self) -> None:
        if self._episode is not None:
            self._episode.close()


class Seats:
    """The episodes of all clients, of which there may be only so many.

    Args:
        make: Makes an environment.
        most: How many there may be.
        lease: Seconds without a call after which an episode may be given up.
        clock: Gives seconds.
    """

    def __init__(
        self,
        make: Make,
        most: int,
        lease: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._most = most
        self._lease = lease
        self._clock = clock
        self._seats: dict[str, Seat] = {}

    def __len__(self) -> int:
        """Number of episodes."""
        return len(self._seats)

    def take(self, key: str) -> Seat:
        """Give the seat of a client, a new one if need be.

        Raises:
            ServerFull: if all are taken.
        """
        now = self._clock()
        if key not in self._seats:
            self._clear(now)
            if len(self._seats) >= self._most:
                raise ServerFull(f"this server plays at most {self._most} episodes")
            self._seats[key] = Seat(self._make, now)
        seat = self._seats[key]
        seat.used = now
        return seat

    def leave(self, key: str) -> None:
        """End the episode of a client that has gone, if it had one."""
        if (seat := self._seats.pop(key, None)) is not None:
            seat.close()

    def _clear(self, now: float) -> None:
        if self._lease is None:
            return
        for key, seat in list(self._seats.items()):
            if now - seat.used > self._lease:
                self._seats.pop(key).close()

    def close(self) -> None:
        """Close all."""
        while self._seats:
            self._seats.popitem()[1].close()


def build_server(
    make: Make,
    *,
    has_sessions: bool,
    seats: Seats | None = None,
) -> Server[Any]:
    """Make the MCP server of an environment.

    Args:
        make: Makes an environment.
        has_sessions: Whether each session has its own episode, as over HTTP.
        seats: Where the episodes are; None for a single one.

    Raises:
        BadOption: for an environment with a function named as one of our tools.
        Exception: whatever making the environment raises.
    """
    probe = Episode(make())
    tools = [_tool(function) for function in probe.functions] + list(OURS)
    instructions = f"{probe.instructions}\n\n{FIRST}"
    name = probe.agent_env.spec.id if probe.agent_env.spec else probe.agent_env.family
    probe.close()
    names = [tool.name for tool in tools]
    if len(set(names)) < len(names):
        raise BadOption(
            f"{name} has a function named as one of {', '.join(names[-3:])}"
        )
    taken = Seats(make, 1, None) if seats is None else seats

    @asynccontextmanager
    async def life(_: Server[Any]) -> AsyncIterator[dict[str, Any]]:
        try:
            yield {}
        finally:
            taken.close()

    async def list_tools(
        context: Any, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(
        context: Any, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        if params.name not in names:
            known = ", ".join(names)
            return _told(
                f"There is no tool {params.name!r:.80}; there are {known}.", wrong=True
            )
        key = _session(context) if has_sessions else THE_CLIENT
        if key is None:
            return _told(f"{NO_SESSION}.", wrong=True)
        try:
            seat = taken.take(key)
        except ServerFull as error:
            return _told(f"{error}; try again later.", wrong=True)
        return await seat.call(params.name, params.arguments or {})

    server: Server[Any] = Server(
        name,
        version=__version__,
        instructions=instructions,
        lifespan=life,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    if has_sessions:
        # Versions without sessions are not offered; clients then shake hands.
        server.add_request_handler("server/discover", types.RequestParams, _discover)
    return server


def _session(context: Any) -> str | None:
    """The session that a request over HTTP belongs to."""
    if context.request is None:
        return None
    session: str | None = context.request.headers.get(SESSION_HEADER)
    return session


async def _discover(context: Any, params: types.RequestParams) -> types.DiscoverResult:
    return types.DiscoverResult(
        supported_versions=list(HANDSHAKE_PROTOCOL_VERSIONS),
        capabilities=types.ServerCapabilities(tools=types.ToolsCapability()),
    )


def serve_stdio(make: Make) -> int:
    """Serve the one client at standard input and output, until it goes."""
    server = build_server(make, has_sessions=False)

    async def main() -> None:
        async with stdio_server() as (incoming, outgoing):
            options = server.create_initialization_options()
            await server.run(incoming, outgoing, options)

    asyncio.run(main())
    return 0


def build_mcp_app(make: Make, settings: Settings) -> App:
    """Make the application that serves an environment at ``/mcp``, behind the guard."""
    seats = Seats(make, settings.max_envs, settings.lease)
    server = build_server(make, has_sessions=True, seats=seats)
    app: Starlette = server.streamable_http_app(
        host=settings.host,
        max_request_body_size=settings.max_body,
        session_idle_timeout=settings.lease,
        max_sessions=settings.max_envs,
    )
    return Guard(_Parting(app, seats), settings, observe=_unobserved)


class _Parting:
    """Ends the episode of a client that ends its session, before the application."""

    def __init__(self, app: App, seats: Seats) -> None:
        self._app = app
        self._seats = seats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, and look what became of it."""
        key = dict(scope.get("headers", ())).get(SESSION_HEADER.encode(), b"")
        if scope.get("method") != "DELETE" or not key:
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message.get("status") == ENDED:
                self._seats.leave(key.decode("latin-1"))
            await send(message)

        await self._app(scope, receive, watched)


def _unobserved(route: str, status: int, seconds: float) -> None:
    """Count nothing: there is no page of metrics here."""


def _tool(function: Mapping[str, Any]) -> types.Tool:
    return types.Tool(
        name=function["name"],
        description=function["description"],
        input_schema=function["parameters"],
    )


def _begin(episode: Episode, arguments: Mapping[str, Any]) -> types.CallToolResult:
    if unknown := arguments.keys() - {"item", "seed"}:
        return _told(
            f"{BEGIN} takes item and seed, not {min(unknown)!r:.80}.", wrong=True
        )
    seed = arguments.get("seed")
    if seed is not None and (type(seed) is not int or seed < 0):
        return _told(f"A seed is an integer from 0, not {seed!r:.80}.", wrong=True)
    try:
        text = episode.begin(arguments.get("item"), seed=seed)
    except BadOption as error:
        return _told(f"{error}.", wrong=True)
    return _told(text, episode)


def _told(
    text: str, episode: Episode | None = None, *, wrong: bool = False
) -> types.CallToolResult:
    """Give a text, and beside it how the episode stands."""
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=text)]
    if episode is None:
        return types.CallToolResult(content=content, is_error=wrong)
    if episode.is_over and text == episode.observation:
        content.append(types.TextContent(type="text", text=_standing(episode)))
    info = episode.info
    return types.CallToolResult(
        content=content,
        structured_content={
            "observation": episode.observation,
            "reward": episode.rewards[-1] if episode.rewards else 0.0,
            "score": episode.score,
            "success": episode.success,
            "is_over": episode.is_over,
            "end_reason": info["end_reason"],
            "steps": info["steps"],
            "item": info["item_id"],
        },
        is_error=wrong,
    )


def _standing(episode: Episode) -> str:
    score = f"The score is {episode.score:g}"
    if not episode.is_over:
        return f"{score} after {episode.info['steps']} steps; the episode goes on."
    reason = episode.info["end_reason"] or "horizon"
    return f"{score}. The episode is over ({reason}); `{BEGIN}` begins another."
