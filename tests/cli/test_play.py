from __future__ import annotations

import io
import json
import os
import select
import signal
import subprocess
import time

import gymnasium
import pytest
from command_line import COMMAND, agentgym, environment

from agentgym_envs.cli import main
from agentgym_envs.commands.game import Game
from agentgym_envs.commands.prompt import matches
from agentgym_envs.commands.screen import LISTED

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
TIMEOUT = 30  # seconds until a terminal must have shown a text
READY = "\x1b[?2004h"  # what prompt_toolkit sends before it reads a line


def played(monkeypatch, capsys, words, *lines):
    """Play through a pipe; give the JSON objects that are printed."""
    typed = "".join(f"{line}\n" for line in lines)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["play", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def maze_3():
    env = gymnasium.make("agentgym/Maze-v0", render_mode="ansi")
    env.reset(options={"item": 3})
    return env


def states(objects):
    return [entry for entry in objects if "observation" in entry]


def test_a_game_through_a_pipe_shows_rules_goal_and_observations():
    env = gymnasium.make("agentgym/Maze-v0")
    first, _ = env.reset(options={"item": 3})

    done = agentgym("play", "maze", "--item", "3", stdin="?\nmove right\n!quit\nx\n")

    assert done.returncode == 0
    assert done.stderr == ""
    assert "You walk through a maze" in done.stdout
    assert "Goal (maze_3)" in done.stdout
    assert first[:60] in done.stdout
    assert "step 1 of 15" in done.stdout
    assert "step 2 of 15" not in done.stdout
    assert "\x1b[" not in done.stdout


def test_the_expert_leads_to_the_end(monkeypatch, capsys):
    env = maze_3()
    way = []
    while not env.unwrapped.is_over:
        way.append(env.unwrapped.expert_action())
        env.step(way[-1])

    lines = [line for action in way for line in ("!expert", action)]
    objects = played(monkeypatch, capsys, ["Maze", "--item", "3"], *lines)

    assert [o["expert"] for o in objects if "expert" in o] == way
    assert objects[-1]["over"] and objects[-1]["info"]["success"]


def test_undo_goes_back_as_far_as_the_beginning(monkeypatch, capsys):
    lines = ["move right", "move right", "undo", "u", "u"]
    objects = played(monkeypatch, capsys, ["Maze", "--item", "maze_3"], *lines)

    seen = states(objects)
    assert [state["info"]["steps"] for state in seen] == [0, 1, 2, 1, 0]
    assert seen[3]["observation"] == seen[1]["observation"]
    assert "nothing to take back" in objects[-1]["message"]


def test_the_end_of_an_episode_can_be_taken_back(monkeypatch, capsys):
    lines = ["wait"] * 16 + ["u", "wait"]
    objects = played(monkeypatch, capsys, ["Maze", "--item", "5"], *lines)

    assert "The episode is over" in objects[-3]["message"]
    assert not objects[-2]["over"]
    assert objects[-1]["over"]


def test_restart_keeps_the_item_and_new_draws_another(monkeypatch, capsys):
    lines = ["move right", "!restart", "!new"]
    objects = played(monkeypatch, capsys, ["Maze", "--item", "3"], *lines)

    items = [state["info"]["item_id"] for state in states(objects)]
    assert items[:3] == ["maze_3"] * 3
    assert items[3] != "maze_3"
    assert "goal" in objects[-1]


def test_actions_are_listed_as_the_environment_lists_them(monkeypatch, capsys):
    objects = played(monkeypatch, capsys, ["Maze", "--item", "3"], "?")

    assert objects[-1] == {"actions": maze_3().unwrapped.admissible_actions()}


TOOLS = ("Weather", "Movie", "Academia", "Sheet", "TODOList")


@pytest.mark.parametrize("family", TOOLS)
def test_tools_are_shown_with_their_types_and_the_dialogue_grows(
    monkeypatch, capsys, family
):
    env = gymnasium.make(f"agentgym/{family}-v0").unwrapped
    env.reset(options={"item": 3})
    way = []
    while not env.is_over:
        way.append(env.expert_action())
        env.step(way[-1])
    monkeypatch.setenv("COLUMNS", "2000")
    typed = "".join(f"{line}\n" for line in ("?", *way))
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["play", family, "--item", "3"]) == 0

    text = capsys.readouterr().out
    for tool in env.action_schema:
        kinds = tool["parameters"]["properties"]
        types = [
            [kind["type"]] if isinstance(kind["type"], str) else kind["type"]
            for kind in kinds.values()
        ]
        told = [f"{n}: {' or '.join(t)}" for n, t in zip(kinds, types, strict=True)]
        assert f"{tool['name']}({', '.join(told)}): {tool['description']}" in text
        assert f"- {tool['name']}: " in text
    # Both sides, in their order, and how it ends.
    places = [text.index("Now new trial starts.")]
    for step, action in enumerate(way, start=1):
        places.append(text.index(action.splitlines()[-1], places[-1] + 1))
        places.append(text.index(f"step {step} of {env.horizon}", places[-1]))
    assert places == sorted(places)
    assert "Solved in" in text[places[-1] :]


