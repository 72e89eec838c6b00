"""Low-rank adapters (LoRA, Hu et al., arXiv 2106.09685) by peft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from agentgym_envs.errors import BadOption, MissingExtra


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """The options of an adapter; a rank of 0 trains all weights instead.

    Args:
        rank: The rank of each change.
        alpha: What the change is scaled by, over the rank.
        dropout: The share of inputs that are left out in training.
        modules: The layers that get one: a name, several names, or ``all-linear``.
    """

    rank: int = 0
    alpha: int = 16
    dropout: float = 0.0
    modules: str | list[str] = "all-linear"

    def __post_init__(self) -> None:
        """Refuse a negative rank.

        Raises:
            BadOption: if it is one.
        """
        if self.rank < 0:
            raise BadOption(f"a rank is 0 or more, not {self.rank}")

    def config(self) -> Any | None:
        """The configuration for peft; None if all weights are trained.

        Raises:
            MissingExtra: if peft is needed and not installed.
        """
        if not self.rank:
            return None
        try:
            from peft import LoraConfig
        except ImportError:
            raise MissingExtra("trainers", "peft") from None
        return LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            target_modules=self.modules,
            task_type="CAUSAL_LM",
        )

    def put_on(self, model: Any) -> Any:
        """Give the model with a new adapter, or as it is if all weights are trained."""
        config = self.config()
        if config is None:
            return model
        from peft import get_peft_model

        return get_peft_model(model, config)


@contextmanager
def without_adapter(model: Any) -> Iterator[Any | None]:
    """Let a model with an adapter be the one that it was before.

    Gives None for a model without one, which has forgotten what it was.
    """
    if hasattr(model, "disable_adapter"):
        with model.disable_adapter():
            yield model
    else:
        yield None


def merged(model: Any) -> Any:
    """The plain model: an adapter's changes are added to the weights."""
    return model.merge_and_unload() if hasattr(model, "merge_and_unload") else model
