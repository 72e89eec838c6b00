"""The BabyAI environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, cast

import numpy as np
from numpy.typing import NDArray

from agentgym_envs.babyai import HORIZON, NAMES, drawing
from agentgym_envs.babyai.codes import COLOURS
from agentgym_envs.babyai.engine import World
from agentgym_envs.babyai.expert import best_macro
from agentgym_envs.babyai.mission import CONTINUE, FAILURE, SUCCESS
from agentgym_envs.babyai.saving import Saved, load_saved, save
from agentgym_envs.babyai.tasks import FamilyTasks, LevelTask, LevelTasks
from agentgym_envs.babyai.text import CHECK, NO_CHANGE, complaint
from agentgym_envs.env import AgentEnv, CommonOptions
from agentgym_envs.errors import BadOption
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.snapshot import Codec, codec
from agentgym_envs.tasks import Task, TaskSet

INSTRUCTIONS = """\
You control an agent on a grid of rooms and have to carry out one instruction, such \
as "go to the red ball", "open a door on your left", "pick up the key" or "put the \
box next to the door". Instructions can be joined: "A and B" in any order, "A, then \
B" in this order, and "A after you B" means B first. "a" thing means any that fits; \
sides such as "on your left" are meant from where you started.

You see a square of 7 x 7 cells ahead of you, as far as walls and closed doors let \
you. After each step you are told which objects you see and where, counted in steps \
ahead and to the side, whether a wall or box stands ahead, what you carry, and which \
actions are possible now. Objects of the same name are numbered, the nearest first. \
The numbers change when you move.

Your action is exactly one of the actions listed as available. These forms occur:
- turn left, turn right, move forward
- go to <object> <number>: walk up to it and face it
- pickup <object> <number>: walk up to it and take it; you can carry one thing
- drop: put what you carry on the cell in front of you
- go through <colour> open door <number>
- toggle and go through <colour> closed door <number>; with the right key in hand \
also for a locked door, for example "toggle and go through red locked door 1"
- toggle: open or close what is right in front of you
- check available actions

To go to a thing means to stand right before it and face it. A long walk may stop \
early when nothing new comes into view; then repeat the action. The sooner the \
instruction is carried out, the higher is the reward."""

_NUMBER = {"type": "integer", "minimum": 1, "description": "the number in its name"}
_MOVABLE = [f"{colour} {kind}" for colour in COLOURS for kind in ("key", "ball", "box")]
_DOORS = {
    state: [f"{colour} {state} door" for colour in COLOURS]
    for state in ("open", "closed", "locked")
}


def _names(*lists: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [name for names in lists for name in names]}


ACTION_SCHEMA = [
    function(
        "turn",
        "Turn by 90 degrees on the spot.",
        "turn {direction}",
        direction={"type": "string", "enum": ["left", "right"]},
    ),
    function("move_forward", "Take one step ahead.", "move forward"),
    function(
        "go_to",
        "Walk up to an object that you see and face it.",
        "go to {object} {number}",
        object=_names(_MOVABLE, *_DOORS.values()),
        number=_NUMBER,
    ),
    function(
        "pick_up",
        "Walk up to an object that you see and take it.",
        "pickup {object} {number}",
        object=_names(_MOVABLE),
        number=_NUMBER,
    ),
    function("drop", "Put what you carry on the cell in front of you.", "drop"),
    function(
        "go_through",
        "Walk into the doorway of an open door.",
        "go through {door} {number}",
        door=_names(_DOORS["open"]),
        number=_NUMBER,
    ),
    function(
        "toggle_and_go_through",
        "Open a closed door, or a locked one with its key in hand, and enter it.",
        "toggle and go through {door} {number}",
        door=_names(_DOORS["closed"], _DOORS["locked"]),
        number=_NUMBER,
    ),
    function("toggle", "Open or close the door or box right ahead.", "toggle"),
    function("check_available_actions", "List the actions that are possible.", CHECK),
]

DONE = "\n The task is completed."
FAILED = "\n The task has failed."
NO_TIME = "\n The time for this task is over."
ALIAS = "pick up "


@dataclass(slots=True)
class Episode:
    """A world and what the original server keeps about it."""

    world: World
    total: float = 0.0
    """The sum of the rewards, which the original reports as the score."""
    won: bool = False
    """Whether a step has ended with the mission accomplished."""


@dataclass(slots=True)
class SavedEpisode:
    """An `Episode` as plain data."""

    world: Saved
    total: float
    won: bool


_SAVED = codec(SavedEpisode)


class BabyAIEnv(AgentEnv):
    """Follow one instruction in a grid of rooms that is seen in part.

    ## Observations
    Text about the 7 x 7 cells ahead, as far as walls and closed doors allow. `In
    front of you in this room, you can see several objects: There is a grey box 1 3
    steps in front of you and 3 steps to your left. The room has walls around you. You
    are facing a wall 4 steps away. You are not carrying anything.` A last line lists
    the available actions. The first observation begins with the mission.

    ## Actions
    | Form | Effect |
    |---|---|
    | `turn left`, `turn right` | turns on the spot |
    | `move forward` | takes one step |
    | `go to grey box 1` | walks up to it, facing it |
    | `pickup grey box 1` | walks up to it and takes it; also `pick up` |
    | `drop` | puts what is carried on the cell ahead |
    | `go through red open door 1` | walks into the doorway |
    | `toggle and go through red closed door 1` | opens it first; a `locked` one with \
