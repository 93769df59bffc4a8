"""A job that was asked for in a request is worked on in the same trace, by whichever worker takes it."""

from pathlib import Path

from domain.ports.work import Job
from tests.support.cloud import cloud_settings, working
from tests.support.collector import collecting
from tests.support.served import until_async


async def test_trace_goes_with_a_job_through_the_queue(tmp_path: Path, aws_keys: None) -> None:
    with collecting() as collector:
        async with cloud_settings(tmp_path, otlp_endpoint=collector.url) as settings, working(settings) as worker:
            tracing, jobs = worker.application.tracing, worker.application.ports.jobs
            assert tracing is not None
            with tracing.span("request"):
                await jobs.submit(Job(dataset_id="0190aaaa-0000-7000-8000-0000000000ff", version=1))

            async def settled() -> bool:
                depth = await worker.source.queue.depth()
                return not (depth["waiting"] or depth["in_hand"])

            assert await until_async(settled)
        request, job = collector.named("request"), collector.named("job")
        assert (job.trace, job.parent) == (request.trace, request.id)
        assert job.attributes["driftline.version"] == 1
