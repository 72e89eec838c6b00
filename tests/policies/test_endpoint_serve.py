"""A real server of a real model: `transformers serve` on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from agentgym_envs.cli import main

pytest.importorskip("openai")
pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("uvicorn")
pytest.importorskip("fastapi")

PATIENCE = 240  # seconds until the server answers, on a machine with much else to do


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A tiny model and the address of a server that plays it."""
    from agentgym_policies.tiny import MARKS, build_model, build_tokenizer, save_model

    words = ["The goal is at position 8, 6. There are walls above you, below you."]
    tokenizer = build_tokenizer(words, vocab_size=300)
    folder = tmp_path_factory.mktemp("served")
    made = build_model(tokenizer, width=64, layers=2, seed=5)
    # Untrained, it would say nothing but marks and halves of characters.
    mute = [i for i in range(len(tokenizer)) if not tokenizer.decode([i]).isalpha()]
    made.model.embed_tokens.weight.data[[*range(len(MARKS)), *mute]] = 0.0
    model = save_model(folder / "tiny", made, tokenizer)
    port = free_port()
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve"]
    command += [str(model), "--host", "127.0.0.1", "--port", str(port)]
    offline = {
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
    }
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [*command, "--device", "cpu"],
        env=os.environ | offline,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, folder / "log")
        yield model, f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def wait_for(url, server, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"no answer in {PATIENCE} s: {log.read_text()[-2000:]}")


def trajectories(policy, out, *options):
    # One step: a server reads a reply as text, and may find other tokens in it than
    # were sampled, where a conversation here keeps these.
    call = ["collect", "--policy", policy, "--env", "Maze", "--items", "6"]
    call += ["--horizon", "1", "--action-format", "text", "--json", "--out", str(out)]
    assert main([*call, "-P", "temperature=0", *options]) == 0
    lines = (out / "trajectories.jsonl").read_text().splitlines()
    return {
        line["item_id"]: [m["value"] for m in line["conversations"][2:]]
        for line in map(json.loads, lines)
    }


@pytest.mark.slow
def test_a_served_model_plays_as_it_does_here(served, tmp_path):
    model, url = served

    remote = trajectories(
        f"openai:{model}@{url}", tmp_path / "remote", "-P", "max_tokens=12",
        "-P", "system=", "-P", "timeout=60",
    )  # fmt: skip
    local = trajectories(
        f"hf:{model}", tmp_path / "local", "-P", "max_new_tokens=12",
        "-P", "device=cpu",
    )  # fmt: skip

    assert len(remote) == 6
    assert remote == local
    assert all(told[1].isalpha() for told in remote.values())


@pytest.mark.slow
def test_a_served_model_is_measured_end_to_end(served, tmp_path, capsys):
    model, url = served
    call = ["eval", "--policy", f"openai:{model}@{url}", "--env", "Maze,Wordle"]
    call += ["--items", "3", "--horizon", "2", "-P", "max_tokens=8"]

    assert main([*call, "--json", "--out", str(tmp_path)]) == 0

    report = json.loads(capsys.readouterr().out)
    assert report["total"]["episodes"] == 6
    assert report["total"]["crashed"] == 0
    assert report["settings"]["action_format"] == "react"
