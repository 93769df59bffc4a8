"""Versions that a newer file overtook before they were processed."""

from typing import Final

from msgspec.structs import replace

from domain.datasets.dataset import Dataset, Failure, Status

SUPERSEDED: Final = "superseded"  # ``Failure.code`` of such a version


def as_older(dataset: Dataset) -> Dataset:
    """Return an older version as it is shown: no worker takes one up, so one that was not processed has failed."""
    if dataset.status not in {Status.UPLOADED, Status.PROCESSING}:
        return dataset
    failure = Failure(
        code=SUPERSEDED,
        message="A newer version came before this one was processed. Restore this version to have it processed.",
    )
    return replace(dataset, status=Status.FAILED, failure=failure)
