from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from agentgym_envs.webshop.catalogue import VERSION, embedded_folder, folder, generate

NAMES = ["items_human_ins.json", "items_ins_v2.json", "items_shuffle.json"]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "cache_folder", lambda: tmp_path)
    return tmp_path


def read(place):
    return [json.loads((place / name).read_text("utf-8")) for name in sorted(NAMES)]


def test_the_folder_holds_what_is_generated():
    place = embedded_folder(120)

    assert sorted(path.name for path in place.iterdir()) == NAMES
    products, instructions, human = generate(120)
    assert read(place) == [human, instructions, products]
    keys = [record["asin"] for record in products]
    assert list(read(place)[1]) == list(dict.fromkeys(keys))


def test_the_default_is_a_thousand_products():
    assert len(read(embedded_folder())[2]) == 1000


def test_versions_and_sizes_have_folders_of_their_own(cache):
    small, large = embedded_folder(3), embedded_folder(4)

    assert small != large
    assert str(VERSION) in small.name and small.is_relative_to(cache)


def test_a_folder_that_is_there_is_not_generated_again(monkeypatch):
    place = embedded_folder(5)
    monkeypatch.setattr(folder, "entries", None)

    assert embedded_folder(5) == place


def test_a_file_that_is_missing_is_made_up_for():
    place = embedded_folder(5)
    whole = read(place)
    (place / NAMES[0]).unlink()

    assert read(embedded_folder(5)) == whole


def test_an_empty_catalogue_is_a_catalogue():
    assert read(embedded_folder(0)) == [{}, {}, []]


def test_several_threads_at_once_see_whole_files():
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda _: embedded_folder(40), range(8)))

    assert len(set(places)) == 1
    assert [path.suffix for path in sorted(places[0].iterdir())] == [".json"] * 3
    assert len(read(places[0])[2]) == 40


def test_several_processes_at_once_see_whole_files(cache):
    program = (
        "import json, pathlib, sys\n"
        "from agentgym_envs.webshop.catalogue import embedded_folder, folder\n"
        "folder.cache_folder = lambda: pathlib.Path(sys.argv[1])\n"
        "for count in range(20, 60, 10):\n"
        "    place = embedded_folder(count)\n"
        "    text = (place / 'items_shuffle.json').read_text('utf-8')\n"
        "    assert len(json.loads(text)) == count\n"
    )
    command = [sys.executable, "-c", program, str(cache)]
    env = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    running = [subprocess.Popen(command, env=env) for _ in range(4)]

    assert [process.wait() for process in running] == [0] * 4
    assert not list(cache.rglob("*.tmp"))
