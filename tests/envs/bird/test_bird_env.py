"""The environment: episodes, keywords, infos, snapshots."""

from __future__ import annotations

import copy
import pickle
import random
import sqlite3
import sys
import threading
import time

import gymnasium
import pytest
from bird_library import OSLO, write_library
from hypothesis import given, settings
from hypothesis import strategies as st

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.bird.engine import gold_rows
from agentgym_envs.bird.env import extract
from agentgym_envs.errors import (
    AgentGymError,
    BadOption,
    NoExpertAction,
    ResetNeeded,
    SnapshotError,
)
from agentgym_envs.snapshot import pack, unpack

ID = "agentgym/BIRD-v0"
FIXED = (
    "library_loans contains tables such as Member, Book, BookLoan. Table Member has "
    "columns such as member id, full name, city, joined. member id is the primary key. "
    "Table Book has columns such as book id, title, pages, price. book id is the "
    "primary key. Table BookLoan has columns such as member id, book id, due_date, "
    "fine. member id, book id together are the primary key. The member id of BookLoan "
    "is the foreign key of member id of Member. The book id of BookLoan is the foreign "
    "key of book id of Book."
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return write_library(tmp_path_factory.mktemp("bird"))


@pytest.fixture
def env(library):
    env = gymnasium.make(ID, data=library)
    env.reset(options={"item": 0})
    yield env
    env.close()


def test_the_prompt_names_all_keys_and_tells_the_evidence(env):
    text, _ = env.reset(options={"item": 0})
    assert text == (
        f"{FIXED}\n\nEvidence: live in refers to city\n\nHow many members live in Oslo?"
    )


def test_an_item_without_evidence_tells_none(env):
    text, info = env.reset(options={"item": 1})
    assert text == f"{FIXED}\n\nWhich cities are there?" and info["evidence"] == ""


def test_the_prompt_may_be_the_statements_that_made_the_tables(library):
    env = gymnasium.make(ID, data=library, prompt="ddl", evidence=False)
    text, _ = env.reset(options={"item": 0})
    assert text.startswith(
        'CREATE TABLE Member (\n    "member id" INTEGER PRIMARY KEY,'
    )
    assert text.count("CREATE TABLE") == 3
    assert text.endswith(");\n\nHow many members live in Oslo?")


def test_prompt_and_evidence_are_chosen_apart_from_parity(library):
    env = gymnasium.make(ID, data=library, parity=True, prompt="fixed", evidence=True)
    assert env.reset(options={"item": 0})[0].startswith(f"{FIXED}\n\nEvidence: ")


def test_a_right_statement_ends_the_episode_with_success(env):
    text, reward, terminated, truncated, info = env.step(OSLO)
    assert (text, reward, terminated, truncated) == ("[(8,)]", 1.0, True, False)
    assert info["success"] and info["score"] == 1.0 and info["end_reason"] == "success"
    assert info["ground_truth"] == OSLO and not info["invalid_action"]
    with pytest.raises(ResetNeeded):
        env.step(OSLO)


def test_a_wrong_statement_ends_the_episode_too(env):
    text, reward, terminated, _, info = env.step("SELECT 9")
    assert (text, reward, terminated) == ("[(9,)]", 0.0, True)
    assert info["end_reason"] == "failure" and info["execution_error"] == ""


def test_an_error_is_told_and_counts_as_invalid(env):
    text, _, terminated, _, info = env.step("SELECT oslo")
    assert text == info["execution_error"] == "no such column: oslo"
    assert terminated and info["invalid_action"] and not info["timed_out"]


def test_the_gold_statement_is_not_told_before_the_end(library):
    env = gymnasium.make(ID, data=library, max_turns=3)
    _, info = env.reset(options={"item": 0})
    assert "ground_truth" not in info
    *_, info = env.step("SELECT 1")
    assert "ground_truth" not in info
    *_, info = env.step(OSLO)
    assert info["ground_truth"] == OSLO


def test_several_turns_go_on_until_the_result_is_right(library):
    env = gymnasium.make(ID, data=library, max_turns=3)
    env.reset(options={"item": 0})
    assert env.step("SELECT DISTINCT city FROM Member")[1:3] == (0.0, False)
    assert env.step(OSLO)[1:3] == (1.0, True)


def test_the_last_turn_is_judged_and_ends_it(library):
    env = gymnasium.make(ID, data=library, max_turns=2)
    assert "up to 2 attempts" in env.unwrapped.instructions
    env.reset(options={"item": 0})
    env.step("SELECT 1")
    _, reward, terminated, truncated, info = env.step("SELECT 2")
    assert (reward, terminated, truncated) == (0.0, True, False)
    assert info["end_reason"] == "failure"


def test_a_horizon_gives_turns_as_well(library):
    env = gymnasium.make(ID, data=library, max_episode_steps=2)
    env.reset(options={"item": 0})
    assert not env.step("SELECT 1")[2]
    assert env.step(OSLO)[1] == 1.0


@pytest.mark.parametrize(
    ("reply", "sql"),
    [
        ("SELECT 1", "SELECT 1"),
        ("  SELECT 1\n", "SELECT 1"),
        ("I count.\nAction:\n```sql\nSELECT 1\n```\nDone.", "SELECT 1"),
        ("```sql\nSELECT 0\n```\nNo:\n```sql\nSELECT 1\n```", "SELECT 1"),
        ("```sql SELECT 1", "SELECT 1"),
        ("SELECT 1 ``` and so on", "SELECT 1"),
        ("", ""),
        ("```sql```", ""),
    ],
)
def test_the_last_block_of_a_reply_is_the_statement(reply, sql):
    assert extract(reply) == sql


def test_a_reply_with_a_block_is_worth_what_the_statement_is(env):
    assert env.step(f"Let me count.\n```sql\n{OSLO};\n```")[1] == 1.0


def test_an_item_whose_gold_statement_fails_is_marked(env):
    env.reset(options={"item": 3})
    with pytest.raises(NoExpertAction, match="no such column: nobody"):
        env.unwrapped.expert_action()
    *_, info = env.step("SELECT 1")
    assert info["gold_error"] == "no such column: nobody"


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_turns": 0},
        {"max_turns": True},
        {"budget": -1},
        {"budget": "much"},
        {"prompt": "long"},
        {"evidence": "yes"},
        {"extract_sql": 1},
    ],
)
def test_wrong_keywords_raise(wrong):
    with pytest.raises(BadOption, match=next(iter(wrong))):
        gymnasium.make(ID, **wrong)


