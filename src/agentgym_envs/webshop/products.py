"""Products: what the published records say, in the form that the shop uses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, NamedTuple

from agentgym_envs.errors import DataError

ASIN_LENGTH = 10
HELD_OUT = 0.1  # share of products whose goals are for testing
NO_PRICE = 100.0  # dollars, where a record names no price
NO_ATTRIBUTES = ("DUMMY_ATTR",)

_NOT_PRICE = re.compile(r"[^\d.]")


class Wish(NamedTuple):
    """What one person asked for when shown a product."""

    instruction: str
    attributes: tuple[str, ...]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product, its texts as the pages show them."""

    asin: str
    title: str
    description: str
    bullets: tuple[str, ...]
    prices: tuple[float, ...]
    """Dollars: one price, or the ends of a range."""
    options: dict[str, tuple[str, ...]]
    category: str
    query: str
    product_category: str
    attributes: tuple[str, ...]
    instruction: str | None
    """The instruction that synthetic goals begin with, if there is one."""
    instruction_attributes: tuple[str, ...]
    wishes: tuple[Wish, ...]

    @property
    def price_tag(self) -> str:
        """The price as pages show it."""
        return " to ".join(f"${price}" for price in self.prices)

    @property
    def document(self) -> str:
        """The text that the search engine reads."""
        options = ", and ".join(
            f"{name}: {', '.join(values)}" for name, values in self.options.items()
        )
        first = self.bullets[0] if self.bullets else ""
        return " ".join([self.title, self.description, first, options]).lower()

    def to_line(self) -> bytes:
        """Write the product as one line of JSON."""
        return json.dumps(astuple(self), separators=(",", ":")).encode("ascii") + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Product:
        """Read what `to_line` wrote."""
        (
            asin,
            title,
            description,
            bullets,
            prices,
            options,
            category,
            query,
            product_category,
            attributes,
            instruction,
            wanted,
            wishes,
        ) = json.loads(line)
        return cls(
            asin,
            title,
            description,
            tuple(bullets),
            tuple(prices),
            {name: tuple(values) for name, values in options.items()},
            category,
            query,
            product_category,
            tuple(attributes),
            instruction,
            tuple(wanted),
            tuple(Wish(text, tuple(a), tuple(o)) for text, a, o in wishes),
        )


def is_held_out(asin: str) -> bool:
    """Whether the goals of a product are for testing; its name alone decides."""
    digest = sha256(asin.encode("utf-8", "backslashreplace")).digest()
    return int.from_bytes(digest[:4], "big") < HELD_OUT * 2**32


def is_listed(record: Any, where: str) -> bool:
    """Whether a record's asin is one that the original does not skip.

    Raises:
        DataError: if the record is no object with an asin.
    """
    if not isinstance(record, dict):
        raise DataError(f"{where} is no object")
    asin = record.get("asin")
    if not isinstance(asin, str) or not asin:
        raise _wrong(where, "asin", asin, "an id")
    return asin != "nan" and len(asin) <= ASIN_LENGTH


def read_product(
    record: Mapping[str, Any],
    where: str,
    *,
    notes: tuple[Mapping[str, Any] | None, str],
    wishes: tuple[list[Any] | None, str],
) -> Product:
    """Check a record of the product file and put it into our form.

    Args:
        record: As in ``items_shuffle.json``.
        where: What errors call it.
        notes: Its record in ``items_ins_v2.json``, and what errors call that.
        wishes: Its records in ``items_human_ins.json``, and what errors call those.

    Raises:
        DataError: naming record and field.
    """
    bullets = _field(record, "small_description", where)
    if not isinstance(bullets, list):
        bullets = [bullets]
    attributes, instruction, wanted = _read_notes(*notes)
    return Product(
        asin=record["asin"],
        title=_text(record, "name", where),
        description=_text(record, "full_description", where),
        bullets=tuple(_shown(b, "small_description", where) for b in bullets),
        prices=_read_prices(record.get("pricing"), where),
        options=_read_options(_field(record, "customization_options", where), where),
        category=_string(record, "category", where),
        query=_string(record, "query", where).lower().strip(),
        product_category=_string(record, "product_category", where),
        attributes=attributes,
        instruction=instruction,
        instruction_attributes=wanted,
        wishes=_read_wishes(*wishes),
    )


