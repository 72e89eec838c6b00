from __future__ import annotations

import pytest

from agentgym_envs.errors import BadOption, DataError
from agentgym_policies.evaluate import Settings
from agentgym_policies.folder import RunFolder, write_atomically
from agentgym_policies.record import Record

SETTINGS = Settings(policy="expert", env_ids=("agentgym/Maze-v0",))


def record(number):
    return Record(
        env_id="agentgym/Maze-v0",
        item_id=f"maze_{number}",
        episode=0,
        seed=number,
        end_reason="success",
    )


def test_what_was_appended_is_found_again(tmp_path):
    folder = RunFolder(tmp_path, SETTINGS)
    for number in range(3):
        folder.append(record(number))

    found = RunFolder(tmp_path, SETTINGS).records

    assert list(found.values()) == [record(number) for number in range(3)]


@pytest.mark.parametrize("kept", range(1, 60, 7))
def test_a_last_line_cut_anywhere_costs_that_episode_only(tmp_path, kept):
    folder = RunFolder(tmp_path, SETTINGS)
    folder.append(record(0))
    path = tmp_path / "episodes.jsonl"
    line = path.read_bytes()
    path.write_bytes(line + line[:kept])

    again = RunFolder(tmp_path, SETTINGS)
    again.append(record(1))

    assert list(RunFolder(tmp_path, SETTINGS).records.values()) == [
        record(0),
        record(1),
    ]


def test_damaged_settings_are_named(tmp_path):
    RunFolder(tmp_path, SETTINGS)
    (tmp_path / "settings.json").write_text("{", encoding="utf-8")

    with pytest.raises(DataError, match=r"settings\.json"):
        RunFolder(tmp_path, SETTINGS)


def test_episodes_without_settings_are_not_trusted(tmp_path):
    RunFolder(tmp_path, SETTINGS).append(record(0))
    (tmp_path / "settings.json").unlink()

    with pytest.raises(BadOption, match="--fresh"):
        RunFolder(tmp_path, SETTINGS)
    assert RunFolder(tmp_path, SETTINGS, fresh=True).records == {}


def test_fresh_removes_only_what_a_run_writes(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    RunFolder(tmp_path, SETTINGS).append(record(0))

    RunFolder(tmp_path, SETTINGS, fresh=True)

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["notes.txt", "settings.json"]


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "report.md"
    write_atomically(path, "before")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "half \ud800")

    assert path.read_text("utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.md"]
