"""A catalogue on disk, prepared so that opening it costs next to nothing.

The published files are read once; what comes out lies in the cache folder: products
as lines of JSON, columns of numbers, and the search index. Processes map these files
into memory and so share their pages.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
import tempfile
from array import array
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from math import nan, prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.cache import cache_folder
from agentgym_envs.errors import DataError
from agentgym_envs.search import Index
from agentgym_envs.version import __version__
from agentgym_envs.webshop.files import Files, read_products
from agentgym_envs.webshop.products import Product, is_held_out

FORMAT = 2  # raise it when the prepared files change
KEPT_PRODUCTS = 4096
KEPT_KINDS = 512  # lists of rows of a category or query
NO_INSTRUCTION = -1
MOST_COMBINATIONS = 2**31 - 1


class Store:
    """A prepared catalogue. Products are named by their row.

    Args:
        folder: What `prepare` wrote.
    """

    def __init__(self, folder: Path) -> None:
        def column(name: str) -> NDArray[Any]:
            loaded: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r")
            return loaded

        self._offsets = column("offsets")
        self.ranges: NDArray[np.float64] = column("ranges")
        """Least and greatest price in dollars; the second is NaN without a range."""
        self.combinations: NDArray[np.int64] = column("combinations")
        """Synthetic goals per product; `NO_INSTRUCTION` where there is no text."""
        self.wishes: NDArray[np.int32] = column("wishes")
        """Human instructions per product."""
        self.held_out: NDArray[np.bool_] = column("held_out")
        """Whether a product's goals are for testing."""
        self._kinds = {name: column(name) for name in ("category", "query")}
        names = json.loads((folder / "names.json").read_text(encoding="ascii"))
        self._codes = {
            kind: {name: code for code, name in enumerate(names[kind])}
            for kind in self._kinds
        }
        with (folder / "products.jsonl").open("rb") as lines:
            self._lines = mmap.mmap(lines.fileno(), 0, access=mmap.ACCESS_READ)
        self._index = Index.load(folder / "index", mmap=True)
        self.product = lru_cache(maxsize=KEPT_PRODUCTS)(self._read)
        # A long list is kept once, however many searches ask for it.
        self.with_kind = lru_cache(maxsize=KEPT_KINDS)(self._with_kind)

    def __len__(self) -> int:
        return len(self.ranges)

    def _read(self, row: int) -> Product:
        start, end = self._offsets[row : row + 2]
        return Product.from_line(self._lines[start:end])

    def search(self, words: str, limit: int) -> list[int]:
        """The rows that fit best; fewer where a hit is not on sale."""
        hits = self._index.search(words, limit=limit)
        return [hit.row for hit in hits if hit.row < len(self)]

    def _with_kind(self, kind: str, name: str) -> list[int]:
        """All rows of a category or query, in the catalogue's order."""
        code = self._codes[kind].get(name)
        if code is None:
            return []
        rows: list[int] = np.flatnonzero(self._kinds[kind] == code).tolist()
        return rows


def open_store(files: Files, num_products: int | None) -> Store:
    """Open a catalogue, preparing it if that was not done before.

    Raises:
        DataError: if the files are not as published.
    """
    name = f"webshop/shop-{_fingerprint(files, num_products)}"
    folder = cache_folder() / name
    if folder.is_dir():
        try:
            return Store(folder)
        except (OSError, ValueError, LookupError):
            # Somebody damaged what can be made again.
            shutil.rmtree(folder, ignore_errors=True)
    return Store(_prepare(folder, files, num_products))


def _fingerprint(files: Files, num_products: int | None) -> str:
    """Tell catalogues apart without reading gigabytes."""
    facts: list[Any] = [FORMAT, __version__, num_products]
    for file in (files.products, files.notes, files.wishes):
        about = file.stat()
        facts.append([str(file.resolve()), about.st_size, about.st_mtime_ns])
    return sha256(json.dumps(facts).encode("ascii")).hexdigest()[:20]


def _prepare(folder: Path, files: Files, num_products: int | None) -> Path:
    """Write the prepared files, whole or not at all.

    Where the cache can't be written they go to a temporary folder, for this process
    alone.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.tmp-")
        is_kept = True
    except OSError:
        place = tempfile.mkdtemp(prefix="agentgym-webshop-")
        is_kept = False
    draft = Path(place)
    try:
        _write(draft, read_products(files, num_products))
        if not is_kept:
            _remove_at_exit(draft)
            return draft
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            # Another process was faster; what it wrote is the same.
            shutil.rmtree(draft, ignore_errors=True)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder


def _remove_at_exit(folder: Path) -> None:
    import atexit

    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


def _write(folder: Path, products: Iterable[tuple[Product, bool]]) -> None:
    ids: list[str] = []
    documents: list[str] = []
    offsets, ranges = array("q", [0]), array("d")
    combinations, wishes, held_out = array("q"), array("i"), bytearray()
    codes: dict[str, dict[str, int]] = {"category": {}, "query": {}}
    kinds = {kind: array("i") for kind in codes}
    with (folder / "products.jsonl").open("wb") as lines:
        for product, is_on_sale in products:
            ids.append(product.asin)
            documents.append(product.document)
            if not is_on_sale:
                continue
            lines.write(product.to_line())
            offsets.append(lines.tell())
            ranges.extend((product.prices[0], (*product.prices, nan)[1]))
            combinations.append(_combinations(product))
            wishes.append(sum(bool(wish.attributes) for wish in product.wishes))
            held_out.append(is_held_out(product.asin))
            for kind, known in codes.items():
                name = getattr(product, kind)
                kinds[kind].append(known.setdefault(name, len(known)))
    if not wishes:
        raise DataError("the product file lists no product")
    columns: dict[str, NDArray[Any]] = {
        "offsets": np.array(offsets),
        "ranges": np.array(ranges).reshape(-1, 2),
        "combinations": np.array(combinations),
        "wishes": np.array(wishes),
        "held_out": np.frombuffer(held_out, dtype=np.bool_),
        **{kind: np.array(values) for kind, values in kinds.items()},
    }
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values)
    names = {kind: list(known) for kind, known in codes.items()}
    (folder / "names.json").write_text(json.dumps(names), encoding="ascii")
    Index.build(ids, documents).save(folder / "index")


def _combinations(product: Product) -> int:
    if product.instruction is None:
        return NO_INSTRUCTION
    return min(MOST_COMBINATIONS, prod(map(len, product.options.values())))
