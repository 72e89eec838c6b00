from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from agentgym_envs.errors import BadOption
from agentgym_policies import PlayStyle

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from agentgym_policies.tiny import (  # noqa: E402
    build_model,
    build_tiny_model,
    build_tokenizer,
    game_texts,
    save_model,
)

IDS = ["agentgym/Maze-v0", "agentgym/Wordle-v0"]
BUILD = """
import hashlib, pathlib, sys
from agentgym_policies.tiny import build_tiny_model
build_tiny_model(sys.argv[1], ["agentgym/Maze-v0", "agentgym/Wordle-v0"], items=5)
"""
FILES = ("model.safetensors", "tokenizer.json", "agentgym.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build_tiny_model(tmp_path_factory.mktemp("tiny") / "one", IDS, items=5)


def digests(folder):
    return [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES]


def size(model):
    return sum(weights.numel() for weights in model.parameters())


def test_it_is_an_ordinary_folder_with_one_to_five_million_parameters(folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    assert 1e6 < size(model) < 5e6
    assert tokenizer.eos_token == "<|end|>"
    assert "<|assistant|>" in tokenizer.chat_template
    assert PlayStyle.load(folder) == PlayStyle(action_format="text", system="")


def test_the_sizes_that_are_told_are_true():
    tokenizer = build_tokenizer(["a b c"], vocab_size=300)
    missing = 2048 - len(tokenizer)

    small, large = build_model(tokenizer), build_model(tokenizer, width=256, layers=6)

    assert size(small) + missing * 128 == pytest.approx(1.5e6, rel=0.05)
    assert size(large) + missing * 256 == pytest.approx(6e6, rel=0.1)


def test_another_process_builds_the_same_bytes(folder, tmp_path):
    subprocess.run(
        [sys.executable, "-c", BUILD, str(tmp_path / "two")], check=True, timeout=300
    )

    assert digests(tmp_path / "two") == digests(folder)


def test_the_tokenizer_has_the_games_words_and_spells_all_others(folder):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    assert tokenizer.tokenize("move up") == ["move", "Ġup"]
    for text in (*game_texts(IDS[:1], items=7), "größe \u2028 \t\n<b> 字"):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_keywords_reach_the_environment_whose_texts_are_read(tmp_path):
    small = {"vocab_size": 400, "width": 64, "layers": 1}
    build_tiny_model(tmp_path, IDS[1:], items=30, parity=True, **small)

    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert tokenizer.tokenize("shire") == ["shire"]  # a word of the original's list


def test_the_global_generator_is_left_alone():
    tokenizer = build_tokenizer(["a"], vocab_size=300)
    state = torch.get_rng_state()

    one, two, other = (build_model(tokenizer, width=64, seed=s) for s in (1, 1, 2))

    assert torch.equal(state, torch.get_rng_state())
    first = [next(iter(model.parameters())) for model in (one, two, other)]
    assert torch.equal(first[0], first[1])
    assert not torch.equal(first[0], first[2])


def test_saving_again_replaces_the_folder(tiny, tmp_path):
    target = tmp_path / "model"
    save_model(target, *tiny)
    (target / "old").touch()

    save_model(target, *tiny, style=PlayStyle(turns=2))

    assert not (target / "old").exists()
    assert PlayStyle.load(target).turns == 2
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_width_that_fits_no_heads_is_refused(tiny):
    with pytest.raises(BadOption, match="multiple of 64"):
        build_model(tiny[1], width=100)
