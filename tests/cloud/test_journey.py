"""One journey from an account to a deleted dataset, over HTTP, the same in both profiles."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from domain.datasets.dataset import Appended
from domain.datasets.progress import Progress
from domain.datasets.table_schema import UploadMode
from domain.feedback.verdict import VerdictKind
from domain.reports.report import ReportFormat
from entrypoints.client.driftline import Driftline
from entrypoints.client.problems import ProblemError
from tests.support.cloud import cloud_settings, working
from tests.support.served import DAILY, SALES, Served, dataset, served, signed_up, until_async


@pytest.fixture(params=["embedded", "cloud"])
async def product(request: pytest.FixtureRequest, tmp_path: Path, aws_keys: None) -> AsyncIterator[Served]:
    if request.param == "embedded":
        async with served(tmp_path) as running:
            yield running
        return
    async with cloud_settings(tmp_path) as settings, working(settings), served(tmp_path, **settings) as running:
        yield running


async def test_journey_from_an_account_to_a_deleted_dataset(product: Served) -> None:
    made = await asyncio.to_thread(lambda: journey(product))
    left = await product.running.ports.blobs.keys("users/")
    assert [key for key in left if "/reports/" not in key] == []  # a report outlives its dataset
    assert await product.running.ports.datasets.find(made) is None


def journey(product: Served) -> str:
    """What a user does, by our own client; returns the id of the dataset that was."""
    with signed_up(product, "ada@example.com") as ada, signed_up(product, "bob@example.com") as bob:
        ready = ada.wait(ada.upload(SALES, name="Sales").dataset_id)
        assert (ready.status, ready.version, ready.rejected_rows) == ("cached", 1, 0)
        first = ada.analysis(ready.id, "revenue")
        assert [one.date for one in first.anomalies] == ["2024-01-03", "2024-01-15", "2024-01-27"]
        assert ada.run(ready.id, "revenue", sensitivity=0.9).settings.sensitivity == 0.9
        with pytest.raises(ProblemError, match="dataset_not_found"):
            bob.dataset(ready.id)
        verdicts_act_and_are_printed(ada, ready.id)

        visits = ada.upload(DAILY, dataset_id=ready.id)
        assert ada.wait(ready.id, version=visits.version).version == 2
        assert [one.version for one in ada.versions(ready.id)] == [2, 1]
        body = ada.analysis(ready.id, "visits")
        assert (body.version, body.summary.rows) == (2, 84)

        later = b"date,visits\n2024-03-28,55\n2024-03-29,101\n"  # the first of them is there already
        heard: list[Progress] = []
        added = ada.upload(later, dataset_id=ready.id, mode=UploadMode.APPEND)
        appended = ada.wait(ready.id, version=added.version, progress=heard.append)
        assert (heard[-1].version, heard[-1].stage, heard[-1].message) == (3, "done", "Ready: 85 rows")
        assert appended.quality is not None
        assert appended.quality.appended == Appended(added_rows=2, kept_rows=83, replaced_rows=1, replaced_times=1)
        body = ada.analysis(ready.id, "visits")
        assert (body.series.value[-2:], body.summary.rows) == ((55, 101), 85)
        assert ada.compare(ready.id, "visits", 2, 3).after_version == 3
        assert ada.wait(ready.id, version=ada.restore(ready.id, 3).version).row_count == 85
        assert ada.dataset(ready.id).version == 4

        ada.delete(ready.id)
        with pytest.raises(ProblemError, match="dataset_not_found"):
            ada.dataset(ready.id)
    return ready.id


def verdicts_act_and_are_printed(ada: Driftline, dataset_id: str) -> None:
    ada.give_verdict(dataset_id, "revenue", "2024-01-03", VerdictKind.FALSE_ALARM, "till was tested")
    ada.give_verdict(dataset_id, "revenue", "2024-01-15", VerdictKind.CONFIRMED, "flash sale")
    said = ada.analysis(dataset_id, "revenue")
    assert [one.reason for one in said.anomalies] == ["till was tested", "flash sale", None]
    assert said.verdicts is not None
    assert (said.verdicts.open, said.verdicts.confirmed_share) == (2, 0.5)
    assert counts(ada, dataset_id, 5)
    page = ada.report(dataset_id, "revenue", ReportFormat.HTML).decode()
    assert "Real: flash sale" in page
    ada.give_verdict(dataset_id, "revenue", "2024-01-03", None)
    assert counts(ada, dataset_id, 6)


def counts(ada: Driftline, dataset_id: str, number: int) -> bool:
    """Whether the list comes to this sum of open anomalies: a worker counts after a verdict."""
    end = time.monotonic() + 30
    while ada.dataset(dataset_id).anomaly_count != number and time.monotonic() < end:
        time.sleep(0.05)
    return ada.dataset(dataset_id).anomaly_count == number


async def test_a_body_is_not_sent_twice_and_a_report_can_be_handed_on(product: Served) -> None:
    ada = await product.user()
    ready = await dataset(ada, datasetName="Sales")
    path = f"/api/analytics/{ready['id']}?metric=revenue"
    first = await ada.get(path)
    assert (first.status_code, first.headers["x-cache"]) == (200, "hit")
    assert (await ada.get(path, headers={"if-none-match": first.headers["etag"]})).status_code == 304

    asked = (await ada.post("/api/reports/generate", json={"datasetId": ready["id"], "format": "csv"})).json()
    assert await until_async(lambda: made(ada, asked["url"]))
    link = await ada.get(f"{asked['url']}/link")
    stranger = await product.client()
    handed = await stranger.get(link.json()["url"])
    assert handed.content == (await ada.get(asked["url"])).content
    assert handed.headers["content-disposition"] == f'attachment; filename="{asked["fileName"]}"'
    assert handed.headers["content-type"].startswith("text/csv")
    assert (await stranger.get(f"{asked['url']}/link")).status_code == 401


async def made(client: httpx.AsyncClient, report: str) -> bool:
    return bool((await client.get(f"{report}/status")).json()["status"] == "ready")
