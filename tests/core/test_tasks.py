from __future__ import annotations

import pytest

from agentgym_envs import Task, TaskSet
from agentgym_envs.errors import BadOption, UnknownTask
from agentgym_envs.tasks import joined


class Letters(TaskSet):
    def __init__(self, split="train", train=range(0, 20), test=range(20, 26)):
        super().__init__(
            prefix="letter", train=train, test=test, split=split, aliases=["old_letter"]
        )

    def _build(self, index, split):
        return Task(self.id_of(index), index, split, f"say {chr(97 + index)}", {})


def test_a_split_shows_its_items_in_order():
    assert len(Letters()) == 20
    assert [task.index for task in Letters("test")] == list(range(20, 26))
    assert len(Letters("all")) == 26
    assert Letters("test")[0].split == "test"
    assert Letters("test")[-1].id == "letter_25"
    assert [task.id for task in Letters()[1:3]] == ["letter_1", "letter_2"]


def test_scattered_splits_are_joined_in_ascending_order():
    letters = Letters("all", train=[0, 1, 3], test=(2, 4))
    assert [task.split for task in letters] == [
        "train",
        "train",
        "test",
        "train",
        "test",
    ]


def test_touching_ranges_join_to_a_range():
    assert joined(range(5, 9), range(5)) == range(9)
    assert joined(range(0, 4), range(5, 6)) == [0, 1, 2, 3, 5]


@pytest.mark.parametrize("item", [21, "letter_21", "old_letter_21"])
def test_an_item_of_any_split_is_found(item):
    assert Letters("train").find(item).goal == "say v"


@pytest.mark.parametrize(
    "item",
    [
        26,
        -1,
        "letter_26",
        "letter_-1",
        "letter",
        "number_3",
        "letter_3.0",
        "",
        2.0,
        None,
    ],
)
def test_what_is_no_item_raises(item):
    with pytest.raises(UnknownTask):
        Letters().find(item)


def test_the_error_tells_the_valid_range():
    with pytest.raises(UnknownTask, match=r"no item 26; this data has 0\.\.25"):
        Letters().find(26)
    with pytest.raises(UnknownTask, match="'letter_0'"):
        Letters().find("webshop_3")


def test_an_unknown_split_raises():
    with pytest.raises(BadOption, match="train, test, all"):
        Letters("dev")


def test_positions_outside_the_split_raise_as_in_any_sequence():
    with pytest.raises(IndexError):
        Letters("test")[6]
