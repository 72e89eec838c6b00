"""A retriever behind HTTP: the protocol of Search-R1's retrieval server.

POST ``{"queries": [str], "topk": int, "return_scores": true}`` is answered by
``{"result": [[{"document": {"id", "contents"}, "score": float}, ...]]}``, with one
inner list per query; without scores an entry is the document itself
(https://github.com/PeterGriffinJin/Search-R1).
"""

from __future__ import annotations

import json
import os
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_envs.searchqa.retrievers import Passage, RetrieverError, checked

if TYPE_CHECKING:
    import httpx

TIMEOUT = 10.0  # seconds for one attempt
ATTEMPTS = 3
PAUSE = 0.2  # seconds before the second attempt; twice as long before each further one
MAX_BYTES = 2**26  # of an answer
ROUTE = "/retrieve"


class _Busy(Exception):
    """The server gave no answer this time; it may give one later."""


class HttpRetriever:
    """Asks a server.

    Args:
        url: Of the server, or of its route.
        timeout: Seconds that one attempt may take.
        attempts: How often to ask when the server can't be reached, takes too long,
            or says that it has a problem.

    Raises:
        BadOption: for a value that makes no sense.
        MissingExtra: if httpx is not installed.
    """

    def __init__(
        self, url: object, timeout: object = TIMEOUT, attempts: object = ATTEMPTS
    ) -> None:
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise BadOption(
                f"the retriever http needs a url like http://127.0.0.1:8000{ROUTE}, "
                f"not {url!r:.80}"
            )
        if isinstance(timeout, bool) or not isinstance(timeout, int | float):
            raise BadOption(f"timeout must be a number of seconds, not {timeout!r:.80}")
        if not timeout > 0:
            raise BadOption(f"timeout must be more than 0, not {timeout!r}")
        if type(attempts) is not int or attempts < 1:
            raise BadOption(f"attempts must be a positive int, not {attempts!r:.80}")
        rest = url.partition("://")[2].rstrip("/")
        self._url = url if "/" in rest else f"{url.rstrip('/')}{ROUTE}"
        self._timeout, self._attempts = float(timeout), attempts
        _client(os.getpid())

    def search(self, query: str, k: int) -> list[Passage]:
        """Ask for the best ``k`` passages.

        Raises:
            RetrieverError: if there is no answer, or none that makes sense.
        """
        # Half of a character, which a model can write, is no text for a server.
        text = query.encode("utf-8", "replace").decode("utf-8")
        body = json.dumps({"queries": [text], "topk": k, "return_scores": True})
        for attempt in range(1, self._attempts + 1):
            try:
                hits = [self._passage(entry) for entry in self._ask(body.encode())]
                return checked(hits, k)
            except _Busy as error:
                if attempt == self._attempts:
                    raise RetrieverError(
                        f"{self._url}: {error}; gave up after {attempt} attempts"
                    ) from None
            time.sleep(PAUSE * 2 ** (attempt - 1))
        raise AssertionError("there is at least one attempt")

    def _ask(self, body: bytes) -> list[Any]:
        """Ask once; give the entries for the one query."""
        import httpx

        try:
            status, content = self._receive(body)
        except httpx.TransportError as error:
            raise _Busy(str(error) or type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RetrieverError(f"{self._url}: {error}") from None
        if status >= 500 or status == 429:
            raise _Busy(f"status {status}")
        if status != 200:
            raise RetrieverError(f"{self._url}: status {status}: {content[:80]!r}")
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            raise RetrieverError(f"{self._url}: no JSON: {content[:80]!r}") from None
        lists = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(lists, list) or len(lists) != 1:
            raise RetrieverError(
                f"{self._url}: the field 'result' is no list with one entry per query"
            )
        if not isinstance(lists[0], list):
            raise RetrieverError(f"{self._url}: 'result[0]' is no list of documents")
        return lists[0]

    def _receive(self, body: bytes) -> tuple[int, bytes]:
        """Post, and read the answer within the time and to the size allowed."""
        deadline = time.monotonic() + self._timeout
        headers = {"Content-Type": "application/json"}
        with _client(os.getpid()).stream(
            "POST", self._url, content=body, headers=headers, timeout=self._timeout
        ) as reply:
            content = bytearray()
            for piece in reply.iter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    raise RetrieverError(f"{self._url}: more than {MAX_BYTES} bytes")
                # The limit of httpx is for each piece, of which there may be many.
                if time.monotonic() > deadline:
                    raise _Busy(f"no whole answer within {self._timeout:g} seconds")
            return reply.status_code, bytes(content)

    def _passage(self, entry: Any) -> dict[str, Any]:
        """Bring an entry into our form; `checked` looks at what is in it."""
        document = entry.get("document", entry) if isinstance(entry, dict) else None
        if not isinstance(document, dict):
            raise RetrieverError(f"{self._url}: {entry!r:.80} is no document")
        return {**document, "score": entry.get("score", 0.0)}


@lru_cache(maxsize=4)
def _client(process: int) -> httpx.Client:
    """One pool of connections per process; a forked one must not share them."""
    try:
        import httpx
    except ModuleNotFoundError:
        raise MissingExtra("searchqa", "httpx") from None
    return httpx.Client()
