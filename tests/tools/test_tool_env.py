# ruff: noqa: E501
from __future__ import annotations

import json

import pytest
from counter import CounterEnv, call, said

from agentgym_envs import render_call
from agentgym_envs.errors import BadOption, DataError, NoExpertAction, SnapshotError
from agentgym_envs.tools.env import FORMAT_ERROR


@pytest.fixture
def env():
    env = CounterEnv()
    env.reset(options={"item": 202})  # training item 2: count to 3
    return env


@pytest.fixture
def original():
    env = CounterEnv(parity=True)
    env.reset(options={"item": 202})
    return env


def test_the_first_observation_tells_the_goal():
    text, info = CounterEnv().reset(options={"item": 202})
    assert text == (
        "Now new trial starts.\n"
        "You should perform actions to accomplish the goal: Count to 3.\n"
        "Give me one action."
    )
    assert info["split"] == "train"


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("add", "{'number': 2}", "{'count': 2}"),
        ("add", '{"number": 1 + 1, "more": 0}', "{'count': 2}"),
        ("add", "{}", "ERROR | KeyError('number')"),
        ("add", "[1]", "ERROR | TypeError(list indices must be integers or slices, not str)"),
        ("add", "5", "ERROR | TypeError('int' object is not subscriptable)"),
        ("add", "{'number': x}", "ERROR | Exception(Parameters in action input are not valid, please change your action input.)"),
        ("add", "{'number': -1}", "Error: -1 is negative"),
        ("divide", "{'by': 0}", "ERROR | ZeroDivisionError(division by zero)"),
        ("divide", "{'by': 1, 'rest': 3}", "3.0"),
        ("fly", "{}", "ERROR | Invalid action: fly."),
        ('"add"', "{}", 'ERROR | Invalid action: "add".'),
        ("secret", "'anything'", "7"),
        ("finish", "{'answer': [1, 'a']}", "ERROR | TypeError('<' not supported between instances of 'str' and 'int')"),
        ("check_valid_actions", "{}", "You can use following valid actions: ['add', 'secret', 'divide', 'check_valid_actions', 'finish']"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("parity", [False, True])
def test_calls_are_answered(parity, name, given, text):
    env = CounterEnv(parity=parity)
    env.reset(options={"item": 0})
    answer = env.step(call(name, given))[0]
    assert answer == f"Observation: {text}\nGive me one action."


@pytest.mark.parametrize("parity", [False, True])
def test_a_reply_without_a_call_is_told_the_form(parity):
    env = CounterEnv(parity=parity)
    env.reset(options={"item": 0})
    text, reward, done, _, info = env.step("I would rather not.")
    assert text == FORMAT_ERROR and not reward and not done and info["invalid_action"]


def test_json_literals_are_for_the_default_variant(env, original):
    reply = call("finish", '{"answer": null}')
    assert said(env.step(reply)[0]) == "None"
    assert said(original.step(reply)[0]).startswith("ERROR | Exception(Parameters")


def test_the_word_action_is_needed_in_parity_only(env, original):
    reply = "secret with Action Input: {}"
    assert said(env.step(reply)[0]) == "7"
    error = "ERROR | TypeError(cannot unpack non-iterable NoneType object)"
    assert said(original.step(reply)[0]) == error


def test_the_right_answer_succeeds(env):
    _, reward, done, _, info = env.step(call("finish", "{'answer': 3.0}"))
    assert (reward, done, info["success"], info["score"]) == (1.0, True, True, 1.0)
    assert info["end_reason"] == "success"


@pytest.mark.parametrize("answer", ["'3'", "4", "(3,)", "None"])
def test_a_wrong_answer_ends_the_episode_without_reward(env, answer):
    _, reward, done, _, info = env.step(call("finish", f"{{'answer': {answer}}}"))
    assert (reward, done, info["success"], info["score"]) == (0.0, True, False, 0.0)


def test_a_finish_that_breaks_does_not_end_the_episode(env):
    _, _, done, _, info = env.step(call("finish", "{}"))
    assert not done and info["invalid_action"]


def test_only_finish_is_an_answer(env):
    env.step(call("add", "{'number': 3}"))
    _, reward, done, _, _ = env.step(call("divide", "{'by': 1}"))
    assert reward == 0.0 and not done


def test_in_parity_any_result_may_be_the_answer_and_reward_is_a_level(original):
    original.step(call("add", "{'number': 3}"))
    _, reward, done, _, info = original.step(call("divide", "{'by': 1}"))
    assert (reward, done, info["score"]) == (1.0, False, 1.0)
    _, reward, done, _, _ = original.step(call("finish", "{'answer': 'wrong'}"))
    assert (reward, done) == (1.0, True)


@pytest.mark.parametrize(
    ("reply", "done"),
    [
        (call("add", "{'number': 1, 'x': 'finish line'}"), True),
        (call("Finish"), True),
        (call("add", "{'number': 1}"), False),
        (call("FINISH"), False),
    ],
)
def test_in_parity_the_word_finish_anywhere_ends_the_episode(original, reply, done):
    assert original.step(reply)[2] is done


def test_in_parity_a_call_that_breaks_leaves_the_end_as_it_was(original):
    broken = call("finish", "{}")
    assert original.step(broken)[2] is False
    assert original.step(call("finish", "{'answer': 0}"))[2] is True
    assert original.step(broken)[2] is True
    assert original.step("no call")[2] is False
    assert original.step(broken)[2] is True
    assert original.step(call("secret"))[2] is False


def test_in_parity_an_observation_with_the_word_invalid_earns_nothing(tmp_path):
    file = tmp_path / "counter.jsonl"
    record = {"id": 0, "goal": "g", "subgoals": ["Invalid"], "additional_info": {}}
    file.write_text(json.dumps(record))
    env = CounterEnv(parity=True, data=file, split="test")
    env.reset(options={"item": 0})
    assert env.step(call("finish", "{'answer': 'Invalid'}"))[1] == 0.0


def test_answers_that_are_lists_are_sorted(tmp_path):
    file = tmp_path / "counter.jsonl"
    record = {"id": 0, "goal": "g", "subgoals": [["a", "b"]], "additional_info": {}}
    file.write_text(json.dumps(record))
    env = CounterEnv(data=file, split="test")
    env.reset(options={"item": 0})
    text, reward, *_ = env.step(call("finish", "{'answer': ['b', 'a']}"))
    assert said(text) == "['a', 'b']" and reward == 1.0


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "there are no items"),
        (["{"], "line 1 is not JSON"),
        (["3"], "line 1 is no object"),
        (['{"id": 1}'], "line 1: the field 'id' is 1, not 0"),
        (['{"id": 0}'], "line 1: the field 'goal' is missing"),
        (['{"id": 0, "goal": 3}'], "the field 'goal' is 3"),
        (
            ['{"id": 0, "goal": "g", "subgoals": [], "additional_info": {}}'],
            "the field 'subgoals' is empty",
        ),
    ],
)
def test_damaged_files_are_named_with_line_and_field(tmp_path, lines, message):
    file = tmp_path / "counter.jsonl"
    file.write_text("\n".join(lines))
    with pytest.raises(DataError, match=message) as caught:
        CounterEnv(data=file)
    assert str(file) in str(caught.value)


