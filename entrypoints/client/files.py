"""The client's calls about files: look at one, send one, load a sample, get back what could not be read."""

from pathlib import Path
from typing import Any

from domain.datasets.ingest_result import PREVIEW_BYTES, Preview
from domain.datasets.sample import Sample
from domain.datasets.table_schema import UploadMode
from entrypoints.client.asking import options_in_body, options_in_form
from entrypoints.client.sending import CountedFile, Sent, opened
from entrypoints.client.session import Session
from entrypoints.http.schemas import Limits, SampleList, UploadResponse
from entrypoints.http.tickets import UploadTicket


class FileCalls:
    """Part of ``Driftline``."""

    _session: Session

    def limits(self) -> Limits:
        """Return how large a file may be, and whether it may go straight to the store."""
        return self._session.ask("GET", "/api/datasets/limits", Limits)

    def preview(self, source: Path | str | bytes, **options: Any) -> Preview:
        """Say how a file would be read, from its head: format, columns with samples, warnings."""
        file, called = opened(source)
        with file:
            head = file.read(PREVIEW_BYTES)
        again = {"files": {"file": (called, head)}}
        return self._session.ask(
            "POST", "/api/datasets/preview", Preview, data=options_in_form(options), again=lambda: again
        )

    def upload(
        self,
        source: Path | str | bytes,
        *,
        name: str | None = None,
        dataset_id: str | None = None,
        mode: UploadMode = UploadMode.REPLACE,
        progress: Sent | None = None,
        **options: Any,
    ) -> UploadResponse:
        """Send a file; ``wait`` follows what becomes of it.

        Args:
            source: a path, or the content itself.
            name: what to call the dataset; its file's name if not said.
            dataset_id: makes it the next version of this dataset.
            mode: whether a next version replaces the rows or adds to them.
            progress: is told the bytes sent and the bytes in all.
            **options: fields of ``ParseOptions`` (``time_column="day"``, ``column_types=["text:store"]``): how to read
                the file, where it does not say so itself.
        """
        data = _named(name, dataset_id, mode) | options_in_form(options)
        file, called = opened(source)
        with file:
            return self._session.ask(
                "POST",
                "/api/datasets/upload",
                UploadResponse,
                data=data,
                again=lambda: {"files": {"file": (called, CountedFile(file, progress))}},
            )

    def upload_url(
        self,
        file_name: str,
        size_bytes: int,
        *,
        name: str | None = None,
        dataset_id: str | None = None,
        mode: UploadMode = UploadMode.REPLACE,
        **options: Any,
    ) -> UploadTicket:
        """Get the form by which one file is sent straight to the store (cloud profile).

        Raises:
            ProblemError: ``unsupported`` where files come through the API alone.
        """
        body: dict[str, Any] = {"fileName": file_name, "sizeBytes": size_bytes, **options_in_body(options)}
        return self._session.ask(
            "POST", "/api/datasets/upload-url", UploadTicket, json=body | _named(name, dataset_id, mode)
        )

    def upload_directly(
        self,
        source: Path | str | bytes,
        *,
        name: str | None = None,
        dataset_id: str | None = None,
        mode: UploadMode = UploadMode.REPLACE,
        progress: Sent | None = None,
        **options: Any,
    ) -> UploadTicket:
        """Send a file straight to the store; ``wait(ticket.dataset_id, version=ticket.version)`` follows it.

        Args and failures are those of ``upload`` and ``upload_url``; a store that cannot be reached raises
        ``UnreachableError``, and nothing is there then.
        """
        file, called = opened(source)
        with file:
            counted = CountedFile(file, progress)
            ticket = self.upload_url(called, counted.size, name=name, dataset_id=dataset_id, mode=mode, **options)
            self._session.post_elsewhere(ticket.url, ticket.fields, (called, counted))
        return ticket

    def rejects(self, dataset_id: str, *, version: int | None = None) -> bytes:
        """Return the rows that could not be used as CSV: line, column, raw value and reason of each."""
        params = {} if version is None else {"version": version}
        return self._session.send("GET", f"/api/datasets/{dataset_id}/rejects", params=params).content

    def samples(self) -> tuple[Sample, ...]:
        """Return the samples, each with the anomalies that were planted in it."""
        return self._session.ask("GET", "/api/samples", SampleList).items

    def load_sample(self, name: str) -> UploadResponse:
        """Make a sample a dataset of yours, as if you had uploaded it."""
        return self._session.ask("POST", f"/api/samples/{name}", UploadResponse)


def _named(name: str | None, dataset_id: str | None, mode: UploadMode) -> dict[str, Any]:
    given = {"datasetName": name, "datasetId": dataset_id, "mode": None if dataset_id is None else str(mode)}
    return {field: value for field, value in given.items() if value is not None}
