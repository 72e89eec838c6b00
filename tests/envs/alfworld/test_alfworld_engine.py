"""Hand-worked cases for every rule and text of the game."""

from __future__ import annotations

import random

import pytest
from kitchen import (
    APPLE_1,
    APPLE_2,
    BREAD,
    CABINET_1,
    COUNTER,
    KITCHEN,
    MUG_1,
    MUG_2,
    PLACES,
    SINK,
    TABLE,
    TORCH,
    Player,
    changed,
    kitchen,
    spot,
    with_goal,
)

from agentgym_envs.alfworld.engine import HELP, intro
from agentgym_envs.alfworld.game import listing
from agentgym_envs.alfworld.names import class_of, number
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, TWO

TAKE_MUG = ("go to sidetable 1", "take mug 1 from sidetable 1")
TAKE_APPLE = ("go to countertop 1", "take apple 2 from countertop 1")
TAKE_KNIFE = ("go to countertop 1", "take knife 1 from countertop 1")
EXITS = [
    "go to cabinet 1",
    "go to cabinet 2",
    "go to countertop 1",
    "go to fridge 1",
    "go to microwave 1",
    "go to sidetable 1",
    "go to sinkbasin 1",
    "go to toaster 1",
]


def exits_but(*names):
    return [way for way in EXITS if way.removeprefix("go to ") not in names]


# Names and lists


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("Cabinet_bar__minus_00_dot_45_bar__plus_01_dot_78", "cabinet"),
        ("Sink_bar__minus_01_dot_90_bar__plus_00_dot_97_bar_SinkBasin", "sinkbasin"),
        ("Bathtub_bar__minus_01_dot_90_bar_BathtubBasin", "bathtubbasin"),
        ("SinkBasin_bar__minus_01_dot_90", "sinkbasinbasin"),
        ("loc_bar__minus_3_bar_4_bar_0_bar_30", "loc"),
    ],
)
def test_the_class_comes_before_the_first_bar(id, name):
    assert class_of(id) == name


def test_the_first_id_gets_the_highest_number():
    ids = ["Mug_bar_b", "Mug_bar_a", "Mug_bar_C", "Fridge_bar_z"]
    assert number(ids) == {
        "Mug_bar_a": "mug 3",
        "Mug_bar_b": "mug 2",
        "Mug_bar_C": "mug 1",
        "Fridge_bar_z": "fridge 1",
    }


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], "nothing"),
        (["x 1"], "a x 1"),
        (["x 1", "y 1"], "a x 1, and a y 1"),
        (["x 2", "x 1", "apple 1"], "a x 2, a x 1, and a apple 1"),
    ],
)
def test_lists_have_a_comma_before_and_and_always_the_article_a(names, text):
    assert listing(names) == text


def test_the_intro_lists_all_places_in_the_order_of_their_ids():
    assert intro(Player().game) == (
        "You are in the middle of a room. Looking quickly around you, you see "
        "a cabinet 2, a cabinet 1, a countertop 1, a fridge 1, a microwave 1, "
        "a sidetable 1, a sinkbasin 1, and a toaster 1.\n"
        "Your task is to: put a mug in countertop."
    )


def test_the_order_of_places_in_a_problem_does_not_matter():
    turned = kitchen(receptacles=PLACES[::-1], things=KITCHEN.things[::-1])
    assert intro(Player(turned).game) == intro(Player().game)


def test_a_place_without_a_location_keeps_its_number_but_is_not_there():
    player = Player(changed(KITCHEN, CABINET_1.id, location=""))
    assert "a cabinet 2, a countertop 1" in intro(player.game)
    assert player.can[:2] == ["go to cabinet 2", "go to countertop 1"]
    assert player.say("go to cabinet 1") is None


# What can be done


def test_at_the_start_one_can_go_everywhere():
    assert Player().can == [*EXITS, "inventory", "look"]
    assert Player(version="v2").can == [*EXITS, "help", "inventory", "look"]


def test_going_tells_what_is_there():
    player = Player()
    assert player.say("go to countertop 1") == (
        "You arrive at loc 6. On the countertop 1, you see a apple 2, a bowl 1, "
        "a breadsliced 1, a egg 1, and a knife 1."
    )
    assert player.say("go to fridge 1") == (
        "You arrive at loc 5. The fridge 1 is open. In it, you see a apple 1."
    )
    assert (
        player.say("go to cabinet 2") == "You arrive at loc 7. The cabinet 2 is closed."
    )
    player = Player(version="v2")
    assert player.say("go to sinkbasin 1") == (
        "You arrive at sinkbasin 1. On the sinkbasin 1, you see nothing."
    )


