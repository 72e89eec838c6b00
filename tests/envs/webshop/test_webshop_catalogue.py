from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_envs.webshop.catalogue import VERSION, generate
from agentgym_envs.webshop.catalogue.kinds import CATEGORIES, load_kinds
from agentgym_envs.webshop.catalogue.products import COMBINATIONS, asin_of

PRODUCTS, INSTRUCTIONS, HUMAN = generate(3000)
KINDS = {kind.query: kind for kind in load_kinds()}

# By version, of the first 2,000 products: other texts need another version, or caches
# and scores of one version would differ.
DIGESTS = {1: "432499b665b02608c93443cbdfec1117141e00e8c8a2840b35018b3846ad9afb"}

FIELDS = set(
    """
    name product_information brand brand_url full_description pricing list_price
    availability_quantity availability_status images product_category small_description
    total_reviews total_answered_questions customization_options seller_id seller_name
    fulfilled_by_amazon fast_track_message aplus_present small_description_old category
    query asin
    """.split()
)
BUTTONS = {
    *("search", "back to search", "< prev", "next >", "buy now"),
    *("description", "features", "reviews", "attributes"),
}


def groups_of(product):
    """The options as they are loaded: group name -> values."""
    options = product["customization_options"] or {}
    return {
        name.lower(): [
            option["value"].strip().replace("/", " | ").lower() for option in values
        ]
        for name, values in options.items()
        if values is not None
    }


def prices_of(product):
    pieces = (product["pricing"] or "").split("$")[1:]
    return [float(re.sub(r"[^0-9.]", "", piece)) for piece in pieces]


def page_text(product):
    bullets = product["small_description"]
    bullets = [bullets] if isinstance(bullets, str) else bullets
    text = [product["name"], *bullets, product["full_description"]]
    return "\n".join(text).lower()


def test_every_product_has_the_published_fields():
    for product in PRODUCTS:
        assert product.keys() == FIELDS
        assert re.fullmatch("[A-Z0-9]{10}", product["asin"])
        assert product["category"] in CATEGORIES
        assert product["query"] == product["query"].strip().lower()
        assert product["product_category"].count(" › ") >= 2
        assert product["name"].strip() and isinstance(product["full_description"], str)
        assert product["small_description"]  # an empty list would crash the original
        assert product["images"]


def test_every_price_can_be_read_as_the_original_reads_it():
    for product in PRODUCTS:
        assert product["pricing"] in ("", None) or re.fullmatch(
            r"(\$(\d{1,3},)*\d{1,3}\.\d\d){1,2}", product["pricing"]
        )
        prices = prices_of(product)
        assert prices == sorted(prices) and all(prices)


def test_options_are_objects_with_values_in_groups():
    for product in PRODUCTS:
        options = product["customization_options"]
        assert options in ("", None) or isinstance(options, dict)
        for values in (options or {}).values():
            assert values is None or all(
                isinstance(option["value"], str) and option["value"]
                for option in values
            )


def test_instructions_have_the_published_layout():
    assert INSTRUCTIONS.keys() == {product["asin"] for product in PRODUCTS}
    for record in INSTRUCTIONS.values():
        if record.keys() != {"attributes"}:
            assert record.keys() == {
                *("attributes", "instruction", "instruction_attributes")
            }
            assert re.fullmatch(r"Find me \S.*\S", record["instruction"])


def test_human_instructions_have_the_published_layout():
    assert INSTRUCTIONS.keys() >= HUMAN.keys()
    for asin, records in HUMAN.items():
        assert records
        for record in records:
            assert record["asin"] == asin
            assert record["instruction"] == record["instruction"].strip().lower()
            assert record["instruction_attributes"]


def test_a_wish_names_what_its_product_has():
    queries = {product["asin"]: product["query"] for product in PRODUCTS}
    for asin, record in INSTRUCTIONS.items():
        wanted = record.get("instruction_attributes", [])
        assert len(set(wanted)) == len(wanted)
        assert set(wanted) <= set(record["attributes"])
        if wanted:
            assert queries[asin] in record["instruction"]
        for text in wanted:
            assert text in record["instruction"]


def test_what_people_ask_for_is_there_and_can_be_chosen():
    groups = {product["asin"]: groups_of(product) for product in PRODUCTS}
    for asin, records in HUMAN.items():
        for record in records:
            assert set(record["instruction_attributes"]) <= set(
                INSTRUCTIONS[asin]["attributes"]
            )
            for text in record["instruction_attributes"]:
                assert text in record["instruction"]
            for value in record["instruction_options"]:
                assert value in record["instruction"]
                normalized = value.replace("/", " | ")
                assert any(normalized in values for values in groups[asin].values())


def test_no_two_choices_of_a_product_look_alike():
    for product in PRODUCTS:
        groups = groups_of(product)
        values = [value for group in groups.values() for value in group]
        assert len(set(values)) == len(values)
        assert not BUTTONS & set(values)
        assert not any("[" in value for value in values)
        assert prod(map(len, groups.values())) <= COMBINATIONS


