"""Environments that live on a server of `agentgym_server`."""
