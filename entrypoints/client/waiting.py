"""Waiting for the server: by its events as long as they come, by asking where they do not."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import httpx
import msgspec

from domain.dataset import Status
from domain.progress import Progress, Stage
from domain.reports import ReportStatus
from entrypoints.client.problems import ProblemError, ProcessingFailedError, UnreachableError, WaitedTooLongError
from entrypoints.client.session import Session
from entrypoints.http.schemas import DatasetView, ReportView

SILENCE: Final = 40.0  # seconds: the server gives a sign every 15
DONE: Final = frozenset({Status.PROCESSED, Status.CACHED})
Heard = Callable[[Progress], None]


class Deadline:
    """A time by which something must be done."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds
        self._seconds = seconds

    @property
    def left(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self._at - time.monotonic())

    def pause(self, seconds: float, what: str) -> None:
        """Wait a little. Raises WaitedTooLongError when the time is over."""
        if self.left <= 0:
            raise WaitedTooLongError(f"{what} was not done after {self._seconds:g} seconds.")
        time.sleep(min(seconds, self.left))


def for_dataset(
    session: Session, dataset_id: str, version: int | None, deadline: Deadline, pause: float, heard: Heard | None
) -> DatasetView:
    """Wait until a version is processed.

    Raises:
        ProcessingFailedError: it could not be.
        WaitedTooLongError: the time is over.
    """
    path = f"/api/datasets/{dataset_id}"
    with suppress(UnreachableError, ProblemError):  # asking tells the same, and what is really wrong
        _follow(session, path, version, deadline, heard)
    while True:
        dataset = _seen(session, path, version)
        if dataset is not None and dataset.status is Status.FAILED and dataset.failure is not None:
            raise ProcessingFailedError(dataset.failure.code, dataset.failure.message)
        if dataset is not None and dataset.status in DONE:
            return dataset
        deadline.pause(pause, f"Processing dataset {dataset_id}")


def _follow(session: Session, path: str, version: int | None, deadline: Deadline, heard: Heard | None) -> None:
    params = {} if version is None else {"version": version}
    timeout = httpx.Timeout(10.0, read=min(SILENCE, max(deadline.left, 0.1)))
    with session.stream(f"{path}/events", params=params, timeout=timeout) as answer:
        for line in answer.iter_lines():
            if deadline.left <= 0:
                return
            if not line.startswith("data: "):
                continue
            report = msgspec.json.decode(line.removeprefix("data: "), type=Progress)
            if heard is not None:
                heard(report)
            if report.stage is Stage.DONE and (version is None or report.version >= version):
                return


def _seen(session: Session, path: str, version: int | None) -> DatasetView | None:
    """Return the dataset; None while the version waited for is not there yet."""
    dataset = session.ask("GET", path, DatasetView)
    return dataset if version is None or dataset.version >= version else None


def for_report(session: Session, report: ReportView, deadline: Deadline, pause: float) -> ReportView:
    """Wait until a report is made. Raises ProcessingFailedError, WaitedTooLongError."""
    while report.status is ReportStatus.QUEUED:
        deadline.pause(pause, f"The report {report.file_name}")
        report = session.ask("GET", f"/api/reports/{report.report_id}/status", ReportView)
    if report.status is ReportStatus.FAILED:
        failure = report.failure
        code, detail = ("internal", "It could not be made.") if failure is None else (failure.code, failure.message)
        raise ProcessingFailedError(code, detail)
    return report
