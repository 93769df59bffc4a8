"""What Prometheus may ask. One registry per app: two apps in one process (tests) do not add up."""

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from entrypoints.worker.metrics import JobMetrics

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
# From a cached read (0.2 ms) to the analysis of ten million rows.
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters and clocks of the HTTP side."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = Counter(
            "driftline_http_requests", "Answered requests", ["method", "route", "status"], registry=self.registry
        )
        self._durations = Histogram(
            "driftline_http_request_duration_seconds",
            "Time from the first byte in to the last byte out",
            ["method", "route"],
            registry=self.registry,
            buckets=SECONDS,
        )
        self.upload_bytes = Counter("driftline_upload_bytes", "Bytes of files stored", registry=self.registry)
        self.of_jobs = JobMetrics(self.registry)
        cache = Counter(
            "driftline_analysis_cache", "Reads of finished analyses by outcome", ["outcome"], registry=self.registry
        )
        self.cache_hits = cache.labels("hit")
        self.cache_misses = cache.labels("miss")
        self.analysis_seconds = Histogram(
            "driftline_analysis_seconds",
            "Time to compute an analysis that was not at hand",
            registry=self.registry,
            buckets=SECONDS,
        )
        # Looking labels up by name takes longer than counting: each combination is looked up once.
        self._known: dict[tuple[str, str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request. ``route`` is the template, so that identifiers make no new series."""
        key = (method, route, status)
        known = self._known.get(key)
        if known is None:
            known = (
                self._requests.labels(method, route, str(status)).inc,
                self._durations.labels(method, route).observe,
            )
            self._known[key] = known
        count, observe = known
        count()
        observe(seconds)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
