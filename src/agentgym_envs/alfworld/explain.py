"""Says what was wrong with a command that did nothing, for the default mode."""

from __future__ import annotations

from agentgym_envs.alfworld.engine import STATIONS
from agentgym_envs.alfworld.game import KNIVES, Game, State

SHOWN = 60  # characters of a name that nobody knows
FORMS = {
    "go": "go to {place}",
    "open": "open {place}",
    "close": "close {place}",
    "take": "take {object} from {place}",
    "put": "put {object} in/on {place}",
    "move": "move {object} to {place}",
    "clean": "clean {object} with {place}",
    "heat": "heat {object} with {place}",
    "cool": "cool {object} with {place}",
    "use": "use {object}",
    "slice": "slice {object} with {knife}",
    "examine": "examine {place or held object}",
    "inventory": "inventory",
    "look": "look",
}
_JOINS = {
    "take": " from ",
    "put": " in/on ",
    "move": " to ",
    "clean": " with ",
    "heat": " with ",
    "cool": " with ",
    "slice": " with ",
}


def complaint(game: Game, state: State, command: str) -> str:
    """Give the reason why a command can't be done now, as one sentence."""
    verb, _, rest = command.partition(" ")
    other = "move" if game.text_version == "v1" else "put"
    if verb not in FORMS or verb == other:
        verbs = ", ".join(v for v in FORMS if v != other)
        return f"An action begins with one of: {verbs}."
    if verb in _JOINS:
        name, join, where = rest.partition(_JOINS[verb])
        if not join:
            return _form(verb)
        if verb == "slice":
            return _about_slicing(game, state, name, where)
        if verb == "take":
            return _about_taking(game, state, name, where)
        return _about_holding(game, state, verb, name, where)
    if verb in ("inventory", "look"):
        return _form(verb)
    if verb == "use":
        return _about_using(game, state, rest)
    if verb == "examine" and rest in game.thing_index:
        return f"You can examine the {rest} only while you hold it."
    if verb == "go":
        if not rest.startswith("to "):
            return _form(verb)
        return _unknown(game, rest[3:]) or f"You are at the {rest[3:]} already."
    return _away(game, state, rest) or _about_doors(game, state, verb, rest)


def _form(verb: str) -> str:
    return f'Write it as "{FORMS[verb]}".'


def _unknown(game: Game, place: str) -> str:
    known = place in game.place_index and game.stands_at[game.place_index[place]] >= 0
    return "" if known else f"There is no place {place[:SHOWN]!r} in this room."


def _away(game: Game, state: State, place: str) -> str:
    if unknown := _unknown(game, place):
        return unknown
    if game.stands_at[game.place_index[place]] != state.location:
        return f"You are not at the {place}; go there first."
    return ""


def _about_doors(game: Game, state: State, verb: str, place: str) -> str:
    number = game.place_index[place]
    if not game.openable[number]:
        return f"The {place} has no door."
    return f"The {place} is {'open' if verb == 'open' else 'closed'} already."


def _shut(game: Game, state: State, place: str) -> str:
    if game.is_accessible(state, game.place_index[place]):
        return ""
    return f"The {place} is closed; open it first."


def _about_taking(game: Game, state: State, name: str, place: str) -> str:
    if reason := _away(game, state, place):
        return reason
    if state.held >= 0:
        held = game.names[state.held]
        return f"You hold the {held}; one can carry only one object."
    if reason := _shut(game, state, place):
        return reason
    thing = game.thing_index.get(name)
    inside = game.contents(state, game.place_index[place])
    if thing is None or thing not in inside:
        return f"There is no {name[:SHOWN]!r} in or on the {place}."
    return f"The {name} can't be picked up."


def _about_holding(game: Game, state: State, verb: str, name: str, place: str) -> str:
    if state.held < 0 or game.names[state.held] != name:
        return f"You don't hold {name[:SHOWN]!r}."
    if reason := _away(game, state, place):
        return reason
    if verb not in STATIONS:
        return _shut(game, state, place) or f"The {name} does not go there."
    if game.place_types[game.place_index[place]] != STATIONS[verb]:
        tool = STATIONS[verb].removesuffix("Type").lower()
        return f"To {verb} something takes a {tool}."
    return f"There is no way to {verb} the {name}."


def _about_using(game: Game, state: State, name: str) -> str:
    thing = game.thing_index.get(name)
    if thing is None or not game.things[thing].toggleable:
        return f"There is no lamp {name[:SHOWN]!r} in this room."
    return f"The {name} is not here; go to where it is."


def _about_slicing(game: Game, state: State, name: str, knife: str) -> str:
    if state.held < 0 or game.names[state.held] != knife:
        return f"You don't hold {knife[:SHOWN]!r}."
    if game.types[state.held] not in KNIVES:
        return "To slice something takes a knife."
    thing = game.thing_index.get(name)
    if thing is None or not game.things[thing].sliceable:
        return f"There is nothing to slice that is named {name[:SHOWN]!r}."
    return f"The {name} is not here; go to where it is."