def test_options_and_traits_are_those_of_the_kind():
    for product in PRODUCTS:
        kind = KINDS[product["query"]]
        known = {group.name: group for group in kind.groups}
        for name, values in groups_of(product).items():
            possible = [v.replace("/", " | ").lower() for v in known[name].values]
            assert set(values) <= set(possible) and len(values) <= known[name].most
        attributes = set(INSTRUCTIONS[product["asin"]]["attributes"])
        for slot in kind.slots:
            assert len(attributes & {trait.text for trait in slot.traits}) <= 1
        assert product["product_category"] == kind.path


def test_nothing_that_a_trait_rules_out_is_offered():
    for product in PRODUCTS:
        attributes = INSTRUCTIONS[product["asin"]]["attributes"]
        if "fragrance free" in attributes:
            assert "scent" not in groups_of(product)


def test_prices_are_usual_for_the_kind():
    for product in PRODUCTS:
        low, high = KINDS[product["query"]].price
        assert all(low <= price <= 2.2 * high + 2 for price in prices_of(product))


def test_pages_tell_of_their_attributes():
    for product in PRODUCTS:
        bullets = product["small_description"]
        if not isinstance(bullets, list) or bullets[0] == "":
            continue
        if not product["full_description"]:
            continue
        text = page_text(product)
        for attribute in INSTRUCTIONS[product["asin"]]["attributes"]:
            words = attribute.split()
            assert attribute in text or sum(w in text for w in words) * 2 >= len(words)


def test_no_slot_of_a_sentence_is_left_open():
    for product in PRODUCTS:
        text = page_text(product)
        assert not re.search(r"[{}<>|]", text.replace(" | ", " "))
        assert not re.search(r"\w  \w| \.| ,", text)
    for records in HUMAN.values():
        for record in records:
            assert not re.search(r"[{}*<>]|  | \.|\bnone\b", record["instruction"])


def test_the_blemishes_of_real_data_occur():
    prices = [prices_of(product) for product in PRODUCTS]
    assert {0, 1, 2} == set(map(len, prices))
    assert any(price[0] > 990 for price in prices if price)
    assert any("," in (product["pricing"] or "") for product in PRODUCTS)
    assert any(product["small_description"] == [""] for product in PRODUCTS)
    assert any(isinstance(product["small_description"], str) for product in PRODUCTS)
    assert any(product["full_description"] == "" for product in PRODUCTS)
    assert any(not product["customization_options"] for product in PRODUCTS)
    assert any(" | " in json.dumps(groups_of(product)) for product in PRODUCTS)
    assert any(not record["attributes"] for record in INSTRUCTIONS.values())
    asins = [product["asin"] for product in PRODUCTS]
    assert 0 < len(asins) - len(set(asins)) < len(asins) / 100


def test_repeated_entries_are_equal():
    seen = {}
    for product in PRODUCTS:
        assert seen.setdefault(product["asin"], product) == product


def test_a_thousand_products_make_several_thousand_goals():
    products, instructions, human = generate(1000)
    assert len(products) == 1000
    asked = [p for p in products if "instruction" in instructions[p["asin"]]]
    assert 350 <= len(asked) <= 480
    goals = sum(prod(map(len, groups_of(product).values())) for product in asked)
    assert 3000 <= goals <= 9000
    assert 300 <= sum(map(len, human.values())) <= 700


def test_names_and_kinds_vary():
    assert len(KINDS) >= 50
    assert {product["query"] for product in PRODUCTS} == KINDS.keys()
    assert {product["category"] for product in PRODUCTS} == set(CATEGORIES)
    names = {product["name"] for product in PRODUCTS}
    assert len(names) > 0.97 * len(PRODUCTS)
    assert len({product["brand"] for product in PRODUCTS}) > 150


@pytest.mark.parametrize("count", [0, 1, 2, 999])
def test_a_smaller_catalogue_is_the_start_of_a_larger_one(count):
    products, instructions, human = generate(count)
    assert products == PRODUCTS[:count]
    for asin, record in instructions.items():
        assert record == INSTRUCTIONS[asin]
        assert human.get(asin) == HUMAN.get(asin)


def test_another_seed_gives_another_shop():
    products, _, _ = generate(50, seed="another")
    assert [p["name"] for p in products] != [p["name"] for p in PRODUCTS[:50]]


def digest(count):
    return hashlib.sha256(json.dumps(generate(count)).encode()).hexdigest()


def test_a_change_of_the_catalogue_needs_a_new_version():
    assert digest(2000) == DIGESTS[VERSION]


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_other_processes_make_the_same_catalogue(hash_seed):
    program = (
        "import hashlib, json\n"
        "from agentgym_envs.webshop.catalogue import generate\n"
        "text = json.dumps(generate(300))\n"
        "print(hashlib.sha256(text.encode()).hexdigest())\n"
    )
    path = [entry for entry in sys.path if entry]
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(path)},
    )
    assert done.stdout.strip() == digest(300)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_different_products_have_different_ids(one, other):
    assert (asin_of(one) == asin_of(other)) == (one == other)
    assert re.fullmatch("B0[789][A-Z0-9]{7}", asin_of(one))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=20), st.integers(1, 12))
def test_any_seed_gives_a_sound_catalogue(seed, count):
    products, instructions, human = generate(count, seed=seed)
    assert len(products) == count
    assert instructions.keys() >= human.keys()
    for product in products:
        assert product.keys() == FIELDS
        record = instructions[product["asin"]]
        assert set(record.get("instruction_attributes", [])) <= {*record["attributes"]}
        json.dumps(product)
