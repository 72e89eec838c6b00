"""The Sheet environment."""

from __future__ import annotations

from typing import Any, Unpack, cast

from agentgym_envs.env import CommonOptions, in_colour
from agentgym_envs.errors import BadOption, ServiceUnavailable
from agentgym_envs.sheet import HORIZON
from agentgym_envs.sheet.engine import EmbeddedBooks, SheetState
from agentgym_envs.sheet.expert import Trail, next_call, trail
from agentgym_envs.sheet.grading import overlap_share, strict_share
from agentgym_envs.sheet.tasks import open_tasks
from agentgym_envs.sheet.tools import TOOLBOX
from agentgym_envs.tasks import TaskSet
from agentgym_envs.tools.backend import Backend, unknown_backend
from agentgym_envs.tools.env import Answer, ToolEnv
from agentgym_envs.tools.replies import Request
from agentgym_envs.tools.toolbox import ToolFailure

RUNS = 4  # of a call whose answer has an error, in the original

GUIDE = """\
You edit a spreadsheet by calling tools. Open the sheet that the goal names first; \
everything else works on the sheet that is open. Rows and columns are counted from 1, \
and addresses are like B2. Most tools answer with the whole table. Sorting moves all \
rows that are not frozen, so freeze the header first if it has to stay. When the table \
is as the goal wants it, finish. Your tools:"""


