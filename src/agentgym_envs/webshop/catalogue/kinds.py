"""The kinds of products: what they can be like, and what may be said of them.

The tables are TOML files, one per category. A trait is an attribute in the sense of
the data set (``cruelty free``); its role says how it joins a noun: ``is`` (a cruelty
free cream), ``with`` (a cream with shea butter), ``for`` (a cream for dry skin).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from agentgym_envs.webshop.catalogue.grammar import slots, variants

CATEGORIES = ("beauty", "garden", "grocery", "electronics", "fashion")
TABLES = Path(__file__).parent / "tables"

Role = Literal["is", "with", "for"]
ROLES: tuple[Role, ...] = ("is", "with", "for")


@dataclass(frozen=True, slots=True)
class Trait:
    """An attribute, with sentences that tell of it."""

    text: str
    role: Role
    sentences: tuple[tuple[str, ...], ...]  # each with all its readings


@dataclass(frozen=True, slots=True)
class Slot:
    """Traits of which a product has one at most."""

    traits: tuple[Trait, ...]
    always: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group of options that products of a kind may have.

    Args:
        values: All that occur; a product has some of them.
        ordered: Whether a product has neighbours, in order (sizes), or any (colours).
        most: Values that one product has.
        chance: That a product has the group.
        unless: A trait that rules the group out.
        dear: Whether values further on cost more.
    """

    name: str
    values: tuple[str, ...]
    ordered: bool
    most: int
    chance: float
    unless: str
    dear: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product.

    Args:
        query: What it is searched by; in the data set, the words that products were
            collected with.
        path: The shop's departments, joined by `` › ``.
        nouns: What it may be called in a name.
        extras: What may follow there.
        said: What people ask for; ``*`` shows where adjectives go.
        price: Usual lowest and highest, in dollars.
        openings: First sentences of descriptions.
        facts: Last ones, with numbers such as ``<5-9>`` still to be drawn.
    """

    category: str
    query: str
    path: str
    plural: bool
    nouns: tuple[str, ...]
    extras: tuple[str, ...]
    said: tuple[str, ...]
    price: tuple[float, float]
    slots: tuple[Slot, ...]
    openings: tuple[str, ...]
    facts: tuple[str, ...]
    groups: tuple[Group, ...]


@cache
def load_kinds() -> tuple[Kind, ...]:
    """Read the tables, once per process."""
    shared = read_table("common")
    kinds = []
    for category in CATEGORIES:
        table = read_table(category)
        told: dict[str, tuple[Role, list[str]]] = {}
        for source in (shared, table):
            for role in ROLES:
                for text, sentences in source.get(role, {}).items():
                    told[text] = role, sentences
        pools = shared["pools"] | table.get("pools", {})
        kinds += [_kind(category, row, told, pools) for row in table["kinds"]]
    return tuple(kinds)


@cache
def read_table(name: str) -> dict[str, Any]:
    """Read one of the tables."""
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


def _kind(
    category: str,
    row: dict[str, Any],
    told: dict[str, tuple[Role, list[str]]],
    pools: dict[str, list[str]],
) -> Kind:
    words = slots(row["it"], plural=row.get("plural", False))

    def fill(sentences: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            reading.format_map(words)
            for sentence in sentences
            for reading in variants(sentence)
        )

    def trait(text: str) -> Trait:
        role, sentences = told[text]
        sentences = row.get("told", {}).get(text, sentences)
        return Trait(text, role, tuple(fill([sentence]) for sentence in sentences))

    def slot(line: str) -> Slot:
        texts = line.removeprefix("+").split("|")
        traits = tuple(trait(text.strip()) for text in texts)
        return Slot(traits, always=line.startswith("+"))

    return Kind(
        category=category,
        query=row["query"],
        path=row["path"],
        plural=row.get("plural", False),
        nouns=tuple(row["nouns"]),
        extras=tuple(row["extras"]),
        said=tuple(row["said"]),
        price=(float(row["price"][0]), float(row["price"][1])),
        slots=tuple(slot(line) for line in row["traits"].strip().splitlines()),
        openings=fill(row["openings"]),
        facts=fill(row.get("facts", [])),
        groups=tuple(_group(group, pools) for group in row.get("groups", [])),
    )


def _group(row: dict[str, Any], pools: dict[str, list[str]]) -> Group:
    values = row["values"]
    return Group(
        name=row["name"],
        values=tuple(pools[values] if isinstance(values, str) else values),
        ordered=row.get("ordered", False),
        most=row.get("most", 6),
        chance=row.get("chance", 0.8),
        unless=row.get("unless", ""),
        dear=row.get("dear", False),
    )
