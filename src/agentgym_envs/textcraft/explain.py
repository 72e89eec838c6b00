"""Why an action does nothing, in words that an agent can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentgym_envs.textcraft.recipes import Recipe, load, spoken

MAX_QUOTED = 60  # characters of what the agent wrote
FORMS = '"get 3 wheat", "craft 1 bread using 3 wheat" or "inventory"'


def unknown_action(action: str) -> str:
    """No form of action fits."""
    return f'Could not execute "{_quoted(action)}": write for example {FORMS}.'


def no_amount(piece: str) -> str:
    """An ingredient has no number before it."""
    return (
        f'Could not craft: the ingredient "{_quoted(piece)}" needs an amount and a '
        'name, as in "3 wheat".'
    )


def not_gettable(item: str) -> str:
    """Asked for something that isn't lying around."""
    tree = load()
    name = _quoted(spoken(item))
    if item in tree.recipes:
        return f"Could not get {name}: it has to be crafted."
    return f"Could not get {name}: {_no_item(item)}"


def no_recipe(output: str, takes: Sequence[tuple[str, int]]) -> str:
    """No recipe makes this output from these ingredients."""
    tree = load()
    name = _quoted(spoken(output))
    if output not in tree.recipes:
        if tree.is_base(output):
            return f"Could not craft {name}: it has no recipe; get it instead."
        return f"Could not craft {name}: {_no_item(output)}"
    for item, _count in takes:
        if item not in tree.items:
            wrong = _quoted(spoken(item))
            return f"Could not craft {name} using {wrong}: {_no_item(item)}"
    ways = "; or ".join(_ingredients(recipe) for recipe in tree.recipes[output])
    return f"Could not craft {name} from that: it takes {ways}."


def shortage(
    output: str, takes: Sequence[tuple[str, int]], inventory: Mapping[str, int]
) -> str:
    """The recipe is right, but something is missing."""
    missing = [
        f"{count} {spoken(item)} (you have {inventory.get(item, 0) or 'none'})"
        for item, count in takes
        if inventory.get(item, 0) < count
    ]
    return f"Could not craft {spoken(output)}: it takes {', '.join(missing)}."


def _no_item(name: str) -> str:
    """Say that something is a kind of item, or nothing at all."""
    tree = load()
    if name in tree.tags:
        example = spoken(tree.kinds[name][0])
        return f"that is a kind of item; name one of them, such as {example}."
    return "there is no such item."


def _ingredients(recipe: Recipe) -> str:
    return ", ".join(
        f"{part.amount} {spoken(part.name)}" + (" of one kind" if part.is_tag else "")
        for part in recipe.inputs
    )


def _quoted(text: str) -> str:
    return text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "..."
