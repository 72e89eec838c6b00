"""Hand-worked cases: sentences, offers, refusals, and the quirks of the verifier."""

from __future__ import annotations

import pytest
from babyai_scenes import world

from agentgym_envs.babyai.codes import EMPTY, KEY, NAMES
from agentgym_envs.babyai.mission import (
    CONTINUE,
    FAILURE,
    NONE,
    SUCCESS,
    Joint,
    Part,
    due,
)
from agentgym_envs.babyai.paths import DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE
from agentgym_envs.babyai.text import CHECK, UNKNOWN, complaint


def room(*middle: str, **rest):
    """A room of 5 x 5 whose rows are given."""
    wall = "##" * 7
    return world(wall, *(f"##{row}##" for row in middle), wall, **rest)


def refuse(state, name: str) -> str:
    in_hand = state.scene.code_of(state.carried)
    return complaint(state.view, state.heading, in_hand, name)


def opened(*, strict: bool = False, index: int = 0, door: int = 0) -> Part:
    return Part("open", index, frozenset({door}), strict=strict)


def take_from_behind(state) -> None:
    """Put the object on the left of an agent that faces right into its hand."""
    for action in (LEFT, LEFT, PICKUP, RIGHT, RIGHT):
        state.move(action)


def test_objects_are_told_from_near_to_far_and_numbered_by_name():
    state = room(
        "..Or......",
        "....Kb....",
        "..........",
        "..Or..^ ..",
        "..........",
    )
    assert state.look().text == (
        "In front of you in this room, you can see several objects: "
        "There is a red ball 1 0 steps in front of you and 2 steps to your left.  "
        "There is a blue key 1 2 steps in front of you and 1 steps to your left.  "
        "There is a red ball 2 3 steps in front of you and 2 steps to your left.  "
        "The room has walls around you. You are facing a wall 4 steps away. "
        "You are not carrying anything."
    )


def test_things_straight_ahead_and_a_box_as_a_barrier():
    state = room("..........", "..........", "> ..Bg....", "..........", "..........")
    text = state.look().text
    assert "There is a green box 1 right in front of you 2 steps away.  " in text
    assert "You are facing a box 2 steps away. " in text


def test_offers_come_in_the_order_of_the_original():
    state = room("..........", "....Or....", "....^ Kb..", "..........", "..........")
    assert list(state.look().offers) == [
        "turn left",
        "turn right",
        "move forward",
        "pickup red ball 1",
        "pickup blue key 1",
        "go to red ball 1",
        "go to blue key 1",
        CHECK,
    ]
    # A ball ahead does not hide "move forward", but it does nothing.
    assert "move forward" not in state.look().useful
    assert "go to red ball 1" not in state.look().useful


def test_numbers_in_names_count_reachable_objects_only():
    # The nearer ball is shut in by boxes and walls.
    state = room(
        "OrBg......",
        "Bg........",
        "..^ ......",
        "..........",
        "..........",
    )
    text, offers = state.look().text, state.look().offers
    assert "red ball 1" in text
    assert "pickup red ball 1" not in offers
    no_path = "as there is no path leading to it."
    assert refuse(state, "pickup red ball 1") == (
        f"You cannot pickup red ball 1, {no_path}"
    )
    assert (
        refuse(state, "go to red ball 1") == f"You cannot go to red ball 1, {no_path}"
    )


def test_a_refusal_gives_way_to_an_offer_of_the_same_name():
    state = room(
        "OrBg......",
        "Bg......Or",
        "..^ ......",
        "..........",
        "..........",
    )
    # The near ball is out of reach and counted as number 1; so is the far one.
    assert "pickup red ball 1" in state.look().offers
    state.run("pickup red ball 1")
    assert state.carried != NONE


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (
            "move forward",
            "There is a barrier in front of you, you can't move forward.",
        ),
        ("drop", "You cannot drop the object, as you are not carrying anything."),
        ("toggle", UNKNOWN),
        ("pickup red ball 1", UNKNOWN),
        ("jump", UNKNOWN),
    ],
)
def test_refusals_at_a_wall(action, why):
    state = room(
        "^ ........", *["..........", ".........."], "..........", "........Or"
    )
    assert action not in state.look().offers
    assert refuse(state, action) == why


