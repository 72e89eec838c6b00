from __future__ import annotations

import json

import pytest

from agentgym_envs.errors import BadOption
from agentgym_policies.evaluate import Settings, plan
from agentgym_policies.intervals import wilson
from agentgym_policies.record import Record
from agentgym_policies.report import summarise
from agentgym_policies.rows import table_of

MAZE, OPEN, PICKUP = (
    "agentgym/Maze-v0",
    "agentgym/BabyAI.Open-v0",
    "agentgym/BabyAI.Pickup-v0",
)
SETTINGS = Settings(policy="expert", env_ids=(MAZE, OPEN, PICKUP))


def record(env_id, number, *, success=True, episode=0, **more):
    values = {
        "env_id": env_id,
        "item_id": f"item_{number}",
        "episode": episode,
        "seed": 0,
        "end_reason": "success" if success else "failure",
        "success": success,
        "score": float(success),
        "steps": 4,
        "duration": 0.5,
    }
    return Record(**{**values, **more})


def test_a_row_has_means_over_its_episodes():
    records = [
        record(MAZE, 0, steps=2),
        record(MAZE, 1, steps=6, success=False, score=0.5),
    ]

    (row,) = summarise(SETTINGS, records).tasks

    assert (row.family, row.task, row.items) == ("Maze", "Maze", 2)
    assert row.success_rate == 0.5
    assert row.interval == (0.0, 1.0)  # a quarter of all resamples is 0, another 1
    assert row.mean_score == 0.75
    assert row.mean_steps == 4
    assert row.steps_per_second == 8
    assert row.end_reasons == {"failure": 1, "success": 1}


def test_families_with_several_tasks_have_a_row_of_their_own():
    records = [
        record(PICKUP, 0, success=False),
        record(MAZE, 0),
        *(record(OPEN, number) for number in range(3)),
    ]

    rows = summarise(SETTINGS, records).rows

    assert [(row.family, row.task) for row in rows] == [
        ("Maze", "Maze"),
        ("BabyAI", "Open"),
        ("BabyAI", "Pickup"),
        ("BabyAI", "all tasks"),
        ("total", ""),
    ]
    assert rows[3].success_rate == 0.75
    assert rows[4].items == 5


def test_a_family_is_one_block_wherever_its_ids_stand():
    settings = Settings(policy="expert", env_ids=(OPEN, MAZE, PICKUP))
    records = [record(env_id, 0) for env_id in settings.env_ids]

    rows = summarise(settings, records).rows

    tasks = [row.task for row in rows]
    assert tasks == ["Open", "Pickup", "all tasks", "Maze", ""]


def test_crashes_are_in_no_mean():
    crash = Record(env_id=MAZE, item_id="item_9", episode=0, seed=0, end_reason="crash")

    report = summarise(SETTINGS, [record(MAZE, 0), crash])

    assert report.total.success_rate == report.total.mean_score == 1.0
    assert (report.total.items, report.total.crashed) == (1, 1)
    assert report.crashes == [crash]
    assert report.unsolved == []


def test_only_crashes_give_no_rate_at_all():
    crash = Record(env_id=MAZE, item_id="item_9", episode=0, seed=0, end_reason="crash")

    report = summarise(SETTINGS, [crash])

    assert "success_rate" not in report.total.to_json()
    headings, (texts,) = table_of([report.total])
    shown = dict(zip(headings, texts, strict=True))
    assert {shown[name] for name in ("success", "95 % interval", "score")} == {"–"}
    assert shown["crashed"] == "1"


def test_repetitions_of_an_item_are_no_further_trials():
    records = [
        record(MAZE, number, episode=episode, success=episode == 0)
        for number in range(5)
        for episode in range(2)
    ]

    row = summarise(SETTINGS, records).total

    assert (row.items, row.episodes) == (5, 10)
    assert row.success_rate == 0.5
    assert row.interval == wilson(2.5, 5)


def test_the_order_of_playing_does_not_matter():
    records = [record(env, number) for env in (MAZE, OPEN) for number in range(12)]

    forwards, backwards = (
        summarise(SETTINGS, order) for order in (records, records[::-1])
    )

    assert json.dumps(forwards.to_json()) == json.dumps(backwards.to_json())
    assert forwards.to_markdown() == backwards.to_markdown()


def test_the_markdown_report_names_what_was_not_solved():
    report = summarise(
        SETTINGS,
        [
            record(MAZE, 10, success=False),
            record(MAZE, 9, success=False, error="no\nway", end_reason="gave_up"),
        ],
    )

    text = report.to_markdown()

    first = "- `agentgym/Maze-v0` `item_9` gave_up: no way"
    second = "- `agentgym/Maze-v0` `item_10` failure"
    assert f"## Not solved: 2\n\n{first}\n{second}\n" in text


def test_records_come_back_from_json_as_they_were():
    crash = Record(
        env_id=MAZE, item_id="x", episode=1, seed=2, end_reason="crash", error="bug"
    )
    for kept in (record(MAZE, 0, invalid_actions=3), crash):
        line = json.loads(json.dumps(kept.to_json()))
        assert Record.from_json(line) == kept
    assert "score" not in crash.to_json()


