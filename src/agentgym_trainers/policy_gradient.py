"""Reinforcement learning on whole episodes: GRPO, RLOO, LOOP, REINFORCE++, PPO.

One loop for all: play groups of episodes, work out how much better each token was than
expected (`agentgym_trainers.advantages`), and raise the probabilities of the better
ones within a clip (`agentgym_trainers.losses`). The tokens are those that were sampled.
The horizon may grow while training, as in ScalingInter-RL (AgentGym-RL, Xi et al.).

On several devices or machines, ``accelerate launch -m agentgym_trainers.train
policy_gradient CONFIG`` lets each process play its share of the episodes and adds up
the gradients.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.folder import write_atomically
from agentgym_policies.prompts import PlayStyle, wrap
from agentgym_policies.rollout import (
    CRASH,
    GAVE_UP,
    Episode,
    Job,
    make_job,
    rollout,
)
from agentgym_policies.seeds import derive
from agentgym_policies.tokens import TokenSequence, token_sequences
from agentgym_trainers import advantages as adv
from agentgym_trainers.adapters import Lora, merged, without_adapter
from agentgym_trainers.play import Family
from agentgym_trainers.reports import Log, Reports, check
from agentgym_trainers.settings import keep, refuse_another

try:
    import torch
    from accelerate import Accelerator
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from agentgym_policies.huggingface import TransformersPolicy
    from agentgym_policies.sampling import Sampling
    from agentgym_trainers.examples import batches_by_tokens, padded
    from agentgym_trainers.losses import (
        Clip,
        Mean,
        clipped,
        divergence,
        row_weights,
        token_logprobs,
        value_loss,
    )
except ImportError as error:
    raise MissingExtra("trainers", error.name or "") from error

LOG, STATE, MODEL = "steps.jsonl", "state.pt", "model"
LITTLE = 0.01  # LOOP leaves out episodes that were hardly better or worse


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGradientConfig:
    """What is trained, on what, and how.

    Args:
        model: A name on the hub or a folder.
        families: The environments; their ``explore`` items are trained on.
        kind: The estimator of advantages; ``gae`` is PPO, with a value head.
        steps: How often it plays and learns.
        items: Items per step, over all processes.
        group: Episodes per item.
        reward: Of an episode: its final ``score`` or ``success``; or ``steps``, the
            rewards of its steps.
        temperature: How replies are sampled.
        horizons: Steps before an episode is cut, one after the other; empty means
            each environment's own limit.
        horizon_every: After how many steps of training the next horizon follows.
        learning_rate: AdamW's.
        warmup: Steps in which it rises.
        schedule: What it does afterwards: ``constant``, or ``linear``: it falls to 0
            at the end of the last step.
        passes: How often the episodes of a step are gone through.
        updates: Updates per pass.
        clip: How far an update may go.
        mean: How the losses of tokens are put together, see `losses.row_weights`.
        kl: The weight of the divergence from the model at the beginning.
        entropy: The weight of the entropy.
        discount: Of a token, for ``reinforce++`` and ``gae``.
        decay: The weight of later errors, for ``gae``.
        value: The weight of the value loss, for ``gae``.
        max_norm: The largest norm of a gradient.
        max_new_tokens: The most tokens of a reply.
        batch: Episodes at a time.
        batch_tokens: The most tokens of a pass through the model, padding included.
        lora: An adapter, if its rank is above 0.
        save_every: Steps between two states that training can go on from.
        device: ``auto``, ``cpu`` or ``cuda``.
        seed: Of everything.
        report_to: Loggers: ``tensorboard``, ``wandb``.
    """

    model: str
    families: tuple[Family, ...]
    kind: adv.Kind = "grpo"
    steps: int = 100
    items: int = 16
    group: int = 8
    reward: Literal["score", "success", "steps"] = "score"
    temperature: float = 1.0
    horizons: tuple[int, ...] = ()
    horizon_every: int = 100
    learning_rate: float = 1e-6
    warmup: int = 0
    schedule: Literal["constant", "linear"] = "constant"
    passes: int = 1
    updates: int = 1
    clip: Clip = field(default_factory=Clip)
    mean: Mean = "token"
    kl: float = 0.0
    entropy: float = 0.0
    discount: float = 1.0
    decay: float = 1.0
    value: float = 0.5
    max_norm: float = 1.0
    max_new_tokens: int = 256
    batch: int = 64
    batch_tokens: int = 8192
    lora: Lora = field(default_factory=Lora)
    save_every: int = 50
    device: str = "auto"
    seed: int = 0
    report_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            BadOption: naming the option.
        """
        if self.kind not in adv.KINDS:
            raise BadOption(f"kind must be one of {', '.join(adv.KINDS)}")
        names = ("steps", "items", "group", "passes", "updates", "horizon_every")
        for name in (*names, "batch", "batch_tokens", "save_every", "max_new_tokens"):
            if getattr(self, name) < 1:
                raise BadOption(f"{name} must be at least 1")
        if self.schedule not in ("constant", "linear"):
            raise BadOption("schedule must be constant or linear")
        if self.kind in adv.OF_GROUPS and self.group < 2:
            raise BadOption(f"{self.kind} compares episodes: group must be at least 2")
        if self.temperature <= 0:
            raise BadOption("without a temperature, all episodes of a group are one")
        if not self.families:
            raise BadOption("there is no family to play")
        check(self.report_to)


