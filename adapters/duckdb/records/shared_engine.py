"""One DuckDB engine for the queries of many threads."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import duckdb

from domain.errors import UnavailableError

CLOSE_SECONDS: Final = 10.0  # for queries in hand; a process that is asked to stop has 25 to 30 seconds in all


class SharedEngine:
    """An engine that counts its cursors: it is closed when the last one is given back.

    DuckDB itself refuses to close while a query runs, and breaks one that is about to begin.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection: duckdb.DuckDBPyConnection | None = connection
        self._in_use = 0
        self._changed = threading.Condition()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection of the engine to one thread. Raises UnavailableError once it is being closed."""
        with self._changed:
            if self._connection is None:
                raise UnavailableError("The records are not open.", dependency="records")
            cursor = self._connection.cursor()
            self._in_use += 1
        try:
            with closing(cursor):
                yield cursor
        finally:
            with self._changed:
                self._in_use -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Take no further queries and close the engine when those in hand have ended. Blocking."""
        with self._changed:
            connection, self._connection = self._connection, None
            ended = self._changed.wait_for(lambda: not self._in_use, CLOSE_SECONDS)
        if connection is not None and ended:
            connection.close()
