# ruff: noqa: E501
"""Sheet on a service that answers as Google Sheets does, through gspread."""

from __future__ import annotations

import copy
import gc
import json
import logging
import os
import pickle
import subprocess
import sys

import pytest
from loopback import (
    BUSY,
    BUSY_2,
    DROP,
    EMPTY,
    FINAL,
    LASTING,
    LATE_DOWN,
    LATE_DROP,
    LATE_SLOW,
    PASSING,
    SLOW_ONES,
    Answer,
    Trouble,
)
from patient import TRIES, assert_failed_only, patience, state, tell

from agentgym_envs.errors import (
    BadOption,
    MissingExtra,
    MissingKey,
    ServiceUnavailable,
    SnapshotError,
)
from agentgym_envs.sheet.env import SheetEnv
from agentgym_envs.tools.replies import write_call

pytest.importorskip("gspread")
from google_sheets import ACCESS, GoogleService, credentials_file

from agentgym_envs.sheet.live import GoogleBooks

ITEM = 3
READS = [
    ("get_all_values", {}),
    ("get_value_by_formula", {"start_position": "A1", "end_position": "C3", "operator": "COUNT"}),
    ("get_range_values", {"start_position": "A1", "end_position": "B2"}),
    ("get_cell_value", {"position": "B2"}),
    ("filter_cells", {"query": "a"}),
    ("get_note", {"position": "A1"}),
]  # fmt: skip
SAFE_CHANGES = [
    ("freeze_data", {"dimension": "rows", "num": 1}),
    ("update_cell", {"position": "B2", "value": "12%"}),
    ("update_cell_by_formula", {"start_position": "A2", "end_position": "C3", "result_position": "H2", "operator": "SUM"}),
    ("update_range", {"start_position": "A3", "end_position": "B3", "values_list": [["x", 3]]}),
    ("sort_sheet_by_col", {"col_num": 2, "order": "des"}),
    ("merge_cells", {"start_position": "A4", "end_position": "B5"}),
    ("update_note", {"position": "A2", "content": "mind"}),
]  # fmt: skip
RISKY_CHANGES = [
    ("insert_rows", {"values_list": [["n", 1, None, True]], "row_idx": 2}),
    ("insert_cols", {"values_list": [["n", "5"], [1]], "col_idx": 2}),
    ("delete_batch_data", {"dimension": "row", "index_list": [3, 5]}),
    ("delete_batch_data", {"dimension": "col", "index_list": [2]}),
]
CHANGES = SAFE_CHANGES + RISKY_CHANGES


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory):
    """The file of a service account, to be pointed at a server."""
    file = tmp_path_factory.mktemp("google") / "credential.json"
    return credentials_file(file, "http://127.0.0.1:1"), file


@pytest.fixture
def service(signed_in, tmp_path):
    with GoogleService() as service:
        account = json.loads(signed_in[1].read_text())
        account["token_uri"] = f"{service.url}/token"
        service.path = tmp_path / "credential.json"
        service.path.write_text(json.dumps(account))
        yield service


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("SHEET_CREDENTIALS", "SHEET_EMAIL", "SHEET_FOLDER"):
        monkeypatch.delenv(name, raising=False)


def make(service, *, parity=False, **options):
    options.setdefault("patience", patience())
    options.setdefault("key", str(service.path))
    options.setdefault("leaves_stray_column", parity)
    backend = GoogleBooks(base_url=service.url, **options)
    return SheetEnv(backend=backend, split="test", parity=parity, horizon=10_000)


def begun(*envs):
    for env in envs:
        env.reset(options={"item": ITEM})
        (opening,) = [c for c in env.task.payload["path"] if c.name == "open_sheet"]
        env.step(str(opening))
    return envs[0]


def grids(service):
    """Everything that is in the account."""
    return repr(sorted((n, f.names, f.sheets) for n, f in service.files.items()))


def test_experts_play_as_on_the_embedded_book_and_nothing_is_left(service):
    live = make(service)
    embedded = SheetEnv(split="test")
    live.horizon = embedded.horizon
    for item in range(0, 18, 3):
        assert live.reset(options={"item": item}) == embedded.reset(
            options={"item": item}
        )
        asked = len(service.asked)
        while not embedded.is_over:
            action = embedded.expert_action()
            assert live.expert_action() == action
            assert live.step(action) == embedded.step(action)
        assert live.is_over and live._state.level == 1.0
        assert len(service.files) == 1
        # One request for a change, and one to look.
        assert len(service.asked) - asked <= 2 * live._steps
    live.close()
    assert service.files == {}