def _read_prices(value: Any, where: str) -> tuple[float, ...]:
    if not value:
        return (NO_PRICE,)
    if not isinstance(value, str):
        raise _wrong(where, "pricing", value, "a text such as $12.99")
    try:
        prices = [
            float(Decimal(_NOT_PRICE.sub("", piece))) for piece in value.split("$")[1:]
        ]
    except InvalidOperation:
        prices = []
    if not prices:
        raise _wrong(where, "pricing", value, "a text such as $12.99")
    return tuple(prices[:2])


def _read_options(value: Any, where: str) -> dict[str, tuple[str, ...]]:
    field = "customization_options"
    if not value:
        return {}
    if not isinstance(value, dict):
        raise _wrong(where, field, value, "an object")
    options = {}
    for name, group in value.items():
        if group is None:
            continue
        if not isinstance(group, list):
            raise _wrong(where, f"{field}.{name}", group, "a list")
        options[name.lower()] = tuple(
            _string(choice, "value", f"{where}, {field}.{name}")
            .strip()
            .replace("/", " | ")
            .lower()
            for choice in group
        )
    return options


def _read_notes(
    notes: Mapping[str, Any] | None, where: str
) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
    """Attributes, instruction and its attributes."""
    if notes is None:
        return NO_ATTRIBUTES, None, ()
    if not isinstance(notes, dict):
        raise DataError(f"{where} is no object")
    attributes: tuple[str, ...] = NO_ATTRIBUTES
    if "attributes" in notes:
        attributes = _strings(notes["attributes"], "attributes", where)
    if notes.get("instruction") is None:
        return attributes, None, ()
    instruction = _string(notes, "instruction", where)
    field = "instruction_attributes"
    wanted = _strings(notes.get(field), field, where)
    if not wanted:
        raise _wrong(where, field, [], "a list with something in it")
    return attributes, instruction, wanted


def _read_wishes(records: list[Any] | None, where: str) -> tuple[Wish, ...]:
    if records is None:
        return ()
    if not isinstance(records, list):
        raise DataError(f"{where} is no list")
    wishes = []
    for number, record in enumerate(records):
        place = f"{where}[{number}]"
        if not isinstance(record, dict):
            raise DataError(f"{place} is no object")
        lists = [
            _strings(record.get(field), field, place)
            for field in ("instruction_attributes", "instruction_options")
        ]
        wishes.append(Wish(_string(record, "instruction", place), lists[0], lists[1]))
    return tuple(wishes)


def _field(record: Mapping[str, Any], field: str, where: str) -> Any:
    if field not in record:
        raise DataError(f"{where} lacks the field {field!r}")
    return record[field]


def _text(record: Mapping[str, Any], field: str, where: str) -> str:
    return _shown(_field(record, field, where), field, where)


def _shown(value: Any, field: str, where: str) -> str:
    """A text of a page, where None is shown as such."""
    if value is None:
        return "None"
    if not isinstance(value, str):
        raise _wrong(where, field, value, "a text")
    return value


def _string(record: Any, field: str, where: str) -> str:
    value = _field(record, field, where) if isinstance(record, dict) else None
    if not isinstance(value, str):
        raise _wrong(where, field, value, "a text")
    return value


def _strings(value: Any, field: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _wrong(where, field, value, "a list of texts")
    return tuple(value)


def _wrong(where: str, field: str, value: Any, expected: str) -> DataError:
    return DataError(f"{where}: the field {field!r} is {value!r:.60}, not {expected}")
