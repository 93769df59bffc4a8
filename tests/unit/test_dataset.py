"""The lifecycle of a dataset."""

from datetime import timedelta
from itertools import product

import pytest

from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import (
    MOVES,
    DataQuality,
    Failure,
    NewFile,
    Revision,
    Status,
    dataset_prefix,
    move,
    next_version,
    source_key,
    version_prefix,
)
from domain.datasets.derived_keys import points_key, rejects_key
from domain.datasets.parse_options import ParseOptions
from domain.datasets.storage_keys import check_key
from domain.errors import IllegalMoveError
from tests.support.builders import ANN, SALES, a_dataset
from tests.support.fakes import NOON

# Written out once more, so that a slip in MOVES shows.
LEGAL = {
    ("uploaded", "processing"),
    ("processing", "processed"),
    ("processing", "failed"),
    ("processed", "cached"),
    ("cached", "processed"),
    ("processed", "processing"),
    ("cached", "processing"),
    ("failed", "processing"),
    ("uploaded", "deleting"),
    ("processing", "deleting"),
    ("processed", "deleting"),
    ("cached", "deleting"),
    ("failed", "deleting"),
}
FILE = NewFile(
    file_name="new.csv",
    source_key="k",
    size_bytes=9,
    sha256="cd" * 32,
    uploaded_at=NOON + timedelta(days=1),
    parse_options=ParseOptions(time_zone="Asia/Kolkata"),
)


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_exactly_the_moves_of_the_lifecycle_are_allowed(before: Status, after: Status) -> None:
    dataset = a_dataset(status=before)
    if (before.value, after.value) in LEGAL:
        assert move(dataset, after).status is after
    else:
        with pytest.raises(IllegalMoveError) as refusal:
            move(dataset, after)
        assert refusal.value.details == {"from": before.value, "to": after.value}


def test_every_status_has_its_moves() -> None:
    assert set(MOVES) == set(Status)


def test_move_changes_what_it_is_told_and_nothing_else() -> None:
    dataset = a_dataset(status=Status.PROCESSING, file_name="a.csv")
    failure = Failure(code="empty_file", message="The file is empty.")
    assert move(dataset, Status.FAILED, failure=failure) == a_dataset(
        status=Status.FAILED, file_name="a.csv", failure=failure
    )
    assert dataset.status is Status.PROCESSING


def test_dataset_is_ready_when_its_records_can_be_asked() -> None:
    ready = {status for status in Status if a_dataset(status=status).is_ready}
    assert ready == {Status.PROCESSED, Status.CACHED}


def test_revision_is_version_and_status() -> None:
    assert a_dataset(version=4, status=Status.CACHED).revision == Revision(version=4, status=Status.CACHED)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DELETING])
def test_next_version_keeps_who_it_is_and_forgets_what_was_learnt_from_the_old_file(status: Status) -> None:
    old = a_dataset(
        version=3,
        status=status,
        processed_at=NOON,
        columns=(Column(name="t", type=ColumnType.TIME),),
        time_column="t",
        metric_columns=("a",),
        row_count=5,
        rejected_rows=1,
        first_time=NOON,
        last_time=NOON,
        quality=DataQuality(total_rows=6, usable_rows=5, rejected_rows=1),
        failure=Failure(code="x", message="y"),
        anomaly_count=2,
        sparkline=(1.0,),
    )
    assert next_version(old, FILE) == a_dataset(
        version=4,
        status=Status.UPLOADED,
        file_name="new.csv",
        source_key="k",
        size_bytes=9,
        sha256="cd" * 32,
        uploaded_at=FILE.uploaded_at,
        parse_options=FILE.parse_options,
        time_zone="Asia/Kolkata",
    )


def test_dataset_under_deletion_takes_no_new_version() -> None:
    with pytest.raises(IllegalMoveError):
        next_version(a_dataset(status=Status.DELETING), FILE)


def test_keys_lie_below_their_version_and_dataset_and_are_fit_for_every_store() -> None:
    dataset = a_dataset(version=12)
    keys = [
        source_key(ANN, SALES, 12, "upload"),
        rejects_key(ANN, SALES, 12),
        points_key(dataset, "../../höhe\x00", "0f"),
    ]
    for key in keys:
        assert check_key(key).startswith(version_prefix(ANN, SALES, 12))
        assert key.startswith(dataset_prefix(ANN, SALES))
        assert not key.startswith(version_prefix(ANN, SALES, 1))
    assert len(set(keys)) == 3


def test_uploads_that_race_for_one_version_have_files_of_their_own() -> None:
    assert source_key(ANN, SALES, 2, "one") != source_key(ANN, SALES, 2, "two")


def test_points_of_different_metrics_and_settings_are_kept_apart() -> None:
    keys = {points_key(a_dataset(), metric, field) for metric in ("a", "A", "a ", "") for field in ("0", "1")}
    assert len(keys) == 8
