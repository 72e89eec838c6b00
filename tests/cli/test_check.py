from __future__ import annotations

import json

from agentgym_envs.cli import main
from agentgym_envs.commands import check
from agentgym_envs.testing import check_infos, check_spaces, check_texts


def few_checks(monkeypatch, *more):
    monkeypatch.setattr(check, "CHECKS", (check_spaces, check_texts, *more))


def test_environments_in_order_are_shown_and_give_status_0(monkeypatch, capsys):
    few_checks(monkeypatch, check_infos)

    assert main(["check", "Maze", "Wordle"]) == 0

    text = capsys.readouterr().out
    assert text.count("all in order") == 2
    assert "agentgym/Wordle-v0" in text


def test_a_broken_promise_is_named_and_gives_status_1(monkeypatch, capsys):
    few_checks(monkeypatch, check_infos, break_promise)

    assert main(["check", "Maze", "--json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert result["passed"] == ["spaces", "texts", "infos"]
    assert list(result["failed"]) == ["break_promise"]
    assert "RuntimeError: broken" in result["failed"]["break_promise"]


def test_the_table_says_which_check_failed_and_why(monkeypatch, capsys):
    few_checks(monkeypatch, break_promise)

    assert main(["check", "Maze"]) == 1

    text = capsys.readouterr().out
    assert "break_promise" in text
    assert "RuntimeError: broken" in text


def break_promise(subject):
    raise RuntimeError("broken")
