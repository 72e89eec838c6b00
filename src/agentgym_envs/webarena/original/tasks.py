"""WebArena's task file: 812 intents with what decides whether they are done.

The file is ``config_files/test.raw.json`` of github.com/web-arena-x/webarena (Apache
2.0), a JSON list of objects. It is read from where a user keeps it, or out of an
installed package that carries it.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from agentgym_envs.errors import DataError
from agentgym_envs.webarena.original.addresses import Addresses
from agentgym_envs.webarena.original.locators import (
    Helper,
    Locator,
    Script,
    parse_helper,
    parse_locator,
)

Category = Literal["InformationSeeking", "SiteNavigation", "ContentAndConfig"]
KINDS = ("string_match", "url_match", "program_html")
AND, OR = " |AND| ", " |OR| "
STAY = "last"  # the URL of a target that is read where the agent is
UNACHIEVABLE = "N/A"
IN_PACKAGES = {
    "webarena_verified": "assets/dataset/test.raw.json",
    "webarena": "test.raw.json",  # of libwebarena
}
ACCOUNTS = ("shopping", "shopping_admin", "reddit", "gitlab")

# How many tasks in a row are of which category: r seeks information, n navigates, m
# changes content. From the task types of webarena-verified 1.2.3, same ids.
_RUNS = (
    "r44 n3 r55 n5 r11 n1 r37 n7 r75 n5 r15 n1 r1 n5 r4 n10 r4 n4 r11 n5 r21 n5 r10 n5 "
    "r7 n7 r11 n7 r1 n5 r7 m35 n7 m245 n5 m23 n10 m9 r1 m2 r1 m10 n5 m15 n11 m15 r7 m2 "
    "r2 m18"
)
_CATEGORIES: dict[str, Category] = {
    "r": "InformationSeeking",
    "n": "SiteNavigation",
    "m": "ContentAndConfig",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the answer is compared with."""

    exact: str | None = None
    include: tuple[str, ...] | None = None
    fuzzy: tuple[str, ...] | None = None
    """Texts that a judge compares with."""
    unachievable: bool = False
    """Whether the task can't be done, and the answer should say so."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page, a place on it, and what must be there."""

    url: str | Helper
    locator: Locator
    exact: str | None = None
    include: tuple[tuple[str, ...], ...] | None = None
    """Texts that must be there, each with its alternatives."""
    prepare: tuple[Script, ...] = ()
    """What is done on the page before it is read."""


@dataclass(frozen=True, slots=True)
class Config:
    """One task."""

    task_id: int
    sites: tuple[str, ...]
    login: tuple[str, ...]
    """The sites that the agent is signed in to at the start."""
    start: tuple[str, ...]
    """The pages that are open, the first one shown."""
    intent: str
    template: int
    category: Category | None
    """None for tasks that the original hasn't."""
    kinds: tuple[str, ...]
    """Which of string_match, url_match and program_html decide."""
    answers: Answers | None = None
    urls: tuple[str, ...] = ()
    """Alternative addresses of url_match."""
    targets: tuple[Target, ...] = ()
    reason: str = ""
    """Why a task can't be done, if it can't."""

    @property
    def needs_judge(self) -> bool:
        """Whether some answers can be scored only by a judge."""
        a = self.answers
        return "string_match" in self.kinds and bool(
            a and (a.fuzzy is not None or a.unachievable)
        )

    @property
    def helpers(self) -> tuple[str, ...]:
        """The helpers that the targets call."""
        called = [
            part.name
            for target in self.targets
            for part in (target.url, target.locator)
            if isinstance(part, Helper)
        ]
        return tuple(sorted(set(called)))

    def filled(self, addresses: Addresses) -> Config:
        """Put addresses in the place of placeholders.

        Raises:
            BadOption: if a site that the task names has no address.
        """
        fill = addresses.fill
        return replace(
            self,
            start=tuple(map(fill, self.start)),
            intent=fill(self.intent),
            answers=_fill_answers(self.answers, addresses),
            urls=tuple(map(fill, self.urls)),
            targets=tuple(_fill_target(target, addresses) for target in self.targets),
        )


