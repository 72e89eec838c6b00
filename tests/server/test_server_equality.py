"""Over HTTP every family says what it says in a plain loop, bit for bit."""

from __future__ import annotations

import gymnasium
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from servers import Background
from test_vector import same
from test_vector_equality import FAMILIES, STEPS, trace

from agentgym_wrappers import TextVectorEnv

SLOTS = 4


@pytest.fixture(scope="module")
def shared():
    with Background().run() as server:
        yield server


def compare(server, family):
    name, mode = f"agentgym/{family}-v0", AutoresetMode.SAME_STEP
    kwargs = {"horizon": 8}
    makers = [lambda: gymnasium.make(name, **kwargs)] * SLOTS
    loop = trace(SyncVectorEnv(makers, autoreset_mode=mode), STEPS // SLOTS)
    envs = TextVectorEnv(
        name,
        SLOTS,
        kwargs=kwargs,
        autoreset_mode=mode,
        backend="http",
        address=server.address,
    )
    same(trace(envs, STEPS // SLOTS), loop)


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name == "SciWorld" else [])
        for name in FAMILIES
    ],
)
def test_a_plain_loop_and_a_server_agree(shared, family):
    compare(shared, family)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_a_plain_loop_and_a_server_with_workers_agree(background, family):
    compare(background(workers=2), family)
