"""The published files of WebShop: which ones, and how they are read.

WebShop (Yao et al., arXiv 2207.01206) publishes a list of products, an object with
their attributes and instructions, and an object with what people asked for; each also
cut down to the first 1,000 products, which is what AgentGym's server loads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_envs.webshop.products import Product, is_listed, read_product

CHUNK = 1 << 20  # characters
SMALL = 1000  # products in the cut-down files

_BLANK = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Files:
    """The three files that a shop is made of."""

    products: Path
    notes: Path
    wishes: Path


def find_files(folder: Path, num_products: int | None) -> Files:
    """Find the files for so many products, in a folder or its ``data``.

    Of the full and the cut-down version the smaller one that suffices is taken, as in
    the original's settings, and the other one where there is only that.

    Raises:
        DataError: naming what is missing.
    """
    if not folder.is_dir():
        what = "this is a file" if folder.exists() else "there is no such folder"
        raise DataError(f"{folder}: {what}; name the one with items_shuffle.json in it")
    for place in (folder, folder / "data"):
        if any(place.glob("items_shuffle*.json")):
            folder = place
    versions = ["_1000", ""]
    if num_products is None or num_products > SMALL:
        versions.reverse()

    def find(name: str, suffixes: list[str]) -> Path:
        for suffix in suffixes:
            file = folder / f"{name}{suffix}.json"
            if file.is_file():
                return file
        raise DataError(
            f"{folder}: the folder holds no {name}.json"
            + (f", nor {name}_{SMALL}.json" if len(suffixes) > 1 else "")
        )

    return Files(
        products=find("items_shuffle", versions),
        notes=find("items_ins_v2", versions),
        wishes=find("items_human_ins", [""]),
    )


def read_products(
    files: Files, num_products: int | None
) -> Iterator[tuple[Product, bool]]:
    """Read the products, and whether each is on sale.

    The original puts the first so many *different* products into its search index,
    but only the first so many *records* on sale. Where there are repetitions, the
    index has some more, which count in its statistics and are never shown.

    Raises:
        DataError: naming file, record and field.
    """
    notes = _read_object(files.notes)
    wishes = _read_object(files.wishes)
    seen: set[str] = set()
    for number, record in enumerate(_stream(files.products)):
        if num_products is not None and len(seen) >= num_products:
            return
        where = f"{files.products}: record {number}"
        if not is_listed(record, where) or record["asin"] in seen:
            continue
        asin = record["asin"]
        seen.add(asin)
        product = read_product(
            record,
            f"{where} ({asin})",
            notes=(notes.get(asin), f"{files.notes}: record {asin}"),
            wishes=(wishes.get(asin), f"{files.wishes}: record {asin}"),
        )
        yield product, num_products is None or number < num_products


def _read_object(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise DataError(f"{file} holds no JSON object")
    return value


def _stream(file: Path) -> Iterator[Any]:
    """Read a JSON array element by element: the full product file has gigabytes."""
    try:
        with file.open(encoding="utf-8") as source:
            yield from _elements(_Window(source.read), file)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from None


class _Window:
    """The part of a long text that is being looked at."""

    def __init__(self, read: Any) -> None:
        self._read = read
        self.text = ""
        self.at = 0

    def more(self) -> bool:
        """Read on, twice as far each time that it is still not enough."""
        left = self.text[self.at :]
        added = self._read(max(CHUNK, len(left)))
        self.text, self.at = left + added, 0
        return bool(added)

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            match = _BLANK.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""


def _elements(window: _Window, file: Path) -> Iterator[Any]:
    decode = json.JSONDecoder().raw_decode
    if window.peek() != "[":
        raise DataError(f"{file} holds no JSON array")
    window.at += 1
    number = 0
    while window.peek() != "]":
        if number:
            if window.peek() != ",":
                raise DataError(f"{file} is not JSON after record {number - 1}")
            window.at += 1
            window.peek()
        while True:
            try:
                value, end = decode(window.text, window.at)
                break
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not window.more():
                    raise DataError(
                        f"{file}: record {number} is not JSON: {error}"
                    ) from None
        window.at = end
        number += 1
        yield value
