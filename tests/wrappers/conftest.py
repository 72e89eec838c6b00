from __future__ import annotations

import contextlib
import os
import time
from functools import partial
from pathlib import Path

import gymnasium
import pytest

import agentgym_envs

FAMILIES = sorted(
    {spec.name.split(".")[0] for spec in agentgym_envs.SPECS if spec.entry}
)


@pytest.fixture(params=FAMILIES)
def family(request):
    return request.param


@pytest.fixture
def maze():
    """The original map, whose third start has three exits: left, right, down."""
    return gymnasium.make("agentgym/Maze-v0", parity=True)


@pytest.fixture
def wordle():
    return gymnasium.make("agentgym/Wordle-v0")


def patiently(start, tries=2):
    """Start a node; Ray gives it 30 seconds, which is short on a busy machine."""
    for attempt in range(tries):
        with contextlib.suppress(Exception):
            return start()
        time.sleep(attempt)
    return start()


@pytest.fixture(scope="session")
def ray_cluster(tmp_path_factory):
    """A Ray cluster of one node on this machine, to which nodes can be added."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patched:
        paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        patched.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
        patched.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patched.setenv("RAY_AUTH_MODE", "disabled")
        node = {"num_cpus": 4, "include_dashboard": False, "resources": {"games": 4}}
        start = partial(Cluster, initialize_head=True, head_node_args=node)
        cluster = patiently(start)
        try:
            ray.init(address=cluster.address, log_to_driver=False)
            yield cluster
        finally:
            ray.shutdown()
            cluster.shutdown()


@pytest.fixture
def second_ray_node(ray_cluster):
    """Another node, which alone has the resource ``second``."""
    resources = {"games": 4, "second": 4}
    node = patiently(partial(ray_cluster.add_node, num_cpus=4, resources=resources))
    yield node
    if node in ray_cluster.worker_nodes:
        ray_cluster.remove_node(node)