@pytest.mark.parametrize("parity", [False, True])
def test_every_tool_says_what_it_says_of_the_embedded_book(service, parity):
    live = make(service, parity=parity)
    embedded = SheetEnv(split="test", parity=parity, horizon=10_000)
    for env in (live, embedded):
        env.reset(options={"item": ITEM})
        assert "open a sheet" in tell(env, "get_all_values")
    name = live.task.payload["path"][0].arguments["name"]
    for call in [
        ("open_sheet", {"name": "Nope"}),
        ("open_sheet", {"name": name}),
        *READS,
        *(each for change in CHANGES for each in (change, *READS)),
        ("del_sheet", {"name": name}),
        ("freeze_data", {"dimension": "columns", "num": "2"}),
        ("freeze_data", {"dimension": "cells", "num": 1}),
        ("freeze_data", {"dimension": "rows", "num": 1000}),
        ("get_A1_annotation", {"row": 2, "col": 7}),
        ("get_A1_annotation", {"row": 5000, "col": 7}),
        ("get_A1_annotation", {"row": 0, "col": 1}),
        ("insert_rows", {"values_list": [["a"] * 30], "row_idx": 1}),
        ("insert_rows", {"values_list": [["end"]], "row_idx": 12}),
        ("insert_rows", {"values_list": [["a"]], "row_idx": "1"}),
        ("insert_rows", {"values_list": [], "row_idx": 1}),
        ("insert_cols", {"values_list": [[1], ["two", 2]], "col_idx": 1}),
        ("insert_cols", {"values_list": "ab", "col_idx": 99}),
        ("delete_batch_data", {"dimension": "row", "index_list": [2, 0]}),
        ("delete_batch_data", {"dimension": "row", "index_list": [2, 9999]}),
        ("delete_batch_data", {"dimension": "col", "index_list": ["b"]}),
        ("delete_batch_data", {"dimension": "row", "index_list": list(range(1, 40))}),
        ("update_cell", {"position": "C3", "value": "=1+1"}),
        ("update_cell", {"position": "C3", "value": "=SUM("}),
        ("update_cell", {"position": "C3", "value": ""}),
        ("update_cell", {"position": "AB3", "value": 1}),
        ("update_cell", {"position": "no", "value": 1}),
        ("update_cell", {"position": "D3", "value": True}),
        ("update_cell", {"position": "D4", "value": "it's \"quoted\" é ☃"}),
        ("update_range", {"start_position": "A2", "end_position": "B2", "values_list": [["=1", None]]}),
        ("update_range", {"start_position": "D2", "end_position": "D3", "values_list": [[1], [2], [3]]}),
        ("update_range", {"start_position": "D2", "end_position": "D3", "values_list": []}),
        ("update_range", {"start_position": "x", "end_position": "D3", "values_list": [[1]]}),
        ("update_cell_by_formula", {"position_list": ["B2", "B3"], "result_position": "J1", "operator": "MINUS"}),
        ("update_cell_by_formula", {"position_list": ["b2"], "result_position": "J1", "operator": "SUM"}),
        ("get_value_by_formula", {"position_list": ["B2", "B3"], "operator": "MAX"}),
        ("get_value_by_formula", {"start_position": "A1", "end_position": "ab", "operator": "SUM"}),
        ("get_value_by_formula", {"start_position": "A1", "end_position": "B1", "operator": "AVERAGE"}),
        ("get_value_by_formula", {"start_position": "A1", "end_position": "B1", "operator": "MEAN"}),
        ("sort_sheet_by_col", {"col_num": 1, "order": "asc"}),
        ("sort_sheet_by_col", {"col_num": 1, "order": "up"}),
        ("merge_cells", {"start_position": "A5", "end_position": "C6"}),
        ("merge_cells", {"start_position": "B6", "end_position": "D9"}),
        ("filter_cells", {"query": "("}),
        ("filter_cells", {"query": "1", "in_column": 2}),
        ("update_note", {"position": "B2", "content": 5}),
        ("update_cell", {}),
        ("fly", {}),
        *READS,
    ]:  # fmt: skip
        action = write_call(*call)
        answer, wanted = live.step(action), embedded.step(action)
        if parity and wanted[4]["invalid_action"] and "Invalid" in wanted[0]:
            assert answer[0] == wanted[0]
        assert answer == wanted, call
    live.close()


