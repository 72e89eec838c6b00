"""The commands of ``agentgym`` that need no policy; see `agentgym_envs.cli`."""
