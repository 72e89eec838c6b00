"""Write what a product page says: name, bullet points, description."""

from __future__ import annotations

import re

from agentgym_envs.webshop.catalogue.draws import Draws
from agentgym_envs.webshop.catalogue.grammar import listing, title
from agentgym_envs.webshop.catalogue.kinds import Trait, read_table
from agentgym_envs.webshop.catalogue.products import Product

# What stands before a heading, right after it, and between it and the text.
HEADINGS = (
    None,
    None,
    ("", "", ": "),
    ("", "", ": "),
    ("", "", " - "),
    ("【", "】", ""),
    ("[", "]", " "),
    ("✔ ", "", ": "),
    ("★ ", "", ". "),
)
Heading = tuple[str, str, str] | None
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
    facts = draws.some(product.kind.facts, 3)
    facts = [_complete(fact, product, draws) for fact in facts]
    told = {
        trait: [draws.pick(readings) for readings in draws.some(trait.sentences, 2)]
        for trait in product.traits
    }
    heading = draws.pick(HEADINGS)
    loud = draws.chance(0.3)
    bulleted = list(product.traits[: draws.between(3, 6)])
    bullets = [_bullet(t, told[t][0], heading, loud=loud) for t in bulleted]
    bullets += _more_bullets(product, facts[:1], heading, draws, loud=loud)
    missing = [trait for trait in product.traits if trait not in bulleted]
    again = draws.some(bulleted, draws.between(0, 2))
    sentences = [draws.pick(product.kind.openings)]
    sentences += [told[trait][-1] for trait in [*missing, *again]]
    if draws.chance(0.6):
        sentences += facts[draws.between(1, 2) :]
    if draws.chance(0.3):
        own = read_table(product.kind.category)["goodbyes"]
        sentences.append(draws.pick(read_table("common")["goodbyes"] + own))
    return (
        [_complete(bullet, product, draws) for bullet in bullets],
        _complete(" ".join(sentences), product, draws),
    )


def _bullet(trait: Trait, sentence: str, heading: Heading, *, loud: bool) -> str:
    if heading is None and trait.text in sentence.lower():
        return sentence
    start = len(trait.text)
    head = trait.text.upper() if loud else headline(trait.text)
    if sentence[:start].lower() != trait.text:
        return _headed(trait.text, sentence, heading, loud=loud)
    if sentence[start] == ":":
        rest = sentence[start + 2 :]
        return _headed(trait.text, rest[:1].upper() + rest[1:], heading, loud=loud)
    # The sentence begins as the heading does: one of them is enough.
    rest = sentence[start:]
    before, after, between = heading or ("", "", "")
    if not after:
        return before + head + rest
    return before + head + after + between + rest.lstrip(" ,")


def _headed(head: str, text: str, heading: Heading, *, loud: bool) -> str:
    before, after, between = heading or ("", "", ": ")
    head = head.upper() if loud else headline(head)
    return f"{before}{head}{after}{between}{text}"


def _more_bullets(
    product: Product,
    facts: list[str],
    heading: Heading,
    draws: Draws,
    *,
    loud: bool,
) -> list[str]:
    """Bullet points that tell of no trait: options, numbers, service."""
    common, own = read_table("common"), read_table(product.kind.category)
    lines: list[tuple[str, str]] = []
    for name, values in product.options.items():
        if 2 <= len(values) <= 4 and draws.chance(0.35):
            head, text = draws.pick(common["choices"][name])
            lines.append((head, text.format(listing(values))))
    if draws.chance(0.35):
        lines += [("Details", fact) for fact in facts]
    if draws.chance(0.35):
        head, text = draws.pick(common["services"] + own["services"])
        lines.append((head, text))
    if heading is None:
        return [text for _, text in lines]
    return [_headed(head, text, heading, loud=loud) for head, text in lines]


def _complete(text: str, product: Product, draws: Draws) -> str:
    """Put in the brand and the numbers."""

    def number(match: re.Match[str]) -> str:
        low, high, step = (int(part) if part else 1 for part in match.groups())
        return str(low + step * draws.between(0, (high - low) // step))

    return _NUMBER.sub(number, text.replace("{brand}", product.brand))
