from __future__ import annotations

import hashlib
import json
import random

import pytest
from file_server import Script, serving

from agentgym_envs import download
from agentgym_envs.cli import main
from agentgym_envs.errors import DataError
from agentgym_envs.webshop import sources
from agentgym_envs.webshop.catalogue import generate

PRODUCTS, INSTRUCTIONS, HUMAN = generate(30)
CONTENTS = {
    "products-1000": PRODUCTS,
    "instructions-1000": INSTRUCTIONS,
    "human": HUMAN,
}
FILES = {source.part: source.file for source in sources.SOURCES}
PAGE = b"""<!DOCTYPE html><html><head><title>Drive - Quota exceeded</title></head>
<body>Sorry, you can't view or download this file at this time.</body></html>"""


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(download, "PAUSE", 0.0)


def dump(value):
    return json.dumps(value, ensure_ascii=False).encode()


def get(script, folder, *words, part="products-1000"):
    place = f"{part}={script.url}"
    options = ["--out", str(folder), "--part", part, "--url", place, "--json"]
    return main(["data", "webshop", *options, *words])


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


@pytest.mark.parametrize("part", CONTENTS)
def test_each_part_arrives_under_the_name_that_is_loaded(part, tmp_path, capsys):
    content = dump(CONTENTS[part])
    with serving(Script(content)) as script:
        assert get(script, tmp_path, part=part) == 0

    (result,) = json.loads(capsys.readouterr().out)["parts"]
    assert result["state"] == "downloaded" and result["bytes"] == len(content)
    assert names(tmp_path) == [f".agentgym/{FILES[part]}.json", FILES[part]]
    assert (tmp_path / FILES[part]).read_bytes() == content


def test_what_is_there_is_not_asked_for_again(tmp_path, capsys):
    with serving(Script(dump(PRODUCTS))) as script:
        get(script, tmp_path)
        assert get(script, tmp_path) == 0
        assert len(script.ranges) == 1
        assert get(script, tmp_path, "--again") == 0
        assert len(script.ranges) == 2


def test_a_broken_connection_is_taken_up_where_it_ended(tmp_path):
    content = dump(PRODUCTS)
    with serving(Script(content, ["break", "break", "whole"])) as script:
        assert get(script, tmp_path) == 0

    half = len(content) // 2
    quarter = (len(content) - half) // 2
    assert script.ranges == [None, f"bytes={half}-", f"bytes={half + quarter}-"]
    assert (tmp_path / FILES["products-1000"]).read_bytes() == content


def test_the_next_call_goes_on_where_the_last_gave_up(tmp_path):
    content = dump(PRODUCTS)
    with serving(Script(content, ["break", 503])) as script:
        assert get(script, tmp_path) == 2
        assert FILES["products-1000"] not in names(tmp_path)
        script.steps = ["whole"]
        assert get(script, tmp_path) == 0

    assert script.ranges[-1] == f"bytes={len(content) // 2}-"


@pytest.mark.parametrize("part", CONTENTS)
def test_a_page_of_the_drive_is_refused_with_the_reason(part, tmp_path, capsys):
    with serving(Script(PAGE)) as script:
        assert get(script, tmp_path, part=part) == 2

    message = capsys.readouterr().err
    assert "HTML page" in message and "Google Drive" in message
    assert "with a browser" in message and "not kept" in message
    assert names(tmp_path) == []


@pytest.mark.parametrize("part", CONTENTS)
def test_a_file_cut_short_without_notice_is_not_kept(part, tmp_path, capsys):
    with serving(Script(dump(CONTENTS[part]), ["short"])) as script:
        assert get(script, tmp_path, part=part) == 2

    assert "JSON" in capsys.readouterr().err
    assert names(tmp_path) == []


@pytest.mark.parametrize("part", CONTENTS)
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"[1, 2]", b"7"])
def test_wrong_bytes_are_not_kept(content, part, tmp_path, capsys):
    with serving(Script(content)) as script:
        assert get(script, tmp_path, part=part) == 2

    assert "was not kept" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_one_part_is_not_taken_for_another(tmp_path, capsys):
    for part in CONTENTS:
        for other in CONTENTS.keys() - {part}:
            with serving(Script(dump(CONTENTS[other]))) as script:
                assert get(script, tmp_path, part=part) == 2, (part, other)

    assert names(tmp_path) == []


def test_a_bad_answer_does_not_replace_a_good_file(tmp_path):
    content = dump(PRODUCTS)
    with serving(Script(content)) as script:
        get(script, tmp_path)
        script.content = PAGE
        assert get(script, tmp_path, "--again") == 2

    assert (tmp_path / FILES["products-1000"]).read_bytes() == content


