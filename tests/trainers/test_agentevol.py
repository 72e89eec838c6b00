"""AgentEvol end to end on a model that learns on one core, and its choices by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from agentgym_envs.cli import main  # noqa: E402
from agentgym_envs.errors import BadOption  # noqa: E402
from agentgym_policies.tiny import build_tiny_model  # noqa: E402
from agentgym_trainers.agentevol import AgentEvolConfig, choose, evolve  # noqa: E402
from agentgym_trainers.bc import BCConfig  # noqa: E402
from agentgym_trainers.play import Family  # noqa: E402
from agentgym_wrappers.trajectory import append  # noqa: E402

MAZE = Family(
    env_id="agentgym/Maze-v0",
    demos=(0, 8),
    explore=(8, 20),
    test=(0, 10),
    kwargs={"distance": [1, 3]},
)
WORDLE = Family(env_id="agentgym/Wordle-v0", demos=(0, 4), explore=(4, 8), test=(0, 4))


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("model")
    ids = [MAZE.env_id, WORDLE.env_id]
    build_tiny_model(folder, ids, items=8, vocab_size=500, width=64, layers=2)
    learn = BCConfig(learning_rate=3e-3, epochs=2, batch=8)
    return AgentEvolConfig(
        model=str(folder),
        families=(MAZE, WORDLE),
        clone=replace(learn, epochs=10),
        learn=learn,
        iterations=2,
        samples=2,
        restart_from="previous",
        control=True,
        max_new_tokens=8,
        device="cpu",
    )


def done_in(lines):
    """What was done in each episode; the last digits of probabilities may differ."""
    records = [json.loads(line) for line in lines.splitlines()]
    return sorted(
        (r["item_id"], r["meta"]["episode"], r["meta"]["actions"]) for r in records
    )


@pytest.mark.slow
def test_it_clones_explores_learns_and_has_a_control(config, tmp_path, capsys):
    state = evolve(config, tmp_path / "run", report=lambda line: None)
    stages = state["stages"]
    assert list(stages) == ["clone", "iteration-1", "iteration-2", "control"]
    assert stages["iteration-1"]["explored"] == (12 + 4) * 2
    for stage in stages.values():
        assert stage["test"]["agentgym/Maze-v0"]["episodes"] == 10
    spent = sum(stages[f"iteration-{n}"]["trained_tokens"] for n in (1, 2))
    assert stages["control"]["trained_tokens"] == pytest.approx(spent, rel=0.25)

    # What is there is not done again, and what is not is.
    before = json.dumps(state)
    said = []
    evolve(config, tmp_path / "run", report=said.append)
    assert not [line for line in said if "plays" in line or "learns" in line]
    assert json.dumps(state) == before
    explored = tmp_path / "run" / "iteration-2" / "explored.jsonl"
    whole = explored.read_bytes()
    explored.write_bytes(whole[: len(whole) // 2])
    said = []
    evolve(config, tmp_path / "run", report=said.append)
    assert [line for line in said if "plays" in line]
    assert done_in(explored.read_bytes()) == done_in(whole)
    with pytest.raises(BadOption, match="another configuration"):
        evolve(replace(config, seed=1), tmp_path / "run")


def record(item, reward, env_id=MAZE.env_id):
    return {
        "conversations": [{"from": "human", "loss": None, "value": ""}],
        "item_id": item,
        "reward": reward,
        "meta": {"env_id": env_id},
    }


def test_successes_or_rewards_are_kept(config):
    records = [
        record("maze_1", 1.0),
        record("maze_1", 1.0),
        record("maze_2", 0.5),
        record("maze_3", 0.0),
        {"item_id": "maze_4", "meta": {"env_id": MAZE.env_id, "error": "crash"}},
    ]
    kept = [r["item_id"] for r in choose(records, config)]
    assert kept == ["maze_1"]
    rewarded = replace(config, weighting="reward", keep="all")
    kept = [r["item_id"] for r in choose(records, rewarded)]
    assert kept == ["maze_1", "maze_1", "maze_2"]
    lower = replace(config, families=(replace(MAZE, threshold=0.4),))
    assert len(choose(records, lower)) == 2


def test_ranges_are_checked():
    with pytest.raises(BadOption, match="overlap"):
        Family(env_id="x", demos=(0, 5), explore=(4, 9))
    with pytest.raises(BadOption, match="validate and test overlap"):
        Family(env_id="x", validate=(0, 5), test=(4, 9), test_split="train")
    Family(env_id="x", validate=(0, 5), test=(4, 9))
    with pytest.raises(BadOption, match="no range"):
        Family(env_id="x", test=(5, 4))
    with pytest.raises(BadOption, match="there are 200"):
        replace(MAZE, test=(0, 201)).item_ids("test")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weighting": "none"}, "weighting must be one of"),
        ({"merge": "all"}, "merge must be one of"),
        ({"iterations": 0}, "iterations must be at least 1"),
        ({"temperature": 0.0}, "temperature"),
        ({"clone_rounds": 2}, "need validate items"),
        (
            {"clone_rounds": 2, "families": (replace(WORDLE, validate=(9, 9)),)},
            "need validate items",
        ),
        ({"families": (WORDLE, replace(WORDLE, test=(4, 8)))}, "env_id may stand"),
        ({"references": ("nobody",)}, "references must be of"),
    ],
)
def test_options_without_meaning_are_refused(config, change, message):
    with pytest.raises(BadOption, match=message):
        replace(config, **change)


def test_demos_in_another_format_than_the_model_plays_are_refused(config, tmp_path):
    said = [("human", None), ("gpt", False), ("human", None), ("gpt", True)]
    talk = [{"from": who, "loss": loss, "value": "up"} for who, loss in said]
    record = {"conversations": talk, "item_id": "maze_1", "reward": 1.0}
    append(tmp_path / "published.jsonl", [record])
    other = replace(config, demos=str(tmp_path / "published.jsonl"))
    with pytest.raises(BadOption, match=r"format react, but .* plays in text"):
        evolve(other, tmp_path / "run", report=print)


@pytest.mark.slow
def test_one_command_evolves(config, tmp_path, capsys):
    file = tmp_path / "evolve.toml"
    file.write_text(f"""
        model = "{config.model}"
        iterations = 1
        max_new_tokens = 8
        device = "cpu"
        clone = {{learning_rate = 3e-3, epochs = 2}}
        learn = {{learning_rate = 3e-3}}
        [[families]]
        env_id = "agentgym/Maze-v0"
        demos = [0, 4]
        explore = [4, 6]
        test = [0, 4]
    """)
    words = ["train", "agentevol", str(file), "--out", str(tmp_path / "run"), "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["model"] == str(tmp_path / "run" / "iteration-1" / "model")
    assert (tmp_path / "run" / "agentevol.json").exists()


def test_a_missing_model_is_told_before_anything_is_played(config, tmp_path):
    said = []
    wrong = replace(config, model=str(tmp_path / "no" / "model"))
    with pytest.raises(BadOption, match="cannot load the model"):
        evolve(wrong, tmp_path / "run", report=said.append)
    assert not said


def test_an_unknown_environment_in_a_file_is_told(config, tmp_path, capsys):
    file = tmp_path / "x.toml"
    file.write_text(f"""
        model = "{config.model}"
        [[families]]
        env_id = "agentgym/Mace-v0"
        demos = [0, 1]
    """)
    words = ["train", "agentevol", str(file), "--out", str(tmp_path / "run")]
    assert main(words) == 2
    assert "x.toml: Environment `Mace` doesn't exist" in capsys.readouterr().err


def test_mistakes_in_a_file_are_told(tmp_path, capsys):
    file = tmp_path / "x.toml"
    file.write_text("modle = 'x'")
    for method in ("bc", "agentevol", "dpo", "policy_gradient"):
        assert main(["train", method, str(file)]) == 2
        assert "did you mean model?" in capsys.readouterr().err
