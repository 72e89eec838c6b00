"""What finds passages for a query.

A retriever has one method, ``search(query, k)``, that gives at most ``k`` passages,
the best first, each a dict with ``id``, ``contents`` (title, line break, text) and
``score``. A setting is a JSON value: ``"bm25"``, or an object with the ``method`` and
its options.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypedDict, runtime_checkable

from agentgym_envs.errors import AgentGymError, BadOption
from agentgym_envs.search import Index
from agentgym_envs.searchqa.corpus import Corpus


class Passage(TypedDict):
    """One hit."""

    id: str
    contents: str
    score: float


@runtime_checkable
class Retriever(Protocol):
    """Anything that finds passages."""

    def search(self, query: str, k: int) -> Sequence[Mapping[str, Any]]:
        """Give at most ``k`` passages, the best first.

        Raises:
            RetrieverError: if it can't tell.
        """


Setting = str | Mapping[str, Any] | Retriever | Callable[[str, int], Sequence[Any]]


class RetrieverError(AgentGymError, RuntimeError):
    """A retriever that gives no answer, or one that makes no sense."""


class Bm25:
    """Ranks the passages of a corpus as Lucene does; see `agentgym_envs.search`."""

    def __init__(self, index: Index, corpus: Corpus) -> None:
        self._index, self._corpus = index, corpus

    def search(self, query: str, k: int) -> list[Passage]:
        """Give the best ``k`` passages that share a word with the query."""
        return [
            Passage(id=hit.id, contents=self._corpus[hit.row], score=float(hit.score))
            for hit in self._index.search(query, limit=k)
        ]


class Called:
    """A user's function as a retriever."""

    def __init__(self, function: Callable[[str, int], Sequence[Any]]) -> None:
        self._function = function

    def search(self, query: str, k: int) -> Sequence[Any]:
        """Ask the function; whatever it raises means that there is no answer."""
        try:
            return self._function(query, k)
        except Exception as error:
            raise RetrieverError(f"{type(error).__name__}: {error}") from error


METHODS: dict[str, frozenset[str]] = {
    "bm25": frozenset(),
    "dense": frozenset({"model", "index", "device", "batch_size", "fp16"}),
    "http": frozenset({"url", "timeout", "attempts"}),
}


def check_setting(setting: object) -> dict[str, Any] | Retriever:
    """Bring a setting into the form of an object, or give a user's own retriever.

    Raises:
        BadOption: if there is no such method, or it has no such option.
    """
    if isinstance(setting, str):
        setting = {"method": setting}
    if not isinstance(setting, Mapping):
        if isinstance(setting, Retriever):
            return setting
        if callable(setting):
            return Called(setting)
        raise BadOption(
            f"retriever must be a name, an object or a function, not {setting!r:.80}"
        )
    method = setting.get("method")
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise BadOption(f"retriever must be one of {known}, not {method!r:.80}")
    if unknown := setting.keys() - METHODS[method] - {"method"}:
        known = ", ".join(sorted(METHODS[method])) or "none"
        name = sorted(map(str, unknown))[0]
        raise BadOption(
            f"the retriever {method} has no option {name!r}; it has {known}"
        )
    return dict(setting)


def checked(hits: object, k: int) -> list[Passage]:
    """Check what a retriever gave.

    Raises:
        RetrieverError: if it is no list of passages.
    """
    if not isinstance(hits, Sequence) or isinstance(hits, str):
        raise RetrieverError(f"a retriever gives a list of passages, not {hits!r:.80}")
    passages = []
    for number, hit in enumerate(hits[:k]):
        if not isinstance(hit, Mapping) or not isinstance(hit.get("contents"), str):
            raise RetrieverError(f"hit {number} has no text in 'contents': {hit!r:.80}")
        score = hit.get("score", 0.0)
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise RetrieverError(f"hit {number} has the score {score!r:.40}")
        passages.append(
            Passage(
                id=str(hit.get("id", "")), contents=hit["contents"], score=float(score)
            )
        )
    return passages
