# ruff: noqa: E501
from __future__ import annotations

import re

import pytest
from desk import cells, column, make, table, tell

from agentgym_envs.sheet.cells import Cell
from agentgym_envs.sheet.grid import HEIGHT, WIDTH
from agentgym_envs.sheet.operations import (
    NO_CORNERS,
    NO_FREEZE,
    NO_OPERATOR,
    NO_POSITIONS,
    WHOLE_RANGE,
    WHOLE_SHEET,
)

START = [
    ["Fruit", "Kind", "Price", "Stock"],
    ["apple", "pome", "1.50", "20"],
    ["cherry", "stone", "4.25", "7"],
    ["pear", "pome", "2.00", "7"],
    ["fig", "other", "3.00", ""],
]
NOT_OPEN = "Please open a sheet before operating it"


@pytest.fixture
def env():
    return make()


def test_opening_a_sheet_tells_its_number(env):
    assert tell(env, "open_sheet", name="Other") == "<Worksheet 'Other' id:1>"
    assert tell(env, "get_all_values") == "[]"
    assert tell(env, "open_sheet", name="Nope") == "WorksheetNotFound('Nope')"
    assert tell(env, "open_sheet", name=["x"]) == "WorksheetNotFound(['x'])"


def test_everything_else_needs_an_open_sheet():
    env = make()
    env.reset(options={"item": 0})
    for entry in env.action_schema:
        if entry["name"] not in ("open_sheet", "finish"):
            given = dict.fromkeys(entry["parameters"]["properties"], "x")
            assert tell(env, entry["name"], **given) == NOT_OPEN
    assert tell(env, "finish") == NOT_OPEN


def test_the_table_is_told_as_it_is_shown(env):
    assert tell(env, "get_all_values") == str(START)


