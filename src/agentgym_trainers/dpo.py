"""Direct preference optimisation on whole episodes.

Rafailov et al. (arXiv 2305.18290) on pairs of episodes of the same item, as in
AgentGym's example (``examples/dpo`` in https://github.com/WooooDyy/AgentGym). The
log-probability of an episode is the sum over the tokens that the agent wrote: what the
environment says has no part in it, which TRL's trainer would count as well.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.folder import write_atomically
from agentgym_policies.prompts import PlayStyle
from agentgym_policies.seeds import derive
from agentgym_trainers.adapters import Lora, merged
from agentgym_trainers.reports import Log, Reports, check
from agentgym_trainers.settings import keep, refuse_another
from agentgym_wrappers import dataset

try:
    import torch
    from accelerate import Accelerator
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from agentgym_policies.chat import ChatTokens
    from agentgym_trainers.examples import Example, examples_of, padded
    from agentgym_trainers.losses import preference_loss, token_logprobs
except ImportError as error:
    raise MissingExtra("trainers", error.name or "") from error

LOG, MODEL = "steps.jsonl", "model"
Pair = tuple[Example, Example]


@dataclass(frozen=True, slots=True, kw_only=True)
class DPOConfig:
    """How it is learnt; the defaults are those of AgentGym's example.

    Args:
        model: The model to train, and the reference: a name on the hub or a folder.
        trajectories: A file or a run with several episodes of each item.
        gap: What the rewards of a pair must differ by.
        least: What the better reward must reach.
        beta: How strongly the model is held near the reference.
        learning_rate: AdamW's, after the warm-up.
        epochs: How often each pair is seen.
        batch: Pairs per update, over all processes.
        warmup: The share of updates in which the rate rises.
        weight_decay: AdamW's.
        max_norm: The largest norm of a gradient.
        longest: Tokens of an episode; what is longer ends after a whole reply.
        lora: An adapter, if its rank is above 0.
        device: ``auto``, ``cpu`` or ``cuda``.
        seed: Of the order of pairs.
        report_to: Loggers: ``tensorboard``, ``wandb``.
    """

    model: str
    trajectories: str = ""
    gap: float = 0.01
    least: float = 0.7
    beta: float = 0.5
    learning_rate: float = 5e-7
    epochs: int = 3
    batch: int = 8
    warmup: float = 0.1
    weight_decay: float = 0.1
    max_norm: float = 1.0
    longest: int = 4096
    lora: Lora = field(default_factory=Lora)
    device: str = "auto"
    seed: int = 0
    report_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            BadOption: naming the option.
        """
        if self.beta <= 0:
            raise BadOption(f"beta must be above 0, not {self.beta}")
        if self.epochs < 1 or self.batch < 1:
            raise BadOption("epochs and batch must be at least 1")
        check(self.report_to)


def train(
    config: DPOConfig,
    out: str | Path,
    *,
    records: Sequence[Mapping[str, Any]] | None = None,
    log: Log | None = None,
) -> Path:
    """Train on pairs, and give the folder of the trained model.

    Args:
        config: How it is learnt.
        out: The folder; it gets ``model``, and one line per update in
            ``steps.jsonl``.
        records: Trajectories; None reads the file that the configuration names.
        log: Told of each update.

    Raises:
        BadOption: if there is no pair, or the folder holds a model of another
            configuration.
    """
    folder = Path(out)
    if (folder / MODEL).exists():
        refuse_another(folder, config)
        return folder / MODEL
    records = dataset.load(config.trajectories) if records is None else records
    accelerator = Accelerator(cpu=config.device == "cpu")
    torch.manual_seed(config.seed)
    tokenizer = AutoTokenizer.from_pretrained(config.model)
    style = PlayStyle.load(config.model)
    found = dataset.to_pairs(records, gap=config.gap, least=config.least)
    pairs = list(tokenised(found, ChatTokens(tokenizer), style, config.longest))
    if not pairs:
        raise BadOption(
            f"{len(records)} trajectories hold no two episodes of an item that differ "
            f"by {config.gap} and of which one has {config.least}"
        )
    # The weights that are trained are whole: most steps are lost in half precision.
    dtype = "auto" if config.lora.rank else torch.float32
    model = AutoModelForCausalLM.from_pretrained(config.model, dtype=dtype)
    model = config.lora.put_on(model).to(accelerator.device)
    # A new adapter changes nothing, so the model is still the reference.
    references = _references(model.eval(), pairs, accelerator)
    names = config.report_to if accelerator.is_main_process else ()
    with closing(Reports(names, folder, asdict(config))) as reports:
        told = reports.also(log)
        lines = _learn(config, model, pairs, references, accelerator, told)
    if accelerator.is_main_process:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / LOG, "".join(json.dumps(x) + "\n" for x in lines))
        draft = folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        merged(model).save_pretrained(draft)
        tokenizer.save_pretrained(draft)
        style.save(draft)
        keep(folder, config)
        draft.replace(folder / MODEL)
    accelerator.wait_for_everyone()
    return folder / MODEL


