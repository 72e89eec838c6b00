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
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from math import nan, prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.cache import cache_folder
from agentgym_envs.errors import DataError
from agentgym_envs.search import Index, build_on_disk
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


def open_store(
    files: Files, num_products: int | None, *, is_embedded: bool = False
) -> Store:
    """Open a catalogue, preparing it if that was not done before.

    Args:
        files: The published files, or generated ones.
        num_products: How many records of them to read.
        is_embedded: Whether the files can be told by their names and sizes, because
            nobody edits them.

    Raises:
        DataError: if the files are not as published.
    """
    name = f"webshop/shop-{_fingerprint(files, num_products, is_embedded)}"
    folder = cache_folder() / name
    if folder.is_dir():
        try:
            return Store(folder)
        except (OSError, EOFError, ValueError, LookupError):
            # Somebody damaged what can be made again.
            shutil.rmtree(folder, ignore_errors=True)
    return Store(_prepare(folder, files, num_products))


def _fingerprint(files: Files, num_products: int | None, is_embedded: bool) -> str:
    """Tell catalogues apart without reading gigabytes."""
    facts: list[Any] = [FORMAT, __version__, num_products]
    for file in (files.products, files.notes, files.wishes):
        about = file.stat()
        # Processes that begin at once write generated files again, with other times.
        changed = 0 if is_embedded else about.st_mtime_ns
        facts.append([str(file.resolve()), about.st_size, changed])
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
    """Write everything, reading the products once and keeping none."""
    with (folder / "products.jsonl").open("wb") as lines:
        columns = _Columns(lines)
        build_on_disk(folder / "index", columns.documents(products))
    columns.save(folder)


class _Columns:
    """What is noted of the products on sale while they go by.

    Args:
        lines: Where the products themselves are written.
    """

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._offsets, self._ranges = array("q", [0]), array("d")
        self._combinations, self._wishes = array("q"), array("i")
        self._held_out = bytearray()
        self._codes: dict[str, dict[str, int]] = {"category": {}, "query": {}}
        self._kinds = {kind: array("i") for kind in self._codes}

    def documents(
        self, products: Iterable[tuple[Product, bool]]
    ) -> Iterator[tuple[str, str]]:
        """Note the products and give what the search engine reads of them."""
        for product, is_on_sale in products:
            if is_on_sale:
                self._note(product)
            yield product.asin, product.document

    def _note(self, product: Product) -> None:
        self._lines.write(product.to_line())
        self._offsets.append(self._lines.tell())
        self._ranges.extend((product.prices[0], (*product.prices, nan)[1]))
        self._combinations.append(_combinations(product))
        self._wishes.append(sum(bool(wish.attributes) for wish in product.wishes))
        self._held_out.append(is_held_out(product.asin))
        for kind, known in self._codes.items():
            name = getattr(product, kind)
            self._kinds[kind].append(known.setdefault(name, len(known)))

    def save(self, folder: Path) -> None:
        """Write the columns.

        Raises:
            DataError: if there was no product.
        """
        if not self._wishes:
            raise DataError("the product file lists no product")
        columns: dict[str, NDArray[Any]] = {
            "offsets": np.array(self._offsets),
            "ranges": np.array(self._ranges).reshape(-1, 2),
            "combinations": np.array(self._combinations),
            "wishes": np.array(self._wishes),
            "held_out": np.frombuffer(self._held_out, dtype=np.bool_),
            **{kind: np.array(values) for kind, values in self._kinds.items()},
        }
        for name, values in columns.items():
            np.save(folder / f"{name}.npy", values)
        names = {kind: list(known) for kind, known in self._codes.items()}
        (folder / "names.json").write_text(json.dumps(names), encoding="ascii")


def _combinations(product: Product) -> int:
    if product.instruction is None:
        return NO_INSTRUCTION
    return min(MOST_COMBINATIONS, prod(map(len, product.options.values())))
