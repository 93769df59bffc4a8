"""A file analysed on the spot: no account, nothing kept."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.analysis.analysis import Analysis
from domain.analysis.causes import ChangeExplanation
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import NOT_STORED, Dataset, Status
from domain.datasets.parse_options import ParseOptions
from domain.errors import ColumnNotFoundError, NoUsableRowError
from domain.ports.datasets import Records, TableReader
from domain.ports.system import Clock, TempWorkspace, WorkerPool
from domain.use_cases.analyses.causes import AskedStretch, ExplainChange
from domain.use_cases.analyses.compute import AnalyseMetric
from domain.use_cases.processing.process import with_ingest_result

MOST_EXPLAINED: Final = 5  # anomalies of a metric: a screen of sentences, and a second of work for a million rows
Tell = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseFile:
    """From a file to the analyses of its metrics, one after the other."""

    reader: TableReader
    records: Records
    analyse: AnalyseMetric
    explain: ExplainChange
    worker_pool: WorkerPool
    temp_workspace: TempWorkspace
    clock: Clock

    async def read(self, path: Path, size_bytes: int, parse_options: ParseOptions, tell: Tell) -> Dataset:
        """Read the file; return it as a dataset whose records can be asked.

        Args:
            path: a local file, read only.
            size_bytes: its size.
            parse_options: what is known of its columns.
            tell: hears of the progress: fraction 0 to 1, and a message.

        Raises:
            UnusableFileError and its subclasses: what was found, where, what to do.
        """

        async def heard(fraction: float, message: str) -> None:
            tell(fraction, message)

        async with self.temp_workspace.folder() as folder:
            report = await self.worker_pool.run_reporting(
                lambda report: self.reader.ingest(path, parse_options, folder, report), heard
            )
            dataset = with_ingest_result(self._dataset(path, size_bytes, parse_options), report)
            await self.records.store(dataset, report)
        return dataset

    async def analyses(self, dataset: Dataset, settings: AnalysisSettings, tell: Tell) -> AsyncIterator[Analysis]:
        """Yield the analysis of each metric that holds any number.

        Raises:
            ColumnNotFoundError: the dataset has no metric at all to analyse.
        """
        metrics = dataset.metric_columns
        if not metrics:
            raise ColumnNotFoundError("No metric to analyse.")
        for position, metric in enumerate(metrics):
            tell(position / len(metrics), f"Analysing {metric}")
            try:
                analysis, _points = await self.analyse(dataset, metric, settings)
            except NoUsableRowError:
                if len(metrics) == 1:
                    raise
                continue
            yield analysis

    async def causes(self, dataset: Dataset, analysis: Analysis) -> dict[str, ChangeExplanation]:
        """Explain the weightiest anomalies by the values of the file's dimensions; by their identifiers."""
        if not dataset.dimensions:
            return {}
        ranked = sorted(analysis.anomalies, key=lambda anomaly: anomaly.rank)[:MOST_EXPLAINED]
        return {one.id: await self.explain(dataset, analysis, AskedStretch(anomaly=one.id)) for one in ranked}

    def _dataset(self, path: Path, size_bytes: int, parse_options: ParseOptions) -> Dataset:
        now = self.clock.now()
        return Dataset(
            id=NOT_STORED,
            user_id=NOT_STORED,
            dataset_name=path.name,
            version=1,
            status=Status.PROCESSED,
            file_name=path.name,
            source_key="",
            size_bytes=size_bytes,
            sha256="",
            uploaded_at=now,
            created_at=now,
            parse_options=parse_options,
            time_zone=parse_options.time_zone,
        )
