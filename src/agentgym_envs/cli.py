"""The command line ``agentgym``: find the command, run it, give an exit status.

Exit status: 0 for success, 1 if what was looked at is not in order (a check failed,
an environment crashed), 2 for a mistake in the call, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn, Protocol

from agentgym_envs.errors import AgentGymError
from agentgym_envs.version import __version__

# Modules are named, not imported: a command may live in a package that stands above
# this one, and none should pay for what another one needs.
COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("agentgym_envs.commands.list", "show the tasks, and which are ready"),
    "play": ("agentgym_envs.commands.play", "play an environment yourself"),
    "eval": ("agentgym_policies.commands.eval", "score a policy on environments"),
    "collect": ("agentgym_policies.commands.collect", "write a policy's trajectories"),
    "serve": ("agentgym_server.commands.serve", "offer environments over HTTP"),
    "view": ("agentgym_wrappers.commands.view", "show trajectories on a web page"),
    "train": ("agentgym_trainers.commands.train", "train a model on environments"),
    "data": (
        "agentgym_envs.commands.data",
        "download original data, check trajectories",
    ),
    "bench": ("agentgym_envs.commands.bench", "measure how fast environments are"),
    "check": ("agentgym_envs.commands.check", "check environments for conformance"),
}

OK, WRONG, MISTAKE, INTERRUPTED = 0, 1, 2, 130


class Command(Protocol):
    """What the module of a command offers; its docstring is the help text."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work and give the exit status."""


class Parser(argparse.ArgumentParser):
    """A parser that answers a mistake in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the mistake and leave."""
        self.exit(MISTAKE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status.

    Args:
        arguments: The words after ``agentgym``; None means those of this process.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    _tolerate_any_text()
    chosen = next((word for word in words if not word.startswith("-")), "")
    try:
        parser = build_parser(chosen)
        options = parser.parse_args(words)
        if not options.command:
            parser.print_help()
            return OK
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except AgentGymError as error:
        return _complain(chosen, str(error))
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain once more
        # when it flushes standard output at exit, so that goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        return _complain(chosen, str(error))
    except KeyboardInterrupt:
        print(f"\nagentgym {chosen}: interrupted", file=sys.stderr)
        return INTERRUPTED


def build_parser(chosen: str = "") -> argparse.ArgumentParser:
    """Make the parser; only the chosen command is imported and has its options."""
    parser = Parser(
        prog="agentgym",
        description="Text environments for language agents.",
        epilog="`agentgym COMMAND --help` tells more about a command.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(command="")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (module, line) in COMMANDS.items():
        own = commands.add_parser(
            name, help=line, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name == chosen:
            command = import_module(module)
            own.description = command.__doc__
            command.add_arguments(own)
            own.set_defaults(run=command.run)
    return parser


def _tolerate_any_text() -> None:
    """Never fail because a terminal or pipe cannot hold a character."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _complain(command: str, message: str) -> int:
    print(f"agentgym {command}: {message}", file=sys.stderr)
    return MISTAKE


if __name__ == "__main__":
    sys.exit(main())
