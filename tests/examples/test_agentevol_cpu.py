"""The AgentEvol example: its arithmetic by hand, and a seed of it at toy size."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "agentevol_cpu"
RESULTS = FOLDER / "results"


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


def test_the_interval_of_two_items_is_known_by_hand() -> None:
    import figures

    # Two items drawn of 0 and 1 have a mean of 0 or 1 in a quarter of the draws each.
    assert figures.estimate([np.array([[0.0, 1.0]])]) == (0.5, 0.0, 1.0)
    # So have two seeds that agree on all items, however many those are.
    seeds = np.array([[0.0] * 50, [1.0] * 50])
    assert figures.estimate([seeds]) == (0.5, 0.0, 1.0)
    # Nothing varies, and families count alike, however many items they have.
    even = [np.full((3, 10), 0.25), np.full((3, 40), -0.05)]
    assert figures.estimate(even) == pytest.approx((0.1, 0.1, 0.1))


def test_an_interval_is_as_wide_as_the_normal_one_for_many_items() -> None:
    import figures

    items = np.tile([0.0, 1.0], 200)[None]
    mean, low, high = figures.estimate([items])
    assert mean == 0.5
    reach = 1.96 * 0.5 / 400**0.5
    assert low == pytest.approx(0.5 - reach, abs=0.006)
    assert high == pytest.approx(0.5 + reach, abs=0.006)


def results() -> list[dict[str, object]]:
    stages = {
        "clone": {"agentgym/A-v0": "0011", "agentgym/B-v0": "00"},
        "iteration-1": {"agentgym/A-v0": "1111", "agentgym/B-v0": "11"},
        "iteration-2": {"agentgym/A-v0": "0111", "agentgym/B-v0": "01"},
        "control": {"agentgym/A-v0": "1110", "agentgym/B-v0": "00"},
    }
    return [{"seed": 0, "stages": stages}]


def test_differences_are_taken_item_by_item() -> None:
    import figures

    [a, b] = figures.differences(results(), "iteration-2", "control")
    assert a.tolist() == [[-1.0, 0.0, 0.0, 1.0]]
    assert b.tolist() == [[0.0, 1.0]]
    # A: 0 of 4, B: 1 of 2; the families count alike.
    assert figures.estimate([a, b])[0] == pytest.approx(0.25)


def test_the_table_reports_the_last_iteration_and_not_the_best() -> None:
    import figures

    table = figures.table(results())
    row = next(line for line in table.splitlines() if "− control" in line)
    assert row.startswith("| **AgentEvol, iteration 2 − control")
    assert row.split("|")[-2].strip().startswith("+25.0 (")


def test_the_picture_is_an_image() -> None:
    from xml.etree import ElementTree

    import figures

    assert ElementTree.fromstring(figures.picture(results())).tag.endswith("svg")


def test_the_page_tells_what_the_kept_results_say() -> None:
    import figures

    page = FOLDER.parents[1] / "docs" / "agentevol_cpu.md"
    # The last digit of an interval may be another with another NumPy.
    intervals = re.compile(r" \([^)]*\)")
    table = intervals.sub("", figures.table(figures.read(RESULTS)))
    assert table in intervals.sub("", page.read_text(encoding="utf-8"))


TOY = """
references = ["random", "expert"]
clone_rounds = 2
iterations = 2
samples = 1
weighting = "reward"
restart_from = "previous"
control = true
max_new_tokens = 8
device = "cpu"
[model]
width = 64
layers = 1
vocab_size = 400
[clone]
learning_rate = 3e-3
epochs = 4
[learn]
learning_rate = 3e-3
[[families]]
env_id = "agentgym/Maze-v0"
kwargs = {size = 9, distance = [1, 3]}
demos = [0, 8]
explore = [8, 16]
validate = [16, 20]
test = [20, 30]
test_split = "train"
[[families]]
env_id = "agentgym/BabyAI.GoToRedBallNoDists-v0"
demos = [0, 4]
explore = [4, 8]
validate = [8, 10]
test = [10, 14]
test_split = "train"
"""


@pytest.mark.slow
def test_a_seed_runs_from_its_model_to_its_picture(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("trl")
    import run

    (tmp_path / "toy.toml").write_text(TOY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = ["run.py", "--seed=1", "--config=toy.toml", "--results=results"]
    monkeypatch.setattr("sys.argv", words)
    run.main()
    file = tmp_path / "results" / "seed-1.json"
    first = json.loads(file.read_text(encoding="utf-8"))
    stages = "random", "expert", "clone", "iteration-1", "iteration-2", "control"
    assert tuple(first["stages"]) == stages
    for marks in first["stages"].values():
        assert [len(text) for text in marks.values()] == [10, 4]
    assert set(first["stages"]["expert"]["agentgym/Maze-v0"]) == {"1"}
    assert len(first["checks"]) == 2
    spent = first["trained_tokens"]
    both = spent["iteration-1"] + spent["iteration-2"]
    assert spent["control"] == pytest.approx(both, rel=0.25)
    assert "control" in capsys.readouterr().out
    assert (tmp_path / "agentevol_cpu.svg").exists()

    # Again: nothing is played or learnt a second time.
    run.main()
    assert " plays " not in capsys.readouterr().out
    again = json.loads(file.read_text(encoding="utf-8"))
    assert again["stages"] == first["stages"]


def test_worlds_that_are_tested_and_trained_on_are_refused() -> None:
    pytest.importorskip("minigrid")
    pytest.importorskip("trl")
    import run

    from agentgym_trainers.play import Family

    # Mazes of this size have few maps.
    family = Family(
        env_id="agentgym/Maze-v0",
        kwargs={"size": 5, "distance": [1, 2]},
        demos=(0, 50),
        test=(50, 100),
        test_split="train",
    )
    with pytest.raises(SystemExit, match="tested and trained on"):
        run.check_apart([family])