def test_drop_is_refused_in_front_of_an_object_but_not_of_a_door():
    state = room("..........", "..........", "Kr> Kb....", "..........", "..........")
    take_from_behind(state)
    assert refuse(state, "drop") == (
        "You cannot drop the object, as there is already an object in front of you."
    )
    # A door takes no object, and yet the original offers to drop.
    state = world("##########", "##Kr> Db##", "##########", mission=opened(door=1))
    take_from_behind(state)
    assert "drop" in state.look().offers
    assert "drop" not in state.look().useful
    state.move(DROP)
    assert state.carried == 0


def door_room(mark: str, **rest):
    return room(
        "..........",
        "..........",
        "....> ....",
        "..........",
        "........" + mark,
        mission=opened(),
        **rest,
    )


def test_doors_by_their_state():
    state = door_room("Dr")
    through = "go through red closed door 1"
    assert f"toggle and {through}" in state.look().offers
    assert refuse(state, through) == (
        f"You cannot {through}, as it is closed. You should toggle it first."
    )
    state = door_room("_r")
    assert "go through red open door 1" in state.look().offers
    state = door_room("Lr")
    locked = "toggle and go through red locked door 1"
    assert refuse(state, locked) == (
        f"You cannot {locked}, as you are not carrying a key."
    )
    assert refuse(state, "go through red locked door 1") == UNKNOWN


def test_a_locked_door_wants_its_own_key():
    rows = ("##########", "##Kb> Lr##", "##########")
    state = world(*rows, mission=opened(door=1))
    take_from_behind(state)
    locked = "toggle and go through red locked door 1"
    assert refuse(state, locked) == (
        f"You cannot {locked}, as the color of the key you are carrying does not "
        "match the color of door."
    )
    state.move(TOGGLE)
    assert NAMES[state.cells[state.front]] == "red locked door"
    state = world("##########", "##Kr> Lr##", "##########", mission=opened(door=1))
    take_from_behind(state)
    assert {locked, "toggle"} <= set(state.look().offers)
    state.run("toggle")
    assert state.status == SUCCESS


def test_a_door_without_a_path_prints_the_table_of_counts():
    state = room(
        "......BgDr",
        "........Bg",
        "> ....Bg_r",
        "........Bg",
        "......BgDr",
        mission=opened(),
    )
    no_path = "as there is no path leading to it."
    assert refuse(state, "go through red open door 1") == (
        f"You cannot go through red open door 1, {no_path}"
    )
    assert refuse(state, "toggle and go through red closed door 1") == (
        "You cannot toggle and go through red closed door "
        f"{{'red open door': 1, 'red closed door': 1}}, {no_path}"
    )
    assert refuse(state, "toggle and go through red closed door 2") == (
        "You cannot toggle and go through red closed door "
        f"{{'red open door': 1, 'red closed door': 2}}, {no_path}"
    )


@pytest.mark.parametrize("mark", ["Bg", "_g"])
def test_toggle_for_boxes_and_open_doors_is_ours_alone(mark):
    rows = ("##########", f"##Or> {mark}##", "##########")
    assert "toggle" not in world(*rows, parity=True).look().offers
    offers = list(world(*rows).look().offers)
    assert offers[-2:] == ["toggle", CHECK]


def test_a_box_gives_way_to_what_is_in_it():
    state = world("########", "##> Bg##", "########", inside={0: KEY})
    state.run("toggle")
    assert NAMES[state.cells[state.front]] == "red key"
    state.run("pickup red key 1")
    assert state.carried == 1
    empty = world("########", "##> Bg##", "########")
    empty.run("toggle")
    assert empty.cells[empty.front] == EMPTY


