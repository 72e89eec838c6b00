"""The recipes of TextCraft, and the tree that they make.

The rules by which recipes become a tree are those of TextCraft (Prasad et al., ADaPT,
arXiv 2311.05772) as AgentGym serves it (arXiv 2406.04151). Some depend on the order
of the recipe files, which the original leaves to the file system; here it is
ascending by name. Names have underscores and no ``minecraft:`` before them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple


class Ingredient(NamedTuple):
    """What a recipe takes: an item, or any item of a tag."""

    name: str
    amount: int
    is_tag: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to craft an item; ``group`` is the tag that it gives the item."""

    output: str
    count: int
    group: str
    inputs: tuple[Ingredient, ...]
    command: str = field(init=False)
    """The line by which an agent learns of the recipe."""

    def __post_init__(self) -> None:
        parts = ", ".join(f"{part.amount} {spoken(part.name)}" for part in self.inputs)
        command = f"craft {self.count} {spoken(self.output)} using {parts}"
        object.__setattr__(self, "command", command)


@dataclass(frozen=True, slots=True)
class Tree:
    """What is craftable, from what, and what is simply there.

    Args:
        recipes: The recipes of each craftable item, in file order.
        tag_recipes: The recipes of each group.
        tags: The names that stand for any of several items.
        kinds: The items that serve for each tag.
        items: Everything that is an item.
        depth: How many crafts lie above the gettable items, at least.
        goals: The craftable items by ascending depth.
        ranks: A number for each item, smaller than those of all its ingredients.
    """

    recipes: dict[str, tuple[Recipe, ...]]
    tag_recipes: dict[str, tuple[Recipe, ...]]
    tags: frozenset[str]
    kinds: dict[str, tuple[str, ...]]
    items: frozenset[str]
    depth: dict[str, int]
    goals: tuple[str, ...]
    ranks: dict[str, int]

    def recipes_for(self, name: str) -> tuple[Recipe, ...]:
        """The recipes of an item, else those of a group, else none."""
        return self.recipes.get(name) or self.tag_recipes.get(name) or ()

    def is_base(self, name: str) -> bool:
        """Whether ``get`` gives it."""
        return (
            name in self.items
            and name not in self.recipes
            and name not in self.tag_recipes
            and name not in self.tags
        )


def spoken(name: str) -> str:
    """The name as agents read and write it."""
    return name.replace("_", " ")


def parse_table(text: str) -> list[Recipe]:
    """Read the recipe table; see ``data/README.md``."""
    recipes = []
    for line in text.splitlines()[1:]:
        _file, _kind, count, output, group, inputs = line.split("\t")
        ingredients = []
        for part in inputs.split(", "):
            amount, name = part.split(" ")
            is_tag = name.startswith("#")
            ingredients.append(Ingredient(name.lstrip("#"), int(amount), is_tag))
        recipes.append(Recipe(output, int(count), group, tuple(ingredients)))
    return recipes


@lru_cache(maxsize=1)
def load() -> Tree:
    """The tree of the embedded recipes, built once per process."""
    table = files(__package__).joinpath("data").joinpath("recipes.tsv")
    return grow(parse_table(table.read_text(encoding="utf-8")))


def grow(table: Iterable[Recipe]) -> Tree:
    """Build the tree, taking recipes in the order given."""
    items: set[str] = set()
    tags: set[str] = set()
    tag_of: dict[str, str] = {}
    recipes: dict[str, list[Recipe]] = {}
    tag_recipes: dict[str, list[Recipe]] = {}
    needs: dict[str, set[str]] = {}  # all that an item is made of, all the way down
    for recipe in table:
        for part in recipe.inputs:
            (tags if part.is_tag else items).add(part.name)
        output = recipe.output
        items.add(output)
        if len(recipe.inputs) == 1 and recipe.inputs[0].name.endswith("_block"):
            continue
        # A recipe that is dropped below has given its output a tag all the same.
        if recipe.group and recipe.group != output:
            tags.add(recipe.group)
            tag_of[output] = recipe.group
        below = needs.setdefault(output, set())
        if any(output in needs.get(part.name, ()) for part in recipe.inputs):
            continue
        recipes.setdefault(output, []).append(recipe)
        for part in recipe.inputs:
            below |= {part.name, *needs.get(part.name, ())}
        if recipe.group:
            tag_recipes.setdefault(recipe.group, []).append(recipe)
    with_kinds = {tag_of[item] for item in recipes if item in tag_of}
    pseudo = _unmade_tags(recipes, with_kinds)
    kinds: dict[str, list[str]] = {}
    for item, tag in tag_of.items():
        kinds.setdefault(tag, []).append(item)
    by_item = {item: _plain(ways, pseudo) for item, ways in recipes.items()}
    by_tag = {tag: _plain(ways, pseudo) for tag, ways in tag_recipes.items()}
    depth = _depths(by_item, by_tag)
    all_kinds = {tag: tuple(members) for tag, members in kinds.items()}
    return Tree(
        recipes=by_item,
        tag_recipes=by_tag,
        tags=frozenset(tags - pseudo),
        kinds=all_kinds,
        items=frozenset(items | pseudo),
        depth=depth,
        # sorted() is stable: within a depth, goals stay in file order.
        goals=tuple(sorted(by_item, key=lambda item: depth[item])),
        ranks=_ranks(by_item, all_kinds),
    )


def _unmade_tags(recipes: dict[str, list[Recipe]], with_kinds: set[str]) -> set[str]:
    """Tags in recipes that no craftable item has; they become items themselves."""
    return {
        part.name
        for ways in recipes.values()
        for recipe in ways
        for part in recipe.inputs
        if part.is_tag and part.name not in with_kinds
    }


def _plain(ways: list[Recipe], pseudo: set[str]) -> tuple[Recipe, ...]:
    return tuple(
        replace(
            recipe,
            inputs=tuple(
                part._replace(is_tag=part.is_tag and part.name not in pseudo)
                for part in recipe.inputs
            ),
        )
        for recipe in ways
    )


def _depths(
    recipes: dict[str, tuple[Recipe, ...]], tag_recipes: dict[str, tuple[Recipe, ...]]
) -> dict[str, int]:
    depth: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in depth:
            ways = recipes.get(name) or tag_recipes.get(name) or ()
            depths = [max(of(part.name) for part in way.inputs) + 1 for way in ways]
            depth[name] = min(depths, default=0)
        return depth[name]

    for item in recipes:
        of(item)
    return depth


def _ranks(
    recipes: dict[str, tuple[Recipe, ...]], kinds: dict[str, tuple[str, ...]]
) -> dict[str, int]:
    finished: dict[str, None] = {}

    def visit(item: str) -> None:
        if item in finished:
            return
        for recipe in recipes.get(item, ()):
            for part in recipe.inputs:
                for kind in kinds[part.name] if part.is_tag else (part.name,):
                    visit(kind)
        finished[item] = None

    for item in recipes:
        visit(item)
    return {item: rank for rank, item in enumerate(reversed(finished))}