def test_a_small_budget_interrupts_what_a_large_one_allows(library):
    sql = "SELECT COUNT(*) FROM Book a, Book b, Book c, Member d"
    for budget, is_timed_out in ((50_000, True), (5_000_000, False)):
        env = gymnasium.make(ID, data=library, budget=budget)
        env.reset(options={"item": 0})
        assert env.step(sql)[4]["timed_out"] is is_timed_out


def test_snapshots_carry_temporary_tables(library):
    env = gymnasium.make(ID, data=library, max_turns=9)
    env.reset(options={"item": 0})
    env.step("CREATE TEMP TABLE t (x)")
    env.step("INSERT INTO t VALUES (3), (random())")
    before = env.step("SELECT * FROM t")[0]
    kept = env.unwrapped.snapshot()
    env.step("DELETE FROM t")
    assert env.step("SELECT * FROM t")[0] == "[]"
    other = gymnasium.make(ID, data=library, max_turns=9)
    for again in (env, other):
        again.unwrapped.restore(kept)
        assert again.step("SELECT * FROM t")[0] == before


def test_copies_carry_temporary_tables(library):
    env = gymnasium.make(ID, data=library, max_turns=9)
    env.reset(options={"item": 0})
    env.step("CREATE TEMP TABLE t AS SELECT 3")
    for again in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        assert again.step("SELECT * FROM t")[0] == "[(3,)]"
    assert env.step("SELECT * FROM t")[0] == "[(3,)]"


def test_snapshots_with_an_impossible_journal_are_refused(env):
    content = unpack(env.unwrapped.snapshot())
    for state in ([-1, []], [1, ["x" * 5000]], [1, ["BEGIN"] * 65], [0, [1]]):
        with pytest.raises(SnapshotError):
            env.unwrapped.restore(pack([*content[:-1], state]))
    assert env.step(OSLO)[1] == 1.0


def test_a_gold_statement_is_run_once(env):
    gold_rows.cache_clear()
    for _ in range(3):
        env.reset(options={"item": 0})
        env.step("SELECT 1")
    assert gold_rows.cache_info()[:2] == (2, 1)  # found twice, run once


