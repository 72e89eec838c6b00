from __future__ import annotations

import copy
import multiprocessing
import pickle
from functools import partial

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Text
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import (
    batch_space,
    create_shared_memory,
    read_from_shared_memory,
    write_to_shared_memory,
)
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs import TextSpace

any_text = st.text(st.characters(exclude_categories=()), max_size=40)


def test_any_unicode_within_the_bounds_is_contained():
    space = TextSpace(5, min_length=1)
    for text in ("a", "größe", "数独 ✓", "\x00\n", "\ud800"):
        assert text in space
    for other in ("", "six666", b"bytes", 3, None):
        assert other not in space


def test_it_is_a_text_space_that_compares_by_its_bounds():
    assert isinstance(TextSpace(9), Text)
    assert TextSpace(9) == TextSpace(9, seed=3)
    assert hash(TextSpace(9)) == hash(TextSpace(9))
    assert TextSpace(9) != TextSpace(9, min_length=1)
    assert TextSpace(9) != Text(9)
    assert repr(TextSpace(9)) == "TextSpace(9, min_length=0)"


@pytest.mark.parametrize("bounds", [(0, 1), (-1, 0), (3, 5), (2, -2)])
def test_impossible_bounds_raise(bounds):
    with pytest.raises(ValueError, match="no text has"):
        TextSpace(bounds[0], min_length=bounds[1])


def test_samples_are_short_printable_and_repeatable():
    space = TextSpace(2**16, min_length=2, seed=4)
    samples = [space.sample() for _ in range(50)]
    assert all(s in space and s.isprintable() and 2 <= len(s) <= 32 for s in samples)
    again = TextSpace(2**16, min_length=2, seed=4)
    assert samples == [again.sample() for _ in range(50)]
    assert len(set(samples)) > 40


def test_a_mask_is_handled_as_text_does():
    assert len(TextSpace(9, seed=0).sample(mask=(4, None))) == 4


@pytest.mark.parametrize(
    "clone", [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))]
)
def test_copies_are_equal_and_draw_the_same_but_independently(clone):
    space = TextSpace(20, seed=1)
    other = clone(space)
    assert other == space
    assert [other.sample() for _ in range(5)] == [space.sample() for _ in range(5)]
    space.sample()
    assert other.sample() != space.sample()


def test_a_pickle_holds_no_tables():
    space = TextSpace(2**16)
    space.sample()
    assert len(pickle.dumps(space)) < 1000


def test_batches_are_tuples_of_spaces():
    assert batch_space(TextSpace(7), 2) == gymnasium.spaces.Tuple([TextSpace(7)] * 2)


@given(st.lists(any_text, min_size=1, max_size=4))
def test_shared_memory_gives_back_what_was_written(texts):
    space = TextSpace(40)
    memory = create_shared_memory(space, len(texts), multiprocessing)
    view = read_from_shared_memory(space, memory, len(texts))
    assert tuple(view) == ("",) * len(texts)
    for index, text in enumerate(texts):
        write_to_shared_memory(space, index, text, memory)
    assert view == tuple(texts)
    assert list(view) == texts
    assert view[-1] == texts[-1]
    assert view[:1] == (texts[0],)
    assert len(view) == len(texts)
    frozen = copy.deepcopy(view)
    write_to_shared_memory(space, 0, "later", memory)
    assert type(frozen) is tuple
    assert frozen == tuple(texts)
    assert view[0] == "later"


def test_a_text_that_does_not_fit_raises_and_harms_no_neighbour():
    space = TextSpace(3)
    memory = create_shared_memory(space, 2, multiprocessing)
    write_to_shared_memory(space, 1, "abc", memory)
    with pytest.raises(ValueError, match="not in TextSpace"):
        write_to_shared_memory(space, 0, "x" * 13, memory)
    assert read_from_shared_memory(space, memory, 2) == ("", "abc")


class Parrot(gymnasium.Env[str, str]):
    """Says what it hears, in changing lengths and scripts."""

    WORDS = ("a", "größe ✓", "数独🎲", "", "line\nbreak", "\ud800", "x" * 300)

    def __init__(self):
        self.observation_space = TextSpace(1000)
        self.action_space = TextSpace(1000)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.heard = 0
        return f"start {self.np_random.integers(1000)} ü", {}

    def step(self, action):
        self.heard += 1
        word = self.WORDS[int(self.np_random.integers(len(self.WORDS)))]
        return f"{action} {word} {self.heard}", 1.0, self.heard == 5, False, {}


def plain_loop(count, steps):
    """Step ``count`` parrots one by one with next-step autoreset."""
    envs = [Parrot() for _ in range(count)]
    observed = [tuple(env.reset(seed=3 + i)[0] for i, env in enumerate(envs))]
    over = [False] * count
    for step in range(steps):
        texts = []
        for i, env in enumerate(envs):
            if over[i]:
                text, over[i] = env.reset()[0], False
            else:
                text, _, over[i], _, _ = env.step(f"é{step}.{i}")
            texts.append(text)
        observed.append(tuple(texts))
    return observed


@pytest.mark.parametrize(
    "make",
    [
        SyncVectorEnv,
        AsyncVectorEnv,
        partial(AsyncVectorEnv, shared_memory=False),
        partial(AsyncVectorEnv, context="spawn"),
        partial(AsyncVectorEnv, copy=False),
    ],
    ids=["sync", "async", "async without shared memory", "async spawn", "async live"],
)
def test_vector_envs_equal_a_plain_loop_string_for_string(make):
    vector = make([Parrot] * 3)
    try:
        observed = [tuple(vector.reset(seed=3)[0])]
        for step in range(14):
            texts, *_ = vector.step(tuple(f"é{step}.{i}" for i in range(3)))
            observed.append(tuple(texts))
    finally:
        vector.close()
    assert observed == plain_loop(3, 14)


def test_same_step_autoreset_works_across_processes():
    vector = AsyncVectorEnv([Parrot] * 2, autoreset_mode=AutoresetMode.SAME_STEP)
    try:
        vector.reset(seed=3)
        for _ in range(5):
            texts, _, terminated, _, infos = vector.step(("ü", "ö"))
        assert terminated.all()
        assert all(text.startswith("start ") for text in texts)
        assert infos["final_obs"][1].startswith("ö ")
    finally:
        vector.close()


def test_numpy_strings_are_actions_too():
    env = gymnasium.make("agentgym/Maze-v0")
    env.reset(seed=0)
    text, *_ = env.step(np.array(["move up"])[0])
    assert text in env.observation_space


@pytest.mark.parametrize("mode", ["same", "different"])
@pytest.mark.parametrize("kind", [SyncVectorEnv, AsyncVectorEnv])
def test_families_mix_in_one_vector_env(kind, mode):
    families = ("Maze", "Wordle", "TextCraft")
    makers = [
        partial(gymnasium.make, f"agentgym_envs:agentgym/{family}-v0")
        for family in families
    ]
    vector = kind(makers, observation_mode=mode)
    try:
        texts, _ = vector.reset(seed=1)
        expected = [make().reset(seed=1 + i)[0] for i, make in enumerate(makers)]
        assert texts == tuple(expected)
        texts, *_ = vector.step(("move up", "crane", "inventory"))
        assert texts[2] == "Inventory: You are not carrying anything."
    finally:
        vector.close()
