"""Check a file of trajectories or items, as AgentGym publishes them."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium

from agentgym_envs import AgentEnv
from agentgym_envs.commands.console import build_table, open_console, print_json
from agentgym_envs.errors import BadOption, UnknownTask
from agentgym_wrappers import dataset
from agentgym_wrappers.dataset.agenttraj import env_id_of, family_of, prefix_of
from agentgym_wrappers.dataset.check import replies_in
from agentgym_wrappers.dataset.load import contents_of, file_of, in_our_words
from agentgym_wrappers.dataset.replay import replay

SHOWN = 20  # problems that are printed one by one
HEADINGS = (
    "prefix",
    "environment",
    "records",
    "sound",
    "known items",
    "repeated",
    "steps",
    "replayed",
)


@dataclass(slots=True)
class Tally:
    """What is counted of the records with one prefix."""

    env_id: str = ""
    records: int = 0
    sound: int = 0
    known: int = 0
    repeated: int = 0
    steps: int = 0
    replayed: int = 0
    seen: set[str] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """The numbers by name."""
        names = ("env_id", "records", "sound", "known", "repeated", "steps", "replayed")
        return {name: getattr(self, name) for name in names}


def check_file(options: argparse.Namespace) -> int:
    """Check a file, print what it holds, and write it in another format if asked to.

    Raises:
        DataError: if the file is no JSON.
        BadOption: for a format without a place to write to, or the other way round.
    """
    if options.path is None:
        raise BadOption("agenttraj needs the PATH of a file")
    if (options.to is None) != (options.out is None):
        raise BadOption("--to FORMAT and --out FILE go together")
    examiner = Examiner(_places(options.data), replays=options.replay)
    sound = [
        record
        for number, content in enumerate(contents_of(file_of(options.path)))
        if (record := examiner.examine(number, content)) is not None
    ]
    if options.to is not None:
        _write(options.to, options.out, sound)
    if options.json:
        print_json(examiner.to_json())
    else:
        examiner.show(replayed=options.replay)
    return 1 if examiner.problems else 0


class Examiner:
    """Looks at records one by one, and counts.

    Args:
        places: Where the real data of families are, for the items of their files.
        replays: Whether to play each trajectory again and compare what is seen.
    """

    def __init__(self, places: Mapping[str, str], *, replays: bool) -> None:
        self._places = places
        self._replays = replays
        self._envs: dict[str, AgentEnv | None] = {}
        self.tallies: dict[str, Tally] = {}
        self.problems: list[str] = []

    def examine(self, number: int, content: Any) -> dict[str, Any] | None:
        """Count a record; give it if it is a sound trajectory."""
        where = f"record {number}"
        record = in_our_words(content, where)
        item_id = record.get("item_id") if isinstance(record, dict) else None
        prefix = prefix_of(item_id) if isinstance(item_id, str) else ""
        tally = self.tallies.setdefault(prefix, Tally())
        tally.records += 1
        found = self._faults(record)
        self.problems += [f"{where}: {fault}" for fault in found]
        if found:
            return None
        tally.sound += 1
        tally.repeated += item_id in tally.seen
        tally.seen.add(record["item_id"])
        self._map(where, record, tally)
        return record if record.get("conversations") else None

    def _faults(self, record: Any) -> list[str]:
        # Evaluation sets are lists of items, without any conversation.
        if isinstance(record, dict) and record.get("conversations", 0) in (None, []):
            is_named = isinstance(record.get("item_id"), str)
            return [] if is_named else ["item_id is no text"]
        return list(dataset.problems(record))

    def _map(self, where: str, record: dict[str, Any], tally: Tally) -> None:
        family = family_of(record)
        if not family:
            known = f"item_id {record['item_id']!r:.60} has no known prefix"
            self.problems.append(f"{where}: {known}")
            return
        tally.steps += replies_in(record.get("conversations") or ())
        meta = record.get("meta") or {}
        tally.env_id = f"agentgym/{family}-v0"
        env_id = env_id_of(meta) or tally.env_id
        agent = self._open(family, env_id, meta.get("kwargs"))
        if agent is None:
            return
        try:
            task = agent.tasks.find(record["item_id"])
        except UnknownTask as error:
            self.problems.append(f"{where}: {error}")
            return
        tally.known += 1
        if self._replays and record.get("conversations"):
            told = dataset.from_agenttraj(record)
            try:
                difference: object = replay(agent, task.id, told)
            except BadOption as error:
                difference = error
            if difference:
                self.problems.append(f"{where}: {difference}")
            else:
                tally.replayed += 1

    def _open(
        self, family: str, env_id: str, kwargs: Mapping[str, Any] | None
    ) -> AgentEnv | None:
        """The environment of a record; None if it can't be made here.

        Records of this library tell how it was made; others were played on the
        original server.
        """
        wanted: dict[str, Any] = {"parity": True} if kwargs is None else dict(kwargs)
        if family in self._places:
            wanted["data"] = self._places[family]
        key = f"{env_id} {json.dumps(wanted, sort_keys=True)}"
        if key not in self._envs:
            try:
                env = gymnasium.make(env_id, max_episode_steps=-1, **wanted)
            except (gymnasium.error.Error, BadOption, TypeError) as error:
                print(f"{env_id}: {error}", file=sys.stderr)
                self._envs[key] = None
            else:
                assert isinstance(env.unwrapped, AgentEnv)
                self._envs[key] = env.unwrapped
        return self._envs[key]

    def to_json(self) -> dict[str, Any]:
        """All numbers and problems, for machines."""
        numbers = {prefix: t.to_json() for prefix, t in self.tallies.items()}
        return {"prefixes": numbers, "problems": self.problems}

    def show(self, *, replayed: bool) -> None:
        """Print a table and the first problems, for people."""
        console = open_console()
        headings = HEADINGS if replayed else HEADINGS[:-1]
        rows = [row[: len(headings)] for row in self._rows()]
        console.print(build_table(headings, rows, right=HEADINGS[2:]))
        for problem in self.problems[:SHOWN]:
            console.print(problem, soft_wrap=True)
        if (more := len(self.problems) - SHOWN) > 0:
            console.print(f"... and {more:,} more")
        kinds = Counter(problem.partition(":")[0] for problem in self.problems)
        state = f"{len(kinds):,} records with problems" if kinds else "no problems"
        console.print(state)

    def _rows(self) -> Iterator[list[str]]:
        for prefix, t in self.tallies.items():
            mean = f"{t.steps / t.sound:.1f}" if t.sound else "–"
            yield [
                prefix or "(none)",
                t.env_id or "(unknown)",
                *(f"{n:,}" for n in (t.records, t.sound, t.known, t.repeated)),
                mean,
                f"{t.replayed:,}",
            ]


def _places(rules: list[str] | None) -> dict[str, str]:
    places = {}
    for rule in rules or ():
        family, equals, path = rule.partition("=")
        if not equals:
            raise BadOption(f"--data {rule}: write FAMILY=PATH")
        places[family] = path
    return places


def _write(form: str, path: Path, records: list[dict[str, Any]]) -> None:
    if form == "pairs":
        rows: list[dict[str, Any]] = dataset.to_pairs(records)
    elif form == "steps":
        rows = dataset.to_steps(records)
    elif form == "messages":
        rows = [dataset.to_messages(record) for record in records]
    else:
        rows = [dataset.to_agenttraj(record) for record in records]
    written = dataset.save(path, rows)
    print(f"{written:,} rows of {form} in {path}", file=sys.stderr)
