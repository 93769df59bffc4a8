"""What was done, as spans, to a collector that listens."""

import sys
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from entrypoints.tracing import opened_tracing
from tests.support.collector import Collector, collecting
from tests.support.served import SALES, dataset, served, upload

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> Collector:
    """What a collector was told of one upload, one analysis, a refused file and some health checks."""
    with collecting() as collector:
        folder = tmp_path_factory.mktemp("traced")
        async with served(folder, otlp_endpoint=collector.url) as server:
            ada = await server.user()
            made = await dataset(ada)
            asked = await ada.get(
                f"/api/analytics/{made['id']}?metric=revenue&sensitivity=0.9", headers={"traceparent": CALLER}
            )
            assert asked.status_code == 200
            await upload(ada, b"")
            await ada.get("/api/health/ready")
            await ada.get("/metrics")
    return collector


def test_work_on_a_file_is_one_trace_of_named_steps(told: Collector) -> None:
    job, process = told.named("job"), told.named("process")
    assert process.parent == job.id
    assert {told.named("read").parent, told.named("store").parent} == {process.id}
    assert job.attributes["driftline.dataset"] == process.attributes["driftline.dataset"]
    analysed = [span for span in told.spans if span.name == "analyse" and span.trace == job.trace]
    assert len(analysed) == 2  # the example's two metrics
    assert {span.parent for span in analysed} == {process.id}


def test_request_is_a_part_of_its_callers_trace(told: Collector) -> None:
    request = told.named("GET /api/analytics/{dataset_id}")
    assert (request.trace, request.parent) == (CALLER.split("-")[1], CALLER.split("-")[2])
    assert request.attributes["http.response.status_code"] == 200
    computed = [span for span in told.spans if span.name == "analyse" and span.trace == request.trace]
    assert [span.parent for span in computed] == [request.id]


def test_spans_tell_no_content_of_files_and_nothing_of_polling(told: Collector) -> None:
    everything = str(told.spans)
    assert "revenue" not in everything
    assert "ada@example.com" not in everything
    assert SALES.splitlines()[1].decode() not in everything
    assert not [span.name for span in told.spans if "health" in span.name or "metrics" in span.name]
    assert told.services == {"driftline"}


def test_tracing_without_its_packages_is_a_clear_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(ConfigurationError, match=r"driftline\[tracing\]"):
        opened_tracing("http://127.0.0.1:4318")


async def test_a_collector_that_is_away_disturbs_nobody(tmp_path: Path) -> None:
    with collecting() as collector:
        pass  # and is gone
    async with served(tmp_path, otlp_endpoint=collector.url) as server:
        made = await dataset(await server.user())
    assert made["status"] == "cached"
