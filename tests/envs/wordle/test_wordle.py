from __future__ import annotations

import random

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgym_envs.errors import ResetNeeded
from agentgym_envs.wordle import engine, expert, original
from agentgym_envs.wordle.engine import State
from agentgym_envs.wordle.env import WordleEnv
from agentgym_envs.wordle.tasks import ordered_secrets

words = st.sampled_from(engine.secrets())
original_words = st.sampled_from(original.WORDS)

FIRST_SECRETS = ("yoked", "heard", "creak")
LAST_SECRETS = ("peeve", "grade", "fated")


def play(secret, *actions):
    """Play the real game; give the outcomes."""
    state = State()
    return [engine.guess(secret, state, action) for action in actions]


# The real game


@pytest.mark.parametrize(
    ("guess", "secret", "marks"),
    [
        ("crane", "crane", "g g g g g"),
        ("light", "moist", "b y b b g"),
        ("llama", "hello", "y y b b b"),
        ("hello", "llama", "b b y y b"),
        ("eerie", "there", "y b y b g"),
        ("geese", "elder", "b y y b b"),
        ("speed", "abide", "b b y b y"),
        ("mamma", "maxim", "g g y b b"),
        ("allow", "lolly", "b y g y b"),
    ],
)
def test_surplus_letters_are_marked_absent(guess, secret, marks):
    assert engine.feedback(guess, secret) == marks


@given(words, words)
def test_feedback_counts_each_letter_as_often_as_the_secret_has_it(guess, secret):
    marks = engine.feedback(guess, secret).split()
    for i, mark in enumerate(marks):
        assert (mark == "g") == (guess[i] == secret[i])
    for letter in set(guess):
        found = sum(m != "b" for m, c in zip(marks, guess, strict=True) if c == letter)
        assert found == min(guess.count(letter), secret.count(letter))


def test_a_game_is_won_with_the_word():
    lost, won = play("crane", "slate", " C r A n E \n")
    assert lost == ("b b g b g\n", 0.0, False, False, False, None, "", False)
    assert (won.text, won.reward, won.done, won.success) == (
        "g g g g g\n",
        1.0,
        True,
        True,
    )


def test_a_game_is_lost_at_the_sixth_attempt_and_names_the_word():
    outcomes = play("crane", *["slate"] * 5, "xxxxx")
    assert [outcome.done for outcome in outcomes] == [False] * 5 + [True]
    assert outcomes[-1].text == (
        "invalid word: 'xxxxx' is not in the word list\n"
        "You have no guesses left. The word was 'crane'.\n"
    )
    assert not outcomes[-1].success


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("", "a guess has 5 letters, this has 0"),
        ("cranes", "a guess has 5 letters, this has 6"),
        ("cr4ne", "only the letters a to z"),
        ("crâne", "only the letters a to z"),
        ("zzzzz", "'zzzzz' is not in the word list"),
    ],
)
def test_an_invalid_word_is_told_why_and_uses_up_an_attempt(action, why):
    state = State()
    outcome = engine.guess("crane", state, action)
    assert why in outcome.text
    assert outcome.invalid
    assert (state.attempts, state.guesses) == (1, [])


def test_the_word_lists_are_what_the_docs_say():
    secrets, accepted = engine.secrets(), engine.accepted()
    assert len(secrets) >= 2000
    assert len(accepted) > 2 * len(secrets)
    assert set(original.WORDS) <= set(secrets) <= accepted.keys()
    assert list(secrets) == sorted(set(secrets))
    assert all(len(w) == 5 and w.isascii() and w.islower() for w in accepted)


def test_items_are_the_same_for_ever():
    assert ordered_secrets()[:3] == FIRST_SECRETS
    assert ordered_secrets()[-3:] == LAST_SECRETS


def test_the_expert_finds_every_secret_of_the_test_split_by_reasoning():
    lengths = []
    for secret in ordered_secrets()[-400:]:
        state = State()
        while not (outcome := engine.guess(secret, state, think(secret, state))).done:
            pass
        assert outcome.success, secret
        lengths.append(state.attempts)
    assert sum(lengths) / len(lengths) < 4


