"""SearchQA: answer a question by searching a corpus.

AgentGym has it since after its paper; it is none of the 89 tasks.
"""

from agentgym_envs.registry import TaskSpec

HORIZON = 30  # steps, the published evaluation limit

SPECS = [
    TaskSpec(
        name="SearchQA",
        entry="agentgym_envs.searchqa.env:SearchQAEnv",
        scenario="search",
        horizon=HORIZON,
        train=2600,
        test=600,
        extra="searchqa",
    ),
]
