"""Play an environment yourself.

What you type is the agent's action, except for:

  ?          list the actions that do something now, or the functions to call
  !expert    what an expert would do next
  undo, u    take the last action back
  !draw      draw the state
  !restart   begin this item again
  !new       begin another item
  !help      show this list
  !quit      leave; so does the end of the input

In a terminal, Tab completes actions and calls, and the arrow keys bring back earlier
ones.
With --json, every line of output is one JSON object.
With --browser, WebArena's sites are opened in your own browser, and what you type is
the answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial

import gymnasium

import agentgym_envs
from agentgym_envs import AgentEnv
from agentgym_envs.commands.game import Game
from agentgym_envs.commands.ids import find_id, missing_package
from agentgym_envs.commands.screen import JsonScreen, RichScreen, Screen
from agentgym_envs.errors import BadOption, MissingExtra, NoExpertAction
from agentgym_envs.tasks import SPLITS

PROMPT = "> "
UNDO = ("undo", "u")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "id", nargs="?", metavar="ID", help="for example Wordle or BabyAI.GoToRedBall"
    )
    parser.add_argument(
        "--item", metavar="ITEM", help="index (12) or id (maze_12); default: drawn"
    )
    parser.add_argument(
        "--split", choices=SPLITS, default="train", help="(default: train)"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="what items are drawn by")
    parser.add_argument(
        "--parity", action="store_true", help="play as on the original server"
    )
    parser.add_argument(
        "--browser", action="store_true", help="open the sites of WebArena"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def run(options: argparse.Namespace) -> int:
    """Play until the player leaves."""
    screen: Screen = JsonScreen() if options.json else RichScreen()
    env_id = find_id(options.id or _ask_which())
    env = gymnasium.make(
        env_id,
        split=options.split,
        parity=options.parity,
        render_mode="ansi",
        disable_env_checker=True,
    )
    if not isinstance(env.unwrapped, AgentEnv):
        raise BadOption(f"{env_id} is no agentgym environment")
    game = Game(env, seed=options.seed)
    if options.browser:
        _browse(game, options, screen)
    else:
        game.begin(_item(env.unwrapped, options.item))
        screen.begin(env_id, game)
        read = _terminal_reader(game) if _is_terminal() else _read_plainly
        for line in _lines(read):
            if not _do(line, game, screen):
                break
    env.close()
    return 0


def _browse(game: Game, options: argparse.Namespace, screen: Screen) -> None:
    from agentgym_envs.commands.browse import browse, sites_of

    sites_of(game.agent)
    game.begin(_item(game.agent, options.item))
    read = partial(input, PROMPT) if _is_terminal() else _read_plainly
    browse(game, screen, _lines(read), opens=not options.json)


def _item(agent: AgentEnv, text: str | None) -> str | None:
    """Check an item that was typed before the game is begun with it."""
    if text is None:
        return None
    return agent.tasks.find(int(text) if text.isdecimal() else text).id


def _ask_which() -> str:
    """Ask for the environment, where somebody can answer."""
    if not _is_terminal():
        raise BadOption("name the environment to play, for example: agentgym play Maze")
    ready = sorted(
        {
            spec.name.partition(".")[0]
            for spec in agentgym_envs.SPECS
            if spec.entry and not missing_package(spec)
        }
    )
    return input(f"Which one? ({', '.join(ready)}) ").strip() or ready[0]


def _do(line: str, game: Game, screen: Screen) -> bool:
    """Do what one line says; False if the player leaves."""
    # A word that the game itself knows is an action, even if we know it, too.
    is_action = line in game.actions()
    if line in UNDO and not is_action:
        if game.undo():
            screen.state(game)
        else:
            screen.say("There is nothing to take back.")
    elif line == "?" and not is_action:
        if game.lists_actions:
            screen.actions(game.actions())
        else:
            screen.functions(game.agent.action_schema)
    elif line.startswith("!"):
        return _command(line, game, screen)
    elif game.agent.is_over:
        screen.say("The episode is over: undo, !restart, !new or !quit.")
    elif line or is_action:
        game.act(line)
        screen.state(game)
    return True


def _command(line: str, game: Game, screen: Screen) -> bool:
    if line in ("!quit", "!q", "!exit"):
        return False
    if line == "!expert":
        try:
            screen.hint(game.agent.expert_action())
        except NoExpertAction as error:
            screen.say(f"The expert does not know either: {error}.")
    elif line == "!draw":
        screen.drawing(str(game.env.render()))
    elif line == "!restart":
        game.begin(game.agent.task.id)
        screen.state(game)
    elif line == "!new":
        game.begin(None)
        screen.state(game, is_new=True)
    elif line == "!help":
        screen.say((__doc__ or "").split("\n", 2)[2].strip())
    else:
        screen.say(f"There is no command {line}; !help lists them.")
    return True


def _lines(read: Callable[[], str]) -> Iterator[str]:
    """Read lines until the input ends."""
    while True:
        try:
            yield read().strip()
        except EOFError:
            return


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _read_plainly() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _terminal_reader(game: Game) -> Callable[[], str]:
    """A prompt with history and completion.

    Raises:
        MissingExtra: if prompt_toolkit is not installed.
    """
    try:
        from agentgym_envs.commands.prompt import open_prompt
    except ModuleNotFoundError:
        raise MissingExtra("cli", "prompt_toolkit") from None
    return open_prompt(PROMPT, game.suggestions)
