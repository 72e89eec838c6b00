"""The page of trajectories: what it is told, and what a browser makes of it."""

from __future__ import annotations

import json
import re

import pytest
from chromium import new_page
from expert_records import expert_records

from agentgym_envs.cli import main
from agentgym_wrappers import dataset
from agentgym_wrappers.trajectory import append
from agentgym_wrappers.viewer import write_page
from agentgym_wrappers.viewer.pictures import Painter
from agentgym_wrappers.viewer.told import split_reply, told

MAZE, BABYAI = "agentgym/Maze-v0", "agentgym/BabyAI-v0"
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><!--<script>{{data}}"


def data_of(path):
    found = re.search(r'id="data">(.*?)</script>', path.read_text(), re.DOTALL)
    return json.loads(found[1])


def test_the_page_is_told_each_step(tmp_path):
    records = expert_records(MAZE)
    page = tmp_path / "new" / "folder" / "x.html"
    assert write_page(page, records) == 2
    episode = data_of(page)["episodes"][0]
    meta = records[0]["meta"]
    assert [step["a"] for step in episode["steps"]] == meta["actions"]
    assert {step["t"] for step in episode["steps"]} == {"I know."}
    assert "o" not in episode["steps"][-1]  # the record ends with the reply
    assert episode["steps"][-1]["s"] == 1.0
    assert not any("r" in step or "x" in step for step in episode["steps"])


@pytest.mark.parametrize("env_id", [MAZE, BABYAI])
def test_states_are_drawn_as_the_environment_draws_them(env_id):
    record = expert_records(env_id)[0]
    painter = Painter()
    drawn = painter.drawings(record)
    assert len(drawn) == len(record["meta"]["actions"]) + 1
    assert len({tuple(rows) for rows in drawn}) > 1
    first = [painter.rows[row] for row in drawn[0]]
    assert any("#" in line for line in first)


def test_a_drawing_ends_where_the_texts_differ():
    record = json.loads(json.dumps(expert_records(MAZE)[0]))
    record["conversations"][4]["value"] = "You are on the moon."
    assert len(Painter().drawings(record)) == 1


def test_an_unknown_environment_is_not_drawn_and_named(tmp_path, capsys):
    record = json.loads(json.dumps(expert_records(MAZE)[0]))
    record["meta"]["env_id"] = "agentgym/Maze-v99"
    warnings = []
    write_page(tmp_path / "x.html", [record], warn=warnings.append)
    assert "agentgym/Maze-v99 is not drawn" in warnings[0]


