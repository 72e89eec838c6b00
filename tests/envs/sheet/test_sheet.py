from __future__ import annotations

import random
from collections import Counter

import pytest
from desk import make, table, tell

from agentgym_envs.draws import choose
from agentgym_envs.errors import BadOption, NoExpertAction, SnapshotError
from agentgym_envs.sheet.engine import EmbeddedBooks
from agentgym_envs.sheet.env import SheetEnv
from agentgym_envs.sheet.grading import overlap_share, strict_share
from agentgym_envs.sheet.grid import Sheet
from agentgym_envs.sheet.templates import TEMPLATES
from agentgym_envs.sheet.words import TEST, TRAIN
from agentgym_envs.tools.generate import generator
from agentgym_envs.tools.replies import write_call


def play(env, item):
    env.reset(options={"item": item})
    while True:
        _, reward, done, truncated, info = env.step(env.expert_action())
        if done or truncated:
            return reward, info


def item_that(says, split="test"):
    return next(t for t in SheetEnv(split=split).tasks if says in t.goal)


def test_the_expert_solves_the_test_items_and_some_for_training():
    for split in ("test", "train"):
        env = SheetEnv(split=split)
        for task in env.tasks[:200]:
            reward, info = play(env, task.index)
            assert reward == 1.0 and info["success"], task.goal


@pytest.mark.slow
@pytest.mark.parametrize("parity", [False, True])
def test_the_expert_solves_all_listed_items(parity):
    env = SheetEnv(split="all", parity=parity)
    for task in env.tasks:
        reward, info = play(env, task.index)
        assert reward == 1.0 and info["success"], task.goal


def test_paths_fit_the_horizon_and_no_template_is_rare():
    env = SheetEnv()
    tasks = env.tasks[:600]
    assert max(len(task.payload["path"]) for task in tasks) <= 15
    drawn = Counter(
        choose(generator("Sheet", "train", number), TEMPLATES).__name__
        for number in range(600)
    )
    assert len(drawn) == len(TEMPLATES) == 18 and min(drawn.values()) > 15


def test_items_are_the_same_in_every_instance():
    one, other = (SheetEnv(split="all").tasks for _ in range(2))
    for index in (0, 199, 200, 2199, 4000, 10**17):
        assert one.at(index) == other.at(index)


def test_test_tables_have_names_of_their_own():
    for trained, tested in zip(TRAIN, TEST, strict=True):
        assert not set(trained) & set(tested)
    products = [
        {product for some in words.products.values() for product in some}
        for words in (TRAIN, TEST)
    ]
    assert not products[0] & products[1]


def test_wanted_sums_and_amounts_are_what_the_rows_say():
    for says, check in (
        ('"Sum" with the sum', lambda row: sum(map(float, row[2:5])) == float(row[5])),
        (
            "units times unit price",
            lambda row: abs(float(row[3]) * float(row[4]) - float(row[5])) < 0.01,
        ),
    ):
        gold = item_that(says).payload["subgoals"][0]
        assert len(gold) > 5 and all(check(row) for row in gold[1:])


def test_wanted_rows_are_in_order_below_their_header():
    task = item_that('by "Hours" in descending order')
    head, *rows = task.payload["subgoals"][0]
    hours = [float(row[head.index("Hours")]) for row in rows]
    assert hours == sorted(hours, reverse=True) and head[0] == "Task"


def test_results_may_be_written_instead_of_worked_out():
    task = item_that('"Sum" with the sum')
    env = SheetEnv(split="test")
    env.reset(options={"item": task.index})
    gold = task.payload["subgoals"][0]
    calls = [task.payload["path"][0]]
    for action in map(str, calls):
        env.step(action)
    end = f"F{len(gold)}"
    given = {"start_position": "A2", "end_position": end, "values_list": gold[1:]}
    env.step(write_call("update_range", given))
    _, reward, _, _, info = env.step(write_call("finish", {}))
    assert reward == 1.0 and info["success"]


