"""Judges behind an OpenAI-compatible endpoint."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from agentgym_envs.webarena.original.judge import (
    JudgeFailed,
    OpenAIJudge,
    read_sameness,
    read_verdict,
)

pytest.importorskip("openai")


@contextmanager
def served(*replies):
    """Serve these replies in a row; an integer is a status."""
    left, asked = list(replies), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            asked.append(json.loads(self.rfile.read(length)))
            reply = left.pop(0)
            status = reply if isinstance(reply, int) else 200
            message = {"role": "assistant", "content": reply}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            completion = {"id": "1", "object": "chat.completion", "created": 0}
            completion |= {"model": "m", "choices": [choice]}
            body = json.dumps(completion if status == 200 else {}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_judge_shows_question_reference_and_answer_as_data():
    with served("It fits.\ncorrect") as (url, asked):
        assert OpenAIJudge("m", base_url=url)("Q?", "the reference", "an answer")
    assert asked[0]["temperature"] == 0 and asked[0]["model"] == "m"
    shown = json.loads(asked[0]["messages"][1]["content"])
    assert shown == {
        "question": "Q?",
        "reference": "the reference",
        "answer": "an answer",
    }


def test_only_the_last_line_of_a_verdict_counts():
    with served("One might say correct.\nincorrect") as (url, _):
        assert not OpenAIJudge("m", base_url=url)("Q?", "a", "b")


def test_a_reason_is_judged_by_other_rules():
    with served("same", "different") as (url, asked):
        judge = OpenAIJudge("m", base_url=url)
        assert judge.reason("Do it", "no such thing", "it is not there")
        assert not judge.reason("Do it", "no such thing", "I am tired")
    assert json.loads(asked[0]["messages"][1]["content"])["actual_reason"]


def test_a_reply_without_a_verdict_is_asked_for_again():
    with served("Hm.", "", "correct") as (url, asked):
        assert OpenAIJudge("m", base_url=url, retries=2)("Q?", "a", "b")
    assert len(asked) == 3


def test_no_verdict_at_all_is_told():
    with served("Hm.") as (url, _), pytest.raises(JudgeFailed, match=r"'Hm\.'"):
        OpenAIJudge("m", base_url=url, retries=0)("Q?", "a", "b")


def test_an_endpoint_that_refuses_is_told():
    with served(400) as (url, _), pytest.raises(JudgeFailed, match="can't be asked"):
        OpenAIJudge("m", base_url=url, retries=0)("Q?", "a", "b")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("CORRECT.", True),
        ("partially correct", False),
        ("incorrect", False),
        ("correct, not incorrect", False),
    ],
)
def test_verdicts_are_read_as_in_the_original(text, right):
    assert read_verdict(text) is right


def test_different_wins_over_same():
    assert read_sameness("The same.")
    assert not read_sameness("not the same but different")
    with pytest.raises(JudgeFailed):
        read_sameness("yes")
