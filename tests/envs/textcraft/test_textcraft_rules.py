"""What actions do, by the rules as they are meant."""

from __future__ import annotations

import pytest

from agentgym_envs.textcraft.engine import (
    MAX_GET,
    State,
    _remembered,
    fits,
    parse,
    step,
)
from agentgym_envs.textcraft.recipes import load

GOAL = "crossbow"


def do(action: str, **inventory: int):
    state = State(dict(inventory))
    return step(GOAL, state, action), state.inventory


@pytest.mark.parametrize(
    ("action", "before", "text", "after"),
    [
        ("get 3 bamboo", {}, "Got 3 bamboo", {"bamboo": 3}),
        (
            "get 1 oak logs",
            {"bamboo": 1},
            "Got 1 oak logs",
            {"bamboo": 1, "oak_logs": 1},
        ),
        ("  get 02 bamboo\n", {"bamboo": 1}, "Got 2 bamboo", {"bamboo": 3}),
        (
            "craft 1 stick using 2 bamboo",
            {"bamboo": 3},
            "Crafted 1 stick",
            {"bamboo": 1, "stick": 1},
        ),
        (
            "craft 99 stick using 2 oak planks",
            {"oak_planks": 2},
            "Crafted 4 stick",
            {"stick": 4},
        ),
        (
            "craft shears using 2 iron_ingot",
            {"iron_ingot": 2},
            "Crafted 1 shears",
            {"shears": 1},
        ),
        (
            "craft 1 torch using 1 coal, 1 stick",
            {"stick": 1, "coal": 1},
            "Crafted 4 torch",
            {"torch": 4},
        ),
        ("inventory", {}, "Inventory: You are not carrying anything.", {}),
        (
            "inventory now",
            {"stick": 4, "oak_planks": 2},
            "Inventory: [stick] (4) [oak planks] (2)",
            {"stick": 4, "oak_planks": 2},
        ),
    ],
)
def test_what_works(action, before, text, after):
    outcome, inventory = do(action, **before)
    assert outcome.text == text
    assert list(inventory.items()) == list(after.items())
    assert not outcome.invalid and not outcome.done and outcome.reward == 0


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (
            "fly",
            'Could not execute "fly": write for example "get 3 wheat", '
            '"craft 1 bread using 3 wheat" or "inventory".',
        ),
        ("get 0 bamboo", "Could not get bamboo: an amount is from 1 to 9999."),
        (f"get {MAX_GET + 1} bamboo", "Could not get bamboo: an amount is"),
        (f"get {'9' * 4000} bamboo", "Could not get bamboo: an amount is"),
        ("get 1 stick", "Could not get stick: it has to be crafted."),
        (
            "get 1 planks",
            "Could not get planks: that is a kind of item; name one of them, such as "
            "acacia planks.",
        ),
        ("get 1 charcoal", "Could not get charcoal: there is no such item."),
        (
            "craft 1 stick using bamboo",
            'Could not craft: the ingredient "bamboo" needs an amount and a name, as '
            'in "3 wheat".',
        ),
        (
            "craft 1 stick using 3 bamboo",
            "Could not craft stick from that: it takes 2 planks of one kind; or "
            "2 bamboo.",
        ),
        ("craft 1 stick using 2 bamboo, 1 stick", "Could not craft stick from that:"),
        (
            "craft 1 stick using 2 bamboo",
            "Could not craft stick: it takes 2 bamboo (you have 1).",
        ),
        (
            "craft 1 shears using 2 iron ingot",
            "Could not craft shears: it takes 2 iron ingot (you have none).",
        ),
        (
            "craft 4 stick using 2 planks",
            "Could not craft stick using planks: that is a kind of item; name one of "
            "them, such as acacia planks.",
        ),
        (
            "craft 4 planks using 1 oak logs",
            "Could not craft planks: that is a kind of item; name one of them, such as "
            "acacia planks.",
        ),
        (
            "craft 1 bamboo using 1 stick",
            "Could not craft bamboo: it has no recipe; get it instead.",
        ),
        (
            "craft 4 oak planks using 1 oak log",
            "Could not craft oak planks from that: it takes 1 oak logs.",
        ),
        ("craft 1 foo using 1 stick", "Could not craft foo: there is no such item."),
        ("craft  using 1 stick", "Could not craft : there is no such item."),
        (
            "craft 1 iron ingot using 9 gold nugget",
            "Could not craft iron ingot from that: it takes 9 iron nugget.",
        ),
    ],
)
def test_what_does_nothing_says_why(action, text):
    outcome, inventory = do(action, bamboo=1)
    assert outcome.text.startswith(text)
    assert outcome.invalid and not outcome.done and outcome.reward == 0
    assert inventory == {"bamboo": 1}


def test_long_names_are_quoted_in_part():
    outcome, _ = do("get 1 " + "x" * 4000)
    assert len(outcome.text) < 150


def test_crafting_the_goal_wins():
    outcome, inventory = do(
        "craft 1 crossbow using 1 tripwire hook, 2 string, 3 stick, 1 iron ingot",
        string=2,
        stick=3,
        iron_ingot=1,
        tripwire_hook=1,
    )
    assert outcome.text == "Crafted 1 crossbow"
    assert (outcome.reward, outcome.done, outcome.success) == (1.0, True, True)
    assert inventory == {"crossbow": 1}


@pytest.mark.parametrize(
    ("pieces", "fitting"),
    [
        ((("oak_planks", 6), ("wooden_slabs", 2)), True),
        ((("wooden_slabs", 2), ("birch_planks", 6)), True),
        ((("oak_planks", 3), ("birch_planks", 3), ("wooden_slabs", 2)), False),
        ((("oak_planks", 6), ("oak_slab", 2)), False),
        ((("oak_planks", 6),), False),
        ((("oak_planks", 6), ("wooden_slabs", 2), ("stick", 1)), False),
        ((("oak_planks", 7), ("wooden_slabs", 2)), False),
    ],
)
def test_a_recipe_takes_one_kind_for_a_tag_and_nothing_else(pieces, fitting):
    (barrel,) = load().recipes["barrel"]
    assert fits(barrel, pieces) is fitting


def test_long_actions_are_not_kept_in_memory():
    before = _remembered.cache_info().currsize
    parse("x" * 201)
    assert _remembered.cache_info().currsize == before
