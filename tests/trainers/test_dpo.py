"""Preferences between episodes: over the agent's tokens, and over no others."""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("transformers")

from byte_chat import byte_chat  # noqa: E402
from transformers import AutoModelForCausalLM  # noqa: E402

from agentgym_envs.errors import BadOption  # noqa: E402
from agentgym_policies.prompts import PlayStyle  # noqa: E402
from agentgym_policies.tiny import build_tiny_model  # noqa: E402
from agentgym_trainers import dpo  # noqa: E402
from agentgym_trainers.adapters import Lora  # noqa: E402
from agentgym_trainers.examples import Example  # noqa: E402
from agentgym_wrappers import dataset  # noqa: E402

TALK = ["Rules.", "Ok.", "Start.", "up", "A wall.", "left", "The goal."]


def record(reward, replies, item="maze_1"):
    talk = [*TALK[:3], replies[0], TALK[4], replies[1], TALK[6]]
    said = [
        {
            "from": "gpt" if place % 2 else "human",
            "loss": None if place % 2 == 0 else place > 1,
            "value": text,
        }
        for place, text in enumerate(talk)
    ]
    return {"conversations": said, "item_id": item, "reward": reward}


GOOD, BAD = record(1.0, ["up", "left"]), record(0.0, ["down", "right"])


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("model")
    build_tiny_model(
        folder, ["agentgym/Maze-v0"], items=2, vocab_size=300, width=64, layers=1
    )
    return folder


@pytest.mark.parametrize("name", ["chatml", "llama3", "mistral", "thinking"])
def test_only_replies_count_on_both_sides(name):
    chat = byte_chat(name)
    [pair] = dpo.tokenised(dataset.to_pairs([GOOD, BAD]), chat, PlayStyle(), None)
    end = chat.tokenizer.eos_token
    for example, replies in zip(pair, (["up", "left"], ["down", "right"]), strict=True):
        written = [t for t, m in zip(example.ids, example.mask, strict=True) if m]
        text = chat.tokenizer.decode(written)
        block = "<think>\n\n</think>\n\n" if name == "thinking" else ""
        lead = " " if name == "mistral" else block
        assert text == "".join(f"{lead}{reply}{end}" for reply in replies)


def test_what_the_environment_says_has_no_part(tiny_model):
    one = Example((5, 6, 7, 8), (0, 1, 0, 1))
    found = dpo.episode_logprobs(tiny_model, [one], "cpu")
    logits = tiny_model(torch.tensor([one.ids])).logits[0].log_softmax(-1)
    assert found.item() == pytest.approx((logits[0, 6] + logits[2, 8]).item(), abs=1e-5)


def test_the_better_episode_becomes_likelier_than_the_worse(model, tmp_path):
    config = dpo.DPOConfig(
        model=str(model), learning_rate=1e-3, epochs=8, batch=1, device="cpu"
    )
    lines = []
    dpo.train(config, tmp_path, records=[GOOD, BAD], log=lines.append)
    assert lines[0]["margin"] == pytest.approx(0, abs=1e-4)
    assert lines[0]["loss"] == pytest.approx(0.6931, abs=1e-3)
    assert lines[-1]["margin"] > 1 and lines[-1]["accuracy"] == 1.0
    assert (tmp_path / "model" / "agentgym.json").exists()

    with pytest.raises(BadOption, match="another configuration"):
        dpo.train(replace(config, epochs=9), tmp_path, records=[GOOD, BAD])


def test_an_adapter_and_the_same_seed_give_the_same_model(model, tmp_path):
    config = dpo.DPOConfig(
        model=str(model), learning_rate=1e-3, epochs=1, lora=Lora(rank=2), device="cpu"
    )
    runs = []
    for name in ("a", "b"):
        lines = []
        dpo.train(config, tmp_path / name, records=[GOOD, BAD], log=lines.append)
        runs.append(lines)
    assert runs[0] == runs[1]


def test_weights_in_half_precision_are_trained_whole(model, tmp_path):
    half = tmp_path / "half"
    shutil.copytree(model, half)
    loaded = AutoModelForCausalLM.from_pretrained(model, dtype=torch.bfloat16)
    loaded.save_pretrained(half)
    config = dpo.DPOConfig(
        model=str(half), learning_rate=1e-6, epochs=2, batch=1, warmup=0, device="cpu"
    )
    dpo.train(config, tmp_path / "out", records=[GOOD, BAD])
    trained = AutoModelForCausalLM.from_pretrained(tmp_path / "out" / "model")
    before = loaded.float().state_dict()["model.norm.weight"]
    # A step of 1e-6 from 1.0, which half precision can't tell from 1.0.
    assert (trained.state_dict()["model.norm.weight"] != before).all()


def test_without_pairs_there_is_nothing_to_train_on(model, tmp_path):
    alone = copy.deepcopy(GOOD)
    with pytest.raises(BadOption, match="no two episodes"):
        dpo.train(dpo.DPOConfig(model=str(model)), tmp_path, records=[alone])
    with pytest.raises(BadOption, match="beta"):
        dpo.DPOConfig(model="x", beta=0)