def test_one_does_not_go_where_one_is():
    player = Player()
    player.say("go to cabinet 1")
    assert player.say("go to cabinet 1") is None
    # The toaster is reached from the same spot.
    assert player.say("go to toaster 1") is None
    assert player.can == [
        "examine cabinet 1",
        "examine toaster 1",
        *exits_but("cabinet 1", "toaster 1"),
        "inventory",
        "look",
        "open cabinet 1",
    ]


def test_doors():
    player = Player()
    assert player.say("open cabinet 1") is None
    player.say("go to cabinet 1")
    assert player.say("close cabinet 1") is None
    assert player.say("open cabinet 1") == (
        "You open the cabinet 1. The cabinet 1 is open. In it, you see a mug 2."
    )
    assert player.say("open cabinet 1") is None
    assert "close cabinet 1" in player.can and "open cabinet 1" not in player.can
    assert player.say("close cabinet 1") == "You close the cabinet 1."
    assert player.say("examine cabinet 1") == "The cabinet 1 is closed."
    for command in ("open toaster 1", "close toaster 1"):
        assert player.say(command) is None


def test_taking():
    player = Player()
    assert player.say("take mug 1 from sidetable 1") is None
    assert player.say(*TAKE_MUG) == "You pick up the mug 1 from the sidetable 1."
    assert player.say("inventory") == "You are carrying: a mug 1."
    assert player.say("take torch 1 from sidetable 1") is None
    assert player.say("examine sidetable 1") == (
        "On the sidetable 1, you see a desklamp 1, and a torch 1."
    )


def test_nothing_is_taken_through_a_closed_door():
    player = Player()
    player.say("go to cabinet 1")
    assert player.say("take mug 2 from cabinet 1") is None
    assert player.say("open cabinet 1", "take mug 2 from cabinet 1") == (
        "You pick up the mug 2 from the cabinet 1."
    )


def test_what_is_fixed_stays():
    player = Player()
    player.say("go to sidetable 1")
    assert player.say("take desklamp 1 from sidetable 1") is None
    assert [action for action in player.can if action.startswith("take")] == [
        "take mug 1 from sidetable 1",
        "take torch 1 from sidetable 1",
    ]


def test_putting():
    player = Player()
    player.say(*TAKE_MUG, "go to fridge 1")
    assert player.say("put mug 2 in/on fridge 1") is None
    assert player.say("move mug 1 to fridge 1") is None
    assert player.say("put mug 1 in/on sidetable 1") is None
    assert player.say("put mug 1 in/on fridge 1") == (
        "You put the mug 1 in/on the fridge 1."
    )
    assert player.say("inventory") == "You are not carrying anything."
    assert player.say("examine fridge 1") == (
        "The fridge 1 is open. In it, you see a apple 1, and a mug 1."
    )
    assert player.say("take mug 1 from fridge 1", "close fridge 1") is not None
    assert player.say("put mug 1 in/on fridge 1") is None


def test_putting_in_the_later_wording():
    player = Player(version="v2")
    player.say(*TAKE_MUG)
    assert "move mug 1 to sidetable 1" in player.can
    assert player.say("put mug 1 in/on sidetable 1") is None
    assert player.say("move mug 1 to sidetable 1") == (
        "You move the mug 1 to the sidetable 1."
    )


def test_things_go_only_where_their_class_goes():
    player = Player()
    player.say(*TAKE_APPLE, "go to toaster 1")
    assert player.say("put apple 2 in/on toaster 1") is None
    assert not [action for action in player.can if action.startswith("put")]
    player.say("go to countertop 1", "put apple 2 in/on countertop 1")
    player.say("take breadsliced 1 from countertop 1", "go to toaster 1")
    assert "put breadsliced 1 in/on toaster 1" in player.can


