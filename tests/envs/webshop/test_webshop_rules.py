"""What actions do: transitions, edge cases, and the original's failures."""

from __future__ import annotations

import pytest
import webshop_shelf as shelf
from webshop_shelf import parts

from agentgym_envs.webshop.engine import SERVER_ERROR
from agentgym_envs.webshop.env import NOTHING_THERE

LAMP = ("search[<q> lamp]", "click[b0lamp0001]")


@pytest.fixture
def env(folder):
    env = shelf.make(folder, split="all", horizon=1000)
    env.reset(options={"item": 1})
    return env


@pytest.fixture
def original(folder):
    env = shelf.make(folder, split="all", parity=True, num_products=None)
    env.reset(options={"item": 1})
    return env


def do(env, *actions):
    for action in actions:
        reply = env.step(action)
    return reply


def visit(env):
    return env._state


@pytest.mark.parametrize(
    "action",
    [
        "Search[lamp]",
        " search[lamp]",
        "search[]",
        "search lamp",
        "search[lamp",
        "search[lamp] and [x]",
        "search\n[lamp]",
        "click[search]",
        "click[]",
        "click[b0lamp0001]",
        "click[ search]",
        "Click[search]",
        "think[lamp]",
        "",
    ],
)
def test_what_is_no_action_shows_the_page_again(env, original, action):
    for shop, note in ((env, f"{NOTHING_THERE} [SEP] "), (original, "")):
        front = shop.reset(options={"item": 1})[0]
        text, reward, terminated, _, info = shop.step(action)
        assert (text, reward, terminated) == (note + front, 0.0, False)
        assert info["invalid_action"]


@pytest.mark.parametrize(
    "action",
    [
        "search[<Q> LAMP]",
        "search[<q> lamp] then click",
        "search[<q> lamp]\nclick[next >]",
    ],
)
def test_searches_that_are_understood(env, action):
    text, *_, info = env.step(action)
    assert "Page 1 (Total results: 2)" in parts(text)
    assert not info["invalid_action"]


@pytest.mark.parametrize(
    "before",
    [LAMP, (*LAMP, "click[features]"), ("search[tea]", "click[next >]")],
    ids=["item", "tab", "results"],
)
def test_a_search_works_on_every_page(env, before):
    text, *_ = do(env, *before, "click[small]", "search[<q> sofa]")
    assert parts(text)[-3:] == ["B0SOFA0001", "Velvet Sofa", "$100.0"]
    assert visit(env).options == {}


def test_keywords_are_kept_as_written(env):
    do(env, "search[Oak   lamp ]")
    assert visit(env).keywords == "oak   lamp "


def test_a_page_can_be_turned_back(env):
    first, *_ = do(env, "search[<q> lamp]")
    assert do(env, "click[next >]", "click[< prev]")[0] == first
    assert do(env, "click[< prev]")[4]["invalid_action"]


def test_from_a_product_back_to_the_same_page_of_results(env):
    do(env, *LAMP, "click[red]")
    text, *_ = do(env, "click[< prev]")
    assert "Page 1 (Total results: 2)" in parts(text)
    assert (visit(env).row, visit(env).options) == (-1, {})


def test_from_a_tab_back_to_the_product_with_its_options(env):
    do(env, *LAMP, "click[red]", "click[description]", "click[< prev]", "click[small]")
    assert visit(env).kind == "item"
    assert visit(env).options == {"color": "red", "size": "small"}


def test_the_second_value_of_a_group_replaces_the_first(env):
    do(env, *LAMP, "click[red]", "click[rose | gold]")
    assert visit(env).options == {"color": "rose | gold"}


def test_back_to_search_forgets_everything(env):
    front = env.reset(options={"item": 1})[0]
    for action in (*LAMP, "click[red]", "click[reviews]"):
        env.step(action)
    assert env.step("click[Back to Search]")[0] == front
    assert visit(env) == type(visit(env))()


def test_an_option_called_like_a_button_acts_as_that_button(tmp_path):
    record = shelf.record(
        "B000000001",
        "Lamp",
        customization_options={
            "Color": shelf.values(
                "attributes", "next >", "< Prev", "a[b", "search", "[x]"
            )
        },
    )
    notes = {"B000000001": {**shelf.NOTES["B0LAMP0001"]}}
    shelf.write(tmp_path, [record], notes, {})
    env = shelf.make(tmp_path, split="all", horizon=100)
    env.reset(options={"item": 0})
    item = do(env, "search[lamp]", "click[b000000001]")[0]
    assert do(env, "click[attributes]")[0].endswith("Home › Lighting › Lamps")
    # On a product's page, "next >" is an option like any other.
    assert do(env, "click[< prev]", "click[next >]")[0] == item
    assert visit(env).options == {"color": "next >"}
    for unclickable in ("click[a[b]", "click[search]", "click[[x]]"):
        assert do(env, unclickable)[4]["invalid_action"]
    assert visit(env).options == {"color": "next >"}
    assert "Page 1 (Total results: 1)" in do(env, "click[< prev]")[0]


