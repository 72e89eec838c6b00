from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentgym_envs.tools import expressions
from agentgym_envs.tools.expressions import InvalidInput, evaluate

literals = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3).filter(str.isascii), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(literals)
def test_literals_have_the_value_that_python_gives_them(value):
    assert evaluate(repr(value)) == value


PARTS = [
    *("'a'", '"b"', "''", "'it\"s'", "b'x'", "'\t'", "'\x00'", "'é\u2028'", "'\ud800'"),
    *("0", "-0", "-1", "1.5", "-0.0", "1.", ".5", "01", "1_0", "1e5", "1E+3", "1e999"),
    *("true", "null", "None", "True", "NaN", "Infinity", "-Infinity", "'true'"),
    *("[", "]", "{", "}", ":", ",", " ", "\n", "\r", "\x0c", "\xa0", "#", "\\", "(1,)"),
]
inputs = st.lists(
    st.sampled_from(PARTS) | st.sampled_from(["'k': ", "'a': 1, ", "[1, 'x'], "]),
    max_size=9,
).map(lambda parts: f"{{{''.join(parts)}}}") | literals.map(
    lambda value: repr({"k": value})
)


@given(inputs, st.sampled_from(["", " ", "\n", "\xa0", "x"]), st.booleans())
@example("{'a': 1}", "\t\n ", True)
@example("{'a': NaN}", "", True)
@example("{'a': " + "[" * 40 + "]" * 40 + "}", "", True)
def test_plain_inputs_are_read_as_all_others_are(source, end, json_literals):
    source += end
    plain = expressions._read_plain(source, json_literals)
    if plain is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(expressions, "_read_plain", lambda *_: None)
            assert repr(evaluate(source, json_literals=json_literals)) == repr(plain)


def test_what_agents_write_is_plain():
    for source in (
        "{}",
        "{'latitude': -33.87, 'end_date': '2023-05-01'}",
        '{"answer": ["São Paulo", null, true]}',
        "{'values_list': [[1, 2.5], ['x', 'y']]} ",
    ):
        assert expressions._read_plain(source, True) is not None


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{}", {}),
        ('{"a": \'b\', "c": [1, 2.5, (3,)]}', {"a": "b", "c": [1, 2.5, (3,)]}),
        ("[[25.00 + 5]]", [[30.0]]),
        ("-2 ** 2 + 7 // 2 % 2", -3),
        ("10 / 4", 2.5),
        ("'ab' 'cd' + 'ef'", "abcdef"),
        ("[0] * 3", [0, 0, 0]),
        ("math.sqrt(4)", 2.0),
        ("math.pi", math.pi),
        ("math.prod([2, 3.5]) + math.lcm(4, 6)", 19.0),
        ("round(1234, -2)", 1200),
        ("round(2.5)", 2),
        ("dict(a=1, b=[2])", {"a": 1, "b": [2]}),
        ("round(sum([1.25, 2]) / len('ab'), 2)", 1.62),
        ("sorted([3, 1, 2], reverse=True)", [3, 2, 1]),
        ("max(1, int('4'), float('2.5'))", 4),
        ("str(tuple([1, abs(-2)]))", "(1, 2)"),
        ("re.compile('a|b', re.I)", re.compile("a|b", re.IGNORECASE)),
        ("not 1", False),
        ("0x1f", 31),
        ("1_000", 1000),
    ],
)
def test_expressions_have_the_value_that_python_gives_them(source, value):
    result = evaluate(source)
    assert result == value and type(result) is type(value)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x",
        "null",
        "{'a': true}",
        "{'a': 1",
        "a = 1",
        "1; 2",
        "lambda: 1",
        "[x for x in [1]]",
        "f'{1}'",
        "'%s' % 1",
        "(1).real",
        "''.join(['a'])",
        "[1][0]",
        "1 if 1 else 2",
        "1 < 2",
        "1 and 2",
        "__import__('os')",
        "open('x')",
        "eval('1')",
        "math.sqrt",
        "math.__loader__",
        "re.compile('x', re.DEBUG)",
        "re.compile('x', 128)",
        "re.compile('(')",
        "re.sub('a', 'b', 'c')",
        "dict(**{'a': 1})",
        "{**{'a': 1}}",
        "[*[1]]",
        "1 / 0",
        "int('x')",
        "{[]: 1}",
        "sorted([1, 'a'])",
        "'\\ud800'",
        "print('x')",
        "{1} - {2}",
        "...x",
    ],
)
def test_everything_else_is_refused(source):
    with pytest.raises(InvalidInput):
        evaluate(source)


def test_json_literals_are_understood_on_request():
    source = '{"a": [true, false, null]}'
    assert evaluate(source, json_literals=True) == {"a": [True, False, None]}


@pytest.mark.parametrize(
    "source",
    [
        "(" * 4000,
        "-" * 4000 + "1",
        "[" * 1000 + "]" * 1000,
        "1" + "+1" * 1500,
        "9" * 4900,
        "9**9**9**9",
        "(2**16000)**2",
        "2**10**10",
        "'a' * 10**9",
        "[[[0] * 999] * 999] * 999",
        "[0] * 10**30",
        "math.factorial(10**9)",
        "math.comb(10**9, 10**8)",
        "re.compile('" + "[\x01-\U0010ffff]" * 100 + "', re.I)",
        "sum([[0] * 1000] * 5, [])" + "*9" * 9,
        "1.5 * " + "9" * 4000,
        "str(" * 500 + ")" * 500,
        "round(5, -10**9)",
        "math.prod([" + "2**16000+1," * 300 + "])",
        "math.lcm(" + ",".join(f"2**15{n}+1" for n in range(100, 400)) + ")",
        "int('9' * 5000)",
        "'" + "\\" * 3000,
        "sorted([[0]*90]*60)*99",
    ],
)
def test_bombs_are_refused_at_once(source):
    begin = time.process_time()
    with pytest.raises(InvalidInput):
        evaluate(source)
    assert time.process_time() - begin < 2.0


def test_a_set_is_told_in_the_order_in_which_it_was_written():
    assert str(evaluate("{'b', 'a', 'b', 'c'}")) == "{'b', 'a', 'c'}"
    assert str(evaluate("list(set(['z', 'y', 'x']))")) == "['z', 'y', 'x']"
    assert str(evaluate("set()")) == "set()"
    assert type(evaluate("{1}")).__name__ == "set"


def test_a_set_is_told_alike_whatever_the_hash_seed():
    program = (
        "from agentgym_envs.tools.expressions import evaluate;"
        "print(evaluate(\"[{'b', 'a', 'c'}, tuple({'x', 'y'}), str({'k', 'l'})]\"))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1


TOKENS = st.sampled_from(
    "1 2.5 'a' \"b\" True None null [ ] ( ) { } , : + - * ** / // % . = == not "
    "re.compile math.sqrt math.pi dict str int sum max sorted len set x 'a\\d' "
    "1if lambda for in if else * ** \\ # \n".split(" ")
)


@given(st.lists(TOKENS, max_size=14).map(" ".join) | st.text(max_size=40))
@example("'\\d'")
@example("1if 2else 3")
def test_any_text_has_a_value_or_is_refused(source):
    try:
        value = evaluate(source)
    except InvalidInput:
        return
    str(value)
