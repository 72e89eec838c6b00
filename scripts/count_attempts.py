"""Count the attempts that each listed item of the tool environments takes.

    python scripts/count_attempts.py

An item is the first draw of its template that makes a good goal. Where a goal is rare,
as days with rain and snow are, it takes hundreds of draws. Their numbers are written
to a file that comes with the package, so that a reset needs one draw. To be run when
a template changes; ``tests/tools/test_generated_items.py`` tells.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import agentgym_envs
from agentgym_envs.tools.generate import search
from agentgym_envs.tools.items import TEST, TRAIN

FAMILIES = {
    "Weather": "weather",
    "Movie": "movie",
    "Academia": "academia",
    "Sheet": "sheet",
    "TODOList": "todolist",
}
FILE = Path(agentgym_envs.__file__).parent / "tools" / "data" / "attempts.json"


def main() -> None:
    """Count, and write the file."""
    found: dict[str, dict[str, list[int]]] = {}
    for family, package in FAMILIES.items():
        templates = import_module(f"agentgym_envs.{package}.tasks").TEMPLATES
        found[family] = {
            split: [search(family, templates, split, n)[0] for n in range(count)]
            for split, count in (("train", TRAIN), ("test", TEST))
        }
    lines = [
        f' "{family}": {json.dumps(splits, separators=(",", ":"))}'
        for family, splits in found.items()
    ]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
