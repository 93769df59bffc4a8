"""Uploads that were announced, in MongoDB."""

from pymongo import DESCENDING
from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from adapters.mongo.bson_documents import document_of, user_key, value_of
from adapters.mongo.database import Document, MongoDatabase, translated
from domain.datasets.pending_upload import REMEMBERED, PendingUpload
from domain.ports.datasets import PendingUploads


class MongoPendingUploads(PendingUploads):
    """Collection ``uploads``: one document per key. An index over ``forget`` takes those away that never came."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    @property
    def _uploads(self) -> AsyncCollection[Document]:
        return self._database.collection("uploads")

    @override
    async def add(self, announced: PendingUpload) -> None:
        document = document_of(announced)
        document |= {
            "_id": document.pop("key"),
            "userId": user_key(announced.user_id),
            "forget": announced.announced_at + REMEMBERED,
        }
        with translated():
            await self._uploads.insert_one(document)

    @override
    async def find(self, dataset_id: str, key: str) -> PendingUpload | None:
        with translated():
            return _announced(await self._uploads.find_one({"_id": key, "datasetId": dataset_id}))

    @override
    async def of_version(self, user_id: str, dataset_id: str, version: int) -> PendingUpload | None:
        chosen = {"datasetId": dataset_id, "version": version, "userId": user_key(user_id)}
        with translated():
            return _announced(await self._uploads.find_one(chosen, sort=[("announcedAt", DESCENDING)]))

    @override
    async def forget(self, dataset_id: str, key: str) -> None:
        with translated():
            await self._uploads.delete_one({"_id": key, "datasetId": dataset_id})


def _announced(document: Document | None) -> PendingUpload | None:
    return None if document is None else value_of({**document, "key": document["_id"]}, PendingUpload)
