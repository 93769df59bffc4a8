"""Reports, from asking to the file, over the real embedded adapters."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from adapters.sqlite.reports import SqliteReports
from domain.analysis.analysis import Analysis
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.errors import (
    ConflictError,
    DatasetNotFoundError,
    DatasetNotReadyError,
    ReportNotFoundError,
    UnsupportedError,
)
from domain.ports.analyses import ReportRenderer
from domain.ports.work import JobKind
from domain.reports.report import Report, ReportFormat, ReportStage, ReportStatus, report_prefix, unheard
from domain.use_cases.reports import MakeReport, job_of
from entrypoints.bootstrap.application import Application
from tests.support.builders import ANN, BOB
from tests.support.running import analysis_of, running, settled, uploaded
from tests.support.workshop import sales_csv

DEFAULTS = AnalysisSettings()
BEGINNINGS = {
    ReportFormat.PDF: b"%PDF-",
    ReportFormat.HTML: b"<!doctype html>",
    ReportFormat.CSV: b"",
    ReportFormat.JSON: b"{",
}


async def finished(app: Application, report: Report) -> Report:
    async with asyncio.timeout(60):
        while (found := await app.use_cases.get_report(report.user_id, report.id)).status is ReportStatus.QUEUED:  # noqa: ASYNC110 - as a browser asks
            await asyncio.sleep(0.01)
    return found


async def content_of(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("kind", list(ReportFormat))
async def test_a_report_of_each_form_is_made_and_read(tmp_path: Path, kind: ReportFormat) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        asked = await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, kind)
        assert asked.status is ReportStatus.QUEUED
        report = await finished(app, asked)
        assert report.status is ReportStatus.READY, report.failure
        found, chunks = await app.use_cases.read_report(ANN, report.id)
        content = await content_of(chunks)
    assert found == report
    assert len(content) == report.size_bytes
    assert content.lower().startswith(BEGINNINGS[kind].lower())
    assert report.file_name == f"Sales-revenue-v1.{kind}"


class Written(SqliteReports):
    """Remembers each state that any process could read."""

    states: list[Report]

    @override
    async def advance(self, report: Report) -> bool:
        self.states.append(report)
        return await super().advance(report)


@pytest.mark.parametrize(
    ("kind", "stages"),
    [
        (ReportFormat.PDF, ["reading", "drawing", "typesetting", "storing", "ready"]),
        (ReportFormat.HTML, ["reading", "drawing", "writing", "storing", "ready"]),
        (ReportFormat.CSV, ["reading", "writing", "storing", "ready"]),
        (ReportFormat.JSON, ["reading", "writing", "storing", "ready"]),
    ],
)
async def test_every_step_of_a_report_can_be_read_while_it_lasts(
    tmp_path: Path, kind: ReportFormat, stages: list[str]
) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
    async with running(tmp_path, work=False) as app:
        asked = await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, kind)
        assert (asked.stage, asked.fraction, asked.message) == (ReportStage.QUEUED, 0.0, "Waiting for its turn")
        written = written_to(app)
        await replace(making(app), reports=written)(job_of(asked))
    assert [report.stage for report in written.states] == stages
    steps = len(stages) - 1
    assert [report.fraction for report in written.states] == [step / steps for step in range(steps)] + [1.0]
    assert all(report.message for report in written.states)


async def test_a_report_that_failed_says_where_and_why(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
    async with running(tmp_path, work=False) as app:
        asked = await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.PDF)
        make = replace(making(app), renderers={ReportFormat.PDF: Broken()})
        await make(job_of(asked))
        report = await app.use_cases.get_report(ANN, asked.id)
    assert (report.stage, report.fraction, report.message) == (ReportStage.FAILED, 0.25, "No ink.")


async def test_a_report_deleted_while_it_is_made_stays_deleted(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
    async with running(tmp_path, work=False) as app:
        asked = await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.CSV)
        make = making(app)
        deleting = Deleting(make.renderers[ReportFormat.CSV], asked, tmp_path)
        await replace(make, renderers={ReportFormat.CSV: deleting})(job_of(asked))
        with pytest.raises(ReportNotFoundError):
            await app.use_cases.get_report(ANN, asked.id)
        assert await app.ports.blobs.keys(report_prefix(ANN)) == ()


def making(app: Application) -> MakeReport:
    make = app.use_cases.run_job.tasks[JobKind.REPORT]
    assert isinstance(make, MakeReport)
    return make


def written_to(app: Application) -> Written:
    reports = app.ports.reports
    assert isinstance(reports, SqliteReports)
    written = Written(reports._database)
    written.states = []
    return written


class Broken(ReportRenderer):
    """Gives up while it draws."""

    @override
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        entering(ReportStage.DRAWING)
        raise UnsupportedError("No ink.")


class Deleting(ReportRenderer):
    """Its report is deleted by another process half way."""

    def __init__(self, inner: ReportRenderer, report: Report, folder: Path) -> None:
        self._inner, self._report, self._folder = inner, report, folder

    @override
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        with sqlite3.connect(self._folder / "driftline.sqlite") as other:
            other.execute("DELETE FROM reports WHERE id = ?", (self._report.id,))
        return self._inner.render(analysis, dataset, entering)


async def test_the_numbers_of_a_report_are_those_of_the_api(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        asked = await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.JSON)
        await finished(app, asked)
        _, chunks = await app.use_cases.read_report(ANN, asked.id)
        document = json.loads(await content_of(chunks))
        analysis, _ = await analysis_of(app, dataset, "revenue")
    text = json.dumps(document)
    for anomaly in analysis["anomalies"]:
        assert str(anomaly["value"]) in text
        assert anomaly["date"] in text
    assert str(analysis["summary"]["mean"]) in text
    assert dataset.sha256 in text


async def test_a_second_user_sees_nothing_of_a_report(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        with pytest.raises(DatasetNotFoundError):
            await app.use_cases.request_report(BOB, dataset.id, "revenue", DEFAULTS, None, ReportFormat.CSV)
        report = await finished(
            app, await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.CSV)
        )
        for attempt in (app.use_cases.get_report, app.use_cases.read_report, app.use_cases.delete_report):
            with pytest.raises(ReportNotFoundError):
                await attempt(BOB, report.id)
        assert (await app.use_cases.list_reports(BOB, 10, 0)).total == 0
        assert (await app.use_cases.list_reports(ANN, 10, 0)).items == (report,)


async def test_a_report_that_is_being_made_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
    async with running(tmp_path, work=False) as app:
        asked = await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.CSV)
        with pytest.raises(ConflictError, match="not ready yet"):
            await app.use_cases.read_report(ANN, asked.id)
    async with running(tmp_path) as app:  # the process ended before it was made
        assert await app.use_cases.resume_unfinished() == 1
        assert (await finished(app, asked)).status is ReportStatus.READY


async def test_no_report_of_what_failed(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, b"date,revenue\n"))
        with pytest.raises(DatasetNotReadyError):
            await app.use_cases.request_report(ANN, dataset.id, None, DEFAULTS, None, ReportFormat.PDF)


async def test_deleting_a_report_deletes_its_file(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        report = await finished(
            app, await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.CSV)
        )
        assert await app.ports.blobs.keys(report_prefix(ANN)) == (report.key,)
        await app.use_cases.delete_report(ANN, report.id)
        assert await app.ports.blobs.keys(report_prefix(ANN)) == ()


async def test_a_report_outlives_its_dataset(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        report = await finished(
            app, await app.use_cases.request_report(ANN, dataset.id, "revenue", DEFAULTS, None, ReportFormat.CSV)
        )
        await app.use_cases.delete_dataset(ANN, dataset.id)
        _, chunks = await app.use_cases.read_report(ANN, report.id)
        assert b"89000" in await content_of(chunks)
