"""Side by side with TextWorld's planner: every text and every list must be equal."""

from __future__ import annotations

import random
from importlib.util import find_spec

import pytest
from kitchen import APPLE_2, BREAD, KITCHEN, MUG_1, changed, with_goal, write_game

from agentgym_envs.alfworld import TASKS, houses
from agentgym_envs.alfworld.env import ALFWorldEnv
from agentgym_envs.alfworld.problem import COOL, LOOK, TWO
from agentgym_envs.errors import MissingExtra

STEPS = 50
NONSENSE = (
    "",
    "  look ",
    "go to nowhere 1",
    "Go To fridge 1",
    "take mug 1",
    "use fridge 1",
    "examine",
    "dance",
)

pytest.importorskip("textworld", reason="the extra alfworld-textworld is missing")
needs_planner = pytest.mark.skipif(
    find_spec("fast_downward") is None, reason="fast-downward-textworld is missing"
)
pytestmark = [pytest.mark.slow, needs_planner]


def chosen(env, draw, step):
    """Wander and blunder at first, then follow the expert."""
    actions = env.admissible_actions()
    luck = draw.random()
    if luck < 0.12:
        return draw.choice((*NONSENSE, draw.choice(actions)[:-1]))
    if step >= 30 and luck < 0.8:
        return env.expert_action()
    doings = [a for a in actions if not a.startswith("go to ")]
    return draw.choice(doings if luck < 0.65 else actions)


def play_both(envs, options, draw):
    """Give the same actions to both, and compare whatever they say."""
    ours, theirs = envs
    assert ours.reset(options=options) == theirs.reset(options=options)
    wins = 0
    for step in range(STEPS):
        assert ours.admissible_actions() == theirs.admissible_actions()
        action = chosen(ours, draw, step)
        reply = ours.step(action)
        assert theirs.step(action) == reply, action
        if ours.is_over:
            wins += reply[1] == 1.0
            assert ours.reset(options=options) == theirs.reset(options=options)
    return wins


def both(**kwargs):
    return [
        ALFWorldEnv(engine=engine, parity=True, horizon=STEPS, **kwargs)
        for engine in ("python", "textworld")
    ]


def items(kind):
    found = [i for i in (*houses.TEST, *houses.TRAIN) if houses.task_of(i) == kind]
    return found[:: len(found) // 10][:10]


@pytest.mark.parametrize("turn", range(10))
@pytest.mark.parametrize("name", TASKS)
def test_embedded_houses_play_as_in_textworld(name, turn):
    index = items(TASKS[name][0])[turn]
    envs = both(split="all", text_version="v1" if turn % 2 else "v2")
    assert play_both(envs, {"item": index}, random.Random(index)) >= 0


def oddities():
    treated = changed(KITCHEN, MUG_1.id, is_clean=True, is_hot=True)
    cold = changed(treated, APPLE_2.id, is_clean=True, is_cool=True, is_sliced=True)
    yield "plain", KITCHEN
    yield "treated", changed(cold, BREAD.id, is_hot=True)
    yield "two", with_goal(TWO, "Apple", receptacle_type="MicrowaveType")
    yield "cool", with_goal(COOL, "Mug", receptacle_type="CabinetType")
    yield "light", with_goal(LOOK, "Mug", toggle_type="DeskLampType")


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("problem", [pytest.param(p, id=n) for n, p in oddities()])
@pytest.mark.parametrize("seed", range(2))
def test_rare_things_are_told_as_in_textworld(problem, version, seed, tmp_path):
    path = write_game(problem, tmp_path / "task" / "trial")
    play_both(both(text_version=version), {"game_file": str(path)}, random.Random(seed))


def test_a_snapshot_restores_textworld_too():
    env = both()[1]
    env.reset(options={"item": 3000})
    for _ in range(2):
        env.step(env.expert_action())
    kept, actions = env.snapshot(), env.admissible_actions()
    action = env.expert_action()
    reply = env.step(action)
    other = both()[1]
    other.restore(kept)
    assert other.admissible_actions() == actions
    assert other.step(action) == reply


def test_a_missing_planner_is_named(monkeypatch):
    import textworld.envs.pddl.pddl as module

    monkeypatch.setattr(module, "fast_downward_missing", True)
    with pytest.raises(MissingExtra, match="alfworld-textworld"):
        ALFWorldEnv(engine="textworld")
