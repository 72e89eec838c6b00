"""Pages: their segments, blank texts, and what can be clicked."""

from __future__ import annotations

import re

import pytest
import webshop_shelf as shelf
from hypothesis import given
from hypothesis import strategies as st
from webshop_shelf import parts

from agentgym_envs.webshop import pages
from agentgym_envs.webshop.engine import parse

GOAL = (
    "Find me easy clean lamp with color: red, and size: small, "
    "and price lower than 50.00 dollars"
)
HEAD = ["Instruction:", GOAL]
LAMP_ITEM = [
    *HEAD,
    "Back to Search",
    "< Prev",
    *("size", "small", "large"),
    *("color", "red", "rose | gold", "green stripe"),
    "Brass Desk Lamp",
    "Price: $25.0",
    "Rating: N.A.",
    *("Description", "Features", "Reviews"),
    "Buy Now",
]


@pytest.fixture
def env(folder):
    env = shelf.make(folder, split="all", horizon=50)
    env.reset(options={"item": 1})
    return env


def see(env, *actions):
    """The segments after these actions."""
    for action in actions:
        text, *_ = env.step(action)
    return parts(text)


def clickables(env):
    return env._family_info()["available_actions"]["clickables"]


def test_the_front_page(env):
    text, info = env.reset(options={"item": 1})
    assert text == f"WebShop [SEP] Instruction: [SEP] {GOAL} [SEP] Search"
    assert info["available_actions"] == {
        "has_search_bar": True,
        "clickables": ["search"],
    }


def test_a_page_of_results(env):
    assert see(env, "search[<q> lamp]") == [
        *HEAD,
        "Back to Search",
        "Page 1 (Total results: 2)",
        "Next >",
        *("B0LAMP0001", "Brass Desk Lamp", "$25.0"),
        *("B0LAMP0002", "Oak Floor Lamp", "$40.0 to $80.0"),
    ]
    assert clickables(env) == ["back to search", "next >", "b0lamp0001", "b0lamp0002"]


def test_pages_beyond_the_last_are_empty(env):
    assert see(env, "search[<q> lamp]", "click[next >]", "click[Next >]") == [
        *HEAD,
        "Back to Search",
        "Page 3 (Total results: 2)",
        "< Prev",
        "Next >",
    ]
    assert clickables(env) == ["back to search", "< prev", "next >"]


def test_a_products_page(env):
    assert see(env, "search[<q> lamp]", "click[B0LAMP0001]") == LAMP_ITEM
    assert clickables(env) == [
        *("back to search", "< prev", "description", "features", "reviews", "buy now"),
        *("small", "large", "red", "rose | gold", "green stripe"),
    ]


def test_choosing_an_option_leaves_no_mark(env):
    actions = ("search[<q> lamp]", "click[b0lamp0001]", "click[red]")
    assert see(env, *actions) == LAMP_ITEM


@pytest.mark.parametrize(
    ("tab", "content"),
    [
        ("description", ["About the Brass Desk Lamp."]),
        ("features", ["First point", "Second point"]),
        ("reviews", []),
    ],
)
def test_the_pages_behind_a_product(env, tab, content):
    actions = ("search[<q> lamp]", "click[b0lamp0001]", f"click[{tab}]")
    assert see(env, *actions) == [*HEAD, "Back to Search", "< Prev", *content]
    assert clickables(env) == ["back to search", "< prev"]


def test_attributes_have_a_page_where_they_are_shown(folder):
    env = shelf.make(folder, split="all", show_attrs=True)
    env.reset(options={"item": 1})
    page = see(env, "search[<q> lamp]", "click[b0lamp0001]")
    assert page[-5:] == ["Description", "Features", "Reviews", "Attributes", "Buy Now"]
    assert see(env, "click[attributes]") == [
        *HEAD,
        *("Back to Search", "< Prev", "easy clean", "high power"),
        *("garden", "lamp", "Home › Lighting › Lamps"),
    ]