def test_a_macro_stops_when_the_view_stays_as_it_was():
    # Far from all walls, two steps in a corridor of nothing look alike.
    row = "##" + ".." * 30 + "Or##"
    far = "##" + "> " + ".." * 29 + "Or##"
    wall = "##" * 33
    state = world(wall, *[row] * 8, far, *[row] * 8, wall)
    state.move(FORWARD)
    start = state.agent
    # Nothing is in sight, so the second step shows nothing new.
    assert state.look().text.startswith("You cannot see any objects within sight.The")
    assert not state.move(FORWARD)
    assert state.agent == start + 1


def test_going_to_an_object_counts_at_its_old_cell_until_a_drop():
    state = room("..........", "..........", "> Or......", *[".........."] * 2)
    state.move(PICKUP)
    assert state.status == SUCCESS
    state.move(DROP)
    assert state.status == SUCCESS
    state.move(PICKUP)
    state.move(LEFT)
    state.move(DROP)
    state.move(RIGHT)
    assert state.status == CONTINUE
    state.move(LEFT)
    assert state.status == SUCCESS


def test_put_next_needs_a_drop_that_follows_a_verified_action():
    mission = Part("put next", 0, frozenset({0}), frozenset({1}))
    rows = ("############", "##Or> ..Kb##", "############")
    state = world(*rows, mission=mission)
    take_from_behind(state)
    state.progress.held[0] = NONE  # as if this part had not been verified yet
    twin = state.copy()
    state.move(DROP)
    assert (state.carried, state.status) == (NONE, CONTINUE)
    twin.move(LEFT)
    twin.move(RIGHT)
    twin.move(DROP)
    assert twin.status == SUCCESS


def test_strict_parts_fail_on_wrong_objects():
    rows = ("############", "##Db> Dr..##", "############")
    state = world(*rows, mission=opened(strict=True))
    state.move(TOGGLE)
    assert state.status == FAILURE and state.is_over
    mild = world(*rows, mission=opened())
    mild.move(TOGGLE)
    assert mild.status == CONTINUE
    choosy = Part("pick up", 0, frozenset({1}), strict=True)
    state = world("##########", "##> OrKb##", "##########", mission=choosy)
    state.move(PICKUP)
    assert state.status == FAILURE


def ordered(order: str, strict: bool = True) -> Joint:
    first, second = (
        opened(strict=strict, index=1),
        opened(strict=strict, index=2, door=1),
    )
    return Joint(order, 0, first, second)


@pytest.mark.parametrize("order", ["before", "after"])
def test_strict_orders_can_be_won_by_our_rules_only(order):
    rows = ("##########", "##Db< Dr##", "##########")
    for parity in (True, False):
        state = world(*rows, mission=ordered(order), parity=parity)
        if order == "after":
            state.move(RIGHT)
            state.move(RIGHT)
        state.move(TOGGLE)
        assert state.status == (FAILURE if parity else CONTINUE)
        if not parity:
            left = due(state.scene.mission, state.progress)
            assert [part.index for part in left] == [2 if order == "before" else 1]
            state.move(RIGHT)
            state.move(RIGHT)
            state.move(TOGGLE)
            assert state.status == SUCCESS


def test_the_wrong_door_first_still_fails():
    rows = ("##########", "##Db< Dr##", "##########")
    state = world(*rows, mission=ordered("after"))
    state.move(TOGGLE)
    assert state.status == FAILURE


def test_both_in_any_order():
    rows = ("##########", "##Db< Dr##", "##########")
    state = world(*rows, mission=ordered("and", strict=False))
    assert len(due(state.scene.mission, state.progress)) == 2
    state.move(RIGHT)
    state.move(RIGHT)
    state.move(TOGGLE)
    assert [p.index for p in due(state.scene.mission, state.progress)] == [1]
    state.move(LEFT)
    state.move(LEFT)
    state.move(TOGGLE)
    assert state.status == SUCCESS


def test_copies_share_nothing():
    state = room("..........", "..........", "> Or......", *[".........."] * 2)
    twin = state.copy()
    twin.move(PICKUP)
    twin.move(DROP)
    twin.run("turn left")
    assert (state.steps, state.carried, state.status) == (0, NONE, CONTINUE)
    assert state.cells == bytearray(state.scene.cells)
    assert state.at == dict(state.scene.at)
    assert state.progress.places == list(state.scene.places)
