"""The SearchQA environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Unpack

from agentgym_envs.env import AgentEnv, CommonOptions, in_colour
from agentgym_envs.errors import BadOption
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.searchqa import HORIZON
from agentgym_envs.searchqa.engine import (
    INVALID,
    RIGHT,
    WRONG,
    WRONG_AT_LAST,
    bare_title,
    holds_answer,
    is_right,
    read,
    told,
)
from agentgym_envs.searchqa.expert import next_action
from agentgym_envs.searchqa.retrievers import (
    Passage,
    RetrieverError,
    Setting,
    check_setting,
    checked,
)
from agentgym_envs.searchqa.setup import find_retriever, open_tasks
from agentgym_envs.tasks import Task, TaskSet

MAX_REPLY = 2**16  # characters; a model may think long before it acts
MAX_TOPK = 100
MAX_TOLD = 200  # characters of an error
CLOSING = "</information>"
CRASHED = "The search engine does not answer; the episode can't go on."

RULES = """\
Answer the question below. In each turn you may think between <think> and </think>; \
then do one of two things. If you need to know more, write a query between <search> \
and </search>; the passages that a search engine finds for it are shown to you between \
<information> and </information>. You can search as often as you like. When you know \
the answer, write it between <answer> and </answer>, as short as possible and without \
any explanation, for example <answer>Lake Geneva</answer>."""

INSTRUCTIONS = """\
You have to answer a question with the help of a search engine. Each of your turns \
does one thing:
- <search>your query</search>: shows the passages that fit the query best, between \
<information> and </information>, each with its title.
- <answer>your answer</answer>: gives the answer. Write a name, a date or a number, \
and no sentence. Case, punctuation and articles do not matter.

