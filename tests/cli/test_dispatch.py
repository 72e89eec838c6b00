from __future__ import annotations

import io
import subprocess
import sys

import pytest
from command_line import agentgym, environment

from agentgym_envs.cli import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_json(command, capsys):
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])

    text = capsys.readouterr().out
    assert end.value.code == 0
    assert f"usage: agentgym {command}" in text
    assert "--json" in text


def test_no_command_shows_all_commands(capsys):
    assert main([]) == 0

    text = capsys.readouterr().out
    assert all(command in text for command in COMMANDS)


def test_version_is_printed(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert end.value.code == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evil"], "evil"),
        (["list", "--jsn"], "--jsn"),
        (["list", "--family", "Mase"], "there is no family 'mase'"),
        (["eval", "--env", "mase"], "did you mean Maze?"),
        (["eval", "--env", "agentgym/Wordl-v0"], "agentgym/Wordle-v0"),
        (["eval", "--env", "no_such_module:x/Y-v0"], "no_such_module"),
        (["eval", "--env", ","], "no environment is named"),
        (["eval", "--env", "CartPole-v1"], "CartPole-v1 is no agentgym environment"),
        (["eval", "--policy", "exprt"], "did you mean expert?"),
        (["eval", "--items", "0"], "items must be at least 1"),
        (["eval", "--horizon", "soon"], "--horizon is a number or none"),
        (["collect", "--episodes", "-1"], "episodes must be at least 1"),
        (["check", "Wordel"], "did you mean Wordle?"),
        (["play", "Maze", "--item", "maze_x"], "ids here look like 'maze_0'"),
        (["play", "Wordle", "--item", "99999999999"], "no item"),
        (["play"], "name the environment"),
    ],
)
def test_a_users_mistake_is_one_line_and_status_2(
    words, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    try:
        status = main(words)
    except SystemExit as end:  # argparse leaves by itself
        status = end.code

    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert message in printed.err
    assert not list(tmp_path.iterdir())


def test_the_exit_status_reaches_the_shell(tmp_path):
    done = agentgym("eval", "--env", "mase", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("agentgym eval: there is no environment 'mase'")


@pytest.mark.parametrize(
    "words",
    [["list"], ["eval", "--env", "Maze"], ["check", "Maze"], ["play", "Maze"]],
)
def test_without_rich_the_extra_is_named(words, tmp_path):
    hide = "import sys; sys.modules['rich'] = sys.modules['rich.console'] = None; "
    code = f"{hide}from agentgym_envs.cli import main; sys.exit(main({words!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )

    assert done.returncode == 2
    assert 'pip install "agentgym-envs[cli]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_json_needs_no_rich(tmp_path):
    hide = "import sys; sys.modules['rich'] = sys.modules['rich.console'] = None; "
    words = ["eval", "--env", "Maze", "--items", "1", "--json"]
    code = f"{hide}from agentgym_envs.cli import main; sys.exit(main({words!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), check=True
    )

    assert done.returncode == 0


def test_a_command_imports_only_what_it_needs():
    code = (
        "import sys; from agentgym_envs.cli import main; main(['list', '--json']); "
        "print([m for m in ('rich', 'minigrid', 'agentgym_policies') "
        "if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stderr.strip() == "[]"


def test_a_reader_that_has_seen_enough_causes_no_complaint():
    process = subprocess.Popen(
        [sys.executable, "-m", "agentgym_envs", "list", "--json"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    process.stdout.close()

    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