def test_an_unknown_tool_is_answered_with_all_of_them(env):
    names = [
        *("open_sheet", "del_sheet", "freeze_data", "get_A1_annotation"),
        *("insert_cols", "insert_rows", "delete_batch_data", "update_cell"),
        *("update_cell_by_formula", "update_range", "sort_sheet_by_col"),
        *("merge_cells", "update_note", "get_all_values", "get_range_values"),
        *("get_cell_value", "get_value_by_formula", "filter_cells", "get_note"),
        "finish",
    ]
    assert tell(env, "check_valid_actions") == (
        "ERROR | Invalid action: check_valid_actions. Please choose another valid "
        f"action from {names}"
    )
    assert tell(env, "get_observation_space") == ""


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("del_sheet", {"name": "x"}, "AttributeError(\"'str' object has no attribute 'id'\")"),
        ("freeze_data", {"dimension": "row", "num": 1}, repr(NO_FREEZE)),
        ("freeze_data", {"dimension": "rows", "num": "1"}, "You have successfully freeze the rows 1"),
        ("freeze_data", {"dimension": "columns", "num": 2}, "You have successfully freeze the columns 2"),
        ("get_A1_annotation", {"row": "2", "col": 7}, "G2"),
        ("get_A1_annotation", {"row": 0, "col": 1}, "IncorrectCellLabel('(0, 1)')"),
        ("get_A1_annotation", {"row": 3, "col": 28}, "APIError({'code': 400, 'message': 'Range (Fruit!AB3) exceeds grid limits. Max rows: 1000, max columns: 26', 'status': 'INVALID_ARGUMENT'})"),
        ("get_A1_annotation", {"row": "x", "col": 1}, "ValueError(\"invalid literal for int() with base 10: 'x'\")"),
        ("insert_rows", {"values_list": [["x"]], "row_idx": "2"}, "TypeError(\"unsupported operand type(s) for -: 'str' and 'int'\")"),
        ("insert_rows", {"values_list": 5, "row_idx": 2}, "TypeError(\"'int' object is not iterable\")"),
        ("delete_batch_data", {"dimension": "rows", "index_list": [2]}, "'Wrong dimension, please choose from row/col'"),
        ("delete_batch_data", {"dimension": "row", "index_list": [2, 3, 4, 5]}, repr(WHOLE_SHEET)),
        ("delete_batch_data", {"dimension": "col", "index_list": [1, 2, 3, 4]}, repr(WHOLE_SHEET)),
        ("update_cell", {"position": "nowhere", "value": 1}, "IncorrectCellLabel('nowhere')"),
        ("update_cell_by_formula", {"start_position": "A1", "end_position": "A2", "result_position": "B1", "operator": "MEAN"}, repr(NO_OPERATOR)),
        ("update_cell_by_formula", {"start_position": "a1", "end_position": "A2", "result_position": "B1", "operator": "SUM"}, repr(NO_POSITIONS)),
        ("update_cell_by_formula", {"position_list": ["A1", "AA2"], "result_position": "B1", "operator": "SUM"}, repr(NO_POSITIONS)),
        ("update_cell_by_formula", {"start_position": "A1", "end_position": "A2", "operator": "SUM"}, "ERROR | KeyError('result_position')"),
        ("get_value_by_formula", {"start_position": "C2", "operator": "SUM"}, repr(NO_CORNERS)),
        ("update_range", {"start_position": "A1", "end_position": "D5", "values_list": [[1]]}, repr(WHOLE_RANGE)),
        ("update_range", {"start_position": "D2", "end_position": "D3", "values_list": [[1], [2], [3]]}, "APIError({'code': 400, 'message': \"Requested writing within range ['Fruit'!D2:D3], but tried writing to row [4]\", 'status': 'INVALID_ARGUMENT'})"),
        ("update_range", {"start_position": "?", "end_position": "D3", "values_list": []}, "APIError({'code': 400, 'message': \"Unable to parse range: 'Fruit'!?:D3\", 'status': 'INVALID_ARGUMENT'})"),
        ("sort_sheet_by_col", {"col_num": 1, "order": "up"}, "ValueError(\"Either 'asc' or 'des' should be specified as sort order.\")"),
        ("update_note", {"position": "B2", "content": 5}, "TypeError(\"Only string allowed as content for a note: 'B2 - 5'\")"),
        ("update_note", {"position": "B2", "content": "look"}, "Updated! the B2's note is look"),
        ("get_note", {"position": "B2"}, ""),
        ("get_cell_value", {"position": "C2"}, "1.50"),
        ("get_cell_value", {"position": "d5"}, "None"),
        ("get_cell_value", {"position": "A1001"}, "APIError({'code': 400, 'message': 'Range (Fruit!A1001) exceeds grid limits. Max rows: 1000, max columns: 26', 'status': 'INVALID_ARGUMENT'})"),
        ("get_range_values", {"start_position": "A2", "end_position": "B3"}, "[['apple', 'pome'], ['cherry', 'stone']]"),
        ("filter_cells", {}, "AttributeError(\"'NoneType' object has no attribute 'search'\")"),
        ("filter_cells", {"query": "pome", "in_row": 1, "in_column": 1}, "TypeError(\"Either 'in_row' or 'in_column' should be specified.\")"),
        ("filter_cells", {"query": "[a"}, "error('unterminated character set at position 0')"),
        ("filter_cells", {"query": "(a+)+$"}, "error('the regular expression takes too long')"),
        ("open_sheet", {}, "ERROR | KeyError('name')"),
    ],
)  # fmt: skip
def test_answers_and_errors_are_worded_as_in_the_original(env, name, given, text):
    before = table(env)
    assert tell(env, name, **given) == text
    assert table(env) == before


def test_the_hints_on_positions_differ():
    assert NO_POSITIONS == (
        "In the sheet formula, you should use A1 notation to display all positions in "
        "the sheet and you can use get_A1_annotation(row, col) to get its A1 address."
    )
    assert "display the start and end cell address in the sheet and you" in NO_CORNERS


def test_cells_are_typed_into(env):
    tell(env, "update_cell", position="D5", value="12")
    tell(env, "update_cell", position="A5", value="12%")
    tell(env, "update_cell", position="B5", value="true")
    tell(env, "update_cell", position="C5", value="=C2*2")
    assert table(env)[4] == ["12%", "TRUE", "3.00", "12"]
    tell(env, "update_cell", position="C2", value=2)
    assert table(env)[4][2] == "4.00"
    tell(env, "update_cell", position="A5", value="")
    assert table(env)[4][0] == ""


