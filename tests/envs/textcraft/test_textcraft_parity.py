"""The letter of the original server; every expected value is worked out by hand."""

from __future__ import annotations

import gymnasium
import pytest

import agentgym_envs  # noqa: F401
from agentgym_envs.textcraft.recipes import load

ID = "agentgym/TextCraft-v0"


@pytest.fixture
def env():
    return gymnasium.make(ID, parity=True)


def play(env, goal, dialogue):
    env.reset(options={"goal": goal})
    for action, text, reward, done in dialogue:
        reply = env.step(action)
        assert (action, *reply[:3]) == (action, text, reward, done)


def repr_of(name, *, count=1, tag="None"):
    return (
        "Could not find a valid recipe for ItemTagWithCount(item_tag="
        f"ItemTag(tag={tag}, item_id={name}), count={count})"
    )


def test_a_whole_episode(env):
    play(
        env,
        "crossbow",
        [
            ("inventory", "Inventory: You are not carrying anything.", 0, False),
            ("get 2 string", "Got 2 string", 0, False),
            ("get 007 bamboo", "Got 7 bamboo", 0, False),
            ("craft stick using 2 bamboo", "Crafted 1 minecraft:stick", 0, False),
            ("craft 9 stick using 2 bamboo", "Crafted 1 minecraft:stick", 0, False),
            (
                "inventory",
                "Inventory: [string] (2) [bamboo] (3) [stick] (2) ",
                0,
                False,
            ),
            ("get 1 oak logs", "Got 1 oak logs", 0, False),
            (
                "craft 1 oak planks using 1 oak logs",
                "Crafted 4 minecraft:oak_planks",
                0,
                False,
            ),
            (
                "craft 4 stick using 2 oak planks",
                "Crafted 4 minecraft:stick",
                0,
                False,
            ),
            ("get 18 iron_nugget", "Got 18 iron_nugget", 0, False),
            (
                "craft 1 iron ingot using 9 iron nugget",
                "Crafted 1 minecraft:iron_ingot",
                0,
                False,
            ),
            (
                "craft 1 iron ingot using 9 iron nugget",
                "Crafted 1 minecraft:iron_ingot",
                0,
                False,
            ),
            (
                "craft 2 tripwire hook using 1 stick, 1 oak planks, 1 iron ingot",
                "Crafted 2 minecraft:tripwire_hook",
                0,
                False,
            ),
            (
                "inventory now",
                "Inventory: [string] (2) [bamboo] (3) [stick] (5) [oak planks] (1) "
                "[iron ingot] (1) [tripwire hook] (2) ",
                0,
                False,
            ),
            (
                "craft 1 crossbow using 2 string, 3 stick, 1 iron ingot, "
                "1 tripwire hook",
                "Crafted 1 minecraft:crossbow",
                1,
                True,
            ),
        ],
    )


REFUSALS = {
    # Nothing matches; matching is case-sensitive and from the start of the string.
    "": "Could not execute ",
    "Get 1 bamboo": "Could not execute Get 1 bamboo",
    " get 1 bamboo": "Could not execute  get 1 bamboo",
    "get bamboo": "Could not execute get bamboo",
    "get one bamboo": "Could not execute get one bamboo",
    "craft stick": "Could not execute craft stick",
    "craft a\nusing b": "Could not execute craft a\nusing b",
    # A piece of the ingredients has no amount.
    "craft 1 stick using bamboo": "Wrong item format: bamboo",
    "craft 1 stick using 2 bamboo, ": "Wrong item format: ",
    "craft 1 stick using 2": "Wrong item format: 2",
    "craft a using b using c": "Wrong item format: c",
    # Tags are never carried, and each piece is looked at alone.
    "craft 4 stick using 2 planks": "Could not find enough items to craft "
    "minecraft:stick",
    "craft 1 stick using 9 bamboo": "Could not find enough items to craft "
    "minecraft:stick",
    "craft 1 stick using 0 string": "Could not find enough items to craft "
    "minecraft:stick",
    "craft 1 planks using 9 bamboo": "Could not find enough items to craft None",
    "craft  using 9 bamboo": "Could not find enough items to craft minecraft:",
    # Enough is carried, but no recipe fits.
    "craft 1 stick using 1 bamboo": repr_of("'minecraft:stick'"),
    "craft 99 stick using 1 bamboo": repr_of("'minecraft:stick'", count=99),
    "craft stick using 2 bamboo, 2 bamboo": repr_of("'minecraft:stick'"),
    "craft 2 planks using 2 bamboo": repr_of("None", count=2, tag="'minecraft:planks'"),
    "craft 1 o'x using 2 bamboo": repr_of('"minecraft:o\'x"'),
    "craft 01 coal using 2 bamboo": repr_of("'minecraft:coal'"),
    # What is craftable, a tag or unknown is nowhere to get.
    "get 1 stick": "Could not find stick",
    "get 1 planks": "Could not find planks",
    "get 1 sticks": "Could not find sticks",
    "get 1 charcoal": "Could not find charcoal",
    "get 1 minecraft:coal": "Could not find minecraft:coal",
    "get 1 ": "Could not find ",
}


