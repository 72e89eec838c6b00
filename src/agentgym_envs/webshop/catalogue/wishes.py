"""Write what shoppers want: as a machine lists it, and as people say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agentgym_envs.webshop.catalogue.draws import Draws
from agentgym_envs.webshop.catalogue.grammar import indefinite, listing
from agentgym_envs.webshop.catalogue.kinds import Role, Trait, read_table
from agentgym_envs.webshop.catalogue.products import Product

LISTED = (1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 6)  # attributes of a listed wish
SAID = (1, 1, 2, 2, 2, 3, 3, 4)  # those that people tell of


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that one product fulfils.

    Args:
        attributes: Traits of the product.
        options: Group name -> value, of the product too.
    """

    text: str
    attributes: list[str]
    options: dict[str, str]


def list_wish(product: Product, draws: Draws) -> Wish:
    """Write a wish in the manner of the data set's synthetic instructions.

    Options and price are added where a goal is made of it.
    """
    traits = draws.some(product.traits, draws.pick(LISTED))
    pieces = ["Find me"]
    fronts = _texts(traits, "is")
    if fronts:
        pieces.append(", ".join(fronts))
    pieces.append(product.kind.query)
    pieces += _joined(traits, ", ".join)
    return Wish(" ".join(pieces), [trait.text for trait in traits], {})


def say_wish(product: Product, draws: Draws) -> Wish:
    """Write a wish as somebody types it."""
    table = read_table("wishes")
    traits = draws.some(product.traits, draws.pick(SAID))
    groups = draws.some(list(product.options), draws.between(0, 2))
    options = {name: draws.pick(product.options[name]).lower() for name in groups}
    fronts = _texts(traits, "is")
    early = draws.between(0, min(2, len(fronts)))
    said = _said(product, draws, plain=bool(_texts(traits, "for")))
    thing = _noun_phrase(said, fronts[:early])
    thing = " ".join([thing, *_joined(traits, listing)])
    demands = [
        draws.pick(table["options"][name]).format(value)
        for name, value in options.items()
    ]
    seconds = product.kind.plural and said.startswith("some ")
    text = _sentence(thing, fronts[early:], demands, draws, plural=seconds)
    return Wish(text, [trait.text for trait in traits], options)


def _texts(traits: Sequence[Trait], role: Role) -> list[str]:
    return [trait.text for trait in traits if trait.role == role]


def _joined(traits: Sequence[Trait], join: Callable[[list[str]], str]) -> list[str]:
    """Say what a thing has and what it is for."""
    phrases = []
    for role in ("with", "for"):
        texts = _texts(traits, role)
        if texts:
            phrases.append(f"{role} {join(texts)}")
    return phrases


def _said(product: Product, draws: Draws, *, plain: bool) -> str:
    """Choose what to call the thing; plain names do not say whom it is for."""
    names = [said for said in product.kind.said if not (plain and " for " in said)]
    return draws.pick(names)


def _noun_phrase(said: str, fronts: list[str]) -> str:
    """Put adjectives where the ``*`` is, and mend the article before them."""
    before, _, noun = said.partition("*")
    words = " ".join([", ".join(fronts), noun]).strip()
    if before in ("a ", "an "):
        before = f"{indefinite(words)} "
    return before + words


def _sentence(
    thing: str, late: list[str], demands: list[str], draws: Draws, *, plural: bool
) -> str:
    """Put a wish into words: all in one sentence, or in two."""
    table = read_table("wishes")
    opening = draws.pick(table["openings"])
    ending = draws.pick(table["endings"])
    them = "them" if plural else "it"
    if late and (demands or draws.chance(0.5)):
        words = ("they", "are", "have") if plural else ("it", "is", "has")
        second = draws.pick(table["seconds"]).format(listing(late), *words)
        if demands and draws.chance(0.5):
            return f"{opening.format(thing)} {' '.join(demands)}. {second}{ending}"
        also = f", and i want {them} {listing(demands)}" if demands else ""
        return f"{opening.format(thing)}. {second}{also}{ending}"
    if late:
        verb = "are" if plural else "is"
        return f"{opening.format(thing)} that {verb} {listing(late)}{ending}"
    glue = draws.pick(table["glue"]).format(them) if demands else ""
    return f"{opening.format(thing)}{glue}{' and '.join(demands)}{ending}"
