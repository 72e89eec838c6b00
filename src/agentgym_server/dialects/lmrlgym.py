"""LMRL-Gym's routes: the maze's and Wordle's on one server."""

from __future__ import annotations

from fastapi import APIRouter

from agentgym_server.dialects import maze, wordle
from agentgym_server.dialects.manners import LMRL_GYM, complaining, greeting
from agentgym_server.sessions import Sessions


def router(sessions: Sessions, prefix: str) -> APIRouter:
    """Give the routes."""
    router = complaining(prefix)
    greeting(router, LMRL_GYM)
    for game in (maze, wordle):
        name = game.__name__.rpartition(".")[2]
        router.include_router(
            game.router(sessions, f"{prefix}/{name}"), prefix=f"/{name}"
        )
    return router
