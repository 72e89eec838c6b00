"""`ToolEnv`: what the environments with tools share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Unpack

from agentgym_envs.env import AgentEnv, CommonOptions, in_colour
from agentgym_envs.errors import BadOption, ServiceUnavailable, SnapshotError
from agentgym_envs.outcome import Outcome
from agentgym_envs.tasks import Task
from agentgym_envs.tools.backend import Backend
from agentgym_envs.tools.expert import next_call
from agentgym_envs.tools.expressions import InvalidInput, evaluate
from agentgym_envs.tools.grading import meet, share
from agentgym_envs.tools.replies import Request, find_call, read_call, read_reply
from agentgym_envs.tools.state import ToolState
from agentgym_envs.tools.toolbox import Call, ServiceFailure, Toolbox, ToolFailure

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

START = (
    "Now new trial starts.\n"
    "You should perform actions to accomplish the goal: {goal}\n"
    "Give me one action."
)
ANSWER = "Observation: {}\nGive me one action."
FORMAT_ERROR = (
    "Format error, please response in the format of  "
    '"Action: [your action] with Action Input: [your action input]'
)
ERROR = "ERROR | {}({})"
NO_CALL = ERROR.format("TypeError", "cannot unpack non-iterable NoneType object")
BAD_INPUT = ERROR.format(
    "Exception",
    "Parameters in action input are not valid, please change your action input.",
)
REMEMBERED = 4096  # answers of a family whose backend always gives the same
MAX_KEPT = 200  # characters of an input whose answer is remembered
MAX_TEXT = 60_000  # characters; an observation has to fit its space
MAX_REPLY = 2**16  # characters; the call is the last line of what a model thinks

# What may go wrong inside a tool because of what an agent gave it.
MISTAKES = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    re.error,
)

ERRORS = """\
An input is a Python dictionary with the arguments by their names, and {} where there \
are none. An observation that begins with ERROR says what was wrong with a call: \
KeyError('x') that its input lacks x, "Parameters in action input are not valid" that \
the input can't be read, and "Invalid action" that there is no such tool."""
FORM = """\
Reply with a thought and one action, in this form, with the action on one line:

Thought: [your thought]

Action: [your action] with Action Input: [your action input]"""


class Answer(NamedTuple):
    """What a call came to.

    Args:
        text: What the agent reads.
        name: The tool, or what was written for one.
        result: What the tool gave; None if it didn't.
        succeeded: Whether the tool did what it is for.
        broke: Whether the call failed with an error that the tool does not answer.
        understood: Whether the call could be read, whatever came of it.
        invalid: Whether it was no proper call of any tool.
        is_down: Whether a live service failed.
    """

    text: str
    name: str = ""
    result: Any = None
    succeeded: bool = False
    broke: bool = False
    understood: bool = True
    invalid: bool = False
    is_down: bool = False


