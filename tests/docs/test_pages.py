"""The generated pages say what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
sys.path.insert(0, str(DOCS))

import build_pages  # noqa: E402  # found by the line above


def test_pages_are_current() -> None:
    check = [sys.executable, str(DOCS / "build_pages.py"), "--check"]
    run = subprocess.run(check, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_changed_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed, left_over = tmp_path / "maze.md", tmp_path / "gone.md"
    changed.write_text("old", encoding="utf-8")
    left_over.write_text("old", encoding="utf-8")
    monkeypatch.setattr(build_pages, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(build_pages, "build", lambda: {changed: "new"})
    monkeypatch.setattr(sys, "argv", ["build_pages.py", "--check"])
    assert build_pages.main() == 1
    told = capsys.readouterr().out
    assert "maze.md" in told
    assert "gone.md" in told
    assert changed.read_text(encoding="utf-8") == "old"


def test_a_docstring_splits_into_its_sections() -> None:
    first, told = build_pages.sections("Walk.\n\nFar.\n\n## Actions\ngo\n\n## Data\nx")
    assert first == "Walk.\n\nFar."
    assert told == {"Actions": "go", "Data": "x"}


def test_a_text_with_fences_of_its_own_stays_one_block() -> None:
    assert build_pages.fenced("```\n1\n```") == "````text\n```\n1\n```\n````"
