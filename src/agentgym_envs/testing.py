"""The conformance check: what every environment of the library promises.

`check_agent_env` runs over every id of this library in its own test suite, and
third parties run it over theirs:

>>> from agentgym_envs.testing import check_agent_env
>>> check_agent_env("agentgym/Maze-v0")

Each promise is one function in `CHECKS`, which takes a `Subject` and raises
`CheckFailed`.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import math
import os
import pickle
import random
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

from agentgym_envs.env import AgentEnv
from agentgym_envs.errors import NoExpertAction, ResetNeeded, SnapshotError
from agentgym_envs.outcome import MalformedReply
from agentgym_envs.schema import render_call
from agentgym_envs.snapshot import pack, unpack
from agentgym_envs.spaces import MAX_ACTION, TextSpace

Env = gymnasium.Env[str, str]
Reply = tuple[str, float, bool, bool, dict[str, Any]]

INFO_TYPES: dict[str, type] = {
    "item_id": str,
    "task": str,
    "split": str,
    "score": float,
    "success": bool,
    "invalid_action": bool,
    "steps": int,
    "end_reason": str,
}
WALK = 12  # steps of a random walk; enough to leave the start of every game
EXPERT_STEPS = 1000  # an expert who needs more than this is walking in circles
NASTY = (
    "",
    " ",
    "\n",
    "\x00\x1b[2J\x07",
    "\ud800 lone surrogate \udfff",
    "\u00fc\u202e \uff46\uff55\uff4c\uff4c \u6570 \U0001f3b2 e\u0301",
    "{0} {name} %s %(x)s \\ ${HOME} `id`",
    "<script>alert(1)</script>'\"; DROP TABLE items; --",
    "get 99999999999999999999999999 x",
    "craft using , ,, using",
    "Action: Action: Action:",
    "9" * 5000,
    "a" * MAX_ACTION,
    "a" * (MAX_ACTION + 1),
    "many words " * 100_000,
)


class CheckFailed(AssertionError):
    """An environment broke a promise; the message says which and how."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The environment under examination."""

    env_id: str
    kwargs: dict[str, Any]

    def make(self, **kwargs: Any) -> Env:
        """Make an instance, with further keywords."""
        return gymnasium.make(self.env_id, **{**self.kwargs, **kwargs})


def check_agent_env(env_id: str, **kwargs: Any) -> None:
    """Check that an environment keeps every promise in `CHECKS`.

    Args:
        env_id: A registered id.
        kwargs: Keywords for ``gymnasium.make``.

    Raises:
        CheckFailed: at the first broken promise.
    """
    subject = Subject(env_id, kwargs)
    for check in CHECKS:
        run_check(check, subject)


def run_check(check: Callable[[Subject], None], subject: Subject) -> None:
    """Run one check; any exception in it counts as a broken promise.

    Raises:
        CheckFailed: naming the environment and the check.
    """
    try:
        check(subject)
    except Exception as error:
        raise CheckFailed(
            f"{subject.env_id} fails {check.__name__}: {type(error).__name__}: {error}"
        ) from error


# Steps that several checks take


def agent(env: Env) -> AgentEnv:
    """The environment inside all wrappers."""
    inner = env.unwrapped
    expect(isinstance(inner, AgentEnv), f"{inner!r} is no AgentEnv")
    assert isinstance(inner, AgentEnv)
    return inner


def expect(condition: object, message: str) -> None:
    """Raise `CheckFailed` with the message unless the condition holds."""
    if not condition:
        raise CheckFailed(message)


@contextlib.contextmanager
def expect_error(error: type[Exception], what: str) -> Iterator[None]:
    """Expect the block to raise this error."""
    try:
        yield
    except error:
        return
    raise CheckFailed(f"{what} raises no {error.__name__}")


def choose(env: Env, draw: random.Random) -> str:
    """Draw an action: mostly a legal one, sometimes nonsense."""
    actions = agent(env).admissible_actions()
    if not actions or draw.random() < 0.15:
        return draw.choice(("", "nonsense", "look\nhere", "ü"))
    return draw.choice(actions)


def walk(env: Env, draw: random.Random, steps: int = WALK) -> list[tuple[str, Reply]]:
    """Take random steps until the episode ends; give actions and replies."""
    taken = []
    for _ in range(steps):
        action = choose(env, draw)
        reply: Any = env.step(action)
        taken.append((action, reply))
        if reply[2] or reply[3]:
            break
    return taken


def replay(env: Env, actions: Sequence[str]) -> list[Any]:
    """Take given steps; give the replies."""
    return [env.step(action) for action in actions]


