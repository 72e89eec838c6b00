"""The expert wins every item, from any state, on a shortest way."""

from __future__ import annotations

import random
from collections import deque

import pytest
from kitchen import KITCHEN, Player, changed, kitchen, with_goal

from agentgym_envs.alfworld import houses
from agentgym_envs.alfworld.engine import admissible, do, is_won
from agentgym_envs.alfworld.expert import best_action, best_plan
from agentgym_envs.alfworld.game import Game
from agentgym_envs.alfworld.problem import CLEAN, COOL, HEAT, KINDS, LOOK, PICK, TWO
from agentgym_envs.errors import NoExpertAction

GOALS = {
    PICK: {"object_type": "Mug", "receptacle_type": "CabinetType"},
    LOOK: {"object_type": "Mug", "toggle_type": "DeskLampType"},
    CLEAN: {"object_type": "Apple", "receptacle_type": "CabinetType"},
    HEAT: {"object_type": "Apple", "receptacle_type": "FridgeType"},
    COOL: {"object_type": "Mug", "receptacle_type": "MicrowaveType"},
    TWO: {"object_type": "Apple", "receptacle_type": "CabinetType"},
}


def follow(game, state):
    """Let the expert play; give the number of its actions."""
    steps = 0
    while not is_won(game, state):
        assert do(game, state, best_action(game, state)) is not None
        steps += 1
        assert steps < 50
    return steps


def wander(game, state, draw, steps):
    for _ in range(steps):
        actions = admissible(game, state)
        doings = [a for a in actions if not a.startswith("go to ")]
        do(game, state, draw.choice(doings if draw.random() < 0.6 else actions))


@pytest.mark.parametrize("part", range(4))
def test_the_expert_wins_every_embedded_item_on_a_shortest_way(part):
    for index in range(part, 3400, 4):
        game = Game(houses.problem(index))
        assert follow(game, game.start()) == houses.plan_length(index), index


def test_the_expert_wins_from_any_state_and_never_turns_back():
    draw = random.Random(3)
    for index in range(0, 3400, 29):
        game = Game(houses.problem(index))
        state = game.start()
        wander(game, state, draw, draw.randrange(60))
        length = len(best_plan(game, state))
        assert follow(game, state) == length, index


def shortest(game, state):
    """Search all states, which a small kitchen allows; give the number of actions."""

    def key(state):
        moved = tuple(sorted(state.moved.items()))
        return state.location, state.held, state.opened, state.marks, moved

    seen, queue = {key(state)}, deque([(state, 0)])
    while queue:
        state, steps = queue.popleft()
        if is_won(game, state):
            return steps
        for action in admissible(game, state):
            if action.startswith(("examine", "look", "inventory", "slice", "close")):
                continue
            after = state.copy()
            do(game, after, action)
            if key(after) not in seen:
                seen.add(key(after))
                queue.append((after, steps + 1))
    return None


@pytest.mark.parametrize("kind", KINDS)
def test_no_way_is_shorter(kind):
    few = tuple(t for t in KITCHEN.things if t.type in ("AppleType", "MugType"))
    lamp = tuple(t for t in KITCHEN.things if t.type == "DeskLampType")
    problem = kitchen(
        things=few + lamp,
        receptacles=tuple(r for r in KITCHEN.receptacles if r.type != "CounterTopType"),
        goal=with_goal(kind, **GOALS[kind]).goal,
    )
    # What stood on the counter stands on the table instead.
    table = next(r for r in problem.receptacles if r.type == "SideTableType")
    known = {r.id for r in problem.receptacles}
    for t in problem.things:
        if t.receptacle not in known:
            problem = changed(problem, t.id, receptacle=table.id)
    game, draw = Game(problem), random.Random(kind)
    for wandering in (0, 3, 6, 12):
        state = game.start()
        wander(game, state, draw, wandering)
        best = best_plan(game, state)
        if len(best) <= 6:  # more takes the search too long
            assert shortest(game, state) == len(best)


def test_a_goal_that_holds_already_needs_one_more_action():
    player = Player()
    player.say("go to sidetable 1", "take mug 1 from sidetable 1")
    player.say("go to countertop 1", "put mug 1 in/on countertop 1")
    assert best_plan(player.game, player.state) == []
    assert best_action(player.game, player.state) == "look"


def test_the_wrong_thing_is_put_down_first():
    player = Player(with_goal(PICK, "Apple", receptacle_type="SideTableType"))
    player.say("go to sidetable 1", "take mug 1 from sidetable 1")
    assert best_plan(player.game, player.state) == [
        "go to countertop 1",
        "put mug 1 in/on countertop 1",
        "take apple 2 from countertop 1",
        "go to sidetable 1",
        "put apple 2 in/on sidetable 1",
    ]


def test_what_cannot_be_won_has_no_expert():
    nowhere = Player(kitchen(can_contain=frozenset()))
    with pytest.raises(NoExpertAction):
        best_action(nowhere.game, nowhere.state)
    missing = Player(with_goal(TWO, "Egg", receptacle_type="FridgeType"))
    with pytest.raises(NoExpertAction):
        best_action(missing.game, missing.state)
