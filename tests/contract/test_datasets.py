"""The contract of ``Datasets``, on every store."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest

from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import DataQuality, Dataset, Failure, Revision, Status, move
from domain.datasets.parse_options import ParseOptions
from domain.datasets.superseded import SUPERSEDED, as_older
from domain.errors import ConflictError, DatasetNotFoundError, IllegalMoveError, StaleVersionError
from domain.ports.datasets import Datasets
from tests.support.builders import ANN, BOB, SALES, VISITS, a_dataset
from tests.support.fakes import NOON, uuid_of

CONCURRENT = 20
HOSTILE_IDS = ["", "' OR '1'='1", "../etc", "%", "x\x00y", "a" * 5_000, '{"$ne": null}']


def full() -> Dataset:
    """Every field set, with text and numbers that a careless store would change."""
    return a_dataset(
        dataset_name='Umsätze "Q1" 🙈 \\ \n',
        parse_options=ParseOptions(
            time_column="t", metric_columns=("a", "b"), time_zone="Asia/Kolkata", day_first=False
        ),
        processed_at=NOON + timedelta(microseconds=123457),
        columns=(Column(name="t", type=ColumnType.TIME), Column(name="$höhe.x", type=ColumnType.NUMBER, unit="₹")),
        time_column="t",
        metric_columns=("$höhe.x",),
        time_zone="Asia/Kolkata",
        row_count=10**12,
        rejected_rows=0,
        first_time=NOON - timedelta(days=40_000),
        last_time=NOON,
        quality=DataQuality(total_rows=3, usable_rows=2, rejected_rows=1, notes=("a", "b")),
        failure=Failure(code="x", message="y"),
        anomaly_count=0,
        sparkline=(0.1 + 0.2, -1e300, 5e-324, 2.0),
        size_bytes=2**40,
    )


async def test_dataset_comes_back_with_every_field_as_it_was_stored(datasets: Datasets) -> None:
    await datasets.add(full())
    assert await datasets.get(ANN, SALES) == full()
    assert await datasets.get_version(ANN, SALES, 1) == full()
    assert await datasets.versions(ANN, SALES) == (full(),)
    assert await datasets.find(SALES) == full()
    assert (await datasets.list(ANN, 10, 0)).items == (full(),)


async def test_adding_a_dataset_twice_is_a_conflict_and_the_first_stays(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    with pytest.raises(ConflictError):
        await datasets.add(a_dataset(user_id=BOB, dataset_name="Stolen"))
    assert await datasets.find(SALES) == a_dataset()


async def test_dataset_of_another_user_is_found_by_no_lookup(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    for lookup in (
        datasets.get(BOB, SALES),
        datasets.get_version(BOB, SALES, 1),
        datasets.versions(BOB, SALES),
        datasets.rename(BOB, SALES, "Mine now"),
    ):
        with pytest.raises(DatasetNotFoundError):
            await lookup
    page = await datasets.list(BOB, 10, 0)
    assert (page.items, page.total) == ((), 0)
    assert await datasets.get(ANN, SALES) == a_dataset()


@pytest.mark.parametrize("dataset_id", HOSTILE_IDS)
async def test_hostile_ids_find_nothing(datasets: Datasets, dataset_id: str) -> None:
    await datasets.add(a_dataset())
    for lookup in (
        datasets.get(ANN, dataset_id),
        datasets.get_version(ANN, dataset_id, 1),
        datasets.versions(ANN, dataset_id),
        datasets.rename(ANN, dataset_id, "x"),
    ):
        with pytest.raises(DatasetNotFoundError):
            await lookup
    assert await datasets.find(dataset_id) is None
    await datasets.remove(dataset_id)
    assert await datasets.get(ANN, SALES) == a_dataset()


@pytest.mark.parametrize("version", [0, -1, 2, 2**31, 2**62])
async def test_version_that_never_was_is_not_found(datasets: Datasets, version: int) -> None:
    await datasets.add(a_dataset())
    with pytest.raises(DatasetNotFoundError):
        await datasets.get_version(ANN, SALES, version)


async def test_change_with_the_expected_revision_takes_effect(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    processing = move(a_dataset(), Status.PROCESSING)
    await datasets.replace(processing, a_dataset().revision)
    assert await datasets.get(ANN, SALES) == processing
    assert await datasets.versions(ANN, SALES) == (processing,)


@pytest.mark.parametrize(
    "expected",
    [
        Revision(version=1, status=Status.PROCESSING),
        Revision(version=2, status=Status.UPLOADED),
        Revision(version=0, status=Status.UPLOADED),
    ],
)
async def test_change_with_another_revision_is_stale_and_changes_nothing(
    datasets: Datasets, expected: Revision
) -> None:
    await datasets.add(a_dataset())
    with pytest.raises(StaleVersionError):
        await datasets.replace(a_dataset(version=expected.version, status=Status.FAILED), expected)
    assert await datasets.versions(ANN, SALES) == (a_dataset(),)


async def test_change_of_a_dataset_that_is_gone_is_stale_and_does_not_bring_it_back(datasets: Datasets) -> None:
    with pytest.raises(StaleVersionError):
        await datasets.replace(a_dataset(status=Status.PROCESSING), a_dataset().revision)
    assert await datasets.find(SALES) is None


async def test_change_cannot_move_a_dataset_to_another_owner(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    with pytest.raises(StaleVersionError):
        await datasets.replace(a_dataset(user_id=BOB), a_dataset().revision)
    assert (await datasets.get(ANN, SALES)).user_id == ANN


@pytest.mark.parametrize("status", [Status.UPLOADED, Status.PROCESSING])
async def test_an_older_version_that_was_never_processed_is_superseded(datasets: Datasets, status: Status) -> None:
    first = a_dataset(status=status)
    await datasets.add(first)
    await datasets.replace(a_dataset(version=2, status=status), first.revision)
    newest, older = await datasets.versions(ANN, SALES)
    assert (newest.status, older.status) == (status, Status.FAILED)
    assert older.failure is not None
    assert older.failure.code == SUPERSEDED
    assert await datasets.get_version(ANN, SALES, 1) == older
    assert (await datasets.get_version(ANN, SALES, 2)).status is status


async def test_next_version_keeps_the_older_ones_listed_and_readable(datasets: Datasets) -> None:
    history = [a_dataset(version=n, file_name=f"v{n}.csv", status=Status.CACHED) for n in (1, 2, 3)]
    await datasets.add(history[0])
    for before, after in pairwise(history):
        await datasets.replace(after, before.revision)
    assert await datasets.get(ANN, SALES) == history[2]
    assert await datasets.versions(ANN, SALES) == tuple(reversed(history))
    for dataset in history:
        assert await datasets.get_version(ANN, SALES, dataset.version) == dataset
    page = await datasets.list(ANN, 10, 0)
    assert (page.items, page.total) == ((history[2],), 1)


@pytest.mark.parametrize("version", [3, 1, 0])
async def test_versions_cannot_be_skipped_or_turned_back(datasets: Datasets, version: int) -> None:
    second = a_dataset(version=2)
    await datasets.add(a_dataset())
    await datasets.replace(second, a_dataset().revision)
    expected = second.revision if version != 3 else a_dataset().revision
    with pytest.raises(IllegalMoveError):
        await datasets.replace(a_dataset(version=version), expected)
    assert await datasets.get(ANN, SALES) == second


async def test_stale_worker_cannot_overwrite_a_newer_version(datasets: Datasets) -> None:
    processing = a_dataset(status=Status.PROCESSING)
    second = a_dataset(version=2)
    await datasets.add(processing)
    await datasets.replace(second, processing.revision)
    with pytest.raises(StaleVersionError):
        await datasets.replace(move(processing, Status.PROCESSED), processing.revision)
    assert await datasets.get(ANN, SALES) == second
    assert await datasets.get_version(ANN, SALES, 1) == as_older(processing)


async def test_of_concurrent_changes_from_one_revision_exactly_one_wins(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    rivals = [a_dataset(status=Status.PROCESSING, row_count=number) for number in range(CONCURRENT)]
    outcomes = await asyncio.gather(
        *(datasets.replace(rival, a_dataset().revision) for rival in rivals), return_exceptions=True
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, StaleVersionError) for outcome in outcomes) == CONCURRENT - 1
    assert await datasets.get(ANN, SALES) == rivals[outcomes.index(None)]


async def test_of_concurrent_uploads_each_gets_a_version_of_its_own_or_is_stale(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    rivals = [a_dataset(version=2, file_name=f"{number}.csv") for number in range(CONCURRENT)]
    outcomes = await asyncio.gather(
        *(datasets.replace(rival, a_dataset().revision) for rival in rivals), return_exceptions=True
    )
    assert outcomes.count(None) == 1
    assert await datasets.versions(ANN, SALES) == (rivals[outcomes.index(None)], as_older(a_dataset()))


async def test_rename_holds_for_every_version_and_returns_the_newest(datasets: Datasets) -> None:
    second = a_dataset(version=2)
    await datasets.add(a_dataset())
    await datasets.replace(second, a_dataset().revision)
    renamed = await datasets.rename(ANN, SALES, "Umsatz ✓")
    assert renamed == msgspec.structs.replace(second, dataset_name="Umsatz ✓")
    names = {dataset.dataset_name for dataset in await datasets.versions(ANN, SALES)}
    assert names == {"Umsatz ✓"}
    assert (await datasets.list(ANN, 10, 0)).items == (renamed,)


async def test_worker_that_read_the_old_name_does_not_undo_a_rename(datasets: Datasets) -> None:
    read_before = a_dataset(status=Status.PROCESSING)
    await datasets.add(read_before)
    await datasets.rename(ANN, SALES, "New name")
    await datasets.replace(move(read_before, Status.PROCESSED, row_count=3), read_before.revision)
    stored = await datasets.get(ANN, SALES)
    assert (stored.dataset_name, stored.row_count) == ("New name", 3)
    await datasets.replace(a_dataset(version=2), stored.revision)
    assert {one.dataset_name for one in await datasets.versions(ANN, SALES)} == {"New name"}


async def test_list_shows_the_latest_upload_first_in_pages_that_miss_and_repeat_nothing(datasets: Datasets) -> None:
    stored = [a_dataset(id=uuid_of(500 + n), uploaded_at=NOON + timedelta(seconds=n // 3)) for n in range(11)]
    for dataset in stored:
        await datasets.add(dataset)
    await datasets.add(a_dataset(id=VISITS, user_id=BOB))
    pages = [await datasets.list(ANN, 4, offset) for offset in (0, 4, 8)]
    assert {page.total for page in pages} == {11}
    seen = [dataset for page in pages for dataset in page.items]
    assert seen == sorted(stored, key=lambda one: (one.uploaded_at, one.id), reverse=True)
    beyond = await datasets.list(ANN, 4, 100)
    assert (beyond.items, beyond.total) == ((), 11)


async def test_new_upload_brings_a_dataset_to_the_top_of_the_list(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    await datasets.add(a_dataset(id=VISITS, uploaded_at=NOON + timedelta(hours=1)))
    await datasets.replace(a_dataset(version=2, uploaded_at=NOON + timedelta(hours=2)), a_dataset().revision)
    assert [one.id for one in (await datasets.list(ANN, 10, 0)).items] == [SALES, VISITS]


async def test_dataset_under_deletion_is_hidden_from_its_owner_with_all_its_versions(datasets: Datasets) -> None:
    second = a_dataset(version=2)
    await datasets.add(a_dataset())
    await datasets.replace(second, a_dataset().revision)
    tombstone = move(second, Status.DELETING)
    await datasets.replace(tombstone, second.revision)
    for lookup in (
        datasets.get(ANN, SALES),
        datasets.get_version(ANN, SALES, 1),
        datasets.get_version(ANN, SALES, 2),
        datasets.versions(ANN, SALES),
        datasets.rename(ANN, SALES, "x"),
    ):
        with pytest.raises(DatasetNotFoundError):
            await lookup
    page = await datasets.list(ANN, 10, 0)
    assert (page.items, page.total) == ((), 0)
    assert await datasets.find(SALES) == tombstone
    assert await datasets.unfinished() == (tombstone,)


async def test_removed_dataset_is_gone_with_all_its_versions_and_its_id_can_be_added_again(datasets: Datasets) -> None:
    await datasets.add(a_dataset())
    await datasets.replace(a_dataset(version=2), a_dataset().revision)
    await datasets.add(a_dataset(id=VISITS))
    await datasets.remove(SALES)
    await datasets.remove(SALES)
    assert await datasets.find(SALES) is None
    assert await datasets.find(VISITS) is not None
    await datasets.add(a_dataset())
    assert await datasets.versions(ANN, SALES) == (a_dataset(),)


async def test_unfinished_names_what_a_restart_must_take_up_of_every_user(datasets: Datasets) -> None:
    for number, status in enumerate(Status):
        owner = (ANN, BOB)[number % 2]
        at = NOON + timedelta(minutes=number)
        await datasets.add(a_dataset(id=uuid_of(600 + number), user_id=owner, status=status, uploaded_at=at))
    statuses = [dataset.status for dataset in await datasets.unfinished()]
    assert statuses == [Status.UPLOADED, Status.PROCESSING, Status.DELETING]


async def test_unfinished_version_that_was_superseded_is_not_taken_up(datasets: Datasets) -> None:
    processing = a_dataset(status=Status.PROCESSING)
    second = a_dataset(version=2, status=Status.UPLOADED)
    await datasets.add(processing)
    await datasets.replace(second, processing.revision)
    assert await datasets.unfinished() == (second,)


async def test_datasets_counted_by_another_method_are_named_if_they_can_be_asked(datasets: Datasets) -> None:
    for number, status in enumerate(Status):
        at = NOON + timedelta(minutes=number)
        await datasets.add(a_dataset(id=uuid_of(700 + number), status=status, uploaded_at=at, counted_by_method=None))
    await datasets.add(a_dataset(id=uuid_of(720), status=Status.CACHED, counted_by_method=3))
    await datasets.add(a_dataset(id=uuid_of(721), user_id=BOB, status=Status.CACHED, counted_by_method=4))
    assert {one.id for one in await datasets.miscounted(3)} == {uuid_of(702), uuid_of(703), uuid_of(721)}
    assert uuid_of(720) in {one.id for one in await datasets.miscounted(4)}


async def test_uploads_that_wait_are_named_with_their_users_the_earliest_first(datasets: Datasets) -> None:
    late = NOON + timedelta(microseconds=123457)
    for number, (user, at) in enumerate([(ANN, late), (BOB, NOON), (ANN, NOON - timedelta(hours=1))]):
        await datasets.add(a_dataset(id=uuid_of(730 + number), user_id=user, status=Status.UPLOADED, uploaded_at=at))
    await datasets.add(a_dataset(id=uuid_of(740), status=Status.CACHED))
    waiting = await datasets.waiting()
    assert [(one.dataset_id, one.user_id) for one in waiting] == [
        (uuid_of(732), ANN), (uuid_of(731), BOB), (uuid_of(730), ANN),
    ]  # fmt: skip
    assert (waiting[2].uploaded_at, waiting[2].version) == (late, 1)
