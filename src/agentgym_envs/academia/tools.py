"""The tools of Academia, in the order and with the texts of the original."""

from __future__ import annotations

from typing import Any

from agentgym_envs.academia.graph import Net
from agentgym_envs.academia.library import Library
from agentgym_envs.academia.state import AcademiaState
from agentgym_envs.tools.toolbox import (
    FINISH,
    TEXT,
    Argument,
    Tool,
    Toolbox,
    ToolFailure,
)

NOT_LOADED = "Please load the {} first."
NO_NODE = "There is no node named {} in the {}."
NO_EDGE = "There is no edge between {} and {}."


def _load_papers(library: Library, state: AcademiaState) -> str:
    state.has_papers = True
    return "PaperNet is loaded."


def _load_authors(library: Library, state: AcademiaState) -> str:
    state.has_authors = True
    return "AuthorNet is loaded."


def _papers(library: Library, state: AcademiaState) -> Net:
    if not state.has_papers:
        raise ToolFailure(NOT_LOADED.format("PaperNet"))
    return library.graph.papers


def _authors(library: Library, state: AcademiaState) -> Net:
    if not state.has_authors:
        raise ToolFailure(NOT_LOADED.format("AuthorNet"))
    return library.graph.authors


def _id_of(net: Net, name: Any) -> Any:
    try:
        known = name in net.ids
    except TypeError as error:  # a list, for example, can't be a key
        raise ToolFailure(f"TypeError({error})") from None
    if not known:
        raise ToolFailure(NO_NODE.format(name, net.name))
    return net.ids[name]


def _neighbours(
    library: Library, state: AcademiaState, graph: Any, node: Any
) -> list[str]:
    if graph == "PaperNet":
        net = _papers(library, state)
    elif graph == "AuthorNet":
        net = _authors(library, state)
    else:
        # The original asks whatever it was given for its neighbours.
        kind = type(graph).__name__
        raise ToolFailure(
            f"AttributeError('{kind}' object has no attribute 'neighbors')"
        )
    return [net.names[other] for other in net.edges[_id_of(net, node)]]


def _paper(library: Library, state: AcademiaState, node: Any) -> dict[str, Any]:
    net = _papers(library, state)
    return net.nodes[_id_of(net, node)]


def _author(library: Library, state: AcademiaState, node: Any) -> dict[str, Any]:
    net = _authors(library, state)
    return net.nodes[_id_of(net, node)]


def _edge(net: Net, node: Any, other: Any) -> dict[str, Any]:
    one, two = _id_of(net, node), _id_of(net, other)
    if two not in net.edges[one]:
        raise ToolFailure(NO_EDGE.format(node, other))
    return net.edges[one][two]


def _author_edge(
    library: Library, state: AcademiaState, node: Any, other: Any
) -> dict[str, Any]:
    edge = _edge(_authors(library, state), node, other)
    if "collaborative_papers" not in edge:
        return edge
    titles = library.graph.titles(edge["collaborative_papers"])
    return {**edge, "collaborative_papers": titles}


def _paper_edge(
    library: Library, state: AcademiaState, node: Any, other: Any
) -> dict[str, Any]:
    return _edge(_papers(library, state), node, other)


_GRAPH = Argument(
    "graph",
    {**TEXT, "enum": ["PaperNet", "AuthorNet"], "description": "which network"},
)
_PAPER = {**TEXT, "description": "title of a paper"}
_AUTHOR = {**TEXT, "description": "name of an author"}
_NODE = Argument(
    "node", {**TEXT, "description": "title of a paper or name of an author"}
)

TOOLBOX: Toolbox[Library, AcademiaState] = Toolbox(
    [
        Tool("loadPaperNet", "Load the network of papers.", (), _load_papers),
        Tool("loadAuthorNet", "Load the network of authors.", (), _load_authors),
        Tool(
            "neighbourCheck",
            "List what a paper cites, or who wrote with an author.",
            (_GRAPH, _NODE),
            _neighbours,
        ),
        Tool(
            "neighborCheck",
            "The same, spelt otherwise.",
            (_GRAPH, _NODE),
            _neighbours,
            is_listed=False,
        ),
        Tool(
            "paperNodeCheck",
            "Tell a paper's year, venue, citations, keywords, kind and authors.",
            (Argument("node", _PAPER),),
            _paper,
        ),
        Tool(
            "authorNodeCheck",
            "Tell an author's name and organisation.",
            (Argument("node", _AUTHOR),),
            _author,
        ),
        Tool(
            "authorEdgeCheck",
            "Tell what two authors wrote together.",
            (Argument("node1", _AUTHOR), Argument("node2", _AUTHOR)),
            _author_edge,
        ),
        Tool(
            "paperEdgeCheck",
            "Tell of the citation of one paper by another.",
            (
                Argument("node1", {**TEXT, "description": "title of the citing paper"}),
                Argument("node2", {**TEXT, "description": "title of the cited paper"}),
            ),
            _paper_edge,
        ),
        FINISH,
    ]
)
