"""Where the original products and instructions are published.

The files are those of WebShop (arXiv:2207.01206); their ids on Google Drive stand in
``setup.sh`` of https://github.com/princeton-nlp/WebShop. No checksums are published, so
a file is read through after the download instead: it must be JSON with the fields that
WebShop reads. AgentGym (arXiv:2406.04151) plays with the first 1,000 products.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from agentgym_envs.download import Source
from agentgym_envs.errors import DataError

HOME = "WEBSHOP_DATA", "~/.cache/webshop"
"""The variable that names the data folder, and the folder if it is not set."""

DRIVE = "https://drive.usercontent.google.com/download?export=download&confirm=t&id="

PRODUCT_FIELDS = (
    "asin",
    "name",
    "full_description",
    "small_description",
    "pricing",
    "customization_options",
    "images",
    "category",
    "query",
    "product_category",
)

PIECE = 1 << 20  # characters read at a time
LONGEST = 1 << 26  # characters of one product; more is no product


def check_products(file: Path) -> None:
    """Raise unless a file is a list of products.

    Raises:
        DataError: with the place and the field, if there is one.
    """
    number = 0
    with _opened(file) as stream:
        for number, product in enumerate(_entries(stream), start=1):
            asin = product.get("asin", "")
            missing = [field for field in PRODUCT_FIELDS if field not in product]
            # WebShop passes over entries with a strange id.
            if missing and asin != "nan" and len(str(asin)) <= 10:
                raise DataError(f"product {number} has no field {missing[0]!r}")
    if not number:
        raise DataError("this list of products is empty")


def check_instructions(file: Path) -> None:
    """Raise unless a file maps product ids to attributes and instructions.

    Raises:
        DataError: with the product and the field, if there is one.
    """
    for asin, record in _mapping(file).items():
        if not isinstance(record, dict):
            raise DataError(f"the record of {asin!r:.40} is no object")
        _check_texts(record.get("attributes", []), asin, "attributes")
        if record.get("instruction") is not None:
            _check_texts([record["instruction"]], asin, "instruction")
            wanted = record.get("instruction_attributes")
            _check_texts(wanted, asin, "instruction_attributes")


def check_human(file: Path) -> None:
    """Raise unless a file maps product ids to lists of people's instructions.

    Raises:
        DataError: with the product and the field, if there is one.
    """
    for asin, records in _mapping(file).items():
        if not isinstance(records, list) or not all(
            isinstance(record, dict) for record in records
        ):
            raise DataError(f"the record of {asin!r:.40} is no list of objects")
        for record in records:
            _check_texts([record.get("instruction")], asin, "instruction")
            for field in ("instruction_attributes", "instruction_options"):
                _check_texts(record.get(field), asin, field)


"""What each part must pass, by the name of the part."""


def _check_texts(value: Any, asin: str, field: str) -> None:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise DataError(f"the record of {asin!r:.40} has no proper field {field!r}")


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """Open a file that is text, and not a page in place of the file."""
    with file.open("rb") as stream:
        start = stream.read(1000)
    if start.lstrip().startswith(b"<"):
        raise DataError(
            "this is an HTML page, not the file; Google Drive sends one when it wants "
            "to be asked again or too many have asked. Try later, or save "
            "the file with a browser"
        )
    try:
        with file.open(encoding="utf-8") as text:
            yield text
    except UnicodeDecodeError as error:
        raise DataError(f"this is not JSON ({error})") from None


def _mapping(file: Path) -> dict[str, Any]:
    with _opened(file) as stream:
        try:
            value = json.load(stream)
        except (json.JSONDecodeError, RecursionError) as error:
            raise DataError(f"this is not JSON ({error})") from None
    if not isinstance(value, dict) or not value:
        raise DataError("this is no object with product ids")
    return value


def _entries(stream: TextIO) -> Iterator[dict[str, Any]]:
    """Read an array of objects one by one, as the whole may not fit into memory."""
    decoder = json.JSONDecoder()
    text = stream.read(PIECE).lstrip()
    if not text.startswith("["):
        raise DataError("this is no JSON list of products")
    number, place, is_comma_due = 1, 1, False
    while True:
        place = _skip_blanks(text, place)
        sign = text[place : place + 1]
        if sign == "]" and (is_comma_due or number == 1):
            break
        if sign == "," and is_comma_due:
            place, is_comma_due = place + 1, False
        elif sign == "{" and not is_comma_due:
            try:
                value, place = decoder.raw_decode(text, place)
            except (json.JSONDecodeError, RecursionError) as error:
                text, place = text[place:] + _more(stream, text, place, error), 0
                continue
            yield value
            number, is_comma_due = number + 1, True
        elif sign:
            raise DataError(f"this is not JSON (at product {number} stands {sign!r})")
        else:
            text, place = _more(stream, "", 0, "it ends in the middle"), 0
    if (text[place + 1 :] + stream.read(PIECE)).strip():
        raise DataError("this is not JSON (something follows the list of products)")


def _skip_blanks(text: str, place: int) -> int:
    while text[place : place + 1].isspace():
        place += 1
    return place


def _more(stream: TextIO, text: str, place: int, reason: object) -> str:
    """Read on, unless there is no more or what there is can't be a product."""
    piece = stream.read(PIECE) if len(text) - place < LONGEST else ""
    if not piece:
        raise DataError(f"this is not whole JSON ({reason})")
    return piece


SOURCES = (
    Source(
        part="products-1000",
        file="items_shuffle_1000.json",
        url=f"{DRIVE}1EgHdxQ_YxqIQlvvq5iKlCrkEKR6-j0Ib",
        about="the 1,000 products that AgentGym plays with",
        check=check_products,
    ),
    Source(
        part="instructions-1000",
        file="items_ins_v2_1000.json",
        url=f"{DRIVE}1IduG0xl544V_A_jv3tHXC0kyFi7PnyBu",
        about="their attributes and synthetic instructions",
        check=check_instructions,
    ),
    Source(
        part="human",
        file="items_human_ins.json",
        url=f"{DRIVE}14Kb5SPBk_jfdLZ_CDBNitW98QLDlKR5O",
        about="instructions that people wrote",
        check=check_human,
    ),
    Source(
        part="products",
        file="items_shuffle.json",
        url=f"{DRIVE}1A2whVgOO0euk5O13n2iYDM0bQRkkRduB",
        about="all products, several gigabytes",
        check=check_products,
    ),
    Source(
        part="instructions",
        file="items_ins_v2.json",
        url=f"{DRIVE}1s2j6NgHljiZzQNL3veZaAiyW_qDEgBNi",
        about="attributes and synthetic instructions of all products",
        check=check_instructions,
    ),
)

DEFAULT = ("products-1000", "instructions-1000", "human")
"""What is needed to play as AgentGym does."""
