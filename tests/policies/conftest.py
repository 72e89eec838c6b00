from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def tiny():
    """A tiny untrained model and its tokenizer, which spells most of what it reads."""
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    import torch

    from agentgym_policies.tiny import build_model, build_tokenizer

    torch.set_num_threads(1)
    words = ["The goal is at position 8, 6. There are walls above you, below you."]
    tokenizer = build_tokenizer(words, vocab_size=300)
    return build_model(tokenizer, width=64, layers=2, seed=3), tokenizer
