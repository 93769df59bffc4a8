"""The contract of ``Reports``, on every store."""

from datetime import timedelta

import pytest

from domain.errors import ReportNotFoundError
from domain.ports.analyses import Reports
from domain.reports.report import ReportStage, ReportStatus
from tests.support.builders import ANN, BOB, a_report
from tests.support.fakes import NOON, uuid_of


async def test_report_comes_back_as_it_was_put(reports: Reports) -> None:
    report = a_report(dataset_name="naïve ✓", size_bytes=12)
    await reports.put(report)
    assert await reports.get(ANN, report.id) == report
    assert await reports.find(report.id) == report


async def test_putting_again_keeps_the_newer_state(reports: Reports) -> None:
    await reports.put(a_report())
    await reports.put(a_report(status=ReportStatus.READY))
    assert (await reports.get(ANN, a_report().id)).status is ReportStatus.READY
    assert (await reports.list(ANN, 10, 0)).total == 1


async def test_a_report_moves_on_as_long_as_it_is_there(reports: Reports) -> None:
    await reports.put(a_report())
    drawing = a_report(entered=ReportStage.DRAWING)
    assert await reports.advance(drawing)
    assert await reports.get(ANN, drawing.id) == drawing
    assert await reports.advance(a_report(status=ReportStatus.READY))
    assert [report.id for report in await reports.finished()] == [drawing.id]
    await reports.remove(ANN, drawing.id)
    assert not await reports.advance(drawing)
    assert await reports.find(drawing.id) is None


async def test_somebody_elses_report_is_not_found(reports: Reports) -> None:
    await reports.put(a_report())
    with pytest.raises(ReportNotFoundError):
        await reports.get(BOB, a_report().id)
    with pytest.raises(ReportNotFoundError):
        await reports.remove(BOB, a_report().id)
    assert (await reports.list(BOB, 10, 0)).items == ()
    assert await reports.get(ANN, a_report().id) == a_report()


async def test_list_has_the_latest_first_page_by_page(reports: Reports) -> None:
    made = [a_report(id=uuid_of(n), created_at=NOON + timedelta(microseconds=n)) for n in range(5)]
    for report in made:
        await reports.put(report)
    first, second = await reports.list(ANN, 3, 0), await reports.list(ANN, 3, 3)
    assert [*first.items, *second.items] == made[::-1]
    assert first.total == second.total == 5


async def test_removed_report_is_gone(reports: Reports) -> None:
    await reports.put(a_report())
    await reports.remove(ANN, a_report().id)
    assert await reports.find(a_report().id) is None
    with pytest.raises(ReportNotFoundError):
        await reports.remove(ANN, a_report().id)


async def test_only_queued_reports_are_unfinished(reports: Reports) -> None:
    await reports.put(a_report(id=uuid_of(1), status=ReportStatus.READY))
    await reports.put(a_report(id=uuid_of(2)))
    await reports.put(a_report(id=uuid_of(3), status=ReportStatus.FAILED))
    assert [report.id for report in await reports.unfinished()] == [uuid_of(2)]


async def test_only_ready_reports_are_finished_whoever_owns_them(reports: Reports) -> None:
    ready = [a_report(id=uuid_of(n), user_id=user, status=ReportStatus.READY) for n, user in ((1, ANN), (4, BOB))]
    for report in (*ready, a_report(id=uuid_of(2)), a_report(id=uuid_of(3), status=ReportStatus.FAILED)):
        await reports.put(report)
    assert sorted(await reports.finished(), key=lambda report: report.id) == ready
