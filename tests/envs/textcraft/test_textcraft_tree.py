"""The tree of recipes, the goals, and what is shown for each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from agentgym_envs.textcraft.book import MAX_DISTRACTORS, absorbed, open_book
from agentgym_envs.textcraft.menu import possible_actions
from agentgym_envs.textcraft.recipes import Ingredient, Recipe, grow, load

PSEUDO_ITEMS = """
    acacia_logs birch_logs coals crimson_stems dark_oak_logs jungle_logs logs oak_logs
    soul_fire_base_blocks spruce_logs stone_crafting_materials stone_tool_materials
    warped_stems wooden_slabs
""".split()
GOALS_DIGEST = "30efe71829c6e71137ac8f84051918e1ed244c7058bdcc5d5412aada01a40278"
TEXTS_DIGEST = "514c9b06f5d5f98f1398b5759091516bd47b4b3211a209a4422d089921465caf"
PLANKS = [
    "craft 4 acacia planks using 1 acacia logs",
    "craft 4 birch planks using 1 birch logs",
    "craft 4 crimson planks using 1 crimson stems",
    "craft 4 dark oak planks using 1 dark oak logs",
    "craft 4 jungle planks using 1 jungle logs",
    "craft 4 oak planks using 1 oak logs",
    "craft 4 spruce planks using 1 spruce logs",
    "craft 4 warped planks using 1 warped stems",
]
STICKS = ["craft 4 stick using 2 planks", *PLANKS, "craft 1 stick using 2 bamboo"]


def recipe(output, *inputs, group=""):
    return Recipe(output, 1, group, tuple(Ingredient(name, 1) for name in inputs))


def test_the_size_of_the_tree():
    tree = load()
    assert sum(len(ways) for ways in tree.recipes.values()) == 613
    assert len(tree.recipes) == 544
    assert len(tree.tag_recipes) == 39
    assert len(tree.tags) == 23
    assert len(tree.items) == 676
    assert sum(tree.is_base(item) for item in tree.items) == 132


def test_tags_that_nothing_makes_became_items():
    tree = load()
    assert all(tree.is_base(item) for item in PSEUDO_ITEMS)
    tags = {
        part.name
        for ways in tree.recipes.values()
        for recipe in ways
        for part in recipe.inputs
        if part.is_tag
    }
    assert tags == {"planks", "wool"}
    assert tags < tree.tags
    assert not tree.tags & tree.items


def test_white_wool_is_no_wool():
    tree = load()
    assert len(tree.kinds["wool"]) == 15
    assert "white_wool" not in tree.kinds["wool"]


def test_a_recipe_that_closes_a_circle_is_dropped():
    tree = grow([recipe("ingot", "nugget"), recipe("nugget", "ingot")])
    assert tree.recipes == {"ingot": (recipe("ingot", "nugget"),)}
    assert tree.is_base("nugget")


def test_a_recipe_from_a_block_alone_is_dropped_and_gives_no_tag():
    tree = grow([recipe("meal", "bone_block", group="meals")])
    assert not tree.recipes
    assert not tree.tags
    assert tree.items == {"meal", "bone_block"}


def test_a_recipe_dropped_for_a_circle_gives_its_tag_all_the_same():
    tree = grow(
        [
            recipe("ingot", "nugget"),
            recipe("nugget", "ingot", group="bits"),
        ]
    )
    assert tree.tags == {"bits"}
    assert tree.kinds == {"bits": ("nugget",)}


def test_ranks_put_every_item_before_what_it_is_made_of():
    tree = load()
    for item, ways in tree.recipes.items():
        for recipe in ways:
            for name, _, is_tag in recipe.inputs:
                for kind in tree.kinds[name] if is_tag else (name,):
                    assert tree.ranks[item] < tree.ranks[kind]


def test_the_goals_and_their_order():
    tree = load()
    lines = [f"{i}\t{goal}\t{tree.depth[goal]}\n" for i, goal in enumerate(tree.goals)]
    assert sha256("".join(lines).encode()).hexdigest() == GOALS_DIGEST


@pytest.mark.parametrize(
    ("index", "goal", "depth"),
    [
        (0, "acacia_planks", 1),
        (15, "brown_dye", 1),
        (48, "gold_ingot", 1),
        (125, "acacia_boat", 2),
        (416, "activator_rail", 3),
        (533, "cyan_banner", 4),
        (543, "purple_banner", 4),
    ],
)
def test_rows_of_the_goals(index, goal, depth):
    assert load().goals[index] == goal
    assert load().depth[goal] == depth


def test_how_many_goals_have_each_depth():
    tree = load()
    depths = Counter(tree.depth[goal] for goal in tree.goals)
    assert depths == {1: 125, 2: 291, 3: 117, 4: 11}


@pytest.mark.parametrize(
    ("goal", "commands"),
    [
        ("brown_dye", ["craft 1 brown dye using 1 cocoa beans"]),
        ("golden_carrot", ["craft 1 golden carrot using 8 gold nugget, 1 carrot"]),
        (
            "shears",
            [
                "craft 1 shears using 2 iron ingot",
                "craft 1 iron ingot using 9 iron nugget",
            ],
        ),
        ("torch", ["craft 4 torch using 1 stick, 1 coal", *STICKS]),
        (
            "crossbow",
            [
                "craft 1 crossbow using 2 string, 3 stick, 1 iron ingot, "
                "1 tripwire hook",
                *STICKS,
                "craft 1 iron ingot using 9 iron nugget",
                "craft 2 tripwire hook using 1 planks, 1 stick, 1 iron ingot",
            ],
        ),
    ],
)
def test_required_recipes_by_hand(goal, commands):
    assert [recipe.command for recipe in open_book(goal).required] == commands


@pytest.mark.parametrize("goal", load().goals)
def test_what_is_shown_for_a_goal(goal):
    book = open_book(goal)
    required = [recipe.command for recipe in book.required]
    distractors = [recipe.command for recipe in book.distractors]
    taken = {part.name for recipe in book.required for part in recipe.inputs}

    assert len(distractors) <= MAX_DISTRACTORS
    assert not set(distractors) & set(required)
    for recipe in book.distractors:
        assert taken & {part.name for part in recipe.inputs}
    shown = book.text.splitlines()
    assert shown[0] == "Crafting commands:"
    assert sorted(shown[1:-2]) == sorted(required + distractors)
    assert len(set(shown[1:-2])) == len(shown) - 3
    assert shown[-2:] == ["", f"Goal: craft {goal.replace('_', ' ')}."]


def test_there_are_ten_distractors_where_there_are_enough_uses():
    assert len(open_book("crossbow").distractors) == 10
    assert len(open_book("brown_dye").distractors) == 1  # cookies are all there is


def test_an_item_absorbs_the_recipes_of_its_parts():
    lists = absorbed("shears")
    assert [recipe.output for recipe in lists["shears"]] == ["shears", "iron_ingot"]
    assert [recipe.output for recipe in lists["iron_ingot"]] == ["iron_ingot"]
    assert "bucket" not in lists


def test_the_texts_are_fixed():
    texts = "".join(open_book(goal).text for goal in load().goals)
    assert sha256(texts.encode()).hexdigest() == TEXTS_DIGEST


def digest() -> str:
    """All texts, and all that can be done at the start, in one number."""
    tree = load()
    texts = [open_book(goal).text for goal in tree.goals]
    texts += [str(possible_actions(goal, {})) for goal in tree.goals]
    return sha256("".join(texts).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_nothing_depends_on_the_hash_seed(hash_seed):
    here = Path(__file__)
    reply = subprocess.run(
        [sys.executable, "-c", f"from {here.stem} import digest; print(digest())"],
        env={
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join([str(here.parent), *filter(None, sys.path)]),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert reply.stdout.strip() == digest()
