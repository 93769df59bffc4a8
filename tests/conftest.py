"""What holds for every test."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.shared_reading import shared_reading_processes

# The same commit gets the same verdict, on a busy machine too: no chance, no clock. To search for new
# counter-examples: pytest --hypothesis-profile=default
settings.register_profile(
    "driftline", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("driftline")


@pytest.fixture(scope="session", autouse=True)
def reading_processes() -> Iterator[None]:
    """Share reading processes among all tests of this session; servers in processes of their own have their own."""
    with shared_reading_processes():
        yield
