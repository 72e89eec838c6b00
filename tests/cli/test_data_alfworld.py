from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
import time
import zipfile

import pytest
from command_line import started
from file_server import Script, serving

from agentgym_envs import download
from agentgym_envs.alfworld import sources
from agentgym_envs.cli import main

GAME = "json_2.1.1/train/pick_and_place_simple-Mug-None-Desk-301/trial_1/game.tw-pddl"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(download, "PAUSE", 0.0)


def archive(**more):
    """A small archive in the published layout, of bytes that can't be compressed."""
    noise = random.Random(0).randbytes(200_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(GAME, "{}")
        opened.writestr("json_2.1.1/noise.bin", noise)
        for name, text in more.items():
            opened.writestr(name, text)
    return stream.getvalue()


def get_games(script, folder, *words):
    place = f"games={script.url}"
    options = ["--out", str(folder), "--part", "games", "--url", place, "--json"]
    return main(["data", "alfworld", *options, *words])


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


UNPACKED = [
    ".agentgym/json_2.1.1_tw-pddl.zip.json",
    "json_2.1.1/noise.bin",
    GAME,
]


def test_games_are_downloaded_checked_and_unpacked(tmp_path, capsys):
    content = archive()
    with serving(Script(content)) as script:
        assert get_games(script, tmp_path) == 0

    (part,) = json.loads(capsys.readouterr().out)["parts"]
    assert names(tmp_path) == UNPACKED
    assert (tmp_path / GAME).read_text() == "{}"
    assert part["state"] == "downloaded" and part["files"] == 2
    assert part["sha256"] == hashlib.sha256(content).hexdigest()
    assert part["bytes"] == len(content)


def test_what_is_there_is_not_downloaded_again_unless_asked_for(tmp_path, capsys):
    with serving(Script(archive())) as script:
        get_games(script, tmp_path)
        assert get_games(script, tmp_path) == 0
        assert len(script.ranges) == 1
        assert get_games(script, tmp_path, "--again") == 0
        assert len(script.ranges) == 2

    assert "there already" in capsys.readouterr().out


def test_a_broken_connection_is_taken_up_where_it_ended(tmp_path):
    content = archive()
    with serving(Script(content, ["break", "break", "whole"])) as script:
        assert get_games(script, tmp_path) == 0

    half = len(content) // 2
    quarter = (len(content) - half) // 2
    assert script.ranges == [None, f"bytes={half}-", f"bytes={half + quarter}-"]
    assert names(tmp_path) == UNPACKED


def test_the_next_call_goes_on_where_the_last_gave_up(tmp_path, capsys):
    content = archive()
    with serving(Script(content, ["break", 503])) as script:
        assert get_games(script, tmp_path) == 2
        assert "503" in capsys.readouterr().err
        assert names(tmp_path) == [
            "json_2.1.1_tw-pddl.zip.part",
            "json_2.1.1_tw-pddl.zip.part.json",
        ]
        script.steps = ["whole"]
        assert get_games(script, tmp_path) == 0

    assert script.ranges[-1] == f"bytes={len(content) // 2}-"
    assert names(tmp_path) == UNPACKED


def test_a_file_that_changed_meanwhile_is_downloaded_from_its_start(tmp_path):
    with serving(Script(archive(), ["break", 503])) as script:
        get_games(script, tmp_path)
        script.content, script.tag = archive(more="more"), '"two"'
        script.steps = ["whole"]
        assert get_games(script, tmp_path) == 0

    assert (tmp_path / "more").read_text() == "more"


def test_what_came_from_another_address_is_not_continued(tmp_path):
    with serving(Script(archive(), ["break", 503])) as script:
        get_games(script, tmp_path)
    with serving(Script(archive(other="other"))) as script:
        assert get_games(script, tmp_path) == 0

    assert script.ranges == [None]
    assert (tmp_path / "other").exists()


@pytest.mark.parametrize("step", ["ignore", "elsewhere"])
def test_a_server_without_proper_ranges_is_asked_for_all(step, tmp_path):
    with serving(Script(archive(), ["break", step, "whole"])) as script:
        assert get_games(script, tmp_path) == 0

    assert names(tmp_path) == UNPACKED


def test_a_whole_file_that_was_not_finished_is_finished(tmp_path):
    content = archive()
    with serving(Script(content)) as script:
        part = tmp_path / "json_2.1.1_tw-pddl.zip.part"
        part.write_bytes(content)
        note = {"url": script.url, "etag": script.tag}
        part.with_name(f"{part.name}.json").write_text(json.dumps(note))
        assert get_games(script, tmp_path) == 0

    assert script.ranges == [f"bytes={len(content)}-"]
    assert names(tmp_path) == UNPACKED


def test_more_than_the_whole_file_is_thrown_away(tmp_path):
    content = archive()
    with serving(Script(content)) as script:
        part = tmp_path / "json_2.1.1_tw-pddl.zip.part"
        part.write_bytes(content + b"more")
        note = {"url": script.url, "etag": script.tag}
        part.with_name(f"{part.name}.json").write_text(json.dumps(note))
        assert get_games(script, tmp_path) == 0

    assert script.ranges == [f"bytes={len(content) + 4}-", None]
    assert names(tmp_path) == UNPACKED


def test_an_archive_that_was_not_unpacked_to_its_end_is_unpacked(tmp_path):
    (tmp_path / "json_2.1.1_tw-pddl.zip").write_bytes(archive())
    (tmp_path / "json_2.1.1").mkdir()
    (tmp_path / "json_2.1.1/noise.bin.new").write_bytes(b"half")
    with serving(Script(b"", [404])) as script:
        assert get_games(script, tmp_path) == 0

    assert script.ranges == []
    assert names(tmp_path) == UNPACKED


def test_a_killed_download_is_taken_up(tmp_path):
    content = archive()
    with serving(Script(content, ["stall", "whole"])) as script:
        place = f"games={script.url}"
        words = ["--out", tmp_path, "--part", "games", "--url", place]
        process = started("data", "alfworld", *words, stderr=subprocess.DEVNULL)
        part = tmp_path / "json_2.1.1_tw-pddl.zip.part"
        wait_for(lambda: part.exists() and part.stat().st_size > 0)
        process.kill()
        process.wait()
        script.stalled.set()
        there = part.stat().st_size
        assert get_games(script, tmp_path) == 0

    assert script.ranges == [None, f"bytes={there}-"]
    assert names(tmp_path) == UNPACKED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not found</html>",
        archive().replace(b"PK\x01\x02", b"PK\x07\x07"),
        bytes([*archive()[:5000], 0, 0, 0, 0, *archive()[5004:]]),
    ],
)
def test_wrong_bytes_are_not_kept(content, tmp_path, capsys):
    with serving(Script(content)) as script:
        assert get_games(script, tmp_path) == 2

    assert "was not kept" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_a_file_cut_short_without_notice_is_not_kept(tmp_path, capsys):
    with serving(Script(archive(), ["short"])) as script:
        assert get_games(script, tmp_path) == 2

    assert "no intact zip archive" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_damage_anywhere_is_noticed_or_harmless(tmp_path):
    content = archive()
    rng = random.Random(1)
    source = sources.SOURCES[0]
    file = tmp_path / source.file
    for _ in range(60):
        place = rng.choice([rng.randrange(len(content)), -rng.randrange(1, 400)])
        damaged = bytearray(content)
        damaged[place] ^= 1 << rng.randrange(8)
        file.write_bytes(damaged)
        try:
            download.fetch(source, tmp_path)
        except download.DataError as error:
            assert "--again" in str(error)


