"""What the original routes do with an environment, in the place where that lives.

Each function is called beside the environment, in a thread or a worker process, and
gives what a reply needs in one go. They know the parity environments only, made with
``split="all"``, and import nothing of HTTP, so that workers stay small.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any, cast

import gymnasium
import numpy as np
from numpy.typing import NDArray

from agentgym_envs.env import AgentEnv
from agentgym_envs.errors import AgentGymError, UnknownTask
from agentgym_envs.sciworld.tasks import SERVED
from agentgym_envs.textcraft.recipes import load

Env = gymnasium.Env[str, str]
Step = tuple[str, float, bool]
"""Observation, reward and done."""

SERVER_ERROR = "Internal Server Error"  # how WebShop in parity tells of one
INVALID_WORD = "invalid word"  # in Wordle in parity
CRASH = "crash"
OUT_OF_RANGE = "list index out of range"  # in Python's words, as the original has it


class Failure(AgentGymError):
    """What the original's server answers with an error of its own."""


def begin(env: Env, item: int) -> str:
    """Begin an episode; give its first text."""
    return env.reset(options={"item": item})[0]


def begin_counted(env: Env, item: int) -> str:
    """Begin the episode with a place in a list, which may be counted from the end.

    Raises:
        IndexError: as a list of Python's does.
    """
    return _begin_counted(env, item, len(_agent(env).tasks))[0]


def _begin_counted(env: Env, item: int, count: int) -> tuple[str, dict[str, Any]]:
    if item < 0:
        item += count
    if item < 0:
        raise IndexError(OUT_OF_RANGE)
    try:
        return env.reset(options={"item": item})
    except UnknownTask:
        raise IndexError(OUT_OF_RANGE) from None


def act(env: Env, action: str) -> Step:
    """Do an action.

    Raises:
        Failure: if the environment broke down.
    """
    return _act(env, action)[0]


def _act(env: Env, action: str) -> tuple[Step, Mapping[str, Any]]:
    text, reward, done, _, info = env.step(action)
    if info["end_reason"] == CRASH:
        raise Failure(text)
    return (text, float(reward), done), info


def _agent(env: Env) -> AgentEnv:
    return cast(AgentEnv, env.unwrapped)


def _own(env: Env) -> Any:
    """The environment, for what only its family has."""
    return env.unwrapped


# Tools


def begin_again(env: Env) -> str:
    """Begin the same item once more."""
    text = begin(env, _agent(env).task.index)
    if _agent(env).family == "TODOList":
        # The original copies the date to where the location should go.
        _own(env).lose_the_way()
    return text


# BIRD


def query(env: Env, action: str) -> tuple[Step, dict[str, str]]:
    """Do an action; give the gold statement, too."""
    step, info = _act(env, action)
    return step, {"ground_truth": info["ground_truth"]}


# WebShop


def visit(env: Env, item: int | None) -> tuple[str, str, dict[str, Any]]:
    """Enter the shop; give the text, the instruction and what can be done."""
    options = None if item is None else {"item": item}
    text, info = env.reset(options=options)
    return text, info["goal"]["instruction_text"], info["available_actions"]


def shop(env: Env, action: str) -> tuple[Step, dict[str, Any]]:
    """Do an action; give what can be done then, too.

    Raises:
        Failure: where the original's server fails.
    """
    step, info = _act(env, action)
    if step[0] == SERVER_ERROR:
        raise Failure(SERVER_ERROR)
    return step, info["available_actions"]


# ALFWorld


def enter(env: Env, item: int) -> tuple[str, list[str], str]:
    """Begin a game; give the text, the commands and the name of the game."""
    text = begin_counted(env, item)
    return text, _own(env).commands(), _own(env).game_name


def command(env: Env, action: str) -> tuple[Step, list[str]]:
    """Do an action; give the commands that are possible then, too."""
    return act(env, action), _own(env).commands()


# BabyAI


def move(env: Env, action: str) -> tuple[Step, float]:
    """Do an action; give the score, too."""
    step, info = _act(env, action)
    return step, info["original_score"]


def picture(env: Env) -> str:
    """Draw the state, as an URL that holds a PNG."""
    image = png(cast(NDArray[np.uint8], env.render()))
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"


def png(image: NDArray[np.uint8]) -> bytes:
    """Write an image of shape (height, width, 3) as a PNG."""
    height, width, _ = image.shape
    # Each row begins with the number of its filter: none.
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = image.reshape(height, 3 * width)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


# SciWorld


def study(env: Env, item: int) -> dict[str, Any]:
    """Begin a task; give what the original tells of it, in its order."""
    text, info = _begin_counted(env, item, SERVED)
    task = _agent(env).task
    score = int(info["original_score"])  # a look around may have earned some
    return {
        "task_name": task.payload["name"],
        "var_num": task.payload["variation"],
        "task_description": task.goal,
        "observation": text,
        "reward": score,
        "score": score,
        "deleted": False,
        "done": False,
    }


def experiment(env: Env, action: str) -> tuple[dict[str, Any], int]:
    """Do an action; give what the original tells of it, and the moves so far."""
    (text, reward, done), info = _act(env, action)
    told = {
        "observation": text,
        "reward": int(reward),
        "score": int(info["original_score"]),
        "done": done,
    }
    return told, info["moves"]


def survey(env: Env) -> dict[str, Any]:
    """Give all that can be seen without an action."""
    found = _own(env).survey()
    payload = _agent(env).task.payload
    return {
        **found._asdict(),
        "objects": json.loads(found.objects),
        "name": payload["name"],
        "variation": payload["variation"],
        "description": _agent(env).goal,
    }


# TextCraft


def craft(env: Env, item: int | None) -> str:
    """Begin with a goal of the list, which is gone through again and again."""
    return begin(env, (item or 0) % len(load().goals))


# Wordle


def candidates(env: Env) -> list[str]:
    """List the words that fit all feedback so far."""
    words: list[str] = _own(env).candidates()
    return words


# WebArena


def browse(env: Env, item: int) -> tuple[str, list[str], str]:
    """Begin a task; give the tree of its first page, its sites and what is asked."""
    text = begin_counted(env, item)
    task = _agent(env).task
    return text, list(task.payload["sites"]), task.goal


def surf(env: Env, reply: str) -> tuple[Step, dict[str, Any] | None]:
    """Do what a reply says; give what the original tells of the page, too.

    It tells nothing of the page after a reply that it can't read.
    """
    step, info = _act(env, reply)
    error = info["fail_error"]
    if error and step[0] == error:
        return step, None
    page = {"url": info["url"], "content": _own(env).content}
    told = {
        "page": page,
        "fail_error": error,
        "observation_metadata": look_closer(env),
    }
    return step, told


def read_prompt(env: Env) -> str:
    """Give the latest observation with the address, the task and the last action."""
    text: str = _own(env).prompt
    return text


def look_closer(env: Env) -> dict[str, Any]:
    """Give the elements of the page by their numbers."""
    nodes = {
        str(number): {
            "backend_id": number,
            "union_bound": None,  # the text browser has rows, and no pixels
            "text": f"[{number}] {line}",
        }
        for number, line in _own(env).elements().items()
    }
    return {"text": {"obs_nodes_info": nodes}, "image": None}
