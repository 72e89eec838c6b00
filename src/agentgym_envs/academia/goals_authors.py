"""The generated questions about authors.

A template draws what it asks about, finds the answer by calls of the tools, and
gives the question with it. Ties and empty answers are drawn anew.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from agentgym_envs.academia.scene import (
    AS_AUTHOR,
    AS_AUTHORS,
    AS_NUMBER,
    AS_PAPERS,
    AS_TITLE,
    Scene,
    only_best,
    small_authors,
)
from agentgym_envs.draws import choose
from agentgym_envs.tools.generate import require
from agentgym_envs.tools.questions import Asked


def _mutual(scene: Scene) -> tuple[str, str, list[str]]:
    one = scene.author()
    other = scene.colleague(one)
    scene.load("AuthorNet")
    common = set(scene.neighbours("AuthorNet", one))
    common &= set(scene.neighbours("AuthorNet", other))
    require(common)
    return one, other, sorted(common)


def number_of_mutual_collaborators(scene: Scene) -> Asked:
    """Ask how many authors wrote with both of two."""
    one, other, common = _mutual(scene)
    return (
        f"How many mutual collaborators do {one} and {other} have? {AS_NUMBER}",
        len(common),
    )


def mutual_collaborators(scene: Scene) -> Asked:
    """Ask which authors wrote with both of two."""
    one, other, common = _mutual(scene)
    require(len(common) < 8)
    return f"Who has written with both {one} and {other}? {AS_AUTHORS}", common


def _busy(scene: Scene) -> tuple[str, dict[str, dict[str, Any]]]:
    author = choose(scene.rng, small_authors(scene.split))
    return author, scene.papers_of(author)


def most_cited_paper(scene: Scene) -> Asked:
    """Ask for an author's most cited paper."""
    author, papers = _busy(scene)
    counts = [about["n_citation"] for about in papers.values()]
    answer = only_best(counts, list(papers))
    return f"Which paper by {author} has the most citations? {AS_TITLE}", answer


def authors_of_the_most_cited_paper(scene: Scene) -> Asked:
    """Ask with whom an author wrote the most cited paper."""
    author, papers = _busy(scene)
    counts = [about["n_citation"] for about in papers.values()]
    best = papers[only_best(counts, list(papers))]
    answer = sorted(set(best["authors"]) - {author})
    return (
        f"With whom has {author} written the paper of theirs that has the most "
        f"citations? {AS_AUTHORS}",
        answer,
    )


def commonest_venue(scene: Scene) -> Asked:
    """Ask where an author published most."""
    author, papers = _busy(scene)
    return (
        f"In which venue has {author} published the most papers? Please answer with "
        "the venue as the network gives it.",
        _commonest([about["venue"] for about in papers.values()]),
    )


def commonest_keyword(scene: Scene) -> Asked:
    """Ask for an author's commonest keyword."""
    author, papers = _busy(scene)
    words = [word for about in papers.values() for word in about["keywords"]]
    return (
        f"Which keyword do the papers of {author} have most often? Please answer with "
        "the keyword.",
        _commonest(words),
    )


def _commonest(values: list[str]) -> str:
    counts = Counter(values)
    names = sorted(counts)
    return only_best([counts[name] for name in names], names)


def citations_of_an_author(scene: Scene) -> Asked:
    """Ask for the sum of the citations of all papers of an author."""
    author, papers = _busy(scene)
    answer = sum(about["n_citation"] for about in papers.values())
    require(answer)
    return (
        f"How many citations do all papers of {author} have together? {AS_NUMBER}",
        answer,
    )


def citations_of_joint_papers(scene: Scene) -> Asked:
    """Ask how often the joint papers of two authors are cited."""
    one = scene.author()
    other = scene.colleague(one)
    scene.load("AuthorNet")
    titles = scene.joint(one, other)
    scene.load("PaperNet")
    answer = sum(scene.about_paper(title)["n_citation"] for title in titles)
    require(answer)
    return (
        f"How many citations do the papers that {one} and {other} wrote together have "
        f"in all? {AS_NUMBER}",
        answer,
    )


def joint_papers(scene: Scene) -> Asked:
    """Ask what two authors wrote together."""
    one = scene.author()
    other = scene.colleague(one)
    scene.load("AuthorNet")
    answer = sorted(scene.joint(one, other))
    return f"Which papers have {one} and {other} written together? {AS_PAPERS}", answer


def commonest_collaborator(scene: Scene) -> Asked:
    """Ask with whom an author wrote most."""
    author = scene.author()
    scene.load("AuthorNet")
    others = scene.neighbours("AuthorNet", author)
    require(len(others) < 10)
    counts = [len(scene.joint(author, other)) for other in others]
    answer = only_best(counts, others)
    return f"With whom has {author} written the most papers? {AS_AUTHOR}", answer


def affiliation(scene: Scene) -> Asked:
    """Ask for an author's organisation."""
    author = scene.author()
    scene.load("AuthorNet")
    return (
        f"Which organisation is {author} affiliated with? Please answer with its name.",
        scene.org(author),
    )


def organisations_of_a_paper(scene: Scene) -> Asked:
    """Ask for the organisations of the authors of a paper."""
    paper = scene.paper()
    scene.load("PaperNet", "AuthorNet")
    answer = {scene.org(author) for author in scene.about_paper(paper)["authors"]}
    require(len(answer) > 1)
    return (
        f"Which organisations are the authors of '{paper}' affiliated with? Please "
        "provide the answer as a list ['org1', 'org2', ...].",
        sorted(answer),
    )


def _colleagues(scene: Scene, *, same: bool) -> tuple[str, list[str]]:
    author = scene.author()
    scene.load("AuthorNet")
    home = scene.org(author)
    others = scene.neighbours("AuthorNet", author)
    require(len(others) < 9)
    answer = [other for other in others if (scene.org(other) == home) == same]
    require(answer)
    return author, sorted(answer)


def collaborators_elsewhere(scene: Scene) -> Asked:
    """Ask for the collaborators of other organisations."""
    author, answer = _colleagues(scene, same=False)
    return (
        f"Which collaborators of {author} are affiliated with another organisation "
        f"than {author}? {AS_AUTHORS}",
        answer,
    )


def collaborators_at_home(scene: Scene) -> Asked:
    """Ask for the collaborators of the same organisation."""
    author, answer = _colleagues(scene, same=True)
    return (
        f"Which collaborators of {author} are affiliated with the same organisation as "
        f"{author}? {AS_AUTHORS}",
        answer,
    )
