"""Keep the generated catalogue in the cache folder, in the three published files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agentgym_envs.cache import cache_folder, write_whole
from agentgym_envs.webshop.catalogue.generator import VERSION, entries

PRODUCTS = "items_shuffle.json"
INSTRUCTIONS = "items_ins_v2.json"
HUMAN = "items_human_ins.json"


def embedded_folder(num_products: int = 1000) -> Path:
    """Give the folder with the generated catalogue; the first call generates it.

    The folder is in the cache folder and named by version and size. Each file appears
    when it is whole. Processes that come at the same time write the same bytes, so
    that it does not matter who is last.

    Raises:
        OSError: if the cache folder can't be written.
    """
    folder = cache_folder() / "webshop" / f"catalogue-{VERSION}-{num_products}"
    if not all((folder / name).is_file() for name in (PRODUCTS, INSTRUCTIONS, HUMAN)):
        _write(folder, num_products)
    return folder


def _write(folder: Path, num_products: int) -> None:
    products: list[bytes] = []
    instructions: dict[str, bytes] = {}
    human: dict[str, bytes] = {}
    # As bytes at once: the objects of 100,000 products would fill the memory.
    for entry in entries(num_products):
        asin = entry.product["asin"]
        products.append(_dump(entry.product))
        instructions[asin] = _dump(asin) + b": " + _dump(entry.instruction)
        if entry.human:
            human[asin] = _dump(asin) + b": " + _dump(entry.human)
    write_whole(folder / INSTRUCTIONS, _wrap(b"{", instructions.values(), b"}"))
    write_whole(folder / HUMAN, _wrap(b"{", human.values(), b"}"))
    write_whole(folder / PRODUCTS, _wrap(b"[", products, b"]"))


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _wrap(start: bytes, lines: Iterable[bytes], end: bytes) -> bytes:
    return start + b",\n".join(lines) + end + b"\n"
