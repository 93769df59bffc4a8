"""Uploads straight to the store whose rows join others, and uploads that are taken back."""

import asyncio

import pytest

from domain.datasets.dataset import Status
from domain.datasets.table_schema import UploadMode
from domain.errors import ConflictError, DatasetNotReadyError, InvalidInputError
from domain.ports.work import Job
from domain.use_cases.uploads.direct_upload import Withdrawal
from tests.support.builders import ANN, BOB
from tests.support.direct_uploads import DirectUploadsWorkshop
from tests.support.workshop import a_request, chunks_of


@pytest.fixture
def shop() -> DirectUploadsWorkshop:
    return DirectUploadsWorkshop()


async def test_rows_to_add_join_the_newest_version_that_is_there_when_they_come(shop: DirectUploadsWorkshop) -> None:
    first = await shop.readable()
    announced = await shop.announced(first.id, mode=UploadMode.APPEND)
    assert (announced.version, announced.appended_to, announced.parse_options.time_zone) == (2, 1, "Asia/Tokyo")
    await shop.upload(ANN, first.id, chunks_of(b"y"), a_request())
    await shop.moved(first, Status.PROCESSING, Status.PROCESSED)
    assert await shop.sent(announced) == Job(dataset_id=first.id, version=3)
    third = await shop.datasets.get(ANN, first.id)
    assert (third.appended_to, third.parse_options.time_column, third.time_zone) == (2, "date", "Asia/Tokyo")


async def test_rows_to_add_wait_for_the_version_before_theirs(shop: DirectUploadsWorkshop) -> None:
    first = await shop.readable()
    announced = await shop.announced(first.id, mode=UploadMode.APPEND)
    second = await shop.upload(ANN, first.id, chunks_of(b"y"), a_request())
    with pytest.raises(DatasetNotReadyError, match="Version 2 is still being processed"):
        await shop.sent(announced)
    assert await shop.datasets.get(ANN, first.id) == second
    assert announced.key in shop.pending_uploads.stored
    await shop.moved(second, Status.PROCESSING, Status.FAILED)
    assert await shop.sent(announced) == Job(dataset_id=first.id, version=3)
    assert (await shop.datasets.get(ANN, first.id)).appended_to == 1


async def test_rows_whose_basis_broke_meanwhile_are_still_rows_to_add(shop: DirectUploadsWorkshop) -> None:
    first = await shop.readable()
    announced = await shop.announced(first.id, mode=UploadMode.APPEND)
    await shop.moved(first, Status.PROCESSING, Status.FAILED)
    assert await shop.sent(announced) == Job(dataset_id=first.id, version=2)
    assert (await shop.datasets.get(ANN, first.id)).appended_to == 1  # and never all there is


async def test_rows_need_a_version_that_was_read_before_they_are_sent(shop: DirectUploadsWorkshop) -> None:
    with pytest.raises(InvalidInputError, match="datasetId"):
        await shop.announced(mode=UploadMode.APPEND)
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    with pytest.raises(DatasetNotReadyError):
        await shop.announced(first.id, mode=UploadMode.APPEND)
    await shop.moved(first, Status.PROCESSING, Status.FAILED)
    with pytest.raises(ConflictError, match="nothing to add rows to"):
        await shop.announced(first.id, mode=UploadMode.APPEND)
    assert not shop.pending_uploads.stored


async def test_upload_whose_answer_was_lost_is_found_and_is_one_version(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced()
    await shop.blobs.write(announced.key, chunks_of(b"a,b\n"))  # not registered yet
    there = Withdrawal(arrived=True, dataset_id=announced.dataset_id, version=1)
    assert await asyncio.gather(*(shop.withdrawn(announced) for _ in range(4))) == [there] * 4
    assert await shop.arrive(ANN, announced.dataset_id, announced.key) == Job(
        dataset_id=announced.dataset_id, version=1
    )
    assert await shop.withdrawn(announced) == there
    assert len(await shop.datasets.versions(ANN, announced.dataset_id)) == 1


async def test_file_that_comes_after_it_was_withdrawn_is_taken_by_nobody(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced()
    for _ in range(2):
        assert not (await shop.withdrawn(announced)).arrived
    assert await shop.sent(announced) is None
    assert (await shop.datasets.list(ANN, 10, 0)).total == 0


async def test_file_that_comes_while_it_is_withdrawn_is_taken_once(
    shop: DirectUploadsWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced = await shop.announced()
    forget = shop.pending_uploads.forget

    async def overtaken(dataset_id: str, key: str) -> None:
        monkeypatch.undo()
        await shop.blobs.write(key, chunks_of(b"a,b\n"))
        await forget(dataset_id, key)
        assert await shop.arrive(ANN, dataset_id, key) is None  # the worker asks again in two seconds

    monkeypatch.setattr(shop.pending_uploads, "forget", overtaken)
    assert (await shop.withdrawn(announced)).arrived
    assert await shop.arrive(ANN, announced.dataset_id, announced.key) == Job(
        dataset_id=announced.dataset_id, version=1
    )


async def test_nobody_withdraws_what_somebody_else_announced(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced()
    assert not (await shop.withdrawn(announced, BOB)).arrived
    assert announced.key in shop.pending_uploads.stored


async def test_rows_that_wait_for_their_turn_have_arrived(shop: DirectUploadsWorkshop) -> None:
    first = await shop.readable()
    announced = await shop.announced(first.id, mode=UploadMode.APPEND)
    second = await shop.upload(ANN, first.id, chunks_of(b"y"), a_request())
    await shop.blobs.write(announced.key, chunks_of(b"a,b\n"))
    assert (await shop.withdrawn(announced)).arrived
    await shop.moved(second, Status.PROCESSING, Status.PROCESSED)
    assert await shop.sent(announced) == Job(dataset_id=first.id, version=3)