def test_finishing_at_once_or_with_the_start_earns_nothing():
    env = SheetEnv(split="test")
    for task in env.tasks[:30]:
        env.reset(options={"item": task.index})
        _, reward, done, _, info = env.step(write_call("finish", {}))
        assert (reward, done, info["success"]) == (0.0, True, False)
        env.reset(options={"item": task.index})
        env.step(str(task.payload["path"][0]))
        assert env.step(write_call("finish", {}))[1] == 0.0


def test_half_of_the_work_earns_a_part():
    env = SheetEnv(split="test")
    env.reset(options={"item": item_that("merge its cells").index})
    for _ in range(4):
        env.step(env.expert_action())
    _, reward, done, _, info = env.step(write_call("finish", {}))
    assert 0.0 < reward == info["score"] < 1.0 and done and not info["success"]


def test_rows_beyond_the_wanted_ones_are_wrong_unless_asked_otherwise():
    task = item_that("delete all tasks with the status")
    calls = [str(call) for call in task.payload["path"]]
    extra = write_call("update_cell", {"position": "A30", "value": "more"})
    for strict, reward in ((None, None), (False, 1.0)):
        env = SheetEnv(split="test", strict_shape=strict)
        env.reset(options={"item": task.index})
        for action in (*calls[:-1], extra):
            env.step(action)
        got = env.step(calls[-1])[1]
        assert got < 1.0 if reward is None else got == reward


def test_shares_count_cells():
    assert overlap_share([["a", "b"], ["c", "d"]], [["a", "x"]]) == 0.5
    assert overlap_share([], [["a"]]) == 0.0
    assert strict_share([["a", "b"], ["c", "d"]], [["a", "x"]]) == 0.25
    assert strict_share([["a"]], [["a"]]) == 1.0
    assert strict_share([], [["a"]]) == 0.0


def test_in_parity_the_level_rises_with_the_sheet_and_never_falls():
    env = make(parity=True, gold=[["Fruit", "Kind"], ["plum", "stone"]])
    _, reward, done, _, _ = env.step(write_call("get_note", {"position": "A1"}))
    assert (reward, done) == (0.5, False)
    given = {"position": "A2", "value": "plum"}
    assert env.step(write_call("update_cell", given))[1] == 0.75
    given = {"position": "A2", "value": "Unfinished"}
    assert env.step(write_call("update_cell", given))[1:3] == (0.75, True)
    assert env.step(write_call("get_note", {}))[1:3] == (0.75, False)
    assert env.step("no call")[1:3] == (0.75, False)
    assert env.step(write_call("FINISH", {}))[1:3] == (0.75, True)
    assert env.step("Action: x with Action Input: {")[1:3] == (0.75, True)


def test_the_expert_repairs_what_was_done_to_a_sheet():
    env = SheetEnv(split="test", horizon=40)
    for task in env.tasks[:60]:
        env.reset(options={"item": task.index})
        env.step(env.expert_action())
        tell(env, "sort_sheet_by_col", col_num=1, order="asc")
        tell(env, "update_cell", position="B2", value="oops")
        tell(env, "update_cell", position="A40", value="more")
        while True:
            _, reward, done, truncated, _ = env.step(env.expert_action())
            if done or truncated:
                break
        assert reward == 1.0, task.goal


def test_what_cannot_be_repaired_is_said():
    env = SheetEnv(split="test")
    env.reset(options={"item": 0})
    env.step(env.expert_action())
    tell(env, "merge_cells", start_position="A1", end_position="B9")
    with pytest.raises(NoExpertAction, match="can't be repaired"):
        env.expert_action()
    env = SheetEnv(split="test", horizon=2)
    env.reset(options={"item": 0})
    with pytest.raises(NoExpertAction, match="more calls"):
        env.expert_action()


def test_two_episodes_never_see_each_other():
    one, other = make(), make()
    tell(one, "update_cell", position="A1", value="changed")
    assert table(other)[0][0] == "Fruit"
    one.reset(options={"item": 0})
    tell(one, "open_sheet", name="Fruit")
    assert table(one)[0][0] == "Fruit"


