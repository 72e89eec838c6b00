"""The routes of the original servers, one dialect per family.

`routers` gives, per family, the prefix of its routes and a router. The application
mounts each under its prefix and, with ``--family``, that family's at the root, too.
"""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter

from agentgym_server.sessions import Sessions
from agentgym_server.settings import Settings


class Dialect(NamedTuple):
    """The routes of one family."""

    family: str
    """As in its id, such as ``WebShop``."""
    prefix: str
    """Such as ``/webshop``."""
    router: APIRouter


def routers(settings: Settings, sessions: Sessions) -> list[Dialect]:
    """Give the dialects that this server speaks."""
    return []