@pytest.mark.parametrize(
    ("verb", "where", "text"),
    [
        ("clean", "sinkbasin 1", "You clean the mug 1 using the sinkbasin 1."),
        # The door may be closed.
        ("heat", "microwave 1", "You heat the mug 1 using the microwave 1."),
        ("cool", "fridge 1", "You cool the mug 1 using the fridge 1."),
    ],
)
def test_treatments(verb, where, text):
    player = Player()
    command = f"{verb} mug 1 with {where}"
    player.say(*TAKE_MUG)
    assert player.say(command) is None
    player.say(f"go to {where}")
    assert command in player.can
    assert player.say(command) == text
    others = {"clean", "heat", "cool"} - {verb}
    assert all(player.say(f"{o} mug 1 with {where}") is None for o in others)


@pytest.mark.parametrize(
    ("verb", "where", "quality"),
    [
        ("clean", "sinkbasin 1", "cleanable"),
        ("heat", "microwave 1", "heatable"),
        ("cool", "fridge 1", "coolable"),
    ],
)
def test_not_everything_can_be_treated(verb, where, quality):
    player = Player(changed(KITCHEN, MUG_1.id, **{quality: False}))
    player.say(*TAKE_MUG, f"go to {where}")
    assert player.say(f"{verb} mug 1 with {where}") is None
    assert f"{verb} mug 1 with {where}" not in player.can


def test_heat_and_cold_drive_each_other_out_and_clean_stays():
    player = Player()
    player.say(*TAKE_MUG, "go to sinkbasin 1", "clean mug 1 with sinkbasin 1")
    player.say("go to fridge 1", "cool mug 1 with fridge 1")
    assert player.say("examine mug 1") == "This is a cool and clean mug 1."
    player.say("go to microwave 1", "heat mug 1 with microwave 1")
    assert player.say("examine mug 1") == "This is a hot and clean mug 1."


def test_lamps_are_turned_on_again_and_again():
    player = Player()
    assert player.say("use desklamp 1") is None
    player.say("go to sidetable 1")
    assert "use desklamp 1" in player.can
    for _ in range(2):
        assert player.say("use desklamp 1") == "You turn on the desklamp 1."
    assert player.say("use mug 1") is None
    # What is held is in no receptacle.
    player.say("take torch 1 from sidetable 1")
    assert player.say("use torch 1") is None


def test_a_lamp_behind_a_closed_door_can_be_used():
    player = Player(changed(KITCHEN, TORCH.id, receptacle=CABINET_1.id))
    assert player.say("go to cabinet 1", "use torch 1") == "You turn on the torch 1."


def test_slicing():
    player = Player()
    player.say("go to countertop 1")
    assert player.say("slice apple 2 with knife 1") is None
    player.say("take knife 1 from countertop 1")
    assert [action for action in player.can if action.startswith("slice")] == [
        "slice apple 2 with knife 1",
        "slice breadsliced 1 with knife 1",
    ]
    assert player.say("slice egg 1 with knife 1") is None
    assert player.say("slice apple 1 with knife 1") is None
    assert player.say("slice apple 2 with knife 1") == (
        "You sliced the apple 2 with the knife 1."
    )
    player.say("put knife 1 in/on countertop 1", "take apple 2 from countertop 1")
    assert player.say("examine apple 2") == "This is a sliced apple 2."


def test_slicing_goes_by_where_the_file_says_that_a_thing_is():
    player = Player(changed(KITCHEN, APPLE_2.id, location=TABLE.location))
    player.say(*TAKE_KNIFE)
    assert player.say("slice apple 2 with knife 1") is None
    player.say("go to sidetable 1")
    assert player.say("slice apple 2 with knife 1") is not None
    player.say("put knife 1 in/on sidetable 1", *TAKE_APPLE, "go to fridge 1")
    # Taken from somewhere else, it is still said to be at the table.
    player.say("put apple 2 in/on fridge 1", "go to sidetable 1")
    player.say("take knife 1 from sidetable 1")
    assert "slice apple 2 with knife 1" in player.can
    player.say("go to fridge 1")
    assert "slice apple 2 with knife 1" in player.can


def test_a_thing_in_two_places_leaves_one_at_a_time():
    player = Player(changed(KITCHEN, BREAD.id, also_in=(TABLE.id,)))
    player.say("go to countertop 1", "take breadsliced 1 from countertop 1")
    player.say("put breadsliced 1 in/on countertop 1")
    assert "breadsliced 1" in str(player.say("go to sidetable 1"))
    player.say("take breadsliced 1 from sidetable 1")
    assert "breadsliced 1" in str(player.say("go to countertop 1"))


