"""The stores of MongoDB for contract tests: a database of its own for each test process, emptied for each test."""

import os
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import pytest

from adapters.mongo.analyses import MongoAnalyses
from adapters.mongo.database import MongoDatabase
from adapters.mongo.datasets import MongoDatasets
from adapters.mongo.migrations import VALIDATORS, migrate
from adapters.mongo.pending_uploads import MongoPendingUploads
from adapters.mongo.records import MongoRecords
from adapters.mongo.reports import MongoReports
from adapters.mongo.verdicts import MongoVerdicts
from adapters.system import ThreadWorkerPool
from tests.support.servers import mongo_uri


def uri_of(database: str) -> str:
    """The test server's URI with this database in it."""
    parts = urlsplit(mongo_uri())
    return urlunsplit(parts._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
async def migrated_mongo() -> AsyncIterator[MongoDatabase]:
    database = MongoDatabase(uri_of(f"contract{os.getpid()}"))
    await database.open()
    await migrate(database)
    yield database
    await database.handle.client.drop_database(database.handle.name)
    await database.close()


@pytest.fixture
async def mongo(migrated_mongo: MongoDatabase) -> MongoDatabase:
    for name in VALIDATORS:
        await migrated_mongo.collection(name).delete_many({})
    return migrated_mongo


@pytest.fixture
def mongo_datasets(mongo: MongoDatabase) -> MongoDatasets:
    return MongoDatasets(mongo, "bucket")


@pytest.fixture
def mongo_analyses(mongo: MongoDatabase) -> MongoAnalyses:
    return MongoAnalyses(mongo)


@pytest.fixture
def mongo_verdicts(mongo: MongoDatabase) -> MongoVerdicts:
    return MongoVerdicts(mongo)


@pytest.fixture
def mongo_pending_uploads(mongo: MongoDatabase) -> MongoPendingUploads:
    return MongoPendingUploads(mongo)


@pytest.fixture
def mongo_reports(mongo: MongoDatabase) -> MongoReports:
    return MongoReports(mongo)


@pytest.fixture
async def mongo_records(mongo: MongoDatabase) -> AsyncIterator[MongoRecords]:
    worker_pool = ThreadWorkerPool(2)
    await worker_pool.open()
    yield MongoRecords(mongo, worker_pool)
    await worker_pool.close()
