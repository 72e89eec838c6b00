from __future__ import annotations

import doctest
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from house_search import searched_length

import agentgym_envs
from agentgym_envs.alfworld import belongings, furniture, houses, plans
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, KINDS, LOOK, PICK, TWO
from agentgym_envs.errors import UnknownTask

ALL = range(3400)
NUMBERS = [number for numbers in furniture.ROOMS.values() for number in numbers]
TREATMENTS = {
    CLEAN: ("cleanable", "SinkBasinType"),
    HEAT: ("heatable", "MicrowaveType"),
    COOL: ("coolable", "FridgeType"),
}
DIGEST = "616749f70f00338ca6f6adc0fd458846de0a4012f32a2b206fc024e854713599"


@cache
def games():
    return [houses.problem(index) for index in ALL]


def written_out(game):
    """All that an item consists of, one thing a line."""
    goal = game.goal
    flags = sorted(furniture.PROPERTIES)
    yield f"{goal.kind}: {goal.text}"
    yield f"{goal.object_type} {goal.receptacle_type} {goal.toggle_type}"
    yield f"start {game.start}"
    yield f"others {' '.join(game.locations[1:])}"
    for place in game.receptacles:
        door = ("closed", "open")[place.opened] if place.openable else "no door"
        yield f"{place.id} {place.type} {place.location} {door}"
    for thing in game.things:
        can = ["pickupable"] * thing.pickupable + [
            f for f in flags if getattr(thing, f)
        ]
        yield f"{thing.id} {thing.type} {' '.join(can)}"
        yield f"  {thing.receptacle}"


def digest():
    lines = (line for game in games() for line in written_out(game))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def holders(game, type_):
    at = {place.id: place for place in game.receptacles}
    return [at[thing.receptacle] for thing in game.things if thing.type == type_]


def shares(class_):
    """Where things of a class lie, over all games."""
    found = Counter(
        place.type.removesuffix("Type")
        for game in games()
        for place in holders(game, f"{class_}Type")
    )
    return {name: count / found.total() for name, count in found.items()}


@pytest.mark.parametrize("module", [belongings, plans])
def test_examples_in_docstrings_are_right(module):
    failed, tried = doctest.testmod(module)

    assert tried and not failed


def test_all_items_are_distinct():
    assert len(set(games())) == len(ALL)


def test_names_are_unique_and_all_references_resolve():
    for game in games():
        receptacles = {place.id for place in game.receptacles}
        things = {thing.id for thing in game.things}
        assert len(receptacles) == len(game.receptacles)
        assert len(things) == len(game.things)
        assert not receptacles & things
        assert {thing.receptacle for thing in game.things} <= receptacles
        assert len(set(game.locations)) == len(game.locations)
        used = {place.location for place in game.receptacles}
        assert {*used, game.start} == set(game.locations)
        assert game.start not in used


def test_things_are_where_their_class_may_be_and_have_its_properties():
    for game in games():
        types = {place.id: place.type for place in game.receptacles}
        for thing in game.things:
            name = thing.type.removesuffix("Type")
            assert thing.id.startswith(f"{name}_bar_")
            for flag, classes in furniture.PROPERTIES.items():
                assert getattr(thing, flag) == (name in classes)
            fixed = name in furniture.FIXTURES
            assert thing.pickupable == (not fixed)
            if not fixed:
                assert (types[thing.receptacle], thing.type) in game.can_contain


def test_doors_are_where_the_class_has_them_and_mostly_closed():
    places = [place for number in NUMBERS for place in plans.plan(number).receptacles]

    for place in places:
        name = place.type.removesuffix("Type")
        assert place.openable == (name in furniture.OPENABLE)
        assert place.openable or not place.opened
    doors = [place for place in places if place.openable]
    assert 0.02 < sum(place.opened for place in doors) / len(doors) < 0.1


def test_no_goal_holds_at_the_start_and_each_has_what_it_needs():
    for game in games():
        goal = game.goal
        sources = holders(game, goal.object_type)
        targets = [p for p in game.receptacles if p.type == goal.receptacle_type]
        outside = [p for p in sources if p.type != goal.receptacle_type]
        assert sources
        if goal.kind == LOOK:
            lamps = [thing for thing in game.things if thing.type == goal.toggle_type]
            assert lamps and not targets
            assert all(x.toggleable and not x.pickupable for x in lamps)
            assert not any(x.is_on for x in lamps)
            continue
        assert targets and not goal.toggle_type
        assert (goal.receptacle_type, goal.object_type) in game.can_contain
        assert len(outside) >= (2 if goal.kind == TWO else 1)
        if goal.kind in (PICK, TWO):
            assert outside == sources
        if goal.kind in TREATMENTS:
            flag, appliance = TREATMENTS[goal.kind]
            assert any(place.type == appliance for place in game.receptacles)
            wanted = [x for x in game.things if x.type == goal.object_type]
            assert all(getattr(thing, flag) for thing in wanted)
        assert not any(x.is_clean or x.is_hot or x.is_cool for x in game.things)


def test_the_goal_is_worded_in_two_ways():
    wordings = defaultdict(set)
    for game in games():
        name, target = (
            type_.removesuffix("Type").lower()
            for type_ in (
                game.goal.object_type,
                game.goal.receptacle_type or game.goal.toggle_type,
            )
        )
        texts = belongings.TEXTS[game.goal.kind]
        fitting = [t for t in texts if t.format(o=name, r=target) == game.goal.text]
        wordings[game.goal.kind].update(fitting)
    assert {kind: len(texts) for kind, texts in wordings.items()} == dict.fromkeys(
        KINDS, 2
    )


