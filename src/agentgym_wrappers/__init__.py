"""Wrappers around text environments: parsing, memory, numbers, records."""

from agentgym_wrappers.code_action import CodeAction
from agentgym_wrappers.function_call import FunctionCallAction
from agentgym_wrappers.react import ReActAction
from agentgym_wrappers.record import RecordTrajectory

__all__ = ["CodeAction", "FunctionCallAction", "ReActAction", "RecordTrajectory"]
