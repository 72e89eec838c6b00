"""The rules of TextCraft: what an action means, and what it does.

What an action means depends on its text alone, so each text is taken apart once; a
step then looks only at the inventory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from agentgym_envs.outcome import Outcome
from agentgym_envs.textcraft import explain
from agentgym_envs.textcraft.book import absorbed
from agentgym_envs.textcraft.recipes import Recipe, load, spoken

Pieces = tuple[tuple[str, int], ...]

MAX_GET = 9999  # items at a time
MAX_DIGITS = 100  # of an amount; keeps every text within the observation space
CACHED_LENGTH = 200  # characters; longer actions are rare, and would fill memory
CACHED_ACTIONS = 8192

_CRAFT = re.compile(r"craft (.*) using (.*)")
_GET = re.compile(r"get ([0-9]+) (.*)")
_AMOUNT = re.compile(r"([0-9]+) (.*)")


@dataclass(slots=True)
class State:
    """What the agent carries, in the order in which it came."""

    inventory: dict[str, int] = field(default_factory=dict)


class Move(NamedTuple):
    """An action taken apart.

    Without a ``gain`` it does nothing but what its outcome says; without an outcome
    it looks into the inventory.
    """

    outcome: Outcome | None
    gain: str = ""
    amount: int = 0
    takes: Pieces = ()
    asked: str | None = ""
    """The item to craft by the agent's words, None if it is a tag."""


def step(goal: str, state: State, action: str) -> Outcome:
    """Do an action by the rules as they are meant."""
    outcome, gain, amount, takes, asked = parse(action)
    inventory = state.inventory
    if outcome is None:
        return Outcome(inventory_text(inventory).rstrip())
    if not gain:
        return outcome
    for item, count in takes:
        if inventory.get(item, 0) < count:
            text = explain.shortage(asked or "", takes, inventory)
            return Outcome(text, invalid=True)
    _exchange(inventory, takes, gain, amount)
    if gain == goal:
        return Outcome(outcome.text, 1.0, True, True)
    return outcome


def step_as_original(goal: str, state: State, action: str) -> Outcome:
    """Do an action by the letter of the original server."""
    outcome, gain, amount, takes, asked = parse_as_original(action)
    inventory = state.inventory
    if outcome is None:
        return Outcome(inventory_text(inventory))
    for item, count in takes:
        # Zero of something that was never there is not enough either.
        if item not in inventory or inventory[item] < count:
            item_id = None if asked is None else f"minecraft:{asked}"
            text = f"Could not find enough items to craft {item_id}"
            return Outcome(text, invalid=True)
    if not gain:
        # Asked for something that has to do with the goal, it may make a part of it.
        recipe = _first_fit(absorbed(goal).get(asked, ()) if asked else (), takes)
        if recipe is None:
            return outcome
        gain, amount = recipe.output, recipe.count
        outcome = Outcome(f"Crafted {amount} minecraft:{gain}")
    _exchange(inventory, takes, gain, amount)
    if gain == goal:
        return Outcome(outcome.text, 1.0, True, True)
    return outcome


def _exchange(inventory: dict[str, int], takes: Pieces, gain: str, amount: int) -> None:
    for item, count in takes:
        left = inventory[item] - count
        if left:
            inventory[item] = left
        else:
            del inventory[item]
    inventory[gain] = inventory.get(gain, 0) + amount


def inventory_text(inventory: dict[str, int]) -> str:
    """Tell what is carried, with the original's space at the end."""
    if not inventory:
        return "Inventory: You are not carrying anything."
    listed = "".join(f"[{spoken(item)}] ({n}) " for item, n in inventory.items())
    return f"Inventory: {listed}"


def fits(recipe: Recipe, pieces: Pieces) -> bool:
    """Whether these are exactly the ingredients of a recipe, in any order."""
    kinds = load().kinds
    left = list(pieces)
    for name, count, is_tag in recipe.inputs:
        serving = kinds[name] if is_tag else (name,)
        piece = next((piece for piece in left if piece[0] in serving), None)
        if piece is None or piece[1] != count:
            return False
        left.remove(piece)
    return not left


def _first_fit(recipes: Iterable[Recipe], pieces: Pieces) -> Recipe | None:
    return next((recipe for recipe in recipes if fits(recipe, pieces)), None)