# What is told


def test_look_tells_the_room_only_once():
    player = Player()
    assert player.say("look") == (
        "You are in the middle of a room. Looking quickly around you, you see nothing."
    )
    player.say("go to fridge 1")
    assert (
        player.say("look")
        == "You are facing the fridge 1. Next to it, you see nothing."
    )
    player.say("go to toaster 1")
    assert player.say("look") == (
        "You are facing the cabinet 1, and toaster 1. Next to it, you see nothing."
    )


def test_look_tells_what_moved_between_places_that_share_a_spot():
    shared = changed(KITCHEN, COUNTER.id, location=spot(1))
    player = Player(shared)
    player.say("go to countertop 1", "open cabinet 1")
    beside = "You are facing the cabinet 1, countertop 1, and toaster 1. Next to it, "
    player.say("take apple 2 from countertop 1", "put apple 2 in/on cabinet 1")
    player.say("take mug 2 from cabinet 1")
    assert player.say("look") == f"{beside}you see a apple 2."
    player.say("put mug 2 in/on countertop 1")
    assert player.say("look") == f"{beside}you see a apple 2, and a mug 2."
    player.say("take apple 2 from cabinet 1", "put apple 2 in/on countertop 1")
    # Back on the counter it counts for the cabinet that it left.
    assert player.say("look") == f"{beside}you see a apple 2, and a mug 2."


def test_inventory_of_an_empty_hand():
    assert Player().say("inventory") == "You are not carrying anything."


def test_only_what_is_held_can_be_examined():
    player = Player()
    player.say("go to sidetable 1")
    assert player.say("examine mug 1") is None
    assert player.say("examine fridge 1") is None
    player.say("take mug 1 from sidetable 1")
    assert player.say("examine mug 1") == "There's nothing special about mug 1."
    assert "examine mug 1" in player.can


def test_a_thing_that_holds_things():
    player = Player()
    player.say("go to countertop 1", "take bowl 1 from countertop 1")
    text = "This is a normal bowl 1. In it, you see a egg 1."
    assert player.say("examine bowl 1") == text
    # The egg stays on the counter, and in the bowl, whatever happens.
    assert "egg 1" in str(player.say("examine countertop 1"))
    player.say("put bowl 1 in/on countertop 1", "take egg 1 from countertop 1")
    player.say("go to fridge 1", "put egg 1 in/on fridge 1", "go to countertop 1")
    player.say("take bowl 1 from countertop 1")
    assert player.say("examine bowl 1") == text


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"is_clean", "is_hot", "is_sliced"}, "This is a hot and clean sliced mug 1."),
        (
            {"is_clean", "is_cool", "is_sliced"},
            "This is a cool and clean sliced mug 1.",
        ),
        ({"is_clean", "is_sliced"}, "This is a clean sliced mug 1."),
        ({"is_hot", "is_sliced"}, "This is a hot sliced mug 1."),
        ({"is_cool", "is_sliced"}, "This is a cool sliced mug 1."),
        ({"is_clean", "is_hot"}, "This is a hot and clean mug 1."),
        ({"is_clean", "is_cool"}, "This is a cool and clean mug 1."),
        ({"is_hot"}, "This is a hot mug 1."),
        ({"is_clean"}, "This is a clean mug 1."),
        ({"is_cool"}, "This is a cold mug 1."),
        ({"is_sliced", "sliceable"}, "This is a sliced mug 1."),
        ({"is_sliced"}, "There's nothing special about mug 1."),
        ({"toggleable", "is_on"}, "There's nothing special about mug 1."),
        (set(), "There's nothing special about mug 1."),
    ],
)
def test_what_is_told_of_a_held_thing(facts, text):
    player = Player(changed(KITCHEN, MUG_1.id, **dict.fromkeys(facts, True)))
    player.say(*TAKE_MUG)
    assert player.say("examine mug 1") == text


def test_a_lamp_in_the_hand_tells_that_it_was_used():
    player = Player()
    player.say("go to sidetable 1", "use torch 1", "take torch 1 from sidetable 1")
    assert player.say("examine torch 1") == "This torch 1 is on."


