"""The manifest of an evaluation: all that it takes to get the same numbers again."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from hashlib import blake2b, file_digest
from importlib import metadata
from pathlib import Path
from typing import Any

from agentgym_envs.errors import DataError
from agentgym_policies.base import Policy
from agentgym_policies.evaluate import Settings, make_env, versions
from agentgym_policies.folder import MANIFEST
from agentgym_policies.named import HF
from agentgym_policies.prompts import wrap
from agentgym_policies.rollout import Job

MODEL_PACKAGES = ("torch", "transformers", "tokenizers", "peft", "openai")
MOST_DIFFERENCES = 20  # that are listed


def manifest_of(
    settings: Settings, jobs: Sequence[Job], policy: Policy
) -> dict[str, Any]:
    """Describe an evaluation before it is played.

    | Key | Value |
    |---|---|
    | `settings`, `hash` | what was asked for |
    | `versions` | of all that numbers can depend on, Python included |
    | `sampling` | how the policy draws, defaults filled in; missing without a model |
    | `model` | a hash of each file of a model's folder; missing without one |
    | `prompts` | the instructions of each id, as the policy is given them |
    | `items` | id, item, number of the episode and seed of each episode, in order |

    When all is played, ``numbers`` comes to it: `Report.numbers`.
    """
    found = {
        "settings": settings.to_json(),
        "hash": settings.digest,
        "versions": _all_versions(),
        "sampling": _sampling(policy),
        "model": _model(settings),
        "prompts": {env_id: _prompt(settings, env_id) for env_id in settings.env_ids},
        "items": [[j.env_id, j.item_id, j.episode, j.seed] for j in jobs],
    }
    return {key: value for key, value in found.items() if value is not None}


def to_text(manifest: Mapping[str, Any]) -> str:
    """Write a manifest, an item a line."""
    items = manifest["items"]
    text = json.dumps({**manifest, "items": []}, indent=2)
    lines = ",\n    ".join(json.dumps(item) for item in items)
    return text.replace('"items": []', f'"items": [\n    {lines}\n  ]', 1) + "\n"


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest, from its file or the folder of its run.

    Raises:
        DataError: if it is none.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("settings"), dict):
        raise DataError(f"{file}: no manifest of an evaluation")
    return content


def differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """Say where a repetition differs from the evaluation that it repeats.

    Versions are left out: they may differ, if nothing comes of it. So are the files of
    the model, where an older manifest does not tell them.
    """
    ignored = {"versions", "hash"}
    if "model" not in theirs:
        ignored.add("model")
    names = [name for name in {**theirs, **ours} if name not in ignored]
    return [
        line
        for name in names
        for line in _differences(name, theirs.get(name), ours.get(name))
    ]


def changed_versions(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """Say which versions are others now."""
    before, now = theirs.get("versions", {}), ours.get("versions", {})
    return [
        f"{name} {now.get(name, 'missing')} instead of {before.get(name, 'none')}"
        for name in sorted({**before, **now})
        if before.get(name) != now.get(name)
    ]


def _differences(name: str, theirs: object, ours: object) -> Iterator[str]:
    """Go down to the first values that differ."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in {**theirs, **ours}:
            yield from _differences(f"{name}.{key}", theirs.get(key), ours.get(key))
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{name} has {len(ours)} entries instead of {len(theirs)}"
        for place, (one, other) in enumerate(zip(theirs, ours, strict=False)):
            yield from _differences(f"{name}[{place}]", one, other)
    elif theirs != ours:
        yield f"{name} is {ours!r:.80} instead of {theirs!r:.80}"


def _all_versions() -> dict[str, str]:
    found = {"python": platform.python_version(), **versions()}
    for package in MODEL_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _sampling(policy: Policy) -> dict[str, Any] | None:
    sampling = getattr(policy, "sampling", None)
    if is_dataclass(sampling) and not isinstance(sampling, type):
        return asdict(sampling)
    return dict(sampling) if isinstance(sampling, Mapping) else None


def _model(settings: Settings) -> dict[str, str] | None:
    """The files of a local model and of its adapter, by their contents.

    A folder keeps its name when the model in it is trained on, a model on the hub has
    its revision.
    """
    if not settings.policy.startswith(HF):
        return None
    names = (settings.policy.removeprefix(HF), settings.policy_options.get("adapter"))
    found = {}
    for place, name in zip(("", "adapter/"), names, strict=True):
        folder = Path(str(name)) if name else None
        if folder is not None and folder.is_dir():
            for file in sorted(path for path in folder.iterdir() if path.is_file()):
                found[place + file.name] = _hash(file)
    return found or None


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()


def _prompt(settings: Settings, env_id: str) -> str | None:
    """The instructions of an id; None if it cannot be made, which is a crash later."""
    try:
        env = wrap(make_env(settings, env_id), settings.action_format)
        told = str(env.get_wrapper_attr("instructions"))
        env.close()
    except Exception:  # environments raise what they like
        return None
    return told
