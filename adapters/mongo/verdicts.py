"""What users say of anomalies, in MongoDB."""

from datetime import datetime, timedelta

from bson import Int64
from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from adapters.mongo.bson_documents import document_of, value_of
from adapters.mongo.database import Document, MongoDatabase, translated
from domain.feedback.verdict import Verdict
from domain.ports.analyses import Verdicts
from domain.timeseries.timezones import EPOCH


class MongoVerdicts(Verdicts):
    """Collection ``annotations``: a document per dataset, subject (as ``metric``) and instant (microseconds, exact)."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    @property
    def _annotations(self) -> AsyncCollection[Document]:
        return self._database.collection("annotations")

    @override
    async def put(self, annotation: Verdict) -> None:
        key = _key(annotation.dataset_id, annotation.subject, annotation.at)
        with translated():
            await self._annotations.replace_one(key, {**key, "annotation": document_of(annotation)}, upsert=True)

    @override
    async def remove(self, dataset_id: str, subject: str, at: datetime) -> None:
        with translated():
            await self._annotations.delete_one(_key(dataset_id, subject, at))

    @override
    async def of_subject(self, dataset_id: str, subject: str) -> tuple[Verdict, ...]:
        with translated():
            documents = await self._annotations.find({"datasetId": dataset_id, "metric": subject}).sort("at").to_list()
        return tuple(value_of(document["annotation"], Verdict) for document in documents)

    @override
    async def delete(self, dataset_id: str) -> None:
        with translated():
            await self._annotations.delete_many({"datasetId": dataset_id})

    @override
    async def stored_ids(self) -> frozenset[str]:
        with translated():
            return frozenset(await self._annotations.distinct("datasetId"))


def _key(dataset_id: str, subject: str, at: datetime) -> Document:
    return {"datasetId": dataset_id, "metric": subject, "at": Int64((at - EPOCH) // timedelta(microseconds=1))}