def test_the_hash_of_settings_covers_every_setting():
    variants = [
        {"policy": "random"},
        {"env_ids": (MAZE,)},
        {"split": "train"},
        {"items": 7},
        {"episodes": 2},
        {"seed": 1},
        {"parity": True},
        {"horizon": 9},
        {"kind": "collect"},
        {"only_success": True},
        {"suite": "agenteval"},
        {"data": {"Maze": "here"}},
    ]
    base = {"policy": "expert", "env_ids": (MAZE, OPEN)}

    hashes = {Settings(**{**base, **variant}).digest for variant in ({}, *variants)}

    assert len(hashes) == len(variants) + 1


def test_a_plan_has_the_first_items_of_the_split_each_with_a_seed_of_its_own():
    settings = Settings(policy="expert", env_ids=(MAZE,), items=3, episodes=2)

    jobs = plan(settings)

    assert [job.item_id for job in jobs[::2]] == ["maze_2000", "maze_2001", "maze_2002"]
    assert [job.episode for job in jobs] == [0, 1] * 3
    assert len({job.seed for job in jobs}) == 6


def test_a_plan_takes_all_items_where_there_are_fewer():
    jobs = plan(Settings(policy="expert", env_ids=(MAZE,), items=10**6))

    assert len(jobs) == 200


def test_settings_without_an_episode_are_refused():
    with pytest.raises(BadOption, match="episodes must be at least 1"):
        Settings(policy="expert", env_ids=(MAZE,), episodes=0)


GROUP = "agentgym/BabyAI-v0"


def test_a_group_id_is_reported_by_the_task_of_each_item():
    settings = Settings(policy="expert", env_ids=(GROUP,))
    records = [
        record(GROUP, number, task=task, success=task == "Open")
        for number, task in enumerate(["Open", "Pickup", "Open"])
    ]

    report = summarise(settings, records)

    rates = {row.task: row.success_rate for row in report.rows}
    assert rates == {"Open": 1, "Pickup": 0, "all tasks": 2 / 3, "": 2 / 3}


def test_splits_and_difficulties_have_rows_of_their_own():
    records = [
        record(MAZE, 0, split="train", difficulty="simple"),
        record(MAZE, 1, split="test", difficulty="hard", success=False),
        record(MAZE, 2, split="test", difficulty="hard"),
        record(OPEN, 3, split="test"),
    ]

    report = summarise(SETTINGS, records)

    told = [(row.family, row.task, row.success_rate) for row in report.splits]
    assert told == [("Maze", "train", 1.0), ("Maze", "test", 0.5)]
    told = [(row.family, row.task, row.items) for row in report.difficulties]
    assert told == [("Maze", "simple", 1), ("Maze", "hard", 2)]
    assert "## Difficulty" in report.to_markdown()


def test_what_crashes_have_cost_is_counted():
    crash = record(
        MAZE, 1, end_reason="crash", requests=1, prompt_tokens=7, cost=0.5, wall=2.0
    )
    spent = record(MAZE, 0, requests=2, prompt_tokens=10, completion_tokens=5, cost=1.0)

    row = summarise(SETTINGS, [spent, crash]).total

    assert (row.prompt_tokens, row.completion_tokens, row.cost) == (17, 5, 1.5)
    assert (row.episodes, row.crashed, row.wall_seconds) == (1, 1, 2.0)


def test_invalid_actions_are_a_share_of_the_steps():
    records = [
        record(MAZE, 0, steps=2, invalid_actions=1),
        record(MAZE, 1, steps=6, invalid_actions=1),
    ]

    assert summarise(SETTINGS, records).total.invalid_rate == 0.25


def test_pass_at_k_is_the_mean_over_items_with_so_many_episodes():
    records = [
        record(MAZE, number, episode=episode, success=episode < solved)
        for number, solved in enumerate([0, 1, 4])
        for episode in range(4)
    ]
    records += [
        record(MAZE, 3, episode=0),
        record(MAZE, 3, episode=1, end_reason="crash"),
    ]

    row = summarise(SETTINGS, records).total

    # Item 1: 1/4, then 1 - 3/6, then certain. Item 3 has one episode only.
    assert row.pass_at == {
        "1": (0 + 0.25 + 1 + 1) / 4,
        "2": (0 + 0.5 + 1) / 3,
        "4": (0 + 1 + 1) / 3,
    }


def test_the_original_scale_is_reported_where_all_have_it():
    records = [record(MAZE, n, original_score=100.0 * n, score=n) for n in (0, 1)]

    assert summarise(SETTINGS, records).total.mean_original_score == 50.0
    mixed = [*records, record(MAZE, 2)]
    assert summarise(SETTINGS, mixed).total.mean_original_score is None


def test_numbers_leave_out_what_a_repetition_changes():
    records = [record(MAZE, 0, wall=1.0), record(MAZE, 1, success=False)]
    slower = [record(MAZE, 0, wall=9.0, duration=3.0), records[1]]

    first, second = (summarise(SETTINGS, some).numbers() for some in (records, slower))

    assert first == second
    assert first["total"][0]["score_interval"] == [0.0, 1.0]
