"""Reports that were asked for, in SQLite; the documents themselves are blobs."""

import msgspec
from typing_extensions import override

from adapters.sqlite.database import Row, SqliteDatabase
from adapters.sqlite.verdicts import microseconds
from domain.errors import ReportNotFoundError
from domain.ports.analyses import ReportPage, Reports
from domain.reports.report import Report


class SqliteReports(Reports):
    """Table ``reports``: one row each."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    @override
    async def put(self, report: Report) -> None:
        await self._database.rows(
            "INSERT OR REPLACE INTO reports (id, user_id, status, created_at, document) VALUES (?, ?, ?, ?, ?)",
            (
                report.id,
                report.user_id,
                report.status,
                microseconds(report.created_at),
                msgspec.json.encode(report).decode(),
            ),
        )

    @override
    async def advance(self, report: Report) -> bool:
        changed = await self._database.rows(
            "UPDATE reports SET status = ?, document = ? WHERE id = ? RETURNING id",
            (report.status, msgspec.json.encode(report).decode(), report.id),
        )
        return bool(changed)

    @override
    async def get(self, user_id: str, report_id: str) -> Report:
        row = await self._database.row(
            "SELECT document FROM reports WHERE id = ? AND user_id = ?", (report_id, user_id)
        )
        if row is None:
            raise ReportNotFoundError("There is no such report.")
        return _report(row)

    @override
    async def find(self, report_id: str) -> Report | None:
        row = await self._database.row("SELECT document FROM reports WHERE id = ?", (report_id,))
        return _report(row) if row is not None else None

    @override
    async def list(self, user_id: str, limit: int, offset: int) -> ReportPage:
        rows = await self._database.rows(
            "SELECT document FROM reports WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?",
            (user_id, limit, offset),
        )
        total = await self._database.row("SELECT count(*) AS total FROM reports WHERE user_id = ?", (user_id,))
        return ReportPage(items=tuple(map(_report, rows)), total=total["total"] if total else 0)

    @override
    async def remove(self, user_id: str, report_id: str) -> None:
        removed = await self._database.rows(
            "DELETE FROM reports WHERE id = ? AND user_id = ? RETURNING id", (report_id, user_id)
        )
        if not removed:
            raise ReportNotFoundError("There is no such report.")

    @override
    async def unfinished(self) -> tuple[Report, ...]:
        rows = await self._database.rows("SELECT document FROM reports WHERE status = 'queued' ORDER BY created_at, id")
        return tuple(map(_report, rows))

    @override
    async def finished(self) -> tuple[Report, ...]:
        rows = await self._database.rows("SELECT document FROM reports WHERE status = 'ready' ORDER BY created_at, id")
        return tuple(map(_report, rows))


def _report(row: Row) -> Report:
    return msgspec.json.decode(row["document"], type=Report)
