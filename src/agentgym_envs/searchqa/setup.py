"""What an environment plays with: its items and its retriever, shared by all."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from agentgym_envs.search import Index
from agentgym_envs.searchqa import corpus
from agentgym_envs.searchqa.retrievers import Bm25, Retriever
from agentgym_envs.searchqa.tasks import EmbeddedTasks
from agentgym_envs.tasks import Split, TaskSet


def open_tasks(data: Path | None, split: Split) -> TaskSet:
    """Give the items.

    Raises:
        DataError: if the data is not as published.
    """
    return EmbeddedTasks(split=split)


def open_retriever(setting: dict[str, Any] | Retriever, data: Path | None) -> Retriever:
    """Give the retriever for a checked setting."""
    return embedded_bm25()


@lru_cache(maxsize=1)
def embedded_bm25() -> Bm25:
    """The search engine over the embedded passages."""
    passages = corpus.embedded()
    rows = range(len(passages))
    ids = [passages.id_of(row) for row in rows]
    return Bm25(Index.build(ids, [passages[row] for row in rows]), passages)
