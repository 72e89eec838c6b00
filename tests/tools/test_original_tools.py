"""Every tool of the original can be called, and every error is worded as there.

Names and texts are written out here, so that no constant is compared with itself.
"""

from __future__ import annotations

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.academia.generator import graph
from agentgym_envs.movie.database import world
from agentgym_envs.tools.replies import write_call

CITY = {"latitude": 40.71, "longitude": "-74.01"}
PAST = {**CITY, "start_date": "2016-03-01", "end_date": "2016-03-31"}
AHEAD = {**CITY, "start_date": "2024-11-01", "end_date": "2024-11-30"}
TODAY = {**CITY, "current_date": "2020-02-29"}
TWO = {"latitude1": 40.7, "longitude1": -74, "latitude2": "34.1", "longitude2": "-118"}
WEATHER = {
    "get_user_current_date": {},
    "get_user_current_location": {},
    "get_historical_temp": PAST,
    "get_historical_rain": PAST,
    "get_historical_snow": PAST,
    "get_snow_forecast": AHEAD,
    "get_current_snow": TODAY,
    "get_current_temp": TODAY,
    "get_latitude_longitude": {"name": "Oslo"},
    "get_elevation": CITY,
    "get_temp_forecast": AHEAD,
    "get_rain_forecast": AHEAD,
    "get_current_rain": TODAY,
    "get_distance": TWO,
    "get_historical_air_quality_index": PAST,
    "get_current_air_quality_index": TODAY,
    "get_air_quality_level": {"air_quality_index": 37},
    "check_valid_actions": {},
    "finish": {"answer": [2, 1]},
}


def movie():
    film = next(iter(world().films.values()))
    person = world().people[film.cast[0].person]
    about, whom = {"movie_id": film.id}, {"person_id": str(person.id)}
    return {
        "get_search_movie": {"movie_name": film.title},
        "get_movie_details": about,
        "get_movie_production_companies": about,
        "get_movie_production_countries": about,
        "get_movie_cast": about,
        "get_movie_crew": about,
        "get_movie_keywords": about,
        "get_search_person": {"person_name": person.name},
        "get_person_details": whom,
        "get_person_cast": whom,
        "get_person_crew": whom,
        "get_person_external_ids": whom,
        "get_movie_alternative_titles": about,
        "get_movie_translation": about,
        "check_valid_actions": {},
        "finish": {"answer": film.title},
    }


def academia():
    def linked(net):
        one, others = next((n, e) for n, e in net.edges.items() if e)
        return {"node1": net.names[one], "node2": net.names[next(iter(others))]}

    papers, authors = linked(graph().papers), linked(graph().authors)
    return {
        "loadPaperNet": {},
        "loadAuthorNet": {},
        "neighbourCheck": {"graph": "PaperNet", "node": papers["node1"]},
        "neighborCheck": {"graph": "AuthorNet", "node": authors["node1"]},
        "paperNodeCheck": {"node": papers["node1"]},
        "authorNodeCheck": {"node": authors["node1"]},
        "authorEdgeCheck": authors,
        "paperEdgeCheck": papers,
        "check_valid_actions": {},
        "finish": {"answer": 3},
    }


AREA = {"start_position": "B2", "end_position": "B4"}
SHEET = {
    "freeze_data": {"dimension": "rows", "num": 1},
    "get_A1_annotation": {"row": 2, "col": "7"},
    "insert_cols": {"values_list": [["x", 1]], "col_idx": 2},
    "insert_rows": {"values_list": [["x", 1]], "row_idx": 2},
    "delete_batch_data": {"dimension": "col", "index_list": [2]},
    "update_cell": {"position": "B2", "value": "12"},
    "update_cell_by_formula": {**AREA, "result_position": "B6", "operator": "SUM"},
    "update_range": {**AREA, "values_list": [[1], ["2"], [3.5]]},
    "sort_sheet_by_col": {"col_num": "1", "order": "asc"},
    "merge_cells": {"start_position": "A2", "end_position": "A3"},
    "update_note": {"position": "A2", "content": "look"},
    "get_all_values": {},
    "get_range_values": AREA,
    "get_cell_value": {"position": "B2"},
    "get_value_by_formula": {**AREA, "operator": "MAX"},
    "filter_cells": {"query": "[0-9]", "in_column": 2},
    "get_note": {"position": "A2"},
    "get_observation_space": {},
    "finish": {},
}
PROJECT, TASK = {"project_id": "2300000001"}, {"task_id": "7000000001"}
TODO = {
    "get_user_current_date": {},
    "get_user_current_location": {},
    "get_projects": {},
    "update_project": {**PROJECT, "is_favorite": "True"},
    "get_tasks": {"project_id": None},
    "get_task_description": TASK,
    "get_task_duration": TASK,
    "update_task": {**TASK, "due_date": "2030-01-02"},
    "complete_task": TASK,
    "delete_task": {"task_id": "7000000002"},
    "check_valid_actions": {},
    "finish": {"answer": "done"},
}
CALLS = {
    "Weather": lambda: WEATHER,
    "Movie": movie,
    "Academia": academia,
    "Sheet": lambda: SHEET,
    "TODOList": lambda: TODO,
}
# What the original knows besides, and what always fails there.
MORE = {
    "Weather": {"convert_zipcode_to_address"},
    "Sheet": {"open_sheet", "del_sheet"},
}


