"""Passages by row: the embedded ones, or those of a file that memory can't hold."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from agentgym_envs.searchqa import world


class Corpus(Protocol):
    """Passages with ids, by row number."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> str:
        """Give the contents of a passage: title, line break, text."""

    def id_of(self, row: int) -> str:
        """Give the id of a passage."""


class EmbeddedCorpus:
    """The passages of the embedded world; a passage's id is its row."""

    def __init__(self) -> None:
        self._passages = [thing.passage for thing in world.load()]

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, row: int) -> str:
        return self._passages[row]

    def id_of(self, row: int) -> str:
        """Give the id of a passage."""
        return str(row)


@lru_cache(maxsize=1)
def embedded() -> EmbeddedCorpus:
    """Give the embedded passages, made once per process."""
    return EmbeddedCorpus()
