"""Finished analyses in MongoDB."""

from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from adapters.mongo.bson_documents import document_of, value_of
from adapters.mongo.database import Document, MongoDatabase, translated, versions_in
from domain.analysis.analysis import Analysis
from domain.ports.analyses import Analyses


class MongoAnalyses(Analyses):
    """Collection ``analytics``: one document per dataset, version, metric and settings field."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    @property
    def _analytics(self) -> AsyncCollection[Document]:
        return self._database.collection("analytics")

    @override
    async def save(self, field: str, analysis: Analysis) -> None:
        key = _key(analysis.dataset_id, analysis.version, analysis.metric, field)
        with translated():
            await self._analytics.replace_one(key, {**document_of(analysis), "field": field}, upsert=True)

    @override
    async def get(self, dataset_id: str, version: int, metric: str, field: str) -> Analysis | None:
        with translated():
            document = await self._analytics.find_one(_key(dataset_id, version, metric, field))
        return None if document is None else value_of(document, Analysis)

    @override
    async def delete(self, dataset_id: str, version: int | None = None, metric: str | None = None) -> None:
        every = {"datasetId": dataset_id, "version": version, "metric": metric}
        chosen = {name: value for name, value in every.items() if value is not None}
        with translated():
            await self._analytics.delete_many(chosen)

    @override
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        with translated():
            return frozenset(await versions_in(self._analytics))


def _key(dataset_id: str, version: int, metric: str, field: str) -> Document:
    return {"datasetId": dataset_id, "version": version, "metric": metric, "field": field}