def tokenised(
    pairs: Sequence[dict[str, Any]],
    chat: ChatTokens,
    style: PlayStyle,
    longest: int | None,
) -> Iterator[Pair]:
    """Tokenise both sides of pairs; a side that has no whole reply ends the pair."""
    for better, worse in _sides(dataset.from_pairs(pairs)):
        sides = [
            examples_of(record, chat, system=style.system, longest=longest)
            for record in (better, worse)
        ]
        if all(len(side) == 1 for side in sides):
            yield sides[0][0], sides[1][0]


def _sides(records: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, Any]]:
    yield from zip(records[::2], records[1::2], strict=True)


def episode_logprobs(model: Any, examples: Sequence[Example], device: Any) -> Any:
    """The log-probability of each episode: the sum over the tokens that count."""
    ids = padded([e.ids for e in examples], 0, device=device, dtype=torch.long)
    real = padded([[1] * len(e.ids) for e in examples], 0, device=device)
    mask = padded([e.mask for e in examples], 0, device=device)
    return (token_logprobs(model, ids, real.long())[0] * mask).sum(1)


def _references(
    model: Any, pairs: Sequence[Pair], accelerator: Accelerator
) -> list[tuple[float, float]]:
    with torch.no_grad():
        return [
            tuple(episode_logprobs(model, pair, accelerator.device).tolist())
            for pair in pairs
        ]


def _learn(
    config: DPOConfig,
    model: Any,
    pairs: Sequence[Pair],
    references: Sequence[tuple[float, float]],
    accelerator: Accelerator,
    log: Log,
) -> list[dict[str, float]]:
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=config.learning_rate, weight_decay=config.weight_decay
    )
    order = [
        place
        for epoch in range(config.epochs)
        for place in random.Random(derive(config.seed, epoch)).sample(
            range(len(pairs)), len(pairs)
        )
    ]
    parts = [order[i : i + config.batch] for i in range(0, len(order), config.batch)]
    rise = max(1, round(config.warmup * len(parts)))
    lines = []
    for number, part in enumerate(parts):
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * min(1.0, (number + 1) / rise)
        model.train()
        for parameter in trained:
            parameter.grad = torch.zeros_like(parameter)
        facts = torch.zeros(3, device=accelerator.device)
        for place in part[accelerator.process_index :: accelerator.num_processes]:
            better, worse = episode_logprobs(model, pairs[place], accelerator.device)
            was_better, was_worse = map(torch.tensor, references[place])
            loss, margin = preference_loss(
                better, worse, was_better, was_worse, config.beta
            )
            (loss / len(part)).backward()
            facts += torch.stack([loss, margin, (margin > 0).float()]).detach()
        for parameter in trained:
            parameter.grad = accelerator.reduce(parameter.grad, "sum")
        torch.nn.utils.clip_grad_norm_(trained, config.max_norm)
        optimizer.step()
        loss_, margin_, right = (accelerator.reduce(facts, "sum") / len(part)).tolist()
        lines.append(
            {"step": number, "loss": loss_, "margin": margin_, "accuracy": right}
        )
        if accelerator.is_main_process:
            log(lines[-1])
    model.eval()
    return lines
