"""Invent a product: its brand, traits, options and price."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from agentgym_envs.webshop.catalogue.draws import Draws
from agentgym_envs.webshop.catalogue.kinds import Kind, Role, Trait, read_table

COMBINATIONS = 56  # of options, per product: each is a goal
TRAITS = (2, 3, 4, 4, 5, 5, 6, 6, 7, 8)
COUNTS = (1, 2, 3, 4, 4, 5, 5, 6, 7, 8)  # of values in a group
CENTS = (99, 99, 99, 99, 95, 95, 49, 50, 0, 88)

ASIN_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Steps through all numbers of seven such digits, so that no two products meet.
_STRIDE, _FIRST, _ALL = 48_271_912_337, 31_415_926_535, 36**7


@dataclass(frozen=True, slots=True)
class Product:
    """What the texts about a product are written from.

    Args:
        options: Group name -> values.
        price: None if unknown, one number, or lowest and highest; in dollars.
    """

    asin: str
    kind: Kind
    brand: str
    traits: tuple[Trait, ...]
    options: dict[str, list[str]]
    price: tuple[float, ...]

    def texts(self, role: Role) -> list[str]:
        """The traits that join the noun in this way."""
        return [trait.text for trait in self.traits if trait.role == role]


def asin_of(number: int) -> str:
    """A ten-character product id."""
    left = (number * _STRIDE + _FIRST) % _ALL
    digits = ""
    for _ in range(7):
        left, digit = divmod(left, 36)
        digits = ASIN_DIGITS[digit] + digits
    return f"B0{'789'[sum(map(ord, digits)) % 3]}{digits}"


def invent(number: int, kind: Kind, draws: Draws) -> Product:
    """Invent the product with this number."""
    traits = _traits(kind, draws)
    options = _options(kind, traits, draws)
    return Product(
        asin=asin_of(number),
        kind=kind,
        brand=_brand(kind.category, draws),
        traits=traits,
        options=options,
        price=_price(kind, options, draws),
    )


def _traits(kind: Kind, draws: Draws) -> tuple[Trait, ...]:
    if draws.chance(0.02):
        return ()
    always = [slot for slot in kind.slots if slot.always]
    others = [slot for slot in kind.slots if not slot.always]
    count = draws.pick(TRAITS) - len(always)
    chosen = always + draws.some(others, count)
    traits = [draws.pick(slot.traits) for slot in chosen]
    return tuple(draws.some(traits, len(traits)))


def _options(
    kind: Kind, traits: tuple[Trait, ...], draws: Draws
) -> dict[str, list[str]]:
    texts = [trait.text for trait in traits]
    options: dict[str, list[str]] = {}
    taken: list[str] = []
    for group in kind.groups:
        if not draws.chance(group.chance) or group.unless in texts:
            continue
        count = min(draws.pick(COUNTS), group.most)
        choose = draws.run if group.ordered else draws.some
        # A value in two groups could be chosen in one of them only.
        values = [value for value in choose(group.values, count) if value not in taken]
        if values:
            options[group.name] = values
            taken += values
    while prod(map(len, options.values())) > COMBINATIONS:
        max(options.values(), key=len).pop()
    return options


def _brand(category: str, draws: Draws) -> str:
    table = read_table("brands")[category]
    # Some brands sell much more than others.
    place = int(min(draws.share(), draws.share()) * len(table["names"]))
    brand: str = table["names"][place]
    if place % 4 == 3 and "&" not in brand:
        brand += f" {table['endings'][place % len(table['endings'])]}"
    return brand


def _price(
    kind: Kind, options: dict[str, list[str]], draws: Draws
) -> tuple[float, ...]:
    if draws.chance(0.04):
        return ()
    low, high = kind.price
    # Cheap ones are more frequent, as long as they are not large ones.
    part = draws.share() * draws.share()
    for group in kind.groups:
        if group.dear and group.name in options:
            size = group.values.index(options[group.name][0]) / (len(group.values) - 1)
            part = (0.15 + 0.85 * size) * (0.3 + 0.7 * part)
    price = _cents(int(low + (high - low) * part), draws)
    has_choice = any(len(values) > 1 for values in options.values())
    if not has_choice or not draws.chance(0.3):
        return (price,)
    more = int(price * (1.15 + 0.9 * draws.share())) + 1
    return price, _cents(more, draws)


def _cents(whole: int, draws: Draws) -> float:
    return (max(whole, 1) * 100 + draws.pick(CENTS)) / 100
