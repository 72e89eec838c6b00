"""WebArena's routes, as long as they are not served."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

NOT_YET = "WebArena is not served on these routes yet; use the protocol under /v1"


def router(prefix: str) -> APIRouter:
    """Give a router that says so on every path."""
    router = APIRouter(tags=[prefix])

    @router.api_route("/{path:path}", methods=["GET", "POST"], include_in_schema=False)
    async def refuse(path: str) -> JSONResponse:
        return JSONResponse({"error": NOT_YET}, status_code=501)

    return router
