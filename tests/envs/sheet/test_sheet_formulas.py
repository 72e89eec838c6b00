from __future__ import annotations

import time

import pytest
from desk import make, table, tell
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.sheet.cells import (
    Cell,
    address,
    entered,
    numeric,
    position,
    read,
    shown,
    write,
)
from agentgym_envs.sheet.formulas import value_of
from agentgym_envs.sheet.grammar import FormulaError, parse
from agentgym_envs.sheet.references import moved, shifted

GRID = {(0, 0): 1.0, (0, 1): 2.0, (1, 0): "x", (1, 1): True, (2, 0): 4.0}


def worked_out(formula):
    try:
        return value_of(parse(formula), lambda r, c: GRID.get((r, c)), (10, 5))
    except FormulaError as error:
        return str(error)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1+2*3", 7.0),
        ("(1+2)*3", 9.0),
        ("-2^2", 4.0),  # a sign binds closer than a power, as in every spreadsheet
        ("2^3/4-1", 1.0),
        ("50%", 0.5),
        ("A1+B1", 3.0),
        ("$A$1&\" and \"&B1", "1 and 2"),
        ("A1>B1", False),
        ("SUM(A1:B3)", 7.0),
        ("sum(A1, B1, 10)", 13.0),
        ("COUNT(A1:B3)", 3.0),
        ("COUNTA(A1:B3)", 5.0),
        ("AVERAGE(A1:B1)", 1.5),
        ("MAX(A1:A3)", 4.0),
        ("MIN(A1:A3)", 1.0),
        ("PRODUCT(A1:B3)", 8.0),
        ("MINUS(A3,B1)", 2.0),
        ("ABS(-3)", 3.0),
        ("ROUND(2.345, 2)", 2.35),
        ("ROUND(-2.5)", -3.0),
        ("IF(A1=1, \"yes\", \"no\")", "yes"),
        ("IF(FALSE, 1)", False),
        ("C9", 0.0),
        ("1/0", "#DIV/0!"),
        ("AVERAGE(A2:A2)", "#DIV/0!"),
        ("A2+1", "#VALUE!"),
        ("A1:B2", "#VALUE!"),
        ("NOPE(1)", "#NAME?"),
        ("nope", "#NAME?"),
        ("1+", "#ERROR!"),
        ("(1", "#ERROR!"),
        ("{}", "#ERROR!"),
        ("A11", "#REF!"),
        ("F1", "#REF!"),
        ("#REF!+1", "#REF!"),
        ("MINUS(A1:A3)", "#N/A"),
        ("9^999", "#NUM!"),
        ("(0-1)^0.5", "#NUM!"),
    ],
)  # fmt: skip
def test_formulas_are_worked_out(formula, value):
    assert worked_out(formula) == value


def test_a_circle_is_an_error_and_a_long_chain_too():
    env = make([[Cell("x")]])
    tell(env, "update_cell", position="A1", value="=B1")
    tell(env, "update_cell", position="B1", value="=A1")
    assert table(env) == [["#REF!", "#REF!"]]
    rows = [[Cell(1.0)], *([Cell(formula=f"A{n}+1")] for n in range(1, 200))]
    shown_ = [row[0] for row in table(make(rows))]
    assert shown_[:3] == ["1", "2", "3"] and len(shown_) == 200


def test_formulas_that_look_at_too_much_are_errors_soon():
    env = make([[Cell("x")] * 5] * 40)
    tell(env, "update_cell", position="A50", value="=COUNTA(A1:E40)")
    assert table(env)[-1][0] == "200"
    everything = ",".join(["A1:Z999"] * 400)
    begin = time.process_time()
    tell(env, "update_cell", position="A1000", value=f"=SUM({everything})")
    assert table(env)[-1][0] == "#ERROR!"
    assert time.process_time() - begin < 20.0  # without the limit, minutes


