"""The client: everything the HTTP API offers to a program, in typed calls. docs/client.md has an example."""

from types import TracebackType
from typing import Any, Final, Self

import httpx
from typing_extensions import Unpack

from domain.analysis import Analysis, SeriesView
from domain.annotations import Verdict
from domain.comparison import Comparison
from domain.summary import Granularity
from entrypoints.client import waiting
from entrypoints.client.asking import Asked, camelled, named
from entrypoints.client.files import FileCalls
from entrypoints.client.reports import PATIENCE, ReportCalls
from entrypoints.client.session import Session
from entrypoints.client.waiting import Deadline, Heard
from entrypoints.http.schemas import (
    AnnotationList,
    AnnotationView,
    DatasetList,
    DatasetView,
    UploadedView,
    VersionList,
)

TIMEOUT: Final = 60.0  # seconds for one answer
PAUSE: Final = 0.5  # seconds between two questions where nothing is told


class Driftline(FileCalls, ReportCalls):
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

    def wait(
        self,
        dataset_id: str,
        *,
        version: int | None = None,
        timeout: float = PATIENCE,
        progress: Heard | None = None,
    ) -> DatasetView:
        """Wait until a dataset is processed, and return it.

        With ``version`` the dataset need not be there yet: a file on its way to the store is waited for.

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

    def rename(self, dataset_id: str, name: str) -> DatasetView:
        """Give a dataset, with all its versions, another name."""
        return self._session.ask("PATCH", f"/api/datasets/{dataset_id}", DatasetView, json={"datasetName": name})

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset with all its versions."""
        self._session.send("DELETE", f"/api/datasets/{dataset_id}")

    def analysis(self, dataset_id: str, metric: str | None = None, **asked: Unpack[Asked]) -> Analysis:
        """Return the analysis of a metric, of the first one if none is named."""
        params = camelled(asked) | named(metric)
        return self._session.ask("GET", f"/api/analytics/{dataset_id}", Analysis, params=params)

    def run(self, dataset_id: str, metric: str | None = None, **asked: Unpack[Asked]) -> Analysis:
        """Compute an analysis anew."""
        body = {"datasetId": dataset_id, **camelled(asked), **named(metric)}
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
        params = {name: value for name, value in stretch.items() if value is not None} | camelled(asked) | named(metric)
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/series", SeriesView, params=params)

    def compare(self, dataset_id: str, metric: str, before: int, after: int) -> Comparison:
        """Compare a metric in two versions."""
        params = {"metric": metric, "before": before, "after": after}
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/compare", Comparison, params=params)

    def annotate(
        self,
        dataset_id: str,
        metric: str,
        date: str,
        verdict: Verdict | None,
        reason: str | None = None,
        *,
        granularity: Granularity | None = None,
    ) -> AnnotationView:
        """Say what an anomaly was; ``None`` takes it back.

        ``granularity`` is that of the analysis it was seen in (``analysis.settings.granularity``): the verdict speaks
        of that hour, day or month. Without it the default analysis is meant.
        """
        body = {"metric": metric, "date": date, "verdict": verdict, "reason": reason, "granularity": granularity}
        return self._session.ask("PUT", f"/api/analytics/{dataset_id}/annotations", AnnotationView, json=body)

    def annotations(self, dataset_id: str, metric: str) -> tuple[AnnotationView, ...]:
        """Return what was said of a metric, in order of time."""
        path = f"/api/analytics/{dataset_id}/annotations"
        return self._session.ask("GET", path, AnnotationList, params={"metric": metric}).items
