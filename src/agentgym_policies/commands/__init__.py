"""The commands of ``agentgym`` that need a policy; see `agentgym_envs.cli`."""
