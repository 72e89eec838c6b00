"""Give verifiers our environments: it finds tasksets by the names of modules.

    cd examples
    PYTHONPATH=. vf-eval agentgym_verifiers --env.taskset.env-id agentgym/Maze-v0 \
        --env.player.harness.id null

verifiers takes no dotted name, so this module hands on what is meant.
"""

from agentgym_trainers.verifiers_tasks import AgentGymEnv, AgentGymTaskset

__all__ = ["AgentGymEnv", "AgentGymTaskset"]
