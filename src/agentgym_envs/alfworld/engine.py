"""The rules of the household: what can be done, what it does, and how it is told.

They are those of ALFWorld's text games, in both published wordings: ``v1`` of the
first data release and ``v2`` of the later ones.
"""

from __future__ import annotations

from collections.abc import Callable

from agentgym_envs.alfworld.game import (
    IS_CLEAN,
    IS_COOL,
    IS_HOT,
    KNIVES,
    SLICED,
    TOGGLED,
    Game,
    State,
    listing,
    mark_of,
)
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, LOOK, TWO

NOTHING_HAPPENS = "Nothing happens."
# What each treatment marks a thing with, and which mark it takes away.
_EFFECTS = {
    "clean": (IS_CLEAN, 0),
    "heat": (IS_HOT, IS_COOL),
    "cool": (IS_COOL, IS_HOT),
}
STATIONS = {"clean": "SinkBasinType", "heat": "MicrowaveType", "cool": "FridgeType"}
HELP = """\
Available commands:
  look:                             look around your current location
  inventory:                        check your current inventory
  go to (receptacle):               move to a receptacle
  open (receptacle):                open a receptacle
  close (receptacle):               close a receptacle
  take (object) from (receptacle):  take an object from a receptacle
  move (object) to (receptacle):  place an object in or on a receptacle
  examine (something):              examine a receptacle or an object
  use (object):                     use an object
  heat (object) with (receptacle):  heat an object using a receptacle
  clean (object) with (receptacle): clean an object using a receptacle
  cool (object) with (receptacle):  cool an object using a receptacle
  slice (object) with (object):     slice an object using a sharp object
"""


def intro(game: Game) -> str:
    """Tell what there is in the room, and the task."""
    goal = game.problem.goal.text
    return (
        "You are in the middle of a room. Looking quickly around you, "
        f"you see {listing(game.reachable)}.\nYour task is to: {goal}."
    )


def do(game: Game, state: State, command: str) -> str | None:
    """Do a command and tell what came of it; None if it can't be done now."""
    verb, _, rest = command.partition(" ")
    rule = _RULES.get(verb)
    return rule(game, state, rest) if rule else None


def _go(game: Game, state: State, rest: str) -> str | None:
    place = game.place_index.get(rest[3:]) if rest.startswith("to ") else None
    end = -1 if place is None else game.stands_at[place]
    if place is None or end in (-1, state.location):
        return None
    state.location = end
    if game.text_version == "v1":
        arrival = game.location_names[state.location]
    else:
        arrival = game.places[place]
    return f"You arrive at {arrival}. {_view(game, state, place)}"


def _open(game: Game, state: State, rest: str) -> str | None:
    place = _place_here(game, state, rest)
    if place is None or game.is_accessible(state, place):
        return None
    state.opened |= 1 << place
    return f"You open the {rest}. {_view(game, state, place)}"


def _close(game: Game, state: State, rest: str) -> str | None:
    place = _place_here(game, state, rest)
    if place is None or not game.openable[place] or not state.opened >> place & 1:
        return None
    state.opened &= ~(1 << place)
    return f"You close the {rest}."


def _take(game: Game, state: State, rest: str) -> str | None:
    name, _, where = rest.partition(" from ")
    thing = game.thing_index.get(name)
    place = _place_here(game, state, where)
    if thing is None or place is None or state.held >= 0:
        return None
    places = game.where(state, thing)
    if not places >> place & 1 or not _can_take(game, state, thing, place):
        return None
    spots = game.spots(state, thing) & ~(1 << state.location)
    game.move(state, thing, places & ~(1 << place), spots)
    if len(game.here[state.location]) > 1:
        state.left[thing] = state.left.get(thing, 0) | 1 << place
    state.held = thing
    return f"You pick up the {name} from the {where}."


def _can_take(game: Game, state: State, thing: int, place: int) -> bool:
    return game.things[thing].pickupable and game.is_accessible(state, place)


def _put_v1(game: Game, state: State, rest: str) -> str | None:
    name, _, where = rest.partition(" in/on ")
    if game.text_version != "v1" or not _put(game, state, name, where):
        return None
    return f"You put the {name} in/on the {where}."


def _put_v2(game: Game, state: State, rest: str) -> str | None:
    name, _, where = rest.partition(" to ")
    if game.text_version != "v2" or not _put(game, state, name, where):
        return None
    return f"You move the {name} to the {where}."


