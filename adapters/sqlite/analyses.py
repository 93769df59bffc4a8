"""Finished analyses in SQLite, as JSON documents."""

import msgspec
from typing_extensions import override

from adapters.sqlite.database import SqliteDatabase
from domain.analysis.analysis import Analysis
from domain.errors import CorruptedError
from domain.ports.analyses import Analyses


class SqliteAnalyses(Analyses):
    """Table ``analyses``: one row per dataset, version, metric and settings field."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    @override
    async def save(self, field: str, analysis: Analysis) -> None:
        await self._database.rows(
            "INSERT OR REPLACE INTO analyses (dataset_id, version, metric, field, created_at, document) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                analysis.dataset_id,
                analysis.version,
                analysis.metric,
                field,
                analysis.created_at.isoformat(),
                msgspec.json.encode(analysis).decode(),
            ),
        )

    @override
    async def get(self, dataset_id: str, version: int, metric: str, field: str) -> Analysis | None:
        row = await self._database.row(
            "SELECT document FROM analyses WHERE dataset_id = ? AND version = ? AND metric = ? AND field = ?",
            (dataset_id, version, metric, field),
        )
        if row is None:
            return None
        try:
            return msgspec.json.decode(row["document"], type=Analysis)
        except msgspec.MsgspecError as error:
            raise CorruptedError(f"A stored analysis cannot be read: {error}.") from error

    @override
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        rows = await self._database.rows("SELECT DISTINCT dataset_id, version FROM analyses")
        return frozenset((row["dataset_id"], row["version"]) for row in rows)

    @override
    async def delete(self, dataset_id: str, version: int | None = None, metric: str | None = None) -> None:
        await self._database.rows(
            "DELETE FROM analyses WHERE dataset_id = ? AND version = coalesce(?, version) "
            "AND metric = coalesce(?, metric)",
            (dataset_id, version, metric),
        )
