"""What is told to Prometheus, at `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from agentgym_server.sessions import Sessions

BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)  # seconds
NO_ROUTE = "none"


class Metrics:
    """The metrics of one server, in a registry of their own."""

    def __init__(self, sessions: Sessions) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Counts(sessions))
        self._seconds = Histogram(
            "agentgym_request_seconds",
            "Time from the head of a request to the end of its reply.",
            ("route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Take note of a request."""
        self._seconds.labels(route or NO_ROUTE, str(status)).observe(seconds)

    def text(self) -> bytes:
        """Give all, in Prometheus' text format."""
        return generate_latest(self.registry)


class _Counts(Collector):
    """Reads what the store counts when somebody asks, which costs steps nothing."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def collect(self) -> Iterator[Metric]:
        """Give the counts."""
        store = self._sessions
        alive = GaugeMetricFamily(
            "agentgym_environments", "Environments that live.", labels=["family"]
        )
        for family, count in store.counts().items():
            alive.add_metric([family], count)
        yield alive
        calls = CounterMetricFamily(
            "agentgym_calls", "Calls of environments.", labels=["family", "operation"]
        )
        for (family, operation), count in list(store.tally.items()):
            calls.add_metric([family, operation], count)
        yield calls
        for name, help, value in (
            ("agentgym_failures", "Episodes that ended by a failure.", store.failures),
            ("agentgym_worker_deaths", "Workers that died.", store.worker_deaths),
            ("agentgym_leases_expired", "Leases that ended.", store.expired),
        ):
            yield CounterMetricFamily(name, help, value=value)
