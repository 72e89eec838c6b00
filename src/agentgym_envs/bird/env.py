"""The BIRD environment."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal, Unpack

from agentgym_envs.bird import HORIZON
from agentgym_envs.bird.dataset import Question
from agentgym_envs.bird.engine import (
    MAX_JOURNAL,
    Answer,
    Gold,
    Session,
    State,
    gold_rows,
)
from agentgym_envs.bird.expert import next_action
from agentgym_envs.bird.prompt import ORIGINAL_PROMPT, PROMPTS, observe
from agentgym_envs.bird.tasks import BIRDTasks
from agentgym_envs.env import AgentEnv, Colour, CommonOptions, in_colour
from agentgym_envs.errors import AgentGymError, BadOption
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.spaces import MAX_ACTION
from agentgym_envs.tasks import Task, TaskSet

OLDEST_SQLITE = (3, 37)  # has databases in memory that connections share
BUDGET = 5_000_000  # instructions of SQLite's virtual machine, a fraction of a second
BUDGET_PUBLISHED = 500_000_000  # for databases of gigabytes, some ten seconds

Prompt = Literal["fixed", "original", "ddl"]

INSTRUCTIONS = """\
You are given a description of a SQLite database and a question about what is in it. \
Answer with one SQL statement whose result is the answer.

