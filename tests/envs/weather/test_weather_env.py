"""Weather's episodes: generated and published items, rewards, both modes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import gymnasium
import pytest

from agentgym_envs.errors import BadOption, DataError, MissingExtra
from agentgym_envs.tools.replies import write_call
from agentgym_envs.weather import env as module
from agentgym_envs.weather.env import WeatherEnv
from agentgym_envs.weather.grading import as_gold, cleaned
from agentgym_envs.weather.scene import cities, namesakes_of
from agentgym_envs.weather.tasks import TEMPLATES, make

PUBLISHED = Path(__file__).parents[3] / "../shared/data/tools/weather.jsonl"


def finish(answer):
    return write_call("finish", {"answer": answer})


def play(env, item, act):
    env.reset(seed=0, options={"item": item})
    over = False
    while not over:
        *_, terminated, truncated, info = env.step(act(env))
        over = terminated or truncated
    return info


def test_the_expert_solves_every_test_item():
    env = gymnasium.make("agentgym/Weather-v0", split="test")
    tasks = env.unwrapped.tasks
    for task in tasks:
        info = play(env, task.index, lambda env: env.unwrapped.expert_action())
        assert info["success"], task.goal
        assert info["steps"] == len(task.payload["path"]) <= 10


@pytest.mark.slow
def test_the_expert_solves_every_training_item():
    env = WeatherEnv(split="train")
    for task in env.tasks:
        assert play(env, task.index, lambda env: env.expert_action())["success"]


@pytest.mark.parametrize("answer", ["No", "Yes", 0, "good", [], None])
def test_a_fixed_answer_solves_next_to_nothing(answer):
    env = WeatherEnv(split="test")
    won = [play(env, t.index, lambda _: finish(answer))["success"] for t in env.tasks]
    assert sum(won) < 0.05 * len(won)


def test_items_are_many_different_and_of_every_kind():
    items = [make("test", number) for number in range(200)]
    assert len({(i.goal, str(i.payload["setup"])) for i in items}) == 200
    kinds = Counter(item.payload["template"] for item in items)
    assert kinds.keys() <= {template.__name__ for template in TEMPLATES}
    assert len(TEMPLATES) >= 20 and len(kinds) >= 28


def test_the_cities_of_the_splits_are_different():
    train, test = ({p.name for p in cities(split)} for split in ("train", "test"))
    assert not train & test
    assert len(train) > 200 and len(test) > 40
    assert not set(namesakes_of("train")) & set(namesakes_of("test"))


def test_items_are_the_same_whatever_was_asked_before():
    first = make("test", 17)
    for number in (3, 100, 17):
        again = make("test", number)
    assert again == first


def test_items_beyond_the_lists_exist():
    env = WeatherEnv()
    env.reset(options={"item": 10**9})
    assert env.task.split == "unlisted"
    with pytest.raises(ValueError, match="0 to"):
        env.reset(options={"item": -1})


def test_only_finish_ends_and_earns():
    env = WeatherEnv(split="test")
    env.reset(seed=1)
    *path, last = env.task.payload["path"]
    for call in path:
        _, reward, terminated, _, _ = env.step(str(call))
        assert (reward, terminated) == (0.0, False)
    _, reward, terminated, _, info = env.step(str(last))
    assert (reward, terminated, info["success"]) == (1.0, True, True)


def test_a_wrong_answer_is_a_failure():
    env = WeatherEnv()
    env.reset(seed=1)
    _, reward, terminated, _, info = env.step(finish("who knows"))
    assert (reward, terminated, info["end_reason"]) == (0.0, True, "failure")


def write_items(path, *subgoals, **config):
    config = {"current_date": "2023-06-15", "current_location": "Lima", **config}
    lines = [
        {
            "id": number,
            "goal": "?",
            "subgoals": golds,
            "additional_info": {"init_config": config},
        }
        for number, golds in enumerate(subgoals)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def test_in_parity_any_result_may_be_the_answer(tmp_path):
    file = write_items(tmp_path / "weather.jsonl", ["fair"])
    env = WeatherEnv(data=file, parity=True, split="all")
    env.reset(seed=0)
    call = write_call("get_air_quality_level", {"air_quality_index": 30})
    _, reward, terminated, _, _ = env.step(call)
    assert (reward, terminated) == (1.0, False)
    _, reward, terminated, _, _ = env.step(finish("wrong"))
    assert (reward, terminated) == (1.0, True)


def test_in_parity_one_of_two_answers_is_reported_as_all(tmp_path):
    file = write_items(tmp_path / "weather.jsonl", [1.5, 2])
    env = WeatherEnv(data=file, parity=True, split="all")
    env.reset(seed=0)
    _, reward, _, _, info = env.step(finish(2.0))
    assert reward == 1.0 and info["score"] == 0.5


def test_golds_with_coordinates_allow_fifty_kilometres():
    gold = as_gold({"latitude": 40.0, "longitude": 10.0, "daily": {"rain_sum": [1]}})
    near = {"latitude": 40.4, "longitude": 10.0, "daily": {"rain_sum": [1]}}
    far = {"latitude": 40.5, "longitude": 10.0, "daily": {"rain_sum": [1]}}
    wet = {"latitude": 40.0, "longitude": 10.0, "daily": {"rain_sum": [2]}}
    assert gold == near and gold != far and gold != wet and gold != "x"
    assert as_gold([1]) == [1]


def test_temperatures_are_left_out_of_a_comparison():
    reply = {"daily": {"time": [1], "temperature_2m_max": [2], "rain_sum": [3]}}
    assert cleaned(reply) == {"daily": {"time": [1], "rain_sum": [3]}}
    assert cleaned("fair") == "fair" and cleaned({"a": 1}) == {"a": 1}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published items are not here")
def test_every_published_gold_is_graded_as_right():
    env = WeatherEnv(data=PUBLISHED, parity=True, split="all")
    assert len(env.tasks) == 343
    for task in env.tasks:
        env.reset(options={"item": task.index})
        _, reward, terminated, _, _ = env.step(finish(task.payload["subgoals"][0]))
        assert (reward, terminated) == (1.0, True), task.id


def test_the_first_twenty_published_items_are_for_testing(tmp_path):
    file = write_items(tmp_path / "weather.jsonl", *([[i]] for i in range(1, 26)))
    assert len(WeatherEnv(data=file, split="test").tasks) == 20
    assert len(WeatherEnv(data=tmp_path, split="train").tasks) == 5


def test_published_lists_decide_where_there_are_some(tmp_path):
    write_items(tmp_path / "weather.jsonl", *([[i]] for i in range(1, 26)))
    listed = [{"item_id": f"weather_{i}"} for i in (3, 24)]
    (tmp_path / "weather_test.json").write_text(json.dumps(listed))
    env = WeatherEnv(data=tmp_path, split="test")
    assert [task.index for task in env.tasks] == [3, 24]


@pytest.mark.parametrize("config", [{"current_date": "June"}, {"current_location": 3}])
def test_damaged_items_are_named(tmp_path, config):
    file = write_items(tmp_path / "weather.jsonl", ["x"], **config)
    with pytest.raises(DataError, match=f"line 1: the field '{next(iter(config))}'"):
        WeatherEnv(data=file, split="all")


def test_unknown_backends_are_refused():
    with pytest.raises(BadOption, match="backend"):
        WeatherEnv(backend="crystal ball")


def test_a_missing_package_names_its_extra(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"agentgym-envs\[tools\]"):
        WeatherEnv()


def test_a_state_of_another_city_is_refused():
    env = WeatherEnv()
    env.reset(seed=0)
    kept = env._state
    with pytest.raises(ValueError, match="another"):
        env._resume(env.task, type(kept)(date=kept.date, location="Atlantis"))
