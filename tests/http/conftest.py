"""One server for tests that only need accounts of their own; tests that change settings start another."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.served import Served, dataset, served

_numbers = itertools.count()


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
async def anonymous(server: Served) -> httpx.AsyncClient:
    return await server.client()


@pytest.fixture
async def ada(server: Served) -> httpx.AsyncClient:
    return await server.user(f"ada{next(_numbers)}@example.com")


@pytest.fixture
async def bob(server: Served) -> httpx.AsyncClient:
    return await server.user(f"bob{next(_numbers)}@example.com")


@pytest.fixture(scope="session")
async def carol(server: Served) -> httpx.AsyncClient:
    """Has the example, for tests that only read."""
    return await server.user("carol@example.com")


@pytest.fixture(scope="session")
async def carols(carol: httpx.AsyncClient) -> dict[str, Any]:
    """The example as carol's dataset. Leave it as it is."""
    return await dataset(carol, datasetName="Sales")
