"""Items that are questions: a template looks the answer up, and its calls are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, Protocol, TypeVar

from agentgym_envs.tools.generate import Session
from agentgym_envs.tools.items import Item


class Scene(Protocol):
    """What a template draws from, and asks with."""

    @property
    def session(self) -> Session:
        """The calls so far."""


S = TypeVar("S", bound=Scene)

Asked = tuple[str, Any]
"""A question and its answer."""


def question_makers(
    scene_type: Callable[[Random, str], S],
    templates: Iterable[Callable[[S], Asked]],
    setup: Callable[[S], Mapping[str, Any]] = lambda scene: {},
) -> tuple[Callable[[Random, str], Item], ...]:
    """Turn templates into what `generate.draw` takes.

    Args:
        scene_type: Opens the scene of a random generator and a split.
        templates: Functions that ask something in a scene.
        setup: Further entries of the payload.
    """
    return tuple(_maker(scene_type, template, setup) for template in templates)


def _maker(
    scene_type: Callable[[Random, str], S],
    template: Callable[[S], Asked],
    setup: Callable[[S], Mapping[str, Any]],
) -> Callable[[Random, str], Item]:
    def make(rng: Random, split: str) -> Item:
        scene = scene_type(rng, split)
        question, answer = template(scene)
        payload = {
            "subgoals": [answer],
            "path": scene.session.finish(answer),
            "template": template.__name__,
            **setup(scene),
        }
        return Item(question, payload)

    make.__name__ = template.__name__
    return make
