"""The embedded databases, each made when the first of its questions is asked."""

from __future__ import annotations

from functools import cache
from threading import Lock

from agentgym_envs.bird.dataset import Question
from agentgym_envs.bird.domains.catalogue import TEST, TRAIN
from agentgym_envs.bird.domains.making import build, make_rows
from agentgym_envs.bird.domains.model import Domain
from agentgym_envs.bird.domains.questions import ask
from agentgym_envs.bird.sandbox import publish

PER_TRAIN_DATABASE = 130  # questions
PER_TEST_DATABASE = 110

_lock = Lock()


def question(split: str, number: int) -> Question:
    """Give a question of ``train`` or ``dev`` by its number.

    Neighbours are about different databases, so that any stretch of items is mixed.
    """
    domains, count = (
        (TRAIN, PER_TRAIN_DATABASE) if split == "train" else (TEST, PER_TEST_DATABASE)
    )
    with _lock:
        questions = _questions(domains[number % len(domains)], count)
    return questions[number // len(domains)]


@cache
def _questions(domain: Domain, count: int) -> tuple[Question, ...]:
    rows = make_rows(domain)
    connection = build(domain, rows)
    source = publish(domain.name, connection)
    schema = domain.schema
    asked = ask(domain, rows, connection, count)
    connection.close()
    return tuple(
        Question(source, schema, text, evidence, sql, difficulty)
        for difficulty, (text, sql, evidence) in asked
    )
