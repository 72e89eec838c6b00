"""Game files: there and back, in the form that is published, and damaged ones."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from kitchen import (
    APPLE_2,
    BREAD,
    CABINET_1,
    COUNTER,
    KITCHEN,
    TABLE,
    changed,
    spot,
    with_goal,
    write_game,
)

from agentgym_envs.alfworld import houses
from agentgym_envs.alfworld.pddl import parse_game, read_game
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, PICK, TWO
from agentgym_envs.alfworld.writing import game_file
from agentgym_envs.errors import DataError

# By hand, in the published form: declared classes without facts, other writings of
# typed lists, predicates in any case, comments, and quantifiers with a hash.
BY_HAND = """
(define (problem plan_trial_T20190907_174127_043461)
(:domain alfred)
(:objects
agent1 - agent
Mug - object CD
    - object
MugType - otype
CabinetType DeskType - rtype
Mug_bar__minus_00_dot_36_bar__plus_00_dot_90_bar__minus_00_dot_50 - object
Cabinet_bar__plus_00_dot_15_bar__plus_02_dot_01 Desk_bar__plus_01 - receptacle
loc_bar__minus_1_bar_2_bar_3_bar_30 - location ; where all is
loc_bar_2_bar_2_bar_3_bar_60 - location
)
(:init
(= (total-cost) 0)
(receptacleType Cabinet_bar__plus_00_dot_15_bar__plus_02_dot_01 CabinetType)
(receptacletype Desk_bar__plus_01 DeskType)
(canContain DeskType MugType)
(objectType Mug_bar__minus_00_dot_36_bar__plus_00_dot_90_bar__minus_00_dot_50 MugType)
(pickupable Mug_bar__minus_00_dot_36_bar__plus_00_dot_90_bar__minus_00_dot_50)
(openable Cabinet_bar__plus_00_dot_15_bar__plus_02_dot_01)
(receptacleAtLocation Cabinet_bar__plus_00_dot_15_bar__plus_02_dot_01 \
loc_bar__minus_1_bar_2_bar_3_bar_30)
(receptacleAtLocation Desk_bar__plus_01 loc_bar__minus_1_bar_2_bar_3_bar_30)
(inReceptacle Mug_bar__minus_00_dot_36_bar__plus_00_dot_90_bar__minus_00_dot_50 \
Cabinet_bar__plus_00_dot_15_bar__plus_02_dot_01)
(atLocation agent1 loc_bar_2_bar_2_bar_3_bar_60)
(= (distance loc_bar_2_bar_2_bar_3_bar_60 loc_bar__minus_1_bar_2_bar_3_bar_30) 3)
)
(:goal
  (and
    (exists (?r # receptacle)
    (exists (?o # object)
      (and
        (inReceptacle ?o ?r)
        (objectType ?o MugType)
        (receptacleType ?r DeskType))))))
)
"""
GRAMMAR_V2 = (
    '"task": [{"rhs": "Your task is to: put a mug in desk."}] "move {o} to {r}"'
)
GRAMMAR_V1 = GRAMMAR_V2 + ' template :: "put {o} in/on {r}"'


def sample(**changes):
    game = {"pddl_problem": BY_HAND, "grammar": GRAMMAR_V1, "solvable": True}
    return {**game, **changes}


def test_a_file_by_hand():
    problem = parse_game(sample())
    assert problem.start == "loc_bar_2_bar_2_bar_3_bar_60"
    assert [r.type for r in problem.receptacles] == ["CabinetType", "DeskType"]
    assert [r.openable for r in problem.receptacles] == [True, False]
    assert len({r.location for r in problem.receptacles}) == 1
    (mug,) = problem.things
    assert mug.type == "MugType" and mug.pickupable and not mug.cleanable
    assert mug.receptacle == problem.receptacles[0].id
    assert problem.can_contain == {("DeskType", "MugType")}
    assert problem.goal.kind == PICK
    assert problem.goal.receptacle_type == "DeskType"
    assert problem.goal.text == "put a mug in desk"
    assert len(problem.locations) == 2


def test_the_wording_is_in_the_grammar():
    assert parse_game(sample()).text_version == "v1"
    assert parse_game(sample(grammar=GRAMMAR_V2)).text_version == "v2"


def located(problem):
    """What a file says of a problem: also where each thing is."""
    where = {r.id: r.location for r in problem.receptacles}
    things = tuple(
        replace(t, location=t.location or where[t.receptacle]) for t in problem.things
    )
    return replace(problem, things=things)


ODD = changed(
    changed(KITCHEN, BREAD.id, also_in=(TABLE.id,), is_clean=True, is_hot=True),
    APPLE_2.id,
    location=spot(8),
    is_cool=True,
    is_on=True,
)


@pytest.mark.parametrize(
    "problem",
    [
        KITCHEN,
        ODD,
        replace(KITCHEN, text_version="v2"),
        with_goal(TWO, "Apple", receptacle_type="CabinetType"),
        with_goal(CLEAN, "Mug", receptacle_type="CabinetType"),
        with_goal(HEAT, "Mug", receptacle_type="CabinetType"),
        with_goal(COOL, "Mug", receptacle_type="CabinetType"),
        with_goal(LOOK, "Mug", toggle_type="DeskLampType"),
        *(houses.problem(index) for index in range(3000, 3006)),
    ],
)
def test_what_is_written_is_read_again(problem, tmp_path):
    path = write_game(problem, tmp_path)
    assert read_game(path) == located(problem)


def test_a_goal_may_hold_quotes_and_backslashes():
    goal = replace(KITCHEN.goal, text='put the "best" \\ mug on it')
    again = parse_game(game_file(replace(KITCHEN, goal=goal)))
    assert again.goal.text == goal.text


def test_a_file_needs_no_trajectory_beside_it(tmp_path):
    path = write_game(KITCHEN, tmp_path)
    (tmp_path / "traj_data.json").unlink()
    assert read_game(path).goal.kind == PICK


def test_a_place_that_nobody_can_reach():
    lost = changed(KITCHEN, CABINET_1.id, location="")
    (cabinet, *_) = parse_game(game_file(lost)).receptacles
    assert cabinet.location == ""


def problem_without(*words):
    lines = BY_HAND.splitlines()
    return "\n".join(line for line in lines if not all(w in line for w in words))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pddl_problem": None}, "the field 'pddl_problem' is missing"),
        ({"grammar": 5}, "the field 'grammar' is missing"),
        ({"grammar": "{}"}, "the field 'grammar' has no goal"),
        ({"grammar": '"Your task is to: \\x."'}, "has a damaged goal"),
        ({"pddl_problem": "(define"}, "ends within a bracket"),
        ({"pddl_problem": "(define))"}, "closes a bracket"),
        ({"pddl_problem": "define"}, "is not one"),
        (
            {"pddl_problem": f"(define (:objects) (:init) {'(' * 9999}{')' * 9999})"},
            "has no :goal",
        ),
        (
            {
                "pddl_problem": BY_HAND.replace(
                    "(:goal", f"(:goal {'(' * 9999}{')' * 9999}"
                )
            },
            "",
        ),
        ({"pddl_problem": "(define) (again)"}, "is not one"),
        ({"pddl_problem": "(define (:objects))"}, "has no :init"),
        ({"pddl_problem": "(define (:objects) (:init))"}, "has no :goal"),
        ({"pddl_problem": problem_without("(atLocation")}, "0 facts atLocation"),
        ({"pddl_problem": problem_without("(objectType M")}, "no fact objectType"),
        (
            {"pddl_problem": problem_without("(receptacletype")},
            "no fact receptacleType for Desk_bar__plus_01",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(objectType ?o MugType)", "")},
            "no objectType in its :goal",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(receptacleType ?r DeskType)", "")},
            "no receptacleType in its :goal",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(inReceptacle ?o ?r)", "(isSliced ?o)")},
            "a kind that text games don't have",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(inReceptacle ?o ?r)", "(isToggled ?o)")},
            "names no lamp or no object",
        ),
        (
            {"pddl_problem": BY_HAND.replace("agent1 - agent", "agent1 -")},
            "",
        ),
        (
            {"pddl_problem": BY_HAND.replace("agent1 - agent", "(agent1)")},
            "has a bracket in :objects",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(canContain", "stray (canContain")},
            "has 'stray' among its facts",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(canContain DeskType", "(canContain")},
            "wrong number of parts: \\(canContain MugType\\)",
        ),
        (
            {"pddl_problem": BY_HAND.replace("(inReceptacle Mug", "(inReceptacle Cup")},
            "unknown part in \\(inReceptacle Cup",
        ),
    ],
)
def test_damage_is_named(changes, message):
    if not message:
        # Odd, but it can be read.
        assert parse_game(sample(**changes)).start
        return
    with pytest.raises(DataError, match=message):
        parse_game(sample(**changes), "game.tw-pddl")


def test_errors_name_the_file(tmp_path):
    missing = tmp_path / "game.tw-pddl"
    with pytest.raises(DataError, match=r"game\.tw-pddl: there is no such file"):
        read_game(missing)
    for content in (b"", b"{", b"\xff", b"[" * 100_000):
        missing.write_bytes(content)
        with pytest.raises(DataError, match=r"game\.tw-pddl is not JSON"):
            read_game(missing)
    missing.write_text("[]")
    with pytest.raises(DataError, match=r"game\.tw-pddl holds no JSON object"):
        read_game(missing)
    missing.write_text(json.dumps(sample(grammar=None)))
    with pytest.raises(DataError, match=r"game\.tw-pddl: the field 'grammar'"):
        read_game(missing)
    with pytest.raises(DataError):
        read_game(tmp_path)


def test_the_trajectory_must_agree(tmp_path):
    path = write_game(KITCHEN, tmp_path, task_type=TWO)
    with pytest.raises(DataError, match=r"but traj_data\.json says 'pick_two"):
        read_game(path)
    path = write_game(KITCHEN, tmp_path, task_type="fly_to_the_moon")
    with pytest.raises(DataError, match=r"traj_data\.json: the field 'task_type'"):
        read_game(path)


def test_facts_that_agree_with_the_default_are_not_lost():
    problem = parse_game(game_file(changed(KITCHEN, COUNTER.id, openable=True)))
    (counter,) = (r for r in problem.receptacles if r.id == COUNTER.id)
    assert counter.openable and not counter.opened
