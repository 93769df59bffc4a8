"""The contract of ``PendingUploads``, on every store."""

from datetime import timedelta

import pytest

from domain.datasets.parse_options import ParseOptions
from domain.errors import ConflictError
from domain.ports.datasets import PendingUploads
from tests.support.builders import ANN, BOB, SALES, VISITS, an_announcement
from tests.support.fakes import NOON


async def test_announced_file_is_found_by_its_key_as_it_was_announced(pending_uploads: PendingUploads) -> None:
    announced = an_announcement(
        announced_at=NOON + timedelta(microseconds=7),
        parse_options=ParseOptions(metric_columns=("$a.b",), delimiter=";"),
    )
    await pending_uploads.add(announced)
    assert await pending_uploads.find(SALES, announced.key) == announced
    assert await pending_uploads.find(VISITS, announced.key) is None
    assert await pending_uploads.find(SALES, f"{announced.key}2") is None


async def test_key_is_announced_once(pending_uploads: PendingUploads) -> None:
    await pending_uploads.add(an_announcement())
    with pytest.raises(ConflictError):
        await pending_uploads.add(an_announcement(file_name="another.csv"))


async def test_latest_announcement_of_a_version_is_found_by_its_owner_alone(pending_uploads: PendingUploads) -> None:
    earlier = an_announcement(version=2)
    later = an_announcement(version=2, key=f"{earlier.key}-later", announced_at=NOON + timedelta(minutes=1))
    for announced in (later, earlier, an_announcement(key=f"{earlier.key}-first")):
        await pending_uploads.add(announced)
    assert await pending_uploads.of_version(ANN, SALES, 2) == later
    assert await pending_uploads.of_version(BOB, SALES, 2) is None
    assert await pending_uploads.of_version(ANN, SALES, 3) is None


async def test_forgotten_announcement_is_gone_and_forgetting_twice_is_no_error(pending_uploads: PendingUploads) -> None:
    announced = an_announcement()
    await pending_uploads.add(announced)
    await pending_uploads.forget(VISITS, announced.key)
    assert await pending_uploads.find(SALES, announced.key) == announced
    for _ in range(2):
        await pending_uploads.forget(SALES, announced.key)
    assert await pending_uploads.find(SALES, announced.key) is None