def _put(game: Game, state: State, name: str, where: str) -> bool:
    held, place = state.held, _place_here(game, state, where)
    if held < 0 or game.names[held] != name or place is None:
        return False
    if not game.is_accessible(state, place):
        return False
    if game.types[held] not in game.accepts[place]:
        return False
    spots = game.spots(state, held) | 1 << state.location
    game.move(state, held, state.moved[held] | 1 << place, spots)
    if held in state.left:
        state.left[held] &= ~(1 << place)
    state.held = -1
    return True


def _treat(game: Game, state: State, rest: str, verb: str) -> str | None:
    name, _, where = rest.partition(" with ")
    held, place = state.held, _place_here(game, state, where)
    if held < 0 or game.names[held] != name or place is None:
        return None
    if game.place_types[place] != STATIONS[verb]:
        return None
    if not getattr(game.things[held], f"{verb}able"):
        return None
    mark, undone = _EFFECTS[verb]
    state.marks = (state.marks | mark_of(held, mark)) & ~mark_of(held, undone)
    return f"You {verb} the {name} using the {where}."


def _clean(game: Game, state: State, rest: str) -> str | None:
    return _treat(game, state, rest, "clean")


def _heat(game: Game, state: State, rest: str) -> str | None:
    return _treat(game, state, rest, "heat")


def _cool(game: Game, state: State, rest: str) -> str | None:
    return _treat(game, state, rest, "cool")


def _use(game: Game, state: State, rest: str) -> str | None:
    thing = game.thing_index.get(rest)
    if thing is None or not game.things[thing].toggleable:
        return None
    if not _is_around(game, state, thing):
        return None
    state.marks |= mark_of(thing, TOGGLED)
    # Used for the second time, it is said to be turned on again.
    return f"You turn on the {rest}."


def _slice(game: Game, state: State, rest: str) -> str | None:
    name, _, knife = rest.partition(" with ")
    thing, held = game.thing_index.get(name), state.held
    if held < 0 or game.names[held] != knife or game.types[held] not in KNIVES:
        return None
    if thing is None or not game.things[thing].sliceable:
        return None
    if not game.spots(state, thing) >> state.location & 1:
        return None
    state.marks |= mark_of(thing, SLICED)
    return f"You sliced the {name} with the {knife}."


def _examine(game: Game, state: State, rest: str) -> str | None:
    place = _place_here(game, state, rest)
    if place is not None:
        return _view(game, state, place)
    # What merely lies around can't be examined in the original either.
    if state.held >= 0 and game.names[state.held] == rest:
        return _inspect(game, state, state.held)
    return None


def _view(game: Game, state: State, place: int) -> str:
    name = game.places[place]
    if game.openable[place]:
        if not state.opened >> place & 1:
            return f"The {name} is closed."
        opening = f"The {name} is open. In it"
    else:
        opening = f"On the {name}"
    names = game.names
    inside = listing([names[thing] for thing in game.contents(state, place)])
    return f"{opening}, you see {inside}."


def _inspect(game: Game, state: State, thing: int) -> str:
    name, facts = game.names[thing], game.things[thing]
    if facts.is_receptacle:
        return f"This is a normal {name}. In it, you see {game.inner_text(thing)}."
    clean, hot, cool, is_on, is_sliced = (
        bool(state.marks & mark_of(thing, mark))
        for mark in (IS_CLEAN, IS_HOT, IS_COOL, TOGGLED, SLICED)
    )
    warmth = "hot" if hot else "cool" if cool else ""
    if is_sliced and (clean or warmth):
        words = " and ".join(w for w in (warmth, "clean" if clean else "") if w)
        return f"This is a {words} sliced {name}."
    if clean and warmth:
        return f"This is a {warmth} and clean {name}."
    if hot or clean or cool:
        return f"This is a {'hot' if hot else 'clean' if clean else 'cold'} {name}."
    # The original has a text for lamps that are off, but never comes to it.
    if facts.toggleable and is_on:
        return f"This {name} is on."
    if facts.sliceable and is_sliced:
        return f"This is a sliced {name}."
    return f"There's nothing special about {name}."


def _inventory(game: Game, state: State, rest: str) -> str | None:
    if rest:
        return None
    if state.held < 0:
        return "You are not carrying anything."
    return f"You are carrying: a {game.names[state.held]}."


def _look(game: Game, state: State, rest: str) -> str | None:
    if rest:
        return None
    here = game.here[state.location]
    if not here:
        # The room is listed only once, at the start.
        return (
            "You are in the middle of a room. Looking quickly around you, "
            "you see nothing."
        )
    names = [game.places[place] for place in here]
    faced = ", ".join(names[:-1]) + ", and " * (len(names) > 1) + names[-1]
    return f"You are facing the {faced}. Next to it, you see {_beside(game, state)}."


