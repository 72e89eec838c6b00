"""The environment: dialogues, modes, keywords, limits."""

from __future__ import annotations

import gymnasium
import pytest
from kitchen import KITCHEN, write_game

import agentgym_envs
from agentgym_envs.alfworld.env import ALFWorldEnv
from agentgym_envs.errors import BadOption, ResetNeeded, SnapshotError
from agentgym_envs.snapshot import pack, unpack

INTRO = (
    "You are in the middle of a room. Looking quickly around you, you see "
    "a cabinet 2, a cabinet 1, a countertop 1, a fridge 1, a microwave 1, "
    "a sidetable 1, a sinkbasin 1, and a toaster 1.\n"
    "Your task is to: put a mug in countertop."
)
MENU = (
    "\nAVAILABLE ACTIONS: go to cabinet 1,go to cabinet 2,go to countertop 1,"
    "go to fridge 1,go to microwave 1,go to sidetable 1,go to sinkbasin 1,"
    "go to toaster 1,inventory,look"
)
# What the original server answers, action by action; v1.
DIALOGUE = [
    (
        "look",
        "You are in the middle of a room. Looking quickly around you, you see nothing.",
    ),
    (
        "  go to sidetable 1\n",
        "On the sidetable 1, you see a desklamp 1, a mug 1, and a torch 1.",
    ),
    ("Take mug 1 from sidetable 1", "Nothing happens."),
    ("", "Nothing happens."),
    ("take mug 1 from sidetable 1", "You pick up the mug 1 from the sidetable 1."),
    ("inventory", "You are carrying: a mug 1."),
    ("go to microwave 1", "The microwave 1 is closed."),
    ("heat mug 1 with microwave 1", "You heat the mug 1 using the microwave 1."),
    ("examine mug 1", "This is a hot mug 1."),
    ("help", "Nothing happens."),
    (
        "open microwave 1",
        "You open the microwave 1. The microwave 1 is open. In it, you see nothing.",
    ),
    (
        "go to countertop 1",
        "On the countertop 1, you see a apple 2, a bowl 1, a breadsliced 1, a egg 1, "
        "and a knife 1.",
    ),
    ("put mug 1 in/on countertop 1", "You put the mug 1 in/on the countertop 1."),
]


@pytest.fixture
def options(tmp_path):
    return {"game_file": str(write_game(KITCHEN, tmp_path / "task" / "trial"))}


def test_the_parity_dialogue(options):
    env = ALFWorldEnv(parity=True)
    assert env.reset(options=options)[0] == INTRO
    for action, answer in DIALOGUE[:-1]:
        text, reward, terminated, _, _ = env.step(action)
        assert (text, reward, terminated) == (answer, 0.0, False)
    text, reward, terminated, truncated, info = env.step(DIALOGUE[-1][0])
    assert (text, reward, terminated) == (DIALOGUE[-1][1], 1.0, True)
    assert info["success"] and info["score"] == 1.0 and not truncated
    with pytest.raises(ResetNeeded):
        env.step("look")


def test_later_arrivals_are_not_cut_off(options):
    env = ALFWorldEnv(parity=True, text_version="v2")
    env.reset(options=options)
    text = env.step("go to microwave 1")[0]
    assert text == "You arrive at microwave 1. The microwave 1 is closed."
    assert env.step("help")[0].startswith("Available commands:")


def test_the_server_ends_an_episode_at_its_fiftieth_step(options):
    env = ALFWorldEnv(parity=True, horizon=100)
    env.reset(options=options)
    for _ in range(49):
        assert env.step("nonsense")[1:3] == (0.0, False)
    *_, terminated, truncated, info = env.step("look")
    assert terminated and not truncated
    assert info["end_reason"] == "step limit" and not info["success"]
    env.reset(options=options)
    for _ in range(45):
        env.step("")
    while not env.is_over:
        *_, info = env.step(env.expert_action())
    assert (info["steps"], info["success"]) == (49, True)


def test_commands_are_told_after_the_end_too():
    env = ALFWorldEnv(parity=True)
    env.reset(options={"item": 0})
    assert env.commands() == env.admissible_actions()
    while not env.is_over:
        env.step(env.expert_action())
    assert env.admissible_actions() == []
    assert {"inventory", "look"} < set(env.commands())


