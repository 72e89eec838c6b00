"""Checks of state: determinism, snapshots, copies, processes, isolation."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import pickle
import random
import subprocess
import sys
from functools import partial
from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

from agentgym_envs.errors import SnapshotError
from agentgym_envs.snapshot import pack, unpack
from agentgym_envs.testing.subject import (
    WALK,
    CheckFailed,
    Subject,
    agent,
    choose,
    expect,
    expect_error,
    replay,
    trace,
    walk,
)


def check_determinism(subject: Subject) -> None:
    """The same seed and actions give the same, in every instance and order."""
    env, other = subject.make(), subject.make()
    for seed in (1, 2):
        first = trace(env, seed=seed)
        follow_up = env.reset()
        expect(first == trace(env, seed=seed), f"seed {seed} gives two episodes")
        expect(follow_up == env.reset(), "the reset after a seeded one differs")
        expect(first == trace(other, seed=seed), f"instances differ at seed {seed}")


def check_snapshots(subject: Subject) -> None:
    """A restored episode goes on byte for byte, here and in another instance."""
    env, other = subject.make(), subject.make()
    for seed in range(3):
        draw = random.Random(seed)
        env.reset(seed=seed)
        walk(env, draw, seed * 2)
        if agent(env).is_over:
            env.reset(seed=seed)
        kept = agent(env).snapshot()
        expect(type(kept) is bytes, "a snapshot is bytes")
        expect(agent(env).snapshot() == kept, "taking a snapshot changes the state")
        goal, offered = agent(env).goal, agent(env).admissible_actions()
        taken = walk(env, draw)
        actions, replies = [a for a, _ in taken], [r for _, r in taken]
        after = env.reset()
        for again in (env, other):
            agent(again).restore(kept)
            expect(agent(again).goal == goal, "the goal is not restored")
            expect(
                agent(again).admissible_actions() == offered,
                "the admissible actions are not restored",
            )
            expect(agent(again).snapshot() == kept, "a restored snapshot differs")
            expect(replay(again, actions) == replies, "a restored episode differs")
            expect(again.reset() == after, "the generator is not restored")


def check_damaged_snapshots(subject: Subject) -> None:
    """Cut, flipped, foreign and made-up bytes raise, and change nothing."""
    env = subject.make()
    env.reset(seed=0)
    walk(env, random.Random(0), 2)
    kept = agent(env).snapshot()
    draw = random.Random(0)
    damaged = [b"", b"AGYM", b"\x80\x04N.", kept[:-1], kept[: len(kept) // 2], kept * 2]
    for _ in range(50):
        flipped = bytearray(kept)
        flipped[draw.randrange(len(kept))] ^= 1 << draw.randrange(8)
        damaged.append(bytes(flipped))
    content = unpack(kept)
    made_up: tuple[Any, ...] = (
        *(None, [], {}, -1, 2**70, "x", [None] * 4, [[[]]]),
        *({"item": [1]}, {"item": "x_0"}),
    )
    for part in range(len(content)):
        # Well-formed bytes of an attacker: the digest is right, the data is not.
        for value in made_up:
            if value != content[part]:
                damaged.append(pack([*content[:part], value, *content[part + 1 :]]))
    for data in damaged:
        with contextlib.suppress(SnapshotError):
            agent(env).restore(data)
            # A made-up value may by chance be a right one; then it must be playable.
            if data in damaged[:56]:
                raise CheckFailed(f"{data!r:.60} is restored")
            agent(env).restore(kept)
        expect(agent(env).snapshot() == kept, "a refused snapshot changes the state")
    for not_bytes in (None, "text", 5):
        with expect_error(SnapshotError, f"the snapshot {not_bytes!r}"):
            agent(env).restore(not_bytes)  # type: ignore[arg-type]  # that is the point


def check_fresh_process(subject: Subject) -> None:
    """Another process, with another hash seed, plays and restores the same."""
    env = subject.make()
    spec = env.spec
    assert spec is not None
    first = trace(env, seed=5)
    env.reset(seed=6)
    walk(env, random.Random(6), 3)
    if agent(env).is_over:
        env.reset(seed=6)
    kept = agent(env).snapshot()
    taken = walk(env, random.Random(7))
    request = {
        "spec": spec.to_json(),
        "snapshot": kept.hex(),
        "actions": [action for action, _ in taken],
    }
    done = subprocess.run(
        [sys.executable, "-m", "agentgym_envs.testing"],
        input=json.dumps(request).encode("ascii"),
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        timeout=120,
        check=False,
    )
    expect(done.returncode == 0, done.stderr.decode("utf-8", "replace")[-500:])
    there = json.loads(done.stdout)
    here = json.loads(json.dumps([first, [reply for _, reply in taken]]))
    expect(there == here, "another process gives another episode")


def check_copies(subject: Subject) -> None:
    """Pickles, deep copies and re-made specs play the same."""
    env = subject.make()
    assert env.spec is not None
    expected = trace(env, seed=4)
    again = EnvSpec.from_json(env.spec.to_json())
    remade = gymnasium.make(again)
    expect(remade.spec == env.spec, "the spec changes on its way through JSON")
    for other in (copy.deepcopy(env), pickle.loads(pickle.dumps(env)), remade):
        expect(trace(other, seed=4) == expected, "a copy plays another episode")
    size = len(pickle.dumps(subject.make()))
    expect(size < 100_000, f"a new instance pickles to {size} bytes; share its data")


def check_vector_envs(subject: Subject) -> None:
    """Gymnasium's vector envs, with default arguments, equal a plain loop."""
    envs = [subject.make() for _ in range(2)]
    firsts = [env.reset(seed=20 + i) for i, env in enumerate(envs)]
    draws = [random.Random(i) for i in range(2)]
    script: list[tuple[list[str], list[Any]]] = []
    for _ in range(WALK):
        actions = [choose(env, draw) for env, draw in zip(envs, draws, strict=True)]
        replies = [env.step(a) for env, a in zip(envs, actions, strict=True)]
        script.append((actions, replies))
        if any(reply[2] or reply[3] for reply in replies):
            break
    make = partial(gymnasium.make, subject.env_id, **subject.kwargs)
    for kind in (SyncVectorEnv, AsyncVectorEnv):
        vector: Any = kind([make, make])
        try:
            texts, infos = vector.reset(seed=20)
            expect(
                tuple(texts) == tuple(text for text, _ in firsts),
                f"{kind.__name__} resets to {texts!r:.80}",
            )
            expect(
                list(infos["item_id"]) == [info["item_id"] for _, info in firsts],
                f"{kind.__name__} plays other items",
            )
            for actions, replies in script:
                texts, rewards, terminated, truncated, infos = vector.step(actions)
                expect(
                    tuple(texts) == tuple(reply[0] for reply in replies),
                    f"{kind.__name__} observes {texts!r:.80}",
                )
                flags = [(r[2], r[3]) for r in replies]
                same = list(zip(terminated, truncated, strict=True)) == flags
                expect(same, f"{kind.__name__} ends differently")
                expect(
                    list(rewards) == [float(reply[1]) for reply in replies],
                    f"{kind.__name__} rewards differently",
                )
        finally:
            vector.close()


def check_isolation(subject: Subject) -> None:
    """Interleaved episodes equal lone ones, and global generators stand still."""
    alone = [trace(subject.make(), seed=seed) for seed in (8, 9)]
    numpy_before = _numpy_state()
    python_before = random.getstate()
    envs = [subject.make() for _ in range(2)]
    together: list[list[Any]] = [
        [env.reset(seed=seed)] for env, seed in zip(envs, (8, 9), strict=True)
    ]
    for step in range(1, WALK + 1):
        for env, expected, got in zip(envs, alone, together, strict=True):
            if step < len(expected):
                got.append((expected[step][0], env.step(expected[step][0])))
    expect(together == alone, "an episode depends on one beside it")
    expect(random.getstate() == python_before, "Python's global generator is used")
    expect(_numpy_state() == numpy_before, "NumPy's global generator is used")


def _numpy_state() -> list[Any]:
    name, keys, position, *rest = np.random.get_state(legacy=True)
    return [name, np.asarray(keys).tolist(), position, *rest]
