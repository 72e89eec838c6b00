"""Environments that live on a server of `agentgym_server`.

| Module | Holds |
|---|---|
| `env` | `RemoteEnv`, one environment |
| `backend` | many of them, for `TextVectorEnv` with ``backend="http"`` |
| `link` | the connection, which is opened again when it breaks |
| `wire` | how values travel |
| `errors` | what goes wrong |
"""
