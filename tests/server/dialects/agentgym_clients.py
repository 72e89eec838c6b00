"""Clients that call, parse and read as those of AgentGym do, one per family.

Written from the protocol as its published clients speak it: what they send, which
part of a model's reply they take for the action, and which fields they read. Each call
has a connection of its own, as with ``requests``.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import httpx

REACT = "Thought:\nI see what to do.\n\nAction:\n{}"
FENCED = "I count the rows.\n\nAction:\n```sql\n{}\n```"
TWICE = "Error: Only one 'Action' is allowed per response. Please adjust your response."


class Output(NamedTuple):
    """What a step gives to the training loop."""

    state: str
    reward: float
    done: bool


class Client:
    """What the clients share: the calls, and that a bad status is fatal."""

    key = "id"
    path = ""
    reply = REACT
    """How a model is asked to write its action."""
    create_body: dict[str, Any] | None = None
    item = ""
    more: dict[str, Any] = {}
    observation = "observation"
    reward = "reward"
    needs: tuple[str, ...] = ()
    closes = True

    def __init__(self, base: str) -> None:
        self.base = base
        made = httpx.post(f"{base}/create", timeout=300, **self._sent(self.create_body))
        if made.status_code != 200:
            raise RuntimeError(f"Failed to create environment: {made}")
        self.number = self.made(made.json())

    @staticmethod
    def _sent(body: dict[str, Any] | None) -> dict[str, Any]:
        return {} if body is None else {"json": body}

    def made(self, reply: Any) -> int:
        return int(reply["id"])

    def post(self, path: str, body: dict[str, Any]) -> Any:
        body = {**body, self.key: self.number}
        reply = httpx.post(f"{self.base}/{path}", json=body, timeout=300)
        assert reply.status_code == 200
        return reply.json()

    def get(self, path: str) -> Any:
        query = f"{self.key}={self.number}"
        reply = httpx.get(f"{self.base}/{path}?{query}", timeout=300)
        assert reply.status_code == 200
        return reply.json()

    def reset(self, number: int) -> None:
        self.take(self.post("reset", {self.item: number, **self.more}))

    def take(self, begun: Any) -> None:
        self.latest = begun["observation"]

    def observe(self) -> str:
        return self.latest

    def parse(self, text: str) -> str:
        return text

    def step(self, text: str) -> Output:
        told = self.post("step", {"action": self.parse(text)})
        for key in self.needs:
            told[key]
        self.latest = told[self.observation]
        return Output(self.latest, told[self.reward], told["done"])

    def close(self) -> Any:
        return self.post("close", {}) if self.closes else None


class Indexed(Client):
    """Its environments have a bare number, and are observed by a call."""

    key = "env_idx"

    def made(self, reply: Any) -> int:
        assert type(reply) is int
        return reply

    def take(self, begun: Any) -> None:
        pass

    def observe(self) -> str:
        return self.get("observation")


class WebShop(Indexed):
    path = "webshop"
    item = "session_id"
    observation = "state"

    def take(self, begun: Any) -> None:
        begun[0] = self.observe()

    def parse(self, text: str) -> str:
        return last_action(text)


class SqlGym(Indexed):
    path = "sqlgym"
    reply = FENCED
    item = "item_id"
    observation = "state"
    closes = False

    def take(self, begun: Any) -> None:
        begun[0] = self.observe()

    def parse(self, text: str) -> str:
        return text.split("```sql")[-1].split("```")[0].strip()


class Tools(Indexed):
    reply = "Thought: I know which tool to use.\n\n{}"  # the expert writes the rest
    create_body = {"id": 0}
    item = "id"
    closes = False


class Academia(Tools):
    path = "academia"


class Movie(Tools):
    path = "movie"


class Sheet(Tools):
    path = "sheet"


class Todo(Tools):
    path = "todo"


class Weather(Tools):
    path = "weather"


class SearchQA(Tools):
    path = "searchqa"
    reply = "<think>I have to find it.</think>\n{}"
    closes = True


class AlfWorld(Client):
    path = "alfworld"
    item = "game"
    more = {"world_type": "Text"}

    def take(self, begun: Any) -> None:
        self.latest = begun["observation"]
        self.commands = begun["available_actions"]

    def observe(self) -> str:
        return f"{self.latest}\nAVAILABLE ACTIONS: {','.join(self.commands)}"

    def parse(self, text: str) -> str:
        return last_action(text)


class BabyAI(Client):
    path = "babyai"
    item = "data_idx"
    reward = "score"
    needs = ("reward",)

    def take(self, begun: Any) -> None:
        for key in ("reward", "score", "done"):
            begun[key]
        super().take(begun)

    def parse(self, text: str) -> str:
        return only_action(text)

    def step(self, text: str) -> Output:
        if len(ACTIONS.findall(text)) > 1:
            return Output(TWICE, 0, False)
        return super().step(text)


class SciWorld(Client):
    path = "sciworld"
    item = "data_idx"
    reward = "score"
    needs = ("reward",)

    def take(self, begun: Any) -> None:
        self.latest = f"{begun['task_description']}\n{begun['observation']}"

    def parse(self, text: str) -> str:
        return last_action(text)


class TextCraft(BabyAI):
    path = "textcraft"
    create_body = {"minecraft_dir": "agentenv_textcraft/"}
    reward = "reward"
    needs = ()

    def made(self, reply: Any) -> int:
        self.latest = reply["observation"]
        return super().made(reply)

    def take(self, begun: Any) -> None:
        self.latest = begun["observation"]


class Maze(Client):
    path = "maze"
    item = "game"
    closes = False

    def parse(self, text: str) -> str:
        return first_action(text)


class Wordle(Client):
    path = "wordle"
    item = "seed"
    closes = False

    def __init__(self, base: str) -> None:
        super().__init__(base)
        # Before any reset, for the rules that the model gets.
        self.rules = "\n".join(self.get("filtered_vocab"))

    def take(self, begun: Any) -> None:
        self.latest = self.rules

    def parse(self, text: str) -> str:
        return first_action(text)


CLIENTS = [
    Academia,
    AlfWorld,
    BabyAI,
    Maze,
    Movie,
    SciWorld,
    SearchQA,
    Sheet,
    SqlGym,
    TextCraft,
    Todo,
    Weather,
    WebShop,
    Wordle,
]

ACTIONS = re.compile(r"Action:\s*(.*?)(?=\n|$)", re.DOTALL)


def last_action(text: str) -> str:
    """The action after the last mark, as of clients with an adapter."""
    if text.endswith("</s>"):
        text = text[:-5]
    _, mark, action = text.rpartition("Action:")
    if mark:
        return action.strip()
    return text if "search[" in text or "click[" in text else ""


def first_action(text: str) -> str:
    """The action after the first mark, as of LMRL-Gym's clients."""
    text = text.removesuffix("</s>")
    parts = text.split("Action:")
    return parts[1 if len(parts) > 1 else 0].strip()


def only_action(text: str) -> str:
    """The only action, without what is no letter, digit, comma or space."""
    found = ACTIONS.findall(text)
    kept = re.sub(r"[^A-Za-z0-9, ]+", "", found[0]) if found else ""
    return re.sub(r" +", " ", kept).strip()
