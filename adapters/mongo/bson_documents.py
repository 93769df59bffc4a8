"""Between the domain's values and MongoDB's documents."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from adapters.mongo.database import Document
from domain.errors import CorruptedError

T = TypeVar("T")

# A Date of MongoDB ends at the millisecond; what a time has beyond it lies beside it.
_REST: Final = "microseconds"
_NO_USER: Final = UUID(int=0)


def document_of(value: msgspec.Struct) -> Document:
    """A value as a document; its times become Dates."""
    document: Document = msgspec.to_builtins(value, builtin_types=(datetime,))
    rests = {
        name: time.microsecond % 1_000
        for name, time in document.items()
        if isinstance(time, datetime) and time.microsecond % 1_000
    }
    return {**document, _REST: rests} if rests else document


def value_of(document: Mapping[str, Any], kind: type[T]) -> T:
    """The value that a document holds. Raises CorruptedError."""
    rests = document.get(_REST, {})
    exact = {name: _plain(item, rests.get(name, 0)) for name, item in document.items()}
    try:
        return msgspec.convert(exact, kind)
    except msgspec.ValidationError as error:
        raise CorruptedError(f"A stored {kind.__name__} cannot be read: {error}.") from error


def user_key(user_id: str) -> UUID:
    """The identifier of a user as MongoDB keeps it: a UUID (BSON binary, subtype 4).

    The nil UUID, which no user has, for any other text: the key of an object in the bucket may name any user.
    """
    try:
        return UUID(user_id)
    except ValueError:
        return _NO_USER


def _plain(item: object, microseconds: int) -> object:
    if isinstance(item, datetime):
        return item + timedelta(microseconds=microseconds)
    return str(item) if isinstance(item, UUID) else item
