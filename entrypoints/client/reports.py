"""The client's calls about reports: have one made, follow it, get it, hand it on."""

from typing import Final

from typing_extensions import Unpack

from domain.reports import ReportFormat, ReportLink
from entrypoints.client import waiting
from entrypoints.client.asking import Asked, camelled, named
from entrypoints.client.session import Session
from entrypoints.client.waiting import Deadline, Made
from entrypoints.http.schemas import ReportList, ReportView

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
        **asked: Unpack[Asked],
    ) -> bytes:
        """Have a report made, and return the document.

        ``progress`` is told each step that lasts long enough to be seen: ``stage``, ``fraction``, ``message``.

        Raises:
            ProcessingFailedError: it could not be made.
            WaitedTooLongError: not within ``timeout`` seconds.
        """
        asked_for = self.request_report(dataset_id, metric, form, **asked)
        return self.read_report(self.wait_for_report(asked_for.report_id, timeout=timeout, progress=progress).report_id)

    def request_report(
        self, dataset_id: str, metric: str | None = None, form: ReportFormat = ReportFormat.PDF, **asked: Unpack[Asked]
    ) -> ReportView:
        """Ask for a report, and do not wait."""
        body = {"datasetId": dataset_id, "format": str(form), **camelled(asked), **named(metric)}
        return self._session.ask("POST", "/api/reports/generate", ReportView, json=body)

    def report_status(self, report_id: str) -> ReportView:
        """Say how far a report is."""
        return self._session.ask("GET", f"/api/reports/{report_id}/status", ReportView)

    def wait_for_report(self, report_id: str, *, timeout: float = PATIENCE, progress: Made | None = None) -> ReportView:
        """Wait until a report is made. Raises ProcessingFailedError, WaitedTooLongError."""
        return waiting.for_report(self._session, report_id, Deadline(timeout), self._pause, progress)

    def reports(self, *, limit: int = 50, offset: int = 0) -> ReportList:
        """List reports, the latest first."""
        return self._session.ask("GET", "/api/reports", ReportList, params={"limit": limit, "offset": offset})

    def read_report(self, report_id: str) -> bytes:
        """Return the document of a report that is ready."""
        return self._session.send("GET", f"/api/reports/{report_id}").content

    def report_link(self, report_id: str) -> ReportLink:
        """Get an address that gives the document to whoever holds it, for 15 minutes."""
        link = self._session.ask("GET", f"/api/reports/{report_id}/link", ReportLink)
        return ReportLink(url=self._session.absolute(link.url), expires_at=link.expires_at)

    def delete_report(self, report_id: str) -> None:
        """Delete a report with its file."""
        self._session.send("DELETE", f"/api/reports/{report_id}")
