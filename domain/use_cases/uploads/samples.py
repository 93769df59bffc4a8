"""Try the product without a file of one's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from domain.datasets.dataset import Dataset
from domain.datasets.sample import Sample
from domain.ports.datasets import Samples
from domain.use_cases.analyses.compute import one_chunk
from domain.use_cases.uploads.upload import UploadDataset, UploadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSamples:
    """What can be loaded."""

    samples: Samples

    def __call__(self) -> tuple[Sample, ...]:
        """Every sample with what was planted in it."""
        return self.samples.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSample:
    """Upload a sample as if the user had."""

    samples: Samples
    upload: UploadDataset

    async def __call__(self, user_id: str, name: str) -> Dataset:
        """Return the new dataset. Raises NotFoundError for an unknown sample."""
        content: AsyncIterator[bytes] = one_chunk(self.samples.content(name))
        sample = next(sample for sample in self.samples.all() if sample.name == name)
        request = UploadRequest(
            dataset_name=sample.title, file_name=sample.file_name, parse_options=sample.parse_options
        )
        return await self.upload(user_id, None, content, lambda: request)
