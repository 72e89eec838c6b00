"""`ByteTokens`: the text as the numbers of its bytes."""

from __future__ import annotations

from typing import Any, Literal

import gymnasium
import numpy as np
from gymnasium.spaces import Box
from gymnasium.utils import RecordConstructorArgs
from numpy.typing import NDArray

from agentgym_envs.errors import BadOption
from agentgym_wrappers.encoded import EncodedObservation

PAD = 256


class ByteTokens(EncodedObservation):
    """Give the text as its UTF-8 bytes, padded or cut to one length.

    >>> import agentgym_envs, gymnasium
    >>> env = ByteTokens(gymnasium.make("agentgym/Wordle-v0"), length=24)
    >>> env.reset()[0].tolist()[:9]  # five of padding, then "Let'"
    [256, 256, 256, 256, 256, 76, 101, 116, 39]

    Args:
        env: The environment.
        length: Length of the array.
        side: Where to pad short texts and cut long ones. ``"left"`` keeps the tail,
            which is what is new in a text that tells the past.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        length: int,
        side: Literal["left", "right"] = "left",
    ) -> None:
        if length < 1:
            raise BadOption(f"length must be positive, not {length!r}")
        if side not in ("left", "right"):
            raise BadOption(f"side must be left or right, not {side!r}")
        RecordConstructorArgs.__init__(self, length=length, side=side)
        super().__init__(env)
        self._length = length
        self._side = side
        self.observation_space = Box(0, PAD, (length,), np.int16)

    def encode(self, text: str) -> NDArray[np.int16]:
        """Make a new array of a text."""
        tokens = np.full(self._length, PAD, dtype=np.int16)
        data = text.encode("utf-8", "surrogatepass")
        if self._side == "left":
            data = data[-self._length :]
            tokens[self._length - len(data) :] = np.frombuffer(data, dtype=np.uint8)
        else:
            data = data[: self._length]
            tokens[: len(data)] = np.frombuffer(data, dtype=np.uint8)
        return tokens
