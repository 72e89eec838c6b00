"""What a player sees: panels for people, lines of JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, Protocol

from agentgym_envs.commands.console import open_console, printable
from agentgym_envs.commands.game import Game, calls, signature

LISTED = 60  # actions; Wordle has thousands


class Screen(Protocol):
    """Where a game is shown."""

    def begin(self, env_id: str, game: Game) -> None:
        """Show the rules and the first state."""

    def state(self, game: Game, *, is_new: bool = False) -> None:
        """Show what the agent sees now, and the goal if the item is another."""

    def actions(self, actions: Sequence[str]) -> None:
        """Show the admissible actions."""

    def functions(self, schema: Sequence[dict[str, Any]]) -> None:
        """Show what can be called, where actions can't be listed."""

    def hint(self, action: str) -> None:
        """Show what the expert would do."""

    def drawing(self, text: str) -> None:
        """Show a drawing, which may be coloured."""

    def say(self, text: str) -> None:
        """Show a message of the program itself."""


class RichScreen:
    """Panels in a terminal, or the same without colours in a pipe.

    Raises:
        MissingExtra: if rich is not installed.
    """

    def __init__(self) -> None:
        self._console = open_console()
        # Both sides of the dialogue are to be seen; a terminal shows what is typed.
        self._echoes = sys.stdin.isatty()

    def begin(self, env_id: str, game: Game) -> None:
        """Show the rules and the first state."""
        self._panel(env_id, game.agent.instructions, "cyan")
        self.state(game, is_new=True)
        self.say("?: actions, !expert: a hint, undo, !help: all commands, !quit")

    def state(self, game: Game, *, is_new: bool = False) -> None:
        """Show what the agent sees now, and the goal if the item is another."""
        info = game.now.info
        if is_new:
            self._panel(f"Goal ({info['item_id']})", game.agent.goal, "magenta")
        score = (
            f"step {info['steps']} of {game.agent.horizon}, score {info['score']:.2f}, "
            f"return {game.now.total_reward:.2f}"
        )
        if info["invalid_action"]:
            score += ", not an action of this game"
        if game.now.action and not self._echoes:
            self._panel("Action", game.now.action, "yellow")
        self._panel("Observation", game.now.observation, "blue", subtitle=score)
        if game.agent.is_over:
            self.say(_ending(info))

    def actions(self, actions: Sequence[str]) -> None:
        """Show the admissible actions."""
        more = len(actions) - LISTED
        lines = [*actions[:LISTED], *([f"... and {more:,} more"] if more > 0 else [])]
        self._panel("Actions", "\n".join(lines) or "none", "green")

    def functions(self, schema: Sequence[dict[str, Any]]) -> None:
        """Show what can be called, with types, and how a call is written."""
        lines = [signature(entry) for entry in schema]
        if schema:
            lines += ["", f"Written as: {max(calls(schema), key=len)}"]
        self._panel("Functions", "\n".join(lines), "green")

    def hint(self, action: str) -> None:
        """Show what the expert would do."""
        self.say(f"The expert would do: {action}")

    def drawing(self, text: str) -> None:
        """Show a drawing, which may be coloured."""
        from rich.text import Text

        self._console.print(Text.from_ansi(text))

    def say(self, text: str) -> None:
        """Show a message of the program itself."""
        self._console.print(printable(text), style="bold")

    def _panel(self, title: str, text: str, style: str, *, subtitle: str = "") -> None:
        from rich.panel import Panel
        from rich.text import Text

        # A Text, not a string: rich would take square brackets for markup.
        panel = Panel(
            Text(printable(text.rstrip("\n"))),
            title=Text(title),
            subtitle=Text(subtitle),
            title_align="left",
            subtitle_align="right",
            border_style=style,
        )
        self._console.print(panel)


class JsonScreen:
    """One JSON object per line."""

    def begin(self, env_id: str, game: Game) -> None:
        """Tell the rules and the first state."""
        self._tell({"id": env_id, "instructions": game.agent.instructions})
        self.state(game, is_new=True)

    def state(self, game: Game, *, is_new: bool = False) -> None:
        """Tell what the agent sees now, and the goal if the item is another."""
        goal = {"goal": game.agent.goal} if is_new else {}
        self._tell(
            {
                **goal,
                **({"action": game.now.action} if game.now.action else {}),
                "observation": game.now.observation,
                "return": game.now.total_reward,
                "over": game.agent.is_over,
                "info": game.now.info,
            }
        )

    def actions(self, actions: Sequence[str]) -> None:
        """Tell the admissible actions."""
        self._tell({"actions": list(actions)})

    def functions(self, schema: Sequence[dict[str, Any]]) -> None:
        """Tell what can be called; there is no list of actions then."""
        self._tell({"actions": None, "functions": list(schema)})

    def hint(self, action: str) -> None:
        """Tell what the expert would do."""
        self._tell({"expert": action})

    def drawing(self, text: str) -> None:
        """Tell a drawing."""
        self._tell({"drawing": text})

    def say(self, text: str) -> None:
        """Tell a message of the program itself."""
        self._tell({"message": text})

    def _tell(self, value: dict[str, Any]) -> None:
        print(json.dumps(value), flush=True)


def _ending(info: dict[str, Any]) -> str:
    if info["success"]:
        return f"Solved in {info['steps']} steps."
    return f"Over after {info['steps']} steps: {info['end_reason']}."
