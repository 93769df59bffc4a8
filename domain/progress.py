"""What a dataset's processing reports on its way."""

from enum import StrEnum

from domain.dataset import Status
from domain.value import Value


class Stage(StrEnum):
    """The steps from a file to an analysis."""

    STORING = "storing"
    READING = "reading"
    ANALYSING = "analysing"
    DONE = "done"


class Progress(Value, frozen=True):
    """One report. ``fraction`` runs from 0 to 1 over the whole of the processing."""

    dataset_id: str
    version: int
    status: Status
    stage: Stage
    fraction: float
    message: str
    code: str | None = None
