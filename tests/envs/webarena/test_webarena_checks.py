"""Answers of the embedded tasks: by what they mean, and nothing besides."""

from __future__ import annotations

import pytest

from agentgym_envs.webarena.checks import is_done
from agentgym_envs.webarena.sites.embedded import embedded_sites
from agentgym_envs.webarena.sites.world import World


@pytest.mark.parametrize(
    ("wanted", "answer", "passes"),
    [
        ("Complete", " complete. ", True),
        ("Complete", "complete or pending", False),
        ("Complete", "incomplete", False),
        ("$46,079.57", "46079.57 dollars", True),
        ("$46,079.57", "$46,079.58", False),
        ("$46,079.57", "€46,079.57", False),
        ("1 h 30 min", "90 minutes", True),
        ("2023-06-12", "June 12, 2023", True),
        ("12", "12 13", False),
        ("12", "", False),
    ],
)
def test_an_answer_is_compared_by_what_it_means(wanted, answer, passes):
    world = World(embedded_sites())
    assert is_done({"answer": wanted}, world, "http://reddit.com/", answer) is passes
    world.close()
