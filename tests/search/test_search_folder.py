"""Saving an index, loading it, and what is told of damage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from corpus import documents, queries
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import DataError
from agentgym_envs.search import Index
from agentgym_envs.search.columns import TYPES
from agentgym_envs.search.folder import _digest

FILES = sorted(f"{name}.bin" for name in TYPES)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "somewhere" / "index"
    Index.build(*documents(60)).save(folder)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("mmap", [True, False])
def test_a_loaded_index_finds_the_same(saved: Path, mmap: bool) -> None:
    built, loaded = Index.build(*documents(60)), Index.load(saved, mmap=mmap)
    assert len(loaded) == 60
    for query in queries(40):
        assert loaded.search(query) == built.search(query)


def test_nothing_but_the_index_is_left(saved: Path) -> None:
    assert names(saved) == sorted([*FILES, "header.json"])
    assert names(saved.parent) == ["index"]


def test_the_same_documents_give_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    Index.load(saved).save(tmp_path / "copy")
    for name in names(saved):
        assert (tmp_path / "copy" / name).read_bytes() == (saved / name).read_bytes()


def test_saving_replaces_an_index_that_others_still_read(saved: Path) -> None:
    reader = Index.load(saved)
    before = reader.search(queries(1)[0])
    Index.build(["a"], ["red"]).save(saved)
    assert [hit.id for hit in Index.load(saved).search("red")] == ["a"]
    assert reader.search(queries(1)[0]) == before
    assert names(saved.parent) == ["index"]


def test_an_index_without_documents_can_be_saved(tmp_path: Path) -> None:
    Index.build([], []).save(tmp_path / "index")
    assert Index.load(tmp_path / "index").search("red") == []


def test_what_is_no_index_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="holds something"):
        Index.build(["a"], ["red"]).save(tmp_path)
    with pytest.raises(DataError, match="file of that name"):
        Index.build(["a"], ["red"]).save(tmp_path / "letter.txt")
    assert names(tmp_path) == ["letter.txt"]


def test_a_folder_that_fails_half_way_leaves_nothing(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index.build(["a"], ["red"])
    monkeypatch.setattr("agentgym_envs.search.folder._put", lambda new, path: 1 / 0)
    before = {name: (saved / name).read_bytes() for name in names(saved)}
    with pytest.raises(ZeroDivisionError):
        index.save(saved)
    assert names(saved.parent) == ["index"]
    assert {name: (saved / name).read_bytes() for name in names(saved)} == before


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere.header\.json: there is no such"):
        Index.load(tmp_path / "nowhere")


@pytest.mark.parametrize("mmap", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_files_cut_off_grown_or_missing_are_named(
    saved: Path, name: str, mmap: bool
) -> None:
    file = saved / name
    content = file.read_bytes()
    for damaged in (content[:-1], content[:-8], b"", content + b"12345678"):
        file.write_bytes(damaged)
        with pytest.raises(DataError, match=name):
            Index.load(saved, mmap=mmap)
    file.unlink()
    with pytest.raises(DataError, match=name):
        Index.load(saved, mmap=mmap)


@pytest.mark.parametrize("name", FILES)
def test_reading_all_finds_any_changed_byte(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(DataError, match=f"{name}: damaged"):
        Index.load(saved, mmap=False)


@pytest.mark.parametrize(
    "header",
    ["", "{", "[]", "null", '{"format": "other"}', "[" * 100_000, "\xff"],
)
def test_a_header_that_is_none_is_told(saved: Path, header: str) -> None:
    (saved / "header.json").write_bytes(header.encode("latin-1"))
    with pytest.raises(DataError, match=r"header\.json: not the header"):
        Index.load(saved)


def test_another_version_is_told(saved: Path) -> None:
    file = saved / "header.json"
    header = json.loads(file.read_text())
    header["version"] = 2
    file.write_text(json.dumps(header))
    with pytest.raises(DataError, match=r"header\.json: the field 'version' is 2"):
        Index.load(saved)


@pytest.mark.parametrize("field", ["documents", "documents_with_terms", "files"])
def test_a_header_with_other_numbers_is_told(saved: Path, field: str) -> None:
    file = saved / "header.json"
    header = json.loads(file.read_text())
    header[field] = {} if field == "files" else header[field] + 1
    file.write_text(json.dumps(header))
    with pytest.raises(DataError, match=r"header\.json: damaged"):
        Index.load(saved)


def test_columns_that_do_not_fit_together_are_told(saved: Path, tmp_path: Path) -> None:
    Index.build(["a", "b"], ["red", "hat"]).save(tmp_path / "other")
    for name in ("ranks.bin", "posting_starts.bin", "id_starts.bin"):
        header = json.loads((saved / "header.json").read_text())
        header["files"][name] = json.loads(
            (tmp_path / "other" / "header.json").read_text()
        )["files"][name]
        del header["blake2b"]
        header["blake2b"] = _digest(header)
        broken = tmp_path / f"broken-{name}"
        broken.mkdir()
        for file in saved.iterdir():
            (broken / file.name).write_bytes(file.read_bytes())
        (broken / name).write_bytes((tmp_path / "other" / name).read_bytes())
        (broken / "header.json").write_text(json.dumps(header))
        with pytest.raises(DataError, match="damaged"):
            Index.load(broken)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fragile") / "index"
    Index.build(*documents(20)).save(folder)
    return folder


@given(st.data())
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_searching_damaged_maps_ends_with_hits_or_a_data_error(
    fragile: Path, data: st.DataObject
) -> None:
    file = fragile / data.draw(st.sampled_from(FILES))
    whole = file.read_bytes()
    content = bytearray(whole)
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    try:
        index = Index.load(fragile)
        for query in queries(5):
            index.search(query)
    except DataError as error:
        assert str(fragile) in str(error)
    finally:
        file.write_bytes(whole)


def test_opening_an_index_is_quick_in_another_process(saved: Path) -> None:
    # No dictionary of its terms is made: what it takes does not grow with them.
    code = (
        "import sys, tracemalloc; from pathlib import Path\n"
        f"sys.path[:] = {[entry for entry in sys.path if entry]!r}\n"
        "from agentgym_envs.search import Index\n"
        "Index.load(Path(sys.argv[1])).search('warm')\n"
        "tracemalloc.start()\n"
        "index = Index.load(Path(sys.argv[1]))\n"
        "print(tracemalloc.get_traced_memory()[1], len(index))\n"
    )
    texts = (" ".join(f"w{n}x{i}" for i in range(50)) for n in range(1000))
    folder = saved.parent / "large"
    Index.build([str(n) for n in range(1000)], texts).save(folder)
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    memory, length = map(int, done.stdout.split())
    assert length == 1000
    assert memory < 100_000  # bytes; 50,000 terms as strings would be three million