def test_a_checksum_that_the_user_knows_is_checked(tmp_path, capsys):
    content = archive()
    right = hashlib.sha256(content).hexdigest()
    with serving(Script(content)) as script:
        script.url += f"#sha256={'0' * 64}"
        assert get_games(script, tmp_path) == 2
        assert right in capsys.readouterr().err
        assert names(tmp_path) == []
        script.url = script.url.replace("0" * 64, right)
        assert get_games(script, tmp_path) == 0


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "c:evil"])
def test_names_that_lead_out_of_the_folder_are_refused(name, tmp_path, capsys):
    folder = tmp_path / "data"
    with serving(Script(archive(**{name: "evil"}))) as script:
        assert get_games(script, folder) == 2

    assert "not safe" in capsys.readouterr().err
    assert names(tmp_path) == ["data/json_2.1.1_tw-pddl.zip"]


@pytest.mark.parametrize(("status", "requests"), [(404, 1), (403, 1), (500, 5)])
def test_a_refusal_is_told(status, requests, tmp_path, capsys):
    with serving(Script(b"", [status])) as script:
        assert get_games(script, tmp_path) == 2

    assert f"answers {status}" in capsys.readouterr().err
    assert len(script.ranges) == requests
    assert names(tmp_path) == []


def test_redirections_are_followed_but_not_for_ever(tmp_path, capsys):
    with serving(Script(archive(), [302, 302, "whole"])) as script:
        assert get_games(script, tmp_path / "one") == 0
        script.steps = [302]
        assert get_games(script, tmp_path / "two") == 2

    assert "redirect" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_told(tmp_path, capsys):
    with serving(Script(b"")) as script:
        pass
    assert get_games(script, tmp_path) == 2

    message = capsys.readouterr().err
    assert script.url in message and "gave up after 5 attempts" in message


