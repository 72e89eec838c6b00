"""Every ready id keeps every promise of the library."""

from __future__ import annotations

import pytest

import agentgym_envs
from agentgym_envs import testing

# All checks take twenty seconds or more there. They run on the family; its single tasks
# differ from it by their items alone, and so do these checks.
SLOW_ENGINES = {"SciWorld"}
OF_ITEMS = (
    testing.check_items,
    testing.check_splits,
    testing.check_infos,
    testing.check_determinism,
    testing.check_snapshots,
    testing.check_expert,
)
READY = [spec for spec in agentgym_envs.SPECS if spec.entry]
FAMILIES = [spec for spec in READY if "." not in spec.name]


SLOW_TASKS = [
    spec
    for spec in READY
    if spec not in FAMILIES and spec.name.partition(".")[0] in SLOW_ENGINES
]


@pytest.mark.parametrize(
    "spec",
    [spec for spec in READY if spec not in SLOW_TASKS],
    ids=lambda spec: spec.name,
)
def test_every_ready_id_keeps_all_promises(spec):
    testing.check_agent_env(spec.id)


@pytest.mark.slow
@pytest.mark.parametrize("spec", SLOW_TASKS, ids=lambda spec: spec.name)
def test_single_tasks_of_slow_engines_keep_the_promises_about_items(spec):
    for check in OF_ITEMS:
        testing.run_check(check, testing.Subject(spec.id, {}))


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
@pytest.mark.parametrize(
    "check",
    [
        # The other promises are those of the default mode: in the original, an
        # expert may be unable to win, and play may go on after the end.
        check
        for check in testing.CHECKS
        if check is not testing.check_expert
    ],
    ids=lambda check: check.__name__,
)
def test_parity_mode_keeps_the_promises_too(spec, check):
    testing.run_check(check, testing.Subject(spec.id, {"parity": True}))


def test_the_registry_tells_the_number_of_items():
    for spec in READY:
        for split, count in (("train", spec.train), ("test", spec.test)):
            env = testing.Subject(spec.id, {"split": split}).make()
            assert len(testing.agent(env).tasks) == count, spec.name


def test_infos_name_the_task_as_the_list_does():
    for task in agentgym_envs.list_tasks():
        if task.ready:
            _, info = testing.Subject(task.id, {}).make().reset(seed=0)
            assert info["task"] == task.task
