"""Datasets in SQLite: JSON documents beside the columns that are asked for."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from typing_extensions import override

from adapters.sqlite.database import Row, SqliteDatabase
from domain.datasets.dataset import Dataset, Revision
from domain.datasets.dataset_query import DatasetQuery
from domain.datasets.superseded import as_older
from domain.datasets.waiting_line import WaitingUpload
from domain.errors import CorruptedError, DatasetNotFoundError, IllegalMoveError, StaleVersionError
from domain.ports.datasets import EVERY, MOST_WAITING, DatasetPage, Datasets

_READY: Final = "status IN ('processed', 'cached')"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SEEN: Final = "user_id = ? AND status <> 'deleting'"
_COLUMNS: Final = "dataset_name, document"
_NOTHING: Final = DatasetPage(items=(), total=0, size_bytes=0)
_ORDERS: Final = {
    "uploadedAt": "uploaded_at",
    "datasetName": "casefold(dataset_name)",
    "rowCount": "document ->> '$.rowCount'",
    "anomalyCount": "document ->> '$.anomalyCount'",
}


class SqliteDatasets(Datasets):
    """Tables ``datasets`` (the newest version of each) and ``older_versions``.

    The compare-and-set is one UPDATE; a trigger keeps the version that it replaces.
    """

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    @override
    async def add(self, dataset: Dataset) -> None:
        await self._database.rows(
            "INSERT INTO datasets (id, user_id, dataset_name, version, status, uploaded_at, document) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                dataset.id,
                dataset.user_id,
                dataset.dataset_name,
                dataset.version,
                dataset.status,
                _microseconds(dataset.uploaded_at),
                _document(dataset),
            ),
        )

    @override
    async def get(self, user_id: str, dataset_id: str) -> Dataset:
        row = await self._database.row(
            f"SELECT {_COLUMNS} FROM datasets WHERE id = ? AND {_SEEN}",  # noqa: S608 - constants only
            (dataset_id, user_id),
        )
        return _found(row, dataset_id)

    @override
    async def get_version(self, user_id: str, dataset_id: str, version: int) -> Dataset:
        row = await self._database.row(
            f"SELECT {_COLUMNS}, 0 AS older FROM datasets WHERE id = ? AND {_SEEN} AND version = ? "  # noqa: S608 - constants only
            "UNION ALL SELECT d.dataset_name, o.document, 1 FROM datasets d JOIN older_versions o ON o.id = d.id "
            f"WHERE d.id = ? AND {_SEEN} AND o.version = ?",
            (dataset_id, user_id, version, dataset_id, user_id, version),
        )
        dataset = _found(row, dataset_id)
        return as_older(dataset) if row is not None and row["older"] else dataset

    @override
    async def list(self, user_id: str, limit: int, offset: int, query: DatasetQuery = EVERY) -> DatasetPage:
        chosen, parameters = _chosen(user_id, query)
        direction = "DESC" if query.order.is_descending else "ASC"
        order = f"{_ORDERS[query.order.field]} {direction}, id {direction}"
        rows = await self._database.rows(
            f"SELECT {_COLUMNS} FROM datasets WHERE {chosen} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608 - constants only
            (*parameters, limit, offset),
        )
        whole = await self._database.row(
            f"SELECT count(*) AS total, total(document ->> '$.sizeBytes') AS bytes FROM datasets WHERE {chosen}",  # noqa: S608 - as above
            parameters,
        )
        items = tuple(_dataset(row) for row in rows)
        return DatasetPage(items=items, total=whole["total"], size_bytes=int(whole["bytes"])) if whole else _NOTHING

    @override
    async def versions(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        rows = await self._database.rows(
            f"SELECT {_COLUMNS}, version, 0 AS older FROM datasets WHERE id = ? AND {_SEEN} "  # noqa: S608 - constants only
            "UNION ALL SELECT d.dataset_name, o.document, o.version, 1 FROM datasets d "
            f"JOIN older_versions o ON o.id = d.id WHERE d.id = ? AND {_SEEN} ORDER BY version DESC",
            (dataset_id, user_id, dataset_id, user_id),
        )
        if not rows:
            raise _missing(dataset_id)
        return tuple(as_older(_dataset(row)) if row["older"] else _dataset(row) for row in rows)

    @override
    async def find(self, dataset_id: str) -> Dataset | None:
        row = await self._database.row(
            f"SELECT {_COLUMNS} FROM datasets WHERE id = ?",  # noqa: S608 - constants only
            (dataset_id,),
        )
        return None if row is None else _dataset(row)

    @override
    async def replace(self, dataset: Dataset, expected: Revision) -> None:
        if dataset.version not in {expected.version, expected.version + 1}:
            raise IllegalMoveError(f"Version {expected.version} cannot be followed by version {dataset.version}.")
        row = await self._database.row(
            "UPDATE datasets SET version = ?, status = ?, uploaded_at = ?, document = ? "
            "WHERE id = ? AND user_id = ? AND version = ? AND status = ? RETURNING id",
            (
                dataset.version,
                dataset.status,
                _microseconds(dataset.uploaded_at),
                _document(dataset),
                dataset.id,
                dataset.user_id,
                expected.version,
                expected.status,
            ),
        )
        if row is None:
            raise StaleVersionError(
                f"Dataset {dataset.id} is no longer at version {expected.version} ({expected.status}).",
                datasetId=dataset.id,
            )

    @override
    async def rename(self, user_id: str, dataset_id: str, name: str) -> Dataset:
        row = await self._database.row(
            f"UPDATE datasets SET dataset_name = ? WHERE id = ? AND {_SEEN} RETURNING {_COLUMNS}",  # noqa: S608 - constants only
            (name, dataset_id, user_id),
        )
        return _found(row, dataset_id)

    @override
    async def remove(self, dataset_id: str) -> None:
        await self._database.rows("DELETE FROM datasets WHERE id = ?", (dataset_id,))

    @override
    async def unfinished(self) -> tuple[Dataset, ...]:
        rows = await self._database.rows(
            f"SELECT {_COLUMNS} FROM datasets "  # noqa: S608 - constants only
            "WHERE status IN ('uploaded', 'processing', 'deleting') ORDER BY uploaded_at, id"
        )
        return tuple(_dataset(row) for row in rows)

    @override
    async def waiting(self) -> tuple[WaitingUpload, ...]:
        rows = await self._database.rows(
            "SELECT id, version, user_id, uploaded_at FROM datasets WHERE status = 'uploaded' "
            "ORDER BY uploaded_at, id LIMIT ?",
            (MOST_WAITING,),
        )
        return tuple(
            WaitingUpload(
                dataset_id=row["id"],
                version=row["version"],
                user_id=row["user_id"],
                uploaded_at=_EPOCH + row["uploaded_at"] * _MICROSECOND,
            )
            for row in rows
        )

    @override
    async def miscounted(self, method: int) -> tuple[Dataset, ...]:
        rows = await self._database.rows(
            f"SELECT {_COLUMNS} FROM datasets WHERE {_READY} "  # noqa: S608 - constants only
            "AND document ->> '$.countedByMethod' IS NOT ? ORDER BY uploaded_at, id",
            (method,),
        )
        return tuple(_dataset(row) for row in rows)


def _chosen(user_id: str, query: DatasetQuery) -> tuple[str, tuple[object, ...]]:
    """The condition that chooses what a list shows, and its parameters."""
    conditions, parameters = [_SEEN], [user_id]
    if query.text:
        names = ("dataset_name", "document ->> '$.fileName'")
        conditions.append(f"({' OR '.join(f'instr(casefold({name}), ?) > 0' for name in names)})")
        parameters += [query.text.casefold()] * len(names)
    if query.statuses:
        conditions.append(f"status IN ({', '.join('?' * len(query.statuses))})")
        parameters += query.statuses
    return " AND ".join(conditions), tuple(parameters)


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _document(dataset: Dataset) -> str:
    return msgspec.json.encode(dataset).decode()


def _dataset(row: Row) -> Dataset:
    try:
        dataset = msgspec.json.decode(row["document"], type=Dataset)
    except msgspec.MsgspecError as error:
        raise CorruptedError(f"A stored dataset cannot be read: {error}.") from error
    return msgspec.structs.replace(dataset, dataset_name=row["dataset_name"])


def _found(row: Row | None, dataset_id: str) -> Dataset:
    if row is None:
        raise _missing(dataset_id)
    return _dataset(row)


def _missing(dataset_id: str) -> DatasetNotFoundError:
    return DatasetNotFoundError("There is no such dataset (or version of it) among yours.", datasetId=dataset_id)
