"""One server for tests that only need accounts of their own; tests that change settings start another."""

import itertools
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.served import Served, served

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
