"""The Wordle environment."""

from __future__ import annotations

from typing import Any, Unpack

from agentgym_envs.env import AgentEnv, Colour, CommonOptions, in_colour
from agentgym_envs.errors import BadOption
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task, TaskSet
from agentgym_envs.wordle import HORIZON, engine, original, pairs
from agentgym_envs.wordle.engine import ATTEMPTS, LETTERS, WELCOME, State
from agentgym_envs.wordle.expert import best_guess, best_original_guess
from agentgym_envs.wordle.tasks import OriginalTasks, WordleTasks

INSTRUCTIONS = """\
You play Wordle: find a hidden English word of five letters in at most six guesses.

Each action is one guess, a single word of five letters. The answer marks its letters \
in order: g means that the letter is in the word at this place, y that it is in the \
word at another place, b that it is not in the word"""

REAL_NOTE = """\
 (or, for a letter that you used more often than the word has it, not once more).

A guess that is not an English word from the game's list uses up an attempt."""

OPENING_NOTE = """\
 (or, for a letter that you used more often than the word has it, not once more).

The first guess has been made for you. Only the words below count, both as guesses and \
as the hidden word; anything else uses up an attempt.

"""

ORIGINAL_NOTE = """\
.

Only the words below count, both as guesses and as the hidden word; anything else, \
capital letters included, uses up an attempt.

"""

ACTION_SCHEMA = [
    function(
        "guess",
        "Guess the hidden word.",
        "{word}",
        word={"type": "string", "description": "an English word of five letters"},
    )
]


class WordleEnv(AgentEnv):
    """Find a word of five letters in six guesses.

    ## Observations
    `b y b b g`: one mark per letter of the guess, in order. `g`: right letter in its
    place; `y`: in the word, but elsewhere; `b`: not in the word.

    ## Actions
    | Form | Effect |
    |---|---|
    | `panic` | guesses the word; case and spaces do not matter |

    Any other text is an invalid word, which uses up an attempt.

    ## Rewards
    1.0 for the word, else 0.0.

    ## Episode end
    Terminates when the word is found, and as a failure after the sixth attempt.
    Truncates after 8 steps, which the game never reaches.

    ## Data
    2,302 common words as secrets, one per item: 1,902 for training, 400 for testing.
    6,420 words are accepted as guesses. Both lists come from SCOWL (Kevin Atkinson);
    origin and licence lie beside them. `data=PATH` plays the items that published files
    (`wordle_train.json`, `lmrlgym_wordle_test.json` and so on; a folder or one file)
    list; without `parity` their secret is the first one that the original would draw.
    With `opening=True` an item is one of the 1,560 pairs of two of the original's 40
    words: 1,160 for training, 400 for testing.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `opening=False` | `True`: the original's 40 words, and a first guess is made |

    ## Parity
    `parity=True` is AgentGym's server: 40 words, both secrets and guesses; the item
    is a seed, and the secret is drawn anew at each guess among the words that fit all
    feedback; a surplus copy of a letter is marked `y`; capital letters are invalid.
    By default the secret is fixed, surplus copies are marked `b` as in the well-known
    game, an invalid word is told why, and a lost game names the word.

    ## Source
    LMRL-Gym (Abdulhai et al., arXiv 2311.18232), served by AgentGym (Xi et al.,
    arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    family = "Wordle"
    default_horizon = HORIZON
    state_type = State

    _state: State

    def __init__(
        self, *, opening: bool = False, **common: Unpack[CommonOptions]
    ) -> None:
        if opening and (common.get("parity") or common.get("data") is not None):
            raise BadOption("opening=True has items of its own: no parity, no data")
        self._secret = ""
        self._game: original.Game
        self._words = pairs.KNOWN if opening else None
        # Snapshots from before there was this keyword stay good.
        super().__init__(rules={"opening": True} if opening else None, **common)

    def _open_tasks(self) -> TaskSet:
        if self._words is not None:
            return pairs.PairTasks(split=self.split)
        if self.parity or self.data is not None:
            return OriginalTasks(split=self.split, data=self.data)
        return WordleTasks(split=self.split)

    def _begin(self, task: Task) -> str:
        self._state = State()
        if self.parity:
            self._game = original.fresh(task.payload["seed"])
        else:
            self._secret = task.payload["secret"]
        if self._words is not None:
            word = task.payload["opening"]
            return f"{WELCOME}\n{word}\n{self._act(word).text}"
        return WELCOME

    def _act(self, action: str) -> Outcome:
        if self.parity:
            return original.guess(self._game, self._state, action)
        return engine.guess(self._secret, self._state, action, self._words)

    def _resume(self, task: Task, state: State) -> None:
        if not len(state.guesses) <= state.attempts <= ATTEMPTS:
            raise ValueError("a game has six attempts")
        if self.parity:
            self._game = original.replay(task.payload["seed"], state.guesses)
        elif any(word not in self._accepted for word in state.guesses):
            raise ValueError("a guess is not in the word list")
        elif self._words and state.guesses[:1] != [task.payload["opening"]]:
            raise ValueError("the game begins with another guess")
        else:
            self._secret = task.payload["secret"]
        self._state = state

    @property
    def _accepted(self) -> dict[str, None]:
        return engine.accepted() if self._words is None else self._words

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        if self._words is not None:
            return INSTRUCTIONS + OPENING_NOTE + "\n".join(self._words)
        if self.parity:
            return INSTRUCTIONS + ORIGINAL_NOTE + "\n".join(original.WORDS)
        return INSTRUCTIONS + REAL_NOTE

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """One function, ``guess``."""
        return ACTION_SCHEMA

    def candidates(self) -> list[str]:
        """List the words that fit all feedback of this episode so far.

        Before the first reset, that is each word.
        """
        if not self.parity:
            words = engine.secrets() if self._words is None else self._words
            told = self._told() if self._state else []
            return [
                word
                for word in words
                if all(engine.feedback(guess, word) == marks for guess, marks in told)
            ]
        left = self._game.candidates if self._state else original.ALL
        return [original.WORDS[number] for number in original.bits(left)]

    def _admissible_actions(self) -> list[str]:
        return list(original.WORDS if self.parity else self._accepted)

    def _expert_action(self) -> str:
        if self.parity:
            return best_original_guess(self._game, self._state)
        if self._words is not None:
            return pairs.best_guess(self._secret, self._state)
        return best_guess(self._secret, self._state)

    def _ansi(self, *, colour: bool) -> str:
        paint: dict[str, Colour] = {"g": "green", "y": "yellow", "b": "grey"}
        rows = []
        for word, told in self._told():
            if colour:
                pairs = zip(word.upper(), told.split(), strict=True)
                rows.append(" ".join(in_colour(c, paint[mark]) for c, mark in pairs))
            else:
                rows.append(f"{' '.join(word.upper())}   {told}")
        rows += [" ".join("_" * LETTERS)] * (ATTEMPTS - len(rows))
        return "\n".join(rows)

    def _told(self) -> list[tuple[str, str]]:
        """Each guess with its feedback."""
        guesses = self._state.guesses
        if not self.parity:
            return [(word, engine.feedback(word, self._secret)) for word in guesses]
        # Feedback never contradicts later feedback, so any word left explains all.
        left = original.WORDS[self._game.candidates.bit_length() - 1]
        return [(word, original.marks(word, left)) for word in guesses]
