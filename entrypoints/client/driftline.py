"""The client: everything the HTTP API offers to a program, in typed calls. docs/client.md has an example."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from domain.analysis.analysis import Analysis, SeriesView
from domain.analysis.calendar_file import CalendarEvents
from domain.analysis.causes import ChangeExplanation
from domain.analysis.comparison import Comparison
from domain.analysis.named_days import Country, CountryList
from domain.feedback.verdict import VerdictKind
from domain.timeseries.aggregation import Granularity
from entrypoints.client import waiting
from entrypoints.client.asking import named, settings_given
from entrypoints.client.files import FileCalls
from entrypoints.client.reports import PATIENCE, ReportCalls
from entrypoints.client.session import Session
from entrypoints.client.waiting import Deadline, Heard
from entrypoints.http.schemas import (
    DatasetList,
    DatasetResponse,
    UploadResponse,
    VerdictList,
    VerdictResponse,
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
    ) -> DatasetResponse:
        """Wait until a dataset is processed, and return it.

        With ``version`` the dataset need not be there yet: a file on its way to the store is waited for.

        Raises:
            ProcessingFailedError: its file could not be used; ``code`` and ``detail`` say why.
            WaitedTooLongError: not within ``timeout`` seconds.
        """
        return waiting.for_dataset(self._session, dataset_id, version, Deadline(timeout), self._pause, progress)

    def datasets(
        self, *, limit: int = 50, offset: int = 0, q: str = "", status: Sequence[str] = (), sort: str = "-uploadedAt"
    ) -> DatasetList:
        """List datasets, the latest upload first.

        Args:
            limit: how many at most, 1 to 200.
            offset: how many to pass over.
            q: a part of the name or file name, in any case.
            status: only datasets in one of these states (``cached``, ``failed``, ...); all without.
            sort: ``uploadedAt``, ``datasetName``, ``rowCount`` or ``anomalyCount``; ``-`` first: descending.
        """
        params = {"limit": limit, "offset": offset, "q": q, "status": list(status), "sort": sort}
        return self._session.ask("GET", "/api/datasets", DatasetList, params=params)

    def dataset(self, dataset_id: str) -> DatasetResponse:
        """Return a dataset's newest version."""
        return self._session.ask("GET", f"/api/datasets/{dataset_id}", DatasetResponse)

    def versions(self, dataset_id: str) -> tuple[DatasetResponse, ...]:
        """Return all versions, the newest first."""
        return self._session.ask("GET", f"/api/datasets/{dataset_id}/versions", VersionList).items

    def restore(self, dataset_id: str, version: int) -> UploadResponse:
        """Make an older version the next one."""
        path = f"/api/datasets/{dataset_id}/restore"
        return self._session.ask("POST", path, UploadResponse, json={"version": version})

    def rename(self, dataset_id: str, name: str) -> DatasetResponse:
        """Give a dataset, with all its versions, another name."""
        return self._session.ask("PATCH", f"/api/datasets/{dataset_id}", DatasetResponse, json={"datasetName": name})

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset with all its versions."""
        self._session.send("DELETE", f"/api/datasets/{dataset_id}")

    def analysis(self, dataset_id: str, metric: str | None = None, **settings: Any) -> Analysis:
        """Return the analysis of a metric, of the first one if none is named.

        Args:
            dataset_id: which dataset.
            metric: which column.
            **settings: fields of ``AnalysisSettings`` as texts or numbers (``sensitivity=0.7``, ``min_change="20%"``),
                and ``version``; the same for ``run``, ``series``, ``compare`` and reports.
        """
        params = settings_given(settings, "version") | named(metric)
        return self._session.ask("GET", f"/api/analytics/{dataset_id}", Analysis, params=params)

    def run(self, dataset_id: str, metric: str | None = None, **settings: Any) -> Analysis:
        """Compute an analysis again."""
        body = {"datasetId": dataset_id, **settings_given(settings, "version"), **named(metric)}
        return self._session.ask("POST", "/api/analytics/run", Analysis, json=body)

    def series(
        self,
        dataset_id: str,
        metric: str | None = None,
        *,
        start: str | None = None,
        end: str | None = None,
        points: int = 2_000,
        **settings: Any,
    ) -> SeriesView:
        """Return about ``points`` points between two times of the dataset's wall clock."""
        stretch = {"from": start, "to": end, "points": points}
        params = (
            {name: value for name, value in stretch.items() if value is not None}
            | settings_given(settings, "version")
            | named(metric)
        )
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/series", SeriesView, params=params)

    def causes(
        self,
        dataset_id: str,
        metric: str | None = None,
        *,
        anomaly: str | None = None,
        start: str | None = None,
        end: str | None = None,
        per: str | None = None,
        **settings: Any,
    ) -> ChangeExplanation:
        """Return which values of which dimensions explain an anomaly, or a stretch of time.

        Args:
            dataset_id: which dataset.
            metric: which column.
            anomaly: its ``id`` in the analysis at the same settings; or ``start``.
            start: first time, as the analysis writes it.
            end: last time, inclusive; the first one without it.
            per: another metric to divide by.
            **settings: as of ``analysis``.
        """
        stretch = {"anomaly": anomaly, "from": start, "to": end, "per": per}
        params = (
            {name: value for name, value in stretch.items() if value is not None}
            | settings_given(settings, "version")
            | named(metric)
        )
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/causes", ChangeExplanation, params=params)

    def compare(self, dataset_id: str, metric: str, before: int, after: int, **settings: Any) -> Comparison:
        """Compare a metric in two versions, at the same settings."""
        params = {"metric": metric, "before": before, "after": after, **settings_given(settings)}
        return self._session.ask("GET", f"/api/analytics/{dataset_id}/compare", Comparison, params=params)

    def countries(self) -> tuple[Country, ...]:
        """Return the countries whose public holidays are known: codes for ``country=``."""
        return self._session.ask("GET", "/api/calendar/countries", CountryList).items

    def read_calendar(self, source: Path | str) -> CalendarEvents:
        """Return the events of a calendar file, or of its text: ``analysis(..., events=read_calendar(path).events)``.

        Args:
            source: the path of an .ics file, or text with a date and a name a line.
        """
        text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        return self._session.ask("POST", "/api/calendar/events", CalendarEvents, json={"text": text})

    def give_verdict(
        self,
        dataset_id: str,
        metric: str,
        date: str,
        verdict: VerdictKind | None,
        reason: str | None = None,
        *,
        granularity: Granularity | None = None,
        where: Sequence[str] = (),
    ) -> VerdictResponse:
        """Say what an anomaly was; ``None`` takes it back.

        ``granularity`` is that of the analysis it was seen in (``analysis.settings.granularity``): the verdict applies
        to that hour, day or month. Without it the default analysis is meant. ``where`` is that of the analysis as well.
        """
        body: dict[str, Any] = {
            "metric": metric,
            "date": date,
            "verdict": verdict,
            "reason": reason,
            "granularity": granularity,
        }
        body |= {"where": list(where)} if where else {}
        return self._session.ask("PUT", f"/api/analytics/{dataset_id}/verdicts", VerdictResponse, json=body)

    def verdicts(self, dataset_id: str, metric: str, *, where: Sequence[str] = ()) -> tuple[VerdictResponse, ...]:
        """Return the verdicts on a metric, or on a segment of it, in order of time."""
        path = f"/api/analytics/{dataset_id}/verdicts"
        return self._session.ask("GET", path, VerdictList, params={"metric": metric, "where": list(where)}).items
