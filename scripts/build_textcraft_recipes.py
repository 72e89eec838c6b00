"""Build the recipe table of TextCraft from the package ``minecraft-data``.

The package (MIT licence) carries the crafting recipes of Minecraft 1.16.5 with tags
replaced by their members, and without file names, groups and the order of
ingredients. Those facts are in ``textcraft_facts.toml`` beside this script.

    pip install minecraft-data
    python scripts/build_textcraft_recipes.py            # write the table
    python scripts/build_textcraft_recipes.py --check    # compare with the one here
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FACTS = Path(__file__).with_name("textcraft_facts.toml")
TABLE = ROOT / "src" / "agentgym_envs" / "textcraft" / "data" / "recipes.tsv"
GAME_VERSION = "1.16.5"
COLUMNS = ("file", "kind", "count", "output", "group", "inputs")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Mismatch(Exception):
    """The package and the facts do not fit together."""


@dataclass(frozen=True)
class Variant:
    """A recipe without tags: one item in each place.

    Args:
        kind: ``S`` for shaped, ``L`` for shapeless.
        output: What it makes.
        count: How many of it.
        cells: The ingredients place by place, row by row.
    """

    kind: str
    output: str
    count: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line of the table; ingredients with counts, ``#`` before a tag's name."""

    file: str
    kind: str
    count: int
    output: str
    group: str
    inputs: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        inputs = ", ".join(f"{count} {name}" for name, count in self.inputs)
        fields = (self.file, self.kind, self.count, self.output, self.group, inputs)
        return "\t".join(map(str, fields))


@dataclass(frozen=True)
class Facts:
    """The content of ``textcraft_facts.toml``, written out."""

    tags: dict[str, list[str]] = field(default_factory=dict)
    """Members of each tag."""
    tags_of: dict[str, list[str]] = field(default_factory=dict)
    """Tags that recipes for an output use."""
    further_alternatives: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    first: dict[str, list[str]] = field(default_factory=dict)


