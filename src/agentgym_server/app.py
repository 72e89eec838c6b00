"""The application: all routes, behind the guard, and the life of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from agentgym_envs.errors import BadOption
from agentgym_envs.version import __version__
from agentgym_server import dialects
from agentgym_server.errors import Refusal
from agentgym_server.guard import Guard, Refused
from agentgym_server.metrics import Metrics
from agentgym_server.sessions import Sessions
from agentgym_server.settings import Settings
from agentgym_server.v1 import routes
from agentgym_server.v1.socket import Sockets
from agentgym_server.v1.work import Work
from agentgym_wrappers.vector.makers import Make

UNPROCESSABLE = 422
DESCRIPTION = """\
Text environments for language agents. `/v1` is this library's own protocol; the other
routes are those of the original AgentGym servers.
"""


def build_app(settings: Settings, *, sessions: Sessions | None = None) -> FastAPI:
    """Make the application.

    Args:
        settings: What it is told.
        sessions: The store; None makes one. It is opened and closed with the
            application, whose ``state.sessions`` it is.

    Raises:
        BadOption: for a family or an id that there is not.
    """
    if sessions is None:  # one without environments is false
        sessions = Sessions(settings)
    family = _family(settings)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await sessions.open(loaded=_loaded(sessions, family))
        try:
            yield
        finally:
            await sessions.close()

    app = FastAPI(
        title="agentgym-envs",
        version=__version__,
        description=DESCRIPTION,
        lifespan=life,
        # Their pages run scripts of a public server, which would speak for the user.
        docs_url=None,
        redoc_url=None,
    )
    app.state.sessions = sessions
    metrics = Metrics(sessions)
    work = Work(sessions)
    app.include_router(_operation(sessions, metrics))
    app.include_router(routes.router(settings, work))
    app.include_router(Sockets(settings, work).router())
    spoken = dialects.routers(settings, sessions)
    for dialect in spoken:
        # Mounted, a family costs one comparison for requests that are another's.
        app.mount(dialect.prefix, dialect.router)
    for dialect in spoken:
        app.include_router(dialect.router, prefix=dialect.prefix)  # for the schema
        if dialect.family == family:
            app.include_router(dialect.router)
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(Refused, _refuse)
    app.add_exception_handler(RequestValidationError, _tell_mistakes)
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors),
            allow_methods=["*"],
            allow_headers=["*"],
        )
    app.add_middleware(Guard, settings=settings, observe=metrics.observe)
    return app


def _family(settings: Settings) -> str | None:
    """Give the family of ``--family`` as ids spell it.

    Raises:
        BadOption: if there is none of that name.
    """
    if settings.family is None:
        return None
    name = dialects.family_of(settings.family)
    if name is None:
        names = ", ".join(sorted(dialects.FAMILIES))
        raise BadOption(f"there is no family {settings.family!r}; there are {names}")
    return name


def _loaded(sessions: Sessions, family: str | None) -> list[Make]:
    env_id = f"agentgym/{family}-v0"
    # LMRL-Gym is a server of two families, and none of its own.
    if env_id not in sessions.offers.specs:
        return []
    return [sessions.offers.own_maker(env_id)]


def _operation(sessions: Sessions, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["operation"])

    @router.get("/healthz")
    async def healthz() -> dict[str, object]:
        """Say that the server lives, and how many environments it holds."""
        return {"status": "ok", "version": __version__, "environments": len(sessions)}

    @router.get("/metrics", response_class=PlainTextResponse)
    async def tell_metrics() -> Response:
        """Tell Prometheus what is going on."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _refuse(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Refused):
        content = {"error": {"code": error.code, "message": error.detail}}
        return JSONResponse(content, error.status_code, error.headers)
    assert isinstance(error, Refusal)
    content = {"error": {"code": error.code, "message": str(error)}}
    return JSONResponse(content, error.status)


async def _tell_mistakes(request: Request, error: Exception) -> JSONResponse:
    """Answer as FastAPI does, without what was sent where JSON can't tell it again."""
    assert isinstance(error, RequestValidationError)
    mistakes = error.errors()
    try:
        return JSONResponse({"detail": jsonable_encoder(mistakes)}, UNPROCESSABLE)
    except ValueError:  # no number, or half a character
        plain = [{key: one[key] for key in ("type", "loc", "msg")} for one in mistakes]
        return JSONResponse({"detail": jsonable_encoder(plain)}, UNPROCESSABLE)
