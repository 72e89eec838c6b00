"""The network of the original, from its six pickle files, without running code.

A pickle can run anything when it is loaded. These hold two graphs of networkx and
four dictionaries, so nothing else is let in, and even networkx is not needed: its
classes are replaced by empty ones that take up the same state.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentgym_envs.academia.graph import AcademiaGraph, Net
from agentgym_envs.errors import DataError

_BUILTINS = {"dict", "list", "set", "tuple", "frozenset", "str", "int", "float", "bool"}


class Stored:
    """What stands for any class of networkx."""

    def __init__(self, *args: object) -> None:
        self.args = args

    def __setstate__(self, state: object) -> None:
        if isinstance(state, dict):
            self.__dict__.update(state)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module.split(".")[0] == "networkx" and "." not in name:
            # A directed graph has to be told from an undirected one.
            return type(name, (Stored,), {})
        if module in ("builtins", "__builtin__") and name in _BUILTINS:
            return super().find_class("builtins", name)
        if (module, name) == ("copyreg", "_reconstructor"):
            return _rebuilt
        if (module, name) == ("collections", "OrderedDict"):
            return dict
        if (module, name) == ("collections", "defaultdict"):
            return _without_default
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a graph")


def _rebuilt(kind: Any, base: Any, state: Any) -> Any:
    return kind() if isinstance(kind, type) and issubclass(kind, Stored) else {}


def _without_default(*args: Any) -> dict[Any, Any]:
    return {}


def read_pickles(folder: str | Path) -> AcademiaGraph:
    """Read the six files that AgentBoard ships in its data archive.

    They are ``paper_net.pkl``, ``author_net.pkl`` and the dictionaries
    ``title2id_dict.pkl``, ``id2title_dict.pkl``, ``author2id_dict.pkl`` and
    ``id2author_dict.pkl``, which tell the names of the nodes.

    Raises:
        DataError: naming the file that is missing or holds something else.
    """
    place = Path(folder)
    papers = _net(place, "paper_net.pkl", "PaperNet", "title")
    authors = _net(place, "author_net.pkl", "AuthorNet", "author")
    return AcademiaGraph(papers, authors)


def _net(folder: Path, file: str, name: str, label: str) -> Net:
    stored = _load(folder / file)
    kind = type(stored).__name__
    nodes, edges = getattr(stored, "_node", None), getattr(stored, "_adj", None)
    is_graph = isinstance(stored, Stored) and kind in ("Graph", "DiGraph")
    if not is_graph or not isinstance(nodes, dict) or not isinstance(edges, dict):
        raise DataError(f"{folder / file} holds no Graph or DiGraph of networkx")
    names = _load(folder / f"id2{label}_dict.pkl")
    ids = _load(folder / f"{label}2id_dict.pkl")
    for mapping, part in ((names, f"id2{label}"), (ids, f"{label}2id")):
        if not isinstance(mapping, Mapping):
            raise DataError(f"{folder / f'{part}_dict.pkl'} holds no dictionary")
    return Net(name, kind == "DiGraph", dict(names), dict(ids), nodes, edges)


def _load(file: Path) -> Any:
    try:
        with file.open("rb") as stream:
            return _Reader(stream).load()
    except OSError as error:
        raise DataError(f"{file}: {error}") from error
    # A damaged pickle raises almost anything.
    except Exception as error:
        raise DataError(f"{file} is no pickle of a graph: {error}") from error
