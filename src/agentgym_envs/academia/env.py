"""The Academia environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Unpack

from agentgym_envs.academia import HORIZON
from agentgym_envs.academia.library import Library
from agentgym_envs.academia.scene import library
from agentgym_envs.academia.state import AcademiaState
from agentgym_envs.academia.tasks import open_tasks
from agentgym_envs.academia.tools import TOOLBOX
from agentgym_envs.env import CommonOptions
from agentgym_envs.errors import BadOption
from agentgym_envs.tasks import TaskSet
from agentgym_envs.tools.backend import Backend
from agentgym_envs.tools.env import ToolEnv

GUIDE = """\
You answer questions about researchers and their papers, by tools that look into two \
networks. In PaperNet, a paper's neighbours are the papers that it cites. In \
AuthorNet, an author's neighbours are those who have written with the author, and the \
edge between two authors lists their joint papers. Load a network before you look \
into it. Titles and names are given exactly as in the question; namesakes have a \
number, as in 'Lin Wang_2', which is part of the name. When you know the answer, give \
it with the tool finish, in the form that the question asks for: a number as a number, \
a text in quotes, a list in brackets. An input is written as in {'graph': \
'AuthorNet', 'node': 'Lin Wang_2'}."""


class AcademiaEnv(ToolEnv):
    """Answer questions from a citation network, by tools.

    ## Observations
    At first the goal; then, after each action, the result of the call as Python
    writes it, or what was wrong.

    ## Actions
    A reply whose last line is `Action: neighbourCheck with Action Input: {'graph':
    'AuthorNet', 'node': 'Lin Wang'}`; any text may come before it. The input is a
    Python literal, in which small calculations are understood, and `true`, `false`
    and `null` too.

    {tools}

    A network has to be loaded before it is looked into. `neighborCheck` is understood
    too.

    ## Rewards
    1.0 for `finish` with the right answer, else 0.0. Numbers are equal whatever
    their type, texts are compared exactly, lists in any order.

    ## Episode end
    Terminates on `finish`. Truncates after 12 steps.

    ## Data
    Generated questions of 24 kinds: 2,000 for training, 200 for testing, and every
    further index is an item too. Those for testing name other papers and authors. The
    networks are embedded and invented: 2,000 papers of 8 topics and 2,000 authors,
    who write with friends of friends and cite what is cited already. A paper's
    `n_citation` counts those from outside of the network too. `data=PATH` takes the
    published `academia.jsonl`, or a folder with it. Its 20 items are all for testing
    (`split="test"` or `"all"`), unless the folder has `academia_train.json` and
    `academia_test.json`. They ask for real papers; `graph=PATH` gives the networks in
    which they are found.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `graph=None` | with `data`: a JSON file with the networks (see `AcademiaGraph.from_json`), or the folder with the six pickle files of AgentBoard, which are read without running what is in them |
    | `backend="embedded"` | what answers: the embedded networks, or an object such as `Library` |
    | `json_literals=None` | whether `true`, `false` and `null` are understood; `None`: not with `parity` |

    ## Parity
    `parity=True` answers and grades as AgentGym's server: any result of a tool that
    equals the gold counts as found, the episode ends when `finish` stands anywhere in
    the action, and a finished episode plays on. Replies are those of the embedded
    networks, or of `graph`.

    ## Source
    AgentGym (Xi et al., arXiv 2406.04151), with the tools of AgentBoard (Ma et al.,
    arXiv 2401.13178) for a citation network of ToolQA (Zhuang et al., arXiv
    2306.13304).

    ## Version history
    - v0: first release
    """  # noqa: E501  # rows of a table can't be broken

    family = "Academia"
    default_horizon = HORIZON
    state_type = AcademiaState
    toolbox = TOOLBOX
    guide = GUIDE

    _state: AcademiaState

    def __init__(
        self,
        *,
        graph: str | os.PathLike[str] | None = None,
        backend: str | Backend[Any] = "embedded",
        json_literals: bool | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        if graph is not None and common.get("data") is None:
            raise BadOption("graph needs data: the generated questions have their own")
        self._graph = None if graph is None else Path(graph)
        super().__init__(
            backend=backend,
            json_literals=json_literals,
            rules={"graph": graph is not None},
            **common,
        )

    def _open_tasks(self) -> TaskSet:
        return open_tasks(split=self.split, data=self.data)

    def _open_backend(self, backend: str | Backend[Any]) -> Backend[Any]:
        if not isinstance(backend, str):
            return backend
        if backend != "embedded":
            raise BadOption(
                f"backend must be 'embedded' or an object, not {backend!r:.80}"
            )
        return library() if self._graph is None else Library(self._graph)
