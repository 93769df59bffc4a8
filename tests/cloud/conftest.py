"""What the cloud's tests share: the keys of the test servers, and a product for those that leave it as it is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.aws_stores import aws_keys
from tests.support.cloud import cloud_settings, working
from tests.support.served import Served, served

__all__ = ["aws_keys"]


@pytest.fixture(scope="session")
async def cloud_product(tmp_path_factory: pytest.TempPathFactory, aws_keys: None) -> AsyncIterator[Served]:
    """One API process and one worker over stores of their own; users are kept apart by their addresses."""
    folder: Path = tmp_path_factory.mktemp("product")
    async with cloud_settings(folder) as settings, working(settings), served(folder, **settings) as running:
        yield running
