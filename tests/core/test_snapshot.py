from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import SnapshotError
from agentgym_envs.snapshot import codec, generator_from, generator_state, pack, unpack

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@dataclass(slots=True)
class Inner:
    name: str
    weight: float = 0.5


@dataclass(slots=True)
class State:
    row: int
    flag: bool
    label: str | None
    path: tuple[int, ...]
    pair: tuple[int, str]
    bag: dict[str, int]
    by_number: dict[int, list[str]]
    parts: list[Inner] = field(default_factory=list)


states = st.builds(
    State,
    st.integers(),
    st.booleans(),
    st.none() | st.text(),
    st.lists(st.integers()).map(tuple),
    st.tuples(st.integers(), st.text()),
    st.dictionaries(st.text(), st.integers()),
    st.dictionaries(st.integers(), st.lists(st.text(), max_size=2), max_size=3),
    st.lists(
        st.builds(Inner, st.text(), st.floats(allow_nan=False, allow_infinity=False)),
        max_size=3,
    ),
)


@given(st.lists(json_values))
def test_packed_values_come_back(values):
    assert unpack(pack(values)) == values


@given(states)
def test_a_dataclass_survives_the_way_through_bytes(state):
    there = codec(State).to_json(state)
    back = codec(State).from_json(unpack(pack([there]))[0])
    assert back == state
    assert list(back.bag) == list(state.bag)


@given(states, json_values)
def test_a_value_of_another_type_is_refused_or_harmless(state, value):
    there = codec(State).to_json(state)
    for position in range(len(there)):
        made_up = [*there[:position], value, *there[position + 1 :]]
        try:
            back = codec(State).from_json(made_up)
        except SnapshotError:
            continue
        assert codec(State).from_json(codec(State).to_json(back)) == back


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, True),
        (int, 1.0),
        (bool, 1),
        (str, 3),
        (float, "1"),
        (float, math.inf),
        (float, None),
        (tuple[int, int], [1]),
        (list[int], (1,)),
        (list[int], {"0": 1}),
        (dict[str, int], {"a": 1}),
        (dict[str, int], [["a"]]),
        (int | None, "x"),
        (Inner, ["only one"]),
        (Inner, {"name": "x", "weight": 1.0}),
    ],
)
def test_wrong_types_are_refused(kind, value):
    with pytest.raises(SnapshotError):
        codec(kind).from_json(value)


def test_whole_floats_may_come_back_as_integers_do():
    assert type(codec(float).from_json(3)) is float


def test_a_type_without_a_codec_is_named():
    with pytest.raises(TypeError, match="set"):
        codec(set[int])


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused(data):
    with pytest.raises(SnapshotError):
        unpack(data)


@given(st.lists(json_values), st.data())
def test_every_flipped_bit_and_every_cut_is_noticed(values, data):
    packed = bytearray(pack(values))
    cut = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(SnapshotError):
        unpack(bytes(packed[:cut]))
    bit = data.draw(st.integers(0, len(packed) * 8 - 1))
    packed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SnapshotError):
        unpack(bytes(packed))


def test_deep_nesting_raises_no_recursion_error():
    from agentgym_envs.snapshot import MAGIC, _digest

    body = b"[" * 200_000
    with pytest.raises(SnapshotError):
        unpack(MAGIC + _digest(body) + body)


def test_huge_numbers_are_refused_not_computed():
    from agentgym_envs.snapshot import MAGIC, _digest

    body = b"[" + b"9" * 1_000_000 + b"]"
    with pytest.raises(SnapshotError):
        unpack(MAGIC + _digest(body) + body)


def test_what_is_no_json_cannot_be_packed():
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack([math.nan])


@given(st.integers(0, 2**32), st.integers(0, 50))
def test_a_generator_goes_on_where_it_was(seed, draws):
    generator = np.random.Generator(np.random.PCG64(seed))
    generator.integers(10, size=draws, dtype=np.uint32)
    numbers = unpack(pack(generator_state(generator)))
    other = np.random.Generator(np.random.PCG64())
    other.bit_generator.state = generator_from(numbers)
    assert (
        other.integers(2**40, size=5).tolist()
        == generator.integers(2**40, size=5).tolist()
    )
    assert other.random() == generator.random()


@pytest.mark.parametrize(
    "numbers",
    [
        None,
        [],
        [1, 2, 0],
        [1, 2, 0, 0],  # an even increment
        [-1, 3, 0, 0],
        [2**128, 3, 0, 0],
        [1, 3, 2, 0],
        [1, 3, 0, 2**32],
        [1.0, 3, 0, 0],
        [True, 3, 0, 0],
    ],
)
def test_impossible_generator_states_are_refused(numbers):
    with pytest.raises(SnapshotError):
        generator_from(numbers)
