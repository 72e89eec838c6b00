"""Servers that offer text environments to other processes.

| Module | Holds |
|---|---|
| `settings` | what a server is told when it starts |
| `app` | the application: routes, limits, the life of the store |
| `sessions` | the store: environments by id, leases, the cap |
| `lanes`, `workers` | the threads and processes that environments live in |
| `seat` | an environment, as its thread or process sees it |
| `offers` | which environments and keywords clients may choose |
| `guard`, `patience` | limits on what arrives, and on how slowly |
| `metrics` | what is told to Prometheus |
| `v1` | our own protocol |
| `dialects` | the routes of the original servers |
| `running` | the life of the process: ready, running, stopped |
"""
