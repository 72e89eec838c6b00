"""What a purchase is worth: attributes, options, price and kind of the product.

After the reward of WebShop (Yao et al., arXiv 2207.01206), with the text comparison of
`thefuzz` 0.19.0 done by `rapidfuzz`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from agentgym_envs.errors import MissingExtra
from agentgym_envs.webshop.goals import Goal
from agentgym_envs.webshop.nouns import Nouns
from agentgym_envs.webshop.products import Product

try:
    from rapidfuzz.fuzz import token_set_ratio
except ModuleNotFoundError:
    raise MissingExtra("webshop", "rapidfuzz") from None

ALIKE = 85  # of 100; texts above this count as the same

# In the order of the original: the first one that is found in a text stands for it.
COLOURS = tuple(
    """
    alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux
    bronze brown burgundy camel camo caramel champagne charcoal cheetah chestnut
    chocolate christmas coffee cognac copper coral cranberry cream crystal dark denim
    eggplant elephant espresso fuchsia gold granite grape graphite grass gray green grey
    heather indigo ivory ivy khaki lavender lemon leopard light lilac lime magenta
    maroon mauve merlot midnight mint mocha multicolor mushroom mustard natural navy
    nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand
    sapphire seashell silver skull slate steel stone stonewash sunflower tan taupe teal
    tiger turquoise violet walnut wheat white wine yellow
    """.split()
)

_HIGH_LATIN = re.compile("[\u0080-\u00ff]")
_NO_WORD = re.compile(r"\W")

Comparable = str | tuple[str, str]


class Reward(NamedTuple):
    """A reward and its parts, under the names that the original gives them."""

    total: float
    parts: dict[str, Any]


def reward_of(
    goal: Goal,
    product: Product,
    price: float,
    options: Iterable[str],
    nouns: Nouns,
) -> Reward:
    """Judge a purchase.

    Args:
        goal: What was wanted.
        product: What was bought.
        price: Its price in dollars.
        options: The values that were chosen.
        nouns: Finds the nouns of a title.
    """
    kind = kind_of_match(goal.product, product, nouns)
    attributes = sum(has_attribute(product, name) for name in goal.attributes)
    wanted = goal.wanted
    matched = count_options(wanted, options)
    is_cheap = price <= goal.price_upper
    terms = len(goal.attributes) + len(wanted) + 1
    # In this order, so that the last digit is the original's, too.
    total = (attributes + matched + is_cheap) / terms * kind["r_type"]
    parts = {
        **kind,
        "r_att": attributes / len(goal.attributes),
        "w_att": len(goal.attributes) / terms,
        "r_price": float(is_cheap),
        "w_price": 1 / terms,
    }
    if wanted:
        parts["r_option"] = matched / len(wanted)
        parts["w_option"] = len(wanted) / terms
    return Reward(total, parts)


def kind_of_match(wanted: Product, bought: Product, nouns: Nouns) -> dict[str, Any]:
    """Say how far two products are the same kind of thing."""
    query_match = bought.query == wanted.query
    category_match = len(_categories(bought) & _categories(wanted)) >= 2
    wanted_nouns = nouns(wanted.title)
    if wanted_nouns:
        shared = set(nouns(bought.title)) & set(wanted_nouns)
        title_score = len(shared) / len(wanted_nouns)
    else:
        title_score = 0.2
    r_type = 1.0
    if not (query_match or category_match or title_score > 0.2):
        r_type = 0.5
    if title_score < 0.1:
        r_type = 0.1
    if title_score == 0.0:
        r_type = 0.0
    return {
        "r_type": r_type,
        "query_match": query_match,
        "category_match": category_match,
        "title_score": title_score,
    }


def _categories(product: Product) -> set[str]:
    return {part.strip() for part in product.product_category.split("›")}


def has_attribute(product: Product, name: str) -> bool:
    """Whether a product is listed with an attribute, or its texts name it."""
    if any(likeness(listed, name) > ALIKE for listed in product.attributes):
        return True
    return (
        name in product.title.lower()
        or name in " ".join(product.bullets).lower()
        or name in product.description.lower()
    )


def count_options(wanted: Iterable[Comparable], chosen: Iterable[str]) -> int:
    """Count the wanted options that some chosen value stands for."""
    values = [plain_colour(value) for value in chosen]
    return sum(
        any(likeness(value, plain_colour(option)) > ALIKE for value in values)
        for option in wanted
    )


@lru_cache(maxsize=4096)
def plain_colour(value: Comparable) -> Comparable:
    """Reduce a value to the first colour of the list that is in it.

    In a pair of name and value, a colour is only found if it is one of the two, as
    Python's ``in`` has it; so longer values of synthetic goals stay whole.

    >>> plain_colour("green stripe"), plain_colour(("color", "green stripe"))
    ('green', ('color', 'green stripe'))
    """
    for colour in COLOURS:
        if colour in value:
            return colour
    return value


@lru_cache(maxsize=1 << 14)
def likeness(one: Comparable, other: Comparable) -> int:
    """How alike two texts are as sets of words, from 0 to 100.

    >>> likeness("stripe", ("color", "green stripe"))
    100
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0
    return round(token_set_ratio(first, second))


def _words(value: Comparable) -> str:
    text = _HIGH_LATIN.sub("", str(value))
    return _NO_WORD.sub(" ", text).lower().strip()
