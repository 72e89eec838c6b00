"""Published data: what is read, and how errors are told."""

from __future__ import annotations

import json
import pickle

import gymnasium
import pytest
from bird_library import OSLO, TABLES, write, write_library

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.bird.dataset import read_dataset
from agentgym_envs.errors import DataError, NoExpertAction

ID = "agentgym/BIRD-v0"


@pytest.fixture
def library(tmp_path):
    read_dataset.cache_clear()
    return write_library(tmp_path)


def change(file, number, **fields):
    """Set fields of a record; those that are ... are taken away."""
    records = json.loads(file.read_text(encoding="utf-8"))
    for field, value in fields.items():
        if value is ...:
            del records[number][field]
        else:
            records[number][field] = value
    write(file, records)


def test_both_splits_are_read(library):
    env = gymnasium.make(ID, data=library, split="all")
    tasks = env.unwrapped.tasks
    assert [task.index for task in tasks] == [0, 1, 2, 3, 4, 9428]
    assert [task.split for task in tasks] == ["train"] * 5 + ["test"]


def test_every_gold_statement_that_runs_is_right(library):
    env = gymnasium.make(ID, data=library, split="all")
    for task in env.unwrapped.tasks:
        env.reset(options={"item": task.index})
        if task.index == 3:  # whose gold statement is wrong on purpose
            with pytest.raises(NoExpertAction):
                env.unwrapped.expert_action()
        else:
            assert env.step(env.unwrapped.expert_action())[1] == 1.0


def test_a_dated_folder_stands_for_dev(library):
    (library / "dev").rename(library / "dev_20240627")
    env = gymnasium.make(ID, data=library, split="test")
    _, info = env.reset(seed=0)
    assert info["item_id"] == "bird_9428" and info["db_id"] == "library_loans"


def test_one_split_is_enough(library):
    (library / "train").rename(library / "elsewhere")
    assert len(gymnasium.make(ID, data=library, split="test").unwrapped.tasks) == 1
    with pytest.raises(DataError, match="no items in the split 'train'"):
        gymnasium.make(ID, data=library)


def test_original_names_may_be_missing(library):
    tables = library / "train" / "train_tables.json"
    change(tables, 0, table_names_original=..., column_names_original=...)
    text, _ = gymnasium.make(ID, data=library).reset(options={"item": 0})
    assert text.startswith("library_loans contains tables such as member, book, book l")


def test_text_is_read_as_utf_8(library):
    change(library / "train" / "train.json", 0, question="Wie groß ist Ålesund?")
    text, _ = gymnasium.make(ID, data=library).reset(options={"item": 0})
    assert text.endswith("\n\nWie groß ist Ålesund?")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere: there is no such folder"):
        gymnasium.make(ID, data=tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"no train/train\.json or dev/dev\.json"):
        gymnasium.make(ID, data=tmp_path)


@pytest.mark.parametrize("name", ["train.json", "train_tables.json"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"[{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff", "codec can't decode"),
        (b"{}", "holds no JSON array"),
        (b"[5]", "record 0 is no object"),
    ],
)
def test_a_damaged_file_is_named(library, name, content, message):
    file = library / "train" / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        gymnasium.make(ID, data=library)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("db_id", ..., "is missing"),
        ("db_id", 5, "is not as published: 5"),
        ("db_id", "other", "has no entry in train_tables.json: 'other'"),
        ("question", None, "is not as published: None"),
        ("question", ..., "is missing"),
        ("evidence", ..., "is missing"),
        ("SQL", ["SELECT 1"], "is not as published"),
        ("difficulty", 3, "is not as published: 3"),
    ],
)
def test_a_wrong_field_of_a_question_is_named(library, field, value, message):
    change(library / "train" / "train.json", 2, **{field: value})
    place = rf"train\.json: record 2: the field '{field}' {message}"
    with pytest.raises(DataError, match=place):
        gymnasium.make(ID, data=library)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("db_id", 1),
        ("table_names", "member"),
        ("table_names_original", ["Member"]),
        ("column_names", []),
        ("column_names", [[0, "x"]]),
        ("column_names", [[-1, "*"], [3, "x"]]),
        ("column_names_original", [[-1, "*"]]),
        ("primary_keys", [13]),
        ("primary_keys", [[9, 0]]),
        ("primary_keys", ["1"]),
        ("foreign_keys", [[1]]),
        ("foreign_keys", [[1, 99]]),
        ("foreign_keys", 4),
    ],
)
def test_a_wrong_field_of_a_table_is_named(library, field, value):
    change(library / "train" / "train_tables.json", 0, **{field: value})
    place = rf"train_tables\.json: record 0: the field '{field}' is not as published"
    with pytest.raises(DataError, match=place):
        gymnasium.make(ID, data=library)


def test_a_missing_database_is_named(library):
    file = library / "train/train_databases/library_loans/library_loans.sqlite"
    file.unlink()
    with pytest.raises(DataError, match=r"field 'db_id' needs .*library_loans\.sqlite"):
        gymnasium.make(ID, data=library)


def test_a_database_outside_the_folder_is_refused(library):
    write(library / "train" / "train_tables.json", [{**TABLES, "db_id": "../x"}])
    change(library / "train" / "train.json", 0, db_id="../x")
    with pytest.raises(DataError, match=r"'db_id' is no folder's name: '\.\./x'"):
        gymnasium.make(ID, data=library)


def test_a_file_that_is_no_database_is_named(library):
    file = library / "train/train_databases/library_loans/library_loans.sqlite"
    file.write_bytes(b"this is no database")
    with pytest.raises(DataError, match=r"record 0: .*\.sqlite, which is no SQLite"):
        gymnasium.make(ID, data=library)


def test_a_damaged_database_is_named(library):
    file = library / "train/train_databases/library_loans/library_loans.sqlite"
    content = file.read_bytes()
    file.write_bytes(content[:100] + b"\x77" * (len(content) - 100))
    env = gymnasium.make(ID, data=library)
    env.reset(options={"item": 0})
    with pytest.raises(DataError, match=r"library_loans\.sqlite: .* malformed"):
        env.step(OSLO)


def test_a_copy_for_another_process_is_small(library):
    env = gymnasium.make(ID, data=library)
    for number in range(3):
        env.reset(options={"item": number})
    again = pickle.loads(pickle.dumps(env.unwrapped.tasks))
    assert len(pickle.dumps(env.unwrapped.tasks)) < 1000
    assert again[1] == env.unwrapped.tasks[1]


def test_agentgyms_lists_make_the_splits(library):
    write(library / "sqlgym_train.json", [{"item_id": "sqlgym_4"}])
    write(library / "sqlgym_test.json", [{"item_id": f"sqlgym_{i}"} for i in (9428, 1)])
    for split, indexes in (("train", [4]), ("test", [1, 9428])):
        tasks = gymnasium.make(ID, data=library, split=split).unwrapped.tasks
        assert [task.index for task in tasks] == indexes
        assert tasks.at(0).split == "unlisted"
    write(library / "sqlgym_train.json", [{"item_id": "sqlgym_77"}])
    with pytest.raises(DataError, match="names no item: 'sqlgym_77'"):
        gymnasium.make(ID, data=library)