@pytest.mark.parametrize(
    "part", [range(3000), range(3000, 3400, 2), range(3001, 3400, 2)]
)
def test_task_types_and_rooms_have_the_published_proportions(part):
    found = Counter(
        (houses.task_of(index), plans.room_of(houses.plan_of(index))) for index in part
    )

    total = sum(belongings.TASKS.values())
    for key, weight in belongings.TASKS.items():
        assert abs(found[key] - weight / total * len(part)) < 1
    assert set(found) == set(belongings.TASKS)


def test_what_is_told_cheaply_is_what_is_built():
    for index, game in enumerate(games()):
        assert houses.task_of(index) == game.goal.kind
        plan = plans.plan(houses.plan_of(index))
        assert (plan.start, plan.receptacles) == (game.start, game.receptacles)


def test_half_of_the_test_items_are_in_rooms_that_training_never_shows():
    trained = {houses.plan_of(index) for index in houses.TRAIN}
    seen = {houses.plan_of(i) for i in houses.TEST if houses.room_seen(i)}
    unseen = {houses.plan_of(i) for i in houses.TEST if not houses.room_seen(i)}

    assert len(trained) == 96
    assert seen <= trained
    assert not unseen & trained
    assert len(unseen) == 24
    assert sum(map(houses.room_seen, houses.TEST)) == 200
    assert all(map(houses.room_seen, houses.TRAIN))


def test_rooms_are_furnished_differently():
    layouts = {tuple(p.id for p in plans.plan(n).receptacles) for n in NUMBERS}
    kinds = {tuple(sorted(plans.plan(number).classes)) for number in NUMBERS}

    assert len(NUMBERS) == len(layouts) == 120
    assert len(kinds) > 110


def test_some_receptacles_share_a_location():
    shared = [
        number
        for number in NUMBERS
        if len(plans.plan(number).locations) - 1 < len(plans.plan(number).receptacles)
    ]
    assert len(shared) > 60


def test_things_are_kept_where_people_keep_them():
    egg = shares("Egg")
    assert egg["Fridge"] > 0.55 and egg["CounterTop"] > 0.1
    assert egg["GarbageCan"] < 0.03 and egg["Microwave"] < 0.03
    assert shares("Towel") == {"TowelHolder": 1.0}
    assert shares("HandTowel")["HandTowelHolder"] > 0.4
    assert shares("ToiletPaper")["ToiletPaperHanger"] > 0.4
    pillow = shares("Pillow")
    assert pillow["Bed"] > 0.4 and pillow["Bed"] + pillow["Sofa"] > 0.75
    fork = shares("Fork")
    assert fork["Drawer"] > 2 * fork["CounterTop"]
    pan = shares("Pan")
    assert max(pan, key=pan.get) == "StoveBurner"
    assert shares("CreditCard").get("Safe", 0) < 0.02
    assert shares("RemoteControl").get("Drawer", 0) < 0.1


def test_every_class_has_its_likely_places_among_the_allowed_ones():
    for name, text in belongings.HOMES.items():
        for place in belongings.read_weights(text):
            assert name in furniture.HOLDS[place], (name, place)


def test_rooms_hold_a_plausible_number_of_things():
    counts = defaultdict(list)
    for index, game in enumerate(games()):
        counts[plans.room_of(houses.plan_of(index))].append(len(game.things))

    means = {room: sum(found) / len(found) for room, found in counts.items()}
    assert 25 < means["kitchen"] < 40
    assert all(10 < mean < 40 for mean in means.values())
    assert min(map(min, counts.values())) >= 5


def test_goals_vary_and_targets_are_not_always_alone():
    goals = {(game.goal.kind, *game.goal.text.split()) for game in games()}
    several = [g for g in games() if len(holders(g, g.goal.object_type)) > 1]

    assert len(goals) > 900
    assert 0.2 < len(several) / len(ALL) < 0.6


def test_text_versions_differ_in_nothing_else():
    one, two = houses.problem(5), houses.problem(5, text_version="v2")

    assert (one.text_version, two.text_version) == ("v1", "v2")
    assert (one.things, one.goal) == (two.things, two.goal)


@pytest.mark.parametrize("index", [-1, 3400, 10**12])
def test_other_items_do_not_exist(index):
    for function in (houses.problem, houses.plan_of, houses.task_of, houses.room_seen):
        with pytest.raises(UnknownTask, match=r"0\.\.3399"):
            function(index)


def test_the_shortest_plans_are_as_long_as_a_search_finds():
    for index in ALL[::23]:
        assert houses.plan_length(index) == searched_length(houses.problem(index))


@pytest.mark.slow
def test_all_shortest_plans_are_as_long_as_a_search_finds():
    for index in ALL:
        assert houses.plan_length(index) == searched_length(houses.problem(index))


def test_plans_have_the_length_of_the_published_ones():
    lengths = Counter(houses.plan_length(index) for index in ALL)

    assert min(lengths) == 3 and max(lengths) <= 12
    assert 5 < sum(length * n for length, n in lengths.items()) / len(ALL) < 7


def test_all_items_are_what_they_have_always_been():
    assert digest() == DIGEST


def test_an_item_written_out():
    golden = Path(__file__).with_name("house_311.txt").read_text(encoding="utf-8")

    assert "\n".join(written_out(houses.problem(311))) == golden.rstrip("\n")
    assert houses.plan_of(311) == 421
    assert houses.plan_length(311) == 8


def test_items_do_not_depend_on_the_process_or_on_other_items():
    source = str(Path(agentgym_envs.__file__).parents[1])
    code = (
        "from agentgym_envs.alfworld import houses\n"
        "for i in (3399, 7, 1500, 0):\n"
        "    p = houses.problem(i)\n"
        "    print(p.start, p.locations, p.receptacles, p.things, p.goal)\n"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    (text,) = texts
    assert text.splitlines()[1].endswith(repr(games()[7].goal))