@dataclass(slots=True)
class Rollout:
    """What is learnt from one conversation of an episode."""

    tokens: TokenSequence
    group: tuple[str, str]
    """The environment and the item."""
    rewards: list[float]
    """One per step of the episode."""
    is_cut: bool
    """Whether the episode was cut at the horizon, rather than ended."""
    advantages: list[float] = field(default_factory=list)
    targets: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    old: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)

    @property
    def total(self) -> float:
        """The episode's reward."""
        return sum(self.rewards)


def horizon_at(config: PolicyGradientConfig, step: int) -> int | None:
    """The horizon of a step of training, counted from 0.

    The ScalingInter schedule of AgentGym-RL (WooooDyy/AgentGym-RL).
    """
    if not config.horizons:
        return None
    place = min(step // config.horizon_every, len(config.horizons) - 1)
    return config.horizons[place]


def learning_rate_at(config: PolicyGradientConfig, step: int) -> float:
    """The learning rate of a step of training, counted from 0."""
    rate = config.learning_rate
    if step < config.warmup:
        return rate * (step + 1) / config.warmup
    if config.schedule == "linear":
        return rate * (config.steps - step) / max(1, config.steps - config.warmup)
    return rate


def train(
    config: PolicyGradientConfig, out: str | Path, *, log: Log | None = None
) -> Path:
    """Train, and give the folder of the trained model.

    The folder ``out`` gets ``model``, one line for each step in ``steps.jsonl``, and
    a state from which the same call goes on after it was stopped.

    Raises:
        BadOption: for options that don't fit.
    """
    return _Trainer(config, Path(out), log).run()


class _Trainer:
    def __init__(
        self, config: PolicyGradientConfig, folder: Path, log: Log | None
    ) -> None:
        self.config, self.folder, self._log = config, folder, log
        self.accelerator = Accelerator(cpu=config.device == "cpu")
        device = self.accelerator.device
        torch.manual_seed(config.seed)
        self.tokenizer = AutoTokenizer.from_pretrained(config.model)
        # The weights that are trained are whole: most steps are lost in half precision.
        dtype = "auto" if config.lora.rank else torch.float32
        loaded = AutoModelForCausalLM.from_pretrained(config.model, dtype=dtype)
        self.style = PlayStyle.load(config.model)
        self.model = config.lora.put_on(loaded).to(device).eval()
        self.reference = self._frozen(device)
        self.head: Any = None
        if config.kind == "gae":
            width = loaded.config.get_text_config(decoder=True).hidden_size
            # Zero at first: nothing is expected before anything was learnt.
            self.head = torch.nn.Linear(width, 1).to(device)
            torch.nn.init.zeros_(self.head.weight)
            torch.nn.init.zeros_(self.head.bias)
        self.trained = [p for p in self._parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.trained, lr=config.learning_rate, weight_decay=0.0
        )
        self.policy = TransformersPolicy(
            self.model,
            self.tokenizer,
            prompt=self.style.prompt,
            sampling=Sampling(temperature=config.temperature, seed=config.seed),
            max_new_tokens=config.max_new_tokens,
            max_batch=config.batch,
        )
        self.items = [
            (family, item_id)
            for family in config.families
            for item_id in family.item_ids("explore")
        ]
        if len(self.items) < config.items:
            raise BadOption(
                f"{config.items} items per step, but only {len(self.items)}"
            )

    def run(self) -> Path:
        """Play and learn, step by step, from the last state on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        model = self.folder / MODEL
        refuse_another(self.folder, self.config)
        if model.exists():
            return model
        self.accelerator.wait_for_everyone()
        if self.accelerator.is_main_process:
            keep(self.folder, self.config)
        start = self._resume()
        names = self.config.report_to if self.accelerator.is_main_process else ()
        reports = Reports(names, self.folder, asdict(self.config), start=start)
        self._log = reports.also(self._log)
        with closing(reports):
            for step in range(start, self.config.steps):
                rollouts, facts = self.play(step)
                facts |= self.learn(step, rollouts)
                self._note(step, facts)
                if (step + 1) % self.config.save_every == 0:
                    self._keep(step + 1)
        if self.accelerator.is_main_process:
            draft = self.folder / "draft"
            shutil.rmtree(draft, ignore_errors=True)
            merged(self.model).save_pretrained(draft)
            self.tokenizer.save_pretrained(draft)
            self.style.save(draft)
            draft.replace(model)
        self.accelerator.wait_for_everyone()
        return model

    # Play

    def play(self, step: int) -> tuple[list[Rollout], dict[str, float]]:
        """Play the episodes of a step, or this process's share of them."""
        episodes = [
            episode
            for family, jobs in self._shares(step)
            for episode in self._episodes(family, jobs, horizon_at(self.config, step))
        ]
        whole = [e for e in episodes if e.end_reason != CRASH and e.history]
        rollouts = [rollout for e in whole for rollout in self._rollouts(e)]
        infos = [e.history.infos[-1] for e in whole if e.history]
        facts = {
            "episodes": float(len(whole)),
            "crashed": float(len(episodes) - len(whole)),
            "success": sum(float(info["success"]) for info in infos),
            "score": sum(float(info["score"]) for info in infos),
            "steps": sum(float(info["steps"]) for info in infos),
        }
        self.policy.forget()  # the weights are about to change
        return rollouts, facts

    def _shares(self, step: int) -> Iterator[tuple[Family, list[Job]]]:
        config, mine = self.config, self.accelerator.process_index
        order = random.Random(derive(config.seed, "items", step))
        chosen = order.sample(range(len(self.items)), config.items)
        own = [
            self.items[place]
            for place in chosen[mine :: self.accelerator.num_processes]
        ]
        for family in config.families:
            jobs = [
                make_job(derive(config.seed, step), family.env_id, item_id, episode)
                for theirs, item_id in own
                if theirs is family
                for episode in range(config.group)
            ]
            if jobs:
                yield family, jobs

    def _episodes(
        self, family: Family, jobs: Sequence[Job], horizon: int | None
    ) -> Iterator[Episode]:
        def make() -> Any:
            return wrap(family.make("train", horizon), self.style.action_format)

        return rollout(self.policy, make, jobs, batch=self.config.batch)

    def _rollouts(self, episode: Episode) -> Iterator[Rollout]:
        history = episode.history
        assert history is not None
        info = history.infos[-1]
        rewards = list(history.rewards)
        if self.config.reward != "steps" and rewards:
            rewards = [0.0] * (len(rewards) - 1) + [float(info[self.config.reward])]
        is_cut = episode.end_reason in ("horizon", GAVE_UP)
        group = (episode.job.env_id, episode.job.item_id)
        sequences = token_sequences(history.actions)
        for place, tokens in enumerate(sequences):
            if self.head is not None and is_cut and place == len(sequences) - 1:
                # What is to be expected after the cut is read off its observation.
                last = history.observations[-1]
                tokens.read(self.policy.chat.answer(last, tokens.ids[-1]))
            yield Rollout(tokens, group, rewards, is_cut)

    # Learn

    def learn(self, step: int, rollouts: list[Rollout]) -> dict[str, float]:
        """Update the model; give what there is to know about it."""
        config = self.config
        if self.head is None:
            self._judge(rollouts)
            self._look(self._with_gradients(rollouts))
        else:
            self._look(rollouts)
            self._judge(rollouts)
        if config.kind == "loop":
            rollouts = [
                r for r in rollouts if abs(max(r.advantages, key=abs)) >= LITTLE
            ]
        facts: dict[str, float] = {}
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate_at(config, step)
        order = random.Random(derive(config.seed, "order", step))
        for _ in range(config.passes):
            places = order.sample(range(len(rollouts)), len(rollouts))
            for number in range(config.updates):
                part = [rollouts[place] for place in places[number :: config.updates]]
                for name, value in self._update(part).items():
                    facts[name] = facts.get(name, 0.0) + value
        count = config.passes * config.updates
        return {name: value / count for name, value in facts.items()}

    def _look(self, rollouts: Sequence[Rollout]) -> None:
        """Note what model, reference and value head say before anything is learnt."""
        many = self.config.passes * self.config.updates > 1
        needs = many or self.head is not None or self.config.kl > 0
        if not needs:
            return
        with torch.no_grad():
            for part in self._batches(rollouts):
                logprobs, _, values = self._forward(part)
                reference = self._reference(part) if self.config.kl > 0 else logprobs
                for row, one in enumerate(part):
                    length = len(one.tokens.ids)
                    one.old = logprobs[row, :length].tolist()
                    one.reference = reference[row, :length].tolist()
                    if values is not None:
                        one.values = values[row, :length].tolist()

    def _judge(self, rollouts: Sequence[Rollout]) -> None:
        """Work out advantages."""
        config = self.config
        if config.kind in adv.OF_GROUPS:
            # An episode of several conversations counts once in its group's mean.
            of_episode: dict[int, Rollout] = {id(r.rewards): r for r in rollouts}
            found = adv.of_groups(
                config.kind,
                [r.total for r in of_episode.values()],
                [r.group for r in of_episode.values()],
            )
            by_episode = dict(zip(of_episode, found, strict=True))
            for one in rollouts:
                value = by_episode[id(one.rewards)]
                one.advantages = [value * counts for counts in one.tokens.mask]
            return
        after: dict[int, Rollout] = {}  # what comes next in the same episode
        for one in reversed(rollouts):
            self._judge_alone(one, after.get(id(one.rewards)))
            if any(one.tokens.mask):
                after[id(one.rewards)] = one
        masks = [one.tokens.mask for one in rollouts]
        scaled = adv.whitened([one.advantages for one in rollouts], masks)
        for one, row in zip(rollouts, scaled, strict=True):
            one.advantages = row

    def _judge_alone(self, one: Rollout, following: Rollout | None) -> None:
        """Work out advantages from an episode's own rewards and values."""
        config, steps = self.config, one.tokens.steps
        first = following.tokens.mask.index(1) if following else 0
        if config.kind != "gae":
            later = following.advantages[first] if following else 0.0
            one.advantages = adv.returns(
                steps, one.rewards, config.discount, later=later
            )
            return
        # Values of read tokens are ignored but for the very last.
        last = one.values[-1] if one.is_cut else 0.0
        if following is not None:
            last = following.values[first - 1] if first else 0.0
        one.advantages, one.targets = adv.gae(
            steps,
            one.rewards,
            [0.0, *one.values[:-1]],
            last=last,
            later=following.advantages[first] if following else 0.0,
            discount=config.discount,
            decay=config.decay,
        )

    def _update(self, rollouts: Sequence[Rollout]) -> dict[str, float]:
        """One update of the weights."""
        config, facts = (
            self.config,
            {"loss": 0.0, "kl": 0.0, "entropy": 0.0, "gap": 0.0},
        )
        self.model.train()
        self.optimizer.zero_grad(set_to_none=False)
        for parameter in self.trained:
            parameter.grad = torch.zeros_like(parameter)
        if rollouts:
            masks = padded([one.tokens.mask for one in rollouts], 0)
            weights = row_weights(masks, config.mean, config.max_new_tokens)
            weight_of = {
                id(o): w for o, w in zip(rollouts, weights.tolist(), strict=True)
            }
            taught = self._with_gradients(rollouts)
            share = sum(weight_of[id(one)] * sum(one.tokens.mask) for one in taught)
            for part in self._batches(taught):
                loss, parts = self._loss(part, [weight_of[id(one)] for one in part])
                loss.backward()
                facts["loss"] += loss.item()
                for name, value in parts.items():
                    facts[name] += value / share
        for parameter in self.trained:
            parameter.grad = self.accelerator.reduce(parameter.grad, "mean")
        norm = torch.nn.utils.clip_grad_norm_(self.trained, config.max_norm)
        self.optimizer.step()
        self.model.eval()
        return {**facts, "norm": float(norm)}

    def _with_gradients(self, rollouts: Sequence[Rollout]) -> Sequence[Rollout]:
        """Leave out episodes whose tokens add nothing to the gradient.

        Where all episodes of an item earn alike, their advantages are 0. A pass through
        the model would be spent on nothing, unless more than advantages is learnt from.
        """
        config = self.config
        if config.kl > 0 or config.entropy or self.head is not None:
            return rollouts
        return [one for one in rollouts if any(one.advantages)]

    def _loss(
        self, part: Sequence[Rollout], weights: Sequence[float]
    ) -> tuple[torch.Tensor, dict[str, float]]:
        config, device = self.config, self.accelerator.device

        def rows(lists: Sequence[Sequence[float]]) -> torch.Tensor:
            return padded(lists, 0.0, device=device)

        mask = rows([one.tokens.mask for one in part])
        weight = torch.tensor(weights, device=device)[:, None] * mask
        logprobs, entropy, values = self._forward(part)
        sampled = rows([one.tokens.logprobs for one in part])
        old = rows([one.old for one in part]) if part[0].old else logprobs.detach()
        gains = rows([one.advantages for one in part])
        losses = clipped(logprobs, old, gains, config.clip) - config.entropy * entropy
        apart = torch.zeros_like(losses)
        if config.kl > 0:
            apart = divergence(logprobs, rows([one.reference for one in part]))
            losses = losses + config.kl * apart
        if values is not None:
            before = torch.nn.functional.pad(values[:, :-1], (1, 0))
            known = rows([[0.0, *one.values[:-1]] for one in part])
            targets = rows([one.targets for one in part])
            losses = losses + config.value * value_loss(before, known, targets, 0.2)
        facts = {
            "kl": float((apart.detach() * weight).sum()),
            "entropy": float((entropy.detach() * weight).sum()),
            # How far the model that plays and the one that learns are apart.
            "gap": float(((logprobs.detach() - sampled).abs() * weight).sum()),
        }
        return (losses * weight).sum(), facts

    def _batches(self, rollouts: Sequence[Rollout]) -> Iterator[list[Rollout]]:
        """Rollouts of like length together, as many as a pass may hold."""
        ordered = sorted(rollouts, key=lambda one: len(one.tokens.ids))
        lengths = [len(one.tokens.ids) for one in ordered]
        for places in batches_by_tokens(lengths, self.config.batch_tokens):
            yield [ordered[place] for place in places]

    def _tensors(self, part: Sequence[Rollout]) -> tuple[torch.Tensor, torch.Tensor]:
        device = self.accelerator.device
        ids = [one.tokens.ids for one in part]
        real = [[1] * len(row) for row in ids]
        return (
            padded(ids, 0, device=device, dtype=torch.long),
            padded(real, 0, device=device, dtype=torch.long),
        )

    def _forward(
        self, part: Sequence[Rollout]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
        """Log-probabilities, entropies, and values if there is a head."""
        ids, real = self._tensors(part)
        return token_logprobs(self.model, ids, real, self.config.temperature, self.head)

    def _reference(self, part: Sequence[Rollout]) -> torch.Tensor:
        ids, real = self._tensors(part)
        with without_adapter(self.model) as plain:
            model = self.reference if plain is None else plain
            return token_logprobs(model, ids, real, self.config.temperature)[0]

    def _frozen(self, device: Any) -> Any | None:
        """The model as it was, where it is needed and an adapter can't be taken off."""
        if self.config.kl <= 0 or self.config.lora.rank:
            return None
        model = AutoModelForCausalLM.from_pretrained(self.config.model)
        return model.to(device).eval().requires_grad_(False)

    def _parameters(self) -> Iterator[Any]:
        yield from self.model.parameters()
        if self.head is not None:
            yield from self.head.parameters()

    # Keep

    def _note(self, step: int, facts: dict[str, float]) -> None:
        """Write a line about a step, of all processes together."""
        sums = ("episodes", "crashed", "success", "score", "steps")
        names = sorted(facts)
        here = torch.tensor(
            [facts[name] for name in names], device=self.accelerator.device
        )
        summed = self.accelerator.reduce(here, "sum").tolist()
        count = self.accelerator.num_processes
        told = {
            n: v if n in sums else v / count for n, v in zip(names, summed, strict=True)
        }
        played = max(1.0, told["episodes"])
        for name in ("success", "score", "steps"):
            told[name] /= played
        line = {"step": step, **told}
        if horizon := horizon_at(self.config, step):
            line["horizon"] = horizon
        if self.accelerator.is_main_process:
            with (self.folder / LOG).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            if self._log is not None:
                self._log(line)

    def _keep(self, step: int) -> None:
        """Write down all that training goes on from."""
        if not self.accelerator.is_main_process:
            return
        state = {
            "step": step,
            "weights": [parameter.detach().cpu() for parameter in self.trained],
            "optimizer": self.optimizer.state_dict(),
        }
        draft = self.folder / f".{STATE}"
        torch.save(state, draft)
        draft.replace(self.folder / STATE)

    def _resume(self) -> int:
        """Go on from the last state; give the step that comes next."""
        path = self.folder / STATE
        step = 0
        if path.exists():
            state = torch.load(path, map_location="cpu", weights_only=True)
            with torch.no_grad():
                for parameter, kept in zip(self.trained, state["weights"], strict=True):
                    parameter.copy_(kept)
            self.optimizer.load_state_dict(state["optimizer"])
            step = int(state["step"])
        if self.accelerator.is_main_process:
            _cut_log(self.folder / LOG, step)
        return step


def _cut_log(path: Path, steps: int) -> None:
    """Leave out what was logged of steps that are done again."""
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        write_atomically(path, "".join(lines[:steps]))
