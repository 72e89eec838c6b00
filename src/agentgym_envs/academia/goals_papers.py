"""The generated questions about papers."""

from __future__ import annotations

from typing import Any

from agentgym_envs.academia.scene import (
    AS_AUTHORS,
    AS_NUMBER,
    AS_PAPERS,
    AS_TITLE,
    Scene,
    only_best,
)
from agentgym_envs.draws import choose
from agentgym_envs.tools.generate import require
from agentgym_envs.tools.questions import Asked


def authors_of_a_paper(scene: Scene) -> Asked:
    """Ask who wrote a paper."""
    paper = scene.paper()
    scene.load("PaperNet")
    answer = sorted(scene.about_paper(paper)["authors"])
    return f"Who wrote the paper '{paper}'? {AS_AUTHORS}", answer


def more_citations(scene: Scene) -> Asked:
    """Ask which of two papers is cited more often."""
    titles = _two(scene)
    scene.load("PaperNet")
    counts = [scene.about_paper(title)["n_citation"] for title in titles]
    answer = only_best(counts, titles)
    return (
        f"Which paper has received more citations: '{titles[0]}' or '{titles[1]}'? "
        f"{AS_TITLE}",
        answer,
    )


def earlier_paper(scene: Scene) -> Asked:
    """Ask which of two papers came first."""
    titles = _two(scene)
    scene.load("PaperNet")
    years = [-scene.about_paper(title)["year"] for title in titles]
    answer = only_best(years, titles)
    return (
        f"Which paper was published earlier: '{titles[0]}' or '{titles[1]}'? "
        f"{AS_TITLE}",
        answer,
    )


def _two(scene: Scene) -> list[str]:
    titles = [scene.paper(), scene.paper()]
    require(titles[0] != titles[1])
    return titles


def number_of_references(scene: Scene) -> Asked:
    """Ask how many papers a paper cites."""
    paper = scene.paper()
    scene.load("PaperNet")
    answer = len(scene.neighbours("PaperNet", paper))
    return (
        f"How many papers of the network does '{paper}' cite? {AS_NUMBER}",
        answer,
    )


def _references(scene: Scene, most: int = 9) -> tuple[str, dict[str, dict[str, Any]]]:
    """A paper, and about each paper that it cites."""
    paper = scene.paper()
    scene.load("PaperNet")
    cited = scene.neighbours("PaperNet", paper)
    require(1 < len(cited) <= most)
    return paper, {title: scene.about_paper(title) for title in cited}


def most_cited_reference(scene: Scene) -> Asked:
    """Ask for the most cited paper that a paper cites."""
    paper, cited = _references(scene)
    counts = [about["n_citation"] for about in cited.values()]
    answer = only_best(counts, list(cited))
    return (
        f"Among the papers that '{paper}' cites, which one has the most citations? "
        f"{AS_TITLE}",
        answer,
    )


def oldest_reference(scene: Scene) -> Asked:
    """Ask for the oldest paper that a paper cites."""
    paper, cited = _references(scene)
    years = [-about["year"] for about in cited.values()]
    answer = only_best(years, list(cited))
    return (
        f"Among the papers that '{paper}' cites, which one was published first? "
        f"{AS_TITLE}",
        answer,
    )


def references_of_a_venue(scene: Scene) -> Asked:
    """Ask for the papers of a venue that a paper cites."""
    paper, cited = _references(scene)
    venue = choose(scene.rng, [about["venue"] for about in cited.values()])
    answer = [title for title, about in cited.items() if about["venue"] == venue]
    require(len(answer) < len(cited))
    return (
        f"Which of the papers that '{paper}' cites appeared in {venue}? {AS_PAPERS}",
        sorted(answer),
    )


def common_references(scene: Scene) -> Asked:
    """Ask what two papers both cite."""
    one = scene.paper()
    other = scene.cited(one)
    scene.load("PaperNet")
    common = set(scene.neighbours("PaperNet", one))
    common &= set(scene.neighbours("PaperNet", other))
    require(common)
    return (
        f"Which papers do both '{one}' and '{other}' cite? {AS_PAPERS}",
        sorted(common),
    )


def cites(scene: Scene) -> Asked:
    """Ask whether a paper cites another; both answers are as frequent."""
    wanted = choose(scene.rng, ["Yes", "No"])
    one = scene.paper()
    other = scene.cited(one) if wanted == "Yes" else scene.paper()
    scene.load("PaperNet")
    require(one != other)
    require((other in scene.neighbours("PaperNet", one)) == (wanted == "Yes"))
    return (
        f"Does '{one}' cite '{other}'? Please answer with 'Yes' or 'No'.",
        wanted,
    )


def publication(scene: Scene) -> Asked:
    """Ask in which venue a paper appeared."""
    paper = scene.paper()
    scene.load("PaperNet")
    return (
        f"In which venue was '{paper}' published? Please answer with the venue as the "
        "network gives it.",
        scene.about_paper(paper)["venue"],
    )
