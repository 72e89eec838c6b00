"""``agentgym serve``: it says when it is ready, and stops when it is told to."""

from __future__ import annotations

import json
import signal
import urllib.request

import pytest

from agentgym_envs.cli import main


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_and_stops_at_a_signal(serve, number):
    server = serve("--workers", "1")
    with urllib.request.urlopen(f"{server.address}/healthz", timeout=10) as reply:
        assert json.load(reply)["status"] == "ok"
    server.process.send_signal(number)
    assert server.process.wait(15) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "0.0.0.0"], "give a --token"),
        (["--token", "short"], "at least 16"),
        (["--data", "WebShop"], "FAMILY=PATH"),
        (["--data", "Chess=/tmp"], "no family 'Chess'"),
        (["--family", "Chess"], "no family 'Chess'"),
        (["--timeout", "3"], "needs workers"),
        (["--offer", "nowhere:x/Y-v0"], "can't be offered"),
        (["--max-envs", "0"], "above 0"),
        (["--port", "70000"], "from 0 to 65535"),
    ],
)
def test_what_makes_no_sense_or_is_not_safe_is_refused(words, told, capsys):
    assert main(["serve", "--port", "0", *words]) == 2
    assert told in capsys.readouterr().err
