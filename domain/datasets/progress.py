"""What a dataset's processing reports on its way."""

from enum import StrEnum

from msgspec.structs import replace

from domain.datasets.dataset import Dataset, Status
from domain.struct import Struct


class Stage(StrEnum):
    """The steps from a file to an analysis."""

    STORING = "storing"
    READING = "reading"
    ANALYSING = "analysing"
    DONE = "done"


class Progress(Struct, frozen=True):
    """One report. ``fraction`` runs from 0 to 1 over the whole of the processing.

    ``place`` is the place of an upload among those that wait for their turn, 1 for the next; null once it is begun.
    """

    dataset_id: str
    version: int
    status: Status
    stage: Stage
    fraction: float
    message: str
    code: str | None = None
    place: int | None = None


def state_of(dataset: Dataset) -> Progress:
    """The progress that a dataset's own state amounts to."""
    if dataset.status is Status.UPLOADED:
        return _uploaded(dataset)
    if dataset.status is Status.PROCESSING:
        return _progress(dataset, Stage.READING, 0.05, "Reading the file")
    if dataset.failure and dataset.status is Status.FAILED:
        return _progress(dataset, Stage.DONE, 1.0, dataset.failure.message, dataset.failure.code)
    return _progress(dataset, Stage.DONE, 1.0, f"Ready: {dataset.row_count or 0:,} rows")


def waiting_at(state: Progress, place: int) -> Progress:
    """The state of an upload that waits for its turn."""
    message = "Waiting: it is the next file" if place == 1 else f"Waiting: number {place:,} in the queue"
    return replace(state, message=message, place=place)


def expected(dataset_id: str, version: int) -> Progress:
    """Where a version stands whose file is still on its way to the store."""
    return Progress(
        dataset_id=dataset_id,
        version=version,
        status=Status.UPLOADED,
        stage=Stage.STORING,
        fraction=0.01,
        message="Waiting for the file to arrive",
    )


def _uploaded(dataset: Dataset) -> Progress:
    return _progress(dataset, Stage.STORING, 0.02, f"Stored {dataset.size_bytes:,} bytes")


def _progress(dataset: Dataset, stage: Stage, fraction: float, message: str, code: str | None = None) -> Progress:
    return Progress(
        dataset_id=dataset.id,
        version=dataset.version,
        status=dataset.status,
        stage=stage,
        fraction=fraction,
        message=message,
        code=code,
    )
