"""Uploads straight to the store: nothing is a dataset before its file is there, and then it is one version once."""

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from domain.datasets.dataset import Dataset, Revision, Status, move
from domain.datasets.parse_options import ParseOptions
from domain.datasets.progress import Stage
from domain.errors import (
    DatasetNotFoundError,
    EmptyFileError,
    InvalidInputError,
    TooManyWaitingError,
    UnsupportedError,
    UploadTooLargeError,
)
from domain.ports.work import Job
from domain.use_cases.uploads.direct_upload import PrepareDirectUpload
from domain.use_cases.uploads.upload import UploadRequest
from tests.support.builders import ANN, BOB, a_dataset
from tests.support.direct_uploads import DirectUploadsWorkshop
from tests.support.fakes import SequentialIdentifiers
from tests.support.workshop import a_request, chunks_of


@pytest.fixture
def shop() -> DirectUploadsWorkshop:
    return DirectUploadsWorkshop()


async def test_file_that_arrives_becomes_the_dataset_that_was_announced(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced(name=None)
    assert (await shop.datasets.list(ANN, 10, 0)).total == 0
    assert await shop.sent(announced) == Job(dataset_id=announced.dataset_id, version=1)
    dataset = await shop.datasets.get(ANN, announced.dataset_id)
    assert (dataset.dataset_name, dataset.status, dataset.size_bytes) == ("sales.csv", Status.UPLOADED, 4)
    assert (dataset.source_key, dataset.sha256) == (announced.key, "")
    assert not shop.pending_uploads.stored


async def test_next_version_begins_when_its_file_is_there_and_not_before(shop: DirectUploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request("Sales"))
    announced = await shop.announced(first.id, name="Another name")
    assert (announced.version, announced.dataset_name) == (2, "Sales")
    assert await shop.datasets.get(ANN, first.id) == first
    assert await shop.sent(announced) == Job(dataset_id=first.id, version=2)
    assert [one.version for one in await shop.datasets.versions(ANN, first.id)] == [2, 1]


async def test_event_that_comes_again_and_again_makes_one_version(shop: DirectUploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    announced = await shop.announced(first.id)
    await shop.blobs.write(announced.key, chunks_of(b"a,b\n"))
    arrivals = [shop.arrive(ANN, first.id, announced.key) for _ in range(5)]
    assert set(await asyncio.gather(*arrivals)) == {Job(dataset_id=first.id, version=2)}
    assert len(await shop.datasets.versions(ANN, first.id)) == 2


async def test_two_workers_that_register_the_same_file_at_once_make_one_version(
    shop: DirectUploadsWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    announced = await shop.announced(first.id)
    replace, rivals = shop.datasets.replace, [shop.arrive]

    async def overtaken(dataset: Dataset, expected: Revision) -> None:
        while rivals:
            assert await rivals.pop()(ANN, first.id, announced.key) == Job(dataset_id=first.id, version=2)
        await replace(dataset, expected)

    monkeypatch.setattr(shop.datasets, "replace", overtaken)
    assert await shop.sent(announced) == Job(dataset_id=first.id, version=2)
    assert len(await shop.datasets.versions(ANN, first.id)) == 2


async def test_two_announced_for_the_same_version_become_two_versions(shop: DirectUploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    one, other = await shop.announced(first.id), await shop.announced(first.id)
    assert await shop.sent(other) == Job(dataset_id=first.id, version=2)
    assert await shop.sent(one) == Job(dataset_id=first.id, version=3)


async def test_file_for_a_dataset_that_was_deleted_meanwhile_is_deleted_too(shop: DirectUploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    announced = await shop.announced(first.id)
    await shop.datasets.remove(first.id)
    assert await shop.sent(announced) is None
    assert announced.key not in shop.blobs.stored
    assert not shop.pending_uploads.stored


async def test_dataset_that_is_being_deleted_is_not_begun_again_by_its_own_first_file(
    shop: DirectUploadsWorkshop,
) -> None:
    announced = await shop.announced()
    doomed = a_dataset(id=announced.dataset_id, source_key=announced.key, status=Status.DELETING)
    await shop.datasets.add(doomed)
    assert await shop.sent(announced) is None
    assert await shop.datasets.find(announced.dataset_id) == doomed


async def test_key_that_nobody_announced_or_somebody_else_did_is_nobodys_job(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced()
    await shop.blobs.write(announced.key, chunks_of(b"x"))
    assert await shop.arrive(BOB, announced.dataset_id, announced.key) is None
    assert await shop.arrive(ANN, announced.dataset_id, f"{announced.key}2") is None
    assert (await shop.datasets.list(ANN, 10, 0)).total == (await shop.datasets.list(BOB, 10, 0)).total == 0


async def test_event_without_its_file_registers_nothing(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced()
    assert await shop.arrive(ANN, announced.dataset_id, announced.key) is None
    assert await shop.datasets.find(announced.dataset_id) is None


@pytest.mark.parametrize(
    ("size", "error"), [(-1, InvalidInputError), (0, EmptyFileError), (1_001, UploadTooLargeError)]
)
async def test_size_that_no_upload_may_have_is_refused_at_once(
    shop: DirectUploadsWorkshop, size: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await shop.announce(ANN, None, a_request()(), size)
    assert not shop.pending_uploads.stored


async def test_what_is_wrong_with_the_words_is_said_before_anything_is_sent(shop: DirectUploadsWorkshop) -> None:
    wrong: dict[str, Any] = {"dataset_name": " ", "file_name": "a.csv", "parse_options": ParseOptions()}
    with pytest.raises(InvalidInputError, match="name"):
        await shop.announce(ANN, None, UploadRequest(**wrong), 4)
    with pytest.raises(InvalidInputError, match="time zone"):
        await shop.announce(ANN, None, a_request(time_zone="Mars/Base")(), 4)


async def test_nobody_announces_a_version_of_somebody_elses_dataset(shop: DirectUploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    with pytest.raises(DatasetNotFoundError):
        await shop.announce(BOB, first.id, a_request()(), 4)


async def test_store_that_takes_no_forms_is_said_so_and_what_to_do_instead(shop: DirectUploadsWorkshop) -> None:
    plain = PrepareDirectUpload(
        datasets=shop.datasets,
        pending_uploads=None,
        forms=None,
        id_generator=SequentialIdentifiers(),
        clock=shop.clock,
        find_basis=shop.find_basis,
        max_bytes=1_000,
        max_waiting=100,
    )
    assert (plain.is_offered, shop.announce.is_offered) == (False, True)
    with pytest.raises(UnsupportedError, match="/api/datasets/upload "):
        await plain(ANN, None, a_request()(), 4)


async def test_announced_version_can_be_followed_until_it_is_done(shop: DirectUploadsWorkshop) -> None:
    announced = await shop.announced()
    async with shop.watch(ANN, announced.dataset_id, 1) as reports:
        waiting = await anext(reports)
        assert (waiting.stage, waiting.status, waiting.version) == (Stage.STORING, Status.UPLOADED, 1)
        await shop.sent(announced)
        arrived = await anext(reports)
        assert "Stored 4 bytes" in arrived.message


async def test_only_an_announced_version_can_be_waited_for_and_only_while_it_may_come(
    shop: DirectUploadsWorkshop,
) -> None:
    announced = await shop.announced()
    for user, version in ((BOB, 1), (ANN, 2), (ANN, None)):
        with pytest.raises(DatasetNotFoundError):
            await shop.watch.state(user, announced.dataset_id, version)
    shop.clock.advance(timedelta(hours=2))
    with pytest.raises(DatasetNotFoundError):
        await shop.watch.state(ANN, announced.dataset_id, 1)
    assert await shop.sent(announced) is not None  # a late one is taken all the same: the store has let it in


async def test_version_that_is_there_or_overtaken_is_not_waited_for(shop: DirectUploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    assert (await shop.watch.state(ANN, first.id, 1)).version == 1
    await shop.announced(first.id)
    assert (await shop.watch.state(ANN, first.id, 2)).message == "Waiting for the file to arrive"
    await shop.upload(ANN, first.id, chunks_of(b"y"), a_request())
    assert (await shop.watch.state(ANN, first.id, 2)).message == "Stored 1 bytes"


async def test_upload_that_waits_is_told_its_place_until_it_is_begun(shop: DirectUploadsWorkshop) -> None:
    first, second = [await shop.upload(ANN, None, chunks_of(b"x"), a_request()) for _ in range(2)]
    places = [await shop.watch.place(one.id) for one in (first, second)]
    assert [one and (one.place, one.message) for one in places] == [
        (1, "Waiting: it is the next file"),
        (2, "Waiting: number 2 in the queue"),
    ]
    await shop.datasets.replace(move(first, Status.PROCESSING), first.revision)
    assert await shop.watch.place(first.id) is None
    assert await shop.watch.place("unknown") is None


async def test_form_is_refused_while_as_many_files_wait_as_may(shop: DirectUploadsWorkshop) -> None:
    shop.announce = dataclasses.replace(shop.announce, max_waiting=1)
    await shop.upload(ANN, None, chunks_of(b"x"), a_request())
    with pytest.raises(TooManyWaitingError):
        await shop.announced()
