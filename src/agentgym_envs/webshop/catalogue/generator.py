"""Generate a catalogue in the layout of the data set of WebShop (arXiv:2207.01206)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from agentgym_envs.webshop.catalogue.draws import Draws
from agentgym_envs.webshop.catalogue.kinds import load_kinds
from agentgym_envs.webshop.catalogue.products import invent
from agentgym_envs.webshop.catalogue.records import (
    human_record,
    instruction_record,
    product_record,
)
from agentgym_envs.webshop.catalogue.wishes import list_wish, say_wish

VERSION = 1  # of tables and rules: another catalogue needs another number
SEED = "agentgym webshop"

LISTED = 0.42  # of the products have a synthetic instruction, as in the original
SAID = 0.3  # have one or two that somebody wrote
REPEATED = 0.004  # of the entries show an earlier product again


class Entry(NamedTuple):
    """One entry of the product file, and what the others hold for it."""

    product: dict[str, Any]
    instruction: dict[str, Any]
    human: list[dict[str, Any]]


def generate(
    num_products: int, *, seed: str = SEED
) -> tuple[
    list[dict[str, Any]], dict[str, dict[str, Any]], dict[str, list[dict[str, Any]]]
]:
    """Generate the content of the three published files.

    Entry i is the same whatever ``num_products`` is. A few entries repeat the id of an
    earlier one, as in the published file, so that there are a little fewer different
    products than entries.

    Args:
        num_products: Number of entries.
        seed: Another one gives other products.

    Returns:
        The content of ``items_shuffle.json``, ``items_ins_v2.json`` and
        ``items_human_ins.json``.
    """
    products, instructions, human = [], {}, {}
    for entry in entries(num_products, seed=seed):
        asin = entry.product["asin"]
        products.append(entry.product)
        instructions[asin] = entry.instruction
        if entry.human:
            human[asin] = entry.human
    return products, instructions, human


def entries(num_products: int, *, seed: str = SEED) -> Iterator[Entry]:
    """Generate one entry after the other."""
    for place in range(num_products):
        yield _entry(_number(place, seed), seed)


def _number(place: int, seed: str) -> int:
    """The number of the product at a place: its own, or that of an earlier one."""
    draws = Draws(f"{seed} place {place}")
    if place and draws.chance(REPEATED):
        return _number(draws.between(0, place - 1), seed)
    return place


def _entry(number: int, seed: str) -> Entry:
    draws = Draws(f"{seed} product {number}")
    product = invent(number, draws.pick(load_kinds()), draws)
    record = product_record(product, draws)
    wish = None
    if product.traits and draws.chance(LISTED):
        wish = list_wish(product, draws)
    human = []
    if product.traits and draws.chance(SAID):
        wishes = [say_wish(product, draws) for _ in range(draws.between(1, 2))]
        human = [human_record(product, said) for said in wishes]
    return Entry(record, instruction_record(product, wish), human)
