"""How much better each token was than what was to be expected.

An episode's reward is put on the last token that the agent wrote for the step that
earned it. Tokens that the agent read have no reward, no value and no advantage, and
no time passes while it reads.

| Kind | Source |
|---|---|
| `grpo` | Shao et al., arXiv 2402.03300 |
| `dr_grpo` | Liu et al., arXiv 2503.20783 |
| `rloo` | Ahmadian et al., arXiv 2402.14740 |
| `loop` | Chen et al., arXiv 2502.01600 |
| `reinforce++` | Hu, arXiv 2501.03262 |
| `gae` (PPO) | Schulman et al., arXiv 1506.02438, 1707.06347 |
"""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Sequence
from typing import Literal

from agentgym_policies.tokens import READ

Kind = Literal["grpo", "dr_grpo", "rloo", "loop", "reinforce++", "gae"]
KINDS = ("grpo", "dr_grpo", "rloo", "loop", "reinforce++", "gae")
OF_GROUPS = ("grpo", "dr_grpo", "rloo", "loop")  # these compare episodes of one item
TINY = 1e-6


def of_groups(
    kind: Kind, rewards: Sequence[float], groups: Sequence[Hashable]
) -> list[float]:
    """The advantage of each episode over the others of its group.

    A group's deviation is that of a sample (divided by n - 1), as in TRL and verl. An
    episode that is alone in its group has no advantage.

    >>> of_groups("rloo", [1.0, 0.0, 0.5], "aaa")
    [0.75, -0.75, 0.0]
    >>> of_groups("dr_grpo", [1.0, 0.0, 0.5], "aaa")
    [0.5, -0.5, 0.0]

    Args:
        kind: One of `OF_GROUPS`.
        rewards: One per episode.
        groups: What tells which episodes are of the same item, one per episode.
    """
    members: dict[Hashable, list[float]] = {}
    for reward, group in zip(rewards, groups, strict=True):
        members.setdefault(group, []).append(reward)
    return [
        _of_one(kind, reward, members[group])
        for reward, group in zip(rewards, groups, strict=True)
    ]


def _of_one(kind: Kind, reward: float, group: Sequence[float]) -> float:
    if len(group) < 2:
        return 0.0
    mean = statistics.fmean(group)
    if kind in ("rloo", "loop"):
        # The mean of the others, without going through them again for each.
        return (reward - mean) * len(group) / (len(group) - 1)
    if kind == "dr_grpo":
        return reward - mean
    return (reward - mean) / (statistics.stdev(group) + TINY)


def last_tokens(steps: Sequence[int]) -> dict[int, int]:
    """The place of the last token that the agent wrote for each step.

    >>> last_tokens([-1, -1, 0, 0, -1, 1])
    {0: 3, 1: 5}
    """
    return {step: place for place, step in enumerate(steps) if step != READ}


def token_rewards(steps: Sequence[int], rewards: Sequence[float]) -> list[float]:
    """Put the reward of each step on the last token that the agent wrote for it.

    >>> token_rewards([-1, 0, 0, -1, 1], [0.5, 1.0])
    [0.0, 0.0, 0.5, 0.0, 1.0]

    Args:
        steps: The step of each token, `READ` for what was read.
        rewards: One per step.
    """
    placed = [0.0] * len(steps)
    for step, place in last_tokens(steps).items():
        placed[place] = rewards[step]
    return placed


def returns(
    steps: Sequence[int],
    rewards: Sequence[float],
    discount: float = 1.0,
    *,
    later: float = 0.0,
) -> list[float]:
    """The discounted sum of rewards from each written token on; 0 where it read.

    >>> returns([-1, 0, 0, -1, 1], [0.0, 1.0], discount=0.5)
    [0.0, 0.25, 0.5, 0.0, 1.0]

    Args:
        steps: The step of each token, `READ` for what was read.
        rewards: One per step.
        discount: The discount of a token.
        later: The return of the episode's next token, where it goes on elsewhere.
    """
    found = [0.0] * len(steps)
    to_go = later
    for place, reward in reversed([*enumerate(token_rewards(steps, rewards))]):
        if steps[place] != READ:
            found[place] = to_go = reward + discount * to_go
    return found


def gae(
    steps: Sequence[int],
    rewards: Sequence[float],
    values: Sequence[float],
    *,
    last: float = 0.0,
    later: float = 0.0,
    discount: float = 1.0,
    decay: float = 1.0,
) -> tuple[list[float], list[float]]:
    """Generalised advantage estimation over the tokens that the agent wrote.

    Args:
        steps: The step of each token, `READ` for what was read.
        rewards: One per step.
        values: What was expected before each token; those of read tokens are ignored.
        last: What is expected after the end: 0 where the episode has ended, the value
            of its last observation where it was only cut, and of the next token where
            it goes on elsewhere.
        later: The advantage of that next token.
        discount: The discount of a token.
        decay: The weight of later errors.

    Returns:
        The advantages, and the returns that values are to learn; 0 where it read.
    """
    advantages, targets = [0.0] * len(steps), [0.0] * len(steps)
    following, carried = last, later
    for place, reward in reversed([*enumerate(token_rewards(steps, rewards))]):
        if steps[place] == READ:
            continue
        error = reward + discount * following - values[place]
        carried = error + discount * decay * carried
        advantages[place] = carried
        targets[place] = carried + values[place]
        following = values[place]
    return advantages, targets


def whitened(
    advantages: Sequence[Sequence[float]], masks: Sequence[Sequence[int]]
) -> list[list[float]]:
    """Shift and scale the advantages of all written tokens to mean 0, deviation 1.

    >>> whitened([[3.0, 0.0, 1.0]], [[1, 0, 1]])
    [[0.9999990000010001, 0.0, -0.9999990000010001]]
    """
    written = [
        advantage
        for row, mask in zip(advantages, masks, strict=True)
        for advantage, counts in zip(row, mask, strict=True)
        if counts
    ]
    if not written:
        return [[0.0] * len(row) for row in advantages]
    mean, spread = statistics.fmean(written), statistics.pstdev(written) + TINY
    return [
        [(a - mean) / spread if counts else 0.0 for a, counts in zip(r, m, strict=True)]
        for r, m in zip(advantages, masks, strict=True)
    ]
