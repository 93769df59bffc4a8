"""Between the domain's values and MongoDB's documents."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec

from adapters.mongo.database import Document
from domain.errors import CorruptedError

T = TypeVar("T")

# A Date of MongoDB ends at the millisecond; what a time has beyond it lies beside it.
_REST: Final = "microseconds"


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
    exact = {
        name: item + timedelta(microseconds=rests.get(name, 0)) if isinstance(item, datetime) else item
        for name, item in document.items()
    }
    try:
        return msgspec.convert(exact, kind)
    except msgspec.ValidationError as error:
        raise CorruptedError(f"A stored {kind.__name__} cannot be read: {error}.") from error
