"""Checks of the contract: spaces, items, infos, rewards, actions, texts, drawings."""

from __future__ import annotations

import contextlib
import io
import json
import math
import random
import warnings
from typing import Any

import numpy as np
from gymnasium.utils.env_checker import check_env

from agentgym_envs.outcome import MalformedReply
from agentgym_envs.schema import render_call
from agentgym_envs.snapshot import unpack
from agentgym_envs.spaces import MAX_ACTION, TextSpace
from agentgym_envs.testing.subject import (
    Env,
    Subject,
    agent,
    expect,
    expect_error,
    walk,
)

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


def _state_of(env: Env) -> Any:
    """The family's own state in a snapshot."""
    return unpack(agent(env).snapshot())[-1]


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
    expected = kind.get("type", "string")
    name = expected if isinstance(expected, str) else expected[0]
    if name == "array":
        return [_example(kind.get("items", {}))]
    examples = {
        "string": "x",
        "integer": kind.get("minimum", 1),
        "number": kind.get("minimum", 1.0),
        "boolean": True,
        "object": {},
    }
    return examples[name]


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