def test_an_old_sqlite_is_refused(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(AgentGymError, match=r"needs SQLite 3\.37"):
        gymnasium.make(ID)


def test_the_drawing_shows_question_and_result(library):
    env = gymnasium.make(ID, data=library, render_mode="ansi")
    env.reset(options={"item": 0})
    assert "How many members live in Oslo?" in env.render()
    env.step(OSLO)
    assert env.render().endswith("[(8,)]")


STATEMENTS = (
    "SELECT 1",
    "SELECT nope",
    "BEGIN",
    "COMMIT",
    "CREATE TEMP TABLE t (x)",
    "INSERT INTO t VALUES (random())",
    "SELECT * FROM t",
    "SELECT name FROM sqlite_temp_master",
    "DROP TABLE t",
    "DELETE FROM hotel",
    "SELECT random(), date('now')",
)


def play(env, seed, draw, steps=6):
    said = [env.reset(seed=seed)]
    for _ in range(steps):
        said.append(env.step(draw.choice(STATEMENTS)))
        yield said


@pytest.mark.parametrize("parity", [False, True])
def test_64_interleaved_episodes_equal_64_serial_ones(parity):
    def make():
        return gymnasium.make(ID, parity=parity, max_episode_steps=9, split="test")

    alone = [list(play(make(), i, random.Random(i)))[-1] for i in range(64)]
    games = [play(make(), i, random.Random(i)) for i in range(64)]
    for _ in range(6):
        together = [next(game) for game in games]
    assert together == alone


FRAGMENTS = (
    "SELECT FROM WHERE hotel room stay AS T1 JOIN ON , ( ) * ; -- /* '' \"\" ' \" ` [ "
    "1 -1 1e999 NULL x'ff' COUNT(*) MAX( GROUP BY ORDER LIMIT UNION ALL EXCEPT WITH "
    "RECURSIVE c(x) CASE WHEN END LIKE '%a%' GLOB IN EXISTS CAST( TEXT) date('now') "
    "random() printf('%s',1) || zeroblob(99) json('[1]') INSERT INTO VALUES UPDATE SET "
    "DELETE CREATE TEMP TABLE t TRIGGER VIEW DROP PRAGMA ATTACH VACUUM BEGIN COMMIT "
    "SAVEPOINT s RELEASE EXPLAIN QUERY PLAN sqlite_master ```sql ``` \x00 ü \ud800 "
    "OVER (PARTITION WINDOW RETURNING ? :x $1 name city".split(" ")
)
REPLIES = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(" ".join) | st.text(
    max_size=60
)


@settings(max_examples=150, deadline=None)
@given(replies=st.lists(REPLIES, min_size=1, max_size=5), parity=st.booleans())
def test_any_text_is_answered_and_always_in_the_same_way(replies, parity):
    said = []
    for _ in range(2):
        env = gymnasium.make(ID, split="test", parity=parity, max_episode_steps=-1)
        env.reset(options={"item": 9428})
        said.append([env.step(r) for r in replies if not env.unwrapped.is_over])
        assert all(text in env.observation_space for text, *_ in said[-1])
        assert env.reset(options={"item": 9428}) == env.reset(options={"item": 9428})
    assert said[0] == said[1]


@pytest.mark.slow
def test_snapshots_and_steps_are_quick():
    env = gymnasium.make(ID)
    env.reset(seed=0)
    agent = env.unwrapped

    def microseconds(action, count=300):
        taken = []
        for _ in range(count):
            begun = time.perf_counter()
            action()
            taken.append(time.perf_counter() - begun)
        return sorted(taken)[count // 2] * 1e6

    kept = agent.snapshot()

    def step():
        agent.restore(kept)
        env.step("SELECT 1")

    assert microseconds(lambda: agent.restore(agent.snapshot())) < 100
    assert microseconds(step) < 200


def test_an_episode_may_wander_between_threads(library):
    env = gymnasium.make(ID, data=library, max_turns=99)
    env.reset(options={"item": 0})
    steps = ["SELECT 1", "CREATE TEMP TABLE t AS SELECT 3", "SELECT * FROM t", OSLO]
    said = []
    for sql in steps:
        thread = threading.Thread(target=lambda sql=sql: said.append(env.step(sql)[0]))
        thread.start()
        thread.join()
    assert said == ["[(1,)]", "[]", "[(3,)]", "[(8,)]"]


@pytest.mark.slow
def test_100_000_statements_touch_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    env = gymnasium.make(ID, split="test", max_episode_steps=5)
    env.reset(seed=0)
    draw = random.Random(0)
    forbidden = ("open", "socket.", "subprocess.", "os.", "import", "exec", "compile")
    seen, is_watched = [], True
    sys.addaudithook(
        lambda event, _: (
            seen.append(event) if is_watched and event.startswith(forbidden) else None
        )
    )
    for _ in range(100_000):
        if env.unwrapped.is_over:
            env.reset(options={"item": 9428 + draw.randrange(330)})
        count = draw.randrange(12)
        reply = " ".join(draw.choice(FRAGMENTS) for _ in range(count))
        text, *_ = env.step(
            draw.choice(["", "SELECT ", "WITH c AS (SELECT 1) "]) + reply
        )
        assert text in env.observation_space
    is_watched = False
    assert not seen and not list(tmp_path.iterdir())
