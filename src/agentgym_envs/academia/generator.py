"""An invented citation network, in which the numbers agree with each other."""

from __future__ import annotations

import tomllib
from bisect import bisect
from collections import defaultdict
from importlib.resources import files
from itertools import accumulate, combinations
from random import Random
from typing import Any

from agentgym_envs.academia.graph import AcademiaGraph, Net
from agentgym_envs.draws import between, choose, sample
from agentgym_envs.once import once

SEED = "the papers of Academia-v0"
AUTHORS, PAPERS = 2000, 2000
FIRST_YEAR, LAST_YEAR = 2005, 2022
TEAM = (2, 5)  # authors of a paper; nobody writes alone, so that edges tell all papers
LOYALTY = 0.75  # how often a co-author is one of before
OWN_TOPIC = 0.8  # how often a paper cites within its topic
MOST_CITED = 14  # papers that a paper cites at most


@once
def _words() -> dict[str, Any]:
    file = files(__package__).joinpath("data/words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@once
def graph() -> AcademiaGraph:
    """The one pair of networks that all environments of a process share."""
    return make(Random(SEED))


def make(rng: Random) -> AcademiaGraph:
    """Invent authors, then papers year by year, and what they cite."""
    words = _words()
    topics = list(words["topics"])
    authors, circles = _authors(rng, topics)
    papers = Net("PaperNet", is_directed=True)
    written = _teams(rng, circles, topics)
    years = sorted(between(rng, FIRST_YEAR, LAST_YEAR) for _ in written)
    attributes: list[dict[str, Any]] = []
    for number, ((topic, team), year) in enumerate(zip(written, years, strict=True)):
        table = words["topics"][topic]
        venue = choose(rng, table["venues"])
        is_journal = venue.startswith(("JOURNAL", "TRANSACTIONS"))
        about = {
            "year": year,
            "venue": venue,
            "n_citation": 0,
            "keywords": sample(rng, table["keywords"], between(rng, 2, 5)),
            "doc_type": "Journal" if is_journal else "Conference",
            "authors": [authors.names[author] for author in team],
        }
        attributes.append(about)
        papers.add_node(f"p{number}", _title(rng, table), about)
    _cite(rng, papers, [topic for topic, _ in written], years)
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, (_, team) in enumerate(written):
        for pair in combinations(sorted(team), 2):
            together[pair].append(f"p{number}")
    for (one, other), joint in together.items():
        authors.add_edge(
            one, other, {"weight": len(joint), "collaborative_papers": joint}
        )
    return AcademiaGraph(papers, authors)


def _authors(rng: Random, topics: list[str]) -> tuple[Net, dict[str, list[str]]]:
    """Everybody, and who works on each topic, the busiest first."""
    words = _words()
    given, family = (words["names"][part].split() for part in ("given", "family"))
    places = [p.replace("_", " ") for p in words["organisations"]["places"].split()]
    net = Net("AuthorNet", is_directed=False)
    circles: dict[str, list[str]] = {topic: [] for topic in topics}
    for number in range(AUTHORS):
        name = f"{choose(rng, given)} {choose(rng, family)}"
        organisation = choose(rng, words["organisations"]["patterns"])
        org = organisation.format(choose(rng, places))
        net.add_node(f"a{number}", name, {"name": name, "org": org})
        circles[choose(rng, topics)].append(f"a{number}")
    return net, circles


def _teams(
    rng: Random, circles: dict[str, list[str]], topics: list[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """The topic and the authors of each paper, with friends of friends."""
    sums = {
        topic: list(accumulate(1 / (rank + 40) for rank in range(len(members))))
        for topic, members in circles.items()
    }
    friends: dict[str, list[str]] = defaultdict(list)
    teams = []
    for _ in range(PAPERS):
        topic = choose(rng, topics)
        members, weights = circles[topic], sums[topic]

        def anybody(
            members: list[str] = members, weights: list[float] = weights
        ) -> str:
            return members[bisect(weights, rng.random() * weights[-1])]

        team = [anybody()]
        size = between(rng, *TEAM)
        while len(team) < size:
            known = friends[choose(rng, team)]
            author = (
                choose(rng, known) if known and rng.random() < LOYALTY else anybody()
            )
            if author not in team:
                team.append(author)
        for author in team:
            friends[author] += [other for other in team if other != author]
        teams.append((topic, tuple(team)))
    return teams


def _title(rng: Random, table: dict[str, Any]) -> str:
    titles = _words()["titles"]
    pattern: str = choose(rng, titles["patterns"])
    return pattern.format(
        adjective=choose(rng, titles["adjectives"]),
        method=choose(rng, table["methods"]),
        task=choose(rng, table["tasks"]),
    )


def _cite(rng: Random, papers: Net, topics: list[str], years: list[int]) -> None:
    """Let each paper cite earlier ones; what is cited often is cited oftener."""
    ids = list(papers.nodes)
    pool: list[int] = []  # a paper stands here once, and once for each citation
    own: dict[str, list[int]] = defaultdict(list)
    waiting: list[int] = []
    for number, paper in enumerate(ids):
        # Papers of the same year don't know of each other yet.
        while waiting and years[waiting[0]] < years[number]:
            known = waiting.pop(0)
            pool.append(known)
            own[topics[known]].append(known)
        waiting.append(number)
        for _ in range(between(rng, 2, MOST_CITED) if pool else 0):
            among = own[topics[number]] if rng.random() < OWN_TOPIC else pool
            cited = choose(rng, among or pool)
            if ids[cited] not in papers.edges[paper]:
                papers.add_edge(paper, ids[cited], {"weight": 1})
                pool.append(cited)
                own[topics[cited]].append(cited)
                papers.nodes[ids[cited]]["n_citation"] += 1
    # Citations from outside of the network come on top.
    for about in papers.nodes.values():
        about["n_citation"] += between(rng, 0, 3 + 2 * about["n_citation"])