@pytest.mark.parametrize(("action", "text"), REFUSALS.items())
def test_refusals(env, action, text):
    env.reset(options={"goal": "brown_dye"})
    env.step("get 3 bamboo")
    reply = env.step(action)
    assert reply[:4] == (text, 0, False, False)
    assert reply[4]["invalid_action"]
    assert env.step("inventory")[0] == "Inventory: [bamboo] (3) "


def test_a_get_of_none_leaves_an_entry(env):
    play(
        env,
        "brown_dye",
        [
            ("get 0 cocoa beans", "Got 0 cocoa beans", 0, False),
            ("inventory", "Inventory: [cocoa beans] (0) ", 0, False),
            (
                "craft 1 brown dye using 0 cocoa beans",
                repr_of("'minecraft:brown_dye'"),
                0,
                False,
            ),
            (
                "craft 1 brown dye using 1 cocoa beans",
                "Could not find enough items to craft minecraft:brown_dye",
                0,
                False,
            ),
        ],
    )


def test_play_goes_on_after_the_goal_and_wins_again(env):
    play(
        env,
        "brown_dye",
        [
            ("get 2 cocoa beans", "Got 2 cocoa beans", 0, False),
            (
                "craft 1 brown dye using 1 cocoa beans",
                "Crafted 1 minecraft:brown_dye",
                1,
                True,
            ),
            ("inventory", "Inventory: [cocoa beans] (1) [brown dye] (1) ", 0, False),
            (
                "craft 1 brown dye using 1 cocoa beans",
                "Crafted 1 minecraft:brown_dye",
                1,
                True,
            ),
            ("fly", "Could not execute fly", 0, False),
        ],
    )


def test_a_part_is_made_in_the_name_of_what_it_is_for(env):
    play(
        env,
        "shears",
        [
            ("get 9 iron nugget", "Got 9 iron nugget", 0, False),
            (
                "craft 1 shears using 9 iron nugget",
                "Crafted 1 minecraft:iron_ingot",
                0,
                False,
            ),
            ("get 9 iron nugget", "Got 9 iron nugget", 0, False),
            (
                "craft 1 bucket using 9 iron nugget",
                repr_of("'minecraft:bucket'"),
                0,
                False,
            ),
        ],
    )


def test_absurd_numbers_are_no_error(env):
    env.reset(options={"goal": "brown_dye"})
    many = "9" * 2000
    assert env.step(f"get {many} bamboo")[0] == f"Could not execute get {many} bamboo"
    assert env.step(f"craft {many} stick using {many} bamboo")[0] == (
        "Could not find enough items to craft minecraft:stick"
    )


def test_item_n_is_goal_n_modulo_their_number(env):
    goals = load().goals
    for index in (0, 15, 543, 544, 1000, 10**9):
        text, info = env.reset(options={"item": index})
        goal = goals[index % 544].replace("_", " ")
        assert text.endswith(f"\n\nGoal: craft {goal}.")
        assert info["item_id"] == f"textcraft_{index}"
        assert info["split"] in ("train", "test")


def test_the_opening_is_that_of_the_default_mode(env):
    default = gymnasium.make(ID)
    for item in (0, 100, 543):
        options = {"item": item}
        assert env.reset(options=options)[0] == default.reset(options=options)[0]
