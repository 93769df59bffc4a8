"""One server for the client's tests, and one account."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from entrypoints.client.driftline import Driftline
from tests.support.served import Served, served, signed_up

_numbers = itertools.count()


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("client")) as running:
        yield running


@pytest.fixture
async def ada(server: Served) -> AsyncIterator[Driftline]:
    """Signed in. Call it in a thread: the server runs in the test's own loop."""
    email = f"ada{next(_numbers)}@example.com"
    client = await asyncio.to_thread(lambda: signed_up(server, email))
    yield client
    await asyncio.to_thread(client.close)
