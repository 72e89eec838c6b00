"""Wrappers around text environments: parsing, memory, numbers, records."""

from agentgym_wrappers.record import RecordTrajectory

__all__ = ["RecordTrajectory"]
