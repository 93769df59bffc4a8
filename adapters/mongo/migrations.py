"""Collections, validators and indexes: what ``driftline migrate`` makes. Safe to run again, and by two at once.

On a sharded cluster every collection is sharded by the dataset (see docs/cloud.md): all that belongs to one dataset
lies on one shard, so that a pipeline runs where its records are and one update is enough for a compare-and-set.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import CollectionInvalid, OperationFailure

from adapters.mongo.database import MongoDatabase, translated

_NAMESPACE_EXISTS: Final = 48
_ALREADY_SHARDED: Final = 20
_INDEX_NOT_FOUND: Final = 27
_STATES: Final = ("uploaded", "processing", "processed", "cached", "failed", "deleting")


def _object(required: Sequence[str], **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"$jsonSchema": {"bsonType": "object", "required": [*required], "properties": {**properties}}}


_TEXT: Final = {"bsonType": "string"}
_WHOLE: Final = {"bsonType": ["int", "long"]}
_UUID: Final = {"bsonType": "binData"}
_DATE: Final = {"bsonType": "date"}
_ARRAY: Final = {"bsonType": "array"}
_OBJECT: Final = {"bsonType": "object"}

VALIDATORS: Final[Mapping[str, dict[str, Any]]] = {
    "datasets": _object(
        [
            "_id", "userId", "datasetName", "version", "s3FilePath", "uploadedAt", "status", "sizeBytes", "columns",
            "columnDetails", "older",
        ],
        _id=_TEXT, userId=_UUID, datasetName=_TEXT, version=_WHOLE, s3FilePath={"bsonType": "string", "pattern": "^s3://"},
        uploadedAt=_DATE, status={"enum": [*_STATES]}, sizeBytes=_WHOLE, sha256=_TEXT,
        columns={"bsonType": "array", "items": _TEXT}, columnDetails=_ARRAY, older=_ARRAY,
    ),
    "tables": _object(
        ["datasetId", "version", "load", "base", "timeZone", "rows", "metrics", "profiles"],
        datasetId=_TEXT, version=_WHOLE, load={"bsonType": "objectId"}, base=_TEXT, timeZone=_TEXT, rows=_WHOLE,
        metrics=_ARRAY, dimensions=_ARRAY, digits=_ARRAY, profiles=_ARRAY,
    ),
    "records": _object(
        ["datasetId", "version", "load", "wall", "offset", "start", "rows", "step", "metrics", "times", "values"],
        datasetId=_TEXT, version=_WHOLE, load={"bsonType": "objectId"}, wall=_DATE, offset=_WHOLE, start=_WHOLE,
        rows=_WHOLE, step=_WHOLE, metrics=_OBJECT, times=_ARRAY, values=_OBJECT, groups=_OBJECT,
    ),
    "dictionaries": _object(
        ["datasetId", "version", "load", "column", "values"],
        datasetId=_TEXT, version=_WHOLE, load={"bsonType": "objectId"}, column=_TEXT, values=_ARRAY,
    ),
    "texts": _object(
        ["datasetId", "version", "load", "column", "first", "last", "times", "texts"],
        datasetId=_TEXT, version=_WHOLE, load={"bsonType": "objectId"}, column=_TEXT, first=_WHOLE, last=_WHOLE,
        times=_ARRAY, texts=_ARRAY,
    ),
    "analytics": _object(
        ["datasetId", "version", "metric", "field", "createdAt", "summary", "anomalies"],
        datasetId=_TEXT, version=_WHOLE, metric=_TEXT, field=_TEXT, createdAt=_DATE, summary=_OBJECT, anomalies=_ARRAY,
    ),
    "reports": _object(
        ["_id", "userId", "datasetId", "status", "createdAt"],
        _id=_TEXT, userId=_UUID, datasetId=_TEXT, status=_TEXT, createdAt=_DATE,
    ),
    "claims": _object(
        ["_id", "holder", "until", "done", "forget"],
        _id=_TEXT, holder=_TEXT, until=_DATE, done={"bsonType": "bool"}, forget=_DATE,
    ),
    "uploads": _object(
        ["_id", "userId", "datasetId", "version", "sizeBytes", "announcedAt", "expiresAt", "forget"],
        _id=_TEXT, userId=_UUID, datasetId=_TEXT, version=_WHOLE, sizeBytes=_WHOLE, announcedAt=_DATE,
        expiresAt=_DATE, forget=_DATE,
    ),
    "annotations": _object(
        ["datasetId", "metric", "at"], datasetId=_TEXT, metric=_TEXT, at={"bsonType": "long"}
    ),
}  # fmt: skip

INDEXES: Final[Mapping[str, Sequence[IndexModel]]] = {
    "datasets": [
        IndexModel([("userId", ASCENDING), ("uploadedAt", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("status", ASCENDING)]),
    ],
    "tables": [IndexModel([("datasetId", ASCENDING), ("version", ASCENDING)], unique=True)],
    "records": [IndexModel([(name, ASCENDING) for name in ("datasetId", "version", "load", "start")])],
    "dictionaries": [IndexModel([(name, ASCENDING) for name in ("datasetId", "version", "load", "column")])],
    "texts": [IndexModel([(name, ASCENDING) for name in ("datasetId", "version", "load", "column", "first")])],
    "analytics": [
        IndexModel(
            [("datasetId", ASCENDING), ("version", ASCENDING), ("metric", ASCENDING), ("field", ASCENDING)], unique=True
        )
    ],
    "reports": [IndexModel([("userId", ASCENDING), ("createdAt", DESCENDING), ("_id", DESCENDING)])],
    "claims": [IndexModel([("forget", ASCENDING)], expireAfterSeconds=0)],
    "uploads": [
        IndexModel([("datasetId", ASCENDING), ("version", ASCENDING)]),
        IndexModel([("forget", ASCENDING)], expireAfterSeconds=0),
    ],
    "annotations": [IndexModel([("datasetId", ASCENDING), ("metric", ASCENDING), ("at", ASCENDING)], unique=True)],
}
# Of earlier releases; what is in their place begins with the same fields.
SUPERSEDED: Final[Mapping[str, Sequence[str]]] = {"records": ["datasetId_1_version_1_load_1"]}
SHARD_KEYS: Final[Mapping[str, Mapping[str, int]]] = {
    **{name: {"_id": 1} for name in ("datasets", "reports", "claims")},
    **{
        name: {"datasetId": 1}
        for name in ("tables", "records", "dictionaries", "texts", "analytics", "annotations", "uploads")
    },
}
# Arrays of numbers compress three times better than by the default (snappy), which matters more than its speed.
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {"storageEngine": {"wiredTiger": {"configString": "block_compressor=zstd"}}} for name in ("records", "texts")
}


async def migrate(database: MongoDatabase) -> None:
    """Make what is missing and bring validators up to date. Raises UnavailableError."""
    with translated():
        handle = database.handle
        hello = await handle.command("hello")
        for name, validator in VALIDATORS.items():
            try:
                await handle.create_collection(name, validator=validator, **_OPTIONS.get(name, {}))
            except (CollectionInvalid, OperationFailure) as error:
                if isinstance(error, OperationFailure) and error.code != _NAMESPACE_EXISTS:
                    raise
                await handle.command("collMod", name, validator=validator)
            await handle[name].create_indexes([*INDEXES[name]])
            for superseded in SUPERSEDED.get(name, ()):
                await _drop_index(database, name, superseded)
            if hello.get("msg") == "isdbgrid":  # we talk to a cluster's router
                await _shard(database, name)


async def _drop_index(database: MongoDatabase, collection: str, index: str) -> None:
    try:
        await database.handle[collection].drop_index(index)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:
            raise


async def _shard(database: MongoDatabase, name: str) -> None:
    admin = database.handle.client.admin
    try:
        await admin.command("shardCollection", f"{database.handle.name}.{name}", key=dict(SHARD_KEYS[name]))
    except OperationFailure as error:
        if error.code != _ALREADY_SHARDED:
            raise
