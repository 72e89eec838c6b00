"""The expert: knows where everything is, and takes a shortest way from any state.

A plan is a chain of chores (put down, fetch, treat, deliver, light). How many actions
a chore takes depends only on where one stands and which doors are open, so the best
plan is found by trying all chains with the things and places that could serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from agentgym_envs.alfworld.engine import STATIONS, is_ready, is_won
from agentgym_envs.alfworld.game import TOGGLED, Game, State, mark_of, members
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, TWO
from agentgym_envs.errors import NoExpertAction

VERBS = {CLEAN: "clean", HEAT: "heat", COOL: "cool"}

# A chore: a verb, a thing, a place; "use" has the lamp's place, "go" has no thing.
Chore = tuple[str, int, int]


def best_action(game: Game, state: State) -> str:
    """Give the next action of a shortest plan.

    Raises:
        NoExpertAction: if the game can't be won any more.
    """
    plan = best_plan(game, state)
    # A goal that holds already is noticed at the next action, whatever that is.
    return plan[0] if plan else "look"


def best_plan(game: Game, state: State) -> list[str]:
    """Give a shortest list of actions after which the goal holds.

    Raises:
        NoExpertAction: if there is none.
    """
    if is_won(game, state):
        return []
    best: list[str] | None = None
    for chores in _chains(game, state):
        plan = _walk(game, state, chores, len(best) if best is not None else 10**6)
        if plan is not None:
            best = plan
    if best is None:
        raise NoExpertAction("nothing in this house fulfils the task any more")
    return best


def _walk(
    game: Game, state: State, chores: Iterable[Chore], limit: int
) -> list[str] | None:
    """Write out the actions of some chores; None once they reach the limit."""
    location, opened = state.location, state.opened
    plan: list[str] = []
    for verb, thing, place in chores:
        name = game.places[place]
        if game.stands_at[place] != location:
            location = game.stands_at[place]
            plan.append(f"go to {name}")
        shut = game.openable[place] and not opened >> place & 1
        if shut and verb in ("take", "put"):
            opened |= 1 << place
            plan.append(f"open {name}")
        if verb != "go":
            plan.append(_command(game, verb, thing, name))
        if len(plan) >= limit:
            return None
    return plan


def _command(game: Game, verb: str, thing: int, place: str) -> str:
    name = game.names[thing]
    if verb == "take":
        return f"take {name} from {place}"
    if verb == "use":
        return f"use {name}"
    if verb == "put":
        v1 = game.text_version == "v1"
        return f"put {name} in/on {place}" if v1 else f"move {name} to {place}"
    return f"{verb} {name} with {place}"


def _chains(game: Game, state: State) -> Iterator[list[Chore]]:
    kind = game.problem.goal.kind
    if kind == LOOK:
        return _to_light(game, state)
    if kind == TWO:
        return _two(game, state)
    return _one(game, state)


def _one(game: Game, state: State) -> Iterator[list[Chore]]:
    verb = VERBS.get(game.problem.goal.kind)
    for thing in game.wanted:
        if verb and not getattr(game.things[thing], f"{verb}able"):
            continue
        stations = [-1]
        if verb and not is_ready(game, state, thing):
            kind = STATIONS[verb]
            stations = [i for i, t in enumerate(game.place_types) if t == kind]
            stations = [i for i in stations if game.stands_at[i] >= 0]
        for station in stations:
            treat = [] if station < 0 else [(verb or "", thing, station)]
            for target in _targets(game, thing):
                goals = [target, *(place for _, _, place in treat)]
                for fetch in _fetches(game, state, thing, goals):
                    yield [*fetch, *treat, ("put", thing, target)]


def _two(game: Game, state: State) -> Iterator[list[Chore]]:
    wanted = game.wanted
    for target in members(game.targets):
        there = [t for t in wanted if game.where(state, t) >> target & 1]
        away = [t for t in wanted if t not in there]
        for chosen in permutations(away, 2 - min(len(there), 1)):
            if state.held in chosen[1:]:
                continue
            if not all(target in _targets(game, thing) for thing in chosen):
                continue
            for chain in _fetches(game, state, chosen[0], [target]):
                chain = [*chain, ("put", chosen[0], target)]
                if len(chosen) == 1:
                    yield chain
                    continue
                for source in _sources(game, state, chosen[1]):
                    yield [
                        *chain,
                        ("take", chosen[1], source),
                        ("put", chosen[1], target),
                    ]


def _to_light(game: Game, state: State) -> Iterator[list[Chore]]:
    for lamp in game.lamps:
        verb = "go" if state.marks & mark_of(lamp, TOGGLED) else "use"
        for place in members(game.where(state, lamp)):
            if game.stands_at[place] < 0:
                continue
            for thing in game.wanted:
                for fetch in _fetches(game, state, thing, [place]):
                    yield [*fetch, (verb, lamp, place)]


def _targets(game: Game, thing: int) -> list[int]:
    kind = game.types[thing]
    return [
        place
        for place in members(game.targets)
        if kind in game.accepts[place] and game.stands_at[place] >= 0
    ]


def _sources(game: Game, state: State, thing: int) -> list[int]:
    if not game.things[thing].pickupable:
        return []
    places = members(game.where(state, thing))
    return [place for place in places if game.stands_at[place] >= 0]


def _fetches(
    game: Game, state: State, thing: int, goals: list[int]
) -> Iterator[list[Chore]]:
    """Give the ways to get a thing into the hand, emptying it first if need be."""
    if state.held == thing:
        yield []
        return
    for source in _sources(game, state, thing):
        take: Chore = ("take", thing, source)
        if state.held < 0:
            yield [take]
            continue
        for place in _places_to_drop(game, state, [source, *goals]):
            yield [("put", state.held, place), take]


def _places_to_drop(game: Game, state: State, ahead: list[int]) -> list[int]:
    """List where the held thing may go: here, on the way, or at any other place.

    Other places than those differ only in having a closed door or not, so one of
    each sort is enough.
    """
    near = {state.location, *(game.stands_at[place] for place in ahead)}
    kind = game.types[state.held]
    chosen, sorts = [], set()
    for place, location in enumerate(game.stands_at):
        if location < 0 or kind not in game.accepts[place]:
            continue
        if location in near:
            chosen.append(place)
        elif (sort := game.is_accessible(state, place)) not in sorts:
            sorts.add(sort)
            chosen.append(place)
    return chosen