You may think first, between <think> and </think>. Only the first pair of tags of a \
turn counts, so write one, and wait for what the search finds. A question may take \
several searches, one for each step. {wrong}"""
AGAIN = "A wrong answer costs a turn; you may then try again."
ONCE = "You have one answer only."

ACTION_SCHEMA = [
    function(
        "search",
        "Search for passages.",
        "<search>{query}</search>",
        query={"type": "string", "description": "What to look for."},
    ),
    function(
        "answer",
        "Give the final answer.",
        "<answer>{answer}</answer>",
        answer={"type": "string", "description": "As short as possible."},
    ),
]


@dataclass(slots=True)
class State:
    """An episode; the question itself is the item."""

    todo: list[str] = field(default_factory=list)
    """What the expert has still to look up."""
    is_solved: bool = False


class SearchQAEnv(AgentEnv):
    """Answer a question by searching a corpus of passages.

    ## Observations
    At first the rules and the question. After a search the passages, the best first, as
    `<information>Doc 1(Title: "Lake Gajeijith") Lake Gajeijith is ...</information>`;
    what is beyond 65,536 characters is cut. After an answer whether it is right.

    ## Actions
    The whole reply of a model is the action, up to 65,536 characters. The first closed
    pair of tags in it decides.

    | Form | Effect |
    |---|---|
    | `<search>depth of Lake Gajeijith</search>` | finds passages |
    | `<answer>347 metres</answer>` | answers the question |

    Whatever is around the tags does not matter. Of several answers in a reply the last
    one is graded.

    ## Rewards
    1.0 for a right answer, else 0.0. An answer is right if it equals one of the
    accepted answers, when case, punctuation, articles and spaces are left out. The
    format of the reply earns nothing.

    ## Episode end
    Terminates at the right answer. A wrong answer may be followed by others, unless
    `end_on_wrong` is set. Truncates after 30 steps, or `max_turns`. If a retriever
    fails, the episode is truncated with the reason `crash`.

    ## Keywords
    `topk=3`: passages that a search shows. `end_on_wrong=False`: whether a wrong answer
    ends the episode. `max_turns=None`: turns until the episode is truncated with the
    reason `turn limit`.

    `retriever="bm25"`: what finds the passages.

    | Value | Means |
    |---|---|
    | `"bm25"` | the ranking of Lucene |
    | `{"method": "dense", "model": PATH}` | embeddings of an E5 model |
    | `{"method": "http", "url": URL}` | a server with Search-R1's `/retrieve` |
    | a function `(query, k) -> list` | gives dicts: `id`, `contents`, `score` |

    `dense` needs the extra `searchqa-dense` and takes `index` (the path of a FAISS
    index of the passages; without it they are embedded once and kept in the user's
    cache), `device="cpu"`, `batch_size=64` and `fp16=False`. `http` takes `timeout=10`
    (seconds) and `attempts=3`. With a function the spec can't be written as JSON.

    ## Infos
    `data_source: str`; `retrieved: list[str]`, the ids of the passages that this step
    shows; `retrieval_hit: bool`, whether one of them holds an accepted answer; `em:
    float`, 1.0 if this step's answer is right; at the end also `golden_answers:
    list[str]`.

    ## Data
    4,000 embedded passages about forty invented countries, with 600 test and 2,600
    training questions. Questions follow one, two or three facts, or compare two things;
    those that follow three are in the test set only. No test question has a person,
    place or work in common with a training question. Answers are in the passages, which
    a search for the title of each step finds.

    `data=PATH` plays published questions: a folder with `test.parquet` and
    `train.parquet` (or `.jsonl`), which may be in `queries`; one such file; or a folder
    of FlashRAG's, with `nq/test.jsonl`, `hotpotqa/dev.jsonl` and so on. Records have
    `question` and `golden_answers`. Items have AgentGym's numbers: row N of the test
    file is item N, and training items begin at 51713. The passages are those of
    `wiki-18.jsonl`, in the folder or in `retrieve_data`. The first search builds an
    index of them in the user's cache. Parquet needs the extra `searchqa-parquet`.

    ## Parity
    `parity=True` is AgentGym's server: replies after the right answer are graded and
    answered as before. Its format score has the weight zero and is not built. Its
    passages come from a dense index, so that with another retriever they differ.

    ## Source
    Search-R1 (Jin et al., arXiv 2503.09516), served by AgentGym (Xi et al.,
    arXiv 2406.04151) since after its paper, so that it is outside the 89 tasks; data
    layout of FlashRAG (Jin et al., arXiv 2405.13576).

    ## Version history
    - v0: first release
    """

    family = "SearchQA"
    default_horizon = HORIZON
    state_type = State
    max_action = MAX_REPLY
    original_plays_on = True

    _state: State

    def __init__(
        self,
        *,
        topk: int = 3,
        retriever: Setting = "bm25",
        end_on_wrong: bool = False,
        max_turns: int | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        if type(topk) is not int or not 1 <= topk <= MAX_TOPK:
            raise BadOption(f"topk must be from 1 to {MAX_TOPK}, not {topk!r:.80}")
        if type(end_on_wrong) is not bool:
            raise BadOption(f"end_on_wrong must be True or False, not {end_on_wrong!r}")
        if max_turns is not None and (type(max_turns) is not int or max_turns < 1):
            raise BadOption(f"max_turns must be a positive int, not {max_turns!r:.80}")
        self._topk, self._ends_on_wrong = topk, end_on_wrong
        self._max_turns = max_turns
        setting = check_setting(retriever)
        named = setting if isinstance(setting, dict) else {}
        # One string, because each snapshot holds and compares it.
        method = named.get("method", "own")
        rules = {"game": f"{method} {topk} {end_on_wrong} {max_turns}"}
        super().__init__(rules=rules, **common)
        self._open_retriever = find_retriever(setting, self.data)
        self._found: list[Passage] = []
        self._em = 0.0

    def _open_tasks(self) -> TaskSet:
        return open_tasks(self.data, self.split)

    def _begin(self, task: Task) -> str:
        self._state = State(list(task.payload["support"]))
        self._forget_last()
        return f"{RULES}\n\n Question: {task.goal}"

    def _act(self, action: str) -> Outcome:
        self._forget_last()
        request = read(action)
        if request is None:
            outcome = self._outcome(INVALID, invalid=True)
        elif request.verb == "search":
            outcome = self._search(request.text)
        else:
            outcome = self._answer(request.text)
        turns = self._max_turns
        if turns is not None and self._steps + 1 >= turns and not outcome.done:
            reason = outcome.reason or "turn limit"
            return outcome._replace(truncated=True, reason=reason)
        return outcome

    def _outcome(self, text: str, *, invalid: bool = False) -> Outcome:
        """Answer a reply that changes nothing."""
        score = 1.0 if self._state.is_solved else 0.0
        return Outcome(text, invalid=invalid, score=score)

    def _search(self, query: str) -> Outcome:
        retriever = self._open_retriever()
        try:
            found = checked(retriever.search(query, self._topk), self._topk)
        except RetrieverError as error:
            text = f"{CRASHED} ({str(error)[:MAX_TOLD]})"
            return self._outcome(text)._replace(truncated=True, reason="crash")
        self._found = found
        shown = {bare_title(passage["contents"]) for passage in found} | {query}
        state = self._state
        state.todo = [title for title in state.todo if title not in shown]
        text = told(passage["contents"] for passage in found)
        if len(text) > self.max_observation:
            text = text[: self.max_observation - len(CLOSING)] + CLOSING
        return self._outcome(text)

    def _answer(self, answer: str) -> Outcome:
        if is_right(answer, self.task.payload["normalized"]):
            self._state.is_solved, self._em = True, 1.0
            return Outcome(RIGHT, 1.0, True, True)
        if self._ends_on_wrong:
            return self._outcome(WRONG_AT_LAST)._replace(done=True)
        return self._outcome(WRONG)

    def _forget_last(self) -> None:
        self._found, self._em = [], 0.0

    def _family_info(self) -> dict[str, Any]:
        task = self.task
        contents = [passage["contents"] for passage in self._found]
        info = {
            "data_source": task.payload["source"],
            "retrieved": [passage["id"] for passage in self._found],
            "retrieval_hit": holds_answer(contents, task.payload["normalized"]),
            "em": self._em,
        }
        if self._over or self._state.is_solved or self._steps >= self.horizon:
            info["golden_answers"] = list(task.payload["targets"])
        return info

    def _resume(self, task: Task, state: State) -> None:
        support = task.payload["support"]
        rest = iter(support)
        if not all(title in rest for title in state.todo):
            raise ValueError("these are not titles of the item, in their order")
        self._state = state
        self._forget_last()

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS.format(wrong=ONCE if self._ends_on_wrong else AGAIN)

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """Two functions: ``search`` and ``answer``."""
        return ACTION_SCHEMA

    def _expert_action(self) -> str:
        return next_action(self._state.todo, self.task.payload["targets"][0])

    def _ansi(self, *, colour: bool) -> str:
        lines = [f"Question: {self.goal}"]
        lines += [f"  {bare_title(passage['contents'])}" for passage in self._found]
        if self._state.is_solved:
            lines.append(in_colour("Solved", "green") if colour else "Solved")
        return "\n".join(lines)