def _fill_answers(answers: Answers | None, addresses: Addresses) -> Answers | None:
    if answers is None:
        return None
    fill = addresses.fill
    return replace(
        answers,
        exact=None if answers.exact is None else fill(answers.exact),
        include=_map(answers.include, addresses),
        fuzzy=_map(answers.fuzzy, addresses),
    )


def _map(texts: Sequence[str] | None, addresses: Addresses) -> tuple[str, ...] | None:
    return None if texts is None else tuple(map(addresses.fill, texts))


def _fill_target(target: Target, addresses: Addresses) -> Target:
    fill = addresses.fill
    include = target.include
    return replace(
        target,
        url=fill(target.url) if isinstance(target.url, str) else target.url,
        exact=None if target.exact is None else fill(target.exact),
        include=include and tuple(tuple(map(fill, texts)) for texts in include),
    )


def find_configs() -> Path:
    """Give the task file of an installed package, which is not imported.

    Raises:
        DataError: if neither package is installed.
    """
    for package, path in IN_PACKAGES.items():
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            file = Path(folder, path)
            if file.is_file():
                return file
    raise DataError(
        "no package with WebArena's tasks is installed; pip install webarena-verified, "
        "or give the path of a test.raw.json"
    )


def load_configs(path: str | Path | None = None) -> list[Config]:
    """Read a task file.

    Args:
        path: A file, or a folder with a ``test.raw.json``; None takes `find_configs`.

    Raises:
        DataError: if it is missing or damaged; the message names task and field.
    """
    file = find_configs() if path is None else Path(path)
    if file.is_dir():
        file = file / "test.raw.json"
    try:
        records = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{file}: {error}") from error
    if isinstance(records, dict):
        records = [records]  # one task, as AgentGym keeps them
    if not isinstance(records, list):
        raise DataError(f"{file}: no list of tasks")
    configs = [
        _Record(record, f"{file}: task {place}").config()
        for place, record in enumerate(records)
    ]
    seen: set[int] = set()
    for config in configs:
        if config.task_id in seen:
            raise DataError(f"{file}: task_id {config.task_id} is there twice")
        seen.add(config.task_id)
    return configs


