"""Storing a file: all of it or nothing, and never into another account's version."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from domain.datasets.dataset import Dataset, Status
from domain.errors import DatasetNotFoundError, EmptyFileError, InvalidInputError, UnavailableError, UploadTooLargeError
from domain.ports.work import Job
from domain.use_cases.uploads.upload import UploadRequest
from tests.support.builders import ANN, BOB
from tests.support.workshop import UploadsWorkshop, a_request, chunks_of


@pytest.fixture
def shop() -> UploadsWorkshop:
    return UploadsWorkshop()


async def test_an_upload_is_stored_listed_and_submitted(shop: UploadsWorkshop) -> None:
    dataset = await shop.upload(ANN, None, chunks_of(b"a,b\n", b"1,2\n"), a_request())
    assert (dataset.version, dataset.status, dataset.size_bytes) == (1, Status.UPLOADED, 8)
    assert shop.blobs.stored[dataset.source_key] == b"a,b\n1,2\n"
    assert await shop.datasets.get(ANN, dataset.id) == dataset
    assert shop.jobs.submitted == [Job(dataset_id=dataset.id, version=1, user_id=ANN)]


async def test_no_part_of_a_client_file_name_becomes_part_of_a_key(shop: UploadsWorkshop) -> None:
    request = a_request()()
    hostile = UploadRequest(dataset_name=None, file_name="../../etc/passwd", parse_options=request.parse_options)
    dataset = await shop.upload(ANN, None, chunks_of(b"x"), lambda: hostile)
    assert "passwd" not in dataset.source_key
    assert dataset.file_name == "../../etc/passwd"


async def test_an_upload_over_the_limit_leaves_nothing_behind() -> None:
    shop = UploadsWorkshop(max_bytes=10)
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield b"12345"

    with pytest.raises(UploadTooLargeError, match="10 bytes"):
        await shop.upload(ANN, None, endless(), a_request())
    assert len(read) == 3  # not a chunk more than it took to know
    assert not shop.blobs.stored
    assert not shop.jobs.submitted


async def test_an_empty_file_leaves_nothing_behind(shop: UploadsWorkshop) -> None:
    with pytest.raises(EmptyFileError, match="0 bytes"):
        await shop.upload(ANN, None, chunks_of(b""), a_request())
    assert not shop.blobs.stored
    assert (await shop.datasets.list(ANN, 10, 0)).total == 0


@pytest.mark.parametrize(
    ("request_of", "field"),
    [
        (a_request(name="  "), "datasetName"),
        (a_request(name="x" * 201), "datasetName"),
        (a_request(time_zone="Mars/Olympus"), "timeZone"),
    ],
)
async def test_words_that_cannot_be_used_leave_nothing_behind(
    shop: UploadsWorkshop, request_of: Callable[[], UploadRequest], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await shop.upload(ANN, None, chunks_of(b"x"), request_of)
    assert refused.value.details["field"] == field
    assert not shop.blobs.stored


async def test_a_broken_connection_leaves_nothing_behind(shop: UploadsWorkshop) -> None:
    async def torn() -> AsyncIterator[bytes]:
        yield b"a,b\n"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await shop.upload(ANN, None, torn(), a_request())
    assert not shop.blobs.stored


async def test_a_new_version_keeps_the_old_one_listed(shop: UploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"one"), a_request())
    second = await shop.upload(ANN, first.id, chunks_of(b"two"), a_request(name=None))
    assert (second.version, second.dataset_name) == (2, "Sales")
    assert [dataset.version for dataset in await shop.datasets.versions(ANN, first.id)] == [2, 1]
    assert shop.blobs.stored[first.source_key] == b"one"
    assert shop.blobs.stored[second.source_key] == b"two"


async def test_uploads_that_race_each_get_a_version_and_a_file_of_their_own(shop: UploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"one"), a_request())
    bodies = [f"body {number}".encode() for number in range(4)]
    racers = await asyncio.gather(*(shop.upload(ANN, first.id, chunks_of(body), a_request()) for body in bodies))
    assert sorted(racer.version for racer in racers) == [2, 3, 4, 5]
    assert [shop.blobs.stored[racer.source_key] for racer in racers] == bodies


async def test_a_version_cannot_be_added_to_somebody_elses_dataset(shop: UploadsWorkshop) -> None:
    first = await shop.upload(ANN, None, chunks_of(b"one"), a_request())
    with pytest.raises(DatasetNotFoundError):
        await shop.upload(BOB, first.id, chunks_of(b"two"), a_request())
    assert list(shop.blobs.stored.values()) == [b"one"]


async def test_a_version_that_was_registered_although_the_store_did_not_answer_keeps_its_file(
    shop: UploadsWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = shop.datasets.add

    async def add_without_an_answer(dataset: Dataset) -> None:
        await add(dataset)
        raise UnavailableError("The answer was lost.", dependency="mongodb")

    monkeypatch.setattr(shop.datasets, "add", add_without_an_answer)
    with pytest.raises(UnavailableError):
        await shop.upload(ANN, None, chunks_of(b"a,b"), a_request())
    (dataset,) = (await shop.datasets.list(ANN, 10, 0)).items
    assert await shop.blobs.size(dataset.source_key) == 3