class ToolEnv(AgentEnv):
    """An environment whose actions are calls of tools.

    A family names its ``toolbox`` and ``rules``, and writes `_open_backend`. The
    payload of its items has ``subgoals``, the values to find, and ``path``, the
    calls of an expert with ``finish`` at the end. In the docstring of a family's
    class, ``{tools}`` stands for the table of its tools.

    Args:
        backend: ``"embedded"``; ``"live"`` for the real service, where a family has
            one; or an object with the methods of the family's backend.
        key: What opens the live service. It is better kept in an environment variable,
            from where it can't get into logs of keywords; see the family's page.
        json_literals: Whether ``true``, ``false`` and ``null`` are understood; None
            means that they are, but not with ``parity``.
        common: The keywords of every environment.
    """

    toolbox: ClassVar[Toolbox[Any, Any]]
    guide: ClassVar[str]
    """What the tools are for, in a model's system prompt."""
    state_type: ClassVar[type] = ToolState
    max_action: ClassVar[int] = MAX_REPLY
    original_plays_on = True

    _remembered: ClassVar[dict[Any, tuple[Answer, Any]]]
    """Answers of a family, and inputs, by call and setting."""
    _state: Any  # of the family's state_type
    _subgoals: Sequence[Any] = ()
    _spec: EnvSpec | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Write the table of the tools into the manual page."""
        super().__init_subclass__(**kwargs)
        cls._remembered = {}
        if cls.__doc__ and "toolbox" in cls.__dict__:
            table = cls.toolbox.table().replace("\n", "\n    ")
            cls.__doc__ = cls.__doc__.replace("{tools}", table)

    def __init__(
        self,
        *,
        backend: str | Backend[Any] = "embedded",
        key: str | None = None,
        json_literals: bool | None = None,
        rules: dict[str, Any] | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        if json_literals not in (None, True, False):
            raise BadOption(f"json_literals must be a bool, not {json_literals!r:.80}")
        if key is not None and backend != "live":
            raise BadOption('a key is for backend="live" alone')
        self._key = key
        is_parity = bool(common.get("parity", False))
        self._json = not is_parity if json_literals is None else json_literals
        # One string, because each snapshot holds and compares it.
        told = backend if isinstance(backend, str) else type(backend).__name__
        rules = {"tools": f"{told} {self._json}", **(rules or {})}
        super().__init__(rules=rules, **common)
        self._backend: Backend[Any] = self._open_backend(backend)
        # The backend has it now, and keeps it from sight.
        self._key = None

    # What a family writes

    def _open_backend(self, backend: str | Backend[Any]) -> Backend[Any]:
        """Give the backend of a name; called once, when the items are open.

        Raises:
            BadOption: if there is none of this name.
            MissingExtra: if it needs a package that is not installed.
        """
        raise NotImplementedError

    def _invalid_tool(self, name: str) -> str:
        """The text of the answer to a tool that does not exist."""
        return f"Invalid action: {name}."

    def _kept(self, result: Any) -> Any:
        """Clean the result of a tool, for the comparison with a subgoal in parity."""
        return result

    def _grade(self, answer: Any) -> float:
        """Say what share of the goal is reached by finishing with an answer."""
        return share(meet(0, self._subgoals, answer), self._subgoals)

    def _reported(self, *, finished: bool) -> float:
        """The reward of the original server's reply after a step."""
        level: float = self._state.level
        return level

    def _must(self) -> Sequence[Call]:
        """The calls without which the item can't be solved any more.

        Raises:
            NoExpertAction: if nothing solves it.
        """
        path: Sequence[Call] = self.task.payload["path"]
        return path[-1:]

    def _looks(self) -> Sequence[Call]:
        """The calls of the path that only look, and were not made yet."""
        path: Sequence[Call] = self.task.payload["path"]
        return path[self._state.looked : -1]

    def _setting(self) -> tuple[str, ...] | None:
        """What answers depend on besides the call, where they are always the same.

        None, if calls change something, or somebody else answers them.
        """
        return None

    # What they have in common

    def _begin(self, task: Task) -> str:
        # A live service may fail here, and then the old episode goes on.
        state = self._backend.start(task)
        self._subgoals, self._state = task.payload["subgoals"], state
        return START.format(goal=task.goal)

    def _resume(self, task: Task, state: Any) -> None:
        subgoals, path = task.payload["subgoals"], task.payload["path"]
        if not 0 <= state.met < 1 << len(subgoals) or not 0.0 <= state.level <= 1.0:
            raise ValueError("there are no such subgoals")
        if not 0 <= state.looked <= len(path):
            raise ValueError("the path is not that long")
        self._backend.resume(task, state)
        self._subgoals, self._state = subgoals, state

    def _act(self, action: str) -> Outcome:
        if self.parity:
            return self._act_as_original(find_call(action))
        state = self._state
        request = read_reply(action)
        if request is None:
            call = find_call(action)
            if call is None:
                return Outcome(FORMAT_ERROR, invalid=True, score=state.level)
            request = read_call(call, needs_word=False)
        answer = self._answer(request)
        text = ANSWER.format(answer.text)
        if answer.name != "finish" or answer.broke:
            return Outcome(text, 0.0, False, False, answer.invalid, state.level)
        try:
            state.level = level = self._grade(answer.result)
        except ServiceFailure as failure:
            return Outcome(ANSWER.format(failure), score=state.level)
        return Outcome(text, level, True, level == 1.0, False, level)

    def _act_as_original(self, call: str | None) -> Outcome:
        state = self._state
        if call is None:
            reward = self._reported(finished=False)
            return Outcome(FORMAT_ERROR, reward, invalid=True, score=state.level)
        answer = self._answer(read_call(call))
        finished = self._is_finished(call, answer)
        text = ANSWER.format(answer.text)
        before = state.met, state.level
        try:
            if "Invalid" not in text:
                self._progress(answer)
            reward = self._reported(finished=finished)
        except ServiceFailure as failure:
            state.met, state.level = before
            # What the last step earned is not known again, but for the level.
            return Outcome(ANSWER.format(failure), state.level, score=state.level)
        state.finished = finished
        won = state.finished and reward == 1.0
        return Outcome(text, reward, state.finished, won, answer.invalid, state.level)

    def _is_finished(self, call: str, answer: Answer) -> bool:
        """Whether the episode is over in parity, where it may go on all the same."""
        if answer.broke:
            finished: bool = self._state.finished
            return finished
        # The original looks at the whole text, the input included.
        return "finish" in call or "Finish" in call

    def _progress(self, answer: Answer) -> None:
        """Raise the level in parity, where any tool's result may meet a subgoal."""
        if answer.succeeded:
            state = self._state
            state.met = meet(state.met, self._subgoals, self._kept(answer.result))
            state.level = max(state.level, share(state.met, self._subgoals))

    def _answer(self, request: Request | None) -> Answer:
        """Make the call that a reply asks for; None stands for one without a name."""
        if request is None:
            return Answer(NO_CALL, broke=True, understood=False, invalid=True)
        setting = self._setting()
        if setting is None or len(request.input) > MAX_KEPT:
            answer, given = self._called(request)
        else:
            known, key = self._remembered, (request, self._json, setting)
            found = known.get(key)
            if found is None:
                found = self._called(request)
                if len(known) >= REMEMBERED:
                    known.clear()
                known[key] = found
            answer, given = found
        if answer.succeeded:
            state, path = self._state, self.task.payload["path"]
            if state.looked < len(path) and (answer.name, given) == path[state.looked]:
                state.looked += 1
        return answer

    def _called(self, request: Request) -> tuple[Answer, Any]:
        """Make a call; give its answer, and the input that was understood."""
        name, source = request
        try:
            given = evaluate(source, json_literals=self._json)
        except InvalidInput:
            text = BAD_INPUT
            return Answer(text, name, broke=True, understood=False, invalid=True), None
        if name not in self.toolbox:
            return Answer(_error(self._invalid_tool(name)), name, invalid=True), given
        try:
            result = self.toolbox.run(self._backend, self._state, name, given)
            text = str(result)
        except ServiceFailure as failure:
            return Answer(
                str(failure), name, broke=True, understood=False, is_down=True
            ), given
        except ToolFailure as failure:
            return Answer(_clipped(str(failure)), name), given
        except MISTAKES as error:
            text = _clipped(ERROR.format(type(error).__name__, error))
            return Answer(text, name, broke=True, invalid=True), given
        return Answer(_clipped(text), name, result, True), given

    def _expert_action(self) -> str:
        steps_left = max(self.horizon - self._steps, 0)
        try:
            must = self._must()
        except ToolFailure as failure:
            raise ServiceUnavailable(f"the expert can't look: {failure}") from None
        return str(next_call(self._looks(), must, steps_left))

    @property
    def instructions(self) -> str:
        """The tools and how to call them, for a model's system prompt."""
        return f"{self.guide}\n\n{self.toolbox.manual()}\n\n{ERRORS}\n\n{FORM}"

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """One function per tool."""
        return self.toolbox.schema

    def _ansi(self, *, colour: bool) -> str:
        goal = in_colour(self.goal, "blue") if colour else self.goal
        return f"Goal: {goal}\nTools: {', '.join(self.toolbox.names)}"

    @property
    def spec(self) -> EnvSpec | None:
        """How this environment was made, but for its key."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        if spec is not None and spec.kwargs.get("key") is not None:
            kept = {name: v for name, v in spec.kwargs.items() if name != "key"}
            spec = replace(spec, kwargs=kept)
        self._spec = spec

    def snapshot(self) -> bytes:
        """Give the whole state of the episode, unless part of it is at a service.

        Raises:
            SnapshotError: if it is.
            ResetNeeded: before the first reset.
        """
        self._check_snapshots()
        return super().snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Take up the episode of a snapshot; on an error, nothing has changed.

        Raises:
            SnapshotError: as for every family, and if part of an episode is at a
                service, which can't be set back.
        """
        self._check_snapshots()
        super().restore(snapshot)

    def _check_snapshots(self) -> None:
        holder = getattr(self._backend, "holder", "")
        if holder:
            raise SnapshotError(
                f"a part of this episode is at {holder} and can't be kept or set back; "
                'backend="embedded" has snapshots'
            )

    def close(self) -> None:
        """Let go of what the backend holds."""
        self._backend.close()
        super().close()


def _error(text: str) -> str:
    return f"ERROR | {text}"


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}..."
