"""The client: everything the HTTP API offers to a program, in typed calls. docs/client.md has an example."""

from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypedDict

import httpx
from typing_extensions import Unpack

from domain.analysis import Analysis, SeriesView
from domain.annotations import Verdict
from domain.appending import UploadMode
from domain.comparison import Comparison
from domain.reports import ReportFormat
from domain.value import camel
from entrypoints.client import waiting
from entrypoints.client.sending import CountedFile, Sent, opened
from entrypoints.client.session import Session
from entrypoints.client.waiting import Deadline, Heard
from entrypoints.http.schemas import (
    AnnotationList,
    AnnotationView,
    DatasetList,
    DatasetView,
    ReportView,
    UploadedView,
    VersionList,
)

TIMEOUT: Final = 60.0  # seconds for one answer
PATIENCE: Final = 600.0  # seconds for a file to be processed
PAUSE: Final = 0.5  # seconds between two questions where nothing is told


class Asked(TypedDict, total=False):
    """The settings of an analysis, as ``GET /api/analytics/{datasetId}`` takes them."""

    granularity: str
    aggregate: str
    sensitivity: float
    direction: str
    min_change: str
    version: int


class Reading(TypedDict, total=False):
    """How a file is to be read, as ``POST /api/datasets/upload`` takes it."""

    time_column: str
    metric_columns: tuple[str, ...]
    time_zone: str
    day_first: bool
    decimal_comma: bool
    delimiter: str
    header_line: int
    encoding: str
    format: str


