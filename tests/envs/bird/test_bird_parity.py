"""What the original server answers, case by case."""

from __future__ import annotations

import gymnasium
import pytest
from bird_library import OSLO, write_library

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.bird.schema import Schema, tell_as_original
from agentgym_envs.errors import UnknownTask

OBSERVATION = (
    "library_loans contains tables such as member, book, book loan. Table member has "
    "columns such as member id, full name, city, joined. member id is the primary key. "
    "Table book has columns such as book id, title, pages, price. book id is the "
    "primary key. Table book loan has columns such as member id, book id, due date, "
    "fine.  is the primary key. The book id of book loan is the foreign key of member "
    "id of member. The due date of book loan is the foreign key of book id of book."
    "\n\nHow many members live in Oslo?"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return write_library(tmp_path_factory.mktemp("bird"))


@pytest.fixture
def env(library):
    env = gymnasium.make("agentgym/BIRD-v0", data=library, parity=True)
    env.reset(options={"item": 0})
    yield env
    env.close()


def ask(env, sql):
    text, reward, terminated, truncated, _ = env.step(sql)
    assert terminated and not truncated
    return text, reward


def test_the_prompt_names_keys_as_the_original_does(env):
    text, _ = env.reset(options={"item": 0})
    assert text == OBSERVATION


def test_the_last_column_of_a_foreign_key_is_named_as_the_first():
    schema = Schema(
        "X",
        ("A", "B"),
        ((-1, "*"), (0, "One"), (0, "Two"), (1, "Three")),
        ("A", "B"),
        ("*", "One", "Two", "Three"),
        (),
        ((3, 1),),
    )
    assert tell_as_original(schema).endswith(
        "The one of b is the foreign key of one of a."
    )


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        (OSLO, ("[(8,)]", 1.0)),
        (f"{OSLO};", ("[(8,)]", 1.0)),
        (
            "SELECT 1.0 * COUNT(*) FROM Member WHERE city = 'Oslo'",
            ("[(8.0,)]", 1.0),
        ),
        ('SELECT COUNT(*) FROM Member WHERE city="Oslo"', ("[(8,)]", 1.0)),
        ("SELECT 8 UNION ALL SELECT 8", ("[(8,), (8,)]", 1.0)),
        ("SELECT '8'", ("[('8',)]", 0.0)),
        ("SELECT 8, 8", ("[(8, 8)]", 0.0)),
        ("SELECT nope FROM Member", ("no such column: nope", 0.0)),
        ("SELEC 1", ('near "SELEC": syntax error', 0.0)),
        ("", ("[]", 0.0)),
        ("-- nothing", ("[]", 0.0)),
        ("DELETE FROM Member", ("attempt to write a readonly database", 0.0)),
        ("DROP TABLE Member", ("attempt to write a readonly database", 0.0)),
        (f"{OSLO}; {OSLO}", ("You can only execute one statement at a time.", 0.0)),
        ("SELECT 1\x00", ("the query contains a null character", 0.0)),
        ("CREATE TEMP TABLE t AS SELECT 1", ("[]", 0.0)),
        ("BEGIN", ("[]", 0.0)),
        ("SELECT CAST(x'ff' AS TEXT)", ("Could not decode to UTF-8 column", 0.0)),
        ("SELECT ?", ("Incorrect number of bindings supplied.", 0.0)),
        ("SELECT '\ud800'", ("'utf-8' codec can't encode character", 0.0)),
        (
            "SELECT * FROM Member WHERE city = 'Bergen'",
            ("[(8, 'Name 8', 'Bergen', '2020-01-01')]", 0.0),
        ),
    ],
)
def test_a_statement_is_answered_as_by_the_original(env, sql, answer):
    text, reward = ask(env, sql)
    assert text.startswith(answer[0]) and reward == answer[1]


def test_pragmas_that_describe_and_explanations_are_answered(env):
    assert ask(env, "PRAGMA table_info(Book)")[0].startswith(
        "[(0, 'book id', 'INTEGER'"
    )
    assert ask(env, "SELECT name FROM pragma_table_info('Book')")[0] == (
        "[('book id',), ('title',), ('pages',), ('price',)]"
    )
    assert ask(env, "EXPLAIN SELECT 1")[0].startswith("[(0, 'Init'")