def think(secret, state):
    """What the expert says without ever looking at the secret."""
    history = tuple((word, engine.feedback(word, secret)) for word in state.guesses)
    return expert._most_telling(history)


@pytest.mark.slow
def test_the_expert_finds_every_secret_by_reasoning():
    needed = {}
    for secret in engine.secrets():
        state = State()
        while not (outcome := engine.guess(secret, state, think(secret, state))).done:
            pass
        needed.setdefault(state.attempts if outcome.success else "lost", []).append(
            secret
        )
    print({attempts: len(found) for attempts, found in needed.items()})
    assert "lost" not in needed


def test_the_expert_wins_from_any_unlucky_state():
    env = gymnasium.make("agentgym/Wordle-v0")
    draw = random.Random(0)
    for _ in range(40):
        env.reset(seed=draw.getrandbits(30))
        for _ in range(draw.randrange(6)):
            env.step(draw.choice(["zzzzz", draw.choice(engine.secrets())]))
        while not env.unwrapped.is_over:
            *_, info = env.step(env.unwrapped.expert_action())
        assert info["success"]


@given(st.lists(st.tuples(words, words), min_size=1, max_size=20))
def test_the_experts_table_agrees_with_the_rules(pairs):
    table, numbers = expert._patterns(), {w: i for i, w in enumerate(engine.secrets())}
    for guess, secret in pairs:
        marks = engine.feedback(guess, secret).split()
        value = sum("byg".index(mark) * 3**i for i, mark in enumerate(marks))
        assert table[numbers[guess], numbers[secret]] == value


# The original, against its rules written out letter by letter

POSSIBLE, NOT, HERE = range(3)