its key in hand |
    | `toggle` | opens or closes the door ahead, opens the box ahead |
    | `check available actions` | lists them |

    Names and numbers are those of the list of available actions. An action is a
    series of low-level actions; it ends early as soon as one changes nothing of what
    is seen.

    ## Rewards
    On success `1 - 0.9 * t / T`, where `t` counts low-level actions and `T` is the
    level's limit, else 0.0. `info["score"]` is that of the episode so far.

    ## Episode end
    Terminates on success, and as a failure where a level forbids wrong objects.
    Truncates after 20 steps (`horizon`) or `T` low-level actions (`max_steps`).

    ## Data
    Generated by Minigrid: 40 levels, seeds 0..999 for training and 1000..1024 for
    testing, and any higher seed on request. Item `N` of the family is seed `N // 40`
    of level `N % 40 + 1`; the items of a single task are its seeds, with the ids of
    the family. `data=PATH` plays the items that published files (`babyai_train.json`,
    `babyai_test.json`; a folder or one file) list. In a few instances of
    GoToImpUnlock the only key lies inside the room that it opens, so they cannot be
    won.

    ## Keywords
    | Keyword | Meaning |
    |---|---|
    | `task=None` | the name of one of the 40 levels; None for all |

    ## Parity
    `parity=True` is AgentGym's server. The mission hides the order of its parts; a
    box or an open door cannot be toggled; an action runs on past success and failure,
    which then may be overlooked; a success worth 0.5 or less does not end the
    episode; a failure is called completed; invalid actions earn the last reward once
    more; the level's limit does not end the episode. Some missions then cannot be
    won. `info["original_score"]` is the running sum of the rewards, which the
    original's client takes for the reward.

    By default nothing of this holds. Besides, a failure of the second part of an
    ordered mission by the very action that completed its first part is forgiven, for
    without that OpenDoorsOrderN4Debug cannot be won.

    ## Source
    BabyAI (Chevalier-Boisvert et al., arXiv 1810.08272) in Minigrid (Farama
    Foundation, Apache-2.0); the text layer is that of AgentBoard (Ma et al., arXiv
    2401.13178), served by AgentGym (Xi et al., arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Env lacks ClassVar
        "render_modes": ["ansi", "human", "rgb_array"],
        "render_fps": 4,
    }
    family = "BabyAI"
    default_horizon = HORIZON

    _codec = Codec(
        lambda state: _SAVED.to_json(
            SavedEpisode(save(state.world), state.total, state.won)
        ),
        _SAVED.from_json,
    )
    _state: Episode

    def __init__(
        self, *, task: str | None = None, **common: Unpack[CommonOptions]
    ) -> None:
        if task is not None and task not in NAMES:
            raise BadOption(f"task must be one of {', '.join(NAMES)}, not {task!r}")
        self._level = 0 if task is None else NAMES.index(task) + 1
        super().__init__(rules={"task": task}, **common)

    def _open_tasks(self) -> TaskSet:
        if self._level:
            return LevelTasks(
                level=self._level, split=self.split, parity=self.parity, data=self.data
            )
        return FamilyTasks(split=self.split, parity=self.parity, data=self.data)

    def _task_name(self, task: Task) -> str:
        return NAMES[task.payload["level"] - 1]

    def _begin(self, task: Task) -> str:
        scene = cast(LevelTask, task).scene()
        self._state = Episode(World.start(scene, parity=self.parity))
        look = self._state.world.look()
        return f"Your goal: {task.goal}\n{look.text}{look.suffix}"

    def _act(self, action: str) -> Outcome:
        return self._in_parity(action) if self.parity else self._sanely(action)

    def _answer(self, action: str) -> tuple[str, bool] | None:
        """Answer what moves nothing, and say whether it was invalid."""
        world = self._state.world
        look = world.look()
        if "check" in action:
            listed = ", ".join(look.offers)
            return f"You can take the following actions: {listed}{look.suffix}", False
        if not action:
            return NO_CHANGE + look.suffix, True
        if action not in look.offers:
            carried = world.scene.code_of(world.carried)
            why = complaint(world.view, world.heading, carried, action)
            return why + look.suffix, True
        if not look.moves(action):
            return NO_CHANGE + look.suffix, False
        return None

    def _sanely(self, action: str) -> Outcome:
        """Play by our rules."""
        action = action.lower().strip()
        if action.startswith(ALIAS):
            action = "pickup " + action.removeprefix(ALIAS)
        if answer := self._answer(action):
            return Outcome(answer[0], invalid=answer[1])
        world = self._state.world
        world.run(action)
        look = world.look()
        if world.status == SUCCESS:
            text = look.text + DONE + look.suffix
            return Outcome(text, world.reward, True, True, score=world.reward)
        if world.status == FAILURE:
            return Outcome(look.text + FAILED + look.suffix, done=True)
        if world.is_over:
            text = look.text + NO_TIME + look.suffix
            return Outcome(text, reason="max_steps", truncated=True)
        return Outcome(look.text + look.suffix)

    def _in_parity(self, action: str) -> Outcome:
        """Play as the original server does."""
        action = action.lower().strip()
        state, world = self._state, self._state.world
        done, invalid = False, False
        if answer := self._answer(action):
            text, invalid = answer
        else:
            world.run(action)
            look = world.look()
            text = look.text + look.suffix
            if world.status != CONTINUE:
                text = look.text + DONE + look.suffix
                done = world.reward > 0.5
                state.won = state.won or world.status == SUCCESS
        state.total += world.reward
        score = min(1.0, max(0.0, state.total))
        return Outcome(text, world.reward, done, state.won, invalid, score)

    def _family_info(self) -> dict[str, Any]:
        return {"original_score": self._state.total} if self.parity else {}

    def _resume(self, task: Task, state: Episode | SavedEpisode) -> None:
        if isinstance(state, SavedEpisode):
            scene = cast(LevelTask, task).scene()
            world = load_saved(scene, state.world, parity=self.parity)
            state = Episode(world, state.total, state.won)
        self._state = state

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """The macro actions as functions."""
        return ACTION_SCHEMA

    def _admissible_actions(self) -> list[str]:
        return list(self._state.world.look().useful)

    def _expert_action(self) -> str:
        return best_macro(self._state.world)

    def _ansi(self, *, colour: bool) -> str:
        return drawing.characters(self._state.world, self.goal, colour=colour)

    def _picture(self) -> NDArray[np.uint8]:
        return drawing.picture(self._state.world)