def test_in_parity_play_goes_on_beyond_the_horizon(options):
    env = ALFWorldEnv(parity=True, horizon=2)
    env.reset(options=options)
    assert not env.step("look")[3]
    assert env.step("look")[3]
    assert env.step("look")[0]


def test_by_default_the_first_observation_lists_the_actions(options):
    env = ALFWorldEnv()
    assert env.reset(options=options)[0] == INTRO + MENU
    assert "AVAILABLE" not in env.step("look")[0]
    env = ALFWorldEnv(show_admissible="never")
    assert env.reset(options=options)[0] == INTRO
    env = ALFWorldEnv(show_admissible="always", parity=True)
    assert env.reset(options=options)[0] == INTRO + MENU
    assert env.step("")[0] == "Nothing happens." + MENU


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        (
            ["dance"],
            "An action begins with one of: go, open, close, take, put, clean, ",
        ),
        (["go fridge"], 'Write it as "go to {place}".'),
        (["go to moon 1"], "There is no place 'moon 1' in this room."),
        (["go to fridge 1", "go to fridge 1"], "You are at the fridge 1 already."),
        (["open fridge 1"], "You are not at the fridge 1; go there first."),
        (["go to fridge 1", "open fridge 1"], "The fridge 1 is open already."),
        (["go to cabinet 2", "close cabinet 2"], "The cabinet 2 is closed already."),
        (["go to toaster 1", "open toaster 1"], "The toaster 1 has no door."),
        (["take mug 1"], 'Write it as "take {object} from {place}".'),
        (["take mug 1 from moon 1"], "There is no place 'moon 1' in this room."),
        (
            ["go to cabinet 1", "take mug 2 from cabinet 1"],
            "The cabinet 1 is closed; open it first.",
        ),
        (
            ["go to fridge 1", "take mug 2 from fridge 1"],
            "There is no 'mug 2' in or on the fridge 1.",
        ),
        (
            ["go to sidetable 1", "take desklamp 1 from sidetable 1"],
            "The desklamp 1 can't be picked up.",
        ),
        (["put mug 1 in/on fridge 1"], "You don't hold 'mug 1'."),
        (["inventory now"], 'Write it as "inventory".'),
        (["use fridge 1"], "There is no lamp 'fridge 1' in this room."),
        (["use desklamp 1"], "The desklamp 1 is not here; go to where it is."),
        (["examine mug 1"], "You can examine the mug 1 only while you hold it."),
        (["slice apple 2 with knife 1"], "You don't hold 'knife 1'."),
        (["move mug 1 to fridge 1"], "An action begins with one of: "),
    ],
)
def test_why_nothing_happens(options, actions, reason):
    env = ALFWorldEnv()
    env.reset(options=options)
    for action in actions:
        text, *_, info = env.step(action)
    assert text.startswith(f"Nothing happens. {reason}")
    assert info["invalid_action"]


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        (["take torch 1 from sidetable 1"], "You hold the mug 1; one can carry only"),
        (["clean mug 1 with sidetable 1"], "To clean something takes a sinkbasin."),
        (["heat mug 1 with microwave 1"], "You are not at the microwave 1; go there"),
        (
            ["go to toaster 1", "put mug 1 in/on toaster 1"],
            "The mug 1 does not go there.",
        ),
        (
            ["go to cabinet 1", "put mug 1 in/on cabinet 1"],
            "The cabinet 1 is closed; open it first.",
        ),
        (["slice apple 2 with mug 1"], "To slice something takes a knife."),
    ],
)
def test_why_nothing_happens_with_something_in_the_hand(options, actions, reason):
    env = ALFWorldEnv()
    env.reset(options=options)
    for action in ("go to sidetable 1", "take mug 1 from sidetable 1", *actions):
        text = env.step(action)[0]
    assert text.startswith(f"Nothing happens. {reason}")