def expand(text: str, words: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    """Give every way to fill the placeholders of a text."""
    names = list(dict.fromkeys(_PLACEHOLDER.findall(text)))
    if not names:
        yield {}
        return
    for word in words[names[0]]:
        for rest in expand(text.replace(f"{{{names[0]}}}", word), words):
            yield {names[0]: word, **rest}


def fill(value: Any, chosen: Mapping[str, str]) -> Any:
    """Put words into the placeholders of all texts in a value."""
    if isinstance(value, str):
        for name, word in chosen.items():
            value = value.replace(f"{{{name}}}", word)
        return value
    if isinstance(value, list):
        return [fill(part, chosen) for part in value]
    return {fill(key, chosen): fill(part, chosen) for key, part in value.items()}


def written_out(table: Mapping[str, Any], words: Mapping[str, list[str]]) -> Any:
    """Repeat each entry of a table for every word in its name."""
    return {
        fill(name, chosen): fill(entry, chosen)
        for name, entry in table.items()
        for chosen in expand(name, words)
    }


def listed(texts: Iterable[str], words: Mapping[str, list[str]]) -> list[str]:
    """Repeat each text of a list for every word in it."""
    return [fill(text, chosen) for text in texts for chosen in expand(text, words)]


def read_facts(text: str) -> Facts:
    """Read the facts file."""
    raw = tomllib.loads(text)
    words = raw["words"]
    tags = written_out(raw.get("tags", {}), words)
    tags_of: dict[str, list[str]] = {}
    for tag, entry in tags.items():
        for output in listed(entry["outputs"], words):
            tags_of.setdefault(output, []).append(tag)
    groups = raw.get("groups", {})
    return Facts(
        tags={tag: listed(entry["members"], words) for tag, entry in tags.items()},
        tags_of=tags_of,
        further_alternatives=raw.get("further_alternatives", {}),
        files=written_out(raw.get("files", {}), words),
        copies=raw.get("copies", {}),
        groups={group: listed(files, words) for group, files in groups.items()},
        first=written_out(raw.get("first", {}), words),
    )


def with_tags(variants: Iterable[Variant], facts: Facts) -> list[Variant]:
    """Put tags back, which makes one recipe of all variants that differ by members.

    Raises:
        Mismatch: if a member of a tag has no variant, or there are others.
    """
    merged: Counter[Variant] = Counter()
    for variant in variants:
        further = facts.further_alternatives.get(variant.output, ())
        if any(cell in further for cell in variant.cells):
            continue
        tag_of = {
            member: f"#{tag}"
            for tag in facts.tags_of.get(variant.output, ())
            for member in facts.tags[tag]
        }
        cells = tuple(tag_of.get(cell, cell) for cell in variant.cells)
        merged[replace(variant, cells=cells)] += 1
    for recipe, seen in merged.items():
        used = {cell[1:] for cell in recipe.cells if cell.startswith("#")}
        expected = math.prod(len(facts.tags[tag]) for tag in used)
        if seen != expected:
            raise Mismatch(f"{recipe}: {seen} variants instead of {expected}")
    return list(merged)


def file_of(recipe: Variant, facts: Facts) -> str:
    """The name of the file that a recipe is in."""
    for inputs, file in facts.files.get(recipe.output, {}).items():
        if set(inputs.split()) <= set(recipe.cells):
            return file
    return recipe.output


def row_of(recipe: Variant, facts: Facts) -> Row:
    """Name, group and order a recipe."""
    file = file_of(recipe, facts)
    groups = [
        group
        for group, patterns in facts.groups.items()
        if any(fnmatchcase(file, pattern) for pattern in patterns)
    ]
    if len(groups) > 1:
        raise Mismatch(f"{file} is in the groups {groups}")
    amounts = Counter(recipe.cells)
    first = facts.first.get(file, [])
    names = [*first, *(name for name in amounts if name not in first)]
    if missing := [name for name in names if name not in amounts]:
        raise Mismatch(f"{file} has no {missing}")
    inputs = tuple((name, amounts[name]) for name in names)
    group = groups[0] if groups else ""
    return Row(file, recipe.kind, recipe.count, recipe.output, group, inputs)


def build_rows(variants: Iterable[Variant], facts: Facts) -> list[Row]:
    """Make the table, sorted by file name.

    Raises:
        Mismatch: if two recipes would be in one file.
    """
    rows: dict[str, Row] = {}
    for recipe in with_tags(variants, facts):
        row = row_of(recipe, facts)
        if row.file in rows:
            raise Mismatch(f"two recipes for {row.file}: {row} and {rows[row.file]}")
        rows[row.file] = row
    for file, source in facts.copies.items():
        rows[file] = replace(rows[source], file=file, group="")
    # As with the ".json" of the files: "." sorts before "_" and every letter.
    return [rows[file] for file in sorted(rows, key=lambda file: f"{file}.json")]


def table_text(rows: Iterable[Row]) -> str:
    """Write the table out."""
    return "\n".join(["\t".join(COLUMNS), *map(str, rows), ""])


def read_variants() -> list[Variant]:
    """Read the crafting recipes of minecraft-data."""
    import minecraft_data

    data = minecraft_data(GAME_VERSION)
    names = {item["id"]: item["name"] for item in data.items_list}
    variants = []
    for recipes in data.recipes.values():
        for recipe in recipes:
            result = recipe["result"]
            shape = recipe.get("inShape")
            ids = [i for row in shape for i in row] if shape else recipe["ingredients"]
            variants.append(
                Variant(
                    kind="S" if shape else "L",
                    output=names[result["id"]],
                    count=result["count"],
                    cells=tuple(names[i] for i in ids if i is not None),
                )
            )
    return variants


def main(arguments: list[str] | None = None) -> int:
    """Write the table, or compare it with the committed one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail if the committed table is not what comes out",
    )
    check = parser.parse_args(arguments).check
    facts = read_facts(FACTS.read_text(encoding="utf-8"))
    rows = build_rows(read_variants(), facts)
    text = table_text(rows)
    where = TABLE.relative_to(ROOT).as_posix()
    if not check:
        TABLE.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {len(rows)} recipes to {where}")
        return 0
    if TABLE.read_text(encoding="utf-8") != text:
        print(f"{where} is not what {Path(__file__).name} makes", file=sys.stderr)
        return 1
    print(f"{where} is current: {len(rows)} recipes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