def test_tools_are_completed_to_calls_with_gaps_and_told_to_machines(
    monkeypatch, capsys
):
    env = gymnasium.make("agentgym/Weather-v0").unwrapped
    env.reset(options={"item": 3})
    call = "Action: get_elevation with Action Input: {'latitude': , 'longitude': }"
    suggested = Game(env).suggestions()
    assert matches("action: get_el", suggested) == [call]
    assert matches("get_el", suggested) == [call]

    objects = played(monkeypatch, capsys, ["Weather", "--item", "3"], "?", "hello")
    assert objects[-2] == {"actions": None, "functions": env.action_schema}
    assert objects[-1]["action"] == "hello"


def test_a_long_list_is_cut_for_people(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("?\n"))
    main(["play", "Wordle"])

    text = capsys.readouterr().out
    assert "more" in text
    assert text.count("\n") < LISTED + 40


def test_seed_and_split_decide_the_item(monkeypatch, capsys):
    words = ["Maze", "--seed", "4", "--split", "test"]
    first, second = (played(monkeypatch, capsys, words)[1] for _ in range(2))

    assert first == second
    assert first["info"]["split"] == "test"


def test_markup_control_characters_and_odd_bytes_are_only_text(tmp_path):
    done = subprocess.run(
        [*COMMAND, "play", "Maze", "--item", "3"],
        env=environment(),
        input=b"[red]x[/red] :smile: \x1b[2J\n\xff\xfe\n!draw\n",
        capture_output=True,
        timeout=60,
    )

    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    drawing = maze_3().render().replace("\n", os.linesep).encode()
    assert drawing in done.stdout


def test_what_one_may_do_besides_acting_is_explained(monkeypatch, capsys):
    objects = played(monkeypatch, capsys, ["Maze"], "!help", "!bla")

    assert "!restart" in objects[-2]["message"]
    assert "no command !bla" in objects[-1]["message"]


def test_completions_begin_with_what_was_typed_or_contain_it():
    actions = ["move left", "move right", "take lamp"]

    assert matches("move", actions) == ["move left", "move right"]
    assert matches("LAMP", actions) == ["take lamp"]
    assert matches("", actions) == actions
    assert matches("fly", actions) == []


class Terminal:
    """A command in a pseudo-terminal."""

    def __init__(self, *words: str) -> None:
        self.master, slave = pty.openpty()
        variables = environment(TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1", COLUMNS="100")
        self.process = subprocess.Popen(
            [*COMMAND, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=variables,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def wait_for(self, text: str) -> None:
        """Read until the text has been shown; what follows it is still to come."""
        deadline = time.monotonic() + TIMEOUT
        while text not in self.shown:
            assert time.monotonic() < deadline, f"no {text!r} in {self.shown!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
        self.shown = self.shown.split(text, 1)[1]

    def end(self) -> int:
        """Wait for the end; a terminal that nobody reads would block it."""
        deadline = time.monotonic() + TIMEOUT
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running: {self.shown!r}"
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:  # what Linux says when the other side is closed
                    break
        status = self.process.wait(timeout=TIMEOUT)
        os.close(self.master)
        return status


def test_tab_completes_and_up_repeats_in_a_terminal():
    pytest.importorskip("prompt_toolkit")
    terminal = Terminal("play", "Maze", "--item", "3")
    terminal.wait_for(READY)
    action = max(maze_3().unwrapped.admissible_actions(), key=len)
    unique = len("move ") + 1  # the first letter of the direction
    terminal.type(f"{action[:unique]}\t")
    terminal.wait_for(action[unique:])
    terminal.type("\r")
    terminal.wait_for("step 1 of 15")
    terminal.wait_for(READY)
    terminal.type("\x1b[A")  # up
    terminal.wait_for(action)
    terminal.type("\r")
    terminal.wait_for("step 2 of 15")
    terminal.wait_for(READY)
    terminal.type("\x04")  # control-d

    assert terminal.end() == 0


def test_control_c_leaves_a_terminal_with_130():
    pytest.importorskip("prompt_toolkit")
    terminal = Terminal("play", "Maze", "--item", "3")
    terminal.wait_for(READY)
    terminal.type("\x03")

    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown


def test_without_an_id_a_terminal_asks_which_one():
    pytest.importorskip("prompt_toolkit")
    terminal = Terminal("play")
    terminal.wait_for("Which one?")
    terminal.type("Wordle\n")
    terminal.wait_for("agentgym/Wordle-v0")
    terminal.wait_for(READY)
    terminal.type("!quit\r")

    assert terminal.end() == 0


def test_eval_shows_a_bar_in_a_terminal(tmp_path):
    words = ["eval", "--env", "Maze,TextCraft", "--items", "20", "--out", str(tmp_path)]
    terminal = Terminal(*words)
    terminal.wait_for("Maze")
    terminal.wait_for("left")
    terminal.wait_for("report: ")

    assert terminal.end() == 0


def test_a_bar_is_cleared_away_by_control_c(tmp_path):
    slow = "broken_games:broken/SlowMaze-v0"
    terminal = Terminal("eval", "--env", slow, "--items", "200", "--out", str(tmp_path))
    terminal.wait_for("left")
    terminal.process.send_signal(signal.SIGINT)

    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
    assert "\x1b[?25h" in terminal.shown  # the cursor is back
