"""Teach a small network to follow instructions in BabyAI, with MaskablePPO.

    pip install "agentgym-envs[examples]"
    python examples/maskable_ppo_babyai.py

The task: "pick up the blue object", in a room of five objects; picking up a wrong
one ends the episode as a failure. Which actions there are changes at every step
(`pickup blue box 1`, `go to grey key 1`, ...), and so does the meaning of the number
that the agent picks. So the network reads what is offered: `ReadableActions` turns
the goal, the observation and each admissible action into a bag of words, and one
small scorer, shared by all actions, gives each its logit. It is evaluated on test
items that it was never trained on.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import torch
from gymnasium.spaces import Box
from numpy.typing import NDArray
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv
from torch import Tensor, nn

from agentgym_wrappers import AdmissibleActions, HashedBagOfWords

TASK = "PickupDistDebug"
MAX_ACTIONS = 24  # more than any state of the task offers
WORDS = 128  # places that words are hashed to


class ReadableActions(gymnasium.Wrapper[NDArray[np.float32], int, Any, int]):
    """Observe bags of words: the goal's, the text's, and one per offered action.

    Goes around `AdmissibleActions`, which goes around `HashedBagOfWords`.
    """

    def __init__(self, env: gymnasium.Env[Any, int]) -> None:
        super().__init__(env)
        self._encode = lru_cache(10_000)(env.get_wrapper_attr("encode"))
        rows = 2 + env.action_space.n
        self.observation_space = Box(0, 1, (rows, WORDS), np.float32)

    def reset(self, **kwargs: Any) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Begin an episode."""
        bag, info = self.env.reset(**kwargs)
        return self._read(bag, info), info

    def step(
        self, action: int
    ) -> tuple[NDArray[np.float32], Any, bool, bool, dict[str, Any]]:
        """Do the action with this number."""
        bag, reward, terminated, truncated, info = self.env.step(action)
        return self._read(bag, info), reward, terminated, truncated, info

    def _read(
        self, bag: NDArray[np.float32], info: dict[str, Any]
    ) -> NDArray[np.float32]:
        offered = [self._encode(action) for action in info["admissible_actions"]]
        rows = [self._encode(self.unwrapped.goal), bag, *offered]
        bags = np.zeros(self.observation_space.shape, dtype=np.float32)
        bags[: len(rows)] = rows
        return np.minimum(bags, 1)


class Scorer(nn.Module):
    """Give each offered action a logit, and the state a value.

    Takes the place of Stable-Baselines3's ``mlp_extractor``.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.latent_dim_pi, self.latent_dim_vf = MAX_ACTIONS, width
        self.state = nn.Linear(2 * WORDS, width)
        self.action = nn.Linear(WORDS, width)
        # Words that goal and action share say most; the product shows them at once.
        self.shared = nn.Linear(WORDS, width, bias=False)
        self.score = nn.Sequential(nn.Tanh(), nn.Linear(width, 1))
        self.value = nn.Sequential(
            nn.Linear(2 * WORDS, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh()
        )

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Give logits and the features of the value."""
        return self.forward_actor(features), self.forward_critic(features)

    def forward_actor(self, features: Tensor) -> Tensor:
        """Score each offered action with the same weights."""
        bags = features.unflatten(-1, (2 + MAX_ACTIONS, WORDS))
        goal, actions = bags[..., :1, :], bags[..., 2:, :]
        state = self.state(bags[..., :2, :].flatten(-2)).unsqueeze(-2)
        hidden = state + self.action(actions) + self.shared(goal * actions)
        return self.score(hidden).squeeze(-1)

    def forward_critic(self, features: Tensor) -> Tensor:
        """Give the features that the value is read from."""
        return self.value(features[..., : 2 * WORDS])


class ReadingPolicy(MaskableActorCriticPolicy):
    """A policy whose logits come from `Scorer` alone."""

    def _build_mlp_extractor(self) -> None:
        self.mlp_extractor = Scorer()

    def _build(self, lr_schedule: Any) -> None:
        super()._build(lr_schedule)
        self.action_net = nn.Identity()  # the scores are logits already


def make(task: str, split: str) -> gymnasium.Env[NDArray[np.float32], int]:
    """Make one environment for Stable-Baselines3."""
    env = gymnasium.make(f"agentgym/BabyAI.{task}-v0", split=split)
    return ReadableActions(AdmissibleActions(HashedBagOfWords(env, WORDS), MAX_ACTIONS))


def success_rate(model: MaskablePPO | None, task: str, *, times: int = 4) -> float:
    """Play every test item some times; without a model, choose at random."""
    env = make(task, "test")
    rng = np.random.default_rng(0)
    won = []
    for item in env.unwrapped.tasks:
        for _ in range(times):
            seen, info = env.reset(options={"item": item.id})
            over = False
            while not over:
                mask = env.get_wrapper_attr("action_masks")()
                if model is None:
                    action = rng.choice(np.flatnonzero(mask))
                else:
                    action, _ = model.predict(seen, action_masks=mask)
                seen, _, terminated, truncated, info = env.step(int(action))
                over = terminated or truncated
            won.append(info["success"])
    return float(np.mean(won))


class Curve(BaseCallback):
    """Note the share of won training episodes after each rollout."""

    def __init__(self) -> None:
        super().__init__()
        self.points: list[tuple[int, float]] = []
        self._won: list[bool] = []

    def _on_step(self) -> bool:
        for done, info in zip(self.locals["dones"], self.locals["infos"], strict=True):
            if done:
                self._won.append(info["success"])
        return True

    def _on_rollout_end(self) -> None:
        if self._won:
            self.points.append((self.num_timesteps, float(np.mean(self._won))))
            if len(self.points) % 10 == 1:
                print(f"{self.points[-1][0]:>9,} steps  {self.points[-1][1]:6.1%}")
        self._won = []


def train(
    task: str = TASK, *, steps: int, seed: int = 0, envs: int = 16
) -> tuple[MaskablePPO, Curve]:
    """Train on the training items."""
    # Layers this small lose more by sharing the work than they gain.
    torch.set_num_threads(1)
    vector = DummyVecEnv([lambda: Monitor(make(task, "train"))] * envs)
    model = MaskablePPO(
        ReadingPolicy,
        vector,
        n_steps=128,
        batch_size=512,
        n_epochs=4,
        learning_rate=1e-3,
        gamma=0.97,
        ent_coef=0.01,
        seed=seed,
        device="cpu",
    )
    curve = Curve()
    model.learn(steps, callback=curve)
    return model, curve


def draw(points: Sequence[tuple[int, float]], path: Path) -> None:
    """Save the learning curve, if matplotlib is installed."""
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError:
        return
    figure, axes = plt.subplots()
    axes.plot(*zip(*points, strict=True))
    axes.set(xlabel="steps", ylabel="won training episodes", ylim=(0, 1))
    figure.savefig(path)
    print(f"learning curve: {path}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task", default=TASK, help="a task of BabyAI")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--curve", type=Path, help="where to save a PNG of the curve")
    options = parser.parse_args()
    before = success_rate(None, options.task)
    start = time.perf_counter()
    model, curve = train(options.task, steps=options.steps, seed=options.seed)
    minutes = (time.perf_counter() - start) / 60
    after = success_rate(model, options.task)
    print(f"\n{options.task}: success on held-out test items")
    print(f"  random admissible actions   {before:6.1%}")
    print(f"  after {model.num_timesteps:>9,} steps       {after:6.1%}")
    print(f"  training took {minutes:.1f} minutes")
    if options.curve:
        draw(curve.points, options.curve)


if __name__ == "__main__":
    main()
