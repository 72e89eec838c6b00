"""The embedded databases and their questions."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from hashlib import sha256

import gymnasium
import pytest

import agentgym_envs
from agentgym_envs.bird import TEST_ITEMS, TRAIN_ITEMS, embedded
from agentgym_envs.bird.domains.catalogue import TEST, TRAIN
from agentgym_envs.bird.domains.making import build, make_rows
from agentgym_envs.bird.domains.model import literal, quoted
from agentgym_envs.bird.engine import GOLD_FACTOR, gold_rows
from agentgym_envs.bird.env import BUDGET

ID = "agentgym/BIRD-v0"
DOMAINS = TRAIN + TEST


@pytest.fixture(scope="module")
def questions():
    numbers = [("train", i) for i in range(TRAIN_ITEMS)]
    numbers += [("dev", i) for i in range(TEST_ITEMS)]
    return {place: embedded.question(*place) for place in numbers}


@pytest.fixture(scope="module")
def databases():
    return {domain.name: build(domain, make_rows(domain)) for domain in DOMAINS}


def test_there_are_enough_databases_of_realistic_shape():
    assert len({domain.name for domain in DOMAINS}) == len(DOMAINS) >= 12
    for domain in DOMAINS:
        assert 3 <= len(domain.tables) <= 12
        assert any(len(table.key) > 1 for table in domain.tables)
        assert any(table.of_kind("day") for table in domain.tables)
        assert any(c.missing for table in domain.tables for c in table.columns)
        assert not str(make_rows(domain)).isascii()


def test_the_databases_are_sound(databases):
    for domain in DOMAINS:
        connection = databases[domain.name]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in domain.tables:
            (count,) = connection.execute(
                f"SELECT COUNT(*) FROM {table.sql}"
            ).fetchone()
            assert count >= 0.9 * table.rows, (domain.name, table.name)


def test_the_schema_that_is_told_is_that_of_the_database(databases):
    for domain in DOMAINS:
        schema = domain.schema
        told = Counter(of for of, _ in schema.columns[1:])
        for number, name in enumerate(schema.sql_tables):
            info = databases[domain.name].execute(f"PRAGMA table_info({quoted(name)})")
            rows = info.fetchall()
            places = [i for i, (of, _) in enumerate(schema.columns) if of == number]
            assert [schema.sql_columns[i] for i in places] == [row[1] for row in rows]
            assert told[number] == len(rows)
            keys = {row[1] for row in rows if row[5]}
            own = [k for k in schema.primary_keys if set(k) <= set(places)]
            assert {schema.sql_columns[i] for key in own for i in key} == keys


def test_there_are_enough_questions_and_no_database_is_in_both_splits(questions):
    assert TRAIN_ITEMS >= 1500 and TEST_ITEMS >= 300
    (task,) = (t for t in agentgym_envs.list_tasks() if t.family == "BIRD")
    assert task.items == {"train": TRAIN_ITEMS, "test": TEST_ITEMS, "all": 1890}
    used = {
        split: {q.schema.db_id for place, q in questions.items() if place[0] == split}
        for split in ("train", "dev")
    }
    assert len(used["train"]) == 12 and len(used["dev"]) == 3
    assert not used["train"] & used["dev"]


def test_no_question_is_asked_twice(questions):
    asked = Counter((q.schema.db_id, q.text) for q in questions.values())
    assert max(asked.values()) == 1
    assert len({(q.schema.db_id, q.sql) for q in questions.values()}) == len(questions)


def test_all_levels_and_constructions_occur_in_both_splits(questions):
    for split in ("train", "dev"):
        ours = [q for place, q in questions.items() if place[0] == split]
        levels = Counter(q.difficulty for q in ours)
        assert levels.keys() == {"simple", "moderate", "challenging"}
        assert min(levels.values()) >= 0.25 * len(ours)
        for construction in (
            "INNER JOIN .* INNER JOIN",
            "LEFT JOIN",
            "GROUP BY .* HAVING",
            r"\(SELECT",
            "INTERSECT",
            "EXCEPT",
            "UNION",
            r"OVER \(",
            "PARTITION BY",
            "julianday",
            "strftime",
            "^WITH",
            "NOT EXISTS",
            "IS NULL",
            "LIKE",
            "CASE WHEN",
        ):
            found = sum(bool(re.search(construction, q.sql)) for q in ours)
            assert found >= 2, (split, construction)
        assert sum(bool(q.evidence) for q in ours) > 0.25 * len(ours)


def test_no_gold_result_is_empty_or_that_of_a_trivial_statement(questions, databases):
    guesses = {}
    for name, connection in databases.items():
        trivial = ["SELECT 1", "SELECT 0", "SELECT NULL", "SELECT ''", ""]
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (table,) in connection.execute(tables):
            trivial.append(f'SELECT COUNT(*) FROM "{table}"')
        guesses[name] = {frozenset(connection.execute(sql)) for sql in trivial}
    for question in questions.values():
        name = question.schema.db_id
        gold = frozenset(databases[name].execute(question.sql))
        assert gold and gold not in guesses[name], question.text


def test_every_gold_statement_runs_within_the_bounds(questions):
    for question in questions.values():
        gold = gold_rows(question.source, question.sql, BUDGET // 2 // GOLD_FACTOR)
        assert not gold.error and gold.rows, question.text
        assert len(question.sql) < 1000


def test_what_a_question_names_is_in_its_statement(questions):
    """Quoted names, years, dates and numbers are the same in words and in SQL."""
    for question in questions.values():
        text, sql = question.text, question.sql
        for name in re.findall(r'"([^"]+)"', text):
            pattern = literal(name)[:-1]
            assert pattern in sql, text
        for date in re.findall(r"\d{4}-\d\d-\d\d", text):
            assert f"'{date}'" in sql, text
        for year in re.findall(r"\bin (\d{4})\b", text):
            assert f"= '{year}'" in sql or f"= {year}" in sql, text
        for bound in re.findall(r"(?:above|below|more than) ([\d.]+\d|\d)", text):
            assert re.search(rf"[<>] {re.escape(bound)}\b", sql), text


def test_the_questions_are_always_the_same(questions):
    told = "\n".join(
        f"{place} {q.schema.db_id} {q.difficulty} {q.text} {q.evidence} {q.sql}"
        for place, q in questions.items()
    )
    digest = sha256(told.encode()).hexdigest()[:16]
    # With another digest VERSION in `making` has to grow.
    assert digest == "874a817f33762fe4"


def test_the_rows_are_always_the_same():
    rows = str([make_rows(domain) for domain in DOMAINS])
    assert sha256(rows.encode()).hexdigest()[:16] == "2e0393349c765198"


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("split", ["train", "test"])
def test_the_expert_is_right_on_every_item(split, parity):
    env = gymnasium.make(ID, split=split, parity=parity)
    for task in env.unwrapped.tasks:
        env.reset(options={"item": task.index})
        _, reward, terminated, _, info = env.step(env.unwrapped.expert_action())
        assert reward == 1.0 and terminated and info["success"], task.goal


def silent(env, draw):
    return ""


def always_the_same(env, draw):
    return "SELECT 3"


def guessing(env, draw):
    """A count, a column or an extreme of a table that is told."""
    schema = env.unwrapped.task.payload["question"].schema
    number = draw.randrange(len(schema.sql_tables))
    table = quoted(schema.sql_tables[number])
    own = [i for i, (of, _) in enumerate(schema.columns) if of == number]
    column = quoted(schema.sql_columns[draw.choice(own)])
    what = draw.choice(["COUNT(*)", column, f"MAX({column})", f"DISTINCT {column}"])
    return f"SELECT {what} FROM {table}"


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("agent", [silent, always_the_same, guessing])
def test_agents_that_know_nothing_are_rarely_right(agent, split):
    env, draw = gymnasium.make(ID, split=split), random.Random(0)
    scores = []
    for task in env.unwrapped.tasks:
        env.reset(options={"item": task.index})
        scores.append(env.step(agent(env, draw))[4]["score"])
    assert sum(scores) / len(scores) < 0.05


def test_databases_can_be_read_by_any_sqlite(databases):
    content = databases["city_library"].serialize()
    again = sqlite3.connect(":memory:")
    again.deserialize(content)
    assert again.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
