"""Every Python block of the docs and the README runs, and prints what they show."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from code_blocks import has_python, refreshed  # noqa: E402  # found by the line above

FILES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [
    path
    for path in FILES
    if path.exists() and has_python(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_blocks_run_and_print_what_the_page_shows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert refreshed(text, str(path)) == text, "python docs/build_pages.py mends it"


def test_a_text_block_right_after_python_is_its_output() -> None:
    page = "```python\nprint(1)\n```\n\n```text\none\n```\n"
    assert refreshed(page) == page.replace("one", "1")


def test_a_text_block_after_a_sentence_is_left_alone() -> None:
    page = "```python\nprint(1)\n```\nFor example:\n```text\none\n```\n"
    assert refreshed(page) == page


def test_a_block_that_fails_names_its_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        refreshed("A page.\n\n```python\n1 / 0\n```\n", "broken.md")
    last = caught.traceback[-1]
    assert (str(last.path), last.lineno) == (str(Path("broken.md").resolve()), 3) or (
        last.lineno == 3
    )