def test_only_100_characters_are_shown(env):
    text, _ = ask(env, "SELECT title FROM Book")
    rows = str([(f"Book {i}",) for i in range(30)])
    assert text == f"{rows[:100]}..."
    text, _ = ask(env, f"SELECT {'x' * 200}")
    assert text == f"no such column: {'x' * 84}..."


@pytest.mark.parametrize(
    "value",
    [
        "'" + "a" * 98 + "'",
        "'" + "a" * 300 + "\"'",
        "'" + "b" * 200 + "''\"'",
        "x'00ff'",
    ],
)
def test_cut_values_are_quoted_as_python_quotes_whole_ones(env, value):
    import sqlite3

    rows = sqlite3.connect(":memory:").execute(f"SELECT {value}, 1").fetchall()
    whole = str(rows)
    expected = whole if len(whole) <= 100 else f"{whole[:100]}..."
    assert ask(env, f"SELECT {value}, 1")[0] == expected


def test_an_error_after_many_rows_takes_their_place(env):
    sql = (
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 500) "
        "SELECT CASE x WHEN 400 THEN abs(-9223372036854775808) ELSE x END FROM c"
    )
    assert ask(env, sql) == ("integer overflow", 0.0)


def test_order_and_repetition_do_not_count(env):
    env.reset(options={"item": 1})
    assert ask(env, "SELECT city FROM Member ORDER BY city DESC")[1] == 1.0
    assert ask(env, "SELECT city FROM Member WHERE city IS NOT NULL")[1] == 0.0


def test_nothing_is_right_where_the_gold_result_is_empty(env):
    env.reset(options={"item": 2})
    assert ask(env, "") == ("[]", 1.0)
    assert ask(env, "SELECT 1 WHERE 0") == ("[]", 1.0)


def test_a_gold_statement_that_fails_is_never_matched(env):
    env.reset(options={"item": 3})
    assert ask(env, "")[1] == 0.0
    *_, info = env.step("SELECT nobody FROM Member")
    assert info["gold_error"] == "no such column: nobody" and info["score"] == 0.0


def test_steps_after_the_first_are_judged_too_and_tell_the_gold_statement(env):
    assert ask(env, "SELECT 1")[1] == 0.0
    _, reward, terminated, _, info = env.step(OSLO)
    assert reward == 1.0 and terminated and info["ground_truth"] == OSLO


def test_temporary_tables_last_until_the_reset(env):
    assert ask(env, "CREATE TEMP TABLE t AS SELECT 8 AS x")[0] == "[]"
    assert ask(env, "SELECT x FROM t") == ("[(8,)]", 1.0)
    env.reset(options={"item": 0})
    assert ask(env, "SELECT x FROM t") == ("no such table: t", 0.0)


def test_a_transaction_stays_open_until_it_ends(env):
    assert ask(env, "COMMIT")[0] == "cannot commit - no transaction is active"
    ask(env, "BEGIN")
    again = "cannot start a transaction within a transaction"
    assert ask(env, "BEGIN")[0] == again
    assert ask(env, "COMMIT")[0] == "[]"
    assert ask(env, "BEGIN")[0] == "[]"


def test_replies_are_taken_for_sql_as_they_are(env):
    text, reward = ask(env, f"```sql\n{OSLO}\n```")
    assert reward == 0.0 and text.startswith('near "```sql')


def test_items_have_the_numbers_of_the_original(env):
    _, info = env.reset(options={"item": 9428})
    assert info["split"] == "test" and info["difficulty"] == "simple"
    _, info = env.reset(options={"item": "sqlgym_4"})
    assert info["item_id"] == "bird_4"
    with pytest.raises(UnknownTask, match=r"0\.\.4 and 9428\.\.9428"):
        env.reset(options={"item": 5})


def test_no_evidence_is_shown_but_infos_tell_it(env):
    text, info = env.reset(options={"item": 0})
    assert info["evidence"] == "live in refers to city"
    assert info["evidence"] not in text
