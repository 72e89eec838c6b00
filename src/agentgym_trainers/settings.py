"""Configurations from TOML files, with errors that name the key."""

from __future__ import annotations

import json
import tomllib
import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import (
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from agentgym_envs.errors import BadOption
from agentgym_policies.folder import write_atomically

FILE = "config.json"
T = TypeVar("T")


def load(kind: type[T], path: str | Path) -> T:
    """Read a dataclass from a TOML file; tables are the dataclasses inside of it.

    Raises:
        BadOption: naming the file and the key that is unknown, missing or wrong.
    """
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadOption(f"{path}: {error}") from None
    return build(kind, values, str(path))


def build(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    """Make a dataclass of plain values.

    Raises:
        BadOption: naming what is wrong after ``where``.
    """
    hints = get_type_hints(kind)
    known = {field.name for field in fields(cast(Any, kind))}
    made = {}
    for key, value in values.items():
        if key not in known:
            close = get_close_matches(key, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise BadOption(f"{where}: there is no key {key!r}{hint}")
        made[key] = _converted(hints[key], value, f"{where}: {key}")
    try:
        return kind(**made)
    except TypeError as error:
        # Only keywords without a default are left to be missing.
        raise BadOption(f"{where}: {str(error).partition('() ')[2]}") from None


def keep(folder: Path, config: Any) -> None:
    """Write down how the model in a folder was trained."""
    write_atomically(folder / FILE, json.dumps(asdict(config), indent=2) + "\n")


def refuse_another(folder: Path, config: Any) -> None:
    """Refuse a folder whose model was trained in another way than is wanted.

    Raises:
        BadOption: if it was.
    """
    path = folder / FILE
    wanted = json.loads(json.dumps(asdict(config)))
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != wanted:
        raise BadOption(
            f"{folder} holds a model of another configuration; choose another --out"
        )


def _converted(hint: Any, value: Any, where: str) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _of_union(parts, value, where)
    if origin is Literal:
        if value not in parts:
            raise BadOption(f"{where} is {value!r}; it is one of {', '.join(parts)}")
        return value
    if is_dataclass(hint):
        if not isinstance(value, dict):
            raise BadOption(f"{where} is {value!r}, no table")
        return build(cast(type, hint), value, where)
    if origin in (tuple, list):
        return _of_sequence(origin, parts, value, where)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise BadOption(f"{where} is {value!r}, no table")
        return value
    if hint is float and type(value) is int:
        return float(value)
    if isinstance(hint, type) and type(value) is not hint:
        raise BadOption(f"{where} is {value!r}, no {hint.__name__}")
    return value


def _of_union(parts: tuple[Any, ...], value: Any, where: str) -> Any:
    faults = []
    for part in parts:
        if part is type(None):
            continue
        try:
            return _converted(part, value, where)
        except BadOption as error:
            faults.append(str(error))
    raise BadOption("; ".join(faults))


def _of_sequence(origin: Any, parts: tuple[Any, ...], value: Any, where: str) -> Any:
    if not isinstance(value, list):
        raise BadOption(f"{where} is {value!r}, no list")
    if origin is tuple and parts[-1] is not ...:
        if len(value) != len(parts):
            raise BadOption(f"{where} is {value!r}, no list of {len(parts)}")
        kinds = list(parts)
    else:
        kinds = [parts[0]] * len(value)
    return origin(
        _converted(kind, one, f"{where}[{place}]")
        for place, (kind, one) in enumerate(zip(kinds, value, strict=True))
    )
