"""Numbers of a run for TensorBoard and Weights & Biases."""

from __future__ import annotations

import json
import sys
from contextlib import closing

import pytest

pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("transformers")

from agentgym_envs.errors import BadOption
from agentgym_policies.tiny import build_tiny_model
from agentgym_trainers import policy_gradient as pg
from agentgym_trainers.dpo import DPOConfig
from agentgym_trainers.play import Family
from agentgym_trainers.reports import Reports

MAZE = Family(env_id="agentgym/Maze-v0", explore=(0, 2), kwargs={"distance": [1, 2]})


def scalars(folder, name):
    loading = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator"
    )
    events = loading.EventAccumulator(str(folder / "tensorboard"))
    events.Reload()
    return {event.step: event.value for event in events.Scalars(name)}


def test_tensorboard_shows_what_the_file_of_steps_holds(tmp_path):
    pytest.importorskip("tensorboard")
    build_tiny_model(
        tmp_path / "model", [MAZE.env_id], items=3, vocab_size=400, width=64, layers=1
    )
    wanted = pg.PolicyGradientConfig(
        model=str(tmp_path / "model"),
        families=(MAZE,),
        steps=2,
        items=1,
        group=2,
        horizons=(2,),
        max_new_tokens=4,
        device="cpu",
        report_to=("tensorboard",),
    )
    heard = []

    pg.train(wanted, tmp_path / "run", log=heard.append)

    lines = [json.loads(line) for line in (tmp_path / "run" / "steps.jsonl").open()]
    assert heard == lines
    for name in ("steps", "loss", "norm"):
        told = {line["step"]: pytest.approx(line[name], rel=1e-5) for line in lines}
        assert scalars(tmp_path / "run", name) == told


def test_steps_that_are_done_again_are_shown_once(tmp_path):
    pytest.importorskip("tensorboard")
    for start, value in ((0, 1.0), (2, 5.0)):
        with closing(Reports(["tensorboard"], tmp_path, {}, start=start)) as reports:
            for step in range(start, 4):
                reports.write(step, {"success": value})
    assert scalars(tmp_path, "success") == {0: 1.0, 1: 1.0, 2: 5.0, 3: 5.0}


@pytest.mark.parametrize("name", ["tensorboard", "wandb"])
def test_a_logger_that_is_not_installed_is_named(name, tmp_path, monkeypatch):
    module = "torch.utils.tensorboard" if name == "tensorboard" else name
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadOption, match=f"pip install {name}"):
        Reports([name], tmp_path, {})


def test_a_logger_that_there_is_not_is_refused():
    with pytest.raises(BadOption, match="tensorboard, wandb, not 'paper'"):
        DPOConfig(model="x", report_to=("paper",))
    with pytest.raises(BadOption, match="report_to"):
        pg.PolicyGradientConfig(model="x", families=(MAZE,), report_to=("paper",))
