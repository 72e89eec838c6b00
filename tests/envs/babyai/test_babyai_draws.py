"""Our draws are NumPy's, number for number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.babyai import draws
from agentgym_envs.babyai.draws import Draws, is_faithful

BOUNDS = st.tuples(st.integers(-50, 50), st.integers(1, 2**32 - 2))


@given(
    seed=st.integers(0, 2**64),
    wanted=st.lists(st.one_of(st.none(), BOUNDS), max_size=400),
)
def test_integers_and_doubles_in_any_order(seed, wanted):
    theirs = np.random.Generator(np.random.PCG64(seed))
    ours = Draws(np.random.Generator(np.random.PCG64(seed)))
    for bounds in wanted:
        if bounds is None:
            assert ours.double() == theirs.uniform(0, 1)
        else:
            low, count = bounds
            assert ours.integer(low, low + count) == theirs.integers(low, low + count)


def test_this_numpy_draws_as_we_do():
    assert is_faithful()


def test_two_equal_draws_are_not_identical():
    ours = Draws(np.random.default_rng(0))
    assert ours.integer(3, 4) == ours.integer(3, 4)
    assert ours.integer(3, 4) is not ours.integer(3, 4)


def test_an_empty_range_is_refused():
    with pytest.raises(ValueError):
        Draws(np.random.default_rng(0)).integer(3, 3)


def test_another_numpy_would_be_noticed(monkeypatch):
    monkeypatch.setattr(draws.Draws, "_half_word", lambda self: self._word() >> 32)
    assert not is_faithful.__wrapped__()


@pytest.mark.parametrize("level", [7, 24, 39])
def test_without_faith_numpy_itself_draws(level, monkeypatch):
    pytest.importorskip("minigrid")
    from agentgym_envs.babyai import generator

    fast = generator.generate(level, 77, False)
    monkeypatch.setattr(generator, "is_faithful", lambda: False)
    slow = generator.generate(level, 77, False)
    assert (fast.cells, fast.sentence) == (slow.cells, slow.sentence)
