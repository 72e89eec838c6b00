"""The recipe table, and the pure parts of the script that builds it."""

from __future__ import annotations

import importlib.util
import sys
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from agentgym_envs.textcraft.recipes import parse_table

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
ROWS_DIGEST = "84ba465e8b8083e41a35932bfe13741920fa4626ebafccb30e4dd66e657d208f"


@pytest.fixture(scope="module")
def script():
    path = SCRIPTS / "build_textcraft_recipes.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[path.stem]


@pytest.fixture(scope="module")
def facts(script):
    return script.read_facts(script.FACTS.read_text(encoding="utf-8"))


def rows() -> list[str]:
    table = files("agentgym_envs.textcraft") / "data" / "recipes.tsv"
    return table.read_text(encoding="utf-8").splitlines()[1:]


def test_the_table_is_the_published_one():
    content = "".join(f"{row}\n" for row in rows())
    assert sha256(content.encode()).hexdigest() == ROWS_DIGEST


@pytest.mark.parametrize(
    "row",
    [
        "acacia_fence\tS\t3\tacacia_fence\twooden_fence\t2 stick, 4 acacia_planks",
        "barrel\tS\t1\tbarrel\t\t6 #planks, 2 #wooden_slabs",
        "gold_ingot_from_nuggets\tS\t1\tgold_ingot\tgold_ingot\t9 gold_nugget",
        "light_gray_dye_from_black_white_dye\tL\t3\tlight_gray_dye\tlight_gray_dye\t"
        "1 black_dye, 2 white_dye",
        "soul_torch\tS\t4\tsoul_torch\t\t1 coal, 1 stick, 1 #soul_fire_base_blocks",
        "sugar\tL\t1\tsugar\t\t1 sugar_cane",
        "sugar_from_sugar_cane\tL\t1\tsugar\tsugar\t1 sugar_cane",
    ],
)
def test_rows_of_the_table(row):
    assert row in rows()


def test_the_table_has_491_shaped_and_144_shapeless_recipes():
    kinds = [row.split("\t")[1] for row in rows()]
    assert (kinds.count("S"), kinds.count("L")) == (491, 144)
    assert len(parse_table("header\n" + "\n".join(rows()))) == 635


def test_placeholders_stand_for_every_word(script):
    words = {"wood": ["oak", "birch"], "tool": ["axe"]}
    assert script.listed(["{wood}_{tool}", "bow"], words) == [
        "oak_axe",
        "birch_axe",
        "bow",
    ]
    assert script.written_out({"{wood}": ["{wood}_log"]}, words) == {
        "oak": ["oak_log"],
        "birch": ["birch_log"],
    }


def test_facts_are_written_out(facts):
    assert facts.tags["oak_logs"] == [
        "oak_log",
        "oak_wood",
        "stripped_oak_log",
        "stripped_oak_wood",
    ]
    assert len(facts.tags["logs"]) == 32
    assert len(facts.tags["wool"]) == 16
    assert facts.tags_of["barrel"] == ["planks", "wooden_slabs"]
    assert facts.first["wooden_axe"] == ["stick"]
    assert facts.files["red_bed"] == {"white_bed": "red_bed_from_white_bed"}


def variants_of(script, output, count, cells, wildcard, members):
    for member in members:
        filled = tuple(member if cell == wildcard else cell for cell in cells)
        yield script.Variant("S", output, count, filled)


def test_variants_become_one_recipe_with_a_tag(script, facts):
    cells = ("string", "string", "?", "?")
    planks = facts.tags["planks"]
    variants = list(variants_of(script, "loom", 1, cells, "?", planks))
    (row,) = script.build_rows(variants, script.Facts(**{**vars(facts), "copies": {}}))
    assert str(row) == "loom\tS\t1\tloom\t\t2 #planks, 2 string"


def test_a_missing_variant_is_noticed(script, facts):
    cells = ("string", "string", "?", "?")
    planks = facts.tags["planks"][1:]
    variants = list(variants_of(script, "loom", 1, cells, "?", planks))
    with pytest.raises(script.Mismatch, match="7 variants instead of 8"):
        script.build_rows(variants, facts)


def test_further_alternatives_are_left_out(script, facts):
    variants = [
        script.Variant("S", "torch", 4, ("coal", "stick")),
        script.Variant("S", "torch", 4, ("charcoal", "stick")),
    ]
    (recipe,) = script.with_tags(variants, facts)
    assert str(script.row_of(recipe, facts)) == "torch\tS\t4\ttorch\t\t1 stick, 1 coal"


def test_two_recipes_for_one_file_are_noticed(script, facts):
    variants = [
        script.Variant("L", "wheat", 9, ("hay_block",)),
        script.Variant("L", "wheat", 1, ("bread",)),
    ]
    with pytest.raises(script.Mismatch, match="two recipes for wheat"):
        script.build_rows(variants, facts)


def test_the_table_is_written_as_it_is_committed(script):
    text = script.TABLE.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "\t".join(script.COLUMNS)
    assert script.table_text(lines[1:]) == text
    assert script.TABLE.parent.joinpath("README.md").exists()
