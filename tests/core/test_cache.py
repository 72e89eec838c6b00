import os
from pathlib import Path

import pytest

from agentgym_envs.cache import cache_folder, write_whole


@pytest.mark.skipif(os.name == "nt", reason="Windows has a place of its own")
def test_the_folder_follows_the_users_setting(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "agentgym-envs"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "agentgym-envs"


def test_a_file_is_written_with_the_folders_on_the_way(tmp_path):
    file = tmp_path / "a" / "b.bin"
    write_whole(file, b"one")
    write_whole(file, b"two")
    assert file.read_bytes() == b"two"
    assert list(file.parent.iterdir()) == [file]


def test_what_can_not_be_put_in_place_leaves_nothing(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "taken", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
