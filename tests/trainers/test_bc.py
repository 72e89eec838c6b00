"""Behavioural cloning learns replies, and only those, by weight."""

from __future__ import annotations

from dataclasses import replace

import gymnasium
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

import torch

import agentgym_envs  # noqa: F401  # registers the ids
from agentgym_envs.errors import BadOption
from agentgym_policies.prompts import PlayStyle
from agentgym_policies.rollout import make_job, rollout
from agentgym_policies.tiny import build_tiny_model
from agentgym_trainers.adapters import Lora
from agentgym_trainers.bc import (
    BCConfig,
    CloneConfig,
    Weighted,
    clone,
    clone_behaviour,
    make_trainer,
)
from agentgym_trainers.examples import Example
from agentgym_wrappers import RecordTrajectory, dataset

MAZE = "agentgym/Maze-v0"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("model")
    build_tiny_model(folder, [MAZE], items=5, vocab_size=400, width=64, layers=2)
    return folder


@pytest.fixture(scope="module")
def records():
    env = RecordTrajectory(gymnasium.make(MAZE), policy="expert")
    made = []
    for item in range(6):
        env.reset(options={"item": item})
        while not env.unwrapped.is_over:
            env.step(env.unwrapped.expert_action())
        made.append(env.trajectory)
    return made


def play(folder):
    from agentgym_policies.huggingface import TransformersPolicy

    policy = TransformersPolicy.load(folder, device="cpu", max_new_tokens=8)
    jobs = [make_job(0, MAZE, f"maze_{item}", 0) for item in range(6)]
    episodes = rollout(policy, lambda: gymnasium.make(MAZE), jobs, batch=6)
    return sum(e.history.infos[-1]["success"] for e in episodes)


@pytest.mark.slow
def test_a_model_learns_what_the_expert_did(model, records, tmp_path):
    config = BCConfig(learning_rate=3e-3, steps=120, batch=6, longest=600)
    result = clone_behaviour(model, records, tmp_path / "bc", config)
    assert result["updates"] == 120
    assert play(model) <= 1
    assert play(tmp_path / "bc") >= 5


@pytest.mark.slow
def test_an_adapter_learns_too_and_is_merged(model, records, tmp_path):
    lora = Lora(rank=8, alpha=32)
    config = BCConfig(learning_rate=1e-2, steps=40, batch=6, lora=lora)
    first = clone_behaviour(model, records, tmp_path / "a", BCConfig(steps=1))
    result = clone_behaviour(model, records, tmp_path / "b", config)
    assert result["loss"] < first["loss"] * 0.9
    assert not (tmp_path / "b" / "adapter_config.json").exists()
    play(tmp_path / "b")


def loss_of(model, examples, folder, kind=None):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    loaded = AutoModelForCausalLM.from_pretrained(model)
    config = BCConfig(batch=len(examples))
    trainer = make_trainer(loaded, tokenizer, examples, folder, config)
    assert kind is None or type(trainer) is kind
    batch = next(iter(trainer.get_train_dataloader()))
    return trainer.compute_loss(trainer.model, batch).item()


def test_weights_scale_each_likelihood(model, tmp_path):
    one = Example((300, 301, 302), (0, 1, 1))
    two = Example((303, 304, 305, 306), (0, 0, 0, 1))

    def heavy(example, weight):
        return Example(example.ids, example.mask, weight)

    alone = loss_of(model, [one], tmp_path)
    other = loss_of(model, [two], tmp_path)
    mixed = loss_of(model, [heavy(one, 0.25), heavy(two, 2.0)], tmp_path, Weighted)
    # Sums over 2 and 1 tokens, divided by all 3.
    assert mixed == pytest.approx((2 * alone * 0.25 + other * 2.0) / 3, rel=1e-4)
    same = loss_of(model, [one, two], tmp_path)
    assert same == pytest.approx((2 * alone + other) / 3, rel=1e-4)


def test_what_is_masked_has_no_part_in_the_loss(model, tmp_path):
    from transformers import AutoModelForCausalLM

    example = Example((300, 301, 302, 303), (0, 0, 1, 0))
    loss = loss_of(model, [example], tmp_path)
    logits = AutoModelForCausalLM.from_pretrained(model)(torch.tensor([example.ids]))
    expected = -logits.logits[0, 1].log_softmax(-1)[302].item()
    assert loss == pytest.approx(expected, rel=1e-4)


def test_the_clone_is_talked_to_as_its_trajectories_are_written(
    model, records, tmp_path
):
    published = [dataset.to_agenttraj(record) for record in records[:2]]
    dataset.save(tmp_path / "new" / "published.jsonl", published)
    config = CloneConfig(
        model=str(model),
        trajectories=str(tmp_path / "new" / "published.jsonl"),
        train=BCConfig(steps=1, batch=1),
    )
    made = clone(config, tmp_path / "out")
    assert PlayStyle.load(model).action_format == "text"
    assert PlayStyle.load(made["model"]).action_format == "react"

    assert clone(config, tmp_path / "out")["model"] == made["model"]
    with pytest.raises(BadOption, match="another configuration"):
        clone(replace(config, keep="first"), tmp_path / "out")


def test_an_option_that_trl_does_not_have_is_named(model, tmp_path):
    config = BCConfig(options={"no_such_option": 1})
    with pytest.raises(BadOption, match="no_such_option"):
        make_trainer(model, None, [Example((1, 2), (0, 1))], tmp_path, config)


def test_nothing_to_learn_is_a_mistake(model, records, tmp_path):
    with pytest.raises(BadOption, match="no trajectory"):
        clone_behaviour(model, records, tmp_path, BCConfig(longest=3))
    with pytest.raises(BadOption, match="rank"):
        Lora(rank=-1)
