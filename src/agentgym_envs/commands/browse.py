"""Play web sites in a browser of one's own; what is typed here is the answer."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterable

from agentgym_envs import AgentEnv
from agentgym_envs.commands.game import Game
from agentgym_envs.commands.screen import Screen
from agentgym_envs.errors import BadOption
from agentgym_envs.webarena.doorway import Doorway
from agentgym_envs.webarena.env import WebArenaEnv

HELP = """\
A line is your answer; an empty one ends a task that asks for none. Besides:

  !restart   begin this item again
  !new       begin another item
  !help      show this list
  !quit      leave; so does the end of the input"""


def sites_of(agent: AgentEnv) -> WebArenaEnv:
    """Give the environment if it has sites to open.

    Raises:
        BadOption: if it has none.
    """
    if not isinstance(agent, WebArenaEnv):
        raise BadOption("--browser opens web sites, and only WebArena has some")
    return agent


def browse(game: Game, screen: Screen, lines: Iterable[str], *, opens: bool) -> None:
    """Let the player do tasks until there are no more lines.

    Args:
        game: A game that has begun.
        screen: Where tasks and scores are shown.
        lines: What the player types.
        opens: Whether to open the sites, where there is something to open them with.
    """
    agent = sites_of(game.agent)
    doorway = agent.doorway()
    try:
        _show(game, screen, doorway, opens=opens)
        for line in lines:
            if line in ("!quit", "!q", "!exit"):
                break
            if line in ("!restart", "!new"):
                game.begin(game.agent.task.id if line == "!restart" else None)
                doorway.lead_to(agent.text_browser)
                _show(game, screen, doorway, opens=opens)
            elif line.startswith("!"):
                screen.say(HELP)
            elif game.agent.is_over:
                screen.say("The episode is over: !restart, !new or !quit.")
            else:
                # Where the player is counts, and is where the agent's tab has to be.
                game.env.step(f"```goto [{doorway.url}]```")
                game.act(f"```stop [{line}]```")
                screen.state(game)
    finally:
        doorway.close()


def _show(game: Game, screen: Screen, doorway: Doorway, *, opens: bool) -> None:
    screen.say(f"Task {game.agent.task.id}: {game.agent.goal}")
    for address in doorway.addresses:
        screen.say(f"Open {address}")
        if opens and _has_windows():
            webbrowser.open(address)
    screen.say(
        "Do it there, then type the answer here; an empty line if it needs none."
    )


def _has_windows() -> bool:
    """Tell whether a browser has a place to show; in a terminal it would be ours."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
