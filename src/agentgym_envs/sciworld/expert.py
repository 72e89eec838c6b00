"""The expert of SciWorld: the engine's own solution, and ways back to it.

The engine can solve each item from its start. After an action that is not in that
solution, the expert looks for a way back: it leads the agent to the room where a later
part of the solution begins, and tries on a copy of the game whether that part wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agentgym_envs.errors import NoExpertAction
from agentgym_envs.sciworld.engine import EngineError, Game
from agentgym_envs.sciworld.episode import AMBIGUOUS, SOLVED, Episode, Setting
from agentgym_envs.sciworld.gold import gold
from agentgym_envs.sciworld.menu import UNREADABLE

# Which rooms have a door to which; the same house in all items.
DOORS = {
    "hallway": (
        *("kitchen", "greenhouse", "bedroom", "living room", "art studio"),
        "workshop",
    ),
    "kitchen": ("hallway", "outside", "bathroom"),
    "greenhouse": ("hallway", "outside"),
    "outside": ("kitchen", "greenhouse", "foundry"),
    "bathroom": ("kitchen",),
    "foundry": ("outside",),
    "bedroom": ("hallway",),
    "living room": ("hallway",),
    "art studio": ("hallway",),
    "workshop": ("hallway",),
}
STAGES = ("seed", "seedling", "adult", "reproducing", "dead")
LIKENESS = 0.4  # share of words in common that makes another action worth a try
BUDGET = 1500  # actions tried on copies per search, some ten seconds of the engine's

_ROOM = re.compile(r"This (?:room|outside location) is called the ([a-z ]+)\.")
_WALK = re.compile(r"(?:go|teleport) (?:to )?([a-z ]+)")


class Guide:
    """The expert's memory of one environment: a way that wins, and what it left.

    None of it is part of an episode's state: all can be found again.
    """

    def __init__(self) -> None:
        self._setting: Setting | None = None
        self._route: list[str] = []
        self._lost: list[str] | None = None

    def next_action(self, episode: Episode) -> str:
        """Say what comes next on a way that wins from here.

        Raises:
            NoExpertAction: if none is found.
        """
        if episode.is_broken:
            raise NoExpertAction("the engine died in this episode")
        past = episode.past
        try:
            if self._setting != episode.setting:
                path = gold(*episode.setting)
                self._route, self._lost = _with_first_look(path), None
                self._setting = episode.setting
            if not _continues(past, self._route) and past != self._lost:
                self._find(episode)
        except EngineError as error:
            raise NoExpertAction(f"the engine fails the expert: {error}") from error
        if past == self._lost:
            raise NoExpertAction(
                "the engine's own solution no longer works from here, and no way back "
                "to it was found"
            )
        action = self._route[len(past)]
        if episode.options and action not in map(str, range(episode.options)):
            # The engine would lose this action as a wrong answer; taking the question
            # back has the same effect, and every mode lets it pass.
            action = ""
            self._route = [*past, action, *self._route[len(past) + 1 :]]
        return action

    def _find(self, episode: Episode) -> None:
        """Find a way from here, or note that there is none."""
        path = gold(*episode.setting)
        if _continues(episode.past, start := _with_first_look(path)):
            self._route = start
            return
        budget = BUDGET
        for plan in _plans(episode, path):
            budget -= len(plan)
            if budget < 0:
                break
            if taken := _try(episode.game, plan):
                self._route = [*episode.past, *taken]
                return
        self._lost = episode.past[:]


def _with_first_look(path: Sequence[str]) -> list[str]:
    return ["look around", *path]


def _continues(past: Sequence[str], route: Sequence[str]) -> bool:
    return len(past) < len(route) and list(past) == list(route[: len(past)])


def _plans(episode: Episode, path: Sequence[str]) -> Iterator[list[str]]:
    """Ways that may win, the likeliest first: some walk, and the rest of the path."""
    here = _room(episode.view()[0])
    cancel = [""] if episode.options else []
    rooms = _rooms(episode.setting, path)
    done = _progress(episode.past[1:], path)
    # Near the place where the path was left, then from its start, then elsewhere.
    order = sorted(range(len(path)), key=lambda start: abs(start - done))
    order.sort(key=lambda start: start not in (done, done - 1, 0))
    for start in order:
        walk = _walk(here, rooms[start])
        if walk is not None:
            yield [*cancel, *walk, *path[start:]]


def _progress(past: Sequence[str], path: Sequence[str]) -> int:
    """How many actions of the path were done, others between them or not."""
    done = 0
    for action in past:
        if done < len(path) and action == path[done]:
            done += 1
    return done


def _try(game: Game, plan: Sequence[str]) -> list[str]:
    """Play a plan on a copy; give the actions that win, none if it does not.

    Names change with time, as plants grow and things are put into others; so an action
    that the engine can't read is replaced by the likest one that it can.
    """
    copy = game.fork()
    taken: list[str] = []
    is_asked = False
    try:
        for action in plan:
            if action.isdigit() and not is_asked:
                continue  # the answer to a question that was not asked
            if is_asked and not action.isdigit():
                taken.append("0")
                copy.step("0")
            text = copy.step(action)
            if text == UNREADABLE:
                for other in _likenesses(action, copy):
                    text = copy.step(other)
                    if text != UNREADABLE:
                        break
                else:
                    continue
                action = other
            taken.append(action)
            is_asked = text.startswith(AMBIGUOUS)
            if copy.completed or copy.score < 0:
                return taken if copy.score == SOLVED else []
    finally:
        copy.close()
    return []


def _likenesses(action: str, game: Game) -> Iterator[str]:
    """Actions that may mean the same: of another stage of life, or listed and alike."""
    words = action.split()
    for place, word in enumerate(words):
        if word in STAGES:
            for stage in STAGES:
                yield " ".join([*words[:place], stage, *words[place + 1 :]])

    def likeness(other: str) -> float:
        ours, theirs = set(words), set(other.split())
        return len(ours & theirs) / len(ours | theirs)

    verb = words[:1]
    alike = [other for other in game.valid_actions() if other.split()[:1] == verb]
    best = max(alike, key=likeness, default="")
    if best and likeness(best) >= LIKENESS:
        yield best


def _room(look: str) -> str:
    match = _ROOM.search(look)
    return match[1] if match else ""


@lru_cache(maxsize=64)
def _start(setting: Setting) -> str:
    game = setting.start()
    try:
        return _room(game.look())
    finally:
        game.close()


def _rooms(setting: Setting, path: Sequence[str]) -> list[str]:
    """The room where each action of the path is done."""
    room = _start(setting)
    rooms = []
    for action in path:
        rooms.append(room)
        if match := _WALK.fullmatch(action):
            room = match[1]
    return rooms


def _walk(here: str, there: str) -> list[str] | None:
    """The actions that lead from a room to another, doors included."""
    if here == there:
        return []
    ways: dict[str, list[str]] = {here: []}
    frontier = [here]
    for room in frontier:
        for door in DOORS.get(room, ()):
            if door not in ways:
                ways[door] = [*ways[room], f"open door to {door}", f"go to {door}"]
                frontier.append(door)
    return ways.get(there)
