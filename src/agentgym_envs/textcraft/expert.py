"""The expert of TextCraft: the fewest actions from any inventory to the goal.

A plan gets each base item at once, in the amount that all crafts together take, and
then crafts from the bottom up. Which recipe makes an item, and which kind serves for
a tag, is searched exhaustively. So after each action of a plan the next plan is one
shorter, and the expert needs no memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product

from agentgym_envs.textcraft.book import open_book
from agentgym_envs.textcraft.recipes import Ingredient, Recipe, load, spoken

Carried = tuple[tuple[str, int], ...]
"""An inventory as sorted pairs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to get, and what to craft how often, in this order."""

    gets: tuple[tuple[str, int], ...]
    crafts: tuple[tuple[str, int], ...]

    def actions(self) -> list[str]:
        """Write all actions out."""
        gets = [get_text(item, amount) for item, amount in self.gets]
        return [*gets, *(line for line, times in self.crafts for _ in range(times))]


def next_action(goal: str, inventory: Mapping[str, int]) -> str:
    """Give the first action of a shortest plan."""
    best = plan(goal, tuple(sorted(inventory.items())))
    if not best.gets:
        return best.crafts[0][0]
    item, missing = best.gets[0]
    useful = useful_amounts(goal)[item]
    return get_text(item, next((n for n in useful if n >= missing), useful[-1]))


@lru_cache(maxsize=4096)
def plan(goal: str, carried: Carried) -> Plan:
    """Find a shortest plan, counting gets in useful amounts only."""
    most = {item: amounts[-1] for item, amounts in useful_amounts(goal).items()}
    return _Search(goal, dict(carried), most).best()


@cache
def useful_amounts(goal: str) -> Mapping[str, tuple[int, ...]]:
    """The amounts in which to get each base item that the agent reads of.

    They are the ones in the recipes, and the one of a plan from nothing.
    """
    tree = load()
    amounts: dict[str, set[int]] = {}
    for recipe in open_book(goal).shown:
        for part in recipe.inputs:
            if not part.is_tag and tree.is_base(part.name):
                amounts.setdefault(part.name, set()).add(part.amount)
    for item, amount in _Search(goal, {}, {}).best().gets:
        amounts[item].add(amount)
    return {item: tuple(sorted(found)) for item, found in amounts.items()}


def get_text(item: str, amount: int) -> str:
    """The action that gets a base item."""
    return f"get {amount} {spoken(item)}"


def craft_text(recipe: Recipe, names: tuple[str, ...]) -> str:
    """The action that crafts, with an item in the place of each ingredient."""
    inputs = ", ".join(
        f"{part.amount} {spoken(name)}"
        for part, name in zip(recipe.inputs, names, strict=True)
    )
    return f"craft {recipe.count} {spoken(recipe.output)} using {inputs}"


@dataclass(slots=True)
class _Search:
    """A search through all ways to make a goal, with the best one so far."""

    goal: str
    stock: Mapping[str, int]
    most: Mapping[str, int]
    """The largest amount to get at once; items that aren't here have no limit."""
    _cost: int = 10**9
    _gets: dict[str, int] = field(default_factory=dict)
    _crafts: list[tuple[str, int]] = field(default_factory=list)

    def best(self) -> Plan:
        # One more of the goal has to be made, however many there are.
        self._explore({self.goal: self.stock.get(self.goal, 0) + 1}, {}, [], 0)
        return Plan(tuple(self._gets.items()), tuple(reversed(self._crafts)))

    def _explore(
        self,
        needs: dict[str, int],
        gets: dict[str, int],
        crafts: list[tuple[str, int]],
        cost: int,
    ) -> None:
        """Settle the need that no other one can add to, in every possible way."""
        stock = self.stock
        short = {name: n for name, n in needs.items() if n > stock.get(name, 0)}
        if cost + len(short) >= self._cost:
            return
        if not short:
            self._cost, self._gets, self._crafts = cost, gets, crafts
            return
        item = min(short, key=load().ranks.__getitem__)
        missing = short[item] - stock.get(item, 0)
        rest = {name: n for name, n in needs.items() if name != item}
        ways = load().recipes.get(item)
        if ways is None:
            rounds = -(-missing // self.most.get(item, missing))
            self._explore(rest, {**gets, item: missing}, crafts, cost + rounds)
            return
        for recipe in ways:
            times = -(-missing // recipe.count)
            for names in _choices(recipe.inputs):
                more = dict(rest)
                for part, name in zip(recipe.inputs, names, strict=True):
                    more[name] = more.get(name, 0) + part.amount * times
                line = craft_text(recipe, names)
                self._explore(more, gets, [*crafts, (line, times)], cost + times)


def _choices(inputs: tuple[Ingredient, ...]) -> Iterator[tuple[str, ...]]:
    kinds = load().kinds
    return product(*[kinds[p.name] if p.is_tag else (p.name,) for p in inputs])
