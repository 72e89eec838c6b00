"""Is exploring worth anything? AgentEvol on two processor cores, with a control.

    python examples/agentevol_cpu/run.py --seed 0    # goes on where it was
    python examples/agentevol_cpu/run.py --report    # all seeds

One small decoder, made from nothing, learns three families: it clones a few expert
episodes of each until validation shows nothing more to learn, then it explores fresh
items and learns from what it solved, several times over. The control goes on from the
same clone with as many trained tokens, on the expert episodes alone. `config.toml`
says how much of what; `results/` holds what each seed has found.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import figures  # noqa: E402  # beside this file

ORDER = ("random", "expert", "clone", "iteration", "control")


def load(path: Path, seed: int) -> tuple[Any, dict[str, Any]]:
    """Read the configuration of AgentEvol, and what the model is made of."""
    import tomllib

    from agentgym_trainers import settings
    from agentgym_trainers.agentevol import AgentEvolConfig

    values = tomllib.loads(path.read_text(encoding="utf-8"))
    shape = values.pop("model")
    config = settings.build(AgentEvolConfig, {**values, "model": "model"}, str(path))
    return replace(
        config,
        seed=seed,
        clone=replace(config.clone, seed=1000 * seed),
        learn=replace(config.learn, seed=1000 * seed + 500),
    ), shape


def make_model(folder: Path, families: Sequence[Any], shape: dict[str, Any]) -> None:
    """Make an untrained model whose tokens are the words of the expert episodes."""
    from agentgym_policies import tiny

    texts = [
        text
        for family in families
        for text in tiny.game_texts(
            [family.env_id], items=family.demos[1], **family.kwargs
        )
    ]
    tokenizer = tiny.build_tokenizer(texts, vocab_size=shape.pop("vocab_size"))
    tiny.save_model(folder, tiny.build_model(tokenizer, **shape), tokenizer)


def check_apart(families: Sequence[Any]) -> dict[str, dict[str, int]]:
    """Count the worlds of each part, and make sure that no test world is in another.

    A world is what an episode begins with, to the last cell or object, and not the
    number of its item: two numbers may stand for one maze.
    """
    from agentgym_trainers.play import PARTS

    found = {}
    for family in families:
        worlds = {part: set(worlds_of(family, part)) for part in PARTS}
        seen = worlds["demos"] | worlds["explore"] | worlds["validate"]
        if shared := len(worlds["test"] & seen):
            raise SystemExit(
                f"{family.env_id}: {shared} worlds are tested and trained on"
            )
        found[family.env_id] = {part: len(worlds[part]) for part in PARTS}
    return found


def worlds_of(family: Any, part: str) -> Iterator[bytes]:
    """Give the world of each item of a part."""
    env = family.make(family.split_of(part))
    for item in family.item_ids(part):
        env.reset(seed=0, options={"item": item})
        yield world(env.unwrapped)
    env.close()


def world(agent: Any) -> bytes:
    """What an episode begins with: the map, the level, or the words."""
    payload = agent.task.payload
    match agent.family:
        case "Maze":
            return payload["maze"].grid.encode()
        case "BabyAI":
            scene = agent.task.scene()
            told = scene.cells, scene.codes, scene.agent, scene.heading, scene.sentence
            return repr((told, sorted(scene.at.items()))).encode()
        case _:
            return repr(sorted(payload.items())).encode()


class Costs:
    """Processor time by what it went into, kept beside the run between calls."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.seconds: dict[str, float] = {}
        if path.exists():
            self.seconds = json.loads(path.read_text(encoding="utf-8"))
        self._since, self._kind = time.process_time(), "other"

    def begin(self, kind: str) -> None:
        """Whatever comes now is of this kind."""
        from agentgym_policies.folder import write_atomically

        now = time.process_time()
        spent = self.seconds.get(self._kind, 0.0) + now - self._since
        self.seconds[self._kind] = round(spent, 1)
        self._since, self._kind = now, kind
        write_atomically(self._path, json.dumps(self.seconds) + "\n")


class Progress:
    """Tell what a run does, with a bar for the episodes if there is a terminal."""

    def __init__(self, costs: Costs) -> None:
        self._costs = costs
        self._bar: Any = None

    def report(self, line: str) -> None:
        """Begin or end a part of the run."""
        from tqdm import tqdm

        self.close()
        print(line, flush=True)
        words = line.split()
        if words[1] == "plays":
            self._costs.begin(words[-1])
            count = int(words[2].replace(",", ""))
            self._bar = tqdm(total=count, unit="episode", leave=False, disable=None)
        else:
            self._costs.begin("learning" if words[1] == "learns" else "other")

    def watch(self, episode: Any) -> None:
        """Count an episode."""
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def marks(path: Path, families: Sequence[Any]) -> dict[str, str]:
    """A 1 for each test item that was solved, in the order of the items."""
    solved = {key_of(record) for record in played(path) if record["success"]}
    return {
        family.env_id: "".join(
            str(int((family.env_id, item) in solved))
            for item in family.item_ids("test")
        )
        for family in families
    }


