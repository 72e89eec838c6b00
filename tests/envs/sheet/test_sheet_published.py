from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from desk import tell
from openpyxl.comments import Comment

from agentgym_envs.errors import DataError
from agentgym_envs.sheet.env import SheetEnv
from agentgym_envs.sheet.workbook import read_book

DATA = Path(__file__).parents[4] / "shared" / "data" / "tools"
has_data = pytest.mark.skipif(
    not (DATA / "sheet.jsonl").is_file(), reason="the published items are not here"
)


@has_data
def test_all_20_reference_paths_reach_the_goal():
    env = SheetEnv(data=DATA, split="test", parity=True, horizon=100)
    assert len(env.tasks) == 20
    for task in env.tasks:
        env.reset(options={"item": task.index})
        for call in task.payload["path"]:
            _, reward, done, _, info = env.step(str(call))
        assert (reward, done, info["success"]) == (1.0, True, True), task.goal


@has_data
def test_19_reference_paths_end_at_the_goal_too():
    env = SheetEnv(data=DATA, split="test", horizon=100)
    missed = []
    for task in env.tasks:
        env.reset(options={"item": task.index})
        for call in task.payload["path"]:
            *_, info = env.step(str(call))
        if not info["success"]:
            missed.append(task.index)
    # This one reaches it half-way, and then writes ranks below a missing header.
    assert missed == [6]


@has_data
@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_solves_all_20_items(parity):
    # The path of item 5 takes 31 calls, more than the published limit of 15.
    env = SheetEnv(data=DATA / "sheet.jsonl", split="test", parity=parity, horizon=31)
    for task in env.tasks:
        env.reset(options={"item": task.index})
        done = truncated = False
        while not done and not truncated:
            _, reward, done, truncated, _ = env.step(env.expert_action())
        assert reward == 1.0 and done, task.goal


@has_data
def test_the_workbook_has_its_notes_formats_and_solutions():
    book = read_book(DATA / "sheet_reference.xlsx")
    assert book.names[:3] == ("Sheet1", "Answer1", "Sheet2") and len(book.names) == 42
    original = SheetEnv(data=DATA, split="test", parity=True)
    original.reset(options={"item": 4})
    assert tell(original, "open_sheet", name="Answer5").startswith("<Worksheet")
    assert tell(original, "open_sheet", name="Sheet5") == "<Worksheet 'Sheet5' id:8>"
    note = "Progress update to Chapter 3\nOverall Score update to 45"
    assert tell(original, "get_note", position="A4") == note
    env = SheetEnv(data=DATA, split="test")
    env.reset(options={"item": 4})
    missing = "WorksheetNotFound('Answer5')"
    assert tell(env, "open_sheet", name="Answer5") == missing


def test_there_are_no_training_items_unless_lists_say_so(folder):
    with pytest.raises(DataError, match="no items in the split 'train'"):
        SheetEnv(data=folder)
    (folder / "sheet_train.json").write_text(json.dumps([{"item_id": "sheet_0"}]))
    assert len(SheetEnv(data=folder).tasks) == 1


ITEM = {
    "id": 0,
    "goal": 'Sort "Sheet1" by price.',
    "subgoals": "Reference Action Path: \nAction 1: sort_sheet_by_col with Action "
    "Input: {'col_num': '2', 'order': 'asc'}\nAction 2: filter_cells with Action "
    "Input: {'query': \"re.compile('^b')\"}\nAction 3: insert_rows with Action Input: "
    "{'values_list': \"[['c', 3]]\", 'row_idx': '3'}\n",
    "additional_info": {"answer": '[["b", "1.00"], ["a", "2.00"], ["c", "3.00"]]'},
}


@pytest.fixture
def folder(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    sheet.append(["a", 2])
    sheet.append(["b", 1.0])
    for cell in sheet["B"]:
        cell.number_format = "0.00"
    sheet["A1"].comment = Comment("first", "me")
    sheet["C1"].number_format = "yyyy"
    sheet.merge_cells("E1:F2")
    workbook.save(tmp_path / "sheet_reference.xlsx")
    (tmp_path / "sheet.jsonl").write_text(json.dumps(ITEM))
    return tmp_path


def test_paths_get_the_values_that_they_name(folder):
    env = SheetEnv(data=folder, split="test")
    env.reset(options={"item": 0})
    told = [tell(env, call.name, **call.arguments) for call in env.task.payload["path"]]
    assert told[1] == "[['b', '1.00'], ['a', '2.00']]"
    assert told[2] == "['A1']"
    assert told[-1] == "[['b', '1.00'], ['a', '2.00'], ['c', '3.00']]"


def test_a_workbook_is_read_with_notes_and_merged_areas(folder):
    book = read_book(folder / "sheet_reference.xlsx")
    assert book.names == ("Sheet1",)
    assert book.sheets[0].table() == [["a", "2.00"], ["b", "1.00"]]
    assert book.sheets[0].merges == [(0, 4, 1, 5)]
    env = SheetEnv(data=folder, split="test")
    env.reset(options={"item": 0})
    tell(env, "open_sheet", name="Sheet1")
    assert tell(env, "get_note", position="A1") == "first"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Sheet1", "Sheet9", "line 1: the field 'goal' names no sheet"),
        ('"answer"', '"result"', "line 1: the field 'answer' is missing"),
        ("[[", "[3, [", "line 1: the field 'answer' is no table"),
        ("{'col_num'", "{col_num", "line 1: the field 'subgoals' has {col_num"),
        ("Action 1:", "Deed 1:", None),
        ("Reference Action Path: ", "", None),
        ('"subgoals": "', '"subgoals": "x", "y": "', "'subgoals' has no action"),
    ],
)
def test_damaged_items_are_named_with_line_and_field(folder, old, new, message):
    file = folder / "sheet.jsonl"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    if message is None:
        SheetEnv(data=folder, split="test")
        return
    with pytest.raises(DataError, match=message):
        SheetEnv(data=folder, split="test")


def test_a_file_that_is_no_workbook_is_named(folder):
    (folder / "sheet_reference.xlsx").write_text("no workbook")
    read_book.cache_clear()
    with pytest.raises(DataError, match="sheet_reference"):
        SheetEnv(data=folder, split="test")
    (folder / "sheet_reference.xlsx").unlink()
    with pytest.raises(DataError, match=r"sheet_reference\.xlsx"):
        SheetEnv(data=folder, split="test")
