"""Calls near the syntax are answered, and nothing outside the process is touched."""

from __future__ import annotations

import random
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.sheet.env import SheetEnv
from agentgym_envs.todolist.env import TODOListEnv

FAMILIES = [SheetEnv, TODOListEnv]
FEW, MANY = 1_000, 100_000  # calls per family and mode
FORBIDDEN = (
    *("open", "socket.", "subprocess.", "os.", "shutil.", "urllib.", "sqlite3."),
    *("tempfile.", "ctypes.", "exec", "time.sleep"),
)
CLOCKS = ("time", "monotonic", "perf_counter", "time_ns", "localtime", "gmtime")

# An audit hook stays for ever, so this one listens only while it is told to, and to one
# thread: others may run servers of other tests.
_listening_to = 0
_heard = []


def _hook(event, arguments):
    if threading.get_ident() == _listening_to and event.startswith(FORBIDDEN):
        _heard.append((event, arguments))


sys.addaudithook(_hook)


@pytest.fixture
def sealed(monkeypatch):
    """Nothing may open a file or a connection, or ask for the time."""

    def watched(clock):
        def tell(*arguments):
            if threading.get_ident() == _listening_to:
                _heard.append(("clock", ()))
            return clock(*arguments)

        return tell

    def run(play):
        global _listening_to
        with monkeypatch.context() as patch:
            for name in CLOCKS:
                patch.setattr(time, name, watched(getattr(time, name)))
            _listening_to = threading.get_ident()
            try:
                play()
            finally:
                _listening_to = 0
        heard, _heard[:] = _heard[:], []
        assert heard == []

    return run


def test_the_seal_notices_files_and_clocks(sealed, tmp_path):
    with pytest.raises(AssertionError):
        sealed(lambda: (tmp_path / "x").write_text("x"))
    with pytest.raises(AssertionError):
        sealed(lambda: time.time())


ATOMS = (
    *("None", "True", "1", "0", "-1", "2", "3.5", "1e308*10", "10**30", "'A1'", "'B2'"),
    *("'a1'", "'Z9'", "'AA1'", "'A0'", "'Z99999'", "'row'", "'col'", "'rows'", "'des'"),
    *("'asc'", "'SUM'", "'MINUS'", "''", "'='", "'=A1'", "'=SUM(A1:C3)'", "'=1/0'"),
    *("'=B2+C2*2'", "'=IF(B2>1,\"x\",A1)'", "'=A1&B1'", "'12%'", "'1,200'", "'TRUE'"),
    *("'x'*50", "'7000000001'", "'2300000001'", "'2020-01-31'", "'2020-02-31'"),
    *(
        "'.*'",
        "'('",
        "'(a+)+$'",
        "'[0-9]'",
        "re.compile('^S')",
        "re.compile('(x|y)*z')",
    ),
    *("[]", "{}", "()", "{'a': 1}", "{3, 'b'}", "math.pi", "null", "true", "nan"),
    *("'Stock'", "'Scores'", "'Tasks'", "'Orders'", "'Attendance'", "'finish'"),
    *("'\\x00'", "'\\n'", "'\\ud800'", "'\\U0001f600'", "float('nan')", "1/3"),
)
WORDS = (
    *("Action:", " with Action Input: ", "Thought: ", "\n", "{", "}", "[", "]", "'"),
    *(":", ",", "finish", "Finish", "open_sheet", "get_tasks", "None", "1", "x", " "),
)


def value(draw, depth=0):
    kind = draw.random()
    if kind < 0.7 or depth > 2:
        return draw.choice(ATOMS)
    if kind < 0.9:
        inner = ", ".join(value(draw, depth + 1) for _ in range(draw.randrange(4)))
        return f"[{inner}]"
    left, right = value(draw, depth + 1), value(draw, depth + 1)
    return f"{left} {draw.choice('+-*/%')} {right}"


def call(draw, env):
    kind = draw.random()
    if kind < 0.1 and not env.is_over:
        try:
            return env.expert_action()
        except NoExpertAction:
            pass
    if kind < 0.2:
        return "".join(draw.choices(WORDS, k=draw.randrange(12)))
    entry = draw.choice(env.action_schema)
    names = list(entry["parameters"]["properties"])
    if draw.random() < 0.1:
        draw.shuffle(names)
        names = names[1:]
    inside = ", ".join(f"{name!r}: {value(draw)}" for name in names)
    text = f"Action: {entry['name']} with Action Input: {{{inside}}}"
    if draw.random() < 0.1:
        at = draw.randrange(len(text))
        text = text[:at] + draw.choice(WORDS) + text[at + draw.randrange(3) :]
    return text


def play(env, draw, calls):
    env.reset(options={"item": draw.randrange(2200)})
    for count in range(calls):
        if env.is_over or count % 40 == 39:
            env.reset(options={"item": draw.randrange(2200)})
        text, _, _, _, info = env.step(call(draw, env))
        assert text in env.observation_space
        assert 0.0 <= info["score"] <= 1.0
        if count % 100 == 0:
            env.restore(env.snapshot())


@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
@pytest.mark.parametrize("family", FAMILIES)
def test_fuzzed_calls_are_answered_inside_the_process(family, parity, sealed):
    env = family(parity=parity, horizon=10**6)
    play(env, random.Random(0), 30)  # loads what is loaded once
    sealed(lambda: play(env, random.Random(1), FEW))


@pytest.mark.slow
@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
@pytest.mark.parametrize("family", FAMILIES)
def test_100_000_fuzzed_calls_are_answered_inside_the_process(family, parity, sealed):
    env = family(parity=parity, horizon=10**6)
    play(env, random.Random(0), 30)
    sealed(lambda: play(env, random.Random(2), MANY))


@pytest.mark.parametrize("parity", [False, True], ids=["default", "parity"])
@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=40)
@given(draw=st.randoms(use_true_random=False), item=st.integers(0, 2199))
def test_a_snapshot_replays_whatever_was_called(family, parity, draw, item):
    env, other = (family(parity=parity, horizon=100) for _ in range(2))
    env.reset(options={"item": item})
    for _ in range(3):
        if not env.is_over:
            env.step(call(draw, env))
    if env.is_over:
        return
    other.restore(env.snapshot())
    action = call(draw, env)
    assert env.step(action) == other.step(action)
    assert env.snapshot() == other.snapshot()
