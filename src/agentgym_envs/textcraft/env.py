"""The TextCraft environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from agentgym_envs.env import AgentEnv, CommonOptions, in_colour
from agentgym_envs.errors import BadOption
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task, TaskSet
from agentgym_envs.textcraft import HORIZON
from agentgym_envs.textcraft.book import open_book
from agentgym_envs.textcraft.engine import (
    State,
    inventory_text,
    step,
    step_as_original,
)
from agentgym_envs.textcraft.expert import next_action
from agentgym_envs.textcraft.menu import is_possible, possible_actions
from agentgym_envs.textcraft.recipes import load
from agentgym_envs.textcraft.tasks import TextCraftTasks

INSTRUCTIONS = """\
You have to craft an item of Minecraft. At the start you are given a list of crafting \
commands and the item that is your goal. Not every command on the list is needed.

Write exactly one action at a time, in one of these forms:
- get 3 wheat: takes items that no command crafts. There is no limit to them, and you \
always have to say how many.
- craft 1 bread using 3 wheat: does a crafting command once, if you carry what it \
uses. Give all ingredients in just the amounts of the command; repeat the action to \
make more.
- inventory: shows what you carry.

Where a command uses a generic item such as "planks", name a specific kind that you \
carry, such as "oak planks", and the same kind for the whole amount. Write names as in \
the commands: "oak logs" and "oak log" are two different items. The task is done when \
you craft the goal."""

ACTION_SCHEMA = [
    function(
        "get",
        "Take an item that needs no crafting.",
        "get {amount} {item}",
        item={"type": "string", "description": "Its name, as in the commands."},
        amount={"type": "integer", "minimum": 1},
    ),
    function(
        "craft",
        "Do a crafting command once.",
        "craft {amount} {item} using {ingredients}",
        item={"type": "string", "description": "What to craft."},
        ingredients={
            "type": "array",
            "items": {"type": "string"},
            "description": 'Amounts and names, as in ["2 stick", "3 diamond"].',
        },
        amount={
            "type": "integer",
            "minimum": 1,
            "default": 1,
            "description": "How many the command makes.",
        },
    ),
    function("inventory", "See what you carry.", "inventory"),
]


class TextCraftEnv(AgentEnv):
    """Craft a Minecraft item from its recipes.

    ## Observations
    At first the crafting commands and the goal: all recipes that can have a part in
    it, and up to ten that only share an ingredient with those. Then what came of the
    last action: `Got 2 bamboo`, `Crafted 1 stick`, `Inventory: [stick] (1)`, or why
    nothing did.

    ## Actions
    | Form | Effect |
    |---|---|
    | `get 3 wheat` | takes a base item, which there is no end of |
    | `craft 1 bread using 3 wheat` | does one recipe once |
    | `inventory` | tells what is carried |

    The amount before the output of `craft` changes nothing; one recipe is done once.
    A recipe's ingredients must be given exactly, in any order; where it takes
    `planks` or `wool`, any one kind serves. What no recipe makes can be got, also
    `oak logs` or `stone tool materials`, which the game knows as tags. Whatever
    begins with `inventory` is that action.

    ## Rewards
    1.0 for crafting the goal, else 0.0.

    ## Episode end
    Terminates when the goal is crafted. Truncates after 20 steps.

    ## Data
    635 crafting recipes of Minecraft 1.16.5 are embedded, of which 613 make a tree
    with 544 goals: 444 for training, 100 for testing. The split depends on the goals'
    names alone and has the same share of each depth. `reset(options={"goal": "golden
    carrot"})` picks a goal by name, `{"item": 15}` by its place in the list: by depth,
    then by the names of the recipe files. The original takes those in the order of
    its file system, so that its numbers mean other goals on other machines, and its
    choice of distractors changes from run to run; here both are fixed. `data=PATH`
    plays the items that published files (`textcraft_train.json`,
    `textcraft_test.json`; a folder or one file) list, by the goals that their
    trajectories name, and by number where there are none.

    ## Parity
    `parity=True` is AgentGym's server with the recipe files in ascending order. Item
    N is goal N mod 544, for every N from 0 up. Steps after the goal are answered as
    before. `get 0 ...` leaves an entry of none in the inventory. Errors are worded as
    there, to the point of printed Python objects, and say less. Crafting an item from
    the ingredients of one of its parts makes the part, if the item has to do with the
    goal. Amounts of more than 100 digits are not understood, which has no counterpart
    there.

    ## Source
    TextCraft (Prasad et al., ADaPT, arXiv 2311.05772), served by AgentGym (Xi et al.,
    arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    family = "TextCraft"
    original_plays_on = True
    default_horizon = HORIZON
    state_type = State
    option_names = frozenset({"item", "goal"})

    _state: State

    def __init__(self, **common: Unpack[CommonOptions]) -> None:
        super().__init__(**common)
        self._step = step_as_original if self.parity else step
        self._goal = ""

    def _open_tasks(self) -> TaskSet:
        self._items = TextCraftTasks(
            split=self.split, data=self.data, wraps=self.parity
        )
        return self._items

    def _pick(self, options: Mapping[str, Any]) -> Task:
        if options.get("goal") is None:
            return super()._pick(options)
        if options.get("item") is not None:
            raise BadOption("reset takes an item or a goal, not both")
        return self._items.with_goal(options["goal"])

    def _begin(self, task: Task) -> str:
        self._goal = goal = task.payload["goal"]
        self._state = State({})
        return open_book(goal).text

    def _act(self, action: str) -> Outcome:
        return self._step(self._goal, self._state, action)

    def _resume(self, task: Task, state: State) -> None:
        items = load().items
        for item, count in state.inventory.items():
            if item not in items or count < 0:
                raise ValueError(f"nobody can carry {count} {item[:40]!r}")
        self._goal, self._state = task.payload["goal"], state

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        return INSTRUCTIONS

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """Three functions: ``get``, ``craft`` and ``inventory``."""
        return ACTION_SCHEMA

    def _admissible_actions(self) -> list[str]:
        return possible_actions(self._goal, self._state.inventory)

    def _expert_action(self) -> str:
        return next_action(self._goal, self._state.inventory)

    def _ansi(self, *, colour: bool) -> str:
        lines = [f"Goal: {self.goal}", inventory_text(self._state.inventory).rstrip()]
        if colour:
            lines = [in_colour(line, "blue") for line in lines]
        for recipe in open_book(self._goal).shown:
            if is_possible(recipe, self._state.inventory):
                line = f"* {recipe.command}"
                lines.append(in_colour(line, "green") if colour else line)
            else:
                line = f"  {recipe.command}"
                lines.append(in_colour(line, "grey") if colour else line)
        return "\n".join(lines)