def _beside(game: Game, state: State) -> str:
    """List what lies at this location, but was taken from a receptacle here before.

    That is what the original comes to: it asks for things that are not in a
    receptacle, and knows of none that was never in it.
    """
    return listing(
        game.names[thing]
        for thing, places in sorted(state.left.items())
        if game.spots(state, thing) >> state.location & 1
        for place in game.here[state.location]
        if places >> place & 1
    )


def _help(game: Game, state: State, rest: str) -> str | None:
    return HELP if game.text_version == "v2" and not rest else None


def _place_here(game: Game, state: State, name: str) -> int | None:
    place = game.place_index.get(name)
    if place is None or game.stands_at[place] != state.location:
        return None
    return place


def _is_around(game: Game, state: State, thing: int) -> bool:
    return bool(game.where(state, thing) & game.here_bits[state.location])


_RULES: dict[str, Callable[[Game, State, str], str | None]] = {
    "go": _go,
    "open": _open,
    "close": _close,
    "take": _take,
    "put": _put_v1,
    "move": _put_v2,
    "clean": _clean,
    "heat": _heat,
    "cool": _cool,
    "use": _use,
    "slice": _slice,
    "examine": _examine,
    "inventory": _inventory,
    "look": _look,
    "help": _help,
}


def admissible(game: Game, state: State) -> list[str]:
    """List what can be done now, sorted."""
    held, location = state.held, state.location
    before: list[str] = []  # what sorts before "go to"
    after = ["inventory", "look"]
    if game.text_version == "v2":
        after.append("help")
    if held >= 0:
        before.append(f"examine {game.names[held]}")
    for place in game.here[location]:
        name = game.places[place]
        before.append(f"examine {name}")
        if held >= 0:
            _treatments(game, held, place, before, after)
        if game.openable[place]:
            if not state.opened >> place & 1:
                after.append(f"open {name}")
                continue
            before.append(f"close {name}")
        if held < 0:
            for thing in game.contents(state, place):
                if game.things[thing].pickupable:
                    after.append(f"take {game.names[thing]} from {name}")
        elif game.types[held] in game.accepts[place]:
            v1 = game.text_version == "v1"
            put, into = ("put", "in/on") if v1 else ("move", "to")
            after.append(f"{put} {game.names[held]} {into} {name}")
    for thing in game.toggleable:
        if _is_around(game, state, thing):
            after.append(f"use {game.names[thing]}")
    if held >= 0 and game.types[held] in KNIVES:
        for thing in game.sliceable:
            if game.spots(state, thing) >> location & 1:
                after.append(f"slice {game.names[thing]} with {game.names[held]}")
    before.sort()
    after.sort()
    return before + game.exits(location) + after


def _treatments(
    game: Game, held: int, place: int, before: list[str], after: list[str]
) -> None:
    kind, thing = game.place_types[place], game.things[held]
    if kind == "SinkBasinType" and thing.cleanable:
        before.append(f"clean {game.names[held]} with {game.places[place]}")
    elif kind == "FridgeType" and thing.coolable:
        before.append(f"cool {game.names[held]} with {game.places[place]}")
    elif kind == "MicrowaveType" and thing.heatable:
        after.append(f"heat {game.names[held]} with {game.places[place]}")


def is_won(game: Game, state: State) -> bool:
    """Whether the goal holds."""
    kind = game.problem.goal.kind
    if kind == LOOK:
        held = state.held
        return held in game.wanted and any(
            state.marks & mark_of(lamp, TOGGLED) and _is_around(game, state, lamp)
            for lamp in game.lamps
        )
    targets = game.targets
    if kind == TWO:
        seen = 0
        for thing in game.wanted:
            places = targets & game.where(state, thing)
            if seen & places:
                return True
            seen |= places
        return False
    return any(
        targets & game.where(state, thing) and is_ready(game, state, thing)
        for thing in game.wanted
    )


def is_ready(game: Game, state: State, thing: int) -> bool:
    """Whether a thing has been treated as the goal asks."""
    kind, facts = game.problem.goal.kind, game.things[thing]
    if kind == CLEAN:
        return facts.cleanable and bool(state.marks & mark_of(thing, IS_CLEAN))
    if kind == HEAT:
        return facts.heatable and bool(state.marks & mark_of(thing, IS_HOT))
    if kind == COOL:
        return facts.coolable and bool(state.marks & mark_of(thing, IS_COOL))
    return True