def test_ranges_are_written_raw(env):
    given = {"start_position": "C2", "end_position": "D3"}
    tell(env, "update_range", **given, values_list=[["5", "=A1"], [None, ""]])
    assert table(env)[1][2:] == ["5.00", "=A1"]
    assert table(env)[2][2:] == ["4.25", ""]


def test_a_string_of_rows_is_taken_character_by_character(env):
    tell(env, "insert_rows", values_list="12", row_idx=2)
    assert column(env, 0)[:4] == ["Fruit", "1", "2", "apple"]


def test_sorting_moves_the_header_unless_it_is_frozen(env):
    tell(env, "sort_sheet_by_col", col_num="3", order="des")
    assert column(env, 2) == ["Price", "4.25", "3.00", "2.00", "1.50"]
    tell(env, "sort_sheet_by_col", col_num=3, order="asc")
    assert column(env, 2) == ["1.50", "2.00", "3.00", "4.25", "Price"]
    env = make()
    tell(env, "freeze_data", dimension="rows", num=1)
    tell(env, "sort_sheet_by_col", col_num=3, order="asc")
    assert column(env, 2) == ["Price", "1.50", "2.00", "3.00", "4.25"]


def test_blanks_are_last_and_ties_keep_their_order(env):
    tell(env, "freeze_data", dimension="rows", num=1)
    tell(env, "sort_sheet_by_col", col_num=4, order="asc")
    assert column(env, 0) == ["Fruit", "cherry", "pear", "apple", "fig"]
    tell(env, "sort_sheet_by_col", col_num=4, order="des")
    assert column(env, 0) == ["Fruit", "apple", "cherry", "pear", "fig"]


def test_numbers_come_before_texts_and_these_before_truth_values():
    values = ["b", True, 3.0, "A", None, -1.0, False]
    env = make([[Cell("head")], *([Cell(value)] for value in values)])
    tell(env, "freeze_data", dimension="rows", num=1)
    tell(env, "sort_sheet_by_col", col_num=1, order="asc")
    assert column(env, 0) == ["head", "-1", "3", "A", "b", "FALSE", "TRUE"]


def test_notes_and_formats_move_with_their_row(env):
    tell(env, "update_note", position="A2", content="fresh")
    tell(env, "sort_sheet_by_col", col_num=3, order="asc")
    assert tell(env, "get_note", position="A1") == "fresh"


def test_rows_and_columns_are_inserted_and_deleted(env):
    tell(env, "insert_cols", values_list=[["Code", 1, "2"]], col_idx=2)
    assert column(env, 1) == ["Code", "1", "2", "", ""]
    tell(env, "insert_rows", values_list=[["kiwi", 3, "berry", 1]], row_idx=6)
    assert table(env)[5] == ["kiwi", "3", "berry", "1.00", ""]
    tell(env, "delete_batch_data", dimension="row", index_list=[2, 4])
    assert column(env, 0) == ["Fruit", "cherry", "fig", "kiwi"]
    tell(env, "delete_batch_data", dimension="col", index_list=[2])
    assert table(env)[0] == START[0]
    sheet = env._backend.sheet(env._state)
    assert (sheet.height, sheet.width) == (HEIGHT + 1 - 2, WIDTH + 1 - 1)


def test_an_error_in_the_middle_leaves_what_was_deleted_before(env):
    answer = tell(env, "delete_batch_data", dimension="row", index_list=[2, 0])
    assert answer.startswith("APIError({'code': 400")
    assert column(env, 0) == ["Fruit", "cherry", "pear", "fig"]


def test_an_inserted_row_looks_like_the_next_and_at_the_end_like_the_last(env):
    tell(env, "insert_rows", values_list=[[1, 1, 1, 1]], row_idx=2)
    assert table(env)[1] == ["1", "1", "1.00", "1"]
    tell(env, "insert_rows", values_list=[[1, 1, 1, 1]], row_idx=1)
    assert table(env)[0] == ["1", "1", "1", "1"]
    tell(env, "insert_rows", values_list=[[1, 1, 1, 1]], row_idx=8)
    assert table(env)[7] == ["1", "1", "1.00", "1"]


