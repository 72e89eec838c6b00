"""The reward, factor by factor."""

from __future__ import annotations

import pytest
import webshop_shelf as shelf
from webshop_shelf import record

from agentgym_envs.webshop.files import find_files, read_products
from agentgym_envs.webshop.goals import NO_LIMIT, Goal
from agentgym_envs.webshop.nouns import open_nouns, words_of
from agentgym_envs.webshop.reward import (
    count_options,
    has_attribute,
    kind_of_match,
    likeness,
    plain_colour,
    reward_of,
)


@pytest.fixture
def product(tmp_path):
    """A maker of products: the record's fields, and attributes."""
    numbers = iter(range(100))

    def make(name="Brass Desk Lamp", attributes=("easy clean",), **fields):
        folder = tmp_path / str(next(numbers))
        asin = "B000000001"
        notes = {asin: {"attributes": list(attributes)}}
        shelf.write(folder, [record(asin, name, **fields)], notes, {})
        ((made, _),) = read_products(find_files(folder, None), None)
        return made

    return make


def goal(product, *, attributes=("easy clean",), options=(), limit=50.0):
    return Goal(0, product, "Find me a lamp", attributes, options, limit)


def test_a_purchase_that_fulfils_everything_earns_one(product):
    lamp = product()
    wanted = goal(lamp, options={"color": "red", "size": "small"})
    total, parts = reward_of(wanted, lamp, 25.0, ["small", "red"], words_of)
    assert total == 1.0
    assert parts == {
        "r_type": 1.0,
        "query_match": True,
        "category_match": True,
        "title_score": 1.0,
        "r_att": 1.0,
        "w_att": 0.25,
        "r_price": 1.0,
        "w_price": 0.25,
        "r_option": 1.0,
        "w_option": 0.5,
    }


def test_each_missing_piece_costs_its_share(product):
    lamp = product()
    wanted = goal(
        lamp,
        attributes=("easy clean", "waterproof"),
        options={"color": "red", "size": "small"},
        limit=20.0,
    )
    total, parts = reward_of(wanted, lamp, 25.0, ["red"], words_of)
    assert total == (1 + 1 + 0) / 5
    assert (parts["r_att"], parts["r_option"], parts["r_price"]) == (0.5, 0.5, 0.0)
    assert reward_of(wanted, lamp, 20.0, ["red"], words_of).total == 3 / 5


def test_without_options_there_is_no_part_for_them(product):
    lamp = product()
    total, parts = reward_of(goal(lamp, limit=NO_LIMIT), lamp, 5e5, [], words_of)
    assert total == 1.0
    assert "r_option" not in parts and "w_option" not in parts


def test_attributes_match_by_words_or_in_the_texts(product):
    lamp = product(
        name="Waterproof Lamp",
        attributes=["easy to clean", "high-power"],
        small_description=["A Non GMO", "lamp of glass"],
        full_description="Made by Hand",
    )
    # A set of words within another one counts as the same.
    for name in ("easy clean", "high power", "power high"):
        assert has_attribute(lamp, name)
    for name in ("waterproof", "gmo lamp", "by hand"):
        assert has_attribute(lamp, name)
    # What is looked for in the texts is not put into lower case itself.
    for name in ("Waterproof", "By Hand", "long lasting"):
        assert not has_attribute(lamp, name)


@pytest.mark.parametrize(
    ("fields", "query_match", "category_match", "title_score", "r_type"),
    [
        ({}, True, True, 1.0, 1.0),
        # Another query, but two shared categories.
        ({"query": "light"}, False, True, 1.0, 1.0),
        # Nothing but more than a fifth of the title's words.
        ({"query": "x", "product_category": "Home"}, False, False, 1.0, 1.0),
        ({"query": "x", "product_category": "a › b", "name": "Brass"}, 0, 0, 1 / 3, 1),
        # The query is right, but no word of the title is.
        ({"name": "Candle"}, True, True, 0.0, 0.0),
    ],
)
def test_the_kind_of_product(
    product, fields, query_match, category_match, title_score, r_type
):
    found = kind_of_match(product(), product(**fields), words_of)
    assert found == {
        "query_match": bool(query_match),
        "category_match": bool(category_match),
        "title_score": title_score,
        "r_type": r_type,
    }