@pytest.mark.parametrize("trouble", sorted(LASTING))
def test_a_failing_service_is_an_observation_whatever_fails(service, trouble):
    env = begun(make(service))
    slow = trouble in SLOW_ONES
    env._backend._client.http_client.patience = patience(slow=slow)
    calls = (
        READS[:1] + SAFE_CHANGES[:1] + RISKY_CHANGES[:1] if slow else READS + CHANGES
    )
    for name, arguments in calls:
        # What is seen already need not be asked for.
        env._backend._is_seen = False
        before, kept = state(env), grids(service)
        service.lasting = LASTING[trouble]
        text = assert_failed_only(env, write_call(name, arguments), before=before)
        assert ACCESS not in text
        assert grids(service) == kept
        service.heal()
    assert "Service" not in tell(env, "get_all_values")
    env.close()


@pytest.mark.parametrize("trouble", sorted(set(LASTING) - set(SLOW_ONES)))
def test_a_change_that_fails_says_what_is_known(service, trouble):
    env = begun(make(service))
    for name, arguments in CHANGES:
        tell(env, "get_all_values")
        before, kept = state(env), grids(service)
        service.lasting = LASTING[trouble]
        text = assert_failed_only(env, write_call(name, arguments), before=before)
        nothing = trouble.startswith("busy")
        assert ("Nothing changed" in text) == nothing
        assert ("not known whether anything changed" in text) != nothing
        assert grids(service) == kept
        service.heal()
    env.close()


def test_what_passes_is_not_seen_by_the_agent(service):
    env, embedded = make(service), SheetEnv(split="test", horizon=10_000)
    begun(env, embedded)
    for trouble in PASSING:
        for name, arguments in READS[:2]:
            env._backend._is_seen = False
            service.troubles = [LASTING[trouble]] * (TRIES - 1)
            call = write_call(name, arguments)
            assert env.step(call) == embedded.step(call)
            assert not service.troubles
    env.close()


@pytest.mark.parametrize("trouble", [LATE_DROP, LATE_DOWN, BUSY, BUSY_2, DROP])
def test_what_may_be_done_twice_is_asked_for_again(service, trouble):
    env, embedded = make(service), SheetEnv(split="test", horizon=10_000)
    begun(env, embedded)
    for name, arguments in SAFE_CHANGES:
        service.troubles = [trouble]
        call = write_call(name, arguments)
        assert env.step(call) == embedded.step(call)
        assert not service.troubles
    env.close()


@pytest.mark.parametrize("trouble", [LATE_DROP, LATE_DOWN, LATE_SLOW])
def test_what_must_not_be_done_twice_is_not(service, trouble):
    env, embedded = make(service), SheetEnv(split="test", horizon=10_000)
    begun(env, embedded)
    if trouble is LATE_SLOW:
        env._backend._client.http_client.patience = patience(slow=True)
    for name, arguments in RISKY_CHANGES:
        asked = len(service.asked)
        service.troubles = [trouble]
        call = write_call(name, arguments)
        text = assert_failed_only(env, call, before=state(env))
        assert "not known whether anything changed" in text
        assert len(service.asked) == asked + 1
        # It was made, once, as the agent sees when it looks.
        embedded.step(call)
        assert tell(env, "get_all_values") == tell(embedded, "get_all_values")
    env.close()


def test_what_was_refused_for_haste_is_asked_for_again(service):
    env, embedded = make(service), SheetEnv(split="test", horizon=10_000)
    begun(env, embedded)
    for name, arguments in RISKY_CHANGES:
        service.troubles = [BUSY_2]
        call = write_call(name, arguments)
        assert env.step(call) == embedded.step(call)
    env.close()


def test_a_change_that_can_not_be_shown_is_not_denied(service):
    env = begun(make(service))
    service.troubles = [Trouble("pass"), *[DROP] * TRIES]
    text = tell(env, *("update_cell",), position="B2", value="new")
    assert "The last change was made" in text and "Nothing changed" not in text
    assert "'new'" in tell(env, "get_all_values")
    env.close()


