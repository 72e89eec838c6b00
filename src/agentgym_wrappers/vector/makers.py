"""From ids and functions to makers, one per slot, that travel to any process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec

# Ids of ours are known wherever a maker is unpickled.
import agentgym_envs  # noqa: F401
from agentgym_envs.errors import BadOption

Env = gymnasium.Env[Any, Any]
Make = Callable[[], Env]
Source = str | EnvSpec | Make
Keywords = Mapping[str, Any]


@dataclass(frozen=True)
class Maker:
    """Makes an environment from its spec, which is data and knows its module."""

    source: str | EnvSpec
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __call__(self) -> Env:
        """Make one."""
        env: Env = gymnasium.make(self.source, **self.kwargs)
        return env


def makers(
    sources: Source | Sequence[Source],
    num_envs: int | None,
    kwargs: Keywords | Sequence[Keywords] | None,
) -> list[Make]:
    """Give a maker per slot; a shorter list of sources is gone through again.

    Raises:
        BadOption: if the numbers do not fit, or keywords are given for a function.
    """
    if isinstance(sources, str | EnvSpec) or callable(sources):
        sources = [sources]
    if num_envs is None:
        num_envs = len(sources)
    if type(num_envs) is not int or num_envs < 1:
        raise BadOption(f"num_envs must be a positive int, not {num_envs!r}")
    if not 1 <= len(sources) <= num_envs:
        raise BadOption(f"{num_envs} slots can't hold {len(sources)} environments")
    if kwargs is None or isinstance(kwargs, Mapping):
        kwargs = [kwargs or {}] * len(sources)
    if len(kwargs) != len(sources):
        raise BadOption(f"{len(sources)} sources can't take {len(kwargs)} kwargs")
    made = [_maker(*pair) for pair in zip(sources, kwargs, strict=True)]
    return [made[slot % len(made)] for slot in range(num_envs)]


def _maker(source: Source, kwargs: Keywords) -> Make:
    if isinstance(source, str):
        # A spec goes along, so that a worker need not have registered the id.
        return Maker(gymnasium.registry.get(source, source), dict(kwargs))
    if isinstance(source, EnvSpec):
        return Maker(source, dict(kwargs))
    if not callable(source):
        raise BadOption(f"{source!r} is neither an id nor a function")
    if kwargs:
        raise BadOption("a function takes no kwargs; use functools.partial")
    return source


def kinds(makers: Sequence[Make]) -> list[Make]:
    """Give one maker of each kind: of each spec with keywords, and of each function."""
    found: list[tuple[object, Make]] = []
    for maker in makers:
        function = maker.func if isinstance(maker, partial) else maker
        kind = getattr(function, "__code__", function)
        if all(kind != other for other, _ in found):
            found.append((kind, maker))
    return [maker for _, maker in found]
