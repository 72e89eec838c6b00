"""`agentgym data webarena`: what the tasks of a file need."""

from __future__ import annotations

import json

from command_line import agentgym

TASK = {
    "sites": ["shopping"],
    "task_id": 3,
    "require_login": True,
    "storage_state": "./.auth/shopping_state.json",
    "start_url": "__SHOPPING__",
    "intent": "Say why.",
    "intent_template_id": 1,
    "eval": {
        "eval_types": ["string_match"],
        "reference_answers": {"fuzzy_match": "N/A"},
        "string_note": "there is none",
    },
}


def test_a_file_is_reported_on_task_by_task(tmp_path):
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([TASK]))
    done = agentgym("data", "webarena", file, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["tasks"][0]["login"] == ["shopping"]
    assert told["tasks"][0]["judge"] == "reason"
    assert told["totals"]["evaluators"] == [["string_match", 1]]


def test_the_table_says_how_many_were_loaded(tmp_path):
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([TASK]))
    done = agentgym("data", "webarena", file)
    assert "1 tasks were loaded" in done.stdout


def test_a_damaged_file_is_a_mistake_in_the_call(tmp_path):
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([{**TASK, "intent": 5}]))
    done = agentgym("data", "webarena", file)
    assert done.returncode == 2
    assert "task 0: the field 'intent'" in done.stderr
