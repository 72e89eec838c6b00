"""The routes of the original servers, one dialect per family.

Some name an environment by ``env_idx``, the others by ``id``.

`routers` gives, per family, the prefix of its routes and a router. The application
mounts each under its prefix and, with ``--family``, that family's at the root, too.

| Module | Holds |
|---|---|
| `webarena`, `webshop`, `sqlgym`, `tools`, `searchqa` | those of ``env_idx`` |
| `alfworld`, `babyai`, `sciworld`, `textcraft`, `maze`, `wordle` | those of ``id`` |
| `lmrlgym` | the maze and Wordle on one server |
| `indexed`, `by_id` | what these two kinds have in common |
| `desk` | environments by number, and what is remembered of each |
| `manners` | how errors are told |
| `bodies` | what clients send |

What is done with an environment itself is in `agentgym_server.plays`. The facts are
those of AgentGym (Xi et al., arXiv 2406.04151; github.com/WooooDyy/AgentGym).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fastapi import APIRouter

from agentgym_server.dialects import (
    alfworld,
    babyai,
    lmrlgym,
    maze,
    sciworld,
    searchqa,
    sqlgym,
    textcraft,
    tools,
    webarena,
    webshop,
    wordle,
)
from agentgym_server.sessions import Sessions
from agentgym_server.settings import Settings

Make = Callable[[Sessions, str], APIRouter]
DIALECTS: dict[str, tuple[str, Make]] = {
    "webarena": ("WebArena", webarena.router),
    "webshop": ("WebShop", webshop.router),
    "maze": ("Maze", maze.router),
    "wordle": ("Wordle", wordle.router),
    "alfworld": ("ALFWorld", alfworld.router),
    "sciworld": ("SciWorld", sciworld.router),
    "babyai": ("BabyAI", babyai.router),
    "textcraft": ("TextCraft", textcraft.router),
    "sqlgym": ("BIRD", sqlgym.router),
    "searchqa": ("SearchQA", searchqa.router),
    "lmrlgym": ("LMRL-Gym", lmrlgym.router),
    **{prefix: (family, tools.router) for prefix, family in tools.FAMILIES.items()},
}
"""By prefix: the family as in its id, and what makes the routes."""
FAMILIES = frozenset(family for family, _ in DIALECTS.values())


class Dialect(NamedTuple):
    """The routes of one family."""

    family: str
    """As in its id, such as ``WebShop``."""
    prefix: str
    """Such as ``/webshop``."""
    router: APIRouter


def family_of(name: str) -> str | None:
    """Give the family that a user means by its name or by that of its routes."""
    names = {family.lower(): family for family in FAMILIES}
    names |= {prefix: family for prefix, (family, _) in DIALECTS.items()}
    return names.get(name.lower())


def routers(settings: Settings, sessions: Sessions) -> list[Dialect]:
    """Give the dialects that this server speaks."""
    return [
        Dialect(family, f"/{prefix}", make(sessions, prefix))
        for prefix, (family, make) in DIALECTS.items()
    ]
