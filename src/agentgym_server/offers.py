"""Which environments clients may have, and which keywords they may choose.

A keyword can name a file of this machine, or a server that it should call. Those are
the operator's business, so clients choose only from a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import gymnasium

import agentgym_envs
from agentgym_envs import planned
from agentgym_envs.errors import BadOption
from agentgym_server.settings import Settings
from agentgym_wrappers.vector.makers import Maker

COMMON = ("split", "parity", "horizon", "render_mode")
RENDER_MODES = (None, "ansi")
TOOLS = ("json_literals",)
KEYWORDS: dict[str, tuple[str, ...]] = {
    "ALFWorld": ("task", "text_version", "show_admissible"),
    "Academia": TOOLS,
    "BIRD": ("max_turns", "prompt", "evidence", "extract_sql"),
    "BabyAI": ("task",),
    "Maze": ("loops", "distance"),
    "Movie": TOOLS,
    "SciWorld": ("task", "simplifications", "max_moves"),
    "SearchQA": ("topk", "end_on_wrong", "max_turns"),
    "Sheet": (*TOOLS, "strict_shape", "legacy_retry"),
    "TODOList": TOOLS,
    "Weather": TOOLS,
    "WebShop": ("human_goals", "human_goal_mode", "price_seed", "show_attrs"),
}


class Offers:
    """The ids that a server has, and how they are made.

    Args:
        settings: Whose ``data`` and ``offer`` count.

    Raises:
        BadOption: for a family or id that there is not.
    """

    def __init__(self, settings: Settings) -> None:
        families = {spec.name.partition(".")[0] for spec in agentgym_envs.SPECS}
        by_name = {family.lower(): family for family in families}
        self._data: dict[str, str] = {}
        for family, path in settings.data.items():
            if family.lower() not in by_name:
                raise BadOption(f"--data: there is no family {family!r}")
            self._data[by_name[family.lower()]] = path
        self.specs = {spec.id: spec for spec in agentgym_envs.SPECS}
        self.others: dict[str, gymnasium.envs.registration.EnvSpec] = {}
        for source in settings.offer:
            self._add(source)

    def _add(self, source: str) -> None:
        module, _, env_id = source.rpartition(":")
        try:
            if module:
                import_module(module)
            self.others[env_id] = gymnasium.spec(env_id)
        except (ImportError, gymnasium.error.Error) as error:
            raise BadOption(f"{source!r} can't be offered: {error}") from None

    def maker(self, env_id: str, kwargs: Mapping[str, Any]) -> Maker:
        """Say how to make what a client asks for.

        Raises:
            BadOption: for an id or keyword that is not offered.
            NotReady: for a task whose environment does not exist yet.
        """
        if env_id in self.others:
            _check(env_id, kwargs, COMMON)
            return Maker(self.others[env_id], dict(kwargs))
        spec = self.specs.get(env_id)
        if spec is None:
            raise BadOption(f"this server has no environment {env_id!r:.80}")
        if not spec.entry:
            planned.refuse(planned=spec.name)
        family = spec.name.partition(".")[0]
        _check(env_id, kwargs, (*COMMON, *KEYWORDS.get(family, ())))
        return self.own_maker(env_id, **kwargs)

    def own_maker(self, env_id: str, **kwargs: Any) -> Maker:
        """Say how to make one of ours with any keywords, and the operator's data."""
        family = self.specs[env_id].name.partition(".")[0]
        if family in self._data:
            kwargs = {"data": self._data[family], **kwargs}
        return Maker(gymnasium.spec(env_id), kwargs)


def _check(env_id: str, kwargs: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for name, value in kwargs.items():
        if name not in allowed:
            raise BadOption(
                f"clients may not choose {name!r:.40} of {env_id}; "
                f"they may choose {', '.join(allowed)}"
            )
        if name == "render_mode" and value not in RENDER_MODES:
            raise BadOption(f"a server draws with render_mode='ansi', not {value!r}")
