from __future__ import annotations

from zlib import crc32

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_wrappers import ByteTokens, HashedBagOfWords, RecordTrajectory

BYTES = ByteTokens(gymnasium.make("agentgym/Maze-v0"), length=16)
BAG = HashedBagOfWords(gymnasium.make("agentgym/Maze-v0"), dim=64, ngrams=2)


def test_bytes_keep_the_tail():
    env = ByteTokens(BYTES.env, length=4)
    assert env.encode("abcdef").tolist() == [99, 100, 101, 102]
    assert env.encode("ab").tolist() == [256, 256, 97, 98]
    assert env.encode("").tolist() == [256] * 4


def test_bytes_keep_the_head_on_request():
    env = ByteTokens(BYTES.env, length=4, side="right")
    assert env.encode("abcdef").tolist() == [97, 98, 99, 100]
    assert env.encode("ab").tolist() == [97, 98, 256, 256]


def test_bytes_are_utf8():
    env = ByteTokens(BYTES.env, length=3)
    assert bytes(env.encode("✓").tolist()).decode() == "✓"


def test_words_are_counted_where_crc_puts_them():
    env = HashedBagOfWords(BYTES.env, dim=1000)
    counts = env.encode("A wall, a WALL")
    assert counts[crc32(b"wall") % 1000] == 2
    assert counts[crc32(b"a") % 1000] == 2
    assert counts[crc32(b",") % 1000] == 1
    assert counts.sum() == 5


def test_pairs_of_words_are_counted_on_request():
    env = HashedBagOfWords(BYTES.env, dim=1000, ngrams=2)
    assert env.encode("red ball")[crc32(b"red ball") % 1000] == 1
    assert np.any(env.encode("red ball blue key") != env.encode("red key blue ball"))


@pytest.mark.parametrize("env", [BYTES, BAG])
@given(text=st.text(st.characters(codec=None)))
def test_any_text_has_its_numbers(env, text):
    made = env.encode(text)
    assert made in env.observation_space
    assert np.array_equal(made, env.encode(text))
    assert made is not env.encode(text)


@pytest.mark.parametrize("env", [BYTES, BAG])
def test_the_longest_text_is_in_the_space(env):
    assert env.encode("İ " * 2**15) in env.observation_space


def test_the_text_stays_at_hand():
    env = RecordTrajectory(BYTES, end_with_observation=True)
    env.reset(options={"item": 3})
    while env.trajectory is None:
        env.step(env.unwrapped.expert_action())
    texts = [m["value"] for m in env.trajectory["conversations"]]
    assert texts[2].startswith("The goal is at position")
    assert texts[-1] == BYTES.observed_text


@pytest.mark.parametrize(
    "make",
    [
        lambda e: ByteTokens(e, length=0),
        lambda e: ByteTokens(e, length=4, side="middle"),
        lambda e: HashedBagOfWords(e, dim=0),
        lambda e: HashedBagOfWords(e, dim=4, ngrams=0),
    ],
)
def test_impossible_sizes_are_refused(make):
    with pytest.raises(ValueError, match="must be"):
        make(BYTES.env)
