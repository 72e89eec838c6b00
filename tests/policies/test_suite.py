from __future__ import annotations

import json

import pytest

from agentgym_envs import SPECS
from agentgym_envs.errors import BadOption
from agentgym_policies.evaluate import Settings, make_env, plan
from agentgym_policies.suite import AGENTEVAL, data_paths, spread


def settings(*families, **more):
    ids = tuple(f"agentgym/{family}-v0" for family in families)
    return Settings(policy="expert", env_ids=ids, suite="agenteval", **more)


def test_agenteval_has_the_published_counts():
    assert sum(part.items for part in AGENTEVAL) == 1160
    assert len(AGENTEVAL) == 14
    families = {spec.name.partition(".")[0] for spec in SPECS} - {"SearchQA"}
    assert {part.family for part in AGENTEVAL} == families


def test_a_suite_plays_its_number_of_items_over_the_whole_split():
    jobs = plan(settings("Maze", "TextCraft"))

    items = [job.item_id for job in jobs]
    assert items[:3] == ["maze_2000", "maze_2008", "maze_2016"]
    assert [sum(item.startswith(name) for item in items) for name in ("m", "t")] == [
        25,
        100,
    ]


def test_mixed_items_are_the_first_ones():
    pytest.importorskip("minigrid")
    jobs = plan(settings("BabyAI"))

    assert [jobs[0].item_id, jobs[-1].item_id] == ["babyai_40000", "babyai_40089"]


def test_a_suite_can_be_cut_short_but_not_made_longer():
    assert len(plan(settings("Maze", items=4))) == 4
    assert len(plan(settings("Maze", items=100))) == 25


@pytest.mark.parametrize("part", [p for p in AGENTEVAL if p.family in ("Maze", "BIRD")])
def test_a_suite_has_its_own_round_limit(part):
    env = make_env(settings(part.family), part.env_id)
    assert env.unwrapped.horizon == part.horizon
    env.close()


def test_published_items_are_played_as_they_are_listed(tmp_path):
    listed = [{"item_id": f"lmrlgym_maze_{n}", "conversations": None} for n in (3, 9)]
    (tmp_path / "lmrlgym_maze_test.json").write_text(json.dumps(listed))
    paths = data_paths([str(tmp_path)], ["Maze", "Wordle"])

    jobs = plan(settings("Maze", data=paths))

    assert paths == {"Maze": str(tmp_path)}
    assert [job.item_id for job in jobs] == ["maze_3", "maze_9"]


def test_a_folder_holds_a_folder_per_family(tmp_path):
    (tmp_path / "webshop").mkdir()
    (tmp_path / "sqlgym").mkdir()

    found = data_paths([str(tmp_path), "maze=here"], ["WebShop", "BIRD", "Maze"])

    assert found == {
        "WebShop": str(tmp_path / "webshop"),
        "BIRD": str(tmp_path / "sqlgym"),
        "Maze": "here",
    }


@pytest.mark.parametrize("word", ["Chess=here", "nowhere", "."])
def test_data_of_nobody_is_refused(word, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadOption, match="--data"):
        data_paths([word], ["Maze"])


def test_no_place_is_taken_twice():
    for count in range(1, 40):
        for most in range(1, 40):
            places = spread(count, most)
            assert len(set(places)) == len(places) == min(count, most)
            assert places[0] == 0 and places[-1] < count


def test_an_unknown_suite_is_refused():
    with pytest.raises(BadOption, match="there is agenteval"):
        Settings(policy="expert", env_ids=(), suite="chess")
