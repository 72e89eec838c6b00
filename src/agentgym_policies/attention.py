"""Keys and values of several conversations side by side, kept between turns."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import pad
from transformers import DynamicCache

Tokens = Sequence[int]


class KeyValues:
    """What a model's attention has computed of some conversations.

    A row per conversation. Rows differ in length, so some columns of a row are empty;
    the mask leaves them out, and every token keeps its own position whatever is empty
    before it. So a row can be taken up by any later turn.

    Args:
        model: The model, which must attend to all that it has read.
        rows: How many conversations there are, all empty.
    """

    def __init__(self, model: Any, rows: int) -> None:
        self._model = model
        self.rows: list[list[int]] = [[] for _ in range(rows)]
        """The tokens that are inside, row by row."""
        self._cache = DynamicCache()
        self._cache_name = cache_name(model)
        self._mask = torch.zeros((rows, 0), dtype=torch.bool, device=model.device)

    def append(self, chunks: Sequence[Tokens], *, keep: int = 1) -> torch.Tensor:
        """Read more tokens, of each row as many as there are.

        Args:
            chunks: The tokens per row; there may be none.
            keep: For how many of the last tokens logits are given.

        Returns:
            Logits of shape (rows, keep, vocabulary), aligned at the end. A row that
            reads nothing gets logits that mean nothing.
        """
        device, widest = self._model.device, max(map(len, chunks))
        ids = torch.zeros((len(chunks), widest), dtype=torch.long)
        real = torch.zeros((len(chunks), widest), dtype=torch.bool)
        places = torch.zeros((len(chunks), widest), dtype=torch.long)
        for row, chunk in enumerate(chunks):
            if chunk:
                start, length = widest - len(chunk), len(self.rows[row])
                ids[row, start:] = torch.tensor(chunk)
                real[row, start:] = True
                places[row, start:] = torch.arange(length, length + len(chunk))
                self.rows[row] += chunk
        self._mask = torch.cat([self._mask, real.to(device)], dim=1)
        with torch.inference_mode():
            result = self._model(
                input_ids=ids.to(device),
                attention_mask=self._mask.long(),
                position_ids=places.to(device),
                use_cache=True,
                logits_to_keep=keep,
                **{self._cache_name: self._cache},
            )
        logits: torch.Tensor = result.logits
        return logits

    def select(self, rows: Sequence[int]) -> KeyValues:
        """Give some of the rows, any number of times each, without empty columns."""
        chosen = KeyValues(self._model, 0)
        chosen.rows = [list(self.rows[row]) for row in rows]
        index = torch.tensor(rows, dtype=torch.long, device=self._mask.device)
        mask = self._mask[index]
        widest = max(map(len, chosen.rows), default=0)
        # Stable: the empty columns come first, the others keep their order.
        order = torch.argsort(mask.long(), dim=1, stable=True)
        order = order[:, order.shape[1] - widest :]
        chosen._mask = torch.gather(mask, 1, order)
        for number, layer in enumerate(self._cache.layers):
            keys, values = (
                _columns(t, index, order) for t in (layer.keys, layer.values)
            )
            chosen._cache.update(keys, values, number)
        return chosen

    @classmethod
    def join(cls, model: Any, parts: Sequence[KeyValues]) -> KeyValues:
        """Put rows of several under each other."""
        parts = [part for part in parts if part.rows]
        if len(parts) == 1:
            return parts[0]
        joined = cls(model, 0)
        joined.rows = [row for part in parts for row in part.rows]
        widest = max(part._mask.shape[1] for part in parts)
        missing = [widest - part._mask.shape[1] for part in parts]
        joined._mask = torch.cat(
            [pad(p._mask, (m, 0)) for p, m in zip(parts, missing, strict=True)]
        )
        for number in range(len(parts[0]._cache.layers)):
            layers = [part._cache.layers[number] for part in parts]
            keys = torch.cat([_widened(layer.keys, widest) for layer in layers])
            values = torch.cat([_widened(layer.values, widest) for layer in layers])
            joined._cache.update(keys, values, number)
        return joined


def cache_name(model: Any) -> str:
    """What a model calls its cache; newer versions gave it another name."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    known = inspect.signature(type(inner).forward).parameters
    return "cache" if "cache" in known else "past_key_values"


def _columns(
    tensor: torch.Tensor, rows: torch.Tensor, order: torch.Tensor
) -> torch.Tensor:
    """Pick rows, and of each row its own columns."""
    return tensor[rows[:, None], :, order].transpose(1, 2)


def _widened(tensor: torch.Tensor, widest: int) -> torch.Tensor:
    return pad(tensor, (0, 0, widest - tensor.shape[2], 0))


def is_recurrent(model: Any) -> bool:
    """Tell whether a layer keeps a state of its own, which has no column per token."""
    config = model.config.get_text_config(decoder=True)
    kinds = getattr(config, "layer_types", None) or ()
    return bool(getattr(model, "_is_stateful", False)) or any(
        "attention" not in kind or kind == "linear_attention" for kind in kinds
    )


def can_be_kept(model: Any) -> bool:
    """Tell whether a model attends to all that it has read, in every layer.

    Models with sliding windows are not read on from one turn to the next, and get each
    context whole.
    """
    config = model.config.get_text_config(decoder=True)
    kinds = getattr(config, "layer_types", None)
    if kinds is not None:
        return set(kinds) == {"full_attention"}
    uses_window = getattr(config, "use_sliding_window", True)
    return not (getattr(config, "sliding_window", None) and uses_window)
