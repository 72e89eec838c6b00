"""Whole episodes through clients that do what AgentGym's do."""

from __future__ import annotations

import gymnasium
import pytest
from agentgym_clients import CLIENTS
from dialect_table import DIALECTS, needs_engine

OF = {dialect.prefix: dialect for dialect in DIALECTS}
ROUNDS = 50


every = pytest.mark.parametrize("kind", CLIENTS, ids=lambda kind: kind.path)


@every
def test_an_expert_plays_through_a_client(address, kind):
    play_through(address, kind)


@pytest.mark.slow
@every
def test_an_expert_plays_where_environments_live_in_workers(address_of_workers, kind):
    play_through(address_of_workers, kind)


def play_through(address, kind):
    dialect = OF[kind.path]
    needs_engine(dialect)
    # Played beside it, so that the expert knows where it stands.
    env = gymnasium.make(f"agentgym/{dialect.env}-v0", parity=True, split="all")
    client = kind(f"{address}/{kind.path}")
    rules = getattr(client, "rules", None)
    for item in (dialect.number, dialect.number + 1):
        text, info = env.reset(options={"item": item})
        client.reset(item)
        assert text in client.observe() or client.observe() == rules
        done, rounds = False, 0
        while not done:
            action = env.unwrapped.expert_action()
            text, reward, done, _, info = env.step(action)
            told = client.step(kind.reply.format(action))
            expected = info.get("original_score", reward)
            assert (told.state, told.reward, told.done) == (text, expected, done)
            rounds += 1
            assert rounds <= ROUNDS
        assert info["success"]
    assert client.close() in (True, None)
    env.close()


@every
@pytest.mark.parametrize("reply", ["", "I will not act.", "Action: </s>", "Action:\n"])
def test_nonsense_gets_an_answer_that_the_client_can_read(address, kind, reply):
    dialect = OF[kind.path]
    needs_engine(dialect)
    client = kind(f"{address}/{kind.path}")
    client.reset(dialect.number)
    told = client.step(reply)
    assert type(told.state) is str
    assert told.reward == 0 and told.done is (kind.path == "sqlgym")
    if client.closes:
        client.close()
