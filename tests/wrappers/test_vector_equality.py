"""With or without workers, every family says the same, bit for bit."""

from __future__ import annotations

import random

import gymnasium
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from test_vector import same

import agentgym_envs
from agentgym_wrappers import TextVectorEnv
from agentgym_wrappers.vector import launch

FAMILIES = sorted(
    {spec.name.split(".")[0] for spec in agentgym_envs.SPECS if spec.entry}
)
STEPS = 200  # in all slots together


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Starts workers in milliseconds: test_vector_close.py starts them otherwise."""
    monkeypatch.setattr(launch, "PREFERRED", ("fork",))


def trace(envs, steps):
    """All that a random policy sees; `envs` are Gymnasium's or ours."""
    dice = random.Random(3)
    seen = [envs.reset(seed=11)]
    for _ in range(steps):
        actions = []
        for listed in envs.call("admissible_actions"):
            wild = not listed or dice.random() < 0.1
            actions.append("look around" if wild else dice.choice(listed))
        seen.append(envs.step(actions))
    envs.close()
    return seen


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name == "SciWorld" else [])
        for name in FAMILIES
    ],
)
def test_a_plain_loop_this_process_and_workers_agree(family):
    name, mode = f"agentgym/{family}-v0", AutoresetMode.SAME_STEP
    kwargs = {"horizon": 8}
    slots, steps = 4, STEPS // 4
    makers = [lambda: gymnasium.make(name, **kwargs)] * slots
    loop = trace(SyncVectorEnv(makers, autoreset_mode=mode), steps)
    for workers in (0, 2):
        envs = TextVectorEnv(
            name, slots, workers=workers, kwargs=kwargs, autoreset_mode=mode
        )
        same(trace(envs, steps), loop)


def test_a_vector_of_several_families_agrees_too():
    names = [f"agentgym/{name}-v0" for name in ("Maze", "TextCraft", "BabyAI")]
    seen = [
        trace(TextVectorEnv(names, 6, workers=workers), 30) for workers in (0, 1, 4)
    ]
    same(seen[0], seen[1])
    same(seen[0], seen[2])