def test_what_cannot_be_treated_or_sliced(options):
    env = ALFWorldEnv()
    env.reset(options=options)
    for action in ("go to countertop 1", "take knife 1 from countertop 1"):
        env.step(action)
    assert "nothing to slice" in env.step("slice egg 1 with knife 1")[0]
    assert "apple 1 is not here" in env.step("slice apple 1 with knife 1")[0]
    env.step("go to fridge 1")
    text = env.step("cool knife 1 with fridge 1")[0]
    assert text == "Nothing happens. There is no way to cool the knife 1."


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_schema_renders_what_the_game_reads(options, version):
    env = ALFWorldEnv(text_version=version)
    env.reset(options=options)
    call = agentgym_envs.render_call
    calls = [
        ("goto", {"recep": "sidetable 1"}),
        ("take", {"obj": "mug 1", "recep": "sidetable 1"}),
        ("examine", {"target": "mug 1"}),
        ("inventory", {}),
        ("look", {}),
        ("goto", {"recep": "sinkbasin 1"}),
        ("clean", {"obj": "mug 1", "recep": "sinkbasin 1"}),
        ("goto", {"recep": "cabinet 1"}),
        ("open", {"recep": "cabinet 1"}),
        ("put", {"obj": "mug 1", "recep": "cabinet 1"}),
        ("close", {"recep": "cabinet 1"}),
        ("goto", {"recep": "sidetable 1"}),
        ("use", {"obj": "desklamp 1"}),
    ]
    for name, arguments in calls:
        action = call(env.action_schema, name, arguments)
        assert not env.step(action)[4]["invalid_action"], action
    word = "put {object} in/on {place}" if version == "v1" else "move {object} to"
    assert word in env.instructions
    assert ("help: list" in env.instructions) == (version == "v2")


def test_half_of_the_test_rooms_are_new():
    env = gymnasium.make("agentgym/ALFWorld-v0", split="test")
    seen = [
        env.reset(options={"item": i})[1]["room_seen"] for i in range(3000, 3400, 7)
    ]
    assert all(type(value) is bool for value in seen)
    assert 0.4 < sum(seen) / len(seen) < 0.6


def test_infos_name_the_task():
    for name in ("PickAndPlace", "LookInLight"):
        env = gymnasium.make(f"agentgym/ALFWorld.{name}-v0")
        assert env.reset(seed=1)[1]["task"] == name
    assert gymnasium.make("agentgym/ALFWorld-v0").reset(seed=1)[1]["task"]


@pytest.mark.parametrize(
    "keywords",
    [
        {"task": "Nothing"},
        {"engine": "unity"},
        {"text_version": "v3"},
        {"show_admissible": "sometimes"},
        {"split": "validation"},
    ],
)
def test_bad_keywords(keywords):
    with pytest.raises(BadOption, match=f"{next(iter(keywords))} must be one of"):
        ALFWorldEnv(**keywords)


def test_a_drawing(options):
    env = ALFWorldEnv(render_mode="ansi")
    env.reset(options=options)
    for action in ("go to sidetable 1", "take mug 1 from sidetable 1"):
        env.step(action)
    drawn = env.render().splitlines()
    assert drawn[:2] == ["Task: put a mug in countertop", "In hand: a mug 1"]
    assert "> sidetable 1: a desklamp 1, and a torch 1" in drawn
    assert "  cabinet 1 (closed): a mug 2" in drawn
    assert "\x1b[32m> sidetable 1" in env._ansi(colour=True)


def test_snapshots_are_small_and_branch(options):
    env = ALFWorldEnv()
    env.reset(options={"item": 7})
    for _ in range(3):
        env.step(env.expert_action())
    kept = env.snapshot()
    assert len(kept) < 500
    ends = []
    for _ in range(2):
        env.restore(kept)
        while not env.is_over:
            ends.append(env.step(env.expert_action()))
    assert ends[: len(ends) // 2] == ends[len(ends) // 2 :]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (0, -1),
        (0, 10**6),
        (1, 10**6),
        (1, 0),
        (2, -1),
        (2, 1 << 300),
        (3, -1),
        (3, 1 << 3000),
        (4, [[10**6, 1]]),
        (4, [[0, 1 << 300]]),
        (5, [[0, -1]]),
        (6, [[-1, 1]]),
    ],
)
def test_states_that_cannot_be_are_refused(field, value):
    env = ALFWorldEnv()
    env.reset(options={"item": 7})
    content = unpack(env.snapshot())
    content[-1][field] = value
    with pytest.raises(SnapshotError):
        env.restore(pack(content))
    assert not env.step("look")[4]["invalid_action"]


def test_a_snapshot_of_other_rules_is_refused():
    env = ALFWorldEnv()
    env.reset(seed=0)
    with pytest.raises(SnapshotError):
        ALFWorldEnv(text_version="v2").restore(env.snapshot())