def test_help_exists_in_the_later_wording_only():
    assert Player().say("help") is None
    assert Player(version="v2").say("help") == HELP
    assert HELP.startswith("Available commands:\n  look:") and HELP.endswith("object\n")


@pytest.mark.parametrize(
    "command",
    [
        "",
        "look around",
        "inventory 1",
        "go fridge 1",
        "go to  fridge 1",
        "GO TO fridge 1",
        "go to Fridge 1",
        "open",
        "take from",
        "put in/on",
        "use ",
        "toggle desklamp 1",
        "look\n",
    ],
)
def test_anything_else_is_no_command(command):
    player = Player()
    before = player.state.copy()
    assert player.say(command) is None
    assert player.state == before


# Goals


def test_the_goal_of_placing_one():
    player = Player()
    player.say(*TAKE_MUG, "go to countertop 1")
    assert not player.won
    player.say("put mug 1 in/on countertop 1")
    assert player.won


@pytest.mark.parametrize(
    ("kind", "verb", "station", "quality"),
    [
        (CLEAN, "clean", "sinkbasin 1", "cleanable"),
        (HEAT, "heat", "microwave 1", "heatable"),
        (COOL, "cool", "fridge 1", "coolable"),
    ],
)
def test_the_goal_of_placing_one_that_is_treated(kind, verb, station, quality):
    problem = with_goal(kind, "Mug", receptacle_type="CounterTopType")
    player = Player(problem)
    player.say(*TAKE_MUG, "go to countertop 1", "put mug 1 in/on countertop 1")
    assert not player.won
    player.say("take mug 1 from countertop 1", f"go to {station}")
    player.say(f"{verb} mug 1 with {station}", "go to countertop 1")
    assert not player.won
    player.say("put mug 1 in/on countertop 1")
    assert player.won
    # What can't be treated does not count, though it be treated.
    treated = {"clean": "is_clean", "heat": "is_hot", "cool": "is_cool"}[verb]
    facts = {treated: True, quality: False, "receptacle": COUNTER.id}
    assert not Player(changed(problem, MUG_1.id, **facts)).won


def test_the_goal_of_placing_two_in_the_same_place():
    player = Player(with_goal(TWO, "Apple", receptacle_type="CabinetType"))
    player.say(*TAKE_APPLE, "go to cabinet 1", "open cabinet 1")
    player.say("put apple 2 in/on cabinet 1", "go to fridge 1")
    player.say("take apple 1 from fridge 1", "go to cabinet 2", "open cabinet 2")
    player.say("put apple 1 in/on cabinet 2")
    assert not player.won
    player.say("take apple 1 from cabinet 2", "go to cabinet 1")
    assert not player.won
    player.say("put apple 1 in/on cabinet 1")
    assert player.won


def test_the_goal_of_looking_under_a_lamp():
    problem = with_goal(LOOK, "Mug", toggle_type="DeskLampType")
    player = Player(problem)
    player.say("go to sidetable 1", "use desklamp 1")
    assert not player.won
    player.say("go to cabinet 1", "open cabinet 1", "take mug 2 from cabinet 1")
    assert not player.won
    player.say("go to sidetable 1")
    assert player.won
    other = Player(problem)
    other.say("go to sidetable 1", "use torch 1", "take mug 1 from sidetable 1")
    assert not other.won


def test_a_wrong_class_does_not_count():
    player = Player()
    player.say("go to sidetable 1", "take torch 1 from sidetable 1")
    player.say("go to countertop 1", "put torch 1 in/on countertop 1")
    assert not player.won


# Bookkeeping


def test_what_is_listed_can_be_done_and_nothing_else():
    draw = random.Random(0)
    for version in ("v1", "v2"):
        player = Player(version=version)
        tried = set()
        for _ in range(120):
            can = player.can
            assert can == sorted(set(can))
            tried.update(can)
            for command in draw.sample(sorted(tried), min(12, len(tried))):
                copy = Player(version=version)
                copy.state = player.state.copy()
                done = copy.say(command) is not None
                assert done == (command in can), command
            player.say(draw.choice(can))


def test_the_kitchen_has_what_is_rare():
    names = Player().game.name_of
    assert names[SINK.id] == "sinkbasin 1"
    assert names[MUG_2.id] == "mug 2"
    assert names[APPLE_1.id] == "apple 1"