def trace(env: Env, *, seed: int, steps: int = WALK) -> list[Any]:
    """Reset with a seed and walk; give everything that came back."""
    first = env.reset(seed=seed)
    return [first, *walk(env, random.Random(seed), steps)]


# The checks


def check_gymnasium_contract(subject: Subject) -> None:
    """Gymnasium's own checker finds nothing to say, not even a warning."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(agent(subject.make()))


def check_spaces(subject: Subject) -> None:
    """Both spaces are `TextSpace`, each instance's own, and hold what is said."""
    env, other = subject.make(), subject.make()
    for name in ("observation_space", "action_space"):
        space = getattr(env, name)
        expect(isinstance(space, TextSpace), f"{name} is {space!r}, no TextSpace")
        expect(space is not getattr(other, name), f"{name} is shared by instances")
    for seed in range(3):
        texts = [env.reset(seed=seed)[0]]
        texts += [reply[0] for _, reply in walk(env, random.Random(seed))]
        for text in texts:
            expect(text in env.observation_space, f"{text!r:.80} is not in the space")


def check_items(subject: Subject) -> None:
    """Items are named by index or id; what is no item raises a ValueError."""
    env = subject.make()
    tasks = agent(env).tasks
    for task in (tasks[0], tasks[len(tasks) // 2], tasks[-1]):
        by_index = env.reset(options={"item": task.index})
        by_id = env.reset(options={"item": task.id})
        expect(by_index == by_id, f"item {task.index} and {task.id!r} differ")
        expect(by_id[1]["item_id"] == task.id, f"{task.id!r} plays another item")
        expect(agent(env).goal == task.goal, f"{task.id!r} has another goal")
    wrong_items: tuple[Any, ...] = ("no item", "nothing_0", 10**30, 1.5, [], True)
    for item in wrong_items:
        with expect_error(ValueError, f"the item {item!r}"):
            env.reset(options={"item": item})
    with expect_error(ValueError, "an unknown option"):
        env.reset(options={"itme": 0})
    for keyword in ({"split": "dev"}, {"horizon": 0}, {"render_mode": "none"}):
        with expect_error(ValueError, f"the keyword {keyword}"):
            agent(subject.make()).__class__(**{**subject.kwargs, **keyword})


def check_splits(subject: Subject) -> None:
    """Train and test are disjoint, and draws stay in their split."""
    train, test = (
        agent(subject.make(split=split)).tasks for split in ("train", "test")
    )
    both = agent(subject.make(split="all")).tasks
    expect(len(train) and len(test), "a split is empty")
    expect(len(both) == len(train) + len(test), "the splits do not add up")
    overlap = set(train.train) & set(train.test)
    expect(not overlap, f"items {sorted(overlap)[:5]} are in both splits")
    for split, tasks in (("train", train), ("test", test)):
        for position in (0, len(tasks) // 2, -1):
            found = tasks[position].split
            expect(found == split, f"{tasks[position].id} of {split} says {found!r}")
        env = subject.make(split=split)
        for seed in range(5):
            _, info = env.reset(seed=seed)
            expect(info["split"] == split, f"{split} draws {info['item_id']}")


def check_infos(subject: Subject) -> None:
    """Infos have the promised keys and types, fresh at each call, never None."""
    env = subject.make()
    infos = [env.reset(seed=0)[1]]
    infos += [reply[4] for _, reply in walk(env, random.Random(0))]
    types = {key: type(value) for key, value in infos[0].items()}
    for number, info in enumerate(infos):
        for key, kind in INFO_TYPES.items():
            expect(key in info, f"info lacks {key!r}")
            got = type(info[key])
            expect(got is kind, f"info[{key!r}] is a {got.__name__}")
        expect("episode" not in info, "info uses Gymnasium's key 'episode'")
        expect(None not in info.values(), "info holds None")
        for key in info.keys() & types.keys():
            expect(type(info[key]) is types[key], f"info[{key!r}] changes its type")
        expect(info["steps"] == number, "info counts steps wrongly")
        expect(0.0 <= info["score"] <= 1.0, f"the score {info['score']} is not in 0..1")
        is_last = number == len(infos) - 1
        expect(is_last or not info["end_reason"], "a reason before the end")
    expect(len({id(info) for info in infos}) == len(infos), "an info dict is reused")


def check_rewards(subject: Subject) -> None:
    """Rewards are finite floats, and flags are plain bools."""
    env = subject.make()
    for seed in range(3):
        env.reset(seed=seed)
        for action, (_, reward, terminated, truncated, _) in walk(
            env, random.Random(seed)
        ):
            expect(math.isfinite(reward), f"{action!r:.80} earns {reward}")
            flags = type(terminated) is bool and type(truncated) is bool
            expect(flags, "terminated and truncated must be bool")


def check_determinism(subject: Subject) -> None:
    """The same seed and actions give the same, in every instance and order."""
    env, other = subject.make(), subject.make()
    for seed in (1, 2):
        first = trace(env, seed=seed)
        follow_up = env.reset()
        expect(first == trace(env, seed=seed), f"seed {seed} gives two episodes")
        expect(follow_up == env.reset(), "the reset after a seeded one differs")
        expect(first == trace(other, seed=seed), f"instances differ at seed {seed}")


def check_actions(subject: Subject) -> None:
    """A non-string raises; any string, however nasty, is answered and counted."""
    env = subject.make(max_episode_steps=-1)
    env.reset(seed=0)
    for wrong in (None, 3, b"bytes", ["move"]):
        with expect_error(TypeError, f"the action {wrong!r}"):
            env.step(wrong)  # type: ignore[arg-type]  # that is the point
    for action in (*NASTY, np.str_("numpy")):
        before = agent(env)._steps
        text, _, terminated, truncated, info = env.step(action)
        expect(text in env.observation_space, f"{action!r:.40}: {text!r:.80}")
        expect(info["steps"] == before + 1, f"{action!r:.40} counts no step")
        if terminated or truncated:
            env.reset()


def check_malformed_replies(subject: Subject) -> None:
    """A reply without an action is answered with its reason; the game stands."""
    env = subject.make()
    env.reset(seed=0)
    before = _state_of(env)
    text, reward, terminated, _, info = env.step(MalformedReply("hm", "Say what."))
    expect(text == "Say what.", f"the reason is not told: {text!r:.80}")
    expect(info["invalid_action"] and info["steps"] == 1, "it counts as no mistake")
    expect(reward == 0 and not terminated, "it is rewarded or ends the episode")
    expect(_state_of(env) == before, "it touches the game")


def check_end(subject: Subject) -> None:
    """A step before the first reset and after the end raises."""
    env = subject.make(horizon=1)
    with expect_error(ResetNeeded, "a step before the first reset"):
        env.step("anything")
    with expect_error(ResetNeeded, "a snapshot before the first reset"):
        agent(env).snapshot()
    env.reset(seed=0)
    _, _, terminated, truncated, info = env.step("anything")
    expect(terminated or truncated, "a horizon of 1 does not end the first step")
    expect(info["end_reason"], "the end has no reason")
    if not agent(env).parity:
        with expect_error(ResetNeeded, "a step after the end"):
            env.step("anything")
        with expect_error(NoExpertAction, "an expert after the end"):
            agent(env).expert_action()
    env.close()
    env.close()


def check_horizon(subject: Subject) -> None:
    """The limit is the registered one or the caller's, and snapshots carry it."""
    spec = gymnasium.spec(subject.env_id)
    if not {"horizon", "max_episode_steps"} & subject.kwargs.keys():
        env = subject.make()
        expect(agent(env).horizon == spec.max_episode_steps, "the horizon is another")
    for keyword in ("horizon", "max_episode_steps"):
        env = subject.make(**{keyword: 3})
        expect(
            env.spec is not None and env.spec.max_episode_steps == 3,
            f"the spec does not tell {keyword}",
        )
        env.reset(seed=0)
        env.step("nonsense 1")
        kept = agent(env).snapshot()
        for _ in range(2):
            ends: list[bool] = []
            while not (ends and ends[-1]):
                _, _, terminated, truncated, info = env.step("nonsense 2")
                ends.append(terminated or truncated)
            expect(len(ends) <= 2, f"{keyword}=3 lasts {len(ends) + 1} steps")
            if truncated:
                expect(len(ends) == 2, "a restored episode ends too early")
                expect(info["end_reason"] == "horizon", "the reason is not the horizon")
            agent(env).restore(kept)


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


def check_expert(subject: Subject) -> None:
    """The expert wins items of both splits, and after a few random steps too."""
    for split in ("train", "test"):
        env = subject.make(split=split, max_episode_steps=-1)
        tasks = agent(env).tasks
        for position in (0, len(tasks) // 3, -2):
            env.reset(seed=0, options={"item": tasks[position].index})
            expect(_expert_wins(env), f"the expert loses {tasks[position].id}")
    env.reset(seed=1)
    walk(env, random.Random(1), 2)
    if not agent(env).is_over:
        before = agent(env).snapshot()
        agent(env).expert_action()
        expect(agent(env).snapshot() == before, "asking the expert changes the state")
        with contextlib.suppress(NoExpertAction):  # some steps can't be undone
            expect(_expert_wins(env), "the expert loses after random steps")


def _expert_wins(env: Env) -> bool:
    for _ in range(EXPERT_STEPS):
        _, reward, terminated, truncated, info = env.step(agent(env).expert_action())
        if terminated or truncated:
            return bool(info["success"] and float(reward) > 0)
    return False


def check_admissible_actions(subject: Subject) -> None:
    """Each listed action is valid, and listing them changes nothing."""
    env = subject.make(max_episode_steps=-1)
    env.reset(seed=3)
    for _ in range(4):
        before = agent(env).snapshot()
        actions = agent(env).admissible_actions()
        expect(agent(env).snapshot() == before, "listing actions changes the state")
        if actions is None:
            return
        expect(type(actions) is list, "the admissible actions are no list")
        expect(len(set(actions)) == len(actions), "an action is listed twice")
        expect(actions, "no action is listed in a running episode")
        for action in actions[:40]:
            *_, info = env.step(action)
            expect(not info["invalid_action"], f"{action!r} is listed, but invalid")
            agent(env).restore(before)
        _, _, terminated, truncated, _ = env.step(actions[len(actions) // 2])
        if terminated or truncated:
            return


def check_texts(subject: Subject) -> None:
    """Instructions, goal and action schema are there, and the schema renders."""
    env = agent(subject.make())
    env.reset(seed=0)
    expect(len(env.instructions) > 100, "the instructions are too short to be rules")
    expect(env.goal.strip(), "the goal is empty")
    schema = env.action_schema
    expect(json.loads(json.dumps(schema)) == schema, "the schema is not plain JSON")
    expect(schema, "the schema is empty")
    for entry in schema:
        expect(entry["name"].isidentifier(), f"{entry['name']!r} is no function name")
        expect(entry["description"], f"{entry['name']} has no description")
        arguments = {
            key: _example(kind)
            for key, kind in entry["parameters"]["properties"].items()
        }
        action = render_call(schema, entry["name"], arguments)
        expect(
            isinstance(action, str) and action, f"{entry['name']} renders to nothing"
        )


def _example(kind: dict[str, Any]) -> Any:
    if "enum" in kind:
        return kind["enum"][0]
    examples = {
        "string": "x",
        "integer": kind.get("minimum", 1),
        "number": kind.get("minimum", 1.0),
        "boolean": True,
        "array": ["x"],
        "object": {},
    }
    return examples[kind.get("type", "string")]


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


def check_rendering(subject: Subject) -> None:
    """Each render mode that is declared gives what Gymnasium asks of it."""
    modes = agent(subject.make()).metadata["render_modes"]
    expect("ansi" in modes and "human" in modes, "ansi and human are not declared")
    for mode in modes:
        env: Any = subject.make(render_mode=mode)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            env.reset(seed=0)
            env.step("nonsense")
            frame = env.render()
        if mode == "ansi":
            expect(isinstance(frame, str) and frame.strip(), "ansi draws nothing")
        elif mode == "human":
            expect(frame is None and printed.getvalue().strip(), "human prints nothing")
        elif mode == "rgb_array":
            is_image = isinstance(frame, np.ndarray) and frame.dtype == np.uint8
            expect(is_image and frame.ndim == 3, "rgb_array draws no image")
            expect(
                frame.shape[2] == 3 and frame.std() > 0, "rgb_array draws one colour"
            )
        env.close()


def _state_of(env: Env) -> Any:
    """The family's own state in a snapshot."""
    return unpack(agent(env).snapshot())[-1]


CHECKS: tuple[Callable[[Subject], None], ...] = (
    check_gymnasium_contract,
    check_spaces,
    check_items,
    check_splits,
    check_infos,
    check_rewards,
    check_determinism,
    check_actions,
    check_malformed_replies,
    check_end,
    check_horizon,
    check_snapshots,
    check_damaged_snapshots,
    check_fresh_process,
    check_expert,
    check_admissible_actions,
    check_texts,
    check_copies,
    check_vector_envs,
    check_isolation,
    check_rendering,
)


def _answer_in_fresh_process() -> None:
    """The other side of `check_fresh_process`."""
    request = json.load(sys.stdin)
    env: Env = gymnasium.make(EnvSpec.from_json(request["spec"]))
    first = trace(env, seed=5)
    agent(env).restore(bytes.fromhex(request["snapshot"]))
    print(json.dumps([first, replay(env, request["actions"])]))


if __name__ == "__main__":
    _answer_in_fresh_process()
