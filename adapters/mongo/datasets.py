"""Datasets in MongoDB: one document each, its newest version in front and the older ones in an array."""

import re
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING
from pymongo.asynchronous.collection import AsyncCollection, ReturnDocument
from typing_extensions import override

from adapters.mongo.bson_documents import document_of, user_key, value_of
from adapters.mongo.database import Document, MongoDatabase, translated
from domain.datasets.dataset import Dataset, Revision, Status
from domain.datasets.dataset_query import DatasetQuery
from domain.datasets.superseded import as_older
from domain.datasets.waiting_line import WaitingUpload
from domain.errors import DatasetNotFoundError, IllegalMoveError, StaleVersionError
from domain.ports.datasets import EVERY, MOST_WAITING, DatasetPage, Datasets

S3: Final = "s3://"
_SEEN: Final = {"$ne": str(Status.DELETING)}
_READY: Final = [str(status) for status in (Status.PROCESSED, Status.CACHED)]
_UNFINISHED: Final = [str(status) for status in (Status.UPLOADED, Status.PROCESSING, Status.DELETING)]


class MongoDatasets(Datasets):
    """Collection ``datasets``. A compare-and-set, with the keeping of the version it replaces, is one update."""

    def __init__(self, database: MongoDatabase, bucket: str) -> None:
        """Keep datasets there; ``bucket`` is the one of S3 that their files lie in."""
        self._database = database
        self._bucket = bucket

    @property
    def _datasets(self) -> AsyncCollection[Document]:
        return self._database.collection("datasets")

    @override
    async def add(self, dataset: Dataset) -> None:
        with translated():
            await self._datasets.insert_one({**document_for(dataset, self._bucket), "older": []})

    @override
    async def get(self, user_id: str, dataset_id: str) -> Dataset:
        return _dataset(await self._owned(user_id, dataset_id, {"older": 0}))

    @override
    async def get_version(self, user_id: str, dataset_id: str, version: int) -> Dataset:
        for dataset in await self.versions(user_id, dataset_id):
            if dataset.version == version:
                return dataset
        raise _missing(dataset_id)

    @override
    async def list(self, user_id: str, limit: int, offset: int, query: DatasetQuery = EVERY) -> DatasetPage:
        chosen: Document = {"userId": user_key(user_id), "status": _SEEN}
        if query.statuses:
            chosen["status"] = {"$in": [str(status) for status in query.statuses]}
        if query.text:
            part = {"$regex": re.escape(query.text), "$options": "i"}
            chosen["$or"] = [{"datasetName": part}, {"fileName": part}]
        direction = DESCENDING if query.order.is_descending else ASCENDING
        # Dates have milliseconds in MongoDB; what is below them stands beside the document.
        finer = ["microseconds.uploadedAt"] if query.order.field == "uploadedAt" else []
        order = [(field, direction) for field in (query.order.field, *finer, "_id")]
        with translated():
            sums = {"_id": None, "total": {"$sum": 1}, "bytes": {"$sum": "$sizeBytes"}}
            whole = await (await self._datasets.aggregate([{"$match": chosen}, {"$group": sums}])).to_list()
            cursor = self._datasets.find(chosen, {"older": 0}).sort(order).skip(offset).limit(limit)
            if query.order.field == "datasetName":
                cursor = cursor.collation({"locale": "en", "strength": 2})  # as a person sorts: case does not count
            documents = await cursor.to_list()
        total, size_bytes = (whole[0]["total"], whole[0]["bytes"]) if whole else (0, 0)
        items = tuple(_dataset(document) for document in documents)
        return DatasetPage(items=items, total=total, size_bytes=size_bytes)

    @override
    async def versions(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        newest = await self._owned(user_id, dataset_id)
        older = [{**document, "_id": dataset_id, "datasetName": newest["datasetName"]} for document in newest["older"]]
        return (_dataset(newest), *(as_older(_dataset(document)) for document in reversed(older)))

    @override
    async def find(self, dataset_id: str) -> Dataset | None:
        with translated():
            document = await self._datasets.find_one({"_id": dataset_id}, {"older": 0})
        return None if document is None else _dataset(document)

    @override
    async def replace(self, dataset: Dataset, expected: Revision) -> None:
        if dataset.version not in {expected.version, expected.version + 1}:
            raise IllegalMoveError(f"Version {expected.version} cannot be followed by version {dataset.version}.")
        chosen = {
            "_id": dataset.id,
            "userId": user_key(dataset.user_id),
            "version": expected.version,
            "status": str(expected.status),
        }
        document = document_for(dataset, self._bucket)
        with translated():
            result = await self._datasets.update_one(
                chosen, [{"$replaceWith": _successor(document, succeeds=dataset.version != expected.version)}]
            )
        if result.matched_count == 0:
            raise StaleVersionError(
                f"Dataset {dataset.id} is no longer at version {expected.version} ({expected.status}).",
                datasetId=dataset.id,
            )

    @override
    async def rename(self, user_id: str, dataset_id: str, name: str) -> Dataset:
        with translated():
            document = await self._datasets.find_one_and_update(
                _of(user_id, dataset_id),
                {"$set": {"datasetName": name}},
                projection={"older": 0},
                return_document=ReturnDocument.AFTER,
            )
        if document is None:
            raise _missing(dataset_id)
        return _dataset(document)

    @override
    async def remove(self, dataset_id: str) -> None:
        with translated():
            await self._datasets.delete_one({"_id": dataset_id})

    @override
    async def unfinished(self) -> tuple[Dataset, ...]:
        with translated():
            documents = (
                await self._datasets.find({"status": {"$in": _UNFINISHED}}, {"older": 0}).sort("uploadedAt").to_list()
            )
        return tuple(_dataset(document) for document in documents)

    @override
    async def waiting(self) -> tuple[WaitingUpload, ...]:
        wanted = {"datasetId": "$_id", "version": 1, "userId": 1, "uploadedAt": 1, "microseconds": 1, "_id": 0}
        with translated():
            cursor = self._datasets.find({"status": str(Status.UPLOADED)}, wanted).sort("uploadedAt")
            documents = await cursor.limit(MOST_WAITING).to_list()
        return tuple(value_of(document, WaitingUpload) for document in documents)

    @override
    async def miscounted(self, method: int) -> tuple[Dataset, ...]:
        chosen = {"status": {"$in": _READY}, "countedByMethod": {"$ne": method}}
        with translated():
            documents = await self._datasets.find(chosen, {"older": 0}).sort("uploadedAt").to_list()
        return tuple(_dataset(document) for document in documents)

    async def _owned(self, user_id: str, dataset_id: str, projection: Document | None = None) -> Document:
        with translated():
            document = await self._datasets.find_one(_of(user_id, dataset_id), projection)
        if document is None:
            raise _missing(dataset_id)
        return document


def _successor(document: Document, *, succeeds: bool) -> Document:
    """The new document as an expression over the old one: ``older`` and the name are taken from there."""
    previous = {"$unsetField": {"field": "older", "input": "$$ROOT"}}
    older: Any = {"$concatArrays": ["$older", [previous]]} if succeeds else "$older"
    # A literal: what a user wrote may begin with a dollar sign.
    return {"$mergeObjects": [{"$literal": document}, {"datasetName": "$datasetName", "older": older}]}


def _of(user_id: str, dataset_id: str) -> Document:
    return {"_id": dataset_id, "userId": user_key(user_id), "status": _SEEN}


def document_for(dataset: Dataset, bucket: str) -> Document:
    """A version as MongoDB keeps it: the file as an address of S3, columns by their names, details beside them."""
    document = document_of(dataset)
    dataset_id, key, columns = (document.pop(name) for name in ("id", "sourceKey", "columns"))
    return {
        **document,
        "_id": dataset_id,
        "userId": user_key(dataset.user_id),
        "s3FilePath": file_path(bucket, key),
        "columns": [column["name"] for column in columns],
        "columnDetails": columns,
    }


def file_path(bucket: str, key: str) -> str:
    """``s3://bucket/key``."""
    return f"{S3}{bucket}/{key}"


def _dataset(document: Document) -> Dataset:
    # The bucket is what a deployment says now, not what it said when the document was written.
    _bucket, _, key = document["s3FilePath"].removeprefix(S3).partition("/")
    fields = {"id": document["_id"], "sourceKey": key, "columns": document["columnDetails"]}
    return value_of({**document, **fields}, Dataset)


def _missing(dataset_id: str) -> DatasetNotFoundError:
    return DatasetNotFoundError("There is no such dataset (or version of it) among yours.", datasetId=dataset_id)