def test_no_module_that_a_record_names_is_imported(tmp_path, monkeypatch):
    (tmp_path / "named_by_a_record.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    record = json.loads(json.dumps(expert_records(MAZE)[0]))
    record["meta"]["env_id"] = f"named_by_a_record:{MAZE}"
    assert Painter().drawings(record) == Painter().drawings(expert_records(MAZE)[0])


def test_a_success_may_be_told_as_true():
    record = {**expert_records(MAZE)[0], "success": True}
    assert told(record)["success"] is not True
    assert told(record)["success"] == 1


def test_published_trajectories_are_shown_too(tmp_path):
    published = dataset.to_agenttraj(expert_records(MAZE)[0])
    (tmp_path / "x.json").write_text(json.dumps([published]))
    episode = told(dataset.load(tmp_path / "x.json")[0])
    assert (episode["family"], episode["score"]) == ("Maze", None)
    assert episode["steps"][0]["t"] == "I know."


@pytest.mark.parametrize(
    ("reply", "action", "form", "parts"),
    [
        ("move up", "move up", "text", ("", "")),
        ("Thought: a\nAction: b", "b", "react", ("a", "")),
        ('{"thought": "a", "f": 1}', "b", "function_calling", ("a", None)),
        ("{", "b", "function_calling", ("", None)),
        ("# a\nmove('up')", "move up", "code_as_action", ("", None)),
        ("Action: c", "b", "react", ("", None)),
    ],
)
def test_replies_are_split_into_thought_and_rest(reply, action, form, parts):
    thought, rest = parts
    assert split_reply(reply, action, form) == (thought, reply if rest is None else "")


def test_hostile_texts_cannot_leave_the_data(tmp_path):
    record = json.loads(json.dumps(expert_records(MAZE)[0]))
    record["item_id"] = record["conversations"][2]["value"] = HOSTILE + "\ud800\u2028"
    write_page(tmp_path / "x.html", [record], title=HOSTILE, pictures=False)
    text = (tmp_path / "x.html").read_text()
    assert text.count("<script") == 2 and "<img" not in text and "<!--" not in text
    assert data_of(tmp_path / "x.html")["episodes"][0]["item"].startswith(HOSTILE)


def test_the_command_writes_the_page_beside_the_file(tmp_path, capsys):
    append(tmp_path / "trajectories.jsonl", expert_records(MAZE))
    assert main(["view", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"path": str(tmp_path / "trajectories.html"), "episodes": 2}
    assert main(["view", str(tmp_path / "none")]) == 2


# In a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    records = [*expert_records(MAZE), *expert_records(BABYAI)]
    records += expert_records("agentgym/TextCraft-v0", 30)
    hostile = json.loads(json.dumps(records[0]))
    hostile["meta"]["policy"] = hostile["item_id"] = HOSTILE
    hostile["conversations"][2]["value"] = hostile["meta"]["actions"][0] = HOSTILE
    hostile["success"] = 0
    write_page(path, [*records, hostile])
    return path.as_uri()


def open_page(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes]")


def test_a_person_opens_filters_and_steps(address):
    with new_page() as page:
        open_page(page, address)
        assert "35 of 35 episodes" in page.inner_text("#count")
        page.fill("#search", "CRAFTING commands")
        assert page.inner_text("#count").startswith("30 of 35 episodes · 100 % solved")
        page.fill("#search", "")
        page.select_option("#family", "BabyAI")
        assert page.locator(".row").count() == 2
        page.locator(".row").first.click()
        assert page.inner_text("h2") == expert_records(BABYAI)[0]["item_id"]
        page.keyboard.press("ArrowRight")
        assert page.inner_text(".where").startswith("1 / ")
        assert page.locator(".turn.now h3").inner_text().startswith("Step 1")
        assert page.faults == []


def test_pictures_follow_the_steps(address):
    drawn = "() => document.querySelector('canvas').toDataURL()"
    with new_page() as page:
        open_page(page, address)
        before = page.evaluate(drawn)
        page.keyboard.press("ArrowRight")
        after = page.evaluate(drawn)
        page.keyboard.press("ArrowLeft")
        assert before != after and page.evaluate(drawn) == before


def test_two_episodes_stand_side_by_side_and_have_an_address(address):
    with new_page() as page:
        open_page(page, address + "#1.2")
        page.keyboard.press("c")
        assert page.locator(".pane").count() == 2
        page.keyboard.press("j")
        left, right = page.locator("h2").all_inner_texts()
        assert left != right
        kept = page.url
        page.goto("about:blank")
        open_page(page, kept)
        assert page.locator("h2").all_inner_texts() == [left, right]
        assert page.inner_text(".where").startswith("2 / ")
        page.keyboard.press("c")
        assert page.locator(".pane").count() == 1


def test_markup_in_texts_is_shown_and_not_run(address):
    with new_page() as page:
        open_page(page, address)
        page.select_option("#outcome", "not solved")
        page.locator(".row").first.click()
        assert page.inner_text("h2") == HOSTILE
        assert HOSTILE in page.inner_text(".turn >> nth=0")
        assert HOSTILE in page.inner_text(".turn .action >> nth=0")
        assert page.locator("img").count() == 0
        assert page.title() == "Trajectories"
        assert page.faults == []


def test_the_policy_of_the_page_runs_no_foreign_script(address):
    inject = """() => {
        const script = document.createElement('script');
        script.textContent = "document.title = 'owned'";
        document.body.append(script);
    }"""
    with new_page() as page:
        open_page(page, address)
        page.evaluate(inject)
        assert page.title() == "Trajectories"
        assert any("Content Security Policy" in fault for fault in page.faults)
