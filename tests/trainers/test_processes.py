"""What the processes of one run know of each other."""

from __future__ import annotations

from datetime import timedelta

import pytest

accelerate = pytest.importorskip("accelerate")

from agentgym_trainers import processes  # noqa: E402


@pytest.fixture
def waits(monkeypatch):
    """The options of each wait for all."""
    seen = []

    class State:
        def __init__(self, **options):
            seen.append(options)

        def wait_for_everyone(self):
            pass

    monkeypatch.setattr(accelerate, "PartialState", State)
    return seen


def test_one_process_waits_for_nobody(waits, monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    processes.wait()
    assert not waits


def test_a_share_of_the_episodes_may_take_hours_longer(waits, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    processes.wait()
    assert waits[0]["timeout"] >= timedelta(hours=6)
