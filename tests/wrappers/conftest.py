from __future__ import annotations

import gymnasium
import pytest

import agentgym_envs

FAMILIES = sorted(
    {spec.name.split(".")[0] for spec in agentgym_envs.SPECS if spec.entry}
)


@pytest.fixture(params=FAMILIES)
def family(request):
    return request.param


@pytest.fixture
def maze():
    """The original map, whose third start has three exits: left, right, down."""
    return gymnasium.make("agentgym/Maze-v0", parity=True)


@pytest.fixture
def wordle():
    return gymnasium.make("agentgym/Wordle-v0")
