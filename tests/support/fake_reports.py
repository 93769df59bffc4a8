"""A fake of ``Reports``, as plain as can be."""

from dataclasses import dataclass, field

from typing_extensions import override

from domain.errors import ReportNotFoundError
from domain.ports.analyses import ReportPage, Reports
from domain.reports.report import Report, ReportStatus


@dataclass
class InMemoryReports(Reports):
    """Reports in a dictionary."""

    stored: dict[str, Report] = field(default_factory=dict)

    @override
    async def put(self, report: Report) -> None:
        self.stored[report.id] = report

    @override
    async def advance(self, report: Report) -> bool:
        if report.id not in self.stored:
            return False
        self.stored[report.id] = report
        return True

    @override
    async def get(self, user_id: str, report_id: str) -> Report:
        report = self.stored.get(report_id)
        if report is None or report.user_id != user_id:
            raise ReportNotFoundError("unknown")
        return report

    @override
    async def find(self, report_id: str) -> Report | None:
        return self.stored.get(report_id)

    @override
    async def list(self, user_id: str, limit: int, offset: int) -> ReportPage:
        mine = [report for report in self.stored.values() if report.user_id == user_id]
        mine.sort(key=lambda report: (report.created_at, report.id), reverse=True)
        return ReportPage(items=tuple(mine[offset : offset + limit]), total=len(mine))

    @override
    async def remove(self, user_id: str, report_id: str) -> None:
        await self.get(user_id, report_id)
        del self.stored[report_id]

    @override
    async def unfinished(self) -> tuple[Report, ...]:
        queued = [report for report in self.stored.values() if report.status is ReportStatus.QUEUED]
        return tuple(sorted(queued, key=lambda report: (report.created_at, report.id)))

    @override
    async def finished(self) -> tuple[Report, ...]:
        ready = [report for report in self.stored.values() if report.status is ReportStatus.READY]
        return tuple(sorted(ready, key=lambda report: (report.created_at, report.id)))
