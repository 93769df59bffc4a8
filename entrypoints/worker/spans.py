"""A span around each job, as a part of the trace in which it was asked for, where that is known."""

from contextlib import AbstractContextManager
from dataclasses import replace

from entrypoints.tracing import Tracing, of_job
from entrypoints.worker.loop import WorkerLoop
from entrypoints.worker.sources import Delivery


def observed(loop: WorkerLoop, tracing: Tracing | None) -> WorkerLoop:
    """The same loop, traced if tracing is configured."""
    if tracing is None:
        return loop

    def around(delivery: Delivery) -> AbstractContextManager[object]:
        about = of_job(delivery.job) | {"driftline.attempt": delivery.attempt}
        return tracing.span("job", about, kind="consumer", parent=delivery.traceparent)

    return replace(loop, around=around)
