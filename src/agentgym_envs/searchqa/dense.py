"""A retriever that compares embeddings of E5 (Wang et al., arXiv 2212.03533).

Queries and passages are marked ``query: `` and ``passage: ``, cut after 256 tokens,
averaged over their tokens and brought to length 1; the score is the inner product. The
original looks the passages up in a FAISS index with the same rows as the corpus;
without one they are embedded here, once, and kept in the user's cache.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agentgym_envs.cache import cache_folder
from agentgym_envs.errors import BadOption, DataError, MissingExtra
from agentgym_envs.searchqa.corpus import Corpus
from agentgym_envs.searchqa.progress import progress
from agentgym_envs.searchqa.retrievers import Passage, RetrieverError

MAX_TOKENS = 256
BATCH_SIZE = 64
ROWS_AT_ONCE = 2**16  # embeddings compared at a time
DIGITS = 6  # of a score; further ones depend on the machine, and would order ties

Floats = npt.NDArray[np.float32]


class Embedder:
    """A model of the E5 family in a folder, as transformers saves it.

    Raises:
        BadOption: for a device that can't be used.
        DataError: if the folder holds no such model.
    """

    def __init__(self, folder: Path, *, device: str, batch_size: int, fp16: bool):
        import torch
        import transformers

        self.folder, self._torch, self._batch_size = folder, torch, batch_size
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(
                folder, local_files_only=True
            )
            model = transformers.AutoModel.from_pretrained(
                folder, local_files_only=True
            )
            self._device = torch.device(device)
            model = model.half() if fp16 else model.float()
            self._model = model.to(self._device).eval()
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{folder}: {error}") from None
        except (RuntimeError, AssertionError) as error:
            raise BadOption(f"the device {device!r} can't be used: {error}") from None
        self.size = int(model.config.hidden_size)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed texts, which begin with their mark; one row of length 1 for each."""
        parts = [
            self._embed(list(texts[start : start + self._batch_size]))
            for start in range(0, len(texts), self._batch_size)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.size), np.float32)

    def _embed(self, texts: list[str]) -> Floats:
        torch = self._torch
        # Half of a character, which a model can write, is no text for a tokenizer.
        texts = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        tokens = self._tokenizer(
            texts,
            max_length=MAX_TOKENS,
            padding=True,
            truncation=True,
            return_tensors="pt",
        ).to(self._device)
        with torch.inference_mode():
            hidden = self._model(**tokens).last_hidden_state.float()
            mask = tokens["attention_mask"].unsqueeze(-1).float()
            means = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
            units = torch.nn.functional.normalize(means, dim=-1)
        found: Floats = units.cpu().numpy().astype(np.float32)
        return found


class Dense:
    """Ranks the passages of a corpus by their embeddings."""

    def __init__(self, embedder: Embedder, corpus: Corpus, vectors: Any) -> None:
        self._embedder, self._corpus, self._vectors = embedder, corpus, vectors

    def search(self, query: str, k: int) -> list[Passage]:
        """Give the ``k`` passages that are closest to the query."""
        try:
            vector = self._embedder.embed([f"query: {query}"])
        except RuntimeError as error:  # of torch, for example without memory
            raise RetrieverError(f"{type(error).__name__}: {error}") from error
        return [
            Passage(id=self._corpus.id_of(row), contents=self._corpus[row], score=score)
            for score, row in self._vectors.best(vector, k)
        ]


