"""Datasets in MongoDB: one document each, its newest version in front and the older ones in an array."""

from typing import Any, Final

from pymongo import DESCENDING
from pymongo.asynchronous.collection import AsyncCollection, ReturnDocument
from typing_extensions import override

from adapters.mongo.database import Document, MongoDatabase, translated
from adapters.mongo.documents import document_of, value_of
from domain.dataset import Dataset, Revision, Status
from domain.errors import DatasetNotFoundError, IllegalMoveError, StaleVersionError
from domain.ports import DatasetPage, Datasets

_SEEN: Final = {"$ne": str(Status.DELETING)}
_UNFINISHED: Final = [str(status) for status in (Status.UPLOADED, Status.PROCESSING, Status.DELETING)]


class MongoDatasets(Datasets):
    """Collection ``datasets``. A compare-and-set, with the keeping of the version it replaces, is one update."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    @property
    def _datasets(self) -> AsyncCollection[Document]:
        return self._database.collection("datasets")

    @override
    async def add(self, dataset: Dataset) -> None:
        with translated():
            await self._datasets.insert_one({**_document(dataset), "older": []})

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
    async def list(self, user_id: str, limit: int, offset: int) -> DatasetPage:
        chosen = {"userId": user_id, "status": _SEEN}
        order = [("uploadedAt", DESCENDING), ("microseconds.uploadedAt", DESCENDING), ("_id", DESCENDING)]
        with translated():
            total = await self._datasets.count_documents(chosen)
            found = await self._datasets.find(chosen, {"older": 0}).sort(order).skip(offset).limit(limit).to_list()
        return DatasetPage(items=tuple(_dataset(document) for document in found), total=total)

    @override
    async def versions(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        newest = await self._owned(user_id, dataset_id)
        older = [{**document, "_id": dataset_id, "datasetName": newest["datasetName"]} for document in newest["older"]]
        return (_dataset(newest), *(_dataset(document) for document in reversed(older)))

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
            "userId": dataset.user_id,
            "version": expected.version,
            "status": str(expected.status),
        }
        with translated():
            result = await self._datasets.update_one(
                chosen, [{"$replaceWith": _successor(dataset, succeeds=dataset.version != expected.version)}]
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
            found = (
                await self._datasets.find({"status": {"$in": _UNFINISHED}}, {"older": 0}).sort("uploadedAt").to_list()
            )
        return tuple(_dataset(document) for document in found)

    async def _owned(self, user_id: str, dataset_id: str, projection: Document | None = None) -> Document:
        with translated():
            document = await self._datasets.find_one(_of(user_id, dataset_id), projection)
        if document is None:
            raise _missing(dataset_id)
        return document


def _successor(dataset: Dataset, *, succeeds: bool) -> Document:
    """The new document as an expression over the old one: ``older`` and the name are taken from there."""
    kept = {"$unsetField": {"field": "older", "input": "$$ROOT"}}
    older: Any = {"$concatArrays": ["$older", [kept]]} if succeeds else "$older"
    # A literal: what a user wrote may begin with a dollar sign.
    return {"$mergeObjects": [{"$literal": _document(dataset)}, {"datasetName": "$datasetName", "older": older}]}


def _of(user_id: str, dataset_id: str) -> Document:
    return {"_id": dataset_id, "userId": user_id, "status": _SEEN}


def _document(dataset: Dataset) -> Document:
    document = document_of(dataset)
    return {"_id": document.pop("id"), "s3FilePath": document.pop("sourceKey"), **document}


def _dataset(document: Document) -> Dataset:
    return value_of({**document, "id": document["_id"], "sourceKey": document["s3FilePath"]}, Dataset)


def _missing(dataset_id: str) -> DatasetNotFoundError:
    return DatasetNotFoundError("There is no such dataset (or version of it) among yours.", datasetId=dataset_id)