def test_a_checksum_that_the_user_knows_is_checked(tmp_path, capsys):
    content = dump(PRODUCTS)
    right = hashlib.sha256(content).hexdigest()
    with serving(Script(content)) as script:
        script.url += f"#sha256={'0' * 64}"
        assert get(script, tmp_path) == 2
        assert right in capsys.readouterr().err
        assert names(tmp_path) == []
        script.url = script.url.replace("0" * 64, right)
        assert get(script, tmp_path) == 0


def test_a_file_that_was_saved_by_hand_is_checked_and_taken(tmp_path, capsys):
    file = tmp_path / FILES["human"]
    file.write_bytes(PAGE)
    with serving(Script(b"", [404])) as script:
        assert get(script, tmp_path, part="human") == 2
        assert "--again replaces it" in capsys.readouterr().err
        file.write_bytes(dump(HUMAN))
        assert get(script, tmp_path, part="human") == 0

    assert script.ranges == []


@pytest.mark.parametrize("field", sources.PRODUCT_FIELDS)
def test_a_missing_field_is_named(field, tmp_path):
    products = [*PRODUCTS[:3], {k: v for k, v in PRODUCTS[3].items() if k != field}]
    file = tmp_path / "products.json"
    file.write_bytes(dump(products))

    with pytest.raises(DataError, match=f"product 4 has no field '{field}'"):
        sources.check_products(file)


@pytest.mark.parametrize(
    ("check", "content", "message"),
    [
        (sources.check_instructions, {"A": []}, "'A' is no object"),
        (sources.check_instructions, {"A": {"attributes": [1]}}, "'attributes'"),
        (
            sources.check_instructions,
            {"A": {"attributes": [], "instruction": "Find me"}},
            "'instruction_attributes'",
        ),
        (sources.check_human, {"A": {}}, "'A' is no list"),
        (sources.check_human, {"A": [{"instruction": None}]}, "'instruction'"),
        (
            sources.check_human,
            {"A": [{"instruction": "x", "instruction_attributes": []}]},
            "'instruction_options'",
        ),
    ],
)
def test_records_of_another_shape_are_named(check, content, message, tmp_path):
    file = tmp_path / "file.json"
    file.write_bytes(dump(content))

    with pytest.raises(DataError, match=message):
        check(file)


def test_what_the_original_allows_is_allowed(tmp_path):
    file = tmp_path / "file.json"
    file.write_bytes(dump([{"asin": "nan"}, {"asin": "TOOLONGFORIT"}, *PRODUCTS]))
    sources.check_products(file)
    file.write_bytes(dump({"A": {}, "B": {"attributes": [], "instruction": None}}))
    sources.check_instructions(file)


@pytest.mark.parametrize("layout", [None, 1])
@pytest.mark.parametrize("piece", [1, 7, 1000, 1 << 20])
def test_products_are_read_alike_in_pieces_of_any_size(
    piece, layout, tmp_path, monkeypatch
):
    monkeypatch.setattr(sources, "PIECE", piece)
    file = tmp_path / "products.json"
    text = json.dumps(PRODUCTS[:4], indent=layout)
    file.write_text(text)
    sources.check_products(file)

    for wrong in (text[:-1], text + "]", text[1:], text.replace("},", "}", 1)):
        file.write_text(wrong)
        with pytest.raises(DataError):
            sources.check_products(file)


def test_a_cut_anywhere_is_noticed(tmp_path):
    text = json.dumps(PRODUCTS[:5])
    rng = random.Random(0)
    file = tmp_path / "products.json"
    for place in [0, 1, len(text) - 1, *rng.sample(range(len(text)), 40)]:
        file.write_text(text[:place])
        with pytest.raises(DataError):
            sources.check_products(file)


def test_the_folder_is_named_by_the_environment(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WEBSHOP_DATA", str(tmp_path / "home"))
    with serving(Script(dump(HUMAN))) as script:
        words = ["--part", "human", "--url", f"human={script.url}"]
        assert main(["data", "webshop", *words]) == 0

    assert (tmp_path / "home" / FILES["human"]).exists()
    assert str(tmp_path / "home") in capsys.readouterr().out


def test_published_addresses_are_whole():
    parts = [source.part for source in sources.SOURCES]
    assert set(parts) >= set(sources.DEFAULT)
    assert all(source.check for source in sources.SOURCES)
    assert len({source.file for source in sources.SOURCES}) == len(parts)
    assert len({source.url for source in sources.SOURCES}) == len(parts)
    for source in sources.SOURCES:
        assert source.url.startswith("https://drive.usercontent.google.com/download?")
        assert len(source.url.rpartition("id=")[2]) == 33
