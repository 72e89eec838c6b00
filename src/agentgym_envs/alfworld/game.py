"""A problem made ready to be played: everything that never changes, looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from agentgym_envs.alfworld.names import number
from agentgym_envs.alfworld.problem import Problem, TextVersion

KNIVES = frozenset({"KnifeType", "ButterKnifeType"})

# What may have been done to a thing.
IS_CLEAN, IS_HOT, IS_COOL, TOGGLED, SLICED = 1, 2, 4, 8, 16
MARKS = 5  # bits


@dataclass(slots=True)
class State:
    """What changes: places and things are numbers, and sets of them are bits.

    Args:
        location: Where the agent is.
        held: The thing in its hand, -1 for none.
        opened: The set of receptacles that are open.
        marks: For each thing five bits of what was done to it; see `mark_of`.
        moved: For each thing that was taken, the set of receptacles it is in now.
        spots: The set of locations that a thing is said to be at, where it is not
            that of its receptacles.
        left: For each thing, the receptacles it was taken from, where several share
            a location.
        history: The commands so far, a line each, where TextWorld has to follow.
    """

    location: int
    held: int = -1
    opened: int = 0
    marks: int = 0
    moved: dict[int, int] = field(default_factory=dict)
    spots: dict[int, int] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    history: str = ""

    def copy(self) -> State:
        """Give a state that goes its own way."""
        return State(
            self.location,
            self.held,
            self.opened,
            self.marks,
            self.moved.copy(),
            self.spots.copy(),
            self.left.copy(),
            self.history,
        )


class Game:
    """A problem with its receptacles, things and locations numbered by their ids.

    Every listing goes by ascending ids, so ascending numbers give each its order.

    Args:
        problem: What is played.
        text_version: The wording; None means the problem's own.
    """

    def __init__(
        self, problem: Problem, text_version: TextVersion | None = None
    ) -> None:
        if text_version not in (None, problem.text_version):
            problem = replace(problem, text_version=text_version)
        self.problem = problem
        self.text_version = problem.text_version
        self.receptacles = sorted(problem.receptacles, key=lambda r: r.id.lower())
        self.things = sorted(problem.things, key=lambda t: t.id.lower())
        self._number_locations()
        self._read_receptacles()
        self._read_things()
        self._read_goal()

    def _number_locations(self) -> None:
        problem = self.problem
        # Only what occurs in facts is numbered, as in the original.
        used = {problem.start, *(r.location for r in problem.receptacles)}
        used |= {t.location for t in problem.things}
        used.discard("")
        self.locations = sorted(used, key=str.lower)
        self.location_index = {id: i for i, id in enumerate(self.locations)}
        self.name_of = number(
            [
                *self.locations,
                *(r.id for r in self.receptacles),
                *(t.id for t in self.things),
            ]
        )
        self.location_names = [self.name_of[id] for id in self.locations]

    def _read_receptacles(self) -> None:
        receptacles, index = self.receptacles, self.location_index
        self.places = [self.name_of[r.id] for r in receptacles]
        self.place_index = {name: i for i, name in enumerate(self.places)}
        self.place_types = [r.type for r in receptacles]
        # A place without a location has a name, but nobody gets there.
        self.stands_at = [index.get(r.location, -1) for r in receptacles]
        self.reachable = [
            name
            for name, at in zip(self.places, self.stands_at, strict=True)
            if at >= 0
        ]
        self.openable = [r.openable for r in receptacles]
        self.opened = _bits([r.opened for r in receptacles])
        here: list[list[int]] = [[] for _ in self.locations]
        for i, location in enumerate(self.stands_at):
            if location >= 0:
                here[location].append(i)
        self.here = [tuple(group) for group in here]
        self.here_bits = [_set_of(group) for group in here]
        accepted: dict[str, set[str]] = {}
        for place, thing in self.problem.can_contain:
            accepted.setdefault(place, set()).add(thing)
        nothing: set[str] = set()
        self.accepts = [accepted.get(r.type, nothing) for r in receptacles]
        ordered = sorted((f"go to {name}", i) for i, name in enumerate(self.places))
        self._ways = [
            (text, self.stands_at[i]) for text, i in ordered if self.stands_at[i] >= 0
        ]
        self._exits: list[list[str] | None] = [None] * len(self.locations)

    def _read_things(self) -> None:
        things = self.things
        self.names = [self.name_of[t.id] for t in things]
        self.thing_index = {name: i for i, name in enumerate(self.names)}
        self.types = [t.type for t in things]
        place_of = {r.id: i for i, r in enumerate(self.receptacles)}
        self.home = [
            _set_of(place_of[id] for id in (t.receptacle, *t.also_in) if id)
            for t in things
        ]
        first: list[list[int]] = [[] for _ in self.receptacles]
        for i, home in enumerate(self.home):
            for place in members(home):
                first[place].append(i)
        self.first = [tuple(group) for group in first]
        self.sliceable = [i for i, t in enumerate(things) if t.sliceable]
        self.toggleable = [i for i, t in enumerate(things) if t.toggleable]
        self._contents_text: dict[int, str] = {}
        self._first_marks = 0
        for i, t in enumerate(things):
            flags = (t.is_clean, IS_CLEAN), (t.is_hot, IS_HOT), (t.is_cool, IS_COOL)
            for flag, mark in (*flags, (t.is_sliced, SLICED)):
                if flag:
                    self._first_marks |= mark_of(i, mark)

    def _read_goal(self) -> None:
        goal = self.problem.goal
        self.wanted = [i for i, t in enumerate(self.types) if t == goal.object_type]
        self.targets = _set_of(
            i for i, t in enumerate(self.place_types) if t == goal.receptacle_type
        )
        self.lamps = [
            i
            for i, t in enumerate(self.things)
            if t.type == goal.toggle_type and t.toggleable
        ]

    def start(self) -> State:
        """Give the state in which an episode begins."""
        return State(
            location=self.location_index[self.problem.start],
            opened=self.opened,
            marks=self._first_marks,
        )

    def exits(self, location: int) -> list[str]:
        """List the ``go to`` commands at a location, sorted."""
        exits = self._exits[location]
        if exits is None:
            exits = [text for text, end in self._ways if end != location]
            self._exits[location] = exits
        return exits

    def where(self, state: State, thing: int) -> int:
        """Give the set of receptacles that a thing is in; one or, if held, none."""
        return state.moved.get(thing, self.home[thing])

    def contents(self, state: State, place: int) -> Sequence[int]:
        """Give what is in a receptacle, in the order of listings."""
        moved = state.moved
        if not moved:
            return self.first[place]
        found = [thing for thing in self.first[place] if thing not in moved]
        came = [thing for thing, places in moved.items() if places >> place & 1]
        return sorted(found + came) if came else found

    def spots(self, state: State, thing: int) -> int:
        """Give the set of locations that a thing is said to be at."""
        known = state.spots.get(thing)
        if known is not None:
            return known
        location = self.things[thing].location
        if thing not in state.moved and location:
            return 1 << self.location_index[location]
        return self._spots_of(self.where(state, thing))

    def _spots_of(self, places: int) -> int:
        spots = (self.stands_at[place] for place in members(places))
        return _set_of(spot for spot in spots if spot >= 0)

    def move(self, state: State, thing: int, places: int, spots: int) -> None:
        """Note where a thing is from now on."""
        state.moved[thing] = places
        if spots == self._spots_of(places):
            state.spots.pop(thing, None)
        else:
            state.spots[thing] = spots

    def is_accessible(self, state: State, place: int) -> bool:
        """Whether one can reach into a receptacle."""
        return not self.openable[place] or bool(state.opened >> place & 1)

    def inner_text(self, thing: int) -> str:
        """List what is inside a thing; what was put there at first stays for ever."""
        text = self._contents_text.get(thing)
        if text is None:
            holder = self.things[thing].id
            inner = [i for i, t in enumerate(self.things) if t.inside == holder]
            text = self._contents_text[thing] = listing(self.names[i] for i in inner)
        return text


def mark_of(thing: int, mark: int) -> int:
    """Give the bits that mark a thing in `State.marks`."""
    return mark << MARKS * thing


def listing(names: Iterable[str]) -> str:
    """Write names as a list, in the original's manner.

    >>> listing(["egg 1", "mug 1"])
    'a egg 1, and a mug 1'
    """
    parts = [f"a {name}" for name in names]
    if not parts:
        return "nothing"
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _bits(flags: Sequence[bool]) -> int:
    return _set_of(i for i, flag in enumerate(flags) if flag)


def _set_of(numbers: Iterable[int]) -> int:
    bits = 0
    for member in numbers:
        bits |= 1 << member
    return bits


def members(bits: int) -> list[int]:
    """List the numbers in a set."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found
