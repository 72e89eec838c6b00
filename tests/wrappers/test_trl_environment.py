"""Environments as TRL takes them: methods with signatures and docstrings."""

from __future__ import annotations

import inspect
from typing import Literal, get_type_hints

import pytest

from agentgym_envs.errors import BadOption, UnknownTask
from agentgym_envs.schema import function
from agentgym_wrappers import make_trl_environment, tool_rows
from agentgym_wrappers.trl_environment import _method, hint_of


def tools_of(made):
    """The methods that TRL finds, in the way that it looks for them."""
    members = inspect.getmembers(made, predicate=inspect.isfunction)
    names = [name for name, _ in members if not name.startswith("_")]
    return sorted(set(names) - {"reset", "get_reward"})


@pytest.fixture(scope="module")
def craft():
    return make_trl_environment("agentgym/TextCraft-v0")


def test_the_tools_are_the_functions_of_the_schema_and_nothing_else(family):
    made = make_trl_environment(f"agentgym/{family}-v0")
    functions = {f["name"]: f for f in made()._episode.functions}
    assert tools_of(made) == sorted(functions)
    for name, described in functions.items():
        parameters = described["parameters"]
        signature = inspect.signature(getattr(made(), name))
        assert list(signature.parameters) == list(parameters["properties"])
        needed = [
            key for key, p in signature.parameters.items() if p.default is p.empty
        ]
        assert needed == parameters["required"]
        assert signature.return_annotation is str


def test_transformers_reads_the_schema_off_the_methods(family):
    utils = pytest.importorskip("transformers.utils")
    made = make_trl_environment(f"agentgym/{family}-v0")()
    for described in made._episode.functions:
        read = utils.get_json_schema(getattr(made, described["name"]))["function"]
        assert read["description"] == described["description"]
        for key, wanted in described["parameters"]["properties"].items():
            found = read["parameters"]["properties"][key]
            assert found["description"]
            assert found.get("enum") == wanted.get("enum")
            if isinstance(wanted["type"], str):
                assert found["type"] == wanted["type"]


def test_methods_have_hints_and_google_docstrings(craft):
    hints = get_type_hints(craft.craft)
    assert hints == {
        "item": str,
        "ingredients": list[str],
        "amount": int,
        "return": str,
    }
    assert inspect.getdoc(craft.craft).splitlines() == [
        "Do a crafting command once.",
        "",
        "Args:",
        "    item: What to craft",
        '    ingredients: Amounts and names, as in ["2 stick", "3 diamond"]',
        "    amount: How many the command makes; at least 1",
        "",
        "Returns:",
        "    What you see then.",
    ]


def test_hints_say_what_schemas_say():
    assert hint_of({"type": "string", "enum": ["a", "b"]}) == Literal["a", "b"]
    assert hint_of({"type": ["integer", "null"]}) == int | None
    rows = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
    assert hint_of(rows) == list[list[float]]


def test_an_episode_from_a_row_to_its_reward():
    maze = make_trl_environment("agentgym/Maze-v0")()
    first = maze.reset(item="maze_3", prompt=[{"role": "user"}], other=None)
    assert maze.reset(item=3) == first
    agent = maze._episode.agent_env
    while not maze._episode.is_over:
        assert maze.get_reward() == 0.0
        maze.move(direction=agent.expert_action().removeprefix("move "))
    assert maze.get_reward() == 1.0


def test_calls_after_the_end_are_answered_and_change_nothing():
    maze = make_trl_environment("agentgym/Maze-v0", horizon=1)()
    maze.reset(item=0)
    maze.move(direction="up")
    before = maze._episode.agent_env.snapshot(), maze.get_reward()
    assert "is over (horizon)" in maze.move(direction="down")
    assert (maze._episode.agent_env.snapshot(), maze.get_reward()) == before


def test_a_wrong_call_is_answered_and_counts_a_step(craft):
    game = craft()
    game.reset(item=0)
    assert "needs the argument 'ingredients'" in game.craft(item="stick")
    assert "takes no argument 'colour'" in game.get(item="a", amount=1, colour="red")
    assert "must be at least 1" in game.get(item="stick", amount=0)
    assert game._episode.info["steps"] == 3


def test_a_default_need_not_be_given(craft):
    game, same = craft(), craft()
    game.reset(item=3), same.reset(item=3)
    ingredients = ["1 oak log"]
    assert game.craft(item="oak planks", ingredients=ingredients) == same.craft(
        item="oak planks", ingredients=ingredients, amount=1
    )


def test_free_text_is_one_tool_that_takes_actions():
    made = make_trl_environment("agentgym/Wordle-v0", tools="act")
    assert tools_of(made) == ["act"]
    assert get_type_hints(made.act) == {"action": str, "return": str}
    wordle = made()
    wordle.reset(item=0)
    assert wordle.act(action="crate") == wordle._episode.observation
    assert wordle._episode.info["steps"] == 1


def test_the_reward_can_be_the_return():
    # Under parity, Sheet rewards each step by how right the sheet is by then.
    options = {"tools": "act", "parity": True}
    made = make_trl_environment("agentgym/Sheet-v0", reward="return", **options)
    sheet = made()
    sheet.reset(item=3)
    episode = sheet._episode
    while not episode.is_over:
        sheet.act(action=episode.agent_env.expert_action())
    assert sheet.get_reward() == sum(episode.rewards) > episode.score == 1.0


def test_rows_alternate_between_families_and_begin_their_items():
    environments = {
        "maze": make_trl_environment("agentgym/Maze-v0", split="test"),
        "wordle": make_trl_environment("agentgym/Wordle-v0", tools="act"),
    }
    rows = tool_rows(environments, items=2)
    assert [row["environment"] for row in rows] == ["maze", "wordle"] * 2
    assert rows[0]["item"] == "maze_2000"
    assert [message["role"] for message in rows[0]["prompt"]] == ["system", "user"]
    for row in rows:
        game = environments[row["environment"]]()
        game.reset(**row)
        assert game._episode.info["item_id"] == row["item"]


def test_mistakes_of_the_caller_raise():
    with pytest.raises(BadOption, match="tools must be"):
        make_trl_environment("agentgym/Maze-v0", tools="all")
    with pytest.raises(BadOption, match="reward must be one of score"):
        make_trl_environment("agentgym/Maze-v0", reward="money")
    with pytest.raises(BadOption, match="'class' is no name"):
        _method(function("go", "Go.", "go {class}", **{"class": {"type": "string"}}))
    with pytest.raises(BadOption, match="may not be named 'reset'"):
        _method(function("reset", "Begin again.", "reset"))
    with pytest.raises(UnknownTask):
        make_trl_environment("agentgym/Maze-v0")().reset(item="mouse_3")


def test_a_call_of_any_shape_is_answered_and_counts_a_step():
    maze = make_trl_environment("agentgym/Maze-v0")()
    maze.reset(item=3)
    assert "takes no argument 'self'" in maze.move(**{"self": 1})
    acted = make_trl_environment("agentgym/Maze-v0", tools="act")()
    acted.reset(item=3)
    assert acted.act(action=5) == "An action is a text."
    assert maze._episode.info["steps"] == acted._episode.info["steps"] == 1
