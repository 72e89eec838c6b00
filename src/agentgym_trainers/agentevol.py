"""AgentEvol: explore many environments, learn from what went well, and again.

Xi et al. (arXiv 2406.04151) read agents as inference: with q the distribution of
trajectories and r their reward, log p(success) has the lower bound

    E_q[log p(success | trajectory)] - KL(q || pi).

Exploring raises it in q: trajectories are sampled from the policy and kept by their
reward, for instructions far beyond those of the base set. Learning raises it in pi: the
reward-weighted likelihood of these trajectories and the base set. All stages write into
one folder, and the same call goes on where an earlier one was stopped.

| Option | In the paper | In the published code |
|---|---|---|
| `weighting` | ``reward`` | ``binary`` |
| `restart_from` | ``base`` | ``base`` |
| `merge` | ``D_s`` | ``accumulate`` |
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.base import Policy
from agentgym_policies.folder import write_atomically
from agentgym_policies.intervals import wilson
from agentgym_policies.named import POLICIES, make_policy
from agentgym_policies.prompts import PlayStyle
from agentgym_policies.rollout import Episode
from agentgym_trainers import processes
from agentgym_trainers.plateau import Check, has_levelled
from agentgym_trainers.play import (
    Family,
    Record,
    is_whole,
    job_key,
    jobs_of,
    key_of,
    play,
)
from agentgym_wrappers import dataset, trajectory

try:
    from transformers import AutoConfig

    from agentgym_policies.expert import ExpertPolicy
    from agentgym_policies.huggingface import TransformersPolicy
    from agentgym_policies.sampling import Sampling
    from agentgym_trainers.bc import BCConfig, clone_behaviour
    from agentgym_trainers.examples import format_of
except ImportError as error:
    raise MissingExtra("trainers", error.name or "") from error

Report = Callable[[str], None]
Watch = Callable[[Episode], None]

STATE, DEMOS = "agentevol.json", "demos.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEvolConfig:
    """What evolves, on what, and how.

    Args:
        model: The model to begin with: a name on the hub or a folder.
        families: The environments and their items.
        demos: A file of trajectories as the base set D_s; None lets the experts play
            the families' ``demos``.
        clone: How the base set is learnt, before anything is explored.
        clone_rounds: How often at most that is done, each round going on with the model
            of the one before. With more than one, the families' ``validate`` items
            are played after each, and the last is the one at which two checks in a
            row have risen by no more than noise.
        learn: How each iteration learns.
        iterations: How often it explores and learns (M).
        samples: Episodes per item and iteration (K).
        temperature: How replies are sampled when exploring.
        weighting: ``binary``: successes count alike; ``reward``: all episodes with a
            reward count by it.
        keep: Which of several good episodes of an item are kept: ``all``, the
            ``first`` or the ``best``.
        restart_from: Each iteration trains the model that cloning began with
            (``base``), the clone itself (``clone``), or the iteration before
            (``previous``).
        merge: New episodes are learnt together with the base set (``D_s``), or with
            that and all of the iterations before (``accumulate``).
        control: Whether to train, beside, a model on the base set alone with as many
            updates as the iterations have: what exploring is worth is the difference.
        max_new_tokens: The most tokens of a reply.
        batch: Episodes at a time.
        evaluate: Whether to play the test items after each stage.
        references: Policies that play the test items too: ``random``, ``expert``.
        device: Where models play: ``auto``, ``cpu``, ``cuda``.
        seed: Of everything.
    """

    model: str
    families: tuple[Family, ...]
    demos: str | None = None
    clone: BCConfig = field(default_factory=BCConfig)
    clone_rounds: int = 1
    learn: BCConfig = field(default_factory=BCConfig)
    iterations: int = 4
    samples: int = 1
    temperature: float = 1.0
    weighting: Literal["binary", "reward"] = "binary"
    keep: Literal["all", "first", "best"] = "first"
    restart_from: Literal["base", "clone", "previous"] = "base"
    merge: Literal["D_s", "accumulate"] = "D_s"
    control: bool = False
    max_new_tokens: int = 256
    batch: int = 64
    evaluate: bool = True
    references: tuple[str, ...] = ()
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            BadOption: naming the option.
        """
        choices = {
            "weighting": ("binary", "reward"),
            "keep": ("all", "first", "best"),
            "restart_from": ("base", "clone", "previous"),
            "merge": ("D_s", "accumulate"),
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise BadOption(f"{name} must be one of {', '.join(known)}")
        counts = ("clone_rounds", "iterations", "samples", "max_new_tokens", "batch")
        for name in counts:
            if getattr(self, name) < 1:
                raise BadOption(f"{name} must be at least 1")
        if not self.families:
            raise BadOption("there is no family to play")
        if len({family.env_id for family in self.families}) < len(self.families):
            raise BadOption("an env_id may stand in one of the families only")
        if self.temperature <= 0:
            raise BadOption("without a temperature, exploring repeats itself")
        if self.clone_rounds > 1 and not all(
            _has_items(family.validate) for family in self.families
        ):
            raise BadOption("several clone_rounds need validate items of each family")
        for name in self.references:
            if name not in POLICIES:
                raise BadOption(f"references must be of {', '.join(POLICIES)}")


def evolve(
    config: AgentEvolConfig,
    out: str | Path,
    *,
    report: Report = print,
    watch: Watch | None = None,
) -> dict[str, Any]:
    """Clone the base set, then explore and learn in turns.

    The folder gets ``demos.jsonl``; for each stage a model (``clone``,
    ``iteration-1``, ..., ``control``), its explored and its test episodes; and
    ``agentevol.json`` with the results, which is also what is returned. The rounds of
    cloning, if there are several, are stages ``clone-1``, ``clone-2``, ...

    Raises:
        BadOption: if the folder holds a run with another configuration.
    """
    run = _Run(config, Path(out), report, watch)
    for name in config.references:
        run.test(name, partial(make_policy, name))
    demos = run.demos()
    start = str(Path(config.model))
    run.clone(start, demos)
    run.test("clone")
    gathered: list[Record] = []
    previous = "clone"
    for number in range(1, config.iterations + 1):
        name = f"iteration-{number}"
        explored = run.explore(name, previous)
        found = choose(explored, config)
        run.note(name, "explored", len(explored))
        run.note(name, "kept", len(found))
        gathered = [*gathered, *found] if config.merge == "accumulate" else found
        bases = {"base": start, "clone": run.model("clone")}
        base = bases.get(config.restart_from, run.model(previous))
        learn = replace(config.learn, seed=config.learn.seed + number)
        run.train(name, base, [*demos, *gathered], learn)
        run.test(name)
        previous = name
    if config.control:
        run.control(demos)
        run.test("control")
    return run.state


def choose(records: Sequence[Record], config: AgentEvolConfig) -> list[Record]:
    """Keep the episodes that are learnt from.

    With ``weighting="binary"``, those whose score is above their family's threshold;
    with ``"reward"``, all that have any.
    """
    least = {
        dataset.family_of({"item_id": "", "meta": {"env_id": family.env_id}}): (
            family.least if config.weighting == "binary" else 0.0
        )
        for family in config.families
    }
    whole = [record for record in records if is_whole(record)]
    return [dict(r) for r in dataset.select(whole, threshold=least, keep=config.keep)]


class _Run:
    """The folder of a run: what is there is not done again."""

    def __init__(
        self,
        config: AgentEvolConfig,
        folder: Path,
        report: Report,
        watch: Watch | None,
    ) -> None:
        self.config, self.folder = config, folder
        self._report = report if processes.rank() == 0 else _say_nothing
        self._watch = watch
        folder.mkdir(parents=True, exist_ok=True)
        mine = json.loads(json.dumps(asdict(config)))
        path = folder / STATE
        self.state: dict[str, Any] = {"config": mine, "stages": {}}
        if path.exists():
            self.state = json.loads(path.read_text(encoding="utf-8"))
            if self.state["config"] != mine:
                raise BadOption(f"{folder} holds a run with another configuration")
        _find(config.model)
        self._style = PlayStyle.load(config.model)
        processes.wait()

    def model(self, name: str) -> str:
        """The folder of a stage's model."""
        return str(self.folder / name / "model")

    def note(self, name: str, key: str, value: Any) -> None:
        """Keep a result."""
        stage = self.state["stages"].setdefault(name, {})
        if stage.get(key) != value:
            stage[key] = value
            if processes.rank():
                return  # the same in all processes; the first one writes
            text = json.dumps(self.state, indent=2) + "\n"
            write_atomically(self.folder / STATE, text)

    def demos(self) -> list[Record]:
        """The base set: a file, or what the experts do."""
        if self.config.demos is not None:
            records = dataset.load(self.config.demos)
            mine = self._style.action_format
            if others := {format_of(record) for record in records} - {mine}:
                raise BadOption(
                    f"{self.config.demos} holds replies in the format "
                    f"{', '.join(sorted(others))}, but {self.config.model} plays in "
                    f"{mine}; collect them with --action-format {mine}, or give the "
                    "model's folder an agentgym.json"
                )
            return records
        records = self._play(ExpertPolicy, "expert", "demos", self.folder / DEMOS)
        good = [record for record in records if record.get("success")]
        if not good:
            raise BadOption("the experts have solved none of the demos")
        return good

    def clone(self, start: str, demos: Sequence[Record]) -> None:
        """Learn the base set, in one round or until more rounds teach nothing."""
        config = self.config
        if config.clone_rounds == 1:
            self.train("clone", start, demos, config.clone)
            return
        checks: list[Check] = []
        base, spent = start, 0.0
        while len(checks) < config.clone_rounds and not has_levelled(checks):
            name = f"clone-{len(checks) + 1}"
            learn = replace(config.clone, seed=config.clone.seed + len(checks))
            self.train(name, base, demos, learn)
            base = self.model(name)
            spent += self.state["stages"][name]["trained_tokens"]
            checks.append(self.validate(name))
        self.note("clone", "checks", [asdict(check) for check in checks])
        self.note("clone", "has_levelled", has_levelled(checks))
        self.note("clone", "tokens", self.state["stages"][name]["tokens"])
        self.note("clone", "trained_tokens", spent)
        path = Path(self.model("clone"))
        if not path.exists():
            draft = self._draft(path)
            if processes.rank() == 0:
                shutil.copytree(base, draft)
            processes.put_in_place(draft, path)

    def validate(self, name: str) -> Check:
        """Play the validation items greedily."""
        path = self.folder / name / "validate.jsonl"
        make = partial(self._policy, name, Sampling())
        records = self._play(make, name, "validate", path)
        rates = [_rates(records, family) for family in self.config.families]
        check = Check(
            tuple(rate["success"] for rate in rates),
            tuple(rate["episodes"] for rate in rates),
        )
        told = ", ".join(f"{100 * rate:.1f}" for rate in check.rates)
        self._report(f"{name}: {told} % of the validation items")
        return check

    def explore(self, name: str, previous: str) -> list[Record]:
        """Play the items to be explored with the model of the stage before."""
        config = self.config
        seed = config.seed * 1000 + int(name.rpartition("-")[2])
        sampling = Sampling(temperature=config.temperature)
        path = self.folder / name / "explored.jsonl"
        make = partial(self._policy, previous, sampling)
        return self._play(make, name, "explore", path, config.samples, seed)

    def train(
        self, name: str, base: str, records: Sequence[Record], config: BCConfig
    ) -> None:
        """Train a stage's model, unless it is there."""
        path = Path(self.model(name))
        if path.exists():
            return
        weights = None
        if self.config.weighting == "reward":
            weights = [float(record.get("reward", 1.0)) for record in records]
        self._report(f"{name}: learns from {len(records):,} trajectories")
        draft = self._draft(path)
        result = clone_behaviour(
            base, records, draft, config, weights=weights, style=self._style
        )
        for key, value in result.items():
            self.note(name, key, value)
        processes.put_in_place(draft, path)

    def _draft(self, model: Path) -> Path:
        """An empty place beside a model, once all processes have seen it missing."""
        draft = model.with_name("draft")
        processes.wait()
        if processes.rank() == 0:
            shutil.rmtree(draft, ignore_errors=True)
        processes.wait()
        return draft

    def control(self, demos: Sequence[Record]) -> None:
        """Train the clone on the base set alone, for as many tokens as the others."""
        stages = self.state["stages"]
        tokens = sum(
            stages[f"iteration-{number}"]["trained_tokens"]
            for number in range(1, self.config.iterations + 1)
        )
        whole = stages["clone"]["tokens"]
        config = replace(self.config.learn, steps=0, epochs=tokens / whole)
        self.train("control", self.model("clone"), demos, config)

    def test(self, name: str, make: Callable[[], Policy] | None = None) -> None:
        """Play the test items, a model greedily, and keep the success rates."""
        families = [f for f in self.config.families if _has_items(f.test)]
        if not self.config.evaluate or not families:
            return
        path = self.folder / name / "test.jsonl"
        greedy = partial(self._policy, name, Sampling())
        records = self._play(make or greedy, name, "test", path)
        results = {family.env_id: _rates(records, family) for family in families}
        self.note(name, "test", results)
        for env_id, rates in results.items():
            low, high = rates["interval"]
            self._report(
                f"{name}: {env_id} {100 * rates['success']:.1f} % of "
                f"{rates['episodes']} ({100 * low:.1f} to {100 * high:.1f})"
            )

    def _policy(self, name: str, sampling: Sampling) -> TransformersPolicy:
        return TransformersPolicy.load(
            self.model(name),
            device=self.config.device,
            sampling=sampling,
            max_new_tokens=self.config.max_new_tokens,
        )

    def _play(
        self,
        make: Callable[[], Policy],
        name: str,
        part: str,
        path: Path,
        episodes: int = 1,
        seed: int = 0,
    ) -> list[Record]:
        """Play what is not in a file yet; give all that it holds then.

        Each process plays its share into a file of its own, and then the first one puts
        them together.
        """
        config, rank = self.config, processes.rank()
        jobs = jobs_of(config.families, part, episodes, seed)
        if rank == 0:
            _put_together(path)
        processes.wait()
        known = {key_of(record): record for record in trajectory.read(path)}
        missing = [job for job in jobs if job_key(job) not in known]
        processes.wait()  # until all have read what there is
        if missing:
            self._report(f"{name}: plays {len(missing):,} episodes of {part}")
        if mine := missing[rank :: processes.count()]:
            for record in play(
                make(),
                config.families,
                part,
                mine,
                action_format=self._style.action_format,
                name=name,
                batch=config.batch,
                watch=self._watch,
            ):
                trajectory.append(_share(path, rank), [record])
        processes.wait()
        if rank == 0:
            _put_together(path)
        processes.wait()
        known = {key_of(record): record for record in trajectory.read(path)}
        # In the order of the jobs, whatever the order of their ends.
        return [known[job_key(job)] for job in jobs]


def _find(model: str) -> None:
    """Refuse a model that there is not, before hours are spent on the demos."""
    try:
        AutoConfig.from_pretrained(model)
    except (OSError, ValueError) as error:
        raise BadOption(f"cannot load the model {model!r}: {error}") from error


def _has_items(places: tuple[int, int]) -> bool:
    start, end = places
    return start < end


def _share(path: Path, rank: int) -> Path:
    """Where a process writes what it has played."""
    return path.with_suffix(f".{rank}{path.suffix}") if rank else path


def _put_together(path: Path) -> None:
    """Move what other processes have played into the one file, whole lines alone."""
    trajectory.append(path, [])
    for share in sorted(path.parent.glob(f"{path.stem}.*{path.suffix}")):
        trajectory.repair(share)
        trajectory.append(path, trajectory.read(share))
        share.unlink()


def _say_nothing(line: str) -> None:
    """Leave the telling to the first process."""


def _rates(records: Sequence[Record], family: Family) -> dict[str, Any]:
    own = [r for r in records if r["meta"]["env_id"] == family.env_id and is_whole(r)]
    solved = sum(record["success"] for record in own)
    return {
        "episodes": len(own),
        "solved": solved,
        "success": solved / len(own) if own else 0.0,
        "score": sum(record["reward"] for record in own) / len(own) if own else 0.0,
        "interval": list(wilson(solved, len(own))),
    }