def begin(family, parity):
    env = gymnasium.make(f"agentgym/{family}-v0", parity=parity)
    env.reset(options={"item": 0})
    if family == "Sheet":
        (name,) = env.unwrapped.task.payload["book"].names
        told = tell(env, "open_sheet", {"name": name})
        assert told == f"<Worksheet '{name}' id:0>"
    return env


def tell(env, name, arguments):
    text, *_ = env.step(write_call(name, arguments))
    start, end = "Observation: ", "\nGive me one action."
    assert text.startswith(start) and text.endswith(end)
    return text[len(start) : -len(end)]


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("family", CALLS)
def test_every_tool_of_the_original_can_be_called(family, parity):
    calls = CALLS[family]()
    env = begin(family, parity)
    for name, arguments in calls.items():
        if env.unwrapped.is_over or env.unwrapped._steps >= 8:
            env = begin(family, parity)
            for load in [name for name in calls if name.startswith("load")]:
                tell(env, load, {})
        text, *_, info = env.step(write_call(name, arguments))
        assert not info["invalid_action"], (name, text)
        for sign in ("ERROR", "Error", "rror(", "Invalid", "not found", "first."):
            assert sign not in text, (name, text)
    tools = {tool.name for tool in env.unwrapped.toolbox.tools}
    assert calls.keys() | MORE.get(family, set()) == tools


CORNERS = {"start_position": "a1", "end_position": "B2"}
FORMULA = {"position_list": None, "result_position": "A9", "operator": "SUM"}
HINT = (
    "'In the sheet formula, you should use A1 notation to display {} in the sheet and "
    "you can use get_A1_annotation(row, col) to get its A1 address.'"
)
TEXTS = [
    ("Academia", "paperNodeCheck", {"node": "x"}, "Please load the PaperNet first."),
    ("Academia", "authorNodeCheck", {"node": "x"}, "Please load the AuthorNet first."),
    (
        "Academia",
        "neighbourCheck",
        {"graph": "AuthorNet", "node": "x"},
        "Please load the AuthorNet first.",
    ),
    (
        "Sheet",
        "fly",
        {},
        "ERROR | Invalid action: fly. Please choose another valid action from "
        "['open_sheet', 'del_sheet', 'freeze_data', 'get_A1_annotation', "
        "'insert_cols', 'insert_rows', 'delete_batch_data', 'update_cell', "
        "'update_cell_by_formula', 'update_range', 'sort_sheet_by_col', "
        "'merge_cells', 'update_note', 'get_all_values', 'get_range_values', "
        "'get_cell_value', 'get_value_by_formula', 'filter_cells', 'get_note', "
        "'finish']",
    ),
    (
        "Sheet",
        "freeze_data",
        {"dimension": "row", "num": 1},
        "'Error: the dimension should be one of the rows/columns'",
    ),
    (
        "Sheet",
        "delete_batch_data",
        {"dimension": "row", "index_list": list(range(1, 60))},
        "'Warning: You cannot delete whole sheet at once, please try other functions'",
    ),
    (
        "Sheet",
        "update_cell_by_formula",
        {**CORNERS, **FORMULA, "operator": "MEAN"},
        '\'the operator should be one of the ["SUM", "AVERAGE", "COUNT", "MAX", '
        '"MIN", "MINUS", "PRODUCT"]\'',
    ),
    (
        "Sheet",
        "update_cell_by_formula",
        {**CORNERS, **FORMULA},
        HINT.format("all positions"),
    ),
    (
        "Sheet",
        "get_value_by_formula",
        {**CORNERS, **FORMULA},
        HINT.format("the start and end cell address"),
    ),
    (
        "Sheet",
        "update_range",
        {"start_position": "B2", "end_position": "C2", "values_list": [[1, 2, 3]]},
        "APIError({'code': 400, 'message': \"Requested writing within range "
        "['{sheet}'!B2:C2], but tried writing to column [D]\", 'status': "
        "'INVALID_ARGUMENT'})",
    ),
]


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize(("family", "name", "arguments", "text"), TEXTS)
def test_errors_are_worded_as_in_the_original(family, name, arguments, text, parity):
    env = begin(family, parity)
    if "{sheet}" in text:
        text = text.replace("{sheet}", env.unwrapped.task.payload["book"].names[0])
    assert tell(env, name, arguments) == text


@pytest.mark.parametrize("parity", [False, True])
def test_a_whole_sheet_is_not_updated_at_once(parity):
    env = begin("Sheet", parity)
    sheet = env.unwrapped.task.payload["book"].sheets[0]
    rows, columns = sheet.size()
    whole = {"start_position": "A1", "end_position": f"{chr(64 + columns)}{rows}"}
    assert tell(env, "update_range", {**whole, "values_list": [[1]]}) == (
        "'Warning: You cannot update whole sheet at once, please try other functions'"
    )


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("family", CALLS)
def test_replies_without_a_call_are_told_the_form(family, parity):
    env = begin(family, parity)
    for reply in ("", "Action: finish", "Action: finish with action input: {}"):
        assert env.step(reply)[0] == (
            "Format error, please response in the format of  "
            '"Action: [your action] with Action Input: [your action input]'
        )
    for source, error in (
        (
            "{",
            "Exception(Parameters in action input are not valid, please change your ",
        ),
        ("open('x')", "Exception(Parameters in action input are not valid, "),
    ):
        text = env.step(f"Action: finish with Action Input: {source}")[0]
        assert text.startswith(f"Observation: ERROR | {error}")
