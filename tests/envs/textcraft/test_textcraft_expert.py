"""The expert, and the list of actions it chooses from."""

from __future__ import annotations

import random
from collections import Counter

import gymnasium
import pytest

import agentgym_envs  # noqa: F401
from agentgym_envs.errors import NoExpertAction
from agentgym_envs.textcraft import HORIZON
from agentgym_envs.textcraft.engine import State, step, step_as_original
from agentgym_envs.textcraft.expert import next_action, plan
from agentgym_envs.textcraft.menu import possible_actions
from agentgym_envs.textcraft.recipes import load

GOALS = load().goals
LONGEST = 48  # actions, for a block of netherite


def solve(goal, state, rules=step) -> int:
    """Follow the expert to the goal; give the number of actions."""
    for count in range(1, 200):
        action = next_action(goal, state.inventory)
        assert action in possible_actions(goal, state.inventory)
        outcome = rules(goal, state, action)
        assert not outcome.invalid
        if outcome.done:
            assert outcome.success
            return count
    raise AssertionError(f"{goal} is not reached")


@pytest.mark.parametrize("rules", [step, step_as_original])
def test_the_expert_solves_every_goal(rules):
    lengths = {goal: solve(goal, State(), rules) for goal in GOALS}
    assert max(lengths.values()) == LONGEST
    within = sum(length <= HORIZON for length in lengths.values())
    print(f"\n{len(lengths)} goals solved, {within} within {HORIZON} steps, mean")
    print(
        sum(lengths.values()) / len(lengths), sorted(Counter(lengths.values()).items())
    )
    assert within >= 0.97 * len(GOALS)


@pytest.mark.parametrize("goal", GOALS[::7])
def test_a_plan_is_as_long_as_the_way(goal):
    assert solve(goal, State()) == len(plan(goal, ()).actions())


def test_a_plan_counts_what_every_craft_takes():
    # A stick is in the hook and three are in the bow: four are made at once.
    assert plan("crossbow", ()).actions() == [
        "get 2 string",
        "get 18 iron nugget",
        "get 1 acacia logs",
        "craft 4 acacia planks using 1 acacia logs",
        "craft 4 stick using 2 acacia planks",
        "craft 1 iron ingot using 9 iron nugget",
        "craft 1 iron ingot using 9 iron nugget",
        "craft 2 tripwire hook using 1 acacia planks, 1 stick, 1 iron ingot",
        "craft 1 crossbow using 2 string, 3 stick, 1 iron ingot, 1 tripwire hook",
    ]


def test_a_plan_uses_what_is_carried():
    carried = (("birch_planks", 1), ("iron_ingot", 2), ("stick", 4), ("string", 5))
    assert plan("crossbow", carried).actions() == [
        "craft 2 tripwire hook using 1 birch planks, 1 stick, 1 iron ingot",
        "craft 1 crossbow using 2 string, 3 stick, 1 iron ingot, 1 tripwire hook",
    ]


def test_a_plan_takes_the_cheapest_kind_of_a_tag():
    # Green dye is the only one of the fifteen that need not be crafted.
    actions = plan("painting", ()).actions()
    assert len(actions) == 9
    assert "craft 1 green wool using 1 green dye, 1 white wool" in actions


@pytest.mark.parametrize("seed", range(40))
def test_the_expert_wins_from_any_state(seed):
    draw = random.Random(seed)
    goal = draw.choice(GOALS)
    state = State()
    for _ in range(draw.randrange(30)):
        if step(goal, state, draw.choice(possible_actions(goal, state.inventory))).done:
            state = State()
    for item in draw.sample(sorted(load().items - {goal}), 20):
        state.inventory[item] = draw.randrange(1, 30)
    solve(goal, state)


def test_every_possible_action_does_something():
    draw = random.Random(0)
    for goal in draw.sample(GOALS, 60):
        state = State()
        for _ in range(15):
            before = dict(state.inventory)
            action = draw.choice(possible_actions(goal, state.inventory))
            outcome = step(goal, state, action)
            assert not outcome.invalid, action
            assert state.inventory != before or action == "inventory"
            if outcome.done:
                break


def test_possible_crafts_name_a_kind():
    actions = possible_actions("torch", {"oak_planks": 2, "birch_planks": 5})
    assert "craft 4 stick using 2 oak planks" in actions
    assert "craft 4 stick using 2 birch planks" in actions
    assert not any("acacia planks" in action for action in actions if "stick" in action)
    assert actions[-1] == "inventory"


def test_there_is_no_expert_after_the_end():
    env = gymnasium.make("agentgym/TextCraft-v0")
    env.reset(options={"goal": "brown_dye"})
    env.step("get 1 cocoa beans")
    assert env.step("craft 1 brown dye using 1 cocoa beans")[2]
    with pytest.raises(NoExpertAction):
        env.unwrapped.expert_action()
    assert env.unwrapped.admissible_actions() == []
