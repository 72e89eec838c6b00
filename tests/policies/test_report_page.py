"""The HTML report: what it is told, and what a browser makes of it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "wrappers"))
from chromium import new_page

from agentgym_envs.cli import main
from agentgym_policies.evaluate import Settings
from agentgym_policies.record import Record
from agentgym_policies.report import summarise
from agentgym_policies.report_page import told_of, write_report_page

MAZE = "agentgym/Maze-v0"
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><!--<script>{{data}}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("run")
    words = ["eval", "--env", "Maze,TextCraft", "--policy", "random", "--items", "8"]
    assert main([*words, "--episodes", "2", "--out", str(path)]) == 0
    return path


def test_the_page_is_told_every_number_of_the_report(folder):
    found = re.search(r'id="data">(.*?)</script>', (folder / "report.html").read_text())
    told = json.loads(found[1])
    report = json.loads((folder / "report.json").read_text())

    assert told["total"] == report["total"]
    assert len(told["episodes"]) == 32
    assert [row["rate"] for row in told["charts"]["families"]] == [
        row["success_rate"] for row in [*report["tasks"], report["total"]]
    ]


def test_crashes_have_no_score_and_no_link():
    settings = Settings(policy="x", env_ids=(MAZE,))
    crash = Record(env_id=MAZE, item_id="m", episode=0, seed=5, end_reason="crash")

    (told,) = told_of(summarise(settings, [crash]), {5: 0})["episodes"]

    assert not {"score", "success", "return", "place"} & told.keys()


def hostile_page(path):
    settings = Settings(policy=HOSTILE, env_ids=(MAZE,))
    crash = Record(
        env_id=MAZE,
        item_id=HOSTILE,
        episode=0,
        seed=5,
        end_reason="crash",
        error=HOSTILE,
    )
    write_report_page(path, summarise(settings, [crash]), {})


def test_hostile_texts_cannot_leave_the_data(tmp_path):
    hostile_page(tmp_path / "x.html")
    text = (tmp_path / "x.html").read_text()

    assert text.count("<script") == 2 and "<img" not in text and "<!--" not in text


# In a browser


def open_page(page, path):
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready=yes]")


def test_tables_are_sorted_by_their_headings(folder):
    with new_page() as page:
        open_page(page, folder / "report.html")
        heading = page.locator("#list th button", has_text="steps")
        place = page.locator("#list th").all_inner_texts().index("steps")
        rows = "[...document.querySelectorAll('#list tbody tr')]"
        read = f"{rows}.map((row) => Number(row.cells[{place}].textContent))"
        heading.click()
        down = page.evaluate(read)
        heading.click()
        up = page.evaluate(read)
        assert down == sorted(down, reverse=True) and up == sorted(up)
        assert len(set(up)) > 1
        page.locator("#table-families th button", has_text="success").click()
        assert page.locator("#table-families tr").last.inner_text().startswith("total")
        assert page.faults == []


def test_charts_are_drawn_for_every_family(folder):
    with new_page() as page:
        open_page(page, folder / "report.html")
        titles = page.locator(".chart h3").all_inner_texts()
        assert {"Success, with 95 % intervals", "How episodes ended"} <= set(titles)
        assert "pass@k over all items" in titles
        total = json.loads((folder / "report.json").read_text())["total"]
        legend = page.inner_text(".legend")
        assert all(f"{end} {n}" in legend for end, n in total["end_reasons"].items())
        assert page.locator(".chart").first.locator(".bar").count() == 3
        assert page.locator(".chart").first.locator(".whisker").count() == 3


def test_an_episode_leads_to_its_trajectory(folder):
    with new_page() as page:
        open_page(page, folder / "report.html")
        page.fill("#search", "textcraft")
        assert page.inner_text("#count") == "16 of 32 episodes"
        link = page.locator("#list a").nth(3)
        item = link.inner_text()
        link.click()
        page.wait_for_selector("html[data-ready=yes] .pane h2")
        assert page.inner_text(".pane h2") == item
        assert page.faults == []


def test_markup_is_shown_and_not_run(tmp_path):
    hostile_page(tmp_path / "x.html")
    with new_page() as page:
        open_page(page, tmp_path / "x.html")
        assert HOSTILE in page.inner_text("#list")
        assert page.locator("img").count() == 0
        assert page.title() == f"Evaluation of {HOSTILE}"
        assert page.faults == []
