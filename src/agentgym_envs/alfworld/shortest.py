"""How many actions a game takes at least, by calculation.

No search is needed in the embedded houses: at the start nothing is held, done or on,
and nobody stands at furniture, so that a plan is a row of stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, permutations, product

from agentgym_envs.alfworld.furniture import APPLIANCES
from agentgym_envs.alfworld.problem import (
    CLEAN,
    COOL,
    HEAT,
    LOOK,
    TWO,
    Problem,
    Receptacle,
)

APPLIANCE_FOR = {
    CLEAN: APPLIANCES["clean"],
    HEAT: APPLIANCES["heat"],
    COOL: APPLIANCES["cool"],
}


def shortest_length(problem: Problem) -> int:
    """Count the actions of the shortest plan of an embedded game."""
    return min(_lengths(problem))


def _lengths(problem: Problem) -> Iterator[int]:
    """Give the length of every plan that may be the shortest."""
    goal = problem.goal
    sources = _holders(problem, goal.object_type)
    if goal.kind == LOOK:
        # A lamp can be used behind a closed door.
        for source, lamp in product(sources, _holders(problem, goal.toggle_type)):
            yield _walks(source, lamp) + _doors(source) + len(("take", "use"))
        return
    targets = _of_type(problem, goal.receptacle_type)
    if goal.kind == TWO:
        for (one, two), target in product(permutations(sources, 2), targets):
            walks = _walks(one, target, two, target)
            yield walks + _doors(one, two, target) + 2 * len(("take", "put"))
    elif goal.kind in APPLIANCE_FOR:
        appliances = _of_type(problem, f"{APPLIANCE_FOR[goal.kind]}Type")
        for source, appliance, target in product(sources, appliances, targets):
            walks = _walks(source, appliance, target)
            yield walks + _doors(source, target) + len(("take", "treat", "put"))
    else:
        for source, target in product(sources, targets):
            yield _walks(source, target) + _doors(source, target) + len(("take", "put"))


def _holders(problem: Problem, type_: str) -> list[Receptacle]:
    """Give the receptacle of every thing of a class."""
    at = {receptacle.id: receptacle for receptacle in problem.receptacles}
    return [at[thing.receptacle] for thing in problem.things if thing.type == type_]


def _of_type(problem: Problem, type_: str) -> list[Receptacle]:
    return [place for place in problem.receptacles if place.type == type_]


def _walks(*stops: Receptacle) -> int:
    """Count walks to the first stop and between those that don't share a location."""
    return 1 + sum(one.location != two.location for one, two in pairwise(stops))


def _doors(*places: Receptacle) -> int:
    """Count the doors that have to be opened."""
    return len({place.id for place in places if place.openable and not place.opened})
