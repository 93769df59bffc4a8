"""A span around each job, as a part of the trace in which it was asked for, where that is known."""

from contextlib import AbstractContextManager
from dataclasses import replace

from entrypoints.tracing import Tracing, of_job
from entrypoints.worker.loop import WorkerLoop
from entrypoints.worker.sources import Delivery


def observed(loop: WorkerLoop, tracing: Tracing | None) -> WorkerLoop:
    """The same loop, told of if there is somebody to tell."""
    if tracing is None:
        return loop

    def around(delivery: Delivery) -> AbstractContextManager[object]:
        kind = "dataset" if delivery.job.report_id is None else "report"
        about = of_job(delivery.job) | {"driftline.kind": kind, "driftline.attempt": delivery.attempt}
        return tracing.span("job", about, kind="consumer", parent=delivery.traceparent)

    return replace(loop, around=around)
