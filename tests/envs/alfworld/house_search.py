"""A small simulator of its own, and a search for the shortest plan in it.

Knows only what can matter: things of the goal's class, lamps, and the receptacles
that hold them, treat them or are their target.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, TWO, Problem

TREATS = {CLEAN: "SinkBasinType", HEAT: "MicrowaveType", COOL: "FridgeType"}


@dataclass(frozen=True)
class State:
    location: str
    places: tuple[str, ...]  # receptacle of each thing, "" in the hand
    opened: frozenset[str]
    treated: frozenset[int] = frozenset()
    lit: bool = False


class House:
    def __init__(self, problem: Problem) -> None:
        goal = problem.goal
        self.goal = goal
        self.things = [x for x in problem.things if x.type == goal.object_type]
        self.lamps = [x for x in problem.things if x.type == goal.toggle_type]
        used = {x.receptacle for x in (*self.things, *self.lamps)}
        types = {goal.receptacle_type, TREATS.get(goal.kind, "")}
        self.receptacles = [
            r for r in problem.receptacles if r.id in used or r.type in types
        ]
        self.at = {r.id: r for r in self.receptacles}
        self.allowed = {a for a, b in problem.can_contain if b == goal.object_type}
        self.start = State(
            problem.start,
            tuple(x.receptacle for x in self.things),
            frozenset(r.id for r in self.receptacles if r.opened),
        )

    def is_won(self, state: State) -> bool:
        if self.goal.kind == LOOK:
            lamp_here = any(
                self.at[x.receptacle].location == state.location for x in self.lamps
            )
            return lamp_here and state.lit and "" in state.places
        there = [
            place
            for number, place in enumerate(state.places)
            if place
            and self.at[place].type == self.goal.receptacle_type
            and (self.goal.kind not in TREATS or number in state.treated)
        ]
        if self.goal.kind == TWO:
            return len(there) > len(set(there))
        return bool(there)

    def after(self, state: State):
        for location in {r.location for r in self.receptacles} - {state.location}:
            yield replace(state, location=location)
        here = [r for r in self.receptacles if r.location == state.location]
        held = state.places.index("") if "" in state.places else None
        for r in here:
            if r.openable and r.id not in state.opened:
                yield replace(state, opened=state.opened | {r.id})
            if held is not None and r.type == TREATS.get(self.goal.kind):
                yield replace(state, treated=state.treated | {held})
            if r.openable and r.id not in state.opened:
                continue
            if held is None:
                for number, place in enumerate(state.places):
                    if place == r.id:
                        yield moved(state, number, "")
            elif r.type in self.allowed:
                yield moved(state, held, r.id)
        if any(self.at[x.receptacle] in here for x in self.lamps):
            yield replace(state, lit=True)


def moved(state: State, number: int, place: str) -> State:
    places = (*state.places[:number], place, *state.places[number + 1 :])
    return replace(state, places=places)


def searched_length(problem: Problem) -> int:
    house = House(problem)
    queue = deque([(house.start, 0)])
    seen = {house.start}
    while queue:
        state, steps = queue.popleft()
        if house.is_won(state):
            return steps
        for following in house.after(state):
            if following not in seen:
                seen.add(following)
                queue.append((following, steps + 1))
    raise AssertionError("this game can't be won")
