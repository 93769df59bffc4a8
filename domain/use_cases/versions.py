"""Versions of a dataset: compare two, bring an older one back."""

import gzip
from dataclasses import dataclass

import msgspec

from domain.analysis import Analysis, AnalysisSettings
from domain.comparison import Comparison, compare
from domain.dataset import Dataset
from domain.ports import Blobs, Datasets
from domain.use_cases.analytics import GetAnalysis
from domain.use_cases.uploads import UploadDataset, UploadRequest


@dataclass(frozen=True, slots=True)
class CompareVersions:
    """What changed between two versions, for one metric at the same settings."""

    get: GetAnalysis

    async def __call__(
        self, user_id: str, dataset_id: str, metric: str, settings: AnalysisSettings, before: int, after: int
    ) -> Comparison:
        """Raises DatasetNotFoundError, DatasetNotReadyError, MetricNotFoundError: as GetAnalysis does."""
        old, new = [await self._analysis(user_id, dataset_id, metric, settings, v) for v in (before, after)]
        return compare(old, new)

    async def _analysis(
        self, user_id: str, dataset_id: str, metric: str, settings: AnalysisSettings, version: int
    ) -> Analysis:
        entry, _hit = await self.get(user_id, dataset_id, metric, settings, version)
        return msgspec.json.decode(gzip.decompress(entry.body), type=Analysis)


@dataclass(frozen=True, slots=True)
class RestoreVersion:
    """Make an older version the newest again: its file becomes version n+1; nothing is lost.

    A version that was made by adding rows is made again: of the version it was added to and its own file.
    """

    datasets: Datasets
    blobs: Blobs
    upload: UploadDataset

    async def __call__(self, user_id: str, dataset_id: str, version: int) -> Dataset:
        """Return the new version as uploaded. Raises DatasetNotFoundError."""
        old = await self.datasets.get_version(user_id, dataset_id, version)
        request = UploadRequest(
            dataset_name=old.dataset_name, file_name=old.file_name, roles=old.roles, appended_to=old.appended_to
        )
        return await self.upload(user_id, dataset_id, self.blobs.read(old.source_key), lambda: request)
