"""From a stored file to warm analyses, over the real embedded adapters: races, bad files, versions."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Status, dataset_prefix
from domain.datasets.parse_options import Shape
from domain.errors import DatasetNotFoundError, DatasetNotReadyError, MetricNotFoundError
from domain.ports.work import Job
from tests.support.builders import ANN, BOB
from tests.support.running import analysis_of, running, settled, uploaded
from tests.support.workshop import sales_csv

DEFAULTS = AnalysisSettings()


async def test_the_specifications_example_comes_out_exactly(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        assert (dataset.status, dataset.row_count, dataset.metric_columns) == (Status.CACHED, 7, ("revenue", "orders"))
        analysis, hit = await analysis_of(app, dataset, "revenue")
    assert hit
    assert [(one["date"], one["value"], one["severity"]) for one in analysis["anomalies"]] == [
        ("2024-01-03", 89000, "high"),
        ("2024-01-15", 62000, "medium"),
        ("2024-01-27", 8000, "high"),
    ]
    assert round(analysis["summary"]["mean"], 2) == 36685.71
    assert analysis["summary"]["median"] == 24500


async def test_a_list_shows_the_first_metrics_anomalies_and_sparkline(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
    assert dataset.anomaly_count == 6
    assert len(dataset.sparkline) == 7


BAD_FILES: list[tuple[bytes, dict[str, object], str]] = [
    (b"\n\n  \n", {}, "empty_file"),
    (b"date,revenue\n", {}, "no_data_rows"),
    (b"name,revenue\nann,1\nbob,2\n", {}, "no_time_column"),
    (b"date,name\n2024-01-01,ann\n2024-01-02,bob\n", {"shape": Shape.AS_IS}, "no_numeric_column"),
    (bytes(range(256)) * 20, {}, "binary_file"),
    (b"date,revenue\n01/02/2024,1\n03/04/2024,2\n05/06/2024,3\n", {}, "ambiguous_date"),
]


@pytest.mark.parametrize(("content", "roles", "code"), BAD_FILES, ids=[code for *_, code in BAD_FILES])
async def test_a_file_that_cannot_be_used_fails_with_its_reason(
    tmp_path: Path, content: bytes, roles: dict[str, object], code: str
) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, content, **roles))
        assert dataset.status is Status.FAILED
        assert dataset.failure is not None
        assert dataset.failure.code == code
        assert len(dataset.failure.message) > 20
        with pytest.raises(DatasetNotReadyError, match="could not be processed"):
            await app.use_cases.serve_analysis(ANN, dataset.id, None, DEFAULTS)


async def test_an_unknown_metric_names_those_there_are(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        with pytest.raises(MetricNotFoundError, match="revenue, orders"):
            await app.use_cases.serve_analysis(ANN, dataset.id, "profit", DEFAULTS)


async def test_nothing_of_a_dataset_can_be_read_by_a_second_user(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        cases = app.use_cases
        attempts: list[Callable[[], Any]] = [
            lambda: cases.get_dataset(BOB, dataset.id),
            lambda: cases.list_versions(BOB, dataset.id),
            lambda: cases.read_rejects(BOB, dataset.id),
            lambda: cases.rename_dataset(BOB, dataset.id, "mine"),
            lambda: cases.delete_dataset(BOB, dataset.id),
            lambda: cases.reprocess_dataset(BOB, dataset.id),
            lambda: cases.serve_analysis(BOB, dataset.id, "revenue", DEFAULTS),
            lambda: cases.run_analysis(BOB, dataset.id, "revenue", DEFAULTS),
            lambda: cases.get_series(BOB, dataset.id, "revenue", DEFAULTS, None, None, None, 100),
        ]
        for attempt in attempts:
            with pytest.raises(DatasetNotFoundError):
                await attempt()
        with pytest.raises(DatasetNotFoundError):
            async with cases.watch_dataset(BOB, dataset.id):
                pass
        assert (await cases.list_datasets(BOB, 10, 0)).total == 0
        assert (await cases.get_dataset(ANN, dataset.id)).dataset_name == "Sales"


async def test_deleting_leaves_nothing_of_a_dataset(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        await app.use_cases.delete_dataset(ANN, dataset.id)
        assert await app.ports.datasets.find(dataset.id) is None
        assert await app.ports.blobs.keys(dataset_prefix(ANN, dataset.id)) == ()
        assert not [path for path in (tmp_path / "records").rglob("*") if path.is_file()]
        with pytest.raises(DatasetNotFoundError):
            await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", DEFAULTS)


async def test_a_late_worker_of_an_old_version_changes_nothing_of_the_newer_one(tmp_path: Path) -> None:
    old, new = b"date,revenue\n2024-01-01,1\n2024-01-02,2\n", sales_csv()
    async with running(tmp_path, work=False) as app:
        first = await uploaded(app, old)
        begun = asyncio.Event()
        go_on = asyncio.Event()
        still_wanted = app.use_cases.process_dataset.records.store

        async def slow(dataset: Dataset, report: Any) -> None:
            if dataset.version == 1:
                begun.set()
                await go_on.wait()
            await still_wanted(dataset, report)

        app.ports.records.store = slow  # type: ignore[method-assign] # the old worker stops half way
        late = asyncio.create_task(app.use_cases.process_dataset(Job(dataset_id=first.id, version=1)))
        await begun.wait()
        second = await uploaded(app, new, dataset_id=first.id)
        await app.use_cases.process_dataset(Job(dataset_id=first.id, version=2))
        before, _ = await analysis_of(app, second, "revenue")
        go_on.set()
        await late
        after, _ = await analysis_of(app, second, "revenue")
        newest = await app.use_cases.get_dataset(ANN, first.id)
    assert before == after
    assert (newest.version, newest.status, newest.row_count) == (2, Status.CACHED, 7)


async def test_a_job_delivered_twice_is_done_once(tmp_path: Path) -> None:
    async with running(tmp_path, work=False) as app:
        dataset = await uploaded(app, sales_csv())
        job = Job(dataset_id=dataset.id, version=1)
        await asyncio.gather(*(app.use_cases.process_dataset(job) for _ in range(3)))
        done = await app.use_cases.get_dataset(ANN, dataset.id)
        await app.use_cases.process_dataset(job)
        assert await app.use_cases.get_dataset(ANN, dataset.id) == done
    assert (done.status, done.row_count, done.anomaly_count) == (Status.CACHED, 7, 6)


async def test_an_older_version_can_still_be_looked_at(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        longer = sales_csv().rstrip() + b"\n2024-01-28,24100,121\n"
        second = await settled(app, await uploaded(app, longer, dataset_id=first.id))
        old, _ = await analysis_of(app, second, "revenue", version=1)
        new, _ = await analysis_of(app, second, "revenue")
    assert (old["version"], old["summary"]["rows"]) == (1, 7)
    assert (new["version"], new["summary"]["rows"]) == (2, 8)


async def test_a_new_version_says_what_changed(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        usual = b"".join(b"2024-02-%02d,%d,120\n" % (day, 24000 + 90 * (day % 5)) for day in range(1, 20))
        longer = sales_csv().rstrip() + b"\n" + usual + b"2024-02-20,95000,420\n"
        second = await settled(app, await uploaded(app, longer, dataset_id=first.id))
        before, _ = await analysis_of(app, second, "revenue", version=1)
        analysis, _ = await analysis_of(app, second, "revenue")
    said = next(one for one in analysis["insights"] if one["code"] == "changed_since_version")
    assert "Since version 1" in said["title"]
    known = {one["id"] for one in before["anomalies"]}
    fresh = [one for one in analysis["anomalies"] if one["id"] not in known]
    assert "2024-02-20" in {one["date"] for one in fresh}
    assert said["evidence"]["figures"]["new"] == len(fresh)


async def test_the_cache_is_cold_after_a_restart_but_nothing_is_computed_again(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        first, _ = await analysis_of(app, dataset, "revenue")
    async with running(tmp_path) as app:
        again, hit = await analysis_of(app, dataset, "revenue")
        assert not hit
        assert again == first
        assert (await analysis_of(app, dataset, "revenue"))[1]


async def test_the_first_metric_is_at_hand_without_being_named(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        unnamed, hit = await analysis_of(app, dataset)
        named, _ = await analysis_of(app, dataset, "revenue")
    assert hit
    assert unnamed == named


async def test_running_again_renews_what_is_cached(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        first, _ = await analysis_of(app, dataset, "revenue")
        await app.use_cases.run_analysis(ANN, dataset.id, "revenue", DEFAULTS)
        second, hit = await analysis_of(app, dataset, "revenue")
    assert hit
    assert second["createdAt"] > first["createdAt"]
    assert second["anomalies"] == first["anomalies"]


async def test_a_failed_dataset_can_be_processed_again(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, b"date,revenue\n"))
        assert dataset.status is Status.FAILED
        begun = await app.use_cases.reprocess_dataset(ANN, dataset.id)
        assert begun.status is Status.PROCESSING
        assert (await settled(app, begun)).status is Status.FAILED


@pytest.mark.parametrize("name", ["web-shop", "furnace", "web-latency", "footfall"])
async def test_every_planted_anomaly_of_a_sample_is_found(tmp_path: Path, name: str) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await app.use_cases.load_sample(ANN, name))
        assert dataset.status is Status.CACHED, dataset.failure
        sample = next(one for one in app.use_cases.list_samples() if one.name == name)
        for metric in sample.parse_options.metric_columns:
            analysis, _ = await analysis_of(app, dataset, metric)
            found = analysis["anomalies"]
            planted = [one for one in sample.planted if one.metric == metric]
            for one in planted:
                assert any(a["start"][: len(one.date)] <= one.date <= a["end"][: len(one.date)] for a in found), one
            assert len(found) <= len(planted) + 4, "more was found than there is"


async def test_a_slip_in_a_short_file_costs_its_row_and_not_the_file(tmp_path: Path) -> None:
    content = b"date,revenue\n2024-01-01,10\n2024-01-02,11\n2024-01-03,oops\n2024-01-04,12\nnope,13\n"
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, content))
        assert dataset.status is Status.CACHED, dataset.failure
        assert (dataset.row_count, dataset.rejected_rows) == (3, 2)
        rejects = b"".join([chunk async for chunk in await app.use_cases.read_rejects(ANN, dataset.id)]).decode()
    lines = rejects.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("4,revenue,oops,")
    assert lines[2].startswith("6,date,nope,")
