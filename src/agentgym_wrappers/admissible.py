"""`AdmissibleActions`: choose by number among the actions that do something."""

from __future__ import annotations

import operator
from typing import Any, Literal

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.utils import RecordConstructorArgs
from numpy.typing import NDArray

from agentgym_envs import MalformedReply
from agentgym_envs.errors import BadOption
from agentgym_wrappers.base import AgentWrapper, admissible, check_list
from agentgym_wrappers.reply import note_action

_ORDER = 0x6F72646572  # keeps the generator of the order apart from the game's


class AdmissibleActions(AgentWrapper[Any, Any]):
    """Take the index of an admissible action, for agents that choose by number.

    Infos tell the texts behind the numbers (``admissible_actions``) and which
    numbers there are (``action_mask``, int8). An index without one is an invalid
    action. After ``env.unwrapped.restore(...)`` call `refresh`: the list is kept here.

    >>> import agentgym_envs, gymnasium
    >>> env = gymnasium.make("agentgym/Maze-v0", parity=True)
    >>> env = AdmissibleActions(env, max_actions=4)
    >>> _, info = env.reset(options={"item": 2})
    >>> info["admissible_actions"], info["action_mask"].tolist()
    (['move left', 'move right', 'move down'], [1, 1, 1, 0])

    Args:
        env: The environment.
        max_actions: Size of the action space.
        overflow: Whether to ``"truncate"`` a longer list or ``"raise"``.
        shuffle: Whether to mix each list, in an order that the seed fixes.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        max_actions: int,
        overflow: Literal["truncate", "raise"] = "truncate",
        shuffle: bool = False,
    ) -> None:
        if overflow not in ("truncate", "raise"):
            raise BadOption(f"overflow must be truncate or raise, not {overflow!r}")
        RecordConstructorArgs.__init__(
            self, max_actions=max_actions, overflow=overflow, shuffle=shuffle
        )
        super().__init__(env)
        check_list(self.agent_env)
        self.action_space = Discrete(max_actions)
        self._size, self._overflow, self._shuffle = max_actions, overflow, shuffle
        self._generator: np.random.Generator | None = None
        self._actions: list[str] = []

    def action_masks(self) -> NDArray[np.bool_]:
        """Tell for each number whether it stands for an action."""
        return np.arange(self._size) < len(self._actions)

    def refresh(self) -> dict[str, Any]:
        """List the actions anew; give the info keys that tell of them."""
        actions = admissible(self.agent_env)
        if self._generator is not None:
            order = self._generator.permutation(len(actions))
            actions = [actions[i] for i in order]
        if len(actions) > self._size and self._overflow == "raise":
            raise BadOption(f"{len(actions)} actions; max_actions is {self._size}")
        self._actions = actions[: self._size]
        mask = self.action_masks().astype(np.int8)
        return {"admissible_actions": list(self._actions), "action_mask": mask}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Pass the reset on, and list the first actions."""
        observation, info = self.env.reset(seed=seed, options=options)
        if self._shuffle and (seed is not None or self._generator is None):
            # The game's own generator stays untouched, so that items don't change.
            own = self.agent_env.np_random_seed
            self._generator = np.random.default_rng([abs(own or 0), _ORDER])
        return observation, info | self.refresh()

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Do the action with this number."""
        index, count = operator.index(action), len(self._actions)
        if 0 <= index < count:
            text = self._actions[index]
        else:
            reason = f"There is no action {index}; {count} are admissible."
            text = MalformedReply(str(index), reason)
        result = note_action(self.env.step(text), text)
        result[-1].update(self.refresh())
        return result
