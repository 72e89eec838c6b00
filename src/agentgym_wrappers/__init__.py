"""Wrappers around text environments: parsing, memory, numbers, records.

| Wrapper | Takes, gives |
|---|---|
| `ReActAction`, `FunctionCallAction`, `CodeAction` | a model's raw reply as action |
| `AdmissibleActions` | the index of an admissible action |
| `ShowAdmissible` | observations that list the admissible actions |
| `HistoryObservation` | observations that tell the latest turns |
| `ChatObservation` | the episode as chat messages |
| `ByteTokens`, `HashedBagOfWords` | observations as arrays |
| `RecordTrajectory` | finished episodes as records |
| `TextVectorEnv` | many environments at once, in worker processes or on a server |
| `RemoteEnv` | one environment on a server |

| Adapter | For |
|---|---|
| `AsyncEnv`, `AsyncVector` | asyncio: an environment, or slots of a vector |
| `Episode` | harnesses that act by function calls |
| `make_trl_environment`, `tool_rows` | TRL's ``environment_factory`` |
"""

from agentgym_wrappers.admissible import AdmissibleActions
from agentgym_wrappers.async_env import AsyncEnv
from agentgym_wrappers.async_vector import AsyncVector
from agentgym_wrappers.bag_of_words import HashedBagOfWords
from agentgym_wrappers.byte_tokens import ByteTokens
from agentgym_wrappers.chat import ChatObservation
from agentgym_wrappers.code_action import CodeAction
from agentgym_wrappers.episode import Episode
from agentgym_wrappers.function_call import FunctionCallAction
from agentgym_wrappers.history import HistoryObservation
from agentgym_wrappers.react import ReActAction
from agentgym_wrappers.record import RecordTrajectory
from agentgym_wrappers.remote.env import RemoteEnv
from agentgym_wrappers.show import ShowAdmissible
from agentgym_wrappers.trl_environment import make_trl_environment, tool_rows
from agentgym_wrappers.vector import TextVectorEnv

__all__ = [
    "AdmissibleActions",
    "AsyncEnv",
    "AsyncVector",
    "ByteTokens",
    "ChatObservation",
    "CodeAction",
    "Episode",
    "FunctionCallAction",
    "HashedBagOfWords",
    "HistoryObservation",
    "ReActAction",
    "RecordTrajectory",
    "RemoteEnv",
    "ShowAdmissible",
    "TextVectorEnv",
    "make_trl_environment",
    "tool_rows",
]
