"""The commands of the server package; see `agentgym_envs.cli`."""