def test_formulas_look_like_their_first_cell_or_not():
    rows = cells(formats=["General", "General", "0.00", "0.0"])
    env = make(rows)
    given = {"start_position": "D2", "end_position": "D4"}
    for operator, text in (
        ("SUM", "34.0"),
        ("AVERAGE", "11.3"),
        ("MAX", "20.0"),
        ("MIN", "7.0"),
        ("COUNT", "3"),
        ("PRODUCT", "980"),
        ("MINUS", "#N/A"),
    ):
        assert tell(env, "get_value_by_formula", **given, operator=operator) == text
    pair = {"position_list": ["D2", "D3"], "operator": "MINUS"}
    assert tell(env, "get_value_by_formula", **pair) == "13.0"
    texts = {"start_position": "A2", "end_position": "A4", "operator": "AVERAGE"}
    assert tell(env, "get_value_by_formula", **texts) == "#DIV/0!"


def test_formulas_are_live_and_move_with_their_rows(env):
    for row in (2, 3, 4):
        tell(
            env,
            "update_cell_by_formula",
            start_position=f"C{row}",
            end_position=f"D{row}",
            result_position=f"E{row}",
            operator="PRODUCT",
        )
    assert column(env, 4) == ["", "30", "29.75", "14", ""]
    tell(env, "sort_sheet_by_col", col_num=3, order="des")
    assert column(env, 4) == ["", "29.75", "", "14", "30"]
    tell(env, "update_cell", position="D2", value=10)
    assert column(env, 4)[1] == "42.5"
    tell(env, "delete_batch_data", dimension="row", index_list=[1])
    assert column(env, 4) == ["42.5", "", "14", "30"]
    tell(env, "delete_batch_data", dimension="col", index_list=[3])
    assert column(env, 3) == ["10", "", "7", "20"]


def test_a_position_that_is_none_leaves_a_column_behind_in_parity_only():
    given = {"start_position": "c2", "end_position": "C3", "operator": "SUM"}
    env = make()
    tell(env, "get_value_by_formula", **given)
    assert table(env)[0] == START[0]
    env = make(parity=True, legacy_retry=False)
    tell(env, "get_value_by_formula", **given)
    assert table(env)[0] == [*START[0], "1"]


def test_merged_cells_keep_the_first_value_and_repeat_it(env):
    tell(env, "merge_cells", start_position="B2", end_position="C3")
    assert [row[1:3] for row in table(env)[:4]] == [
        ["Kind", "Price"],
        ["pome", "pome"],
        ["pome", "pome"],
        ["pome", "2.00"],
    ]
    assert tell(env, "get_cell_value", position="C3") == "None"
    answer = tell(env, "merge_cells", start_position="A1", end_position="B2")
    assert "You must select all cells in a merged range" in answer
    tell(env, "insert_rows", values_list=[["x"]], row_idx=2)
    assert table(env)[2][1:3] == ["pome", "pome"]
    tell(env, "delete_batch_data", dimension="row", index_list=[3])
    assert table(env)[2][1:3] == ["", ""]


def test_texts_are_searched_not_matched(env):
    assert tell(env, "filter_cells", query="e") == str(
        ["C1", "A2", "B2", "A3", "B3", "A4", "B4", "B5"]
    )
    assert tell(env, "filter_cells", query="7", in_column="4") == "['D3', 'D4']"
    assert tell(env, "filter_cells", query="^p", in_row=2) == "['B2']"
    either = re.compile("^(apple|FIG)$", re.IGNORECASE)
    assert tell(env, "filter_cells", query=either) == "['A2', 'A5']"


def test_costly_patterns_are_refused_and_others_searched(env):
    for query in ("(x+x+)+y", "(.*)*(.*)*(.*)*z", "((a|aa)+)+$"):
        assert "takes too long" in tell(env, "filter_cells", query=query)
    for query in (r"8[1-9]|[9]\d|\d{3,}", "(pome|stone)+", r"^\w+$", ".*e.*"):
        assert "error" not in tell(env, "filter_cells", query=query)


def test_in_parity_an_answer_with_an_error_is_asked_for_again():
    env = make(parity=True)
    tell(env, "delete_batch_data", dimension="row", index_list=[2, 0])
    # The third run would delete all that is left, and is warned.
    assert column(env, 0) == ["Fruit", "pear", "fig"]
    env = make(parity=True, legacy_retry=False)
    tell(env, "delete_batch_data", dimension="row", index_list=[2, 0])
    assert column(env, 0) == ["Fruit", "cherry", "pear", "fig"]
