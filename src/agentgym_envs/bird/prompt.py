"""The first observation: a database, what one must know, and a question."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from agentgym_envs.bird.dataset import Question
from agentgym_envs.bird.sandbox import Source, schema_statements
from agentgym_envs.bird.schema import tell, tell_as_original

ORIGINAL_PROMPT: Literal["original"] = "original"
PROMPTS = ("fixed", ORIGINAL_PROMPT, "ddl")


def observe(question: Question, prompt: str, *, evidence: bool) -> str:
    """Tell an agent what it has to answer."""
    parts = [_database(question, prompt)]
    if evidence and question.evidence:
        parts.append(f"Evidence: {question.evidence}")
    return "\n\n".join([*parts, question.text])


def _database(question: Question, prompt: str) -> str:
    if prompt == "ddl":
        return _statements(question.source)
    if prompt == ORIGINAL_PROMPT:
        return tell_as_original(question.schema)
    return tell(question.schema)


@lru_cache(maxsize=256)
def _statements(source: Source) -> str:
    return "\n\n".join(f"{statement};" for statement in schema_statements(source))