def read_ids(path: str | Path) -> list[int]:
    """Read which tasks to take, for example a published test split.

    The file is a JSON list, or JSON Lines, of numbers, of texts such as
    ``"webarena_12"``, or of objects that have one as ``task_id`` or ``item_id``.

    Raises:
        DataError: if it is missing, or holds something else.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
        values = (
            json.loads(text)
            if text.lstrip().startswith("[")
            else [json.loads(line) for line in text.splitlines() if line.strip()]
        )
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{file}: {error}") from error
    ids = []
    for place, value in enumerate(values):
        given = value
        if isinstance(value, dict):
            value = value.get("task_id", value.get("item_id"))
        if isinstance(value, str):
            digits = value.removeprefix("webarena_")
            value = int(digits) if digits.isdecimal() and len(digits) < 10 else None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise DataError(f"{file}: record {place} names no task: {given!r:.60}")
        ids.append(value)
    return ids


def category_of(task_id: int) -> Category | None:
    """Give the category of a task of the original, None for other numbers."""
    if not 0 <= task_id < len(_BY_ID):
        return None
    return _CATEGORIES[_BY_ID[task_id]]


_BY_ID = "".join(run[0] * int(run[1:]) for run in _RUNS.split())
assert list(accumulate(int(run[1:]) for run in _RUNS.split()))[-1] == 812


class _Record:
    """A JSON object on its way to a `Config`."""

    def __init__(self, record: Any, where: str) -> None:
        self._where = where
        self._record = self._typed(record, dict, "the record")
        self._eval = self._get(self._record, "eval", dict)

    def config(self) -> Config:
        record = self._record
        task_id: int = self._get(record, "task_id", int)
        kinds = self._texts(self._eval, "eval_types")
        for kind in kinds:
            if kind not in KINDS:
                raise self._error("eval_types", f"{kind!r} is not one of {KINDS}")
        return Config(
            task_id=task_id,
            sites=self._texts(record, "sites"),
            login=self._login(),
            start=tuple(self._get(record, "start_url", str).split(AND)),
            intent=self._get(record, "intent", str),
            template=self._get(record, "intent_template_id", int),
            category=category_of(task_id),
            kinds=kinds,
            answers=self._answers(kinds),
            urls=self._urls(kinds),
            targets=tuple(self._targets(kinds)),
            reason=str(self._eval.get("string_note") or ""),
        )

    def _login(self) -> tuple[str, ...]:
        state = self._record.get("storage_state")
        if not self._record.get("require_login") or state is None:
            return ()
        name = Path(self._typed(state, str, "storage_state")).name
        sites = tuple(name.removesuffix("_state.json").split("."))
        for site in sites:
            if site not in ACCOUNTS:
                raise self._error("storage_state", f"no site {site!r} to sign in to")
        return sites

    def _answers(self, kinds: Sequence[str]) -> Answers | None:
        if "string_match" not in kinds:
            return None
        given = self._get(self._eval, "reference_answers", dict)
        unknown = given.keys() - {"exact_match", "must_include", "fuzzy_match"}
        if unknown:
            raise self._error("reference_answers", f"unknown: {sorted(unknown)}")
        fuzzy = given.get("fuzzy_match")
        return Answers(
            exact=self._get(given, "exact_match", str)
            if "exact_match" in given
            else None,
            include=self._texts(given, "must_include")
            if "must_include" in given
            else None,
            fuzzy=None
            if fuzzy is None or fuzzy == UNACHIEVABLE
            else self._texts(given, "fuzzy_match"),
            unachievable=fuzzy == UNACHIEVABLE,
        )

    def _urls(self, kinds: Sequence[str]) -> tuple[str, ...]:
        if "url_match" not in kinds:
            return ()
        rule = self._eval.get("url_note", "GOLD in PRED")
        if rule != "GOLD in PRED":
            raise self._error("url_note", f"no rule {rule!r}")
        return tuple(self._get(self._eval, "reference_url", str).split(OR))

    def _targets(self, kinds: Sequence[str]) -> Iterator[Target]:
        if "program_html" not in kinds:
            return
        for place, target in enumerate(self._get(self._eval, "program_html", list)):
            field = f"program_html[{place}]"
            try:
                yield self._target(self._typed(target, dict, field))
            except ValueError as error:
                if isinstance(error, DataError):
                    raise
                raise self._error(field, str(error)) from None

    def _target(self, target: dict[str, Any]) -> Target:
        url: str | Helper = self._get(target, "url", str)
        if isinstance(url, str) and url.startswith("func:"):
            url = parse_helper(url)
        wanted = self._get(target, "required_contents", dict)
        exact = include = None
        if "exact_match" in wanted:
            exact = self._get(wanted, "exact_match", str)
        elif "must_include" in wanted:
            texts = self._texts(wanted, "must_include")
            include = tuple(tuple(text.split(OR)) for text in texts)
        else:
            raise self._error("required_contents", "no exact_match, no must_include")
        locator = parse_locator(self._get(target, "locator", str))
        steps = [parse_locator(text) for text in target.get("prep_actions", ())]
        prepare = tuple(step for step in steps if isinstance(step, Script))
        if len(prepare) != len(steps):
            raise self._error("prep_actions", "it holds what is no script")
        return Target(url, locator, exact, include, prepare)

    def _texts(self, record: dict[str, Any], field: str) -> tuple[str, ...]:
        values = self._get(record, field, list)
        return tuple(self._typed(value, str, field) for value in values)

    def _get(self, record: dict[str, Any], field: str, kind: type) -> Any:
        if field not in record:
            raise self._error(field, "it is missing")
        return self._typed(record[field], kind, field)

    def _typed(self, value: Any, kind: type, field: str) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._error(
                field, f"{value!r:.60} is no {_JSON_NAMES.get(kind, kind.__name__)}"
            )
        return value

    def _error(self, field: str, what: str) -> DataError:
        return DataError(f"{self._where}: the field {field!r}: {what}")


_JSON_NAMES = {dict: "object", list: "list", str: "text", int: "whole number"}
