from __future__ import annotations

import json

import pytest

from agentgym_wrappers.trajectory import append, read, repair, to_line

ONE, TWO = {"value": "ä\n"}, {"value": "b" * 200_000}


def test_what_is_appended_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    append(path, [ONE, TWO])
    append(path, [ONE])
    assert list(read(path)) == [ONE, TWO, ONE]


@pytest.mark.parametrize("cut", [1, 2, 5, 100_000, 200_000])
def test_a_torn_last_line_is_mended(tmp_path, cut):
    path = tmp_path / "a.jsonl"
    append(path, [ONE, TWO])
    path.write_bytes(path.read_bytes()[:-cut])
    # Only the newline is missing from a line that was cut by one byte.
    whole = [ONE, TWO] if cut == 1 else [ONE]
    assert list(read(path)) == whole
    append(path, [ONE])
    assert list(read(path)) == [*whole, ONE]


def test_a_torn_first_line_is_mended(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"value": "\xc3')
    append(path, [ONE])
    assert list(read(path)) == [ONE]


def test_a_torn_number_is_no_record(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(to_line(ONE) + b"12")
    repair(path)
    assert path.read_bytes() == to_line(ONE)


def test_a_sound_file_is_left_alone(tmp_path):
    path = tmp_path / "a.jsonl"
    for content in (b"", to_line(ONE), b"\n"):
        path.write_bytes(content)
        repair(path)
        assert path.read_bytes() == content
    repair(tmp_path / "none.jsonl")


def test_a_line_is_one_line_of_json_whatever_it_holds():
    value = "".join(map(chr, [*range(0x20), 0x85, 0x2028, 0x2029, 0xD800, 0x1F600]))
    line = to_line({"value": value})
    assert len(line.decode("utf-8").splitlines()) == 1
    assert json.loads(line) == {"value": value}


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        to_line({"reward": float("nan")})
