"""Two processes learn together what one learns alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("trl")

from agentgym_envs.cli import main  # noqa: E402
from agentgym_policies.tiny import build_tiny_model  # noqa: E402
from agentgym_trainers.play import key_of  # noqa: E402
from agentgym_wrappers import trajectory  # noqa: E402

pytestmark = pytest.mark.slow
CLONE = """
model = "{model}"
trajectories = "{records}"
[train]
learning_rate = 5e-3
epochs = 40
batch = 2
"""
GRADIENT = """
model = "{model}"
kind = "rloo"
steps = 2
items = 4
group = 4
horizons = [3]
learning_rate = 1e-3
mean = "episode"
max_new_tokens = 8
device = "cpu"
[[families]]
env_id = "agentgym/Maze-v0"
explore = [0, 12]
kwargs = {{distance = [1, 2]}}
"""


def train(kind, text, folder, processes):
    """Run the command of a trainer; give the folder of the run."""
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text(text)
    start = [sys.executable, "-m"]
    if processes > 1:
        start += ["accelerate.commands.launch", "--cpu", "--num_machines=1"]
        start += [f"--num_processes={processes}", "--mixed_precision=no", "--module"]
    words = [
        "agentgym_envs.cli",
        "train",
        kind,
        str(file),
        "--out",
        str(folder / "run"),
    ]
    done = subprocess.run(
        [*start, *words, "--out", str(folder / "run")],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / "told.txt").write_text(done.stdout)
    return folder / "run"


EVOLVE = """
model = "{model}"
iterations = 1
samples = 2
restart_from = "previous"
max_new_tokens = 8
device = "cpu"
[clone]
steps = 1
[learn]
learning_rate = 1e-3
steps = 2
batch = 2
[[families]]
env_id = "agentgym/Maze-v0"
demos = [0, 4]
explore = [4, 12]
test = [0, 5]
kwargs = {{distance = [1, 2]}}
"""
PREFER = """
model = "{model}"
trajectories = "{records}"
learning_rate = 1e-3
epochs = 4
batch = 2
device = "cpu"
"""


def weights_of(run):
    from transformers import AutoModelForCausalLM

    state = AutoModelForCausalLM.from_pretrained(run / "model").state_dict()
    return torch.cat([tensor.flatten() for tensor in state.values()])


def lines_of(run):
    return [json.loads(line) for line in (run / "steps.jsonl").open()]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A folder with what experts did, and the clone of them that two processes made."""
    folder = tmp_path_factory.mktemp("clone")
    env_ids = ["agentgym/Maze-v0"]
    build_tiny_model(folder / "tiny", env_ids, items=3, vocab_size=400, width=64)
    words = [
        "collect",
        "--env",
        "Maze",
        "--items",
        "8",
        "--out",
        str(folder / "played"),
    ]
    assert main(words) == 0
    text = CLONE.format(model=folder / "tiny", records=folder / "played")
    train("bc", text, folder / "bc", 2)
    return folder


def test_a_clone_of_two_processes_has_learnt(clone):
    told = (clone / "bc" / "told.txt").read_text()
    assert told.count("loss: ") == 1  # one process tells
    # Of 400 tokens: 6.0 before anything is learnt.
    assert float(told.partition("loss: ")[2].split()[0]) < 2
    assert not (clone / "bc" / "run" / "draft").exists()


def test_a_policy_gradient_is_that_of_one_process(clone, tmp_path):
    text = GRADIENT.format(model=clone / "bc" / "run" / "model")
    one, two = (train("policy_gradient", text, tmp_path / str(n), n) for n in (1, 2))
    assert [line["success"] for line in lines_of(one)] == pytest.approx(
        [line["success"] for line in lines_of(two)]
    )
    before = weights_of(clone / "bc" / "run")
    assert (weights_of(one) - before).abs().max() > 1e-3
    assert torch.allclose(weights_of(one), weights_of(two), atol=1e-4)


def test_preferences_are_those_of_one_process(clone, tmp_path):
    records = [
        {"conversations": talk, "item_id": f"maze_{item}", "reward": reward}
        for item in range(4)
        for reward, talk in ((1.0, talk_of("up")), (0.0, talk_of("down")))
    ]
    trajectory.append(tmp_path / "pairs.jsonl", records)
    text = PREFER.format(
        model=clone / "bc" / "run" / "model", records=tmp_path / "pairs.jsonl"
    )
    one, two = (train("dpo", text, tmp_path / str(n), n) for n in (1, 2))
    assert torch.allclose(weights_of(one), weights_of(two), atol=1e-4)


def test_agentevol_shares_what_is_played(clone, tmp_path):
    text = EVOLVE.format(model=clone / "bc" / "run" / "model")
    run = train("agentevol", text, tmp_path / "evolve", 2)
    state = json.loads((run / "agentevol.json").read_text())["stages"]
    explored = list(trajectory.read(run / "iteration-1" / "explored.jsonl"))
    assert len(explored) == len({key_of(r) for r in explored}) == 16
    assert 0 < state["iteration-1"]["kept"] <= 8
    assert state["iteration-1"]["test"]["agentgym/Maze-v0"]["episodes"] == 5
    assert (run / "iteration-1" / "model" / "model.safetensors").exists()
    assert not list(run.rglob("*.1.jsonl")) and not list(run.rglob("draft"))


def talk_of(reply):
    said = ["Rules.", "Ok.", "Start.", reply, "The end."]
    return [
        {
            "from": "gpt" if place % 2 else "human",
            "loss": place > 1 if place % 2 else None,
            "value": text,
        }
        for place, text in enumerate(said)
    ]
