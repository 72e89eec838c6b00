"""Policies that try before they act, in copies of the episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from agentgym_envs.errors import BadOption
from agentgym_policies.base import Action, History, Policy, Usage
from agentgym_policies.branch import Branches, advance, play_on
from agentgym_policies.scorers import Scorer, by_outcome


class BestOfN:
    """Play an episode several times in copies, and then do what went best.

    Args:
        policy: Who plays; it must draw, or all tries are one.
        n: How many tries. The first one is what the policy alone would do.
        scorer: Judges a finished try.
        steps: How far a try goes; None plays it to its end. Where it is cut, the next
            tries begin where it was cut.
    """

    def __init__(
        self,
        policy: Policy,
        n: int = 8,
        *,
        scorer: Scorer = by_outcome,
        steps: int | None = None,
    ) -> None:
        if n < 1 or (steps is not None and steps < 1):
            raise BadOption("n and steps must be at least 1")
        self._policy, self._n, self._scorer, self._steps = policy, n, scorer, steps
        self._branches = Branches()

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Follow each episode's plan, or make one."""
        actions = {place: follow(one) for place, one in enumerate(histories)}
        asked = [place for place, action in actions.items() if action is None]
        tries = [
            [self._branches.fork(histories[place], number) for number in range(self._n)]
            for place in asked
        ]
        flat = list(chain.from_iterable(tries))
        ended = play_on(self._policy, flat, steps=self._steps)
        for number, (place, group) in enumerate(zip(asked, tries, strict=True)):
            last = [ended.get(number * self._n + i) for i in range(self._n)]
            actions[place] = self._best(len(histories[place].actions), group, last)
        self._branches.free(flat)
        return [action for action in actions.values() if action is not None]

    def _best(
        self, start: int, tries: Sequence[History], last: Sequence[Action | None]
    ) -> Action:
        spent = sum(
            (a.usage for one in tries for a in one.actions[start:] if a.usage), Usage()
        )
        spent = sum((a.usage for a in last if a and a.usage), spent)
        whole = [
            one
            for one, end in zip(tries, last, strict=True)
            if len(one.actions) > start and not (end and end.error)
        ]
        if not whole:
            # Every try broke or gave up at once; the first says why.
            return replace(next(end for end in last if end), usage=spent)
        best = max(whole, key=self._scorer)
        return begin(best.actions[start:], spent)


class TreeSearch:
    """Search the tree of an episode's continuations, level by level.

    Each level extends every state that is kept by several of the policy's actions, and
    keeps the best of the states that come out. Equal states, as their snapshots tell,
    are kept once. The search ends with the first solution, or where nothing is left.

    Args:
        policy: Proposes the actions; it must draw, or it proposes one.
        width: How many states a level keeps.
        expand: How often the policy is asked in each of them.
        scorer: Judges states, unfinished ones included.
        depth: How many levels a search has; None goes on to the ends of the episodes.
            A plan that ends before the episode is followed by another search.
    """

    def __init__(
        self,
        policy: Policy,
        width: int = 4,
        expand: int = 4,
        *,
        scorer: Scorer = by_outcome,
        depth: int | None = None,
    ) -> None:
        if min(width, expand, depth or 1) < 1:
            raise BadOption("width, expand and depth must be at least 1")
        self._policy, self._width, self._expand = policy, width, expand
        self._scorer, self._depth = scorer, depth
        self._branches = Branches()

    def act(self, histories: Sequence[History]) -> list[Action]:
        """Follow each episode's plan, or search for one."""
        actions = {place: follow(one) for place, one in enumerate(histories)}
        searches = {
            place: _Search(histories[place], [histories[place]])
            for place, action in actions.items()
            if action is None
        }
        level = 0
        while going := [one for one in searches.values() if one.beam]:
            level += 1
            self._extend(going, level)
            for one in going:
                if one.solved or level == self._depth:
                    one.leave(one.beam)
        for place, one in searches.items():
            actions[place] = one.action(self._scorer)
            self._branches.free(one.mine)
        return [action for action in actions.values() if action is not None]

    def _extend(self, searches: Sequence[_Search], level: int) -> None:
        """Extend all states of all searches, with one call of the policy."""
        children = [
            (one, self._branches.fork(state, level * self._expand + number))
            for one in searches
            for state in one.beam
            for number in range(self._expand)
        ]
        actions = self._policy.act([child for _, child in children])
        for one in searches:
            one.outgrown = one.beam
            one.beam = []
        for (one, child), action in zip(children, actions, strict=True):
            one.grow(child, action)
        for one in searches:
            one.prune(self._width, self._scorer)
            self._branches.free(one.dropped)
            one.dropped = []


@dataclass(slots=True)
class _Search:
    """The search of one episode."""

    root: History
    beam: list[History]
    """The unfinished states that are extended next."""
    outgrown: list[History]
    """Those of the level before."""
    done: list[History]
    """Finished ones, and those that are left as they are."""
    dropped: list[History]
    """Copies that are not needed any more."""
    spent: Usage
    end: Action | None
    """The first action by which the policy gave up or crashed."""

    def __init__(self, root: History, beam: list[History]) -> None:
        self.root, self.beam = root, beam
        self.outgrown, self.done, self.dropped = [], [], []
        self.spent, self.end = Usage(), None

    @property
    def mine(self) -> list[History]:
        """All copies that are still in use."""
        return [*self.beam, *self.done]

    @property
    def solved(self) -> bool:
        return any(state.infos[-1]["success"] for state in self.done)

    def grow(self, child: History, action: Action) -> None:
        self.spent += action.usage or Usage()
        if action.stop or action.error:
            self.end = self.end or action
            self.dropped.append(child)
            return
        advance(child, action)
        (self.done if child.is_over else self.beam).append(child)

    def prune(self, width: int, scorer: Scorer) -> None:
        """Keep the best states, each once; the ones before are not needed any more."""
        ranked = sorted(self.beam, key=scorer, reverse=True)
        kept: dict[bytes, History] = {}
        for state in ranked:
            kept.setdefault(state.agent.snapshot(), state)
        self.beam = list(kept.values())[:width]
        if not (self.beam or self.done or self.outgrown[0] is self.root):
            # The policy goes no further: what is reached is all there is.
            self.done = self.outgrown
        else:
            self.dropped += [one for one in self.outgrown if one is not self.root]
        in_use = {id(state) for state in self.beam}
        self.dropped += [state for state in ranked if id(state) not in in_use]

    def leave(self, states: list[History]) -> None:
        """End the search here."""
        self.done += states
        self.beam = []

    def action(self, scorer: Scorer) -> Action:
        if not self.done:
            assert self.end is not None
            return replace(self.end, usage=self.spent)
        best = max(self.done, key=scorer)
        return begin(best.actions[len(self.root.actions) :], self.spent)


def begin(path: Sequence[Action], spent: Usage) -> Action:
    """Make the first action of a path, with the rest as its plan and all it cost."""
    first, *rest = (replace(action, usage=None) for action in path)
    return replace(first, plan=tuple(rest), usage=spent)


def follow(history: History) -> Action | None:
    """The next action of an episode's plan; None if there is none."""
    if not history.actions or not history.actions[-1].plan:
        return None
    first, *rest = history.actions[-1].plan
    return replace(first, plan=tuple(rest))
