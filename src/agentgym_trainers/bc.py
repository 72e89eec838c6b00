"""Behavioural cloning: learn to say what a trajectory says.

The sum of log pi(reply | all before it) over the replies of the trajectories (Xi et
al., arXiv 2406.04151), by TRL's `SFTTrainer`. Labels are our own, so that exactly the
replies whose ``loss`` is true are learnt: no observation, no mark of the template, no
consent to the rules. A weight per trajectory makes it the reward-weighted likelihood
that AgentEvol's learning step maximises.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_trainers.adapters import Lora, merged
from agentgym_trainers.processes import put_in_place, rank
from agentgym_trainers.settings import keep, refuse_another
from agentgym_wrappers import dataset
from agentgym_wrappers.dataset.select import THRESHOLD

try:
    import torch
    from accelerate.utils import DistributedType
    from datasets import Dataset
    from torch.nn import functional
    from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback
    from trl import SFTConfig, SFTTrainer

    from agentgym_policies.chat import ChatTokens
    from agentgym_policies.prompts import PlayStyle
    from agentgym_trainers.examples import (
        IGNORED,
        Example,
        examples_of,
        padded,
        style_of,
    )
except ImportError as error:
    raise MissingExtra("trainers", error.name or "") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class BCConfig:
    """How it is learnt.

    Args:
        learning_rate: At its highest.
        epochs: How often each trajectory is seen.
        steps: Updates, instead of epochs, if above 0.
        batch: Trajectories per update, on each device and in each pass.
        accumulate: Passes per update.
        warmup: The share of updates in which the rate rises.
        schedule: How the rate falls, by transformers' name.
        weight_decay: AdamW's.
        clip: The largest norm of a gradient.
        longest: Tokens of a conversation; what is longer ends after a whole reply.
        lora: An adapter, if its rank is above 0.
        keep_consent: See `agentgym_trainers.examples.examples_of`.
        seed: Of the order of trajectories.
        report_to: Loggers by transformers' names: ``tensorboard``, ``wandb``.
        options: More for TRL's ``SFTConfig``, for example ``{"bf16": True}`` or
            ``{"fsdp": "full_shard auto_wrap"}``.
    """

    learning_rate: float = 1e-5
    epochs: float = 1.0
    steps: int = 0
    batch: int = 4
    accumulate: int = 1
    warmup: float = 0.1
    schedule: str = "cosine"
    weight_decay: float = 0.0
    clip: float = 1.0
    longest: int = 4096
    lora: Lora = field(default_factory=Lora)
    keep_consent: bool = False
    seed: int = 0
    report_to: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneConfig:
    """A model, the trajectories that it learns, and how.

    Args:
        model: A name on the hub or a folder.
        trajectories: A file, or the folder of a run.
        threshold: What rewards must be above; the default stands for the published
            thresholds. Trajectories without rewards are all taken.
        keep: Of several trajectories of an item: ``all``, the ``first``, the ``best``.
        train: How it is learnt.
    """

    model: str
    trajectories: str
    threshold: float = THRESHOLD
    keep: Literal["all", "first", "best"] = "all"
    train: BCConfig = field(default_factory=BCConfig)


def clone(config: CloneConfig, out: str | Path) -> dict[str, Any]:
    """Train as a configuration says; a model that is there is not trained again.

    The model is talked to in the format that its trajectories are written in.

    Returns:
        The folder of the model, and what `clone_behaviour` tells.

    Raises:
        BadOption: if the folder holds a model of another configuration.
    """
    out = Path(out)
    model = out / "model"
    if model.exists():
        refuse_another(out, config)
        return {"model": str(model)}
    records = dataset.load(config.trajectories)
    chosen = dataset.select(records, threshold=config.threshold, keep=config.keep)
    style = style_of(PlayStyle.load(config.model), chosen)
    draft = out / "draft"
    result = clone_behaviour(config.model, chosen, draft, config.train, style=style)
    if rank() == 0:
        keep(out, config)
    put_in_place(draft, model)
    return {"model": str(model), "trajectories": len(chosen), **result}


def clone_behaviour(
    model: str | Path,
    records: Sequence[Mapping[str, Any]],
    out: str | Path,
    config: BCConfig | None = None,
    *,
    weights: Sequence[float] | None = None,
    style: PlayStyle | None = None,
) -> dict[str, float]:
    """Train a model on trajectories and save it.

    Args:
        model: A name on the hub or a folder.
        records: Trajectories, as `agentgym_wrappers.dataset.load` reads them.
        out: The folder for the trained model, its tokenizer and its style of play; an
            adapter is merged, so that anything can load it.
        config: How it is learnt.
        weights: How much each trajectory counts; None counts all alike.
        style: How the model is talked to when it plays; None keeps the model's own.

    Returns:
        The mean ``loss``; the number of ``updates``; of the ``tokens`` that count in
        the trajectories; and of those in all updates, ``trained_tokens``.

    Raises:
        BadOption: if nothing is left to learn.
    """
    config = config or BCConfig()
    tokenizer = AutoTokenizer.from_pretrained(model)
    # Layers that expect half precision get it by options={"bf16": True}.
    loaded = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    style = style or PlayStyle.load(model)
    chat = ChatTokens(tokenizer)
    examples = [
        example
        for record, weight in zip(records, weights or [1.0] * len(records), strict=True)
        for example in examples_of(
            record,
            chat,
            system=style.system,
            keep_consent=config.keep_consent,
            longest=config.longest,
            weight=weight,
        )
    ]
    trainer = make_trainer(loaded, tokenizer, examples, Path(out), config)
    result = trainer.train()
    trained = _whole(trainer, model, config)
    if trained is not None:
        merged(trained).save_pretrained(out)
        tokenizer.save_pretrained(out)
        style.save(out)
    tokens = sum(example.trained for example in examples)
    return {
        "loss": float(result.training_loss),
        "updates": float(result.global_step),
        "tokens": float(tokens),
        "trained_tokens": tokens * float(trainer.state.epoch or 0.0),
    }


def _whole(trainer: SFTTrainer, model: str | Path, config: BCConfig) -> Any:
    """What was trained, as one model; None in all processes but the first.

    Where each process holds a part of the weights, they are put together for the first
    one, which reads the model a second time to have a place for them.
    """
    accelerator = trainer.accelerator
    if accelerator.distributed_type == DistributedType.NO:
        return accelerator.unwrap_model(trainer.model)
    state = accelerator.get_state_dict(trainer.model_wrapped)
    if not trainer.is_world_process_zero():
        return None
    loaded = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    whole = config.lora.put_on(loaded)
    whole.load_state_dict(state)
    return whole


def make_trainer(
    model: Any,
    tokenizer: Any,
    examples: Sequence[Example],
    folder: Path,
    config: BCConfig,
) -> SFTTrainer:
    """Make TRL's trainer for examples whose tokens and labels are ours.

    Raises:
        BadOption: if there is no example, or an option that TRL does not have.
    """
    if not examples:
        raise BadOption("no trajectory holds a reply to learn, within the length")
    rows = Dataset.from_list(
        [
            {"input_ids": [*e.ids], "labels": e.labels, "weight": e.weight}
            for e in examples
        ]
    )
    settings = {
        "output_dir": str(folder / "trainer"),
        "learning_rate": config.learning_rate,
        "num_train_epochs": config.epochs,
        "max_steps": config.steps or -1,
        "per_device_train_batch_size": config.batch,
        "gradient_accumulation_steps": config.accumulate,
        "warmup_steps": config.warmup,
        "lr_scheduler_type": config.schedule,
        "weight_decay": config.weight_decay,
        "max_grad_norm": config.clip,
        "seed": config.seed,
        "data_seed": config.seed,
        "report_to": list(config.report_to) or "none",
        "logging_steps": 10,
        "save_strategy": "no",
        "bf16": False,
        # It saves memory and costs time; options may turn it on.
        "gradient_checkpointing": False,
        "use_cpu": not torch.cuda.is_available(),
        "disable_tqdm": not sys.stderr.isatty(),
        # Ours is tokenised, labelled and cut already.
        "dataset_kwargs": {"skip_prepare_dataset": True},
        "remove_unused_columns": False,
        "max_length": None,
    }
    try:
        args = SFTConfig(**{**settings, **config.options})
    except TypeError as error:
        raise BadOption(f"options of the training: {error}") from error
    kind = Weighted if any(e.weight != 1.0 for e in examples) else SFTTrainer
    trainer = kind(
        model=model,
        args=args,
        train_dataset=rows,
        processing_class=tokenizer,
        data_collator=Collator(tokenizer.pad_token_id or 0, kind is Weighted),
        peft_config=config.lora.config(),
    )
    # Without a terminal it would print a dictionary every few updates.
    trainer.remove_callback(PrinterCallback)
    return trainer


@dataclass(frozen=True, slots=True)
class Collator:
    """Put examples into one batch."""

    pad: int
    weighs: bool

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        """Pad at the end; padding is no token and has no label."""
        ids = [row["input_ids"] for row in rows]
        long = torch.long
        batch = {
            "input_ids": padded(ids, self.pad, dtype=long),
            "attention_mask": padded([[1] * len(row) for row in ids], 0, dtype=long),
            "labels": padded([row["labels"] for row in rows], IGNORED, dtype=long),
        }
        if self.weighs:
            batch["weights"] = torch.tensor([row["weight"] for row in rows])
        return batch


class Weighted(SFTTrainer):  # type: ignore[misc]  # TRL has no types
    """The likelihood of each trajectory, times its weight.

    Divided by the number of trained tokens, whatever they weigh: with weights of 1 it
    is the loss of `SFTTrainer`.
    """

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        """Weigh the loss of each token by its trajectory's weight."""
        weights, labels = inputs["weights"], inputs["labels"]
        outputs = model(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            use_cache=False,
        )
        losses = functional.cross_entropy(
            outputs.logits[:, :-1].flatten(0, 1).float(),
            labels[:, 1:].flatten(),
            ignore_index=IGNORED,
            reduction="none",
        ).view(labels.shape[0], -1)
        tokens = (labels[:, 1:] != IGNORED).sum()
        count = tokens if num_items_in_batch is None else num_items_in_batch
        loss = (losses * weights[:, None]).sum() / torch.as_tensor(count).clamp(min=1)
        if self.args.average_tokens_across_devices and num_items_in_batch is not None:
            # The count is that of all processes, and their gradients are averaged.
            loss = loss * self.accelerator.num_processes
        return (loss, outputs) if return_outputs else loss
