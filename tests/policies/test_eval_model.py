"""A language model is evaluated: its tokens are kept, counted, and come again."""

from __future__ import annotations

import json

import pytest

from agentgym_envs.cli import main
from agentgym_policies import token_sequences
from agentgym_policies.kept import actions_of
from agentgym_wrappers import dataset


@pytest.fixture(scope="module")
def model(tiny, tmp_path_factory):
    from agentgym_policies.tiny import save_model

    return save_model(tmp_path_factory.mktemp("models") / "tiny", *tiny)


def test_a_models_run_keeps_its_tokens_and_is_reproduced(model, tmp_path, capsys):
    words = ["eval", "--env", "Maze", "--items", "2", "--episodes", "2"]
    words += ["--policy", f"hf:{model}", "--horizon", "3"]
    words += ["-P", "temperature=1.0", "-P", "max_new_tokens=8", "-P", "device=cpu"]
    first, again = tmp_path / "first", tmp_path / "again"

    assert main([*words, "--out", str(first)]) == 0
    # Another batch must change nothing.
    more = ["--batch", "1", "--out", str(again)]
    assert main(["eval", "--reproduce", str(first), *more]) == 0

    assert "all numbers of 4 episodes are identical" in capsys.readouterr().out
    manifest = json.loads((first / "manifest.json").read_text())
    assert manifest["sampling"]["temperature"] == 1.0
    assert {"torch", "transformers"} <= manifest["versions"].keys()
    total = json.loads((first / "report.json").read_text())["total"]
    lines = dataset.load(first / "trajectories.jsonl")
    written = sum(len(ids) for line in lines for ids in line["meta"]["token_ids"])
    assert total["completion_tokens"] == written > 0
    for line in lines:
        sequences = token_sequences(actions_of(line))
        assert sum(sum(one.mask) for one in sequences) == sum(
            map(len, line["meta"]["token_ids"])
        )
        assert len(line["meta"]["logprobs"]) == 3


def test_a_suite_is_greedy(model, tmp_path):
    words = ["eval", "--suite", "agenteval", "--env", "Maze", "--items", "1"]
    words += ["--policy", f"hf:{model}", "-P", "max_new_tokens=2", "-P", "device=cpu"]

    assert main([*words, "--out", str(tmp_path)]) == 0

    settings = json.loads((tmp_path / "settings.json").read_text())["settings"]
    assert settings["policy_options"]["temperature"] == 0.0


def test_another_model_in_the_same_folder_is_noticed(tiny, tmp_path, capsys):
    from agentgym_policies.tiny import build_model, save_model

    folder = save_model(tmp_path / "model", *tiny)
    words = ["eval", "--env", "Maze", "--items", "1", "--horizon", "1"]
    words += ["--policy", f"hf:{folder}", "-P", "max_new_tokens=1", "-P", "device=cpu"]
    first = tmp_path / "first"
    assert main([*words, "--out", str(first)]) == 0
    repeat = ["eval", "--reproduce", str(first), "--out"]
    assert main([*repeat, str(tmp_path / "again")]) == 0

    save_model(folder, build_model(tiny[1], width=64, layers=1, seed=7), tiny[1])

    assert main([*repeat, str(tmp_path / "other")]) == 1
    assert "different: model.model.safetensors is " in capsys.readouterr().out
    # A manifest from before the files were told may be repeated with any model.
    path = first / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["model"]
    path.write_text(json.dumps(manifest))
    main([*repeat, str(tmp_path / "older")])
    assert "model.model" not in capsys.readouterr().out
