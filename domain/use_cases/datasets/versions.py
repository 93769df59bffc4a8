"""Versions of a dataset: compare two, bring an older one back."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from domain.analysis.comparison import Comparison, compare
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.ports.datasets import Blobs, Datasets
from domain.use_cases.analyses.read import GetAnalysis
from domain.use_cases.processing.read_version import check_sum
from domain.use_cases.uploads.upload import UploadDataset, UploadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareVersions:
    """What changed between two versions, for one metric at the same settings."""

    get: GetAnalysis

    async def __call__(
        self, user_id: str, dataset_id: str, metric: str, settings: AnalysisSettings, before: int, after: int
    ) -> Comparison:
        """Raises DatasetNotFoundError, DatasetNotReadyError, MetricNotFoundError: as GetAnalysis does."""
        old, new = [await self.get(user_id, dataset_id, metric, settings, version) for version in (before, after)]
        return compare(old, new)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreVersion:
    """Make an older version the newest again: its file becomes version n+1; nothing is lost.

    A version that was made by adding rows is made again: of the version it was added to and its own file.
    """

    datasets: Datasets
    blobs: Blobs
    upload: UploadDataset

    async def __call__(self, user_id: str, dataset_id: str, version: int) -> Dataset:
        """Return the new version as uploaded. Raises DatasetNotFoundError, SourceChangedError."""
        old = await self.datasets.get_version(user_id, dataset_id, version)
        request = UploadRequest(
            dataset_name=old.dataset_name,
            file_name=old.file_name,
            parse_options=old.parse_options,
            appended_to=old.appended_to,
        )
        return await self.upload(user_id, dataset_id, self._checked(old), lambda: request)

    async def _checked(self, old: Dataset) -> AsyncIterator[bytes]:
        digest = hashlib.sha256()
        async for chunk in self.blobs.read(old.source_key):
            digest.update(chunk)
            yield chunk
        check_sum(old, digest.hexdigest())
