"""Documents that an earlier release wrote, brought to today's form. Safe to run again, and by two at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.mongo.bson_documents import user_key
from adapters.mongo.database import Document, MongoDatabase, translated
from adapters.mongo.datasets import S3, file_path

_WRITTEN_EARLIER: Final = {"userId": {"$type": "string"}}  # today's identifiers of users are UUIDs
_REVISION: Final = ("_id", "userId", "version", "status")
_BATCH: Final = 500  # documents; bounds the memory of a migration


async def convert(database: MongoDatabase, bucket: str) -> None:
    """Rewrite every document of an earlier form.

    Args:
        database: whose collections and validators are those of today.
        bucket: of S3, in which the files lie.

    Raises:
        UnavailableError: MongoDB does not answer; what is converted stays so.
    """

    def dataset(document: Document) -> Document:
        older = [_dataset(version, bucket) for version in document.get("older", ())]
        return {**_dataset(document, bucket), "older": older}

    converters: Mapping[str, Callable[[Document], Document]] = {
        "datasets": dataset,
        "reports": _with_user_key,
        "uploads": lambda document: _with_parse_options(_with_user_key(document)),
    }
    with translated():
        for name, converted in converters.items():
            collection = database.collection(name)
            while batch := await collection.find(_WRITTEN_EARLIER).limit(_BATCH).to_list():
                for document in batch:
                    # The whole document as the filter's revision: who changed it meanwhile wrote today's form, or
                    # it is found again by the next round.
                    unchanged: Document = {key: document[key] for key in _REVISION if key in document}
                    await collection.replace_one(unchanged, converted(document))


def _dataset(document: Document, bucket: str) -> Document:
    converted = _with_parse_options(_with_user_key(document))
    path = converted["s3FilePath"]
    details: Any = converted.get("columnDetails", converted["columns"])
    return {
        **converted,
        "s3FilePath": path if path.startswith(S3) else file_path(bucket, path),
        "columns": [column["name"] for column in details],
        "columnDetails": details,
    }


def _with_user_key(document: Document) -> Document:
    user = document["userId"]
    return {**document, "userId": user_key(user) if isinstance(user, str) else user}


def _with_parse_options(document: Document) -> Document:
    converted = dict(document)
    if "roles" in converted:
        converted["parseOptions"] = converted.pop("roles")
    return converted
