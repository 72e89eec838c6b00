"""Goals: their texts, draws, order, weights and splits, worked out by hand."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter

import pytest
import webshop_shelf as shelf

from agentgym_envs.errors import DataError, UnknownTask
from agentgym_envs.webshop.catalogue import embedded_folder
from agentgym_envs.webshop.goals import cumulated, draw_weighted, limits_above


def goals(folder, **kwargs):
    return [task.goal for task in shelf.make(folder, split="all", **kwargs).tasks]


def test_limits_are_the_next_four_tens_above_a_price():
    assert limits_above(25.0) == (30.0, 40.0, 50.0, 60.0)
    assert limits_above(30.0) == (40.0, 50.0, 60.0, 70.0)
    assert limits_above(965.0) == (970.0, 980.0, 990.0)
    assert limits_above(979.99) == (980.0, 990.0)
    assert limits_above(980.0) == (990.0,)
    assert limits_above(1299.0) == ()


def test_synthetic_goals(folder):
    # Random(233).sample((30, 40, 50, 60), 2) draws 50 among others; one draw serves
    # all goals of a product. The tea costs more than every limit. The shuffle of
    # seven by Random(233) is (1, 0, 3, 4, ...).
    assert max(random.Random(233).sample((30.0, 40.0, 50.0, 60.0), 2)) == 50.0
    places = list(range(7))
    random.Random(233).shuffle(places)
    limit = "and price lower than 50.00 dollars"
    unshuffled = [
        f"Find me easy clean lamp with color: {color}, and size: {size}, {limit}"
        for color in ("red", "rose | gold", "green stripe")
        for size in ("small", "large")
    ]
    unshuffled.append("Find me non gmo green tea")
    assert goals(folder) == [unshuffled[place] for place in places]


def test_human_goals_have_one_copy_per_limit_in_agentgym(folder):
    texts = goals(folder, human_goals=True)
    lamp = "i want a lamp in red, and price lower than {}.00 dollars"
    # The tea is beyond all limits and gives four equal copies without one.
    places = list(range(8))
    random.Random(233).shuffle(places)
    unshuffled = [*(lamp.format(n) for n in (30, 40, 50, 60)), *["i want tea"] * 4]
    assert texts == [unshuffled[place] for place in places]


def test_human_goals_are_one_per_instruction_in_webshop_itself(folder):
    texts = goals(folder, human_goals=True, human_goal_mode="upstream", price_seed=3)
    rng = random.Random(3)
    rng.uniform(40.0, 80.0)  # the one product with a range comes first
    limit = max(rng.sample((30.0, 40.0, 50.0, 60.0), 2))
    assert sorted(texts) == [
        f"i want a lamp in red, and price lower than {limit:.2f} dollars",
        "i want tea",
    ]


def test_a_goal_keeps_what_the_reward_needs(folder):
    env = shelf.make(folder, split="all")
    _, info = env.reset(options={"item": 1})
    assert info["goal"] == {
        "instruction_text": env.goal,
        "asin": "B0LAMP0001",
        "name": "Brass Desk Lamp",
        "query": "lamp",
        "category": "garden",
        "product_category": "Home › Lighting › Lamps",
        "attributes": ["easy clean"],
        "goal_options": ["color: red", "size: small"],
        "price_upper": 50.0,
    }


def test_ranged_prices_depend_on_the_seed_alone(folder):
    prices = [
        shelf.make(folder, price_seed=seed)._shop.goals.prices for seed in (0, 0, 1)
    ]
    assert prices[0] == prices[1] != prices[2]
    assert prices[2] == [25.0, random.Random(1).uniform(40.0, 80.0), 1299.0, 100.0]


def test_an_empty_group_gives_no_goal_but_takes_a_draw(tmp_path):
    record = shelf.record("B000000000", "Box", customization_options={"Color": []})
    notes = {"instruction": "Find me box", "instruction_attributes": ["x"]}
    shelf.write(
        tmp_path,
        [record, *shelf.RECORDS],
        {"B000000000": notes, **shelf.NOTES},
    )
    rng = random.Random(233)
    rng.sample((30.0, 40.0, 50.0, 60.0), 2)
    limit = max(rng.sample((30.0, 40.0, 50.0, 60.0), 2))
    texts = goals(tmp_path)
    assert len(texts) == 7
    lamps = [text for text in texts if "lamp" in text]
    assert all(f"lower than {limit:.2f} dollars" in text for text in lamps)


def test_weights_favour_rare_attributes(folder):
    shop = shelf.make(folder)._shop
    by_text = dict(zip(goals(folder), shop.goals.weights(), strict=True))
    # "easy clean" is in all seven goals, "non gmo" in one.
    assert by_text["Find me non gmo green tea"] == pytest.approx((1 / 1 + 1 / 7) / 2)
    assert sorted(by_text.values())[:6] == [1 / 7] * 6


def test_an_attribute_that_is_listed_twice_weighs_half(tmp_path):
    note = {"instruction": "Find me tea", "instruction_attributes": ["a", "a"]}
    shelf.write(tmp_path, notes={"B0TEA00001": note})
    assert shelf.make(tmp_path, split="all")._shop.goals.weights() == [0.5]


def test_the_original_draws_each_goal_by_the_weight_of_the_one_before(folder):
    shop = shelf.make(folder)._shop
    weights, chances = shop.goals.weights(), shop.goals.chances()
    assert chances[0] == 0.0
    assert chances[1:-1] == weights[:-2]
    assert chances[-1] == weights[-2] + weights[-1]


def test_a_weighted_draw():
    sums = cumulated([0.0, 1.0, 2.0, 1.0])
    drawn = [draw_weighted([10, 11, 12, 13], sums, u) for u in (0, 0.24, 0.25, 0.74)]
    assert drawn == [11, 11, 12, 12]
    assert draw_weighted([10, 11, 12, 13], sums, 0.99) == 13
    assert cumulated([0.0, 0.0]) == [1.0, 2.0]


def test_parity_draws_by_weight_and_never_the_first_goal(folder):
    env = shelf.make(folder, split="all", parity=True, num_products=None)
    drawn = [env.reset(seed=seed)[1]["item_id"] for seed in range(300)]
    assert set(drawn) == {f"webshop_{n}" for n in range(1, 7)}
    # Goal 5 is the tea, whose weight 4 / 7 of 10 / 7 in all goes to goal 6.
    share = drawn.count("webshop_6") / 300
    assert 0.4 < share < 0.6


def test_negative_items_count_from_the_end_in_parity(folder):
    env = shelf.make(folder, split="all", parity=True, num_products=None)
    text, info = env.reset(options={"item": -1})
    assert info["item_id"] == "webshop_-1"
    assert text == env.reset(options={"item": 6})[0]
    assert (
        env.reset(options={"item": "webshop_-7"})[0]
        == env.reset(options={"item": 0})[0]
    )
    for item in (-8, 7):
        with pytest.raises(UnknownTask, match=r"0\.\.6"):
            env.reset(options={"item": item})
    with pytest.raises(UnknownTask):
        shelf.make(folder).reset(options={"item": -1})


def test_no_product_has_goals_in_both_splits():
    env = shelf.make(None, split="all")
    asins = {"train": set(), "test": set()}
    for task in env.tasks:
        asins[task.split].add(task.payload["asin"])
    assert asins["train"] and asins["test"]
    assert not asins["train"] & asins["test"]


def test_agentgyms_item_lists_are_played(tmp_path):
    shelf.write(tmp_path)
    for name, numbers in (("train", (4, 2)), ("test", (6,))):
        records = [{"item_id": f"webshop_{n}", "conversations": None} for n in numbers]
        (tmp_path / f"webshop_{name}.json").write_text(json.dumps(records))
    splits = {
        split: [task.index for task in shelf.make(tmp_path, split=split).tasks]
        for split in ("train", "test", "all")
    }
    assert splits == {"train": [2, 4], "test": [6], "all": [2, 4, 6]}
    _, info = shelf.make(tmp_path).reset(options={"item": 0})
    assert info["split"] == "unlisted"


def test_an_item_that_the_shop_does_not_have_is_refused(tmp_path):
    shelf.write(tmp_path)
    (tmp_path / "webshop_test.json").write_text('[{"item_id": "webshop_7"}]')
    with pytest.raises(DataError, match=r"webshop_test.json.*record 0.*webshop_7"):
        shelf.make(tmp_path)


def test_webshops_own_splits_of_its_human_goals(tmp_path):
    wish = {
        "instruction": "a lamp",
        "instruction_attributes": ["easy clean"],
        "instruction_options": [],
    }
    shelf.write(tmp_path, wishes={"B0LAMP0001": [wish] * 1502})
    indexes = {
        split: [
            task.index
            for task in shelf.make(
                tmp_path, split=split, human_goals=True, human_goal_mode="upstream"
            ).tasks
        ]
        for split in ("train", "test")
    }
    assert indexes == {"train": [1500, 1501], "test": list(range(500))}


def plain_goals(folder, kind, price_seed):
    """All goals as a plain loop over the published files makes them.

    Written from the description of the original, and knowing nothing of how the
    library stores goals. Gives instruction, options and limit of each, and its weight.
    """
    records = json.loads((folder / "items_shuffle.json").read_text("utf-8"))[:1000]
    notes = json.loads((folder / "items_ins_v2.json").read_text("utf-8"))
    wishes = json.loads((folder / "items_human_ins.json").read_text("utf-8"))
    products, seen = [], set()
    for entry in records:
        asin = entry["asin"]
        if asin == "nan" or len(asin) > 10 or asin in seen:
            continue
        seen.add(asin)
        products.append(entry)
    rng = random.Random(price_seed)
    prices = {}
    for entry in products:
        pieces = (entry["pricing"] or "$100").split("$")[1:]
        amounts = [
            float("".join(c for c in piece if c in "0123456789.")) for piece in pieces
        ]
        one = amounts[0] if len(amounts) == 1 else rng.uniform(amounts[0], amounts[1])
        prices[entry["asin"]] = one

    def limit(price, draws):
        above = [10.0 * n for n in range(1, 100) if 10.0 * n > price][:4]
        return sorted(draws.sample(above, 2))[1] if len(above) >= 2 else 1_000_000

    def text(bound):
        return (
            "" if bound == 1_000_000 else f", and price lower than {bound:.2f} dollars"
        )

    goals = []
    if kind == "synthetic":
        draws = random.Random(233)
        for entry in products:
            note = notes.get(entry["asin"], {})
            if note.get("instruction") is None:
                continue
            bound = limit(prices[entry["asin"]], draws)
            groups = {
                name.lower(): [
                    choice["value"].strip().replace("/", " | ").lower()
                    for choice in group
                ]
                for name, group in (entry["customization_options"] or {}).items()
                if group is not None
            }
            names = sorted(groups)
            for combination in itertools.product(*(groups[name] for name in names)):
                chosen = dict(zip(names, combination, strict=True))
                said = ", and ".join(f"{n}: {v}" for n, v in chosen.items())
                sentence = note["instruction"] + (f" with {said}" if said else "")
                goals.append(
                    (
                        sentence + text(bound),
                        tuple(chosen.items()),
                        bound,
                        tuple(note["instruction_attributes"]),
                    )
                )
    else:
        for entry in products:
            price = prices[entry["asin"]]
            for wish in wishes.get(entry["asin"], []):
                if not wish["instruction_attributes"]:
                    continue
                bounds = [10.0 * n for n in range(1, 100) if 10.0 * n > price][:4]
                if kind == "upstream":
                    bounds = [limit(price, rng)]
                elif len(bounds) < 2:
                    bounds = [1_000_000] * 4
                goals += [
                    (
                        wish["instruction"].strip(".") + text(bound),
                        tuple(wish["instruction_options"]),
                        bound,
                        tuple(wish["instruction_attributes"]),
                    )
                    for bound in bounds
                ]
    counts = Counter(name for goal in goals for name in goal[3])
    weights = [
        sum(1 / counts[name] for name in goal[3]) / len(goal[3])
        if kind == "synthetic"
        else 1
        for goal in goals
    ]
    both = list(zip(goals, weights, strict=True))
    random.Random(233).shuffle(both)
    return both


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("synthetic", {}),
        ("agentgym", {"human_goals": True}),
        ("upstream", {"human_goals": True, "human_goal_mode": "upstream"}),
    ],
)
def test_the_catalogues_goals_are_those_of_a_plain_loop(kind, kwargs):
    shop = shelf.make(None, price_seed=5, **kwargs)._shop
    goals = [shop.goals.goal(index) for index in range(len(shop.goals))]
    found = [(g.instruction, g.wanted, g.price_upper, g.attributes) for g in goals]
    expected = plain_goals(embedded_folder(1000), kind, 5)
    assert len(found) > 400
    assert found == [goal for goal, _ in expected]
    assert shop.goals.weights() == [weight for _, weight in expected]


def test_data_without_any_goal_is_refused(tmp_path):
    shelf.write(tmp_path, notes={})
    with pytest.raises(DataError, match="no product of this data has an instruction"):
        shelf.make(tmp_path)