def test_the_servers_repetition_in_parity_spares_a_failing_service(service):
    env = begun(make(service, parity=True))
    service.troubles = [LATE_DROP]
    asked = len(service.asked)
    tell(env, "insert_rows", values_list=[["error"]], row_idx=2)
    assert len(service.asked) == asked + 1
    assert tell(env, "get_all_values").count("'error'") == 1
    env.close()


@pytest.mark.parametrize("parity", [False, True])
def test_finishing_waits_for_a_service_that_can_show_the_sheet(service, parity):
    env = make(service, parity=parity)
    env.horizon = 15
    env.reset(options={"item": ITEM})
    while not env.expert_action().startswith("Action: finish"):
        env.step(env.expert_action())
    level = env._state.level
    env._backend._is_seen = False
    service.lasting = LASTING["down"]
    text, _, done, _, info = env.step(write_call("finish", {}))
    assert "Service unavailable" in text
    assert not done and not info["success"] and info["score"] == level
    service.heal()
    assert env.step(write_call("finish", {}))[1:3] == (1.0, True)
    env.close()


@pytest.mark.parametrize("good", [0, 1, 2, 3])
def test_an_episode_that_can_not_begin_leaves_the_old_one_going(service, good):
    env = begun(make(service))
    before, kept = state(env), grids(service)
    for trouble in sorted(set(LASTING) - set(SLOW_ONES)):
        tries = 1 if trouble in FINAL else TRIES
        service.troubles = [Trouble("pass")] * good + [LASTING[trouble]] * tries
        with pytest.raises(ServiceUnavailable, match="no episode can begin"):
            env.reset(options={"item": 4})
        service.heal()
        assert (state(env), grids(service)) == (before, kept)
    assert "Service" not in tell(env, "update_cell", position="A1", value="on")
    env.close()


def test_an_account_without_room_is_a_clear_error(service):
    service.room = 0
    with pytest.raises(ServiceUnavailable, match="storage quota has been exceeded"):
        make(service).reset(options={"item": ITEM})


def test_an_account_that_can_not_sign_in_is_a_clear_error(service, caplog):
    caplog.set_level(logging.DEBUG)
    service.lasting = Trouble("answer", Answer(400, {"error": "invalid_grant"}))
    with pytest.raises(ServiceUnavailable, match="does not accept the service account"):
        make(service).reset(options={"item": ITEM})
    assert len(service.asked) == 1
    service.lasting = DROP
    with pytest.raises(ServiceUnavailable, match="can't be reached for signing in"):
        make(service).reset(options={"item": ITEM})
    service.heal()
    make(service).reset(options={"item": ITEM})
    assert "PRIVATE KEY" not in caplog.text and ACCESS not in caplog.text


def test_two_episodes_in_one_account_never_see_each_other(service):
    one, other = make(service), make(service)
    begun(one, other)
    before = tell(other, "get_all_values")
    tell(one, "update_cell", position="B2", value="mine")
    other._backend._is_seen = False
    assert tell(other, "get_all_values") == before
    one.close()
    assert tell(other, "get_all_values") == before
    other.close()


def test_what_an_episode_made_goes_with_its_environment(service):
    env = begun(make(service))
    env.reset(options={"item": 4})
    assert len(service.files) == 1
    del env
    gc.collect()
    assert service.files == {}


def test_a_spreadsheet_that_somebody_deleted_is_an_observation(service):
    env = begun(make(service))
    service.files.clear()
    assert "Requested entity was not found" in tell(
        env, "update_cell", position="A1", value=1
    )
    assert "refuses to show the sheet" in tell(env, "get_all_values")
    text, _, done, _, _ = env.step(write_call("finish", {}))
    assert "Service unavailable" in text and not done
    env.close()


def test_spreadsheets_are_shared_and_kept_where_one_says(service, monkeypatch):
    monkeypatch.setenv("SHEET_EMAIL", "me@example.org")
    env = begun(make(service, folder="a-folder"))
    (file,) = service.files.values()
    assert file.readers == ["me@example.org"]
    created = next(a for a in service.asked if a.path == "/drive/v3/files")
    assert created.body["parents"] == ["a-folder"]
    assert created.body["name"] == f"agentgym {env.task.id}"
    env.close()


