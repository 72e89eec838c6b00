"""Configurations from files: what is read, and what is said of a mistake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest

from agentgym_envs.errors import BadOption
from agentgym_trainers.settings import load


@dataclass(frozen=True, kw_only=True)
class Inner:
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Outer:
    model: str
    rate: float = 1.0
    kind: Literal["a", "b"] = "a"
    inner: Inner = field(default_factory=Inner)
    parts: tuple[Inner, ...] = ()
    span: tuple[int, int] = (0, 0)
    names: str | list[str] = ""
    limit: int | None = None


def read(tmp_path, text):
    (tmp_path / "x.toml").write_text(text)
    return load(Outer, tmp_path / "x.toml")


def test_tables_become_dataclasses(tmp_path):
    text = """
        model = "m"
        rate = 2
        kind = "b"
        span = [1, 2]
        names = ["q", "k"]
        inner = {rank = 3}
        [[parts]]
        rank = 4
    """
    assert read(tmp_path, text) == Outer(
        model="m",
        rate=2.0,
        kind="b",
        span=(1, 2),
        names=["q", "k"],
        inner=Inner(rank=3),
        parts=(Inner(rank=4),),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('modl = "m"', "there is no key 'modl'; did you mean model"),
        ("", "model"),
        ("model = 1", "model is 1, no str"),
        ('model = "m"\nkind = "c"', "one of a, b"),
        ('model = "m"\ninner = 1', "inner is 1, no table"),
        ('model = "m"\ninner = {rnk = 1}', r"inner: there is no key 'rnk'"),
        ('model = "m"\nspan = [1]', "no list of 2"),
        ('model = "m"\nparts = [{rank = "x"}]', r"parts\[0\]: rank is 'x', no int"),
        ('model = "m"\nrate = true', "no float"),
        ("model =", "x.toml"),
    ],
)
def test_mistakes_name_the_key(tmp_path, text, message):
    with pytest.raises(BadOption, match=message):
        read(tmp_path, text)
    with pytest.raises(BadOption, match=r"none\.toml"):
        load(Outer, tmp_path / "none.toml")