def test_a_mapping_file_must_have_the_published_content(tmp_path, capsys):
    with serving(Script(b'[{"item_id": 2420}]')) as script:
        words = ["--part", "mappings-test", "--url", f"mappings-test={script.url}"]
        assert main(["data", "alfworld", "--out", str(tmp_path), *words]) == 2

    assert "its content is not the published one" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_line_ends_of_a_mapping_file_do_not_matter(tmp_path, monkeypatch, capsys):
    records = [{"item_id": 0, "task_type": "t", "task_id": "trial"}]
    text = json.dumps(records, indent=4).replace("\n", "\r\n")
    with serving(Script(text.encode())) as script:
        source = download.Source(
            part="mappings-test",
            file="mappings_test.json",
            url=script.url,
            about="items",
            json_sha256=download.content_sha256(records),
        )
        monkeypatch.setattr(sources, "SOURCES", (source,))
        words = ["data", "alfworld", "--part", "all", "--out", str(tmp_path)]
        assert main(words) == 0
        assert main(words) == 0

    assert len(script.ranges) == 1
    assert "there already" in capsys.readouterr().out
    assert json.loads((tmp_path / "mappings_test.json").read_text()) == records


def test_the_data_folder_is_that_of_the_original(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path / "home"))
    with serving(Script(archive())) as script:
        words = ["--part", "games", "--url", f"games={script.url}"]
        assert main(["data", "alfworld", *words]) == 0

    assert (tmp_path / "home" / GAME).exists()
    assert str(tmp_path / "home") in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chess"], "no data to download for 'chess'"),
        (["alfworld", "--part", "pictures"], "no part 'pictures'"),
        (["alfworld", "--url", "games"], "no http or https address"),
        (["alfworld", "--url", "games=file:///etc/passwd"], "no http or https"),
        (["alfworld", "--url", "pictures=http://x/y"], "'pictures' is no part"),
        (["alfworld", "--url", "games=http://x/y#md5=1"], "#sha256="),
    ],
)
def test_mistakes_are_told_before_anything_is_done(words, message, tmp_path, capsys):
    assert main(["data", *words, "--out", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err
    assert names(tmp_path) == []


def test_without_httpx_the_extra_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "httpx", None)

    assert main(["data", "alfworld", "--out", str(tmp_path)]) == 2
    assert "agentgym-envs[cli]" in capsys.readouterr().err


def test_published_addresses_are_whole():
    assert {source.part for source in sources.SOURCES} >= set(sources.DEFAULT)
    assert len({source.file for source in sources.SOURCES}) == len(sources.SOURCES)
    for source in sources.SOURCES:
        assert source.url.startswith("https://")
        assert source.url.endswith(source.file)