class Driftline:
    """A server, as one user of it.

    Every call raises ``ProblemError`` with the problem's ``code`` if the server refuses, and ``UnreachableError`` if
    none answers. An instance may be used by several threads.
    """

    def __init__(
        self,
        url: str,
        email: str,
        password: str,
        *,
        register: bool = False,
        timeout: float = TIMEOUT,
        pause: float = PAUSE,
        **http: Any,
    ) -> None:
        """Sign in.

        Args:
            url: of the server, as ``https://driftline.example.com``.
            email: of the account.
            password: of the account.
            register: open the account first.
            timeout: seconds for one answer.
            pause: seconds between two questions where the server tells nothing by itself.
            **http: more for ``httpx.Client``: ``verify``, ``proxy``, ``transport``.
        """
        self._session = Session(httpx.Client(base_url=url, timeout=timeout, **http))
        self._pause = pause
        try:
            if register:
                account = {"email": email, "password": password}
                self._session.send("POST", "/api/auth/register", json=account)
            self._session.sign_in(email, password)
        except BaseException:
            self._session.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the session on the server lasts until it ends or ``sign_out``."""
        self._session.close()

    def sign_out(self) -> None:
        """End the session on the server."""
        self._session.sign_out()

    def upload(
        self,
        source: Path | str | bytes,
        *,
        name: str | None = None,
        dataset_id: str | None = None,
        mode: UploadMode = UploadMode.REPLACE,
        progress: Sent | None = None,
        **reading: Unpack[Reading],
    ) -> UploadedView:
        """Send a file; ``wait`` follows what becomes of it.

        Args:
            source: a path, or the content itself.
            name: what to call the dataset; its file's name if not said.
            dataset_id: makes it the next version of this dataset.
            mode: whether a next version replaces the rows or adds to them.
            progress: is told the bytes sent and the bytes in all.
            **reading: how to read the file, where it does not say so itself.
        """
        given: dict[str, Any] = {"datasetName": name, "datasetId": dataset_id, **_camel(reading)}
        if dataset_id is not None:
            given["mode"] = str(mode)
        if "metricColumns" in given:
            given["metricColumn"] = list(given.pop("metricColumns"))
        data = {field: _text(value) for field, value in given.items() if value is not None}
        file, called = opened(source)
        with file:
            return self._session.ask(
                "POST",
                "/api/datasets/upload",
                UploadedView,
                data=data,
                again=lambda: {"files": {"file": (called, CountedFile(file, progress))}},
            )

    def wait(
        self,
        dataset_id: str,
        *,
        version: int | None = None,
        timeout: float = PATIENCE,
        progress: Heard | None = None,
    ) -> DatasetView:
        """Wait until a dataset is processed, and return it.

        Raises:
            ProcessingFailedError: its file could not be used; ``code`` and ``detail`` say why.
            WaitedTooLongError: not within ``timeout`` seconds.
        """
        return waiting.for_dataset(self._session, dataset_id, version, Deadline(timeout), self._pause, progress)

    def datasets(self, *, limit: int = 50, offset: int = 0) -> DatasetList:
        """List datasets, the latest upload first."""
        return self._session.ask("GET", "/api/datasets", DatasetList, params={"limit": limit, "offset": offset})

    def dataset(self, dataset_id: str) -> DatasetView:
        """Return a dataset's newest version."""
        return self._session.ask("GET", f"/api/datasets/{dataset_id}", DatasetView)

    def versions(self, dataset_id: str) -> tuple[DatasetView, ...]:
        """Return all versions, the newest first."""
        return self._session.ask("GET", f"/api/datasets/{dataset_id}/versions", VersionList).items

    def restore(self, dataset_id: str, version: int) -> UploadedView:
        """Make an older version the next one."""
        path = f"/api/datasets/{dataset_id}/restore"
        return self._session.ask("POST", path, UploadedView, json={"version": version})

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset with all its versions."""
        self._session.send("DELETE", f"/api/datasets/{dataset_id}")

    def analysis(self, dataset_id: str, metric: str | None = None, **asked: Unpack[Asked]) -> Analysis:
        """Return the analysis of a metric, of the first one if none is named."""
        params = _camel(asked) | _named(metric)
        return self._session.ask("GET", f"/api/analytics/{dataset_id}", Analysis, params=params)

    def run(self, dataset_id: str, metric: str | None = None, **asked: Unpack[Asked]) -> Analysis:
        """Compute an analysis anew."""
        body = {"datasetId": dataset_id, **_camel(asked), **_named(metric)}
        return self._session.ask("POST", "/api/analytics/run", Analysis, json=body)

    def series(
        self,
        dataset_id: str,
        metric: str | None = None,
        *,
        start: str | None = None,
        end: str | None = None,
        points: int = 2_000,
        **asked: Unpack[Asked],
    ) -> SeriesView:
        """Return about ``points`` points between two times of the dataset's wall clock."""
        stretch = {"from": start, "to": end, "points": points}
        params = {name: value for name, value in stretch.items() if value is not None} | _camel(asked) | _named(metric)
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/series", SeriesView, params=params)

    def compare(self, dataset_id: str, metric: str, before: int, after: int) -> Comparison:
        """Compare a metric in two versions."""
        params = {"metric": metric, "before": before, "after": after}
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/compare", Comparison, params=params)

    def annotate(
        self, dataset_id: str, metric: str, date: str, verdict: Verdict | None, reason: str | None = None
    ) -> AnnotationView:
        """Say what an anomaly was; ``None`` takes it back."""
        body = {"metric": metric, "date": date, "verdict": verdict, "reason": reason}
        return self._session.ask("PUT", f"/api/analytics/{dataset_id}/annotations", AnnotationView, json=body)

    def annotations(self, dataset_id: str, metric: str) -> tuple[AnnotationView, ...]:
        """Return what was said of a metric, in order of time."""
        path = f"/api/analytics/{dataset_id}/annotations"
        return self._session.ask("GET", path, AnnotationList, params={"metric": metric}).items

    def report(
        self,
        dataset_id: str,
        metric: str | None = None,
        form: ReportFormat = ReportFormat.PDF,
        *,
        timeout: float = PATIENCE,
        **asked: Unpack[Asked],
    ) -> bytes:
        """Have a report made, and return the document.

        Raises:
            ProcessingFailedError: it could not be made.
            WaitedTooLongError: not within ``timeout`` seconds.
        """
        body = {"datasetId": dataset_id, "format": str(form), **_camel(asked), **_named(metric)}
        queued = self._session.ask("POST", "/api/reports/generate", ReportView, json=body)
        ready = waiting.for_report(self._session, queued, Deadline(timeout), self._pause)
        return self._session.send("GET", ready.url, follow_redirects=True).content


def _named(metric: str | None) -> dict[str, Any]:
    return {} if metric is None else {"metric": metric}


def _camel(given: Asked | Reading) -> dict[str, Any]:
    return {camel(name): value for name, value in given.items() if value is not None}


def _text(value: Any) -> Any:
    """Write a form's value."""
    return str(value).lower() if isinstance(value, bool) else value
