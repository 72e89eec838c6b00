"""Passages that read like the beginning of an article in an encyclopedia.

A passage tells every fact of a thing, in sentences drawn from several, and in an
order that varies.
"""

from __future__ import annotations

import re
from random import Random

from agentgym_envs.draws import choose, shuffled
from agentgym_envs.searchqa.templates import (
    ENDINGS,
    OPENINGS,
    SENTENCES,
    WORDS,
    WORKS,
)
from agentgym_envs.searchqa.things import Date, Thing

TOLD_WORKS = 3


def passage(rng: Random, thing: Thing) -> str:
    """Write the passage of a thing in the form of wiki-18: title, then text."""
    told, openings = OPENINGS[thing.kind]
    values = _values(rng, thing)
    sentences = [choose(rng, openings)]
    rest = [r for r in thing.facts if r not in told and (thing.kind, r) in SENTENCES]
    sentences += [
        choose(rng, SENTENCES[thing.kind, relation]) for relation in shuffled(rng, rest)
    ]
    line = WORKS.get(str(thing.facts.get("calling", thing.kind)))
    if line and thing.works:
        values["works"] = _listing([str(work) for work in thing.works[:TOLD_WORKS]])
        sentences.append(line)
    sentences.append(choose(rng, ENDINGS[thing.kind]))
    if thing.kind == "city" and thing.aliases:
        sentences.append("Until the nineteenth century {name} was called {alias}.")
    text = " ".join(_fixed(sentence.format_map(values)) for sentence in sentences)
    return f'"{thing.title}"\n{text}'


def _values(rng: Random, thing: Thing) -> dict[str, object]:
    values: dict[str, object] = {
        key: choose(rng, words) for key, words in WORDS.items()
    }
    values |= thing.facts
    he, his = ("he", "his") if thing.male else ("she", "her")
    values |= {"he": he, "his": his, "He": he.capitalize(), "His": his.capitalize()}
    values |= {"name": thing.title, "Name": _upper(str(thing)), "short": thing.short}
    values |= {"Short": _upper(thing.short), "adjective": thing.adjective}
    values["River"] = _upper(str(thing.facts.get("river", "")))
    values["alias"] = thing.aliases[0] if thing.aliases else ""
    born, died = thing.facts.get("born"), thing.facts.get("died")
    if isinstance(born, Date):
        values["life"] = f"{born} – {died}" if died else f"born {born}"
        values["was"] = "was" if died else "is"
    return values


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _listing(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _fixed(sentence: str) -> str:
    """Choose between the two forms of the article."""
    return re.sub(
        r"\ba\(n\) (\w)",
        lambda match: ("an " if match[1] in "aeiouAEIOU" else "a ") + match[1],
        sentence,
    )