class SheetEnv(ToolEnv):
    """Bring a spreadsheet into the state that a goal describes.

    ## Observations
    At first the goal. Then what a tool gave, mostly the whole table as Python writes
    it: `Observation: [['Product', 'Price'], ['beef', '8.50']]`, and a line that asks
    for the next action. Cells are told as they are shown, with their number formats.
    A call that fails is answered by the service's error, as in `Observation:
    WorksheetNotFound('Sheet99')`.

    ## Actions
    One call on the last line of the reply: `Action: sort_sheet_by_col with Action
    Input: {"col_num": 4, "order": "des"}`. The input is a Python expression of
    literals, arithmetic and a few functions, `re.compile` among them.

    {tools}

    Cells may hold formulas of arithmetic, comparisons and the functions SUM, AVERAGE,
    COUNT, COUNTA, MAX, MIN, MINUS, PRODUCT, ABS, ROUND and IF; formulas follow when
    rows and columns are inserted, deleted or sorted.

    ## Rewards
    On `finish`, 1.0 if each cell shows what it should, else the share of the cells
    that were wrong at the start and are right now, less those that became wrong. Other
    steps earn 0.0.

    ## Episode end
    Terminates with the tool `finish`, as a success or a failure. Truncates after 15
    steps.

    ## Keywords
    `strict_shape` says whether cells outside the wanted table count as wrong; by
    default they do, except for published items and with `parity`. `legacy_retry` says
    whether a call whose answer has the word "error" is made up to four times, as in
    the original, which also waits in between; by default only with `parity`.
    `json_literals` says whether `true`, `false` and `null` are understood in inputs;
    by default they are, except with `parity`. `backend` is `"embedded"`, `"live"`,
    which is Google Sheets (see [Live services](../live.md)), or an object with the
    methods of `agentgym_envs.sheet.engine.EmbeddedBooks`. `key` is the path of the file
    of a service account for the live one; better, set the environment variable
    `SHEET_CREDENTIALS`.

    ## Data
    Tables of stocks, scores, tasks, orders and attendance are generated, with one of
    18 kinds of goals each: items 0 to 199 are for testing, 200 to 2,199 for training,
    and any later index is a further item. Test tables have names and products that no
    other table has. `data=PATH` plays AgentGym's 20 items, all of them for testing:
    `sheet.jsonl`, or a folder with it, beside its workbook (`sheet_reference.xlsx`),
    which is read with openpyxl.

    ## Parity
    `parity=True` is AgentGym's server. Reward is the level that was reached so far: the
    largest share, after any step, of the cells that are as they should be where the
    open sheet and the wanted table overlap. An episode ends when `finish`, in any
    case, occurs anywhere in a call, and goes on after that. The workbook keeps its
    sheets with the solutions, which are otherwise left out. A value that can't be
    worked out leaves a column behind.

    ## Source
    AgentBoard (Ma et al., arXiv 2401.13178) and AgentGym (Xi et al., arXiv
    2406.04151), on Google Sheets by way of gspread.

    ## Version history
    - v0: first release
    """

    family = "Sheet"
    default_horizon = HORIZON
    toolbox = TOOLBOX
    state_type = SheetState
    guide = GUIDE

    _state: SheetState
    _trail: tuple[str, Trail] = ("", Trail((), ()))

    def __init__(
        self,
        *,
        backend: str | Backend[Any] = "embedded",
        key: str | None = None,
        json_literals: bool | None = None,
        strict_shape: bool | None = None,
        legacy_retry: bool | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        for name, value in (
            ("strict_shape", strict_shape),
            ("legacy_retry", legacy_retry),
        ):
            if value not in (None, True, False):
                raise BadOption(f"{name} must be a bool, not {value!r:.80}")
        is_parity = bool(common.get("parity", False))
        self._strict = strict_shape
        self._retries = is_parity if legacy_retry is None else legacy_retry
        super().__init__(
            backend=backend,
            key=key,
            json_literals=json_literals,
            rules={"sheet": f"{strict_shape} {self._retries}"},
            **common,
        )

    def _open_tasks(self) -> TaskSet:
        return open_tasks(self.data, split=self.split, with_answers=self.parity)

    def _open_backend(self, backend: str | Backend[Any]) -> Backend[Any]:
        if backend == "embedded":
            return EmbeddedBooks(leaves_stray_column=self.parity)
        if backend == "live":
            from agentgym_envs.sheet.live import GoogleBooks

            return GoogleBooks(key=self._key, leaves_stray_column=self.parity)
        if isinstance(backend, str):
            raise unknown_backend(backend)
        return backend

    @property
    def _books(self) -> EmbeddedBooks:
        return cast(EmbeddedBooks, self._backend)

    def _invalid_tool(self, name: str) -> str:
        names = self.toolbox.names
        return (
            f"Invalid action: {name}. Please choose another valid action from {names}"
        )

    def _answer(self, request: Request | None) -> Answer:
        answer = super()._answer(request)
        if self._retries:
            for _ in range(RUNS - 1):
                # What a live service may have done already is not done again.
                if "error" not in answer.text.lower() or answer.is_down:
                    break
                answer = super()._answer(request)
        return answer

    def _share(self) -> float:
        """The share of the cells that are as they should be."""
        if self._state.opened < 0:
            return 0.0
        table = self._books.table(self._state)
        gold = self._subgoals[0]
        is_strict = self._strict
        if is_strict is None:
            is_strict = self.task.payload["strict"] and not self.parity
        return strict_share(table, gold) if is_strict else overlap_share(table, gold)

    def _grade(self, answer: Any) -> float:
        share = self._share()
        start: float = self.task.payload["start_share"]
        if share == 1.0:
            return 1.0
        return max(0.0, (share - start) / (1.0 - start)) if start < 1.0 else 0.0

    def _progress(self, answer: Answer) -> None:
        if answer.understood:
            self._state.level = max(self._state.level, self._share())

    def _is_finished(self, call: str, answer: Answer) -> bool:
        if not answer.understood:
            return self._state.finished
        return not answer.broke and "finish" in call.lower()

    def _expert_action(self) -> str:
        task = self.task
        if self._trail[0] != task.id:
            self._trail = task.id, trail(task)
        steps_left = max(self.horizon - self._steps, 0)
        try:
            if self._state.opened >= 0:
                self._books.sheet(self._state)
        except ToolFailure as failure:
            raise ServiceUnavailable(f"the expert can't look: {failure}") from None
        return str(next_call(task, self._trail[1], self._state, steps_left))

    def _ansi(self, *, colour: bool) -> str:
        goal = in_colour(self.goal, "blue") if colour else self.goal
        lines = [f"Goal: {goal}"]
        books = self._books
        if self._state.opened < 0:
            lines.append(f"No sheet is open; there are {', '.join(books.book.names)}")
            return "\n".join(lines)
        lines.append(f"Sheet: {books.name(self._state)}")
        try:
            table = books.table(self._state)
        except ToolFailure as failure:
            return "\n".join([*lines, str(failure)])
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for row in table:
            cells = zip(row, widths, strict=True)
            lines.append(" | ".join(text.ljust(width) for text, width in cells))
        return "\n".join(lines)
