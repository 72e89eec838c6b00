"""Trajectories survive every format, and what is wrong with a file is named."""

from __future__ import annotations

import copy
import json

import pytest
from expert_records import FAMILIES, QUICK, expert_records

from agentgym_envs.errors import BadOption, DataError
from agentgym_wrappers import dataset
from agentgym_wrappers.trajectory import append

MAZE = QUICK[0]
slow = [
    pytest.param(env_id, marks=() if env_id in QUICK else pytest.mark.slow)
    for env_id in FAMILIES
]


@pytest.mark.parametrize("env_id", slow)
def test_collected_records_are_equal_after_every_format(env_id, tmp_path):
    records = list(expert_records(env_id))
    append(tmp_path / "trajectories.jsonl", records)
    assert dataset.load(tmp_path) == records
    assert dataset.select(records) == records

    assert [dataset.from_messages(dataset.to_messages(r)) for r in records] == records
    assert dataset.from_steps(dataset.to_steps(records)) == records

    published = [dataset.to_agenttraj(record) for record in records]
    (tmp_path / "all.json").write_text(json.dumps(published))
    again = [dataset.from_agenttraj(r) for r in dataset.load(tmp_path / "all.json")]
    for told, record in zip(again, records, strict=True):
        assert told["conversations"] == record["conversations"]
        assert dataset.family_of(told) == dataset.family_of(record)

    worse = [{**copy.deepcopy(record), "reward": 0.0} for record in records]
    pairs = dataset.to_pairs([*worse, *records])
    assert dataset.from_pairs(pairs)[::2] == records
    assert dataset.from_pairs(pairs)[1::2] == worse


@pytest.mark.parametrize("env_id", slow)
def test_hugging_face_data_sets_hold_all_of_a_record(env_id, tmp_path):
    datasets = pytest.importorskip("datasets")
    records = list(expert_records(env_id))
    made = dataset.to_dataset(records)
    assert dataset.from_dataset(made) == records
    made.to_parquet(tmp_path / "records.parquet")
    again = datasets.Dataset.from_parquet(str(tmp_path / "records.parquet"))
    assert dataset.from_dataset(again) == records


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("env_id", slow)
def test_minari_data_sets_hold_all_of_a_record(env_id, tmp_path, monkeypatch):
    minari = pytest.importorskip("minari")
    pytest.importorskip("pyarrow")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    records = list(expert_records(env_id))
    dataset.to_minari("agentgym/test-expert-v0", records, author="us")
    loaded = minari.load_dataset("agentgym/test-expert-v0")
    assert dataset.from_minari(loaded) == records
    assert loaded.recover_environment().spec.id == env_id
    replies = [list(episode.actions) for episode in loaded.iterate_episodes()]
    told = [[m["value"] for m in r["conversations"] if m["loss"]] for r in records]
    assert replies == told


def test_chat_messages_of_evaluators_are_read(tmp_path):
    record = expert_records(MAZE)[0]
    chat = [
        {"role": m["role"], "content": m["content"], "reasoning_content": None}
        for m in dataset.to_messages(record)["messages"]
    ]
    line = {"conversations": chat, "item_id": "maze_1", "reward": 1.0, "success": 1}
    (tmp_path / "api.jsonl").write_text(json.dumps(line) + "\n")
    (read,) = dataset.load(tmp_path / "api.jsonl")
    assert read["conversations"] == record["conversations"]


def test_a_system_message_comes_before_the_rules(tmp_path):
    chat = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Rules."},
        {"role": "assistant", "content": "Ok."},
        {"role": "user", "content": "Wall."},
    ]
    record = dataset.from_messages({"messages": chat, "item_id": "maze_1"})
    assert record["conversations"][0]["value"] == "Be brief.\n\nRules."
    assert [m["loss"] for m in record["conversations"]] == [None, False, None]


DAMAGES = [
    (lambda r: r.pop("item_id"), "item_id is None, no text"),
    (lambda r: r.update(reward="1"), "reward is '1', no number"),
    (lambda r: r.update(reward=float("nan")), "reward is nan, no number"),
    (lambda r: r.update(success=2), "success is 2, neither 0 nor 1"),
    (lambda r: r.pop("conversations"), "conversations is None, no list of messages"),
    (lambda r: r.update(conversations=[]), "conversations holds 0 messages"),
    (
        lambda r: r["conversations"][2].update({"from": "gpt"}),
        "conversations[2].from is 'gpt', not 'human'",
    ),
    (
        lambda r: r["conversations"][3].update(value=7),
        "conversations[3].value is 7, no text",
    ),
    (
        lambda r: r["conversations"][3].update(loss=None),
        "conversations[3].loss is None, neither true nor false",
    ),
    (
        lambda r: r["conversations"][0].update(loss=True),
        "conversations[0].loss is True, not null",
    ),
    (lambda r: r["conversations"].__setitem__(1, "Ok."), "conversations[1] is 'Ok.'"),
    (lambda r: r.update(meta=[]), "meta is [], no object"),
    (lambda r: r["meta"]["actions"].pop(), "meta.actions holds"),
    (lambda r: r["meta"].update(scores=0.5), "meta.scores is 0.5, no list"),
    (
        lambda r: r["meta"]["rewards"].__setitem__(0, "much"),
        "meta.rewards holds what is no number",
    ),
    (
        lambda r: r["meta"]["actions"].__setitem__(0, 7),
        "meta.actions holds what is no text",
    ),
    (
        lambda r: r["meta"]["invalid"].__setitem__(0, float("nan")),
        "meta.invalid holds what is neither true nor false",
    ),
    (lambda r: r["meta"].update(kwargs=[1]), "meta.kwargs is [1], no object"),
    (lambda r: r["meta"].update(options="x"), "meta.options is 'x', no object"),
    (lambda r: r["meta"].update(seed=-1), "meta.seed is -1, no whole number"),
    (lambda r: r["meta"].update(seed="1"), "meta.seed is '1', no whole number"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_the_wrong_field_of_the_wrong_record_is_named(tmp_path, damage, message):
    good = expert_records(MAZE)[0]
    bad = copy.deepcopy(good)
    damage(bad)
    (tmp_path / "x.json").write_text(json.dumps([good, bad]))
    with pytest.raises(DataError, match="record 1: ") as caught:
        dataset.load(tmp_path / "x.json")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["[1, 2", "[[[", '{"a": 1}\nno\n'])
def test_what_is_no_json_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DataError, match=r"x\.json"):
        dataset.load(tmp_path / "x.json")
    with pytest.raises(DataError, match="no such file"):
        dataset.load(tmp_path / "y.json")


