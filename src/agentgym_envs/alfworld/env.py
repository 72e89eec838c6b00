"""The ALFWorld environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Unpack

from agentgym_envs.alfworld import HORIZON, TASKS
from agentgym_envs.alfworld.engine import (
    NOTHING_HAPPENS,
    admissible,
    do,
    intro,
    is_won,
)
from agentgym_envs.alfworld.expert import best_action
from agentgym_envs.alfworld.explain import complaint
from agentgym_envs.alfworld.game import MARKS, Game, State, listing
from agentgym_envs.alfworld.houses import name_of
from agentgym_envs.alfworld.problem import TextVersion
from agentgym_envs.alfworld.tasks import (
    KIND_OF,
    NAME_OF,
    HouseTasks,
    check_split,
    file_task,
    open_data,
)
from agentgym_envs.alfworld.textworld_engine import TextWorldGame, require
from agentgym_envs.env import AgentEnv, CommonOptions, in_colour
from agentgym_envs.errors import BadOption, ResetNeeded
from agentgym_envs.outcome import Outcome
from agentgym_envs.schema import function
from agentgym_envs.tasks import Task, TaskSet

Engine = Literal["python", "textworld"]
Show = Literal["first", "always", "never"]

STEP_LIMIT = 50  # of the original server, where every call counts
ARRIVAL = "You arrive at loc "

INSTRUCTIONS = """\
You are in a room of a house and have a chore to do there. Each action is one line:

- go to {{place}}: walk to a place, such as "go to fridge 1"
- open {{place}}, close {{place}}: use the door of the place where you are
- take {{object}} from {{place}}: pick an object up; you can carry only one
- {put}: put down the object that you carry
- clean {{object}} with {{place}}: at a sinkbasin, with the object in your hand
- heat {{object}} with {{place}}: likewise at a microwave
- cool {{object}} with {{place}}: likewise at a fridge
- use {{object}}: turn on a lamp where you are
- slice {{object}} with {{knife}}: with the knife in your hand
- examine {{place}}: see what is there; or examine the object that you carry
- inventory: see what you carry
- look: see where you are{help}

Write names with their numbers, just as they are told. You see what is in or on a \
place when you come to it, and what is behind a door when it is open. An action that \
can't be done now is answered with "Nothing happens." and costs a step too. The chore \
is done as soon as the house is in the state that the task asks for; to look at \
something under a lamp, hold it and turn on the lamp."""

PLACE = {"type": "string", "description": "a place with its number, as in fridge 1"}
OBJECT = {"type": "string", "description": "an object with its number, as in mug 2"}


def _schema(put: str) -> list[dict[str, Any]]:
    """The actions, under the names that AgentGym gives them."""
    return [
        function("goto", "Walk to a place.", "go to {recep}", recep=PLACE),
        function(
            "take",
            "Pick up an object.",
            "take {obj} from {recep}",
            obj=OBJECT,
            recep=PLACE,
        ),
        function("put", "Put down what you carry.", put, obj=OBJECT, recep=PLACE),
        function("open", "Open a place.", "open {recep}", recep=PLACE),
        function("close", "Close a place.", "close {recep}", recep=PLACE),
        *(
            function(
                verb,
                f"{verb.capitalize()} what you carry at a {tool}.",
                f"{verb} {{obj}} with {{recep}}",
                obj=OBJECT,
                recep=PLACE,
            )
            for verb, tool in (
                ("clean", "sinkbasin"),
                ("heat", "microwave"),
                ("cool", "fridge"),
            )
        ),
        function("use", "Turn on a lamp.", "use {obj}", obj=OBJECT),
        function(
            "slice",
            "Slice an object with the knife that you carry.",
            "slice {obj} with {knife}",
            obj=OBJECT,
            knife=OBJECT,
        ),
        function(
            "examine",
            "Look at the place where you are, or at what you carry.",
            "examine {target}",
            target={"type": "string", "description": "its name with its number"},
        ),
        function("inventory", "See what you carry.", "inventory"),
        function("look", "See where you are.", "look"),
    ]


PUT_FORMS: dict[TextVersion, str] = {
    "v1": "put {obj} in/on {recep}",
    "v2": "move {obj} to {recep}",
}
SCHEMAS = {version: _schema(put) for version, put in PUT_FORMS.items()}


