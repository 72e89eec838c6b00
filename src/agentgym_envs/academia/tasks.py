"""The items of Academia: generated questions, or the published ones."""

from __future__ import annotations

from pathlib import Path

from agentgym_envs.academia import goals_authors as authors
from agentgym_envs.academia import goals_papers as papers
from agentgym_envs.academia.scene import Scene
from agentgym_envs.tasks import Split, TaskSet
from agentgym_envs.tools.generate import draw
from agentgym_envs.tools.items import (
    GeneratedTasks,
    Item,
    PublishedTasks,
    answer_items,
    find_file,
    read_lists,
)
from agentgym_envs.tools.questions import question_makers

PREFIX = "academia"


TEMPLATES = question_makers(
    Scene,
    (
        authors.number_of_mutual_collaborators,
        authors.mutual_collaborators,
        authors.most_cited_paper,
        authors.authors_of_the_most_cited_paper,
        authors.commonest_venue,
        authors.commonest_keyword,
        authors.citations_of_an_author,
        authors.citations_of_joint_papers,
        authors.joint_papers,
        authors.commonest_collaborator,
        authors.affiliation,
        authors.organisations_of_a_paper,
        authors.collaborators_elsewhere,
        authors.collaborators_at_home,
        papers.authors_of_a_paper,
        papers.more_citations,
        papers.earlier_paper,
        papers.number_of_references,
        papers.most_cited_reference,
        papers.oldest_reference,
        papers.references_of_a_venue,
        papers.common_references,
        papers.cites,
        papers.publication,
    ),
)


def make(split: str, number: int) -> Item:
    """Give a generated item."""
    return draw("Academia", TEMPLATES, split, number)


def open_tasks(*, split: Split, data: Path | None) -> TaskSet:
    """Give the items of a split.

    Args:
        split: Which items to list.
        data: The published ``academia.jsonl``, or a folder with it and, perhaps, the
            lists ``academia_train.json`` and ``academia_test.json``.

    Raises:
        DataError: if the data is not as published.
    """
    if data is None:
        return GeneratedTasks(prefix=PREFIX, make=make, split=split)
    items = answer_items(
        find_file(data, ("academia.jsonl",)), lambda record, where: None
    )
    lists = read_lists(data, PREFIX, len(items))
    return PublishedTasks(prefix=PREFIX, items=items, split=split, lists=lists)