def test_a_blank_attribute_stays_as_an_empty_segment(tmp_path):
    notes = {**shelf.NOTES["B0LAMP0001"], "attributes": ["easy clean", ""]}
    shelf.write(tmp_path, notes={"B0LAMP0001": notes})
    env = shelf.make(tmp_path, split="all", show_attrs=True)
    env.reset(options={"item": 0})
    page = see(env, "search[<q> lamp]", "click[b0lamp0001]", "click[attributes]")
    assert page[4:7] == ["easy clean", "", "garden"]


def test_blank_bullets_stay_as_empty_segments_unless_they_have_a_line_break(env):
    page = see(env, "search[<q> green tea]", "click[b0tea00001]", "click[features]")
    assert page == [*HEAD, "Back to Search", "< Prev", "Fresh", "", ""]


def test_an_empty_description_is_no_segment(env):
    page = see(env, "search[oak]", "click[b0lamp0002]", "click[description]")
    assert page == [*HEAD, "Back to Search", "< Prev"]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", []),
        ("  ", [""]),
        (" \t", [""]),
        (" \n ", []),
        ("\n", []),
        ("\r", [""]),
        ("\u00a0", [""]),
        ("\u00a0\n", [""]),
        ("\x0b\n", [""]),
        (" a\u00a0b\u2003", ["a\u00a0b"]),
        ("<b>&amp;</b>", ["<b>&amp;</b>"]),
        ("None", ["None"]),
    ],
)
def test_text_nodes(text, segments):
    assert pages.node(text) == segments


def test_the_receipt(env):
    text = " [SEP] ".join(
        see(
            env,
            "search[<q> lamp]",
            *(f"click[{name}]" for name in ("b0lamp0001", "small", "Red", "Buy Now")),
        )
    )
    assert text == (
        "Thank you for shopping with us! [SEP] Your code: [SEP] None [SEP] "
        "(Paste it in your MTurk interface.) [SEP] Purchased [SEP] asin [SEP] "
        'B0LAMP0001 [SEP] options [SEP] {"color": "red", "size": "small"} [SEP] '
        "attrs [SEP] None [SEP] category [SEP] None [SEP] query [SEP] None [SEP] "
        "product category [SEP] None [SEP] Target [SEP] asin [SEP] options [SEP] "
        "attrs [SEP] price upper [SEP] instuction text [SEP] category [SEP] "
        "product category [SEP] query [SEP] Goal [SEP] None [SEP] Reward [SEP] "
        "Your score (min 0.0, max 1.0) [SEP] 1.0 [SEP] Reward Details [SEP] None"
    )
    assert env._family_info()["available_actions"] == {
        "has_search_bar": False,
        "clickables": [],
    }


def test_options_on_the_receipt_are_escaped_as_in_a_page():
    options = {"b": "<é> & 'x' \"y\"", "a": "1/2"}
    assert parts(pages.done("A", options, 1 / 3))[8] == (
        '{"a": "1/2", "b": "\\u003c\\u00e9\\u003e \\u0026 \\u0027x\\u0027 \\"y\\""}'
    )
    assert parts(pages.done("A", {}, 1 / 3))[-3] == "0.3333333333333333"


def test_equal_names_are_one_clickable_at_the_first_place(tmp_path):
    record = shelf.record(
        "B000000001",
        "Lamp",
        customization_options={
            "Color": shelf.values("red", "Features", "blue"),
            "Shade": shelf.values("blue", "green"),
        },
    )
    notes = {"B000000001": shelf.NOTES["B0LAMP0001"]}
    shelf.write(tmp_path, [record], notes, {})
    env = shelf.make(tmp_path, split="all")
    env.reset(options={"item": 0})
    see(env, "search[lamp]", "click[b000000001]")
    assert clickables(env) == [
        *("back to search", "< prev", "description", "features", "reviews", "buy now"),
        *("red", "blue", "green"),
    ]


@given(st.text(alphabet="ab[] \n\rS", max_size=12))
def test_actions_are_split_as_by_the_original_pattern(text):
    match = re.match(r"(.+)\[(.+)\]", text)
    expected = (match[1], match[2].lower()) if match else (text, "")
    assert parse(text) == expected


def test_a_hostile_action_is_split_in_no_time():
    assert parse("[" * 4096) == ("[" * 4096, "")
    assert parse("a" + "[" * 4000 + "]") == ("a" + "[" * 3998, "[")
