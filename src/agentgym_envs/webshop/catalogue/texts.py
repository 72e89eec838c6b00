"""Write what a product page says: name, bullet points, description."""

from __future__ import annotations

import re

from agentgym_envs.webshop.catalogue.draws import Draws
from agentgym_envs.webshop.catalogue.grammar import listing, title
from agentgym_envs.webshop.catalogue.kinds import Trait, read_table
from agentgym_envs.webshop.catalogue.products import Product

HEADINGS = ("", "", "{}: ", "{}: ", "{} - ", "【{}】", "✔ {}: ", "★ {}. ", "[{}] ")
_NUMBER = re.compile(r"<(\d+)-(\d+)(?:/(\d+))?>")


def headline(text: str) -> str:
    """Capitalise as in a product name."""
    return title(text, read_table("common")["spellings"])


def write_name(product: Product, draws: Draws) -> str:
    """Write the name: brand, noun, and some of the traits and extras."""
    fronts = draws.some(product.texts("is"), 3)
    parts = draws.some(product.texts("with"), 2)
    uses = draws.some(product.texts("for"), 1)
    lead = [product.brand] if draws.chance(0.85) else []
    lead += [headline(text) for text in fronts[: draws.between(0, 2)]]
    lead.append(draws.pick(product.kind.nouns))
    joined = " ".join(lead)
    tails = []
    if parts and draws.chance(0.8):
        joined += f" with {listing([headline(part) for part in parts])}"
    if uses and draws.chance(0.8):
        joined += f" for {headline(uses[0])}"
    tails += [headline(text) for text in fronts[2:]]
    tails += draws.some(product.kind.extras, draws.between(0, 2))
    for values in product.options.values():
        if len(values) == 1 and draws.chance(0.7):
            tails.append(values[0])
    return draws.pick((", ", ", ", " - ", " | ")).join([joined, *tails])


def write_texts(product: Product, draws: Draws) -> tuple[list[str], str]:
    """Write the bullet points and the description.

    Each trait is told of, in different words where both tell of it.
    """
    told = {trait: draws.some(trait.sentences, 2) for trait in product.traits}
    heading = draws.pick(HEADINGS)
    loud = draws.chance(0.3)
    bulleted = list(product.traits[: draws.between(3, 6)])
    bullets = [_bullet(t, told[t][0], heading, loud=loud) for t in bulleted]
    bullets += _more_bullets(product, heading, draws, loud=loud)
    missing = [trait for trait in product.traits if trait not in bulleted]
    again = draws.some(bulleted, draws.between(0, 2))
    sentences = [_opening(product, draws)]
    sentences += [told[trait][-1] for trait in [*missing, *again]]
    if draws.chance(0.6):
        sentences += [_numbers(fact, draws) for fact in draws.some(product.kind.facts, 2)]
    if draws.chance(0.3):
        sentences.append(draws.pick(read_table("common")["goodbyes"]))
    return bullets, " ".join(sentences).replace("{brand}", product.brand)


def _opening(product: Product, draws: Draws) -> str:
    return draws.pick(product.kind.openings)


def _bullet(trait: Trait, sentence: str, heading: str, *, loud: bool) -> str:
    if not heading and trait.text in sentence.lower():
        return sentence
    head = trait.text.upper() if loud else headline(trait.text)
    return (heading or "{}: ").format(head) + sentence


def _more_bullets(
    product: Product, heading: str, draws: Draws, *, loud: bool
) -> list[str]:
    """Bullet points that tell of no trait: options, numbers, service."""
    common = read_table("common")
    lines: list[tuple[str, str]] = []
    for name, values in product.options.items():
        if 2 <= len(values) <= 4 and draws.chance(0.35):
            head, text = draws.pick(common["choices"][name])
            lines.append((head, text.format(listing(values))))
    if product.kind.facts and draws.chance(0.35):
        lines.append(("Details", _numbers(draws.pick(product.kind.facts), draws)))
    if draws.chance(0.35):
        head, text = draws.pick(common["services"])
        lines.append((head, text))
    return [
        heading.format(head.upper() if loud else head) + text for head, text in lines
    ]


def _numbers(text: str, draws: Draws) -> str:
    def number(match: re.Match[str]) -> str:
        low, high, step = (int(part) if part else 1 for part in match.groups())
        return str(low + step * draws.between(0, (high - low) // step))

    return _NUMBER.sub(number, text)
