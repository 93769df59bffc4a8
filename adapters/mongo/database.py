"""The connection to MongoDB, and the translation of its errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidURI,
    PyMongoError,
)
from typing_extensions import override

from domain import errors
from domain.ports.system import Dependency

DATABASE: Final = "driftline"  # if the URI names none
SELECTION_MS: Final = 5_000  # a replica set elects a new primary within that; the driver's 30 s would hang a request
SOCKET_MS: Final = 600_000  # the longest aggregation over some ten million rows takes minutes, not tens of them

Document = dict[str, Any]


class MongoDatabase(Dependency):
    """One pool of connections. Every write waits for a majority of the replica set; it may be sent again once."""

    name = "mongodb"

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._client: AsyncMongoClient[Document] | None = None

    async def open(self) -> None:
        """Prepare the pool; connections are made when they are needed.

        Raises:
            ConfigurationError: the URI cannot be read.
        """
        if self._client is None:
            try:
                self._client = AsyncMongoClient(
                    self._uri,
                    w="majority",
                    serverSelectionTimeoutMS=SELECTION_MS,
                    socketTimeoutMS=SOCKET_MS,
                    tz_aware=True,
                    uuidRepresentation="standard",
                )
            except (InvalidURI, ConfigurationError) as error:
                raise errors.ConfigurationError(f"DRIFTLINE_MONGO_URI cannot be used: {error}.") from error

    async def close(self) -> None:
        """Close the connection pool."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @override
    async def ping(self) -> None:
        with translated():
            await self.handle.command("ping")

    @property
    def handle(self) -> AsyncDatabase[Document]:
        """The database that the URI names. Raises UnavailableError before ``open`` and after ``close``."""
        if self._client is None:
            raise errors.UnavailableError("MongoDB is not open.", dependency="mongodb")
        return self._client.get_default_database(DATABASE)

    def collection(self, name: str) -> AsyncCollection[Document]:
        """A collection of the database."""
        return self.handle[name]


async def versions_in(collection: AsyncCollection[Document]) -> set[tuple[str, int]]:
    """Every pair of ``datasetId`` and ``version`` that a collection has documents of."""
    pair = {"$group": {"_id": {"dataset": "$datasetId", "version": "$version"}}}
    pairs = await (await collection.aggregate([pair])).to_list()
    return {(one["_id"]["dataset"], int(one["_id"]["version"])) for one in pairs}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into the domain's; its own words name hosts and are for the log alone."""
    try:
        yield
    except DuplicateKeyError as error:
        raise errors.ConflictError("That is stored already.") from error
    except (AutoReconnect, ExecutionTimeout) as error:
        raise errors.UnavailableError(
            f"MongoDB does not answer ({type(error).__name__}).", dependency="mongodb"
        ) from error
    except PyMongoError as error:
        raise errors.UnavailableError(f"MongoDB refused ({type(error).__name__}).", dependency="mongodb") from error