def test_the_first_twenty_published_items_are_for_testing(tmp_path):
    file = tmp_path / "counter.jsonl"
    record = {"goal": "g", "subgoals": [0], "additional_info": {}}
    file.write_text("\n".join(json.dumps({"id": i, **record}) for i in range(23)))
    assert len(CounterEnv(data=file).tasks) == 3
    test = CounterEnv(data=file, split="test").tasks
    assert [task.index for task in test] == list(range(20))


def test_every_index_from_0_up_is_an_item():
    env = CounterEnv()
    assert len(env.tasks) == 2000 and len(CounterEnv(split="test").tasks) == 200
    _, info = env.reset(options={"item": 123456})
    assert info["split"] == "unlisted" and env.goal == "Count to 123257."
    with pytest.raises(BadOption, match="every index from 0"):
        env.reset(options={"item": -1})


def test_the_expert_follows_its_path_and_hurries_when_steps_are_few():
    env = CounterEnv(horizon=2)
    env.reset(options={"item": 202})
    assert "add with" in env.expert_action()
    env.step("nonsense")
    assert env.expert_action() == "Action: finish with Action Input: {'answer': 3}"
    assert env.step(env.expert_action())[1] == 1.0
    with pytest.raises(NoExpertAction):
        env.expert_action()


def test_snapshots_hold_the_count_and_refuse_nonsense(env):
    env.step(call("add", "{'number': 2}"))
    kept = env.snapshot()
    env.step(call("add", "{'number': 2}"))
    env.restore(kept)
    assert said(env.step(call("add", "{'number': 0}"))[0]) == "{'count': 2}"
    env._state.count = -5
    broken = env.snapshot()
    env.restore(kept)
    with pytest.raises(SnapshotError, match="never negative"):
        env.restore(broken)
    assert env._state.count == 2


def test_all_texts_about_tools_come_from_the_tools(env):
    row = "| `divide` | `by` (int), `rest` (int) | Divide. |"
    assert row in CounterEnv.__doc__
    line = "- divide: Divide. Arguments: by (int); rest (int, optional)"
    assert line in env.instructions
    names = [entry["name"] for entry in env.action_schema]
    assert names == ["add", "secret", "divide", "check_valid_actions", "finish"]
    assert render_call(env.action_schema, "finish", {"answer": "it's"}) == (
        "Action: finish with Action Input: {'answer': \"it's\"}"
    )


def test_very_long_answers_fit_the_observation_space(env):
    text, *_ = env.step(call("finish", f"{{'answer': '{chr(0xE0001) * 3900}'}}"))
    assert text in env.observation_space


def test_unknown_values_of_the_keywords_are_refused():
    with pytest.raises(BadOption, match="json_literals"):
        CounterEnv(json_literals="yes")


def test_a_model_may_think_for_long_before_it_calls(env):
    thought = "I wonder. " * 2000
    text = env.step(
        f"Thought: {thought}\n\nAction: add with Action Input: {{'number': 2}}"
    )[0]
    assert said(text) == "{'count': 2}"
    assert "no action has more" in env.step("x" * (env.max_action + 1))[0]
