"""What a generated goal is about, and short ways to look things up."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import Any

from agentgym_envs.academia import HORIZON
from agentgym_envs.academia.generator import graph
from agentgym_envs.academia.library import Library
from agentgym_envs.academia.state import AcademiaState
from agentgym_envs.academia.tools import TOOLBOX
from agentgym_envs.draws import choose
from agentgym_envs.once import once
from agentgym_envs.tools.generate import Session, require

TEST_SHARE = 5  # every fifth author and paper is for testing
# Both networks are loaded, neighbours asked for and the answer given; the other calls
# can each look at a co-author or a paper.
SMALL = HORIZON - 4

AS_NUMBER = "Please provide the answer as a whole number."
AS_AUTHORS = "Please provide the answer as a list ['author1', 'author2', ...]."
AS_PAPERS = "Please provide the answer as a list ['title1', 'title2', ...]."
AS_TITLE = "Please answer with its title."
AS_AUTHOR = "Please answer with the author's name."


@once
def library() -> Library:
    """The embedded networks as a backend."""
    return Library()


def _is_test(name: str) -> bool:
    return sha256(name.encode("utf-8")).digest()[0] % TEST_SHARE == 0


@once
def papers(split: str) -> tuple[str, ...]:
    """The titles that the goals of a split name."""
    net = graph().papers
    return tuple(
        name
        for name, node in net.ids.items()
        if _is_test(name) == (split == "test") and net.edges[node]
    )


@once
def authors(split: str) -> tuple[str, ...]:
    """The authors that the goals of a split name."""
    net = graph().authors
    return tuple(
        name
        for name, node in net.ids.items()
        if _is_test(name) == (split == "test") and net.edges[node]
    )


@once
def small_authors(split: str) -> tuple[str, ...]:
    """Authors with few co-authors and at least two papers, but not many."""
    net = graph().authors
    found = []
    for name in authors(split):
        edges = net.edges[net.ids[name]]
        joint = {p for edge in edges.values() for p in edge["collaborative_papers"]}
        if len(joint) > 1 and len(edges) + len(joint) <= SMALL:
            found.append(name)
    return tuple(found)


class Scene:
    """The networks and the calls that answer a question.

    Args:
        rng: Where the goal's draws come from.
        split: Which authors and papers it may name.
    """

    def __init__(self, rng: Random, split: str) -> None:
        self.rng = rng
        self.split = split
        self.session = Session(TOOLBOX, library(), AcademiaState(), longest=HORIZON)

    # Draws

    def paper(self) -> str:
        """Draw a paper."""
        return choose(self.rng, papers(self.split))

    def author(self) -> str:
        """Draw an author."""
        return choose(self.rng, authors(self.split))

    def colleague(self, author: str) -> str:
        """Draw somebody who wrote with an author, whatever the split."""
        net = graph().authors
        return net.names[choose(self.rng, list(net.edges[net.ids[author]]))]

    def cited(self, paper: str) -> str:
        """Draw a paper that a paper cites, whatever the split."""
        net = graph().papers
        return net.names[choose(self.rng, list(net.edges[net.ids[paper]]))]

    # Calls

    def load(self, *nets: str) -> None:
        """Load networks."""
        for net in nets:
            self.session.call(f"load{net}")

    def neighbours(self, net: str, node: str) -> list[str]:
        """Ask for neighbours."""
        told: list[str] = self.session.call("neighbourCheck", graph=net, node=node)
        return told

    def about_paper(self, title: str) -> dict[str, Any]:
        """Ask about a paper."""
        told: dict[str, Any] = self.session.call("paperNodeCheck", node=title)
        return told

    def org(self, author: str) -> str:
        """Ask for an author's organisation."""
        told: str = self.session.call("authorNodeCheck", node=author)["org"]
        return told

    def joint(self, one: str, other: str) -> list[str]:
        """Ask what two authors wrote together."""
        told = self.session.call("authorEdgeCheck", node1=one, node2=other)
        papers: list[str] = told["collaborative_papers"]
        return papers

    def papers_of(self, author: str) -> dict[str, dict[str, Any]]:
        """Ask for all papers of an author with few co-authors, and about each."""
        self.load("AuthorNet")
        titles: list[str] = []
        for other in self.neighbours("AuthorNet", author):
            titles += self.joint(author, other)
        self.load("PaperNet")
        return {title: self.about_paper(title) for title in dict.fromkeys(titles)}


def only_best(values: list[Any], names: list[str]) -> str:
    """The name of the largest value.

    Raises:
        Unsuitable: if there is no such.
    """
    ranked = sorted(values, reverse=True)
    require(len(ranked) > 1 and ranked[0] > ranked[1])
    return names[values.index(ranked[0])]