def run(path: Path, out: Path, seed: int) -> dict[str, Any]:
    """Do all of a seed that is not done yet, and say what came out."""
    import torch

    # Layers this small lose more by sharing the work than they gain.
    torch.set_num_threads(1)
    from agentgym_trainers.agentevol import evolve

    out.mkdir(parents=True, exist_ok=True)
    costs = Costs(out / "costs.json")
    progress = Progress(costs)
    config, shape = load(path, seed)
    worlds = check_apart(config.families)
    model = out / "model"
    if not model.exists():
        make_model(model, config.families, {**shape, "seed": seed})
    config = replace(config, model=str(model))
    state = evolve(config, out, report=progress.report, watch=progress.watch)
    progress.close()
    costs.begin("other")
    return {
        "seed": seed,
        "machine": machine(),
        "parameters": parameters(model),
        "cpu_seconds": costs.seconds,
        "worlds": worlds,
        "checks": state["stages"]["clone"].get("checks", []),
        "has_levelled": state["stages"]["clone"].get("has_levelled", False),
        "trained_tokens": told(state, "trained_tokens"),
        "explored": told(state, "explored"),
        "kept": told(state, "kept"),
        "solved": solved_of(out, config),
        "seen": seen_of(out, config),
        "stages": {
            name: marks(out / name / "test.jsonl", config.families)
            for name in state["stages"]
            if (out / name / "test.jsonl").exists()
        },
    }


def told(state: Mapping[str, Any], key: str) -> dict[str, float]:
    """What the stages say under this key."""
    stages = state["stages"].items()
    return {name: round(stage[key], 1) for name, stage in stages if key in stage}


def solved_of(out: Path, config: Any) -> dict[str, dict[str, int]]:
    """How many items of each family were solved in exploring, per iteration."""
    found = {}
    for number in range(1, config.iterations + 1):
        records = played(out / f"iteration-{number}" / "explored.jsonl")
        solved = {key_of(record) for record in records if record["success"]}
        found[f"iteration-{number}"] = dict(Counter(env_id for env_id, _ in solved))
    return found


def seen_of(out: Path, config: Any) -> dict[str, dict[str, float]]:
    """Which share of the test episodes went, word for word, as one learnt from."""
    known = {game_of(record) for record in played(out / "demos.jsonl")}
    shares = {"clone": share_of(out / "clone", known)}
    for number in range(1, config.iterations + 1):
        folder = out / f"iteration-{number}"
        explored = played(folder / "explored.jsonl")
        known |= {game_of(record) for record in explored if record["success"]}
        shares[folder.name] = share_of(folder, known)
    return shares


def share_of(folder: Path, known: set[str]) -> dict[str, float]:
    """The share of a stage's test episodes that are known, by family."""
    records = played(folder / "test.jsonl")
    total = Counter(key_of(record)[0] for record in records)
    seen = Counter(key_of(r)[0] for r in records if game_of(r) in known)
    return {env_id: round(seen[env_id] / total[env_id], 3) for env_id in total}


def played(path: Path) -> list[dict[str, Any]]:
    """The episodes of a file that came to an end."""
    from agentgym_trainers.play import is_whole
    from agentgym_wrappers import trajectory

    return [record for record in trajectory.read(path) if is_whole(record)]


def key_of(record: Mapping[str, Any]) -> tuple[str, str]:
    """The item that an episode is of."""
    return record["meta"]["env_id"], record["item_id"]


def game_of(record: Mapping[str, Any]) -> str:
    """All that was said in an episode."""
    return json.dumps([turn["value"] for turn in record["conversations"]])


def parameters(model: Path) -> int:
    """How many weights the model has."""
    from transformers import AutoModelForCausalLM

    return int(AutoModelForCausalLM.from_pretrained(model).num_parameters())


def machine() -> str:
    """Name the processor."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{len(names)} cores, {names[0]}" if names else platform.machine()


def tell(results: Path, draw: Path) -> None:
    """Print what the seeds have found, and draw it."""
    found = figures.read(results)
    print(figures.table(found))
    for result in found:
        minutes = sum(result["cpu_seconds"].values()) / 60
        checks = [100 * sum(c["rates"]) / len(c["rates"]) for c in result["checks"]]
        told = ", ".join(f"{check:.1f}" for check in checks)
        print(
            f"seed {result['seed']}: {minutes:.1f} CPU-minutes ({result['machine']}), "
            f"BC on the validation items: {told}"
            f"{' (level)' if result['has_levelled'] else ''}"
        )
    print(f"test episodes that went, word for word, as one learnt from: {seen(found)}")
    write(draw, figures.picture(found))
    print(f"picture: {draw}")


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    from agentgym_policies.folder import write_atomically

    write_atomically(path, text)


def seen(found: Sequence[Mapping[str, Any]]) -> str:
    """Say how many of the last iteration's test episodes are in its training data."""
    last = figures.last_of(found)
    return ", ".join(
        f"{figures.title(name)} "
        f"{100 * sum(r['seen'][last][name] for r in found) / len(found):.1f} %"
        for name in figures.families_of(found)
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    parser.add_argument("--runs", type=Path, default=Path("runs/agentevol_cpu"))
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--picture", type=Path, default=Path("agentevol_cpu.svg"))
    parser.add_argument(
        "--report", action="store_true", help="tell and draw what all seeds have found"
    )
    options = parser.parse_args()
    if not options.report:
        folder = options.runs / f"seed-{options.seed}"
        result = run(options.config, folder, options.seed)
        options.results.mkdir(parents=True, exist_ok=True)
        file = options.results / f"seed-{options.seed}.json"
        write(file, json.dumps(result, indent=1) + "\n")
    tell(options.results, options.picture)


if __name__ == "__main__":
    main()
