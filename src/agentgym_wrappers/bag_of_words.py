"""`HashedBagOfWords`: the text as counts of its words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from zlib import crc32

import gymnasium
import numpy as np
from gymnasium.spaces import Box
from gymnasium.utils import RecordConstructorArgs
from numpy.typing import NDArray

from agentgym_envs.errors import BadOption
from agentgym_wrappers.encoded import EncodedObservation
from agentgym_wrappers.texts import longest

_WORD = re.compile(r"\w+|[^\w\s]")
_CACHED = 2**16  # words; more than any game has, and a bound for hostile texts


class HashedBagOfWords(EncodedObservation):
    """Count the words of the text, each in the place that its hash gives.

    Case does not matter, and a punctuation mark is a word. The hash is CRC-32, the
    same on every machine.

    >>> import agentgym_envs, gymnasium
    >>> env = HashedBagOfWords(gymnasium.make("agentgym/Wordle-v0"), dim=8)
    >>> env.reset()[0]  # Let ' s start Wordle !
    array([0., 2., 0., 2., 0., 0., 1., 1.], dtype=float32)

    Args:
        env: The environment.
        dim: Length of the array.
        ngrams: Up to how many neighbouring words are counted together; 2 tells
            ``red ball`` and ``blue key`` from ``red key`` and ``blue ball``.
    """

    def __init__(self, env: gymnasium.Env[Any, Any], dim: int, ngrams: int = 1) -> None:
        if dim < 1 or ngrams < 1:
            raise BadOption("dim and ngrams must be positive")
        RecordConstructorArgs.__init__(self, dim=dim, ngrams=ngrams)
        super().__init__(env)
        self._dim = dim
        self._ngrams = ngrams
        # Lower case can be longer than upper case, but never twice as long.
        most = 2.0 * ngrams * longest(env)
        self.observation_space = Box(0.0, most, (dim,), np.float32)

    def encode(self, text: str) -> NDArray[np.float32]:
        """Make a new array of a text."""
        words = _WORD.findall(text.lower())
        places = [_hash(word) for word in words]
        for size in range(2, self._ngrams + 1):
            runs = zip(*(words[start:] for start in range(size)), strict=False)
            places += [_hash(" ".join(run)) for run in runs]
        counted = np.bincount(
            np.array(places, dtype=np.int64) % self._dim, minlength=self._dim
        )
        return counted.astype(np.float32)


@lru_cache(_CACHED)
def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))
