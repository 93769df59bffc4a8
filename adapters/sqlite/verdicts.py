"""What users say of anomalies, in SQLite."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from typing_extensions import override

from adapters.sqlite.database import SqliteDatabase
from domain.feedback.verdict import Verdict
from domain.ports.analyses import Verdicts

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class SqliteVerdicts(Verdicts):
    """Table ``annotations``: one row per dataset, subject (a metric, or one of a segment) and instant."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    @override
    async def put(self, annotation: Verdict) -> None:
        await self._database.rows(
            "INSERT OR REPLACE INTO annotations (dataset_id, metric, at, document) VALUES (?, ?, ?, ?)",
            (
                annotation.dataset_id,
                annotation.subject,
                microseconds(annotation.at),
                msgspec.json.encode(annotation).decode(),
            ),
        )

    @override
    async def remove(self, dataset_id: str, subject: str, at: datetime) -> None:
        await self._database.rows(
            "DELETE FROM annotations WHERE dataset_id = ? AND metric = ? AND at = ?",
            (dataset_id, subject, microseconds(at)),
        )

    @override
    async def of_subject(self, dataset_id: str, subject: str) -> tuple[Verdict, ...]:
        rows = await self._database.rows(
            "SELECT document FROM annotations WHERE dataset_id = ? AND metric = ? ORDER BY at", (dataset_id, subject)
        )
        return tuple(msgspec.json.decode(row["document"], type=Verdict) for row in rows)

    @override
    async def stored_ids(self) -> frozenset[str]:
        rows = await self._database.rows("SELECT DISTINCT dataset_id FROM annotations")
        return frozenset(row["dataset_id"] for row in rows)

    @override
    async def delete(self, dataset_id: str) -> None:
        await self._database.rows("DELETE FROM annotations WHERE dataset_id = ?", (dataset_id,))


def microseconds(time: datetime) -> int:
    """Return microseconds since 1970: what SQLite sorts and compares exactly."""
    return (time - EPOCH) // timedelta(microseconds=1)
