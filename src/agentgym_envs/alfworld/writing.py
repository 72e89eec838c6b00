"""Writes problems as game files: the way back from `pddl`, and for TextWorld.

The planning domain and the grammar that go with a problem are our own; they say the
same as `engine`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from agentgym_envs.alfworld.engine import HELP
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, TWO, Goal, Problem

AGENT = "agent1"
# The domain names these, so each problem has to declare them.
REQUIRED_OBJECTS = ("ButterKnifeType", "KnifeType")
REQUIRED_PLACES = ("FridgeType", "MicrowaveType", "SinkBasinType")
HELP_ACTION = """\
  (:action help
    :parameters (?a - agent)
    :precondition (and)
    :effect (noticed ?a))
"""
_TREATED = {CLEAN: "clean", HEAT: "heat", COOL: "cool"}


def game_file(problem: Problem) -> dict[str, Any]:
    """Give the content of a ``game.tw-pddl`` file."""
    return {
        "pddl_domain": _domain(problem.text_version == "v2"),
        "grammar": grammar(problem),
        "pddl_problem": problem_text(problem),
        "solvable": True,
        "walkthrough": None,
    }


@cache
def _text(name: str) -> str:
    path = files("agentgym_envs.alfworld") / "data" / name
    return path.read_text(encoding="utf-8")


def _domain(has_help: bool) -> str:
    text = _text("domain.pddl")
    return text.replace("HELP_ACTION", HELP_ACTION if has_help else "")


def grammar(problem: Problem) -> str:
    """Give the texts of a game in its version, its goal among them."""
    v1 = problem.text_version == "v1"
    goal = json.dumps(problem.goal.text)[1:-1]
    words = {
        "ARRIVAL": "to.name" if v1 else "r.name",
        "PUT_VERB": "put" if v1 else "move",
        "PUT_WORD": "in/on" if v1 else "to",
        "HELP_TEXT": '""' if v1 else json.dumps(HELP),
        "GOAL_TEXT": goal,
    }
    text = _text("grammar.twl2")
    for mark, word in words.items():
        text = text.replace(mark, word)
    if not v1:
        text += 'action help { template :: "help"; feedback :: "#help.text#"; }\n'
    return text


def problem_text(problem: Problem) -> str:
    """Write a problem in PDDL, in the form of the published files."""
    objects = "\n".join(f"    {line}" for line in _objects(problem))
    facts = "\n".join(f"    ({fact})" for fact in _facts(problem))
    return f"""\
(define (problem household)
  (:domain alfred)
  (:objects
{objects}
  )
  (:init
{facts}
  )
  (:goal
    {goal_text(problem.goal)}
  )
)
"""


def _objects(problem: Problem) -> Iterator[str]:
    yield f"{AGENT} - agent"
    types = {t.type for t in problem.things} | {o for _, o in problem.can_contain}
    # The published files declare each class as an object too, without any facts.
    for kind in sorted(types):
        yield f"{kind.removesuffix('Type')} - object"
    for kind in sorted(types | set(REQUIRED_OBJECTS)):
        yield f"{kind} - otype"
    places = {r.type for r in problem.receptacles} | {p for p, _ in problem.can_contain}
    for kind in sorted(places | set(REQUIRED_PLACES)):
        yield f"{kind} - rtype"
    for thing in problem.things:
        yield f"{thing.id} - object"
    for receptacle in problem.receptacles:
        yield f"{receptacle.id} - receptacle"
    for location in problem.locations:
        yield f"{location} - location"


def _facts(problem: Problem) -> Iterator[str]:
    where = {}
    for r in problem.receptacles:
        where[r.id] = r.location
        yield f"receptacleType {r.id} {r.type}"
        if r.location:
            yield f"receptacleAtLocation {r.id} {r.location}"
        if r.openable:
            yield f"openable {r.id}"
        if r.opened:
            yield f"opened {r.id}"
    for place, thing in sorted(problem.can_contain):
        yield f"canContain {place} {thing}"
    for t in problem.things:
        yield f"objectType {t.id} {t.type}"
        for holder in (t.receptacle, *t.also_in):
            if holder:
                yield f"inReceptacle {t.id} {holder}"
        if location := t.location or where.get(t.receptacle):
            yield f"objectAtLocation {t.id} {location}"
        if t.inside:
            yield f"inReceptacleObject {t.id} {t.inside}"
        flags = {
            "pickupable": t.pickupable,
            "isReceptacleObject": t.is_receptacle,
            "cleanable": t.cleanable,
            "heatable": t.heatable,
            "coolable": t.coolable,
            "toggleable": t.toggleable,
            "sliceable": t.sliceable,
            "isClean": t.is_clean,
            "isHot": t.is_hot,
            "isCool": t.is_cool,
            "isOn": t.is_on,
            "isSliced": t.is_sliced,
        }
        for name, holds in flags.items():
            if holds:
                yield f"{name} {t.id}"
    yield f"atLocation {AGENT} {problem.start}"


def goal_text(goal: Goal) -> str:
    """Write a goal in PDDL."""
    if goal.kind == LOOK:
        return (
            "(and (exists (?lamp - object ?r - receptacle ?l - location ?a - agent) "
            f"(and (objectType ?lamp {goal.toggle_type}) (toggleable ?lamp) "
            "(isToggled ?lamp) (inReceptacle ?lamp ?r) (receptacleAtLocation ?r ?l) "
            "(atLocation ?a ?l))) (exists (?o - object ?a - agent) "
            f"(and (objectType ?o {goal.object_type}) (holds ?a ?o))))"
        )
    target = f"(receptacleType ?r {goal.receptacle_type})"
    if goal.kind == TWO:
        return (
            "(exists (?r - receptacle ?o1 - object ?o2 - object) (and "
            f"{target} (objectType ?o1 {goal.object_type}) "
            f"(objectType ?o2 {goal.object_type}) (not (= ?o1 ?o2)) "
            "(inReceptacle ?o1 ?r) (inReceptacle ?o2 ?r)))"
        )
    extra = ""
    if verb := _TREATED.get(goal.kind):
        extra = f" ({verb}able ?o) (is{_PAST[verb]} ?o)"
    return (
        f"(exists (?r - receptacle ?o - object) (and {target} "
        f"(objectType ?o {goal.object_type}) (inReceptacle ?o ?r){extra}))"
    )


_PAST = {"clean": "Clean", "heat": "Hot", "cool": "Cool"}
