"""Reports that were asked for, in MongoDB; the documents themselves are blobs."""

from pymongo import DESCENDING
from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from adapters.mongo.bson_documents import document_of, user_key, value_of
from adapters.mongo.database import Document, MongoDatabase, translated
from domain.errors import ReportNotFoundError
from domain.ports.analyses import ReportPage, Reports
from domain.reports.report import Report, ReportStatus


class MongoReports(Reports):
    """Collection ``reports``: one document each."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    @property
    def _reports(self) -> AsyncCollection[Document]:
        return self._database.collection("reports")

    @override
    async def put(self, report: Report) -> None:
        with translated():
            await self._reports.replace_one({"_id": report.id}, _document(report), upsert=True)

    @override
    async def advance(self, report: Report) -> bool:
        with translated():
            done = await self._reports.replace_one({"_id": report.id}, _document(report))
        return done.matched_count == 1

    @override
    async def get(self, user_id: str, report_id: str) -> Report:
        with translated():
            document = await self._reports.find_one({"_id": report_id, "userId": user_key(user_id)})
        if document is None:
            raise ReportNotFoundError("There is no such report.")
        return _report(document)

    @override
    async def find(self, report_id: str) -> Report | None:
        with translated():
            document = await self._reports.find_one({"_id": report_id})
        return None if document is None else _report(document)

    @override
    async def list(self, user_id: str, limit: int, offset: int) -> ReportPage:
        order = [("createdAt", DESCENDING), ("microseconds.createdAt", DESCENDING), ("_id", DESCENDING)]
        with translated():
            total = await self._reports.count_documents({"userId": user_key(user_id)})
            documents = (
                await self._reports.find({"userId": user_key(user_id)}).sort(order).skip(offset).limit(limit).to_list()
            )
        return ReportPage(items=tuple(map(_report, documents)), total=total)

    @override
    async def remove(self, user_id: str, report_id: str) -> None:
        with translated():
            removed = await self._reports.delete_one({"_id": report_id, "userId": user_key(user_id)})
        if removed.deleted_count == 0:
            raise ReportNotFoundError("There is no such report.")

    @override
    async def unfinished(self) -> tuple[Report, ...]:
        with translated():
            documents = await self._reports.find({"status": str(ReportStatus.QUEUED)}).sort("createdAt").to_list()
        return tuple(map(_report, documents))

    @override
    async def finished(self) -> tuple[Report, ...]:
        with translated():
            documents = await self._reports.find({"status": str(ReportStatus.READY)}).sort("createdAt").to_list()
        return tuple(map(_report, documents))


def _document(report: Report) -> Document:
    document = document_of(report)
    return {**document, "_id": document.pop("id"), "userId": user_key(report.user_id)}


def _report(document: Document) -> Report:
    return value_of({**document, "id": document["_id"]}, Report)
