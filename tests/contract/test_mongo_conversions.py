"""Documents of an earlier release: converted to today's form once, however often and by how many processes."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from msgspec import to_builtins

from adapters.mongo.conversions import convert
from adapters.mongo.database import MongoDatabase
from adapters.mongo.datasets import MongoDatasets
from adapters.mongo.migrations import VALIDATORS
from adapters.mongo.pending_uploads import MongoPendingUploads
from adapters.mongo.reports import MongoReports
from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import Dataset, Status
from domain.datasets.parse_options import ParseOptions
from domain.datasets.superseded import as_older
from tests.support.builders import ANN, SALES, a_dataset, a_report, an_announcement
from tests.support.fakes import NOON

READ = a_dataset(
    version=2,
    status=Status.CACHED,
    columns=(Column(name="date", type=ColumnType.TIME), Column(name="$v", type=ColumnType.NUMBER, unit="€")),
    parse_options=ParseOptions(time_column="date", delimiter=";"),
)


def earlier(value: Any, key: str = "id") -> dict[str, Any]:
    """As the release before wrote it: identifiers as text, columns with their details, parse options as ``roles``."""
    document: dict[str, Any] = to_builtins(value, builtin_types=(type(NOON),))
    document["_id"] = document.pop(key)
    if "parseOptions" in document:
        document["roles"] = document.pop("parseOptions")
    if "sourceKey" in document:
        document["s3FilePath"] = document.pop("sourceKey")
    return document


def earlier_version(dataset: Dataset) -> dict[str, Any]:
    document = earlier(dataset)
    del document["_id"]
    return document


@pytest.fixture
async def older(mongo: MongoDatabase) -> MongoDatabase:
    """A database with the documents of the release before."""
    for name in VALIDATORS:
        await mongo.handle.command("collMod", name, validator={})
    first = a_dataset()
    await mongo.collection("datasets").insert_one({**earlier(READ), "older": [earlier_version(first)]})
    await mongo.collection("reports").insert_one(earlier(a_report()))
    await mongo.collection("uploads").insert_one({**earlier(an_announcement(), "key"), "forget": NOON})
    for name, validator in VALIDATORS.items():
        await mongo.handle.command("collMod", name, validator=validator)
    return mongo


async def test_documents_of_the_release_before_are_read_after_the_conversion(older: MongoDatabase) -> None:
    await asyncio.gather(*(convert(older, "bucket") for _ in range(3)))
    await convert(older, "bucket")
    datasets = MongoDatasets(older, "bucket")
    assert await datasets.versions(ANN, SALES) == (READ, as_older(a_dataset()))
    assert await MongoReports(older).get(ANN, a_report().id) == a_report()
    announced = an_announcement()
    assert await MongoPendingUploads(older).find(SALES, announced.key) == announced
    document = await older.collection("datasets").find_one({})
    assert document is not None
    assert document["userId"] == UUID(ANN)
    assert document["s3FilePath"] == f"s3://bucket/{READ.source_key}"
    assert document["columns"] == ["date", "$v"]
    assert document["older"][0]["s3FilePath"].startswith("s3://bucket/")
    assert not document.keys() & {"roles", "sourceKey"}


async def test_converted_dataset_can_be_changed(older: MongoDatabase) -> None:
    await convert(older, "bucket")
    datasets = MongoDatasets(older, "another")
    before = await datasets.get(ANN, SALES)
    assert before.source_key == READ.source_key  # whatever the bucket is called by now
    await datasets.replace(a_dataset(version=3, status=Status.UPLOADED), before.revision)
    assert [one.version for one in await datasets.versions(ANN, SALES)] == [3, 2, 1]