class NumpyVectors:
    """Embeddings in an array, which may be a mapped file."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors

    def best(self, query: Floats, k: int) -> list[tuple[float, int]]:
        """Give the highest scores with their rows; of equal ones the first rows."""
        found: list[tuple[float, int]] = []
        for start in range(0, len(self._vectors), ROWS_AT_ONCE):
            block = np.asarray(self._vectors[start : start + ROWS_AT_ONCE])
            scores = np.round((block @ query[0]).astype(np.float64), DIGITS)
            order = np.argsort(-scores, kind="stable")[:k]
            found += [(float(scores[row]), start + int(row)) for row in order]
        return sorted(found, key=lambda hit: (-hit[0], hit[1]))[:k]


class FaissVectors:
    """Embeddings in a FAISS index whose rows are those of the corpus."""

    def __init__(self, file: Path, rows: int) -> None:
        import faiss

        try:
            self._index = faiss.read_index(str(file))
        except RuntimeError as error:
            raise DataError(f"{file}: {str(error)[:200]}") from None
        if self._index.ntotal != rows:
            raise DataError(
                f"{file}: {self._index.ntotal} embeddings for {rows} passages"
            )

    def best(self, query: Floats, k: int) -> list[tuple[float, int]]:
        """Give the highest scores with their rows."""
        scores, rows = self._index.search(query, k)
        pairs = zip(scores[0].tolist(), rows[0].tolist(), strict=True)
        return [(float(score), int(row)) for score, row in pairs if row >= 0]


@dataclass(frozen=True, slots=True)
class DenseOptions:
    """The options of the setting; see `check_options`."""

    model: Path
    index: Path | None
    device: str
    batch_size: int
    fp16: bool


def check_options(
    *,
    model: object = None,
    index: object = None,
    device: object = "cpu",
    batch_size: object = BATCH_SIZE,
    fp16: object = False,
) -> DenseOptions:
    """Check the options of the setting, without loading anything.

    Raises:
        BadOption: for a value that makes no sense.
        DataError: if the model or the index is not there.
        MissingExtra: if a package is not installed.
    """
    if not isinstance(model, str):
        raise BadOption(
            "the retriever dense needs the folder of a model, as in "
            '{"method": "dense", "model": "e5-base-v2"}'
        )
    if index is not None and not isinstance(index, str):
        raise BadOption(f"index must be the path of a FAISS index, not {index!r:.80}")
    if not isinstance(device, str):
        raise BadOption(f"device must be a name such as cuda, not {device!r:.80}")
    if type(batch_size) is not int or batch_size < 1:
        raise BadOption(f"batch_size must be a positive int, not {batch_size!r:.80}")
    if type(fp16) is not bool:
        raise BadOption(f"fp16 must be True or False, not {fp16!r:.80}")
    for package in ("torch", "transformers", *(("faiss",) if index else ())):
        if find_spec(package) is None:
            raise MissingExtra("searchqa-dense", package)
    folder, file = Path(model), Path(index) if index else None
    if not (folder / "config.json").is_file():
        raise DataError(f"{folder}: the folder holds no model (no config.json)")
    if file is not None and not file.is_file():
        raise DataError(f"{file}: there is no such file")
    return DenseOptions(folder, file, device, batch_size, fp16)


@lru_cache(maxsize=2)
def open_dense(corpus: Corpus, options: DenseOptions) -> Dense:
    """Open a retriever, once per process.

    Raises:
        BadOption: for a device that can't be used.
        DataError: if the model or the index can't be read.
    """
    embedder = Embedder(
        options.model,
        device=options.device,
        batch_size=options.batch_size,
        fp16=options.fp16,
    )
    vectors = (
        FaissVectors(options.index, len(corpus))
        if options.index is not None
        else NumpyVectors(_embedded(embedder, corpus, options.fp16))
    )
    return Dense(embedder, corpus, vectors)


def _embedded(embedder: Embedder, corpus: Corpus, fp16: bool) -> Floats:
    """Give the embeddings of all passages, from the cache if they are there."""
    folder = embedder.folder.resolve()
    files = sorted(file for file in folder.iterdir() if file.is_file())
    marks = [f"{f.name} {f.stat().st_size} {f.stat().st_mtime_ns}" for f in files]
    about = "\n".join([str(folder), str(fp16), corpus.key, *marks])
    name = f"dense-{sha256(about.encode('utf-8')).hexdigest()[:16]}.npy"
    kept = cache_folder() / "searchqa" / name
    if not kept.exists():
        _embed_all(embedder, corpus, kept)
    vectors: Floats = np.load(kept, mmap_mode="r")
    return vectors


def _embed_all(embedder: Embedder, corpus: Corpus, kept: Path) -> None:
    """Write the embeddings of all passages to a file, which memory need not hold."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".tmp")
    os.close(handle)
    try:
        shape = (len(corpus), embedder.size)
        written = np.lib.format.open_memmap(name, "w+", np.float32, shape)
        with progress("Embedding the passages", len(corpus)) as advance:
            for start in range(0, len(corpus), 1024):
                rows = range(start, min(start + 1024, len(corpus)))
                texts = [f"passage: {corpus[row]}" for row in rows]
                written[rows.start : rows.stop] = embedder.embed(texts)
                advance(len(rows))
        written.flush()
        del written  # Windows can't rename a mapped file
        Path(name).replace(kept)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
