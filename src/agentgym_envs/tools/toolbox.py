"""Tools: the one description from which everything about them derives.

The action schema, the text of a call, the table on a family's page, the list that
``check_valid_actions`` gives and the error messages all come from `Tool`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from agentgym_envs.schema import function
from agentgym_envs.tools.replies import write_call

Kind = Mapping[str, Any]
"""The JSON schema of an argument."""

TEXT: Kind = {"type": "string"}
INTEGER: Kind = {"type": "integer"}
NUMBER: Kind = {"type": "number"}
ANY: Kind = {
    "type": ["string", "number", "boolean", "null", "array"],
    "items": {"type": ["string", "number", "boolean", "null"]},
}

BackendT = TypeVar("BackendT")
StateT = TypeVar("StateT")


class Argument(NamedTuple):
    """What a tool takes, by name.

    Args:
        name: Its key in the input.
        kind: Its JSON schema, with a ``description`` where the name says too little.
            A ``default`` is what function calls may leave out; texts may not.
        optional: Whether texts may leave it out too; the tool then gets None.
    """

    name: str
    kind: Kind = TEXT
    optional: bool = False


class Tool(NamedTuple):
    """One thing that an agent can call.

    Args:
        name: As the agent writes it.
        description: What it does, as one sentence.
        arguments: What it takes, in the order in which they are looked up.
        run: Called with the backend, the episode's state and the arguments; gives
            what the agent reads, as a value. It raises `ToolFailure` for an answer
            that says why not; of other errors, the agent reads type and message.
        is_listed: Whether the agent is told of it.
    """

    name: str
    description: str
    arguments: tuple[Argument, ...]
    run: Callable[..., Any]
    is_listed: bool = True


class ToolFailure(Exception):
    """A tool answers that it can't; the text is what the agent reads."""


class ServiceFailure(ToolFailure):
    """A live service gave no answer to a tool; nothing that it says ends an episode."""


class Call(NamedTuple):
    """A tool and its arguments."""

    name: str
    arguments: dict[str, Any]

    def __str__(self) -> str:
        return write_call(self.name, self.arguments)


ANSWER = Argument("answer", {**ANY, "description": "the answer, or done"})


def sorted_answer(backend: Any, state: Any, answer: Any) -> Any:
    """Give the answer that the agent ends with; lists are sorted."""
    return sorted(answer) if isinstance(answer, list) else answer


FINISH = Tool("finish", "End the task with the answer.", (ANSWER,), sorted_answer)


class Toolbox(Generic[BackendT, StateT]):
    """The tools of a family.

    Args:
        tools: In the order in which the agent is told of them.
        has_list: Whether there is a tool ``check_valid_actions`` that lists them; it
            comes before the last one.
    """

    def __init__(self, tools: Iterable[Tool], *, has_list: bool = True) -> None:
        *first, last = tools
        if has_list:
            first.append(
                Tool("check_valid_actions", "List all tools.", (), self._tell_names)
            )
        self.tools = (*first, last)
        self.names = [tool.name for tool in self.tools if tool.is_listed]
        self._tools = {tool.name: tool for tool in self.tools}
        # What each call needs of its tool, at hand.
        self._runs = {
            tool.name: (
                tool.run,
                [argument.name for argument in tool.arguments],
                {a.name for a in tool.arguments if a.optional},
            )
            for tool in self.tools
        }
        self.schema = [_schema(tool) for tool in self.tools if tool.is_listed]

    def _tell_names(self, backend: BackendT, state: StateT) -> str:
        return f"You can use following valid actions: {self.names}"

    def __contains__(self, name: object) -> bool:
        return name in self._tools

    def run(self, backend: BackendT, state: StateT, name: str, given: Any) -> Any:
        """Call a tool of this box with an input, of which it takes what it needs.

        Raises:
            ToolFailure: if the tool answers that it can't.
            TypeError, KeyError, ValueError and others: if the input does not fit.
        """
        run, names, optional = self._runs[name]
        if optional and isinstance(given, dict):
            given = {**dict.fromkeys(optional), **given}
        # Whatever the input is, the error of taking it by name is the answer.
        return run(backend, state, *[given[key] for key in names])

    def table(self) -> str:
        """The tools as rows of a table for a family's page."""
        rows = ["| Tool | Arguments | What it does |", "|---|---|---|"]
        for tool in self.tools:
            if tool.is_listed:
                names = ", ".join(
                    f"`{argument.name}` ({type_of(argument.kind)})"
                    for argument in tool.arguments
                )
                rows.append(f"| `{tool.name}` | {names} | {tool.description} |")
        return "\n".join(rows)

    def manual(self) -> str:
        """The tools as lines for a model's system prompt."""
        return "\n".join(_line(tool) for tool in self.tools if tool.is_listed)


def _schema(tool: Tool) -> dict[str, Any]:
    # What has a default comes last, as in a signature of Python.
    arguments = sorted(tool.arguments, key=lambda argument: "default" in argument.kind)
    inside = ", ".join(f"{name!r}: {{{name}!r}}" for name, *_ in arguments)
    template = write_call(tool.name, {}).removesuffix("{}") + f"{{{{{inside}}}}}"
    kinds = {argument.name: argument.kind for argument in arguments}
    return function(tool.name, tool.description, template, **kinds)


def _line(tool: Tool) -> str:
    told = "; ".join(_told(argument) for argument in tool.arguments) or "none"
    return f"- {tool.name}: {tool.description} Arguments: {told}"


def _told(argument: Argument) -> str:
    """An argument with its type, its values where there are few, and what it is."""
    name, kind, optional = argument
    text = f"{name} ({type_of(kind)}{', optional' if optional else ''})"
    notes = [str(kind["description"])] if "description" in kind else []
    if "enum" in kind:
        notes.append("one of " + ", ".join(map(repr, kind["enum"])))
    return f"{text}: {', '.join(notes)}" if notes else text


def type_of(kind: Kind) -> str:
    """The Python type of an argument, in words.

    >>> type_of({"type": ["string", "null"]})
    'str or None'
    """
    types = kind.get("type", "string")
    names = [types] if isinstance(types, str) else types
    return " or ".join(_PYTHON_NAMES[name] for name in names)


_PYTHON_NAMES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "array": "list",
    "object": "dict",
}
