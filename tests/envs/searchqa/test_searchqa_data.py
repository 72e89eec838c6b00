"""Published questions and passages, read from files as they are published."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from agentgym_envs.errors import DataError, MissingExtra, UnknownTask
from agentgym_envs.searchqa import corpus as corpus_module
from agentgym_envs.searchqa.corpus import FileCorpus
from agentgym_envs.searchqa.env import SearchQAEnv
from agentgym_envs.searchqa.progress import progress
from agentgym_envs.searchqa.records import PUBLISHED, PUBLISHED_END, read_parts
from agentgym_envs.searchqa.setup import file_bm25
from agentgym_envs.searchqa.tasks import PublishedTasks
from agentgym_envs.testing import check_agent_env

PASSAGES = [
    '"Om"\nOm is a city on the river Zed. Its mayor is Ada Brook.',
    '"Zed (river)"\nThe Zed is a river that rises on Mount Ka.',
    '"Mount Ka"\nMount Ka is 1,204 metres high.\nNobody lives there.',
    '"Ada Brook"\nAda Brook (born 3 May 1951) is a politician.',
    "Äther\nÄther is a word — with “Unicode”.",
]
FLASHRAG = [
    {
        "id": "test_0",
        "question": "who is the mayor of Om",
        "golden_answers": ["Ada Brook"],
    },
    {
        "id": "test_1",
        "question": " How high is the mountain where the Zed rises? ",
        "golden_answers": ["1204 metres", "1204"],
        "metadata": {
            "level": "hard",
            "supporting_facts": {"title": ["Zed (river)", "Mount Ka", "Mount Ka"]},
        },
    },
]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    monkeypatch.setattr("sys.platform", "linux")
    for cached in (corpus_module.file_corpus, file_bm25):
        cached.cache_clear()
    return folder / "agentgym-envs" / "searchqa"


def write_lines(file: Path, records: list[object]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def write_corpus(file: Path) -> Path:
    records = [{"id": str(i), "contents": text} for i, text in enumerate(PASSAGES)]
    return write_lines(file, records)


def processed(question: str, target: list[str], source: str) -> dict[str, object]:
    """A record as AgentGym's script makes it of FlashRAG's."""
    return {
        "id": "test_0",
        "question": question,
        "golden_answers": target,
        "data_source": source,
        "prompt": [{"role": "user", "content": question}],
        "ability": "fact-reasoning",
        "reward_model": {"style": "rule", "ground_truth": {"target": target}},
        "extra_info": {"split": "test", "index": 0},
    }


@pytest.fixture
def folder(tmp_path):
    write_lines(tmp_path / "data" / "test.jsonl", FLASHRAG)
    write_lines(tmp_path / "data" / "train.jsonl", FLASHRAG[:1])
    write_corpus(tmp_path / "data" / "wiki-18.jsonl")
    return tmp_path / "data"


def test_a_published_question_is_searched_and_answered(folder):
    env = SearchQAEnv(data=folder, split="test")
    text, info = env.reset(options={"item": "searchqa_0"})
    assert text.endswith("\n\n Question: who is the mayor of Om?")
    assert info["data_source"] == "test"
    text, *_, info = env.step("<search>mayor of Om</search>")
    assert text.startswith('<information>Doc 1(Title: "Om") Om is a city on the river')
    assert info["retrieved"][0] == "0"
    assert info["retrieval_hit"]
    assert env.step("<answer>ada brook</answer>")[1:3] == (1.0, True)


def test_a_passage_of_several_lines_and_other_letters_comes_back_whole(folder):
    env = SearchQAEnv(data=folder, split="test", topk=1)
    env.reset(options={"item": 0})
    text, *_ = env.step("<search>how high is mount ka</search>")
    assert text == (
        '<information>Doc 1(Title: "Mount Ka") Mount Ka is 1,204 metres high.\n'
        "Nobody lives there.</information>"
    )
    text, *_ = env.step("<search>Äther word</search>")
    told = "Doc 1(Title: Äther) Äther is a word — with “Unicode”."
    assert text == f"<information>{told}</information>"


def test_the_expert_searches_the_titles_that_the_record_tells(folder):
    env = SearchQAEnv(data=folder, split="test", topk=1)
    env.reset(options={"item": 1})
    assert "<search>Zed (river)</search>" in env.expert_action()
    env.step(env.expert_action())
    assert "<search>Mount Ka</search>" in env.expert_action()
    env.step(env.expert_action())
    assert env.step(env.expert_action())[1] == 1.0


def test_the_expert_searches_the_question_where_no_titles_are_told(folder):
    env = SearchQAEnv(data=folder, split="test")
    env.reset(options={"item": 0})
    assert "<search>who is the mayor of Om?</search>" in env.expert_action()
    env.step(env.expert_action())
    assert env.step(env.expert_action())[1] == 1.0


def test_training_items_begin_at_their_published_number(folder):
    tasks = PublishedTasks(folder, split="all")
    assert [task.index for task in tasks] == [0, 1, 51713]
    assert [task.split for task in tasks] == ["test", "test", "train"]
    for wrong in (2, 51712, 51714, -1):
        with pytest.raises(UnknownTask, match=f"Item id {wrong} is out of range"):
            tasks.at(wrong)


def test_the_index_is_kept_in_the_cache_and_used_again(folder, cache, monkeypatch):
    def first_hit() -> str:
        env = SearchQAEnv(data=folder, split="test")
        env.reset(options={"item": 0})
        return env.step("<search>river Zed</search>")[4]["retrieved"][0]

    assert first_hit() == "1"
    (kept,) = cache.iterdir()
    assert {path.name for path in kept.iterdir()} == {"lines.npy", "bm25"}
    file_bm25.cache_clear()
    monkeypatch.setattr(
        "agentgym_envs.searchqa.setup.build_on_disk",
        lambda *a, **k: pytest.fail("anew"),
    )
    assert first_hit() == "1"


def test_a_damaged_index_is_made_again(folder, cache):
    file = folder / "wiki-18.jsonl"
    before = file_bm25(file).search("river Zed", 2)
    (kept,) = cache.iterdir()
    (kept / "bm25" / "header.json").write_text("{}", encoding="utf-8")
    file_bm25.cache_clear()
    assert file_bm25(file).search("river Zed", 2) == before


def test_a_changed_corpus_is_indexed_anew(folder):
    file = folder / "wiki-18.jsonl"
    assert file_bm25(file).search("zeppelin", 1) == []
    write_lines(file, [{"id": 77, "contents": '"Zeppelin"\nA zeppelin flies.'}])
    corpus_module.file_corpus.cache_clear()
    file_bm25.cache_clear()
    (hit,) = file_bm25(file).search("zeppelin", 1)
    assert hit["id"] == "77"


def test_a_corpus_in_the_place_of_the_original_is_found(tmp_path):
    write_lines(tmp_path / "queries" / "test.jsonl", FLASHRAG)
    write_corpus(tmp_path / "retrieve_data" / "wiki-18.jsonl")
    env = SearchQAEnv(data=tmp_path, split="test")
    env.reset(options={"item": 0})
    assert env.step("<search>Om</search>")[4]["retrieved"]


def test_one_file_of_questions_is_enough(folder):
    env = SearchQAEnv(data=folder / "test.jsonl", split="test")
    assert len(env.tasks) == 2
    assert len(SearchQAEnv(data=folder / "train.jsonl").tasks) == 1
    with pytest.raises(DataError, match="no items in the split 'train'"):
        SearchQAEnv(data=folder / "test.jsonl")


def test_a_corpus_without_a_last_line_break_is_whole(tmp_path):
    file = write_corpus(tmp_path / "wiki-18.jsonl")
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    corpus = FileCorpus(file)
    assert [corpus[row] for row in range(len(corpus))] == PASSAGES
    assert [corpus.id_of(row) for row in range(len(corpus))] == list("01234")


def test_lines_are_found_across_the_pieces_that_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus_module, "CHUNK", 7)
    corpus = FileCorpus(write_corpus(tmp_path / "wiki-18.jsonl"))
    assert [corpus[row] for row in range(len(corpus))] == PASSAGES


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "record 1 is not JSON"),
        ("", "record 1 is not JSON"),
        ("[]", "record 1 is no object"),
        ('{"contents": "x"}', "record 1: the field 'id' is None"),
        ('{"id": true, "contents": "x"}', "record 1: the field 'id' is True"),
        ('{"id": "1"}', "record 1: the field 'contents' is None"),
        ('{"id": "1", "contents": ["x"]}', "record 1: the field 'contents'"),
        ("\xff", "record 1"),
    ],
)
def test_a_damaged_corpus_names_file_record_and_field(tmp_path, line, message):
    file = tmp_path / "wiki-18.jsonl"
    good = b'{"id": "0", "contents": "T\\nx"}\n'
    file.write_bytes(good + line.encode("latin-1") + b"\n" + good)
    with pytest.raises(DataError, match=rf"wiki-18\.jsonl: {message}"):
        file_bm25(file)


def test_an_empty_corpus_is_an_error(tmp_path):
    (tmp_path / "wiki-18.jsonl").write_bytes(b"")
    with pytest.raises(DataError, match=r"wiki-18\.jsonl"):
        FileCorpus(tmp_path / "wiki-18.jsonl")


def test_questions_without_passages_need_a_server(tmp_path):
    file = write_lines(tmp_path / "only" / "test.jsonl", FLASHRAG)
    with pytest.raises(DataError, match=r"no file wiki-18\.jsonl"):
        SearchQAEnv(data=file.parent, split="test")
    env = SearchQAEnv(data=file.parent, split="test", retriever=lambda query, k: [])
    env.reset(options={"item": 0})
    assert env.step("<search>x</search>")[0] == "<information></information>"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "is no object"),
        ({"golden_answers": ["x"]}, "the field 'question' is None"),
        ({"question": " ", "golden_answers": ["x"]}, "the field 'question'"),
        ({"question": 5, "golden_answers": ["x"]}, "the field 'question' is 5"),
        ({"question": "q"}, "the field 'golden_answers' is None"),
        ({"question": "q", "golden_answers": []}, "the field 'golden_answers'"),
        ({"question": "q", "golden_answers": [1]}, "'golden_answers' holds more than"),
        (
            {"question": "q", "reward_model": {"ground_truth": {}}},
            "'reward_model.ground_truth.target'",
        ),
    ],
)
def test_a_damaged_record_is_named(folder, record, message):
    write_lines(folder / "test.jsonl", [FLASHRAG[0], record])
    env = SearchQAEnv(data=folder, split="test")
    with pytest.raises(DataError, match=rf"test\.jsonl: record 1.*{message}"):
        env.reset(options={"item": 1})


def test_lines_that_are_no_json_are_named(folder):
    (folder / "test.jsonl").write_text('{"question": "q"}\n{\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"test\.jsonl: record 1"):
        SearchQAEnv(data=folder, split="test")


def test_a_folder_without_questions_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"holds no test\.parquet"):
        SearchQAEnv(data=tmp_path)
    with pytest.raises(DataError, match="no such file or folder"):
        SearchQAEnv(data=tmp_path / "nowhere")


def flashrag(folder: Path, counts: dict[str, int]) -> Path:
    """Write files as FlashRAG lays them out; answers tell set, split and row."""
    for name, count in counts.items():
        records = [
            {"id": str(row), "question": "q", "golden_answers": [f"{name} {row}"]}
            for row in range(count)
        ]
        write_lines(folder / f"{name}.jsonl", records)
    return folder


def test_the_folders_of_flashrag_have_the_numbers_of_agentgym(tmp_path):
    counts = {
        "nq/test": 3,
        "nq/dev": 5,
        "nq/train": 4,
        "hotpotqa/dev": 2,
        "hotpotqa/train": 1,
        "bamboogle/test": 2,
        "squad/dev": 9,
    }
    folder = flashrag(tmp_path / "flashrag", counts)
    tasks = PublishedTasks(folder, split="all")
    expected = {
        0: ("nq/test 0", "nq", "test"),
        2: ("nq/test 2", "nq", "test"),
        29190: ("hotpotqa/dev 0", "hotpotqa", "test"),
        51589: ("bamboogle/test 1", "bamboogle", "test"),
        51713: ("nq/train 0", "nq", "train"),
        130881: ("hotpotqa/train 0", "hotpotqa", "train"),
    }
    for index, told in expected.items():
        task = tasks.at(index)
        payload = task.payload
        assert (payload["targets"][0], payload["source"], task.split) == told
    assert len(tasks) == 3 + 2 + 2 + 4 + 1
    assert len(PublishedTasks(folder, split="train")) == 5
    for wrong in (3, 3610, 29192, 51590, 130882, 221328):
        with pytest.raises(UnknownTask, match=f"Item id {wrong} is out of range"):
            tasks.at(wrong)


def test_more_records_than_a_data_set_has_numbers_are_refused(tmp_path):
    folder = flashrag(tmp_path / "flashrag", {"bamboogle/test": 126})
    with pytest.raises(DataError, match=r"test\.jsonl: 126 records; .* for 125"):
        PublishedTasks(folder, split="test")


def test_a_packed_corpus_says_to_unpack_it(tmp_path):
    folder = flashrag(tmp_path / "flashrag", {"nq/test": 1})
    (folder / "wiki-18.jsonl.gz").write_bytes(b"")
    with pytest.raises(DataError, match=r"wiki-18\.jsonl\.gz: unpack it first"):
        SearchQAEnv(data=folder, split="test")


@pytest.mark.parametrize("parity", [False, True])
def test_published_data_keeps_all_promises(tmp_path, parity):
    folder = flashrag(tmp_path / "set", {"nq/test": 9, "nq/train": 9, "musique/dev": 5})
    write_corpus(folder / "wiki-18.jsonl")
    check_agent_env("agentgym/SearchQA-v0", data=str(folder), parity=parity)


def test_a_plain_text_is_one_target(folder):
    write_lines(folder / "test.jsonl", [{"question": "q", "golden_answers": "x"}])
    env = SearchQAEnv(data=folder, split="test")
    env.reset(options={"item": 0})
    assert env.task.payload["targets"] == ["x"]


def test_copies_share_the_records(folder):
    tasks = PublishedTasks(folder, split="test")
    assert copy.deepcopy(tasks)._parts[0].table is tasks._parts[0].table
    again = pickle.loads(pickle.dumps(tasks))
    assert [task.goal for task in again] == [task.goal for task in tasks]
    assert len(pickle.dumps(tasks)) < 1000


def test_parquet_files_are_read_as_agentgym_makes_them(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [
        processed("who wrote it?", ["Ada", "Ada Brook"], "nq"),
        processed("where is Om?", ["Zedland"], "popqa"),
    ]
    for name, records in (("test", rows), ("train", rows[:1])):
        file = tmp_path / "queries" / f"{name}.parquet"
        file.parent.mkdir(exist_ok=True)
        parquet.write_table(pyarrow.Table.from_pylist(records), file)
    env = SearchQAEnv(data=tmp_path, split="test", retriever=lambda query, k: [])
    _, info = env.reset(options={"item": 1})
    assert env.goal == "where is Om?"
    assert info["data_source"] == "popqa"
    assert env.step("<answer>zedland</answer>")[1] == 1.0
    assert env.tasks.at(51713).payload["targets"] == ["Ada", "Ada Brook"]


def test_parquet_files_of_flashrag_itself_will_do(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "test.parquet"
    # The columns are those of the first record.
    parquet.write_table(pyarrow.Table.from_pylist(FLASHRAG[::-1]), file)
    table = read_parts(tmp_path)[0].table
    assert table[1].question == "who is the mayor of Om?"
    assert table[1].targets == ["Ada Brook"]
    assert [record.support for record in table] == [["Zed (river)", "Mount Ka"], []]
    assert set(table._rows[0]) == {"question", "golden_answers", "metadata"}
    assert set(table._rows[0]["metadata"]) == {"supporting_facts"}


@pytest.mark.parametrize(
    "metadata",
    [
        {"level": "easy"},
        {"supporting_facts": ["Om"]},
        {"supporting_facts": {"sent_id": [1]}},
        "Om",
        None,
    ],
    ids=repr,
)
def test_other_metadata_tells_no_titles(tmp_path, metadata):
    record = {"question": "q", "golden_answers": ["x"], "metadata": metadata}
    write_lines(tmp_path / "test.jsonl", [record])
    assert read_parts(tmp_path)[0].table[0].support == []
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "p").mkdir()
    file = tmp_path / "p" / "test.parquet"
    parquet.write_table(pyarrow.Table.from_pylist([record]), file)
    assert read_parts(tmp_path / "p")[0].table[0].support == []


def test_what_no_item_needs_is_not_kept(tmp_path):
    context = {"sentences": ["x" * 1000] * 10}
    titles = {"title": ["Om", "Um"], "sent_id": [0, 1]}
    record = {
        **FLASHRAG[0],
        "metadata": {"supporting_facts": titles, "context": context},
    }
    write_lines(tmp_path / "test.jsonl", [record] * 3)
    table = read_parts(tmp_path)[0].table
    assert table[2].support == ["Om", "Um"]
    assert len(json.dumps(table._rows)) < 1000


def test_parquet_without_its_package_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "test.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[searchqa-parquet\]"):
        read_parts(tmp_path)


def test_damaged_parquet_files_are_named(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "test.parquet"
    file.write_bytes(b"PAR1 no more")
    with pytest.raises(DataError, match=r"test\.parquet"):
        read_parts(tmp_path)
    for columns, missing in (
        ({"golden_answers": [["x"]]}, "question"),
        ({"question": ["q"]}, "golden_answers"),
    ):
        parquet.write_table(pyarrow.table(columns), file)
        with pytest.raises(DataError, match=f"no column '{missing}'"):
            read_parts(tmp_path)
    rows = {"question": ["q", None], "golden_answers": [["x"], ["y"]]}
    parquet.write_table(pyarrow.table(rows), file)
    with pytest.raises(DataError, match="record 1: the field 'question' is None"):
        read_parts(tmp_path)[0].table[1]


def test_whole_published_files_tell_their_data_sets_by_number(tmp_path):
    line = '{"question": "q", "golden_answers": ["x"]}\n'
    train = PUBLISHED_END - 51713
    (tmp_path / "test.jsonl").write_text(line * 51713, encoding="utf-8")
    (tmp_path / "train.jsonl").write_text(line * train, encoding="utf-8")
    tasks = PublishedTasks(tmp_path, split="all")
    assert len(tasks) == PUBLISHED_END
    for (start, source), (end, _) in pairwise(PUBLISHED):
        for index in (start, end - 1):
            assert tasks.at(index).payload["source"] == source
            assert tasks.at(index).split == ("test" if index < 51713 else "train")
    with pytest.raises(UnknownTask, match="Item id 221328 is out of range"):
        tasks.at(221328)


def test_long_work_is_told_in_a_line_where_nobody_watches(capsys):
    with progress("Counting", 10) as advance:
        advance(10)
    assert capsys.readouterr().err == "Counting\n"


def test_long_work_shows_a_bar_on_a_terminal(capsys, monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress("Counting", 10) as advance:
        advance(10)
    told = capsys.readouterr().err
    assert "Counting" in told and "100%" in told
