"""Our own protocol: batches over HTTP, or over a WebSocket; MessagePack or JSON.

| Module | Holds |
|---|---|
| `models` | the messages, as OpenAPI publishes them |
| `work` | what they do |
| `gathering` | results, as they come |
| `body`, `routes` | the way over HTTP |
| `socket` | the way over a WebSocket |
"""