def test_there_are_no_snapshots_of_what_a_service_holds(service):
    env, embedded = make(service), SheetEnv(split="test")
    begun(env, embedded)
    with pytest.raises(SnapshotError, match="at Google Sheets"):
        env.snapshot()
    with pytest.raises(SnapshotError, match="at Google Sheets"):
        env.restore(embedded.snapshot())
    env.close()


def test_drawing_and_the_expert_say_that_the_service_fails(service):
    env = begun(make(service))
    assert "Sheet:" in env._ansi(colour=False)
    env._backend._is_seen = False
    service.lasting = BUSY
    assert "Service unavailable" in env._ansi(colour=False)
    with pytest.raises(ServiceUnavailable, match="the expert can't look"):
        env.expert_action()
    service.heal()
    env.close()


def test_a_sheet_that_is_none_is_no_answer(service):
    env = begun(make(service))
    good = {"sheetId": 1001, "gridProperties": {"rowCount": 5, "columnCount": 5}}
    for answer in (
        {},
        {"sheets": []},
        {"sheets": [{"properties": {**good, "sheetId": 5}}]},
        {"sheets": [{"properties": {"sheetId": 1001}}]},
        {"sheets": [{"properties": good, "data": 7}]},
        {"sheets": [{"properties": good, "data": [{"rowData": [{"values": [3]}]}]}]},
        {"sheets": [{"properties": good, "data": [{"rowData": [{"values": [{"formattedValue": 3}]}]}]}]},
    ):  # fmt: skip
        env._backend._is_seen = False
        before = state(env)
        service.lasting = Trouble("answer", Answer(200, answer))
        call = write_call("get_all_values", {})
        assert "makes no sense" in assert_failed_only(env, call, before=before)
    service.lasting = EMPTY
    call = write_call("get_value_by_formula", READS[1][1])
    env._backend._is_seen = True
    assert "makes no sense" in assert_failed_only(env, call, before=state(env))
    service.heal()
    env.close()


def test_credentials_stay_out_of_sight(service, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    env = begun(make(service))
    backend = env._backend
    secret = json.loads(service.path.read_text())["private_key"][40:80]
    texts = repr(vars(backend)) + repr(vars(env)) + caplog.text + repr(env._state)
    assert secret not in texts and ACCESS not in texts
    kept = pickle.dumps(backend)
    assert secret.encode() not in kept and ACCESS.encode() not in kept
    assert pickle.loads(kept)._path == str(service.path)
    assert copy.deepcopy(backend)._file is None
    env.close()


def test_mistakes_of_the_caller_are_told_at_once(service, monkeypatch, tmp_path):
    with pytest.raises(MissingKey, match="SHEET_CREDENTIALS"):
        SheetEnv(backend="live")
    with pytest.raises(BadOption, match="no file of a service account"):
        SheetEnv(backend="live", key=str(tmp_path / "none.json"))
    for text in ("", "[]", '{"private_key": "secret"}'):
        file = tmp_path / "bad.json"
        file.write_text(text)
        with pytest.raises(BadOption, match="not the JSON file") as caught:
            SheetEnv(backend="live", key=str(file))
        assert "secret" not in str(caught.value)
    monkeypatch.setenv("SHEET_CREDENTIALS", str(service.path))
    SheetEnv(backend="live").close()
    monkeypatch.setitem(sys.modules, "gspread", None)
    monkeypatch.delitem(sys.modules, "agentgym_envs.sheet.google", raising=False)
    import agentgym_envs.sheet

    monkeypatch.delattr(agentgym_envs.sheet, "google", raising=False)
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[tools-live\]"):
        SheetEnv(backend="live")


def test_a_process_that_ends_takes_its_spreadsheet_along(service):
    program = (
        "from agentgym_envs.sheet.env import SheetEnv\n"
        "from agentgym_envs.sheet.live import GoogleBooks\n"
        f"env = SheetEnv(backend=GoogleBooks(base_url='{service.url}'))\n"
        "env.reset(options={'item': 3})\n"
        "raise SystemExit(7)\n"
    )
    variables = {**os.environ, "SHEET_CREDENTIALS": str(service.path)}
    done = subprocess.run([sys.executable, "-c", program], env=variables, timeout=120)
    assert done.returncode == 7
    assert service.made == 1
    assert service.files == {}
