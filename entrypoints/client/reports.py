"""The client's calls about reports: have one made, follow it, get it, hand it on."""

from typing import Any, Final

from domain.reports.report import ReportFormat, ReportLink
from entrypoints.client import waiting
from entrypoints.client.asking import named, settings_given
from entrypoints.client.session import Session
from entrypoints.client.waiting import Deadline, Made
from entrypoints.http.schemas import ReportList, ReportResponse

PATIENCE: Final = 600.0  # seconds for a report; a PDF of a million rows took half a second when it was measured


class ReportCalls:
    """Part of ``Driftline``."""

    _session: Session
    _pause: float

    def report(
        self,
        dataset_id: str,
        metric: str | None = None,
        form: ReportFormat = ReportFormat.PDF,
        *,
        timeout: float = PATIENCE,
        progress: Made | None = None,
        **settings: Any,
    ) -> bytes:
        """Have a report made, and return the document.

        ``progress`` is told each step that lasts long enough to be seen: ``stage``, ``fraction``, ``message``.

        Raises:
            ProcessingFailedError: it could not be made.
            WaitedTooLongError: not within ``timeout`` seconds.
        """
        asked_for = self.request_report(dataset_id, metric, form, **settings)
        return self.read_report(self.wait_for_report(asked_for.report_id, timeout=timeout, progress=progress).report_id)

    def request_report(
        self, dataset_id: str, metric: str | None = None, form: ReportFormat = ReportFormat.PDF, **settings: Any
    ) -> ReportResponse:
        """Ask for a report, and do not wait."""
        body = {"datasetId": dataset_id, "format": str(form), **settings_given(settings, "version"), **named(metric)}
        return self._session.ask("POST", "/api/reports/generate", ReportResponse, json=body)

    def report_status(self, report_id: str) -> ReportResponse:
        """Say how far a report is."""
        return self._session.ask("GET", f"/api/reports/{report_id}/status", ReportResponse)

    def wait_for_report(
        self, report_id: str, *, timeout: float = PATIENCE, progress: Made | None = None
    ) -> ReportResponse:
        """Wait until a report is made. Raises ProcessingFailedError, WaitedTooLongError."""
        return waiting.for_report(self._session, report_id, Deadline(timeout), self._pause, progress)

    def reports(self, *, limit: int = 50, offset: int = 0) -> ReportList:
        """List reports, the latest first."""
        return self._session.ask("GET", "/api/reports", ReportList, params={"limit": limit, "offset": offset})

    def read_report(self, report_id: str) -> bytes:
        """Return the document of a report that is ready."""
        return self._session.send("GET", f"/api/reports/{report_id}").content

    def report_link(self, report_id: str) -> ReportLink:
        """Get an address that gives the document to its holder, for 15 minutes."""
        link = self._session.ask("GET", f"/api/reports/{report_id}/link", ReportLink)
        return ReportLink(url=self._session.absolute(link.url), expires_at=link.expires_at)

    def delete_report(self, report_id: str) -> None:
        """Delete a report with its file."""
        self._session.send("DELETE", f"/api/reports/{report_id}")
