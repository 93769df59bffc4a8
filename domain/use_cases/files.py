"""A file analysed on the spot: no account, nothing kept."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from domain.analysis import Analysis, AnalysisSettings
from domain.dataset import NOBODY, Dataset, Roles, Status
from domain.errors import ColumnNotFoundError, NoUsableRowError
from domain.ports import Clock, Offload, Records, Scratch, TableReader
from domain.use_cases.analysing import AnalyseMetric
from domain.use_cases.processing import learnt

Tell = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class AnalyseFile:
    """From a file to the analyses of its metrics, one after the other."""

    reader: TableReader
    records: Records
    analyse: AnalyseMetric
    offload: Offload
    scratch: Scratch
    clock: Clock

    async def read(self, path: Path, size_bytes: int, roles: Roles, tell: Tell) -> Dataset:
        """Read the file; return it as a dataset whose records can be asked.

        Args:
            path: a local file, read only.
            size_bytes: its size.
            roles: what is known of its columns.
            tell: hears of the progress: fraction 0 to 1, and a message.

        Raises:
            UnusableFileError and its kin: what was found, where, what to do.
        """

        async def heard(fraction: float, message: str) -> None:
            tell(fraction, message)

        async with self.scratch.folder() as folder:
            report = await self.offload.run_reporting(
                lambda report: self.reader.ingest(path, roles, folder, report), heard
            )
            dataset = learnt(self._dataset(path, size_bytes, roles), report)
            await self.records.store(dataset, report)
        return dataset

    async def analyses(self, dataset: Dataset, settings: AnalysisSettings, tell: Tell) -> AsyncIterator[Analysis]:
        """Yield the analysis of each metric that holds any number.

        Raises:
            ColumnNotFoundError: the dataset has no metric at all to analyse.
        """
        metrics = dataset.metric_columns
        if not metrics:
            raise ColumnNotFoundError("There is no metric to analyse.")
        for position, metric in enumerate(metrics):
            tell(position / len(metrics), f"Analysing {metric}")
            try:
                analysis, _points = await self.analyse(dataset, metric, settings)
            except NoUsableRowError:
                if len(metrics) == 1:
                    raise
                continue
            yield analysis

    def _dataset(self, path: Path, size_bytes: int, roles: Roles) -> Dataset:
        now = self.clock.now()
        return Dataset(
            id=NOBODY,
            user_id=NOBODY,
            dataset_name=path.name,
            version=1,
            status=Status.PROCESSED,
            file_name=path.name,
            source_key="",
            size_bytes=size_bytes,
            sha256="",
            uploaded_at=now,
            created_at=now,
            roles=roles,
            time_zone=roles.time_zone,
        )
