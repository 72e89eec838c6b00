"""Many text environments at once, in this process or in workers.

| Module | Holds |
|---|---|
| `env` | `TextVectorEnv`, the face that users see |
| `exchange` | who has been asked what, and whose answers wait |
| `arguments` | what callers may pass, in one form |
| `slot` | one environment with its resets, its crashes, its seeds |
| `makers` | from ids and functions to what a worker can make |
| `messages` | what is told of slots, and how it is packed |
| `results` | from what was told to arrays and dictionaries |
| `backend` | what a backend has to do, and the choice of one |
| `inline`, `processes` | the backends: in this process, in processes elsewhere |
| `lines`, `actors` | the ways to workers: to processes of this machine, to Ray actors |
| `launch`, `nursery` | how worker processes are started |
| `member` | one worker as its parent sees it |
| `worker` | what runs in a worker |
"""

from agentgym_wrappers.vector.env import TextVectorEnv
from agentgym_wrappers.vector.launch import WorkerLost
from agentgym_wrappers.vector.results import Results

__all__ = ["Results", "TextVectorEnv", "WorkerLost"]