def test_deep_nesting_is_no_formula():
    assert worked_out("(" * 100 + "1" + ")" * 100) == "#ERROR!"
    assert worked_out("-" * 1000 + "1") == "#ERROR!"


@pytest.mark.parametrize(
    ("before", "rows", "after"),
    [
        ("A1+B$2", 3, "A4+B$2"),
        ("SUM($A2:A10)", -1, "SUM($A1:A9)"),
        ("A1", -1, "#REF!"),
        ("\"A1\"&A1", 1, "\"A1\"&A2"),
        ("LOG10(A1)", 1, "LOG10(A2)"),
    ],
)  # fmt: skip
def test_references_move_with_their_row(before, rows, after):
    assert moved(before, rows) == after


@pytest.mark.parametrize(
    ("before", "axis", "at", "count", "after"),
    [
        ("A1+A5", 0, 2, 2, "A1+A7"),
        ("SUM(A2:A5)", 0, 2, 1, "SUM(A2:A6)"),
        ("SUM(A2:A5)", 0, 1, -1, "SUM(A2:A4)"),
        ("SUM(A2:A5)", 0, 4, -1, "SUM(A2:A4)"),
        ("SUM(A2:A2)", 0, 1, -1, "SUM(#REF!)"),
        ("A2+$B$3", 0, 1, -1, "#REF!+$B$2"),
        ("A1+C1", 1, 1, 1, "A1+D1"),
        ("A1+C1", 1, 0, -1, "#REF!+B1"),
        ("AA1", 1, 0, 1, "AB1"),
    ],
)
def test_references_follow_insertions_and_deletions(before, axis, at, count, after):
    assert shifted(before, axis, at, count) == after


@given(st.integers(0, 10**6 - 1), st.integers(0, 26 + 26**2 + 26**3 - 1))
def test_addresses_are_read_as_they_are_written(row, column):
    assert position(address(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "0.00", ""),
        (4.0, "General", "4"),
        (0.1 + 0.2, "General", "0.3"),
        (1 / 3, "General", "0.3333333333"),
        (123456789012.0, "General", "123456789012"),
        (1e20, "General", "1E+20"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (-0.001, "0.00", "0.00"),
        (1.005, "0.00", "1.01"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234.0, "#,##0", "1,234"),
        (0.125, "0.00%", "12.50%"),
        (0.125, "0%", "13%"),
        (421.0, "0.0", "421.0"),
        (5.0, "@", "5"),
        ("5", "0.00", "5"),
        (True, "0.00", "TRUE"),
    ],
)
def test_values_are_shown_in_their_formats(value, form, text):
    assert shown(value, form) == text


@pytest.mark.parametrize(
    ("typed", "form", "result"),
    [
        ("12%", "General", (0.12, "0%")),
        ("12.5%", "General", (0.125, "0.00%")),
        ("12%", "0.00", (0.12, "0.00")),
        ("1,234", "General", (1234.0, "#,##0")),
        ("true", "General", (True, "General")),
        ("'5", "General", ("5", "General")),
        ("12%", "@", ("12%", "@")),
        ("abc", "0", ("abc", "0")),
        (3.0, "0", (3.0, "0")),
    ],
)
def test_what_is_typed_is_understood(typed, form, result):
    assert entered(typed, form) == result


def test_strings_that_are_numbers_become_numbers():
    assert numeric("5") == 5.0 and numeric(" 1e3 ") == 1000.0
    assert numeric("nan") == "nan" and numeric("x") == "x" and numeric(None) is None


values = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
)


@given(
    st.builds(Cell, values, st.sampled_from(["General", "0.00", "@"]), st.text("ab"))
)
def test_cells_are_read_as_they_are_written(cell):
    assert read(write(cell)) == cell


@given(st.text('A1$:+*/(),"SUMIF<>= .%&^-#', max_size=25))
def test_any_text_behind_an_equals_sign_has_a_value(formula):
    assert worked_out(formula) is not None
    moved(formula, 3)
    shifted(formula, 1, 0, -1)