def test_64_interleaved_episodes_equal_64_serial_ones():
    env = SheetEnv(split="test")
    scripts = [[str(call) for call in task.payload["path"]] for task in env.tasks[:64]]
    serial = []
    for item, script in enumerate(scripts):
        env.reset(options={"item": item})
        serial.append([env.step(action) for action in script])
    envs = [SheetEnv(split="test") for _ in scripts]
    for item, other in enumerate(envs):
        other.reset(options={"item": item})
    woven = [[] for _ in scripts]
    for step in range(max(map(len, scripts))):
        for number, script in enumerate(scripts):
            if step < len(script):
                woven[number].append(envs[number].step(script[step]))
    assert woven == serial


def test_a_random_agent_and_one_that_says_no_fail():
    env = SheetEnv(split="all")
    rng = random.Random(0)
    won = no = 0.0
    for task in env.tasks[::22]:
        env.reset(options={"item": task.index})
        no += env.step(write_call("finish", {"answer": "No"}))[1]
        env.reset(options={"item": task.index})
        env.step(str(task.payload["path"][0]))
        over = False
        while not over:
            _, reward, done, truncated, _ = env.step(_random_call(rng))
            won += reward
            over = done or truncated
    assert no == 0.0 and won / 100 < 0.05


def _random_call(rng):
    cell = f"{rng.choice('ABCDEF')}{rng.randrange(1, 15)}"
    return write_call(
        *rng.choice(
            [
                ("finish", {}),
                ("freeze_data", {"dimension": "rows", "num": 1}),
                ("sort_sheet_by_col", {"col_num": rng.randrange(1, 7), "order": "des"}),
                ("update_cell", {"position": cell, "value": rng.randrange(100)}),
                ("delete_batch_data", {"dimension": "row", "index_list": [2, 5]}),
                ("get_all_values", {}),
                ("merge_cells", {"start_position": "A2", "end_position": cell}),
            ]
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"opened": 7},
        {"opened": -2},
        {"sheets": {9: Sheet([])}},
        {"sheets": {0: Sheet([["", ""], [""]])}},
        {"sheets": {0: Sheet([["nonsense"]])}},
        {"sheets": {0: Sheet([['["x","#","",""]']])}},
        {"sheets": {0: Sheet([[""] * 27])}},
        {"sheets": {0: Sheet([], height=10**12)}},
        {"sheets": {0: Sheet([], merges=[(2, 0, 1, 0)])}},
        {"sheets": {0: Sheet([], frozen=(-1, 0))}},
    ],
)
def test_snapshots_of_impossible_books_are_refused(change):
    env = SheetEnv()
    env.reset(options={"item": 0})
    good = env.snapshot()
    for name, value in change.items():
        setattr(env._state, name, value)
    bad = env.snapshot()
    env.restore(good)
    with pytest.raises(SnapshotError):
        env.restore(bad)


@pytest.mark.parametrize("keyword", ["strict_shape", "legacy_retry", "backend"])
def test_unknown_values_of_the_keywords_are_refused(keyword):
    with pytest.raises(BadOption, match=keyword):
        SheetEnv(**{keyword: "maybe"})


def test_the_open_sheet_can_be_drawn():
    env = make()
    assert "apple  | pome  | 1.50  | 20" in env._ansi(colour=False)
    env.reset(options={"item": 0})
    assert "No sheet is open; there are Fruit, Other" in env._ansi(colour=False)


class Delegate:
    """A backend of somebody else's making."""

    def __init__(self):
        self.inner = EmbeddedBooks()

    def __getattr__(self, name):
        return getattr(self.inner, name)


def test_a_backend_may_be_any_object_with_the_methods():
    env = SheetEnv(split="test", backend=Delegate())
    assert play(env, 3)[0] == 1.0
    env.restore(env.snapshot())
    assert "Sheet:" in env._ansi(colour=False)
    env.close()
