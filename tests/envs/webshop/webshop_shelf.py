"""A shop small enough to know by heart, in the published files' layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gymnasium

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs import AgentEnv


def record(asin: str, name: str, **fields: Any) -> dict[str, Any]:
    """A product record with every field that the original reads."""
    return {
        "asin": asin,
        "name": name,
        "full_description": f"About the {name}.",
        "small_description": ["First point", "Second point"],
        "pricing": "$25.00",
        "customization_options": "",
        "images": ["https://example.org/1.jpg"],
        "category": "garden",
        "query": "lamp",
        "product_category": "Home › Lighting › Lamps",
        "brand": "nobody reads this",
        **fields,
    }


def values(*names: str) -> list[dict[str, str]]:
    """A group of options."""
    return [{"value": name, "image": "x"} for name in names]


RECORDS = [
    record(
        "B0LAMP0001",
        "Brass Desk Lamp",
        customization_options={
            "Size": values("Small", " Large "),
            "Color": values("Red", "Rose/Gold", "green stripe"),
        },
    ),
    record("nan", "Skipped"),
    record(
        "B0LAMP0002",
        "Oak Floor Lamp",
        pricing="$40.00$80.00",
        full_description="",
        small_description="Only point",
        customization_options={"Finish": None, "Wattage": values("40w")},
        query=" Lamp ",
    ),
    record("B0LAMP0001", "Repeated, not shown"),
    record(
        "B0TEA00001",
        "Green Tea",
        pricing="$1,299.00",
        category="grocery",
        query="green tea",
        product_category="Food › Drinks › Tea",
        small_description=["Fresh", "", " \n", "  "],
    ),
    record("B0TEA000011", "Skipped for its long asin"),
    record(
        "B0SOFA0001",
        "Velvet Sofa",
        pricing="",
        query="sofa",
        product_category="Home › Furniture › Sofas",
        customization_options={"Color": values("Blue")},
    ),
]
NOTES = {
    "B0LAMP0001": {
        "attributes": ["easy clean", "high power"],
        "instruction": "Find me easy clean lamp",
        "instruction_attributes": ["easy clean"],
    },
    "B0LAMP0002": {"attributes": ["easy clean"]},
    "B0TEA00001": {
        "attributes": ["non gmo", "easy clean"],
        "instruction": "Find me non gmo green tea",
        "instruction_attributes": ["non gmo", "easy clean"],
    },
    "B0SOFA0001": {"instruction": None},
}
WISHES = {
    "B0LAMP0001": [
        {
            "instruction": "i want a lamp in red.",
            "instruction_attributes": ["easy clean"],
            "instruction_options": ["red"],
            "asin": "B0LAMP0001",
        },
        {
            "instruction": "not counted",
            "instruction_attributes": [],
            "instruction_options": [],
        },
    ],
    "B0TEA00001": [
        {
            "instruction": ".i want tea",
            "instruction_attributes": ["non gmo"],
            "instruction_options": [],
        }
    ],
}


def write(folder: Path, records: Any = None, notes: Any = None, wishes: Any = None):
    """Write the three files, with other contents where some are given."""
    contents = {
        "items_shuffle.json": RECORDS if records is None else records,
        "items_ins_v2.json": NOTES if notes is None else notes,
        "items_human_ins.json": WISHES if wishes is None else wishes,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def make(folder: Path | None, **kwargs: Any) -> AgentEnv:
    """Make an environment without its wrappers."""
    data = {} if folder is None else {"data": str(folder)}
    env = gymnasium.make("agentgym/WebShop-v0", **data, **kwargs).unwrapped
    assert isinstance(env, AgentEnv)
    return env


def parts(text: str) -> list[str]:
    """The segments of an observation."""
    return text.split(" [SEP] ")