def parse(action: str) -> Move:
    """Take an action apart; an impossible one comes with a reason in plain words."""
    return _remembered(action) if len(action) <= CACHED_LENGTH else _parse(action)


def parse_as_original(action: str) -> Move:
    """Take an action apart as the original does, with its answers."""
    if len(action) <= CACHED_LENGTH:
        return _remembered_as_original(action)
    return _parse_as_original(action)


def _parse(action: str) -> Move:
    action = action.strip()
    if match := _CRAFT.match(action):
        return _craft(match[1], match[2])
    if match := _GET.match(action):
        return _get(match[1], match[2])
    if action.startswith("inventory"):
        return Move(None)
    return _refused(explain.unknown_action(action))


def _craft(asked: str, inputs: str) -> Move:
    output = _output(asked)[1]
    pieces = []
    for part in inputs.split(","):
        match = _AMOUNT.match(part.strip())
        if match is None:
            return _refused(explain.no_amount(part.strip()))
        pieces.append((_name(match[2]), _number(match[1])))
    takes = tuple(pieces)
    recipe = _first_fit(load().recipes.get(output, ()), takes)
    if recipe is None:
        return _refused(explain.no_recipe(output, takes))
    outcome = Outcome(f"Crafted {recipe.count} {spoken(output)}")
    return Move(outcome, output, recipe.count, takes, output)


def _get(digits: str, typed: str) -> Move:
    item = _name(typed)
    if not load().is_base(item):
        return _refused(explain.not_gettable(item))
    amount = _number(digits)
    if not 1 <= amount <= MAX_GET:
        text = f"Could not get {spoken(item)}: an amount is from 1 to {MAX_GET}."
        return _refused(text)
    return Move(Outcome(f"Got {amount} {spoken(item)}"), item, amount)


def _parse_as_original(action: str) -> Move:
    if match := _CRAFT.match(action):
        return _craft_as_original(match[1], match[2])
    match = _GET.match(action)
    if match and len(match[1].lstrip("0")) <= MAX_DIGITS:
        typed = match[2]
        item = _name(typed)
        if not load().is_base(item):
            return _refused(f"Could not find {typed}")
        amount = _number(match[1])
        return Move(Outcome(f"Got {amount} {typed}"), item, amount)
    if action.startswith("inventory"):
        return Move(None)
    return _refused(f"Could not execute {action}")


def _craft_as_original(asked: str, inputs: str) -> Move:
    wanted, output = _output(asked)
    pieces = []
    for part in inputs.split(","):
        match = _AMOUNT.match(part.strip())
        if match is None:
            return _refused(f"Wrong item format: {part.strip()}")
        pieces.append((_name(match[2]), _number(match[1])))
    takes = tuple(pieces)
    recipe = _first_fit(load().recipes.get(output, ()), takes)
    if recipe is not None:
        outcome = Outcome(f"Crafted {recipe.count} minecraft:{output}")
        return Move(outcome, output, recipe.count, takes, output)
    # The agent reads how Python prints the original's object.
    name = f"minecraft:{output}"
    is_tag = output in load().tags
    shown = f"tag={name!r}, item_id=None" if is_tag else f"tag=None, item_id={name!r}"
    item = f"ItemTagWithCount(item_tag=ItemTag({shown}), count={wanted})"
    refusal = Outcome(f"Could not find a valid recipe for {item}", invalid=True)
    return Move(refusal, takes=takes, asked=None if is_tag else output)


_remembered = lru_cache(maxsize=CACHED_ACTIONS)(_parse)
_remembered_as_original = lru_cache(maxsize=CACHED_ACTIONS)(_parse_as_original)


def _refused(text: str) -> Move:
    return Move(Outcome(text, invalid=True))


def _output(asked: str) -> tuple[str, str]:
    """The amount, which nothing depends on, and the name of what to craft."""
    match = _AMOUNT.match(asked)
    if match is None:
        return "1", _name(asked)
    return match[1].lstrip("0") or "0", _name(match[2])


def _name(typed: str) -> str:
    return typed.replace(" ", "_")


def _number(digits: str) -> int:
    """Read an amount; one beyond all bounds becomes the least such number."""
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= MAX_DIGITS else 10**MAX_DIGITS
