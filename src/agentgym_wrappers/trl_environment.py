"""Environments for TRL's ``environment_factory``: functions become typed methods.

TRL (huggingface/trl, ``GRPOTrainer``) makes an object per rollout, calls
``reset(**row)`` with the columns of a data set's row, offers every other public
method as a tool, whose schema transformers reads off its signature and its Google
docstring, and asks ``get_reward()`` in the end. Nothing of TRL is imported here.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Mapping
from functools import reduce
from keyword import iskeyword
from typing import Any, Literal

import gymnasium

from agentgym_envs.errors import BadOption
from agentgym_wrappers.calls import malformed
from agentgym_wrappers.episode import Episode, Reward, check_reward

Tools = Literal["functions", "act"]
Method = Callable[..., str]

_HINTS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "object": dict,
    "null": None,
}
_TAKEN = ("reset", "get_reward")
MAX_SHOWN = 80  # characters of what was no text


class TRLEnvironment:
    """What `make_trl_environment` derives from; it has no tools of its own.

    Everything public on a subclass is a tool of the model, but these two methods.
    """

    _env_id: str
    _kwargs: Mapping[str, Any]
    _reward: Reward
    _describes: bool

    def __init__(self) -> None:
        self._episode = Episode(self._env_id, **self._kwargs)

    def reset(
        self, *, item: int | str | None = None, seed: int | None = None, **row: Any
    ) -> str:
        """Begin the episode of a row; its other columns are not for us.

        Raises:
            UnknownTask: for an item outside the data.
        """
        return self._episode.begin(item, seed=seed)

    def get_reward(self) -> float:
        """What the episode was worth."""
        return self._episode.reward(self._reward)


def make_trl_environment(
    env_id: str,
    *,
    tools: Tools = "functions",
    reward: Reward = "score",
    **kwargs: Any,
) -> type[TRLEnvironment]:
    """Make a class for ``GRPOTrainer(environment_factory=...)``.

    Its objects take ``item`` and ``seed`` from a row, and answer calls after the end
    of an episode without changing anything: TRL has no way to be told of an end. A
    group of rollouts shares its row, so give rows an item, as `tool_rows` does.

    >>> Maze = make_trl_environment("agentgym/Maze-v0")
    >>> maze = Maze()
    >>> _ = maze.reset(item="maze_3", prompt="not for us")
    >>> print(inspect.signature(maze.move))
    (*, direction: Literal['up', 'down', 'left', 'right']) -> str
    >>> _ = maze.move(direction="up")
    >>> maze.get_reward()
    0.0

    Args:
        env_id: The environment.
        tools: ``"functions"``: a method per function of its ``action_schema``;
            ``"act"``: one method ``act(action)`` that takes text actions.
        reward: What ``get_reward`` gives: the final ``"score"`` in [0, 1], the
            ``"return"``, which is the sum of the rewards, or ``"success"``, 0 or 1.
        kwargs: Keywords for `gymnasium.make`.

    Raises:
        BadOption: for an argument without meaning, or a function that cannot be a
            method.
    """
    check_reward(reward)
    probe = Episode(env_id, **kwargs)
    try:
        if tools == "functions":
            methods = {f["name"]: _method(f) for f in probe.functions}
        elif tools == "act":
            methods = {"act": _act}
        else:
            raise BadOption(f'tools must be "functions" or "act", not {tools!r}')
        family = probe.agent_env.family
    finally:
        probe.close()
    fields: dict[str, Any] = {
        "__doc__": f"{env_id} for TRL.",
        "__module__": __name__,
        "_env_id": env_id,
        "_kwargs": kwargs,
        "_reward": reward,
        "_describes": tools == "functions",
    }
    # TRL names the column of rewards after the class.
    return type(f"{family}Environment", (TRLEnvironment,), fields | methods)


def tool_rows(
    environments: Mapping[str, type[TRLEnvironment]], items: int | None = None
) -> list[dict[str, Any]]:
    """Give a data set's rows for environments of `make_trl_environment`.

    A row holds the ``prompt`` (the rules as system message, and a user message to
    which TRL adds the first observation), the ``environment`` (a name of the mapping,
    the same that ``environment_factory`` gets) and the ``item``. Families alternate.

    >>> rows = tool_rows({"maze": make_trl_environment("agentgym/Maze-v0")}, items=2)
    >>> [(row["environment"], row["item"]) for row in rows]
    [('maze', 'maze_0'), ('maze', 'maze_1')]

    Args:
        environments: Classes by name.
        items: The first so many items of each; None for all of its split.
    """
    columns = [_rows(name, made, items) for name, made in environments.items()]
    longest = max(map(len, columns), default=0)
    return [row[i] for i in range(longest) for row in columns if i < len(row)]


def _rows(
    name: str, made: type[TRLEnvironment], items: int | None
) -> list[dict[str, Any]]:
    env: gymnasium.Env[Any, Any] = gymnasium.make(made._env_id, **made._kwargs)
    episode = Episode(env)
    rules = episode.instructions if made._describes else _plain(episode)
    tasks = episode.agent_env.tasks
    ids = [tasks[i].id for i in range(len(tasks) if items is None else items)]
    env.close()
    prompt = [{"role": "system", "content": rules}, {"role": "user", "content": ""}]
    return [{"prompt": prompt, "environment": name, "item": id_} for id_ in ids]


def _plain(episode: Episode) -> str:
    return f"{episode.agent_env.instructions}\n\nYou act by calling `act`."


def _act(self: TRLEnvironment, action: str) -> str:
    """Do an action and see what comes of it.

    Args:
        action: The action, in the form that the rules give.

    Returns:
        What you see then.
    """
    if not isinstance(action, str):  # a model may send anything
        action = malformed(repr(action)[:MAX_SHOWN], "an action is a text")
    return self._episode.act(action)


_act.__name__ = _act.__qualname__ = "act"
# Whoever reads the hints of a tool takes an annotated self for an argument.
del _act.__annotations__["self"]


def _method(function: Mapping[str, Any]) -> Method:
    """Make a function of an action schema into a method."""
    name = function["name"]
    parameters: Mapping[str, Mapping[str, Any]] = function["parameters"]["properties"]
    for word in (name, *parameters):
        if not word.isidentifier() or iskeyword(word) or word.startswith("_"):
            raise BadOption(f"{word!r} is no name for a method or its argument")
    if name in _TAKEN:
        raise BadOption(f"a function may not be named {name!r} here")

    # The body takes anything, so that a wrong call is answered by the environment
    # and counts a step, as it does everywhere else.
    def method(self: TRLEnvironment, /, **arguments: Any) -> str:
        return self._episode.call(name, arguments)

    hints = {key: hint_of(schema) for key, schema in parameters.items()}
    signed = [
        inspect.Parameter(
            key,
            inspect.Parameter.KEYWORD_ONLY,
            default=schema.get("default", inspect.Parameter.empty),
            annotation=hints[key],
        )
        for key, schema in parameters.items()
    ]
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__name__ = method.__qualname__ = name
    method.__doc__ = docstring_of(function)
    method.__annotations__ = hints | {"return": str}
    method.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # settable
        [itself, *signed], return_annotation=str
    )
    return method


def hint_of(schema: Mapping[str, Any]) -> Any:
    """The type hint that stands for a parameter's JSON schema.

    >>> hint_of({"type": ["number", "string"]})
    float | str
    """
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    kinds = schema.get("type", "string")
    hints = [
        list[hint_of(schema.get("items", {}))]  # type: ignore[misc]  # made at run time
        if kind == "array"
        else _HINTS[kind]
        for kind in ([kinds] if isinstance(kinds, str) else kinds)
    ]
    return reduce(operator.or_, hints)


def docstring_of(function: Mapping[str, Any]) -> str:
    """The Google docstring that tells what a function of an action schema does."""
    lines = [function["description"], ""]
    parameters: Mapping[str, Mapping[str, Any]] = function["parameters"]["properties"]
    if parameters:
        told = (f"    {key}: {_told(schema)}" for key, schema in parameters.items())
        lines += ["Args:", *told, ""]
    return "\n".join([*lines, "Returns:", "    What you see then.", ""])


def _told(schema: Mapping[str, Any]) -> str:
    """What a hint cannot say, in one line."""
    parts = [str(schema["description"])] if "description" in schema else []
    if "minimum" in schema:
        parts.append(f"at least {schema['minimum']}")
    told = "; ".join(part.strip().rstrip(".") for part in parts)
    return " ".join(told.split()) or "As the rules say"
