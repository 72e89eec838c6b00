"""What an environment plays with: its items and its retriever, shared by all."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentgym_envs.cache import cache_folder
from agentgym_envs.errors import DataError
from agentgym_envs.once import once
from agentgym_envs.search import Index, build_on_disk
from agentgym_envs.searchqa.corpus import embedded, file_corpus
from agentgym_envs.searchqa.progress import progress
from agentgym_envs.searchqa.retrievers import Bm25, Retriever
from agentgym_envs.searchqa.tasks import EmbeddedTasks, PublishedTasks
from agentgym_envs.tasks import Split, TaskSet

if TYPE_CHECKING:
    from agentgym_envs.searchqa.dense import DenseOptions

CORPUS_FILES = (
    "wiki-18.jsonl",
    "retrieve_data/wiki-18.jsonl",
    "corpus.jsonl",
    "retrieve_data/corpus.jsonl",
)
REPORT_EVERY = 1000  # passages


def open_tasks(data: Path | None, split: Split) -> TaskSet:
    """Give the items.

    Raises:
        DataError: if the data is not as published.
    """
    if data is None:
        return EmbeddedTasks(split=split)
    return PublishedTasks(data, split=split)


def find_retriever(
    setting: dict[str, Any] | Retriever, data: Path | None
) -> Callable[[], Retriever]:
    """Check all that a setting needs, and give what opens the retriever.

    Opening may take long at first, so that it is left to the first search; then it is
    only a look-up. What is given can be copied and pickled at no cost.

    Raises:
        BadOption: for an option of the retriever that makes no sense.
        DataError: if its passages, model or index are not there.
        MissingExtra: if it needs a package that is not installed.
    """
    if not isinstance(setting, dict):
        return partial(_same, setting)
    options = {key: value for key, value in setting.items() if key != "method"}
    if setting["method"] == "http":
        from agentgym_envs.searchqa.server import HttpRetriever

        server = HttpRetriever(options.pop("url", None), **options)
        return partial(_same, server)
    file = None if data is None else _corpus_file(data)
    if setting["method"] == "dense":
        from agentgym_envs.searchqa.dense import check_options

        return partial(_dense, file, check_options(**options))
    return partial(file_bm25, file) if file else embedded_bm25


def _same(retriever: Retriever) -> Retriever:
    return retriever


def _dense(file: Path | None, options: DenseOptions) -> Retriever:
    from agentgym_envs.searchqa.dense import open_dense

    return open_dense(file_corpus(file) if file else embedded(), options)


def _corpus_file(data: Path) -> Path:
    folder = data if data.is_dir() else data.parent
    for name in CORPUS_FILES:
        # A file with the questions may lie in a folder of its own.
        for place in (folder, folder.parent):
            if (place / name).is_file():
                return (place / name).resolve()
            packed = place / f"{name}.gz"
            if packed.is_file():
                raise DataError(f"{packed}: unpack it first, as with gunzip -k")
    names = " or ".join(CORPUS_FILES[:2])
    raise DataError(
        f"{folder}: there are no passages to search, no file {names}; with "
        'retriever={"method": "http", "url": ...} a server searches its own'
    )


@once
def embedded_bm25() -> Bm25:
    """The search engine over the embedded passages."""
    corpus = embedded()
    rows = range(len(corpus))
    ids = [corpus.id_of(row) for row in rows]
    return Bm25(Index.build(ids, (corpus[row] for row in rows)), corpus)


@lru_cache(maxsize=4)
def file_bm25(file: Path) -> Bm25:
    """The search engine over the passages of a file, indexed once in the cache."""
    corpus = file_corpus(file)
    folder = cache_folder() / "searchqa" / corpus.key / "bm25"
    if folder.exists():
        try:
            return Bm25(Index.load(folder), corpus)
        except DataError:
            pass  # of an earlier version, or damaged; it is made again
    with progress(f"Indexing {file.name}", len(corpus)) as advance:

        def report(done: int) -> None:
            # The engine tells each passage, which is too often for a bar.
            if done % REPORT_EVERY == 0:
                advance(REPORT_EVERY)

        records = (corpus.record(row) for row in range(len(corpus)))
        return Bm25(build_on_disk(folder, records, report=report), corpus)
