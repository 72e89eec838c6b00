"""How good an episode looks, for searches: a number, the higher the better."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

from agentgym_policies.base import History, Policy
from agentgym_policies.branch import Branches, play_on

Scorer = Callable[[History], float]

TIE = 1e-3  # less than any two scores differ in that mean something


def by_outcome(history: History) -> float:
    """The environment's own verdict; among equals, what the model finds likelier.

    That verdict is asked of a copy of the environment before anything is done in the
    real one, so figures with it are those of an agent with a perfect simulator.
    """
    last = history.infos[-1]
    return float(last["success"]) + float(last["score"]) + TIE * likelihood(history)


def likelihood(history: History) -> float:
    """The mean probability of a model's tokens, by their logarithms; in (0, 1]."""
    told = [value for action in history.actions for value in action.logprobs]
    return exp(sum(told) / len(told)) if told else 1.0


class RolloutValue:
    """The share of continuations that solve the task: a value without a value model.

    Args:
        policy: Who continues; it must draw, or all continuations are one.
        n: How many times.
    """

    def __init__(self, policy: Policy, n: int = 8) -> None:
        self._policy, self._n = policy, n
        self._branches = Branches()

    def __call__(self, history: History) -> float:
        """Play on from the latest state of an episode."""
        if history.is_over:
            return float(history.infos[-1]["success"])
        forks = [self._branches.fork(history, 1 + number) for number in range(self._n)]
        play_on(self._policy, forks)
        solved = sum(bool(fork.infos[-1]["success"]) for fork in forks)
        self._branches.free(forks)
        return solved / self._n
