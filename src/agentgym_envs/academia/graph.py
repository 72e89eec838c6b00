"""Two networks: papers that cite papers, and authors who wrote together.

Nodes, neighbours and attributes keep the order in which they were given, because the
tools show them in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError

FORMAT = "academia-graph-v1"

Attributes = dict[str, Any]


@dataclass
class Net:
    """One network, whose nodes have names.

    Args:
        name: As the agent writes it.
        is_directed: Whether a node's neighbours are only those that it points to.
    """

    name: str
    is_directed: bool
    names: dict[Any, str] = field(default_factory=dict)
    """The name of each node id."""
    ids: dict[str, Any] = field(default_factory=dict)
    """The id of each name."""
    nodes: dict[Any, Attributes] = field(default_factory=dict)
    edges: dict[Any, dict[Any, Attributes]] = field(default_factory=dict)
    """The neighbours of each node, with the attributes of the edge."""

    def add_node(self, node: Any, name: str, attributes: Attributes) -> None:
        """Add a node; one of a name that is taken gets ``_2``, ``_3`` and so on."""
        unique, number = name, 1
        while unique in self.ids:
            number += 1
            unique = f"{name}_{number}"
        self.names[node], self.ids[unique] = unique, node
        self.nodes[node] = attributes
        self.edges[node] = {}

    def add_edge(self, node: Any, other: Any, attributes: Attributes) -> None:
        """Connect two nodes; of an edge that is there, it changes the attributes."""
        both = self.edges[node].get(other, {})
        both.update(attributes)
        self.edges[node][other] = both
        if not self.is_directed:
            self.edges[other][node] = both


class AcademiaGraph:
    """Both networks.

    Args:
        papers: Who cites whom.
        authors: Who wrote with whom; the edges' ``collaborative_papers`` are ids.
    """

    def __init__(self, papers: Net, authors: Net) -> None:
        self.papers = papers
        self.authors = authors

    def titles(self, papers: Iterable[Any]) -> list[Any]:
        """The titles of papers by id; what is no paper stays as it is."""
        return [self.papers.names.get(paper, paper) for paper in papers]

    @classmethod
    def from_json(cls, path: str | Path) -> AcademiaGraph:
        """Read a graph from a file.

        The file is an object: ``{"format": "academia-graph-v1", "papers": [{"id",
        "title", "attrs"}], "citations": [[id, id, attrs]], "authors": [{"id", "name",
        "attrs"}], "coauthor": [[id, id, attrs]]}``. A citation goes from the citing
        paper to the cited one.

        Raises:
            DataError: naming the file and the field that is not so.
        """
        file = Path(path)
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"{file}: {error}") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise DataError(f"{file}: the field 'format' is not {FORMAT!r}")
        papers = Net("PaperNet", is_directed=True)
        authors = Net("AuthorNet", is_directed=False)
        _fill(papers, content, "papers", "title", "citations", file)
        _fill(authors, content, "authors", "name", "coauthor", file)
        return cls(papers, authors)


def _fill(
    net: Net,
    content: Mapping[str, Any],
    nodes: str,
    label: str,
    edges: str,
    file: Path,
) -> None:
    for number, node in enumerate(_list(content, nodes, file)):
        where = f"{file}: {nodes}[{number}]"
        if not isinstance(node, dict):
            raise DataError(f"{where} is no object")
        id_, name, attributes = (node.get(key) for key in ("id", label, "attrs"))
        if not isinstance(id_, str | int):
            raise DataError(f"{where}: the field 'id' is {id_!r:.60}")
        if id_ in net.nodes:
            raise DataError(f"{where}: the field 'id' is {id_!r:.60} again")
        if not isinstance(name, str):
            raise DataError(f"{where}: the field {label!r} is {name!r:.60}")
        if not isinstance(attributes, dict):
            raise DataError(f"{where}: the field 'attrs' is {attributes!r:.60}")
        net.add_node(id_, name, attributes)
    for number, edge in enumerate(_list(content, edges, file)):
        where = f"{file}: {edges}[{number}]"
        if (
            not isinstance(edge, list)
            or len(edge) != 3
            or not isinstance(edge[2], dict)
        ):
            raise DataError(f"{where} is not [id, id, attrs]")
        one, other, attributes = edge
        for end in (one, other):
            if not isinstance(end, str | int) or end not in net.nodes:
                raise DataError(f"{where} names no node: {end!r:.60}")
        net.add_edge(one, other, attributes)


def _list(content: Mapping[str, Any], name: str, file: Path) -> list[Any]:
    values = content.get(name)
    if not isinstance(values, list):
        raise DataError(f"{file}: the field {name!r} is no list")
    return values
