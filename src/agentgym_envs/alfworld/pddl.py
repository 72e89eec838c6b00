"""Reads published game files, ``game.tw-pddl`` with ``traj_data.json`` beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentgym_envs.alfworld.problem import (
    CLEAN,
    COOL,
    HEAT,
    KINDS,
    LOOK,
    PICK,
    TWO,
    Goal,
    Problem,
    Receptacle,
    TextVersion,
    Thing,
)
from agentgym_envs.errors import DataError

Node = str | list["Node"]

# Escapes in a JSON string within the grammar, so that a goal may hold quotes.
_GOAL_TEXT = re.compile(r'"Your task is to: ((?:[^"\\]|\\.)*)"')
_TOKEN = re.compile(r"[()]|[^\s()]+")
_COMMENT = re.compile(r";[^\n]*")
_FLAGS = {
    "pickupable": "pickupable",
    "cleanable": "cleanable",
    "heatable": "heatable",
    "coolable": "coolable",
    "toggleable": "toggleable",
    "sliceable": "sliceable",
    "isreceptacleobject": "is_receptacle",
    "isclean": "is_clean",
    "ishot": "is_hot",
    "iscool": "is_cool",
    "ison": "is_on",
    "issliced": "is_sliced",
}


def read_game(path: Path) -> Problem:
    """Read a game file.

    Raises:
        DataError: if it is missing or not as published; naming file and field.
    """
    return parse_game(read_json(path), str(path), _task_type(path))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file.

    Raises:
        DataError: if there is none in it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except OSError as error:
        raise DataError(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path} holds no JSON object")
    return content


def _task_type(path: Path) -> str | None:
    """The task type in the file beside a game, None if there is no such file."""
    trajectory = path.with_name("traj_data.json")
    if not trajectory.is_file():
        return None
    kind = read_json(trajectory).get("task_type")
    if kind not in KINDS:
        raise DataError(
            f"{trajectory}: the field 'task_type' is {kind!r:.60}, "
            f"not one of {', '.join(KINDS)}"
        )
    return str(kind)


def parse_game(
    game: dict[str, Any], where: str = "game", task_type: str | None = None
) -> Problem:
    """Turn the content of a game file into a problem.

    Args:
        game: The JSON object.
        where: What to call it in errors.
        task_type: What the game is said to be; None means that its goal says it.

    Raises:
        DataError: naming the field that is missing or damaged.
    """
    texts = {}
    for field in ("pddl_problem", "grammar"):
        content = game.get(field)
        if not isinstance(content, str):
            raise DataError(f"{where}: the field {field!r} is missing or no text")
        texts[field] = content
    version, text = _read_grammar(texts["grammar"], f"{where}: the field 'grammar'")
    reader = _Reader(texts["pddl_problem"], f"{where}: the field 'pddl_problem'")
    goal = reader.goal(text)
    if task_type not in (None, goal.kind):
        raise DataError(
            f"{where}: the goal in the field 'pddl_problem' is one of {goal.kind}, "
            f"but traj_data.json says {task_type!r}"
        )
    return reader.problem(goal, version)


def _read_grammar(grammar: str, where: str) -> tuple[TextVersion, str]:
    match = _GOAL_TEXT.search(grammar)
    if match is None:
        raise DataError(f"{where} has no goal ('Your task is to: ...')")
    try:
        text = json.loads(f'"{match[1]}"', strict=False)
    except ValueError:
        raise DataError(f"{where} has a damaged goal: {match[1]!r:.80}") from None
    # Only the first release puts things "in/on" places.
    return ("v1" if "in/on {r}" in grammar else "v2"), text.strip().removesuffix(".")


class _Reader:
    """The sections of one PDDL problem."""

    def __init__(self, text: str, where: str) -> None:
        self._where = where
        sections: dict[str, list[Node]] = {}
        for part in self._parse(text):
            if isinstance(part, list) and part and isinstance(part[0], str):
                sections[part[0].lower()] = part[1:]
        for name in (":objects", ":init", ":goal"):
            if name not in sections:
                raise self._error(f"has no {name}")
        self._goal = sections[":goal"]
        self._declared = self._declarations(sections[":objects"])
        self._facts: dict[str, list[list[str]]] = {}
        for node in sections[":init"]:
            if not isinstance(node, list) or not node:
                what = node if isinstance(node, str) else "()"
                raise self._error(f"has {what!r:.60} among its facts")
            if all(isinstance(part, str) for part in node):
                name, *arguments = (str(part) for part in node)
                self._facts.setdefault(name.lower(), []).append(arguments)

    def _error(self, what: str) -> DataError:
        return DataError(f"{self._where} {what}")

    def _parse(self, text: str) -> list[Node]:
        stack: list[list[Node]] = [[]]
        for token in _TOKEN.findall(_COMMENT.sub("", text)):
            if token == "(":
                stack.append([])
            elif token != ")":
                stack[-1].append(token)
            elif len(stack) == 1:
                raise self._error("closes a bracket that was never opened")
            else:
                inner = stack.pop()
                stack[-1].append(inner)
        if len(stack) != 1:
            raise self._error("ends within a bracket")
        (top, *more) = stack[0] or [""]
        if more or not isinstance(top, list):
            raise self._error("is not one (define ...)")
        return top

    def _declarations(self, nodes: list[Node]) -> dict[str, str]:
        """Read ``a b - kind c - other`` into a kind for each id."""
        declared: dict[str, str] = {}
        waiting: list[str] = []
        names = iter(nodes)
        for node in names:
            if not isinstance(node, str):
                raise self._error("has a bracket in :objects")
            if node != "-":
                waiting.append(node)
                continue
            kind = next(names, None)
            if not isinstance(kind, str):
                raise self._error("has an object without a type at the end of :objects")
            declared.update(dict.fromkeys(waiting, kind.lower()))
            waiting.clear()
        return declared

    def _pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        for arguments in self._facts.get(predicate.lower(), ()):
            if len(arguments) != 2:
                fact = " ".join([predicate, *arguments])
                raise self._error(f"has a fact with a wrong number of parts: ({fact})")
            yield arguments[0], arguments[1]

    def _flagged(self, predicate: str) -> set[str]:
        return {id for (id, *_) in self._facts.get(predicate, ()) if id}

    def problem(self, goal: Goal, version: TextVersion) -> Problem:
        """Put together what the facts say."""
        starts = [where for _, where in self._pairs("atLocation")]
        if len(starts) != 1:
            raise self._error(f"has {len(starts)} facts atLocation instead of one")
        receptacles = self._receptacles()
        return Problem(
            start=starts[0],
            locations=tuple(id for id, k in self._declared.items() if k == "location"),
            receptacles=receptacles,
            things=self._things({r.id for r in receptacles}),
            can_contain=frozenset(self._pairs("canContain")),
            goal=goal,
            text_version=version,
        )

    def _receptacles(self) -> tuple[Receptacle, ...]:
        location = dict(self._pairs("receptacleAtLocation"))
        types = dict(self._pairs("receptacleType"))
        if not types:
            raise self._error("has no fact receptacleType")
        if strange := sorted(location.keys() - types.keys()):
            raise self._error(f"has no fact receptacleType for {strange[0]}")
        openable, opened = self._flagged("openable"), self._flagged("opened")
        return tuple(
            Receptacle(id, kind, location.get(id, ""), id in openable, id in opened)
            for id, kind in types.items()
        )

    def _things(self, receptacles: set[str]) -> tuple[Thing, ...]:
        types = dict(self._pairs("objectType"))
        if not types:
            raise self._error("has no fact objectType")
        holders: dict[str, list[str]] = {}
        for id, holder in self._pairs("inReceptacle"):
            if id not in types or holder not in receptacles:
                raise self._error(
                    f"has an unknown part in (inReceptacle {id} {holder})"
                )
            holders.setdefault(id, []).append(holder)
        inside = dict(self._pairs("inReceptacleObject"))
        location = dict(self._pairs("objectAtLocation"))
        flagged = {field: self._flagged(name) for name, field in _FLAGS.items()}
        things = []
        for id, kind in types.items():
            first, *more = holders.get(id, [""])
            flags = {field: id in ids for field, ids in flagged.items()}
            things.append(
                Thing(
                    id=id,
                    type=kind,
                    receptacle=first,
                    inside=inside.get(id, ""),
                    location=location.get(id, ""),
                    also_in=tuple(more),
                    **flags,
                )
            )
        return tuple(things)

    def goal(self, text: str) -> Goal:
        """Read the goal: its atoms tell which of the six kinds it is."""
        atoms = list(_atoms(self._goal))
        names = {atom[0].lower() for atom in atoms}
        types = {a[1]: a[2] for a in atoms if a[0].lower() == "objecttype"}
        places = [a[2] for a in atoms if a[0].lower() == "receptacletype"]
        if not types:
            raise self._error("has no objectType in its :goal")
        if names & {"issliced", "inreceptacleobject"}:
            raise self._error("has a :goal of a kind that text games don't have")
        if "istoggled" in names:
            lamps = [a[1] for a in atoms if a[0].lower() == "istoggled"]
            lamp = types.get(lamps[0], "")
            others = [kind for variable, kind in types.items() if variable not in lamps]
            if not lamp or len(others) != 1:
                raise self._error("has a :goal that names no lamp or no object")
            return Goal(LOOK, others[0], toggle_type=lamp, text=text)
        if not places:
            raise self._error("has no receptacleType in its :goal")
        kind = TWO if len(types) > 1 else PICK
        for predicate, treated in (
            ("isclean", CLEAN),
            ("ishot", HEAT),
            ("iscool", COOL),
        ):
            if predicate in names:
                kind = treated
        return Goal(kind, next(iter(types.values())), places[0], text=text)


def _atoms(nodes: list[Node]) -> Iterator[list[str]]:
    """Give the innermost brackets: predicates with their arguments."""
    waiting: list[Node] = [nodes]  # no recursion, for a file may nest without end
    while waiting:
        node = waiting.pop()
        if isinstance(node, str) or not node:
            continue
        if all(isinstance(part, str) for part in node):
            atom = [str(part) for part in node]
            # Pad so that damaged atoms read as ones about nothing.
            yield atom + [""] * (3 - len(atom))
        else:
            waiting.extend(reversed(node))