class LetterRecords:
    """The original's game as its rules are told: five slots for each letter."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.records = {chr(97 + i): [POSSIBLE] * 5 for i in range(26)}
        self.candidates = list(original.WORDS)
        self.history = []
        self.attempts = 0

    def fits(self, word):
        for letter, slots in self.records.items():
            if all(slot == POSSIBLE for slot in slots):
                continue
            if all(slot == NOT for slot in slots):
                if letter in word:
                    return False
                continue
            if letter not in word:
                return False
            for slot, found in zip(slots, word, strict=True):
                if slot != POSSIBLE and (slot == HERE) != (found == letter):
                    return False
        return True

    def step(self, action):
        word = action.strip().replace(" ", "")
        self.attempts += 1
        if word not in original.WORDS:
            return "invalid word", 0.0, self.attempts == 6
        secret = self.random.choice(self.candidates)
        for i, letter in enumerate(word):
            if secret[i] == letter:
                self.records[letter][i] = HERE
            elif letter in secret:
                self.records[letter][i] = NOT
            else:
                self.records[letter] = [NOT] * 5
        self.candidates = [w for w in original.WORDS if self.fits(w)]
        self.history.append(word)
        told = []
        for i, letter in enumerate(word):
            slots = self.records[letter]
            if slots[i] == HERE:
                told.append("g")
            elif all(slot == NOT for slot in slots):
                told.append("b")
            elif slots[i] == NOT:
                told.append("y")
        solved = len(self.candidates) == 1 and self.candidates[0] in self.history
        return " ".join(told) + "\n", float(solved), solved or self.attempts == 6


@given(
    st.integers(-(10**6), 10**6),
    st.lists(
        original_words
        | st.sampled_from([" p a n i c\n", "PANIC", "crane", "", "panics"])
        | st.text(max_size=6),
        min_size=6,
        max_size=6,
    ),
)
def test_the_original_is_matched_step_by_step(seed, actions):
    env = gymnasium.make("agentgym/Wordle-v0", parity=True)
    assert env.reset(options={"item": seed})[0] == "Let's start Wordle!"
    reference = LetterRecords(seed)
    for action in actions:
        text, reward, done, _, info = env.step(action)
        assert (text, reward, done) == reference.step(action)
        assert info["success"] == (reward == 1.0)
        if done:
            with pytest.raises(ResetNeeded):
                env.step(action)
            break


def test_a_thousand_games_of_the_original_equal_the_letter_records():
    draw = random.Random(1)
    for seed in range(1000):
        game, state, reference = original.fresh(seed), State(), LetterRecords(seed)
        done = False
        while not done:
            word = draw.choice(original.WORDS)
            outcome = original.guess(game, state, word)
            done = outcome.done
            assert (outcome.text, outcome.reward, done) == reference.step(word)
            left = [original.WORDS[i] for i in original.bits(game.candidates)]
            assert left == reference.candidates


def test_the_originals_surplus_letters_are_marked_present():
    assert original.marks("skill", "light") == "b b y y y"
    assert original.marks("knoll", "skill") == "y b b g g"


def test_guessing_right_before_the_last_candidate_counts_later():
    # In a game whose first guess is the later secret without pinning it, naming any
    # word that leaves that candidate alone solves the game.
    state = State(["panic"], 1)
    game = original.Game(random.Random(0), 1 << original.INDEX["panic"])
    outcome = original.guess(game, state, "solar")
    assert (outcome.success, outcome.done, outcome.reward) == (True, True, 1.0)


def test_the_expert_solves_the_original_in_few_guesses():
    env = gymnasium.make("agentgym/Wordle-v0", parity=True)
    counts = []
    for seed in range(1000):
        env.reset(options={"item": seed})
        while not env.unwrapped.is_over:
            *_, info = env.step(env.unwrapped.expert_action())
        assert info["success"]
        counts.append(info["steps"])
    assert max(counts) <= 4
    assert sum(counts) / 1000 < 2.5


def test_the_expert_wins_the_original_with_its_last_guess():
    env = gymnasium.make("agentgym/Wordle-v0", parity=True)
    for seed in range(50):
        env.reset(options={"item": seed})
        for _ in range(5):
            env.step("wrong")
        *_, info = env.step(env.unwrapped.expert_action())
        assert info["success"]


def test_the_originals_vocabulary_is_told_to_the_player():
    env = gymnasium.make("agentgym/Wordle-v0", parity=True)
    assert env.unwrapped.instructions.endswith("\n".join(original.WORDS))
    assert len(original.WORDS) == 40


def test_the_board_is_drawn_with_its_marks():
    env = gymnasium.make("agentgym/Wordle-v0", render_mode="ansi")
    env.reset(options={"item": 0})
    env.step("slate")
    board = env.render().splitlines()
    assert board[0].startswith("S L A T E   ")
    assert board[1:] == ["_ _ _ _ _"] * 5
    parity = gymnasium.make("agentgym/Wordle-v0", parity=True, render_mode="ansi")
    parity.reset(options={"item": 0})
    text, *_ = parity.step("panic")
    assert parity.render().splitlines()[0] == f"P A N I C   {text.strip()}"


def test_the_candidates_are_the_words_that_fit_all_feedback():
    env = WordleEnv()
    assert env.candidates() == list(engine.secrets())
    env.reset(options={"item": 3})
    secret = ordered_secrets()[3]
    for guess in ("crane", "moist"):
        env.step(guess)
    left = env.candidates()
    assert secret in left
    assert left == [
        word
        for word in engine.secrets()
        if all(
            engine.feedback(guess, word) == engine.feedback(guess, secret)
            for guess in ("crane", "moist")
        )
    ]


def test_the_original_tells_its_candidates_in_its_order():
    env = WordleEnv(parity=True)
    assert env.candidates() == list(original.WORDS)
    env.reset(options={"item": 3})
    assert env.candidates() == list(original.WORDS)
    assert env.step("panic")[0] == "b b y b b\n"
    assert env.candidates() == ["knoll", "mount", "wrung", "thorn"]
