"""A tiny model that has read a few episodes of experts, so that it hits at times."""

from __future__ import annotations

import torch

from agentgym_policies.tiny import build_model


def pretrain(model, sequences, *, steps, batch=16, rate=3e-3):
    """Fit the tokens that are marked, in ``(ids, mask)`` pairs."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        chosen = torch.randint(len(sequences), (batch,), generator=generator).tolist()
        picked = [sequences[i] for i in chosen]
        longest = max(len(ids) for ids, _ in picked)
        ids = torch.zeros(batch, longest, dtype=torch.long)
        labels = torch.full((batch, longest), -100)
        seen = torch.zeros(batch, longest, dtype=torch.long)
        for row, (tokens, mask) in enumerate(picked):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            marked = torch.tensor(mask, dtype=torch.bool)
            labels[row, : len(tokens)][marked] = torch.tensor(tokens)[marked]
            seen[row, : len(tokens)] = 1
        loss = model(input_ids=ids, attention_mask=seen, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return float(loss.detach())


def small(tokenizer):
    return build_model(tokenizer, width=64, layers=2, context=2048, seed=1)
