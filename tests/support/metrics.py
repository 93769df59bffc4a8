"""All metrics there are, as Prometheus sees them."""

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry

from entrypoints.http.metrics import Metrics
from entrypoints.worker.metrics import JobMetrics, QueueMetrics


def _of_worker() -> CollectorRegistry:
    registry = CollectorRegistry()
    JobMetrics(registry)
    QueueMetrics(registry)
    return registry


REGISTRIES: tuple[CollectorRegistry, ...] = (Metrics().registry, _of_worker())
OF_PROMETHEUS = {"job", "instance"}  # labels that it adds to every series
SAMPLES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def declared() -> list[Any]:
    """Our own collectors."""
    return [one for registry in REGISTRIES for one in registry._collector_to_names if hasattr(one, "_labelnames")]


def labels_by_sample() -> Mapping[str, set[str]]:
    """The labels that each sample may be asked by."""
    of_process = {sample.name for one in REGISTRIES for metric in one.collect() for sample in metric.samples}
    known = {name: set(OF_PROMETHEUS) for name in of_process if not name.startswith("driftline_")} | {
        "up": OF_PROMETHEUS
    }
    for collector in declared():
        for ending in SAMPLES[collector._type]:
            more = {"le"} if ending == "_bucket" else set()
            known[collector._name + ending] = OF_PROMETHEUS | set(collector._labelnames) | more
    return known
