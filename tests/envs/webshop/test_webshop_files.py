"""The published files: what is read from them, and what is wrong with others."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
import webshop_shelf as shelf

from agentgym_envs.errors import BadOption, DataError
from agentgym_envs.webshop import files
from agentgym_envs.webshop.files import find_files, read_products
from agentgym_envs.webshop.products import Product
from agentgym_envs.webshop.store import open_store


def read(folder, num_products=None):
    found = find_files(folder, num_products)
    return list(read_products(found, num_products))


def one(folder, **fields):
    """The product that a record with these fields becomes."""
    shelf.write(folder, [shelf.record("B000000001", "Lamp", **fields)], {}, {})
    return read(folder)[0][0]


def test_products_are_read_in_order_without_the_skipped_ones(folder):
    asins = [product.asin for product, _ in read(folder)]
    assert asins == ["B0LAMP0001", "B0LAMP0002", "B0TEA00001", "B0SOFA0001"]


def test_the_first_of_two_records_with_one_asin_counts(folder):
    assert read(folder)[0][0].title == "Brass Desk Lamp"


def test_so_many_records_are_on_sale_and_so_many_products_in_the_index(folder):
    read_three = [(product.asin, on_sale) for product, on_sale in read(folder, 3)]
    # Of the first three records, one is skipped; the index goes on to the third
    # product, which is beyond them.
    assert read_three == [
        ("B0LAMP0001", True),
        ("B0LAMP0002", True),
        ("B0TEA00001", False),
    ]


def test_options_are_normalised_and_null_groups_left_out(folder):
    lamp, floor_lamp = (product for product, _ in read(folder)[:2])
    assert lamp.options == {
        "size": ("small", "large"),
        "color": ("red", "rose | gold", "green stripe"),
    }
    assert floor_lamp.options == {"wattage": ("40w",)}


def test_an_empty_group_stays_without_values(tmp_path):
    assert one(tmp_path, customization_options={"Color": []}).options == {"color": ()}


@pytest.mark.parametrize(
    ("pricing", "prices", "tag"),
    [
        ("$12.99", (12.99,), "$12.99"),
        ("$5", (5.0,), "$5.0"),
        ("$1,299.00", (1299.0,), "$1299.0"),
        ("$12.99$24.99", (12.99, 24.99), "$12.99 to $24.99"),
        ("$12.99 - $24.99", (12.99, 24.99), "$12.99 to $24.99"),
        ("$1.00$2.00$3.00", (1.0, 2.0), "$1.0 to $2.0"),
        ("from $7.50", (7.5,), "$7.5"),
        ("", (100.0,), "$100.0"),
        (None, (100.0,), "$100.0"),
    ],
)
def test_prices(tmp_path, pricing, prices, tag):
    product = one(tmp_path, pricing=pricing)
    assert product.prices == prices
    assert product.price_tag == tag


def test_one_bullet_may_be_a_text_and_queries_are_trimmed(folder):
    floor_lamp = read(folder)[1][0]
    assert floor_lamp.bullets == ("Only point",)
    assert floor_lamp.query == "lamp"


def test_null_texts_are_shown_as_none(tmp_path):
    assert one(tmp_path, full_description=None).description == "None"


def test_attributes_default_to_the_dummy(tmp_path):
    records = [shelf.record(f"B00000000{n}", "Lamp") for n in range(3)]
    notes = {"B000000001": {}, "B000000002": {"attributes": []}}
    shelf.write(tmp_path, records, notes, {})
    attributes = [product.attributes for product, _ in read(tmp_path)]
    assert attributes == [("DUMMY_ATTR",), ("DUMMY_ATTR",), ()]


def test_the_indexed_text(folder):
    assert read(folder)[0][0].document == (
        "brass desk lamp about the brass desk lamp. first point "
        "size: small, large, and color: red, rose | gold, green stripe"
    )


def test_the_indexed_text_of_a_product_without_bullets(tmp_path):
    product = one(tmp_path, small_description=[])
    assert product.document == "lamp about the lamp.  "


def test_a_product_survives_its_line(folder):
    for product, _ in read(folder):
        assert Product.from_line(product.to_line()) == product


def test_the_smaller_files_serve_a_small_shop_and_the_full_ones_a_large(tmp_path):
    shelf.write(tmp_path)
    for name in ("items_shuffle", "items_ins_v2"):
        (tmp_path / f"{name}.json").rename(tmp_path / f"{name}_1000.json")
    assert find_files(tmp_path, 1000).products.name == "items_shuffle_1000.json"
    assert find_files(tmp_path, None).products.name == "items_shuffle_1000.json"
    shelf.write(tmp_path)
    assert find_files(tmp_path, 1000).notes.name == "items_ins_v2_1000.json"
    assert find_files(tmp_path, 100_000).products.name == "items_shuffle.json"
    assert find_files(tmp_path, None).notes.name == "items_ins_v2.json"


def test_the_folder_above_data_does_as_well(tmp_path):
    shelf.write(tmp_path / "data")
    assert find_files(tmp_path, 100).products.parent == tmp_path / "data"


def test_a_long_file_is_read_in_pieces(folder, monkeypatch):
    whole = read(folder)
    for size in (1, 7, 100):
        monkeypatch.setattr(files, "CHUNK", size)
        assert read(folder) == whole


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no items_shuffle.json, nor items_shuffle_1"):
        shelf.make(tmp_path)
    shelf.write(tmp_path)
    (tmp_path / "items_human_ins.json").unlink()
    with pytest.raises(DataError, match=r"holds no items_human_ins.json$"):
        shelf.make(tmp_path)
    with pytest.raises(DataError, match="there is no such folder"):
        shelf.make(tmp_path / "nothing")
    with pytest.raises(DataError, match="this is a file"):
        shelf.make(tmp_path / "items_shuffle.json")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("asin", None),
        ("name", 3),
        ("full_description", []),
        ("small_description", [1]),
        ("pricing", "free"),
        ("pricing", "$"),
        ("pricing", "$1.2.3"),
        ("pricing", 12.5),
        ("customization_options", [1]),
        ("customization_options", {"Color": "red"}),
        ("customization_options", {"Color": [{"image": "x"}]}),
        ("customization_options", {"Color": ["red"]}),
        ("category", None),
        ("query", None),
        ("product_category", 1),
    ],
)
def test_a_wrong_field_is_named_with_file_and_record(tmp_path, field, value):
    records = deepcopy(shelf.RECORDS)
    records[2][field] = value
    shelf.write(tmp_path, records)
    with pytest.raises(DataError) as caught:
        shelf.make(tmp_path)
    for word in ("items_shuffle.json", "record 2", field):
        assert word in str(caught.value)


@pytest.mark.parametrize("field", ["name", "small_description", "query"])
def test_a_missing_field_is_named(tmp_path, field):
    records = deepcopy(shelf.RECORDS)
    del records[0][field]
    shelf.write(tmp_path, records)
    with pytest.raises(DataError, match=rf"record 0 \(B0LAMP0001\).*'{field}'"):
        shelf.make(tmp_path)


@pytest.mark.parametrize(
    ("notes", "word"),
    [
        ({"attributes": "x"}, "attributes"),
        ({"instruction": 1}, "instruction"),
        ({"instruction": "Find me"}, "instruction_attributes"),
        ({"instruction": "Find me", "instruction_attributes": []}, "something in it"),
        ([], "no object"),
    ],
)
def test_wrong_attributes_are_named(tmp_path, notes, word):
    shelf.write(tmp_path, notes={"B0TEA00001": notes})
    with pytest.raises(DataError, match=rf"items_ins_v2.json.*B0TEA00001.*{word}"):
        shelf.make(tmp_path)


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({}, "no list"),
        ([3], r"\[0\] is no object"),
        ([{"instruction": "x", "instruction_attributes": []}], "instruction_options"),
    ],
)
def test_wrong_human_instructions_are_named(tmp_path, wishes, word):
    shelf.write(tmp_path, wishes={"B0TEA00001": wishes})
    with pytest.raises(DataError, match=rf"items_human_ins.json.*B0TEA00001.*{word}"):
        shelf.make(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "no JSON array"),
        ("", "no JSON array"),
        ("[", "record 0 is not JSON"),
        ('[{"asin": ', "record 0 is not JSON"),
        ("[1 2]", "record 0 is no object"),
        ("[]", "lists no product"),
        ("[" * 100_000, "record 0 is not JSON"),
        (json.dumps(shelf.RECORDS)[:-1] + "}", "not JSON after record 6"),
    ],
)
def test_a_damaged_product_file_is_refused(tmp_path, text, message):
    shelf.write(tmp_path)
    (tmp_path / "items_shuffle.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        shelf.make(tmp_path)


def test_a_damaged_attribute_file_is_refused(tmp_path):
    shelf.write(tmp_path)
    for text, message in (("[]", "no JSON object"), ("{", "is not JSON")):
        (tmp_path / "items_ins_v2.json").write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=message):
            shelf.make(tmp_path)


def test_a_changed_file_is_read_again(tmp_path):
    shelf.write(tmp_path)
    assert len(shelf.make(tmp_path, split="all", num_products=7).tasks) == 7
    shelf.write(tmp_path, notes={"B0TEA00001": shelf.NOTES["B0TEA00001"]})
    files_now = find_files(tmp_path, 7)
    assert open_store(files_now, 7).combinations.tolist() == [-1, -1, 1, -1]


@pytest.mark.parametrize(
    "name", ["names.json", "offsets.npy", "products.jsonl", "index"]
)
def test_a_damaged_preparation_is_made_again(tmp_path, monkeypatch, name):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = find_files(shelf.write(tmp_path / "shop"), None)
    open_store(found, None)
    (folder,) = (tmp_path / "cache").glob("*/webshop/shop-*")
    if (folder / name).is_dir():
        (folder / name).rename(folder / "elsewhere")
    else:
        (folder / name).write_bytes(b"")
    store = open_store(found, None)
    assert store.product(2).title == "Green Tea"
    assert store.search("oak", 50) == [1]


def test_an_original_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shelf.write(tmp_path / "shop", [shelf.RECORDS[0], {"asin": "B000000001"}])
    with pytest.raises(DataError, match="record 1"):
        open_store(find_files(tmp_path / "shop", None), None)
    assert not list((tmp_path / "cache").glob("*/webshop/*"))


def test_without_a_cache_a_temporary_folder_serves(tmp_path, monkeypatch):
    shelf.write(tmp_path / "shop")
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    store = open_store(find_files(tmp_path / "shop", None), None)
    assert [store.product(row).asin for row in range(len(store))] == [
        "B0LAMP0001",
        "B0LAMP0002",
        "B0TEA00001",
        "B0SOFA0001",
    ]


@pytest.mark.parametrize(
    "keywords",
    [
        {"num_products": 0},
        {"num_products": True},
        {"num_products": None},
        {"num_products": 7, "parity": True},
        {"human_goals": 1},
        {"human_goal_mode": "both"},
        {"price_seed": 1.0},
        {"noun_fn": "nltk"},
        {"noun_fn": None},
        {"show_attrs": "yes"},
        {"search_limit": 0},
    ],
)
def test_a_wrong_keyword_is_refused(keywords):
    (name,) = keywords.keys() - {"parity"}
    with pytest.raises(BadOption, match=name):
        shelf.make(None, **keywords)
