"""Waiting for the server: by its events as long as they come, by asking where they do not."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from domain.datasets.dataset import Status
from domain.datasets.progress import Progress, Stage
from domain.reports.report import ReportStatus
from entrypoints.client.problems import ProblemError, ProcessingFailedError, UnreachableError, WaitedTooLongError
from entrypoints.client.session import Session
from entrypoints.http.schemas import DatasetResponse, ReportResponse

SILENCE: Final = 40.0  # seconds: the server gives a sign every 15
DONE: Final = frozenset({Status.PROCESSED, Status.CACHED})
Heard = Callable[[Progress], None]
Made = Callable[[ReportResponse], None]


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
) -> DatasetResponse:
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
    for line in _events(session, path, {} if version is None else {"version": version}, deadline):
        report = msgspec.json.decode(line, type=Progress)
        if heard is not None:
            heard(report)
        if report.stage is Stage.DONE and (version is None or report.version >= version):
            return


def _events(session: Session, path: str, params: dict[str, int], deadline: Deadline) -> Iterator[str]:
    """Yield the data of the server's events until it ends them or the time is over."""
    timeout = httpx.Timeout(10.0, read=min(SILENCE, max(deadline.left, 0.1)))
    with session.stream(f"{path}/events", params=params, timeout=timeout) as answer:
        for line in answer.iter_lines():
            if deadline.left <= 0:
                return
            if line.startswith("data: "):
                yield line.removeprefix("data: ")


def _seen(session: Session, path: str, version: int | None) -> DatasetResponse | None:
    """Return the dataset; None while the version waited for is not there yet."""
    try:
        dataset = session.ask("GET", path, DatasetResponse)
    except ProblemError as problem:
        if version is not None and problem.status == HTTPStatus.NOT_FOUND:
            return None  # its first file may be on its way to the store
        raise
    return dataset if version is None or dataset.version >= version else None


def for_report(
    session: Session, report_id: str, deadline: Deadline, pause: float, heard: Made | None
) -> ReportResponse:
    """Wait until a report is made. Raises ProcessingFailedError, WaitedTooLongError."""
    path = f"/api/reports/{report_id}"
    with suppress(UnreachableError, ProblemError):  # as above
        for line in _events(session, path, {}, deadline):
            if heard is not None:
                heard(msgspec.json.decode(line, type=ReportResponse))
    report = session.ask("GET", f"{path}/status", ReportResponse)
    while report.status is ReportStatus.QUEUED:
        deadline.pause(pause, f"The report {report.file_name}")
        report = session.ask("GET", f"{path}/status", ReportResponse)
        if heard is not None:
            heard(report)
    if report.status is ReportStatus.FAILED:
        failure = report.failure
        code, detail = ("internal", "It could not be made.") if failure is None else (failure.code, failure.message)
        raise ProcessingFailedError(code, detail)
    return report
