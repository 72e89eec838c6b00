"""The actions that do something: what can be got, and what can be crafted now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from agentgym_envs.textcraft.book import open_book
from agentgym_envs.textcraft.expert import craft_text, get_text, useful_amounts
from agentgym_envs.textcraft.recipes import Recipe, load


@dataclass(frozen=True, slots=True)
class Menu:
    """What never changes about the actions for one goal.

    Args:
        gets: Every base item that the agent reads of, in every useful amount.
        plain: The crafts without tags, and what they take.
        tagged: The recipes with tags, whose crafts depend on what is carried.
    """

    gets: tuple[str, ...]
    plain: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    tagged: tuple[Recipe, ...]


@cache
def menu(goal: str) -> Menu:
    """Make the menu of a goal."""
    gets, plain, tagged = [], [], []
    for item, amounts in useful_amounts(goal).items():
        gets += [get_text(item, amount) for amount in amounts]
    for recipe in open_book(goal).shown:
        if any(part.is_tag for part in recipe.inputs):
            tagged.append(recipe)
        else:
            takes = tuple((part.name, part.amount) for part in recipe.inputs)
            plain.append((recipe.command, takes))
    return Menu(tuple(gets), tuple(plain), tuple(tagged))


def possible_actions(goal: str, inventory: Mapping[str, int]) -> list[str]:
    """List the useful gets, the crafts that would succeed, and the look around."""
    here = menu(goal)
    actions = list(here.gets)
    carried = inventory.get
    for command, takes in here.plain:
        for item, count in takes:
            if carried(item, 0) < count:
                break
        else:
            actions.append(command)
    for recipe in here.tagged:
        actions += _crafts(recipe, inventory)
    actions.append("inventory")
    return actions


def is_possible(recipe: Recipe, inventory: Mapping[str, int]) -> bool:
    """Whether enough is carried for a recipe."""
    return next(_crafts(recipe, inventory), None) is not None


def _crafts(recipe: Recipe, inventory: Mapping[str, int]) -> Iterator[str]:
    kinds = load().kinds
    serving = []
    for name, count, is_tag in recipe.inputs:
        named = kinds[name] if is_tag else (name,)
        enough = [item for item in named if inventory.get(item, 0) >= count]
        if not enough:
            return
        serving.append(enough)
    for names in product(*serving):
        yield craft_text(recipe, names)