def test_a_title_score_of_a_fifth_is_too_little_without_query_or_category(product):
    wanted = product(name="one two three four five")
    other = {"query": "x", "product_category": "y"}
    found = kind_of_match(wanted, product(name="five six", **other), words_of)
    assert (found["title_score"], found["r_type"]) == (0.2, 0.5)


def test_a_title_score_below_a_tenth_leaves_a_tenth_of_the_reward(product):
    wanted = product(name="one two three four five six seven eight nine ten eleven")
    bought = product(name="one")
    found = kind_of_match(wanted, bought, words_of)
    assert (found["title_score"], found["r_type"]) == (1 / 11, 0.1)
    # First the share, then the factor: the last digit depends on it.
    wish = goal(wanted, attributes=("easy clean", "x"), options=("red",))
    total, _ = reward_of(wish, bought, 25.0, ["red"], words_of)
    assert total == 3 / 4 * 0.1


def test_repeated_nouns_count_in_the_length_only(product):
    wanted, bought = product(name="Lamp lamp LAMP desk"), product(name="lamp")
    assert kind_of_match(wanted, bought, words_of)["title_score"] == 0.25


def test_a_title_without_nouns_scores_a_fifth(product):
    found = kind_of_match(product(name="!!!"), product(name="???"), words_of)
    assert (found["title_score"], found["r_type"]) == (0.2, 1.0)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("green stripe", "green"),
        ("dark red", "dark"),  # the first of the list, not of the text
        ("colored", "red"),  # anywhere in the text
        ("small", "small"),
        (("color", "red"), "red"),
        (("red", "small"), "red"),
        (("color", "green stripe"), ("color", "green stripe")),
    ],
)
def test_colours(value, plain):
    assert plain_colour(value) == plain


@pytest.mark.parametrize(
    ("wanted", "chosen", "matches"),
    [
        ([("color", "red")], ["red"], 1),
        ([("color", "green stripe")], ["green stripe"], 1),
        ([("color", "green stripe")], ["green"], 1),
        ([("color", "green stripe")], ["blue stripe"], 0),
        # From whatever group the value is.
        ([("size", "4 x 6")], ["6 x"], 1),
        ([("size", "small")], ["large"], 0),
        ([("size", "small"), ("fit", "small")], ["small"], 2),
        ([("color", "red")], [], 0),
        (["green stripe"], ["green"], 1),
        (["light green"], ["light blue"], 0),
        (["olive green"], ["green tea"], 1),
        (["dark olive"], ["dark blue"], 0),
        (["5 ounce (pack of 2)"], ["5 ounce (pack of 2)"], 1),
        ([], ["red"], 0),
    ],
)
def test_options(wanted, chosen, matches):
    assert count_options(wanted, chosen) == matches


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("easy clean", "clean, EASY!", 100),
        ("easy", "easy clean", 100),
        ("caf\u00e9 au lait", "caf au lait", 100),  # Latin-1's upper half is dropped
        ("\u5f31", "\u5f31", 100),  # other letters are not
        ("", "", 0),
        ("!!", "!!", 0),
        ("\u00e9", "\u00e9", 0),
        ("snake_case", "snake case", 50),
        ("lamp", "lamps", 89),
        ("red", "bed", 67),
    ],
)
def test_texts_are_compared_as_sets_of_words(one, other, score):
    assert likeness(one, other) == score
    assert likeness(other, one) == score


def test_prices_at_the_limit_are_low_enough(product):
    lamp = product()
    assert reward_of(goal(lamp, limit=30.0), lamp, 30.0, [], words_of).total == 1.0
    assert reward_of(goal(lamp, limit=30.0), lamp, 30.01, [], words_of).total == 0.5


def test_a_spacy_model_can_say_what_nouns_are(tmp_path):
    spacy = pytest.importorskip("spacy")
    tagger = spacy.blank("en")
    rules = tagger.add_pipe("attribute_ruler")
    for word, tag in (("lamp", "NOUN"), ("acme", "PROPN"), ("bright", "ADJ")):
        rules.add([[{"LOWER": word}]], {"POS": tag})
    tagger.to_disk(tmp_path / "model")
    nouns = open_nouns(f"spacy:{tmp_path / 'model'}")
    assert nouns("Bright ACME Lamp, lamp") == ("acme", "lamp", "lamp")