def test_a_half_written_last_line_is_left_out(tmp_path):
    record = expert_records(MAZE)[0]
    append(tmp_path / "x.jsonl", [record, record])
    whole = (tmp_path / "x.jsonl").read_bytes()
    (tmp_path / "x.jsonl").write_bytes(whole[:-9])
    assert dataset.load(tmp_path / "x.jsonl") == [record]


def tiny(item_id, reward, steps=1):
    talk = [("human", None), ("gpt", False), ("human", None)]
    talk += [("gpt", True), ("human", None)] * steps
    said = [{"from": who, "loss": loss, "value": ""} for who, loss in talk]
    return {"conversations": said, "item_id": item_id, "reward": reward}


def test_thresholds_are_strict_and_one_per_family():
    names = ("maze_1", "babyai_1", "sciworld_1", "webshop_1")
    records = [tiny(name, reward) for name in names for reward in (0.0, 0.5, 0.99, 1.0)]
    kept = [(r["item_id"], r["reward"]) for r in dataset.select(records, keep="all")]
    assert kept == [
        ("maze_1", 1.0),
        *(("babyai_1", reward) for reward in (0.5, 0.99, 1.0)),
        ("sciworld_1", 1.0),
        ("webshop_1", 1.0),
    ]
    half = dataset.select(records, threshold=0.4, keep="all")
    assert len(half) == 12
    one = dataset.select(records, threshold={"Maze": 0.4}, keep="all")
    assert sum(r["item_id"] == "maze_1" for r in one) == 3
    assert dataset.select(records, threshold=None, keep="all") == records


def test_of_each_item_the_first_or_the_best_is_kept():
    first, longer, best = (
        tiny("babyai_1", r, n) for r, n in ((0.5, 3), (1, 3), (1, 2))
    )
    records = [first, longer, best]
    assert dataset.select(records) == [first]
    assert dataset.select(records, keep="best") == [best]
    with pytest.raises(BadOption, match="first or best"):
        dataset.select(records, keep="last")


def test_pairs_differ_by_the_gap_and_are_good_at_their_best():
    good, middle, bad = (tiny("webshop_1", reward) for reward in (0.8, 0.75, 0.1))
    (pair,) = dataset.to_pairs([bad, good, middle])
    assert (pair["chosen_record"], pair["rejected_record"]) == (
        {"reward": 0.8},
        {"reward": 0.1},
    )
    assert dataset.to_pairs([good, middle], gap=0.1) == []
    assert dataset.to_pairs([good, bad], least=0.9) == []
    assert dataset.to_pairs([good, tiny("webshop_2", 0.1)]) == []
    with pytest.raises(BadOption, match="gap"):
        dataset.to_pairs([], gap=0)


def test_returns_to_go_are_discounted_by_hand():
    record = tiny("maze_1", 1.0, steps=3) | {"meta": {"rewards": [1.0, 0.0, 4.0]}}
    rows = dataset.to_steps([record], discount=0.5)
    assert [row["return_to_go"] for row in rows] == [2.0, 2.0, 4.0]
    assert [row["done"] for row in rows] == [False, False, True]
    assert [row["reward"] for row in dataset.to_steps([tiny("maze_1", 0.3, 2)])] == [
        0.0,
        0.3,
    ]


def test_rows_that_are_missing_are_noticed():
    rows = dataset.to_steps([tiny("maze_1", 1.0, steps=3)])
    for left in (rows[1:], rows[:-1], [rows[0], rows[2]]):
        with pytest.raises(DataError, match="episode 0"):
            dataset.from_steps(left)


def test_published_prefixes_are_written():
    record = expert_records(MAZE)[0]
    number = record["item_id"].removeprefix("maze_")
    published = dataset.to_agenttraj(record)
    assert published["item_id"] == f"lmrlgym_maze_{number}"
    assert list(published) == ["conversations", "item_id"]
    assert list(published["conversations"][0]) == ["from", "loss", "value"]