Explain your thought briefly, then give the statement on a single line in a fenced \
block that begins with ```sql. Only the last such block counts; without one, the whole \
reply is taken for the statement.

The rows of the result are compared with those of a reference. Their order, repeated \
rows and the names of columns don't matter, but the number and order of columns do: \
select just what is asked for. Only reading statements are of use, and each may do a \
limited amount of work."""

ONE_TURN = "There is one attempt."
MANY_TURNS = (
    "There are {} attempts: each statement is answered with the beginning of its "
    "result, and the task is done when the result is right."
)
UNLIMITED = 10_000  # attempts that nobody would count

ACTION_SCHEMA = [
    function(
        "query",
        "Run one SQL statement on the database; its rows are the answer.",
        "{sql}",
        sql={"type": "string", "description": "A single SQLite statement."},
    )
]


class BIRDEnv(AgentEnv):
    """Answer a question about a database with one SQL statement.

    ## Observations
    At first sentences about the database, what is needed to know beyond it, and the
    question. Then the result of the statement as Python prints a list of rows, cut
    after 100 characters, as in `[('Oslo', 12), ('Porto', 7)]`, or SQLite's error.

    ## Actions
    | Form | Effect |
    |---|---|
    | ```` ```sql ```` `SELECT ...` ```` ``` ```` | runs the last such block |
    | `SELECT ...` | without a block, the whole text is run |

    Statements only read; a temporary table lasts as long as the episode. What they may
    do is bounded: 5 million instructions of SQLite's virtual machine (500 million on
    published data), a million rows, values of 50,000 bytes (250,000), patterns of
    `LIKE` of 500 bytes, and 512 MiB, which from the first statement on is the limit for
    all of SQLite in the process. `ATTACH`, `VACUUM INTO`, extensions, virtual tables,
    and pragmas other than those that describe tables are refused.

    A statement has the same outcome on every machine with the same version of SQLite:
    instructions are counted, not seconds, `'now'` is 2024-01-01 00:00:00, the local
    time is UTC, and `random()` gives the same numbers in every statement. An end by the
    clock, after a minute, is only there for statements whose single instructions are
    made to be slow.

    ## Rewards
    1.0 if the rows are those of the gold statement, as sets: order and repetition do
    not count; the order and number of columns, letter case and exact numbers do. Else
    0.0.

    ## Episode end
    Terminates after one statement. With `max_turns` (or `horizon`) above 1, terminates
    at the first right result, or as a failure after that many statements.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `max_turns=None` | statements in an episode; `None`: the horizon, which is 1 |
    | `prompt=None` | how the database is told: `"fixed"`, `"original"` or `"ddl"` |
    | `evidence=None` | whether to tell what one must know beyond the database |
    | `extract_sql=None` | whether to look for a fenced block in the action |
    | `budget=None` | instructions that a statement may take |

    `"fixed"` are sentences with all keys and the names that SQL needs, `"original"` are
    the original's, mistakes included, and `"ddl"` are the `CREATE TABLE` statements.
    `None` means fixed, with evidence and a look for a block; with `parity` it means
    original, without either.

    ## Infos
    `db_id`, `difficulty`, `evidence`: of the item. `execution_error`: why the statement
    did not run, else empty. `timed_out`: whether it exceeded its bounds in work.
    `ground_truth`: the gold statement, once the episode is over. `gold_error`: why the
    gold statement does not run, which makes an item invalid, else empty.

    ## Data
    Fifteen embedded databases of five or six tables, from a library to a railway, with
    composite keys, missing values, dates and names in many languages, are made in
    memory from a fixed seed. There are 130 questions for each of twelve training
    databases, 110 for each of three test databases; as in BIRD, no database is in both.
    They are simple (36 %), moderate (38 %) or challenging (26 %). No answer is empty or
    the size of a table. Items are numbered as in the original: training from 0, test
    from 9428.

    `data=PATH` plays the published data: a folder with `train/train.json`,
    `train/train_tables.json` and `train/train_databases/<db_id>/<db_id>.sqlite`, and
    the same for `dev`, or a dated folder such as `dev_20240627`. Either may be missing.
    Files are opened for reading only, and must not change meanwhile. Where AgentGym's
    lists `sqlgym_train.json` and `sqlgym_test.json` lie in the folder, the splits are
    theirs.

    ## Parity
    `parity=True` is AgentGym's server: its sentences, which name the wrong columns for
    foreign keys and leave out composite keys, no evidence, and every reply taken for
    SQL as it is. Steps after the first are judged in the same way, on the same
    connection, so that temporary tables and transactions last until the reset. The
    gold statement is told after each step. The bounds above hold all the same, and
    neither files nor settings can be touched, so that statements that attach a
    database or set a pragma are refused; the original lets them write to any file.

    ## Source
    BIRD (Li et al., arXiv 2305.03111), served by AgentGym (Xi et al., arXiv
    2406.04151) as SQLGym. The embedded databases and questions are ours.

    ## Version history
    - v0: first release
    """

    family = "BIRD"
    original_plays_on = True
    default_horizon = HORIZON
    state_type = State

    _state: State

    def __init__(
        self,
        *,
        max_turns: int | None = None,
        prompt: Prompt | None = None,
        evidence: bool | None = None,
        extract_sql: bool | None = None,
        budget: int | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise AgentGymError(
                "BIRD needs SQLite 3.37 or later; this Python has "
                f"{sqlite3.sqlite_version}"
            )
        for name, number in (("max_turns", max_turns), ("budget", budget)):
            if number is not None and (type(number) is not int or number < 1):
                raise BadOption(f"{name} must be a positive int, not {number!r}")
        if prompt not in (None, *PROMPTS):
            raise BadOption(
                f"prompt must be one of {', '.join(PROMPTS)}, not {prompt!r}"
            )
        for name, flag in (("evidence", evidence), ("extract_sql", extract_sql)):
            if flag is not None and type(flag) is not bool:
                raise BadOption(f"{name} must be True, False or None, not {flag!r}")
        is_parity = bool(common.get("parity"))
        is_real = common.get("data") is not None
        self.max_turns = max_turns
        self.prompt: Prompt = prompt or (ORIGINAL_PROMPT if is_parity else "fixed")
        self.evidence = not is_parity if evidence is None else evidence
        self.extract_sql = not is_parity if extract_sql is None else extract_sql
        self.budget = budget or (BUDGET_PUBLISHED if is_real else BUDGET)
        if max_turns is not None and common.get("horizon") is None:
            common["horizon"] = max_turns
        rules = {
            "max_turns": max_turns,
            "prompt": self.prompt,
            "evidence": self.evidence,
            "extract_sql": self.extract_sql,
            "budget": self.budget,
        }
        super().__init__(rules=rules, **common)
        self._session: Session | None = None
        self._question: Question
        self._answer = Answer("")
        self._answered_at = 0  # the step that the answer belongs to
        self._gold = Gold(frozenset())

    def _open_tasks(self) -> TaskSet:
        return BIRDTasks(split=self.split, data=self.data)

    def _begin(self, task: Task) -> str:
        self._take_up(task, State())
        return observe(self._question, self.prompt, evidence=self.evidence)

    def _resume(self, task: Task, state: State) -> None:
        if state.turn < 0 or len(state.journal) > MAX_JOURNAL:
            raise ValueError(f"no episode has {state.turn} turns and such a journal")
        if any(len(statement) > MAX_ACTION for statement in state.journal):
            raise ValueError("a statement in the journal is too long")
        self._take_up(task, state)

    def _take_up(self, task: Task, state: State) -> None:
        self.close()
        self._question = task.payload["question"]
        self._state = state
        self._session = Session(
            self._question.source, self.budget, reads_on=self.parity
        )
        self._answered_at = 0

    def _act(self, action: str) -> Outcome:
        session = self._session
        assert session is not None
        question = self._question
        sql = extract(action) if self.extract_sql else action
        self._gold = gold = gold_rows(question.source, question.sql, self.budget)
        self._answer = answer = session.ask(sql, gold, self._state)
        self._answered_at = self._steps + 1
        self._state.turn = turn = self._state.turn + 1
        return Outcome(
            answer.text,
            reward=1.0 if answer.is_right else 0.0,
            done=self.parity or answer.is_right or turn >= self.attempts,
            success=answer.is_right,
            invalid=bool(answer.error),
        )

    def _family_info(self) -> dict[str, Any]:
        question = self._question
        # A reply without an action has been answered without us.
        is_new = self._answered_at == self._steps > 0
        info = {
            "db_id": question.schema.db_id,
            "difficulty": question.difficulty,
            "evidence": question.evidence,
            "execution_error": self._answer.error if is_new else "",
            "timed_out": is_new and self._answer.timed_out,
            "gold_error": self._gold.error if is_new else "",
        }
        if self._steps and (self._over or self.parity):
            info["ground_truth"] = question.sql
        return info

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        attempts = 1 if self.parity else self.attempts
        if attempts == 1:
            return f"{INSTRUCTIONS} {ONE_TURN}"
        number = f"up to {attempts}" if attempts < UNLIMITED else "any number of"
        return f"{INSTRUCTIONS} {MANY_TURNS.format(number)}"

    @property
    def attempts(self) -> int:
        """How many statements an episode takes until it is lost."""
        return min(self.max_turns or self.horizon, self.horizon)

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """One function: ``query``."""
        return ACTION_SCHEMA

    def _expert_action(self) -> str:
        question = self._question
        gold = gold_rows(question.source, question.sql, self.budget)
        return next_action(question, gold)

    def _ansi(self, *, colour: bool) -> str:
        lines = [observe(self._question, self.prompt, evidence=self.evidence)]
        if self._answered_at:
            answer = self._answer
            lost: Colour = "red" if answer.error else "yellow"
            mark = "green" if answer.is_right else lost
            lines.append(in_colour(answer.text, mark) if colour else answer.text)
        return "\n\n".join(lines)

    def close(self) -> None:
        """Give back what the episode holds of its database."""
        if self._session is not None:
            self._session.close()


def extract(reply: str) -> str:
    """Take the statement out of a model's reply, as the original's client does."""
    return reply.split("```sql")[-1].split("```")[0].strip()