class ALFWorldEnv(AgentEnv):
    """Do a chore in a house that is told as text.

    ## Observations
    At first the places in the room, the task, and the actions that are possible:
    `You are in the middle of a room. Looking quickly around you, you see a cabinet 1,
    ..., and a toaster 1.`, `Your task is to: put a mug in cabinet.`,
    `AVAILABLE ACTIONS: ...`. Then what came of the last action: `The fridge 1 is
    closed.`, `You pick up the mug 2 from the desk 1.`, or `Nothing happens.` and why.

    ## Actions
    | Form | Effect |
    |---|---|
    | `go to fridge 1` | walks to a place |
    | `open fridge 1`, `close fridge 1` | uses its door |
    | `take mug 2 from desk 1` | picks up an object; one can be carried |
    | `put mug 2 in/on desk 1` | puts it down, where such things go |
    | `clean mug 2 with sinkbasin 1` | also `heat` at a microwave, `cool` at a fridge |
    | `use desklamp 1` | turns on a lamp |
    | `slice apple 1 with knife 1` | changes what `examine` tells of it |
    | `examine desk 1` | shows a place, or the object in the hand |
    | `inventory`, `look` | tell what is carried, and where one is |

    In the wording `text_version="v2"` it is `move mug 2 to desk 1`, and `help` lists
    the forms. Space around an action does not matter; case does.

    ## Rewards
    1.0 when the goal holds after an action, else 0.0.

    ## Episode end
    Terminates when the goal holds. Truncates after 30 steps.

    ## Keywords
    `engine="textworld"` plays with TextWorld's planner (some hundred milliseconds a
    step; extra `alfworld-textworld`). `text_version` is `"v1"` (the first data
    release, and AgentGym) or `"v2"` (later ones); by default that of the game.
    `show_admissible` is `"first"`, `"always"` or `"never"`: which observations list
    the possible actions; by default the first, and none with `parity`.

    ## Infos
    `room_seen: bool`: whether training items are played in this room.

    ## Data
    3,400 embedded houses: 3,000 for training, and 400 for testing, of which half are
    in rooms that training does not show. `data=PATH` plays the published games: a
    folder with `json_2.1.1` or a later release. With AgentGym's `mappings_train.json`
    and `mappings_test.json` beside it, items are AgentGym's (`alfworld_0` to
    `alfworld_2619`); without them, ALFWorld's own splits, in the order of their
    folders' names. `split` may then also be `"valid_seen"` or `"valid_unseen"`.
    `reset(options={"game_file": PATH})` plays any single game.

    ## Parity
    `parity=True` is AgentGym's server: the bare answer of the game (without
    `You arrive at loc N. ` in v1), nothing said about why nothing happens, and the
    end after 50 steps.

    ## Source
    ALFWorld (Shridhar et al., arXiv 2010.03768), after TextWorld (Côté et al.,
    arXiv 1806.11532), served by AgentGym (Xi et al., arXiv 2406.04151).

    ## Version history
    - v0: first release
    """

    family = "ALFWorld"
    default_horizon = HORIZON
    state_type = State
    option_names = frozenset({"item", "game_file"})

    _state: State
    _game: Game | None = None
    _textworld: TextWorldGame | None = None

    def __init__(
        self,
        *,
        task: str | None = None,
        engine: Engine = "python",
        text_version: TextVersion | None = None,
        show_admissible: Show | None = None,
        **common: Unpack[CommonOptions],
    ) -> None:
        _check("task", task, (None, *TASKS))
        _check("engine", engine, ("python", "textworld"))
        _check("text_version", text_version, (None, "v1", "v2"))
        _check("show_admissible", show_admissible, (None, "first", "always", "never"))
        check_split(common.get("split", "train"), has_data=bool(common.get("data")))
        if engine == "textworld":
            require()
        self._kind = KIND_OF[task] if task else None
        self._version = text_version
        self._engine = engine
        show = show_admissible or ("never" if common.get("parity") else "first")
        self._shows_first, self._shows_always = show != "never", show == "always"
        # One string, because each snapshot holds and compares it.
        rules = {"game": f"{engine} {text_version} {show}"}
        super().__init__(rules=rules, **common)

    def _open_tasks(self) -> TaskSet:
        if self.data is None:
            version = self._version or "v1"
            return HouseTasks(split=self.split, kind=self._kind, version=version)
        return open_data(
            self.data, split=self.split, kind=self._kind, version=self._version
        )

    def _pick(self, options: Mapping[str, Any]) -> Task:
        path = options.get("game_file")
        if path is None:
            return super()._pick(options)
        if options.get("item") is not None:
            raise BadOption("reset takes an item or a game_file, not both")
        if not isinstance(path, str):
            raise BadOption(f"game_file must be a path as a str, not {path!r:.80}")
        return file_task(path, self._version)

    def _task_name(self, task: Task) -> str:
        return NAME_OF[_game_of(task).problem.goal.kind]

    def _family_info(self) -> dict[str, Any]:
        return {"room_seen": self._room_seen}

    def _begin(self, task: Task) -> str:
        game = _game_of(task)
        state = game.start()
        text = intro(game)
        if self._engine == "textworld":
            text = self._in_textworld(game).reset()
        self._take_up(task, state)
        return text + self._menu() if self._shows_first else text

    def _take_up(self, task: Task, state: State) -> None:
        self._game, self._state = _game_of(task), state
        self._room_seen: bool = task.payload["room_seen"]

    def _menu(self) -> str:
        return "\nAVAILABLE ACTIONS: " + ",".join(self._admissible_actions())

    def _act(self, action: str) -> Outcome:
        game, state = self._playing, self._state
        command = action.strip()
        text = do(game, state, command)
        won = is_won(game, state)
        is_invalid = text is None
        if self._textworld is not None:
            text, won = self._ask_textworld(command)
        elif text is None:
            text = NOTHING_HAPPENS
        if is_invalid and not self.parity:
            text = f"{NOTHING_HAPPENS} {complaint(game, state, command)}"
        elif text.startswith(ARRIVAL):
            # The server cuts this off, so that agents never see locations.
            text = text.partition(". ")[2]
        if self._shows_always and not won:
            text += self._menu()
        reward = 1.0 if won else 0.0
        if self.parity and not won and self._steps + 1 >= STEP_LIMIT:
            return Outcome(text, 0.0, True, False, is_invalid, reason="step limit")
        return Outcome(text, reward, won, won, is_invalid)

    def _in_textworld(self, game: Game) -> TextWorldGame:
        """Load a game into TextWorld, unless it is there already."""
        if self._textworld is None or self._textworld.problem is not game.problem:
            self._textworld = TextWorldGame(game.problem)
        return self._textworld

    def _ask_textworld(self, command: str) -> tuple[str, bool]:
        assert self._textworld is not None
        if command in self._textworld.commands:
            self._state.history += f"{command}\n"
        return self._textworld.step(command), self._textworld.won

    def _resume(self, task: Task, state: State) -> None:
        game = _game_of(task)
        _check_state(game, state)
        if self._engine == "textworld":
            textworld = self._in_textworld(game)
            textworld.reset()
            for command in state.history.splitlines():
                textworld.step(command)
        self._take_up(task, state)

    def commands(self) -> list[str]:
        """List what the game takes now, other than `admissible_actions` at the end too.

        Raises:
            ResetNeeded: before the first reset.
        """
        return self._admissible_actions()

    @property
    def game_name(self) -> str:
        """The folders of this episode's game, as in the published data.

        Raises:
            ResetNeeded: before the first reset.
        """
        folders: str = self.task.payload["folders"]
        return folders or name_of(self.task.index)

    @property
    def _playing(self) -> Game:
        if self._game is None:
            raise ResetNeeded("there is no episode yet; call reset() first")
        return self._game

    @property
    def _wording(self) -> TextVersion:
        """The wording of this episode, or what it will be for most."""
        return self._game.text_version if self._game else self._version or "v1"

    @property
    def instructions(self) -> str:
        """The rules of the game, for a model's system prompt."""
        put = PUT_FORMS[self._wording].format(obj="{object}", recep="{place}")
        text = "\n- help: list the forms of actions" * (self._wording == "v2")
        return INSTRUCTIONS.format(put=put, help=text)

    @property
    def action_schema(self) -> list[dict[str, Any]]:
        """Thirteen functions, one per verb."""
        return SCHEMAS[self._wording]

    def _admissible_actions(self) -> list[str]:
        if self._textworld is not None:
            return list(self._textworld.commands)
        return admissible(self._playing, self._state)

    def _expert_action(self) -> str:
        return best_action(self._playing, self._state)

    def _ansi(self, *, colour: bool) -> str:
        game, state = self._playing, self._state
        held = listing([game.names[state.held]] if state.held >= 0 else [])
        lines = [f"Task: {self.goal}", f"In hand: {held}"]
        for place, name in enumerate(game.places):
            if game.stands_at[place] < 0:
                continue
            is_here = game.stands_at[place] == state.location
            door = "" if game.is_accessible(state, place) else " (closed)"
            inside = listing(game.names[t] for t in game.contents(state, place))
            line = f"{'>' if is_here else ' '} {name}{door}: {inside}"
            lines.append(in_colour(line, "green") if colour and is_here else line)
        return "\n".join(lines)


def _game_of(task: Task) -> Game:
    game: Game = task.payload["game"]
    return game


def _check(name: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        options = ", ".join(map(repr, known))
        raise BadOption(f"{name} must be one of {options}, not {value!r:.80}")


def _check_state(game: Game, state: State) -> None:
    """Refuse a state that this house can't be in."""
    things, places = len(game.things), len(game.places)
    locations = len(game.locations)
    if not 0 <= state.location < locations or not 0 <= state.opened < 1 << places:
        raise ValueError("there is no such location or place")
    if not -1 <= state.held < things or not 0 <= state.marks < 1 << MARKS * things:
        raise ValueError("there is no such thing")
    if state.held >= 0 and state.held not in state.moved:
        raise ValueError("what is held was never taken")
    deltas = (state.moved, places), (state.spots, locations), (state.left, places)
    for delta, end in deltas:
        for thing, where in delta.items():
            if not (0 <= thing < things and 0 <= where < 1 << end):
                raise ValueError("a thing is nowhere")
