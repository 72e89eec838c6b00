"""A model's statement can't hang the process, fill its memory, or touch anything."""

from __future__ import annotations

import itertools
import sqlite3
import subprocess
import sys
import textwrap
import time

import gymnasium
import pytest
from bird_library import OSLO, write_database, write_library

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.bird import engine, sandbox
from agentgym_envs.bird.engine import FULL, MAX_JOURNAL, Gold, Session, State, compare
from agentgym_envs.bird.sandbox import LIMITS, PRAGMAS, TICK, Guarded, Source

NO_GOLD = Gold(frozenset({("no row",)}))
BUDGET = 500_000
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "library.sqlite"
    write_database(file)
    return Source(file.as_posix())


@pytest.fixture(params=["reads", "writes"])
def ask(source, request):
    """Ask on the shared connection, and on one of an episode that has written."""
    session, state = Session(source, BUDGET, reads_on=False), State()
    if request.param == "writes":
        session.ask("BEGIN", NO_GOLD, state)
    yield lambda sql: session.ask(sql, NO_GOLD, state)
    session.close()


def in_process(code):
    """Run code in a process of its own, and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


def files_in(folder):
    return sorted((f.name, f.read_bytes()) for f in folder.iterdir())


def test_attach_creates_no_file(ask, tmp_path):
    before = files_in(tmp_path)
    assert ask(f"ATTACH DATABASE '{tmp_path / 'new'}' AS y").error == "not authorized"
    assert ask(f"ATTACH '{tmp_path / 'library.sqlite'}' AS y").error == "not authorized"
    assert ask("DETACH main").error == "not authorized"
    assert files_in(tmp_path) == before


def test_attach_is_beyond_a_limit_too(source, tmp_path):
    connection = Guarded(source)
    connection._db.set_authorizer(None)
    with pytest.raises(sqlite3.OperationalError, match="too many attached"):
        connection.execute(f"ATTACH '{tmp_path / 'new'}' AS y", BUDGET)


def test_vacuum_creates_no_file(ask, tmp_path):
    before = files_in(tmp_path)
    assert ask(f"VACUUM INTO '{tmp_path / 'new'}'").error
    assert files_in(tmp_path) == before


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM Member",
        "UPDATE Book SET title = 'x'",
        "INSERT INTO Book VALUES (99, 'x', 1, 1.0)",
        "DROP TABLE BookLoan",
        "ALTER TABLE Book ADD COLUMN x",
        "CREATE INDEX i ON Book (pages)",
        "CREATE TABLE main.t (x)",
        "ANALYZE",
    ],
)
def test_no_statement_changes_the_database(ask, tmp_path, sql):
    before = files_in(tmp_path)
    assert ask(sql).error == "attempt to write a readonly database"
    assert files_in(tmp_path) == before


def test_a_temporary_trigger_changes_nothing_either(ask, tmp_path):
    before = files_in(tmp_path)
    ask("CREATE TEMP TABLE t (x)")
    ask("CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM Member; END")
    assert ask("INSERT INTO t VALUES (1)").error
    assert files_in(tmp_path) == before
    assert ask("SELECT COUNT(*) FROM Member").text == "[(11,)]"


def test_an_endless_recursion_is_interrupted(ask):
    answer = ask(f"{ENDLESS} SELECT COUNT(*) FROM c")
    assert answer == ("interrupted", False, "interrupted", True)
    assert ask("SELECT 1").text == "[(1,)]"


def test_endless_rows_are_interrupted(ask):
    assert ask(f"{ENDLESS} SELECT 'no row' FROM c").timed_out


def test_a_cross_join_is_interrupted(ask):
    tables = ", ".join(f"Book AS b{number}" for number in range(12))
    assert ask(f"SELECT SUM(b1.pages) FROM {tables}").timed_out


def test_the_same_amount_of_work_is_allowed_every_time(source):
    def fits(rows):
        session = Session(source, BUDGET, reads_on=False)
        sql = f"{ENDLESS} SELECT COUNT(*) FROM (SELECT x FROM c LIMIT {rows})"
        return not session.ask(sql, NO_GOLD, State()).timed_out

    low, high = 1, BUDGET
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    assert low > 1000
    assert [fits(low) for _ in range(5)] == [True] * 5
    assert [fits(high) for _ in range(5)] == [False] * 5


def test_slow_instructions_end_by_the_clock(source, monkeypatch):
    # Each comparison walks through 100,000 characters for every one of the pattern.
    sql = (
        f"{ENDLESS} SELECT COUNT(*) FROM c WHERE hex(zeroblob(100000 + x % 2)) LIKE "
        "'%1%0%1%0%1'"
    )
    monkeypatch.setattr(sandbox, "TICK", 1000)
    connection = Guarded(source)
    begun = time.monotonic()
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.execute(sql, 10**9, patience=0.05).fetchall()
    assert connection.meter.spent and time.monotonic() - begun < 20


def test_the_end_by_the_clock_is_far_beyond_the_budget_of_honest_statements():
    assert sandbox.PATIENCE >= 60


@pytest.mark.parametrize(
    "value",
    [
        "zeroblob(1000000)",
        "randomblob(1000000)",
        "hex(zeroblob(200000))",
        "replace(hex(zeroblob(100000)), '0', '00000000')",
        "(SELECT group_concat(hex(zeroblob(9999))) FROM Book)",
    ],
)
def test_a_huge_value_is_refused(ask, value):
    error = ask(f"SELECT length({value})").error
    assert error in ("string or blob too big", "user-defined function raised exception")


def test_embedded_databases_allow_shorter_values():
    env = gymnasium.make("agentgym/BIRD-v0", max_turns=2)
    env.reset(seed=0)
    *_, info = env.step("SELECT hex(zeroblob(30000))")
    assert info["execution_error"] == "string or blob too big"


def test_a_long_pattern_is_refused(ask):
    for operator, joker in (("LIKE", "%"), ("GLOB", "*")):
        error = ask(f"SELECT 'a' {operator} '{f'{joker}a' * 400}'").error
        assert error == "LIKE or GLOB pattern too complex"


def test_many_columns_are_refused(ask):
    assert (
        ask(f"SELECT {', '.join('1' * 501)}").error == "too many columns in result set"
    )


@pytest.mark.parametrize(
    "pragma",
    [
        "database_list",
        "query_only = OFF",
        "writable_schema = ON",
        "temp_store_directory = '/'",
        "hard_heap_limit = 0",
        "journal_mode = DELETE",
        "user_version = 7",
        "main.page_count",
        "foreign_key_check",
        "integrity_check",
        "function_list",
    ],
)
def test_other_pragmas_are_refused(ask, pragma):
    assert ask(f"PRAGMA {pragma}").error == "not authorized"
    name = pragma.split(".")[-1].split()[0]
    answer = ask(f"SELECT * FROM pragma_{name}")
    assert answer.error, answer


def test_describing_pragmas_are_allowed(ask):
    for name in PRAGMAS:
        assert not ask(f"PRAGMA {name}(Book)").error
        assert not ask(f"SELECT * FROM pragma_{name}('Book')").error


def test_extensions_are_refused(ask):
    expected = "not authorized to use function: load_extension"
    assert ask("SELECT load_extension('libm')").error == expected
    assert "not authorized" in ask("SELECT LOAD_EXTENSION('libm', 'x')").error


def test_virtual_tables_are_refused(ask):
    for module in ("fts5(x)", "rtree(i, a, b)"):
        sql = f"CREATE VIRTUAL TABLE temp.t USING {module}"
        assert ask(sql).error == "not authorized"
    assert "prohibited" in ask("SELECT * FROM dbstat").error
    assert ask("SELECT COUNT(*) FROM dbstat").error == "not authorized"


def test_a_second_statement_is_refused(ask):
    for sql in (
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE Member",
        "SELECT 1;;-- x\n2",
    ):
        assert ask(sql).error == "You can only execute one statement at a time."


def test_statements_of_ten_megabytes_are_refused(ask):
    assert ask(f"SELECT '{'x' * 10_000_000}'").error == "query string is too large"
    assert ask(f"SELECT 1 --{' ' * 10_000_000}").error == "query string is too large"


def test_an_action_of_ten_megabytes_is_answered():
    env = gymnasium.make("agentgym/BIRD-v0")
    env.reset(seed=0)
    text, reward, *_ = env.step(f"SELECT '{'x' * 10_000_000}'")
    assert len(text) < 200 and reward == 0.0


def test_temporary_tables_hold_little(ask):
    ask("CREATE TEMP TABLE t (x)")
    for _ in range(10):
        answer = ask("INSERT INTO t SELECT hex(zeroblob(90000)) FROM Book")
        if answer.error:
            break
    assert answer.error == FULL


def test_an_episode_changes_its_connection_only_so_often(source):
    session, state = Session(source, BUDGET, reads_on=False), State()
    for number in range(MAX_JOURNAL):
        assert not session.ask(f"SAVEPOINT s{number}", NO_GOLD, state).error
    assert session.ask("SAVEPOINT one_more", NO_GOLD, state).error == FULL
    assert session.ask("SELECT 1", NO_GOLD, state).text == "[(1,)]"
    assert len(state.journal) == MAX_JOURNAL


def test_temporary_tables_do_not_survive_a_reset():
    env = gymnasium.make("agentgym/BIRD-v0", max_turns=4)
    other = gymnasium.make("agentgym/BIRD-v0", max_turns=4)
    for one in (env, other):
        one.reset(options={"item": 0})
    env.step("CREATE TEMP TABLE secret AS SELECT 5 AS x")
    assert env.step("SELECT * FROM secret")[0] == "[(5,)]"
    assert other.step("SELECT * FROM secret")[0] == "no such table: secret"
    env.reset(options={"item": 0})
    assert env.step("SELECT * FROM secret")[0] == "no such table: secret"


def test_no_statement_opens_a_transaction_on_the_shared_connection(source):
    session, state = Session(source, BUDGET, reads_on=False), State()
    for sql in ("BEGIN", "SAVEPOINT s"):
        session.ask(sql, NO_GOLD, state)
        assert not sandbox.reader(source)._db.in_transaction
    assert state.journal == ["BEGIN", "SAVEPOINT s"]


def test_an_embedded_database_can_not_be_changed():
    env = gymnasium.make("agentgym/BIRD-v0", max_turns=9)
    env.reset(options={"item": 0})
    for sql in ("DELETE FROM loan", "BEGIN", "DELETE FROM loan", "COMMIT"):
        assert env.step(sql)[0] in ("attempt to write a readonly database", "[]")
    assert env.step("SELECT COUNT(*) FROM loan")[0] == "[(900,)]"


def test_rows_are_read_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(engine, "MAX_ROWS", 5000)
    rows = ((n % 7,) for n in itertools.count())
    text, is_right = compare(rows, frozenset((n,) for n in range(7)), reads_on=True)
    assert not is_right and text.startswith("[(0,), (1,)")
    assert next(rows)[0] == 5000 % 7


def test_wrong_rows_are_not_read_to_their_end():
    rows = ((n,) for n in itertools.count())
    assert compare(rows, frozenset({(0,)}), reads_on=False)[1] is False
    assert next(rows)[0] < 100


PREPARE = """
    import resource, sqlite3
    from agentgym_envs.bird import sandbox
    from agentgym_envs.bird.engine import Gold, Session, State
    sandbox.HEAP_LIMIT = 48 << 20
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE t (x)")
    source = sandbox.publish("memory", db)
    session = Session(source, 50_000_000, reads_on=False)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
    def ask(sql):
        print(session.ask(sql, Gold(frozenset({(1,)})), State()).text)
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
"""


def test_memory_is_bounded():
    *said, grown, _ = in_process(f"""{PREPARE}
    ask(endless + "SELECT x FROM (SELECT x, hex(zeroblob(20000)) AS y FROM c "
        "LIMIT 99999) ORDER BY y, x")
    ask("SELECT 1")
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) >> 10)
    """)
    assert said == ["out of memory", "[(1,)]"]
    assert int(grown) < 150  # MiB; without the limit it takes 4 GiB


def test_a_statement_that_unfolds_is_bounded():
    tables = ", ".join(
        f"a{i} AS (SELECT 1 FROM a{i - 1} p, a{i - 1} q)" for i in range(1, 60)
    )
    *said, grown, _ = in_process(f"""{PREPARE}
    ask("WITH a0 AS (SELECT 1), {tables} SELECT COUNT(*) FROM a59")
    ask("SELECT 1")
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) >> 10)
    """)
    assert said == ["out of memory", "[(1,)]"]
    assert int(grown) < 150


def test_the_moment_and_chance_stand_still(ask):
    sql = (
        "SELECT date('now'), datetime(), time('NOW'), CURRENT_DATE, strftime('%Y'), "
        "julianday('now', 'localtime') - julianday(CURRENT_TIMESTAMP)"
    )
    assert ask(sql).text.startswith(
        "[('2024-01-01', '2024-01-01 00:00:00', '00:00:00', '2024-01-01', '2024', 0.0)]"
    )
    hidden = "SELECT date('n' || 'ow'), datetime('2020-05-05 12:00', 'LocalTime')"
    assert ask(hidden).text == "[('2024-01-01', '2020-05-05 12:00:00')]"
    for sql in ("SELECT random(), hex(randomblob(8)) FROM Book LIMIT 2",):
        assert ask(sql) == ask(sql)
    assert ask("SELECT random() = random()").text == "[(0,)]"


def test_date_functions_are_sqlites_own(ask):
    plain = sqlite3.connect(":memory:")
    for sql in (
        "SELECT date('2020-01-31', '+1 month'), strftime('%w %j', '2021-02-03')",
        "SELECT julianday('2000-01-01'), date(NULL), time('nonsense'), date(2451545)",
        "SELECT typeof(strftime('%s', '2020-01-01')), datetime(0, 'unixepoch')",
        "SELECT date('2020-01-01', 'weekday 0'), unixepoch('2020-01-01')",
    ):
        assert ask(sql).text == str(plain.execute(sql).fetchall())


def test_strange_folder_names_are_opened(tmp_path):
    folder = tmp_path / "50% a?b#c 'ü'"
    folder.mkdir()
    env = gymnasium.make("agentgym/BIRD-v0", data=write_library(folder))
    env.reset(options={"item": 0})
    assert env.step(OSLO)[1] == 1.0


def test_every_limit_is_set(source):
    connection = Guarded(source)
    for limit, value in LIMITS.items():
        assert connection._db.getlimit(limit) == value
    assert TICK <= BUDGET


def test_few_long_arguments_of_date_functions_are_kept(ask):
    from agentgym_envs.bird import clock

    kept = clock._at_fixed_moment()["date"]
    for number in range(clock.MAX_LONG // 10):
        ask(f"SELECT date(title || hex(zeroblob({number + 1000}))) FROM Book")
    assert 0 < kept.cache_info().currsize <= clock.MAX_LONG + 30
