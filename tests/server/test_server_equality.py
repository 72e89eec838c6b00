"""Over HTTP every family says what it says in a plain loop, bit for bit."""

from __future__ import annotations

from contextlib import closing

import pytest
from servers import Background
from test_vector import same
from test_vector_equality import FAMILIES, HORIZON, SEED, SLOTS, plain_loop, rows_of

from agentgym_wrappers import TextVectorEnv


@pytest.fixture(scope="module")
def shared():
    with Background().run() as server:
        yield server


def compare(server, family):
    name = f"agentgym/{family}-v0"
    begun, played = plain_loop(name)
    envs = TextVectorEnv(
        name,
        SLOTS,
        kwargs={"horizon": HORIZON},
        autoreset_mode="SameStep",
        infos="list",
        backend="http",
        address=server.address,
    )
    with closing(envs):
        same(rows_of(envs.reset(seed=SEED)), begun)
        for actions, rows in played:
            same(rows_of(envs.step(actions)), rows)


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name == "SciWorld" else [])
        for name in FAMILIES
    ],
)
def test_a_plain_loop_and_a_server_agree(shared, family):
    compare(shared, family)


# SciWorld's engine takes minutes for this; a server without workers plays it above.
@pytest.mark.slow
@pytest.mark.parametrize("family", [name for name in FAMILIES if name != "SciWorld"])
def test_a_plain_loop_and_a_server_with_workers_agree(background, family):
    compare(background(workers=2), family)
