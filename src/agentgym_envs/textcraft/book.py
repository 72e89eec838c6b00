"""What an agent is shown for a goal: its recipes among others that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import cycle
from random import Random
from typing import TypeVar

from agentgym_envs.textcraft.recipes import Recipe, load, spoken

MAX_DISTRACTORS = 10  # recipes shown that the goal does not need
MAX_USES = 10  # recipes drawn for each ingredient, to choose distractors from
SEED = 42  # the original's
NUMBERS = 1024  # enough for most goals; the others read them again

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Book:
    """The recipes of one goal.

    Args:
        goal: The item to craft.
        required: Every recipe that can have a part in crafting it.
        distractors: Recipes that only share an ingredient with those.
        shown: Both, in the order in which the agent sees them.
        text: The first observation.
    """

    goal: str
    required: tuple[Recipe, ...]
    distractors: tuple[Recipe, ...]
    shown: tuple[Recipe, ...]
    text: str


@cache
def open_book(goal: str) -> Book:
    """Collect the recipes for a goal; the same ones on every machine.

    The original draws distractors through sets of strings, so they change from run
    to run. Here the draw has an order and a generator of its own.
    """
    numbers = cycle(_numbers())
    uses = _uses()
    required = _distinct(_traverse(goal))
    needed = {recipe.command for recipe in required}
    pool = _distinct(
        [
            use
            for recipe in required
            for part in recipe.inputs
            for use in _window(uses[part.name], MAX_USES, next(numbers))
            if use.command not in needed
        ]
    )
    distractors = _draw(pool, MAX_DISTRACTORS, numbers)
    both = [*required, *distractors]
    shown = _draw(both, len(both), numbers)
    commands = "\n".join(recipe.command for recipe in shown)
    text = f"Crafting commands:\n{commands}\n\nGoal: craft {spoken(goal)}."
    return Book(goal, tuple(required), tuple(distractors), tuple(shown), text)


@lru_cache(maxsize=64)
def absorbed(goal: str) -> dict[str, tuple[Recipe, ...]]:
    """What the original takes for recipes of an item, once it has shown a goal.

    Its traversal adds the recipes of all ingredients to the item's own list, and
    crafting looks there: whoever asks for the item with the ingredients of one of
    its parts gets the part. The lists here are those of a server whose first episode
    has this goal.
    """
    lists: dict[str, tuple[Recipe, ...]] = {}

    def extend(name: str) -> tuple[Recipe, ...]:
        if name not in lists:
            own = load().recipes_for(name)
            parts = [extend(p.name) for recipe in own for p in recipe.inputs]
            everything = [*own, *(recipe for part in parts for recipe in part)]
            lists[name] = tuple(dict.fromkeys(everything))
        return lists[name]

    extend(goal)
    return {name: ways for name, ways in lists.items() if name in load().recipes}


def _traverse(goal: str) -> list[Recipe]:
    """All recipes below a goal, depth first, and for a tag those of all its kinds."""
    tree = load()
    seen: dict[str, None] = {}
    found: list[Recipe] = []

    def visit(name: str) -> None:
        if name in seen:
            return
        seen[name] = None
        for recipe in tree.recipes_for(name):
            found.append(recipe)
            for part in recipe.inputs:
                visit(part.name)

    visit(goal)
    return found


@lru_cache(maxsize=1)
def _uses() -> dict[str, list[Recipe]]:
    """The recipes that take an ingredient of each name, in random order."""
    tree = load()
    uses: dict[str, list[Recipe]] = {}
    for ways in (*tree.recipes.values(), *tree.tag_recipes.values()):
        for recipe in ways:
            for part in recipe.inputs:
                uses.setdefault(part.name, []).append(recipe)
    numbers = cycle(_numbers())
    shuffled = {}
    for name, recipes in uses.items():
        distinct = _distinct(recipes)
        shuffled[name] = _draw(distinct, len(distinct), numbers)
    return shuffled


def _distinct(recipes: Iterable[Recipe]) -> list[Recipe]:
    """Keep the first of all recipes that read alike."""
    found: dict[str, Recipe] = {}
    for recipe in recipes:
        found.setdefault(recipe.command, recipe)
    return list(found.values())


@cache
def _numbers() -> tuple[float, ...]:
    """What the draws for every goal go by; making a generator costs more than they.

    Only `Random.random` is promised to give the same numbers in all versions of
    Python, so neither ``sample`` nor ``shuffle`` would do.
    """
    random = Random(SEED)
    return tuple(random.random() for _ in range(NUMBERS))


def _window(shuffled: Sequence[T], count: int, number: float) -> Sequence[T]:
    """Draw from a shuffled sequence, which takes one number for all."""
    if len(shuffled) <= count:
        return shuffled
    start = int(number * len(shuffled))
    over = max(0, start + count - len(shuffled))
    return (*shuffled[start : start + count], *shuffled[:over])


def _draw(values: Sequence[T], count: int, numbers: Iterator[float]) -> list[T]:
    """Draw without replacement, in random order."""
    left = list(values)
    drawn = []
    for _ in range(min(count, len(left))):
        place = int(next(numbers) * len(left))
        left[place], left[-1] = left[-1], left[place]
        drawn.append(left.pop())
    return drawn