def test_a_value_of_two_groups_counts_for_the_last(tmp_path):
    record = shelf.record(
        "B000000001",
        "Lamp",
        customization_options={
            "Shade": shelf.values("blue"),
            "Base": shelf.values("blue", "red"),
        },
    )
    notes = {"B000000001": shelf.NOTES["B0LAMP0001"]}
    shelf.write(tmp_path, [record], notes, {})
    env = shelf.make(tmp_path, split="all")
    env.reset(options={"item": 0})
    do(env, "search[lamp]", "click[b000000001]", "click[blue]")
    assert visit(env).options == {"base": "blue"}


def test_categories_and_queries_are_listed_in_the_catalogues_order(env):
    asins = parts(do(env, "search[<c> garden]")[0])[5::3]
    assert asins == ["B0LAMP0001", "B0LAMP0002", "B0SOFA0001"]
    for search in ("search[<c> gardens]", "search[<q> green]", "search[<q>]"):
        assert "Total results: 0" in do(env, search)[0]
    assert "Total results: 1" in do(env, "search[<q> Green Tea]")[0]
    # Of a category only the first word counts.
    assert "Total results: 3" in do(env, "search[<c> garden lamp]")[0]


def test_stop_words_find_nothing(env):
    assert "Total results: 0" in do(env, "search[the and of]")[0]


def test_products_of_the_index_that_are_not_on_sale_are_not_shown(folder):
    env = shelf.make(folder, split="all", num_products=3)
    env.reset(options={"item": 0})
    assert "Total results: 0" in do(env, "search[tea]")[0]
    assert "Total results: 2" in do(env, "search[lamp]")[0]


def test_random_products(env):
    text, *_ = do(env, "search[<r>]")
    assert "Page 1 (Total results: 4)" in text
    pages = {do(env, f"search[<r> {n}]")[0] for n in range(20)}
    assert len(pages) > 5


def test_random_products_are_drawn_again_when_pages_are_turned():
    env = shelf.make(None, parity=True)
    env.reset(seed=0)
    first, *_ = do(env, "search[<r>]")
    assert "Page 1 (Total results: 50)" in first
    again, *_ = do(env, "click[next >]", "click[< prev]")
    assert again != first
    env.reset(seed=0)
    assert do(env, "search[<r>]")[0] == first


@pytest.mark.parametrize("search", ["search[<a> easy]", "search[<c>]", "search[<r>]"])
def test_the_original_fails_on_some_searches(env, original, search):
    text, reward, terminated, _, info = original.step(search)
    assert (text, reward, terminated) == (SERVER_ERROR, 0.0, False)
    assert info["steps"] == 1
    assert "Page 1 (Total results:" in env.step(search)[0]


def test_after_a_failure_the_original_knows_no_product_any_more(original):
    do(original, *LAMP, "click[red]")
    assert do(original, "search[<a>]")[0] == SERVER_ERROR
    # The page is still the product's, and most of its buttons fail.
    assert "Brass Desk Lamp" in do(original, "nonsense")[0]
    for name in ("red", "description", "< prev", "buy now"):
        assert do(original, f"click[{name}]")[0] == SERVER_ERROR
    assert original.expert_action().startswith("search[")
    assert do(original, "click[back to search]")[0].endswith("Search")
    assert do(original, *LAMP, "click[buy now]")[1] > 0


def test_after_a_failure_results_cannot_be_turned_but_opened(original):
    do(original, "search[<q> lamp]", "search[<c>]")
    assert do(original, "click[next >]")[0] == SERVER_ERROR
    assert "Brass Desk Lamp" in do(original, "click[b0lamp0001]")[0]
    assert "First point" in do(original, "click[features]")[0]
    do(original, "click[< prev]")
    assert do(original, "click[< prev]")[0] == SERVER_ERROR
    assert do(original, "click[red]")[0] == SERVER_ERROR
    assert "Total results: 2" in do(original, "search[<q> lamp]")[0]
    assert "Total results: 2" in do(original, "click[next >]")[0]


def test_the_shop_stays_open_after_the_purchase_in_the_original(original):
    win = (*LAMP, "click[red]", "click[small]", "click[buy now]")
    text, reward, terminated, *_ = do(original, *win)
    assert (reward, terminated) == (1.0, True)
    again, reward, terminated, _, info = do(original, "click[back to search]")
    assert (again, reward, terminated) == (text, 0.0, False)
    assert info["invalid_action"]
    assert original.admissible_actions()[0].startswith("search[")
    assert do(original, *win)[1:3] == (1.0, True)


def test_a_lower_case_asin_can_be_listed_but_not_opened_in_the_original(tmp_path):
    record = shelf.record("b000000001", "Lamp")
    notes = {"b000000001": shelf.NOTES["B0LAMP0001"]}
    shelf.write(tmp_path, [record], notes, {})
    for parity, seen in ((True, SERVER_ERROR), (False, "Buy Now")):
        env = shelf.make(tmp_path, split="all", parity=parity, num_products=None)
        env.reset(options={"item": 0})
        do(env, "search[lamp]")
        assert do(env, "click[b000000001]")[0].endswith(seen)
